"""Bringing a dump somewhere else: into a local folder, where an interrupted download goes on, or into another store.

What is fetched is a dump again: its manifest arrives last, after everything was compared with it.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Final

from dataio.dumps.errors import AlreadyThere, Damaged, DumpError, NotThere, StoreError
from dataio.dumps.folder import FolderStore
from dataio.dumps.listing import read_manifest
from dataio.dumps.manifest import FILE, LABELS_FOLDER, Manifest, StoredObject
from dataio.dumps.meter import Meter
from dataio.dumps.store import Store
from dataio.dumps.transfer import checked, compare
from dataio.progress import OnProgress

_CHUNK: Final = 1 << 20
_UNFINISHED: Final = ".fetching"


def fetch(source: Store, manifest: Manifest, into: Store, *, on_progress: OnProgress = None) -> str:
    """Copy a whole dump with its tags and labels from one store into another; its address there.

    A dump that is there already, unchanged, is left as it is. Raises Damaged, StoreError and AlreadyThere.
    """
    folder = manifest.id + "/"
    raw = source.read(folder + FILE)
    if Manifest.from_json(raw, where=source.address(folder + FILE)) != manifest:
        raise Damaged(f"{source.address(folder + FILE)} has changed since it was read")
    try:
        there = read_manifest(into, manifest.id)
    except Damaged:
        raise
    except DumpError:
        there = None
    if there is not None and there != manifest:
        raise AlreadyThere(f"{into.address(folder)} holds another dump of that version and time")
    meter = Meter(on_progress, "fetch", total=manifest.size)
    present = {listed.key: listed.size for listed in into.list(folder)}
    for stored in manifest.objects:
        key = folder + stored.name
        tags = source.tags(key)
        if present.get(key) == stored.size and _is_whole(into, folder, stored):
            meter.add(stored.size)
            continue
        if key in present:
            into.delete([key])  # of another run that was interrupted, or damaged since
        if isinstance(into, FolderStore):
            path = into.root / key
            download(source, folder, stored, path, meter=meter)
            into.set_tags(key, tags)
        else:
            _copy(source, into, folder, stored, tags=tags, meter=meter)
    for listed in list(source.list(folder + LABELS_FOLDER)):
        if listed.key not in present:
            into.put(listed.key, b"", source.tags(listed.key))
    if there is None:
        into.put(folder + FILE, raw, source.tags(folder + FILE))
    meter.say(final=True)
    return into.address(folder)


def _copy(source: Store, into: Store, folder: str, stored: StoredObject, *, tags: dict[str, str], meter: Meter) -> None:
    with into.writer(folder + stored.name, tags, expected=stored.size) as writer:
        for chunk in checked(source, folder, stored, meter=meter):
            writer.write(chunk)
        writer.commit()


def _is_whole(store: Store, folder: str, stored: StoredObject) -> bool:
    try:
        for _ in checked(store, folder, stored):
            pass
    except (Damaged, StoreError):
        return False
    return True


def download(source: Store, folder: str, stored: StoredObject, path: Path, *, meter: Meter) -> None:
    """One object into a file; see :func:`arriving`."""

    def nothing_else(chunks: Iterator[bytes]) -> None:
        for _ in chunks:
            pass

    fetch_through(source, folder, stored, path, nothing_else, meter=meter)


def fetch_through(
    source: Store,
    folder: str,
    stored: StoredObject,
    path: Path,
    consume: Callable[[Iterator[bytes]], None],
    *,
    meter: Meter,
) -> None:
    """:func:`arriving`, into ``consume``; once more from the start where what an interrupted run has left is wrong."""
    resumed = is_begun(path)
    try:
        consume(arriving(source, folder, stored, path, meter=meter))
    except Damaged:
        discard(path)
        if not resumed:
            raise
        consume(arriving(source, folder, stored, path, meter=meter))


def arriving(source: Store, folder: str, stored: StoredObject, path: Path, *, meter: Meter) -> Iterator[bytes]:
    """The bytes of an object, from the first, while they are fetched into a file, which appears under its name once it
    is known to be whole. What an interrupted run has left of it comes from there.

    Raises Damaged (at the end, at the latest) and StoreError.
    """
    where = source.address(folder + stored.name)
    unfinished = _unfinished(path)
    digest, size = sha256(), 0
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(unfinished, os.O_RDWR | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "r+b", buffering=0) as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
                size += len(chunk)
                meter.add(len(chunk))
                yield chunk
            if size < stored.size:
                for chunk in source.chunks(folder + stored.name, offset=size):
                    file.write(chunk)
                    digest.update(chunk)
                    size += len(chunk)
                    meter.add(len(chunk))
                    yield chunk
        compare(stored, size, digest.hexdigest(), where=where)
        unfinished.replace(path)
    except NotThere:
        raise Damaged(f"{where} is missing, and the manifest names it") from None
    except StoreError as error:
        error.hint = error.hint or "Run the same command again: the download goes on where it stopped."
        raise
    except OSError as error:
        raise StoreError(
            f"cannot write {path}: {error.strerror or error}",
            hint="Free some room, and run it again: the download goes on where it stopped.",
        ) from None


def _unfinished(path: Path) -> Path:
    return path.with_name(f".{path.name}{_UNFINISHED}")


def is_begun(path: Path) -> bool:
    """Has an interrupted run left a part of it?"""
    return _unfinished(path).exists()


def discard(path: Path) -> None:
    """Remove what was fetched of an object, whole or not."""
    for file in (path, _unfinished(path)):
        with contextlib.suppress(OSError):
            file.unlink(missing_ok=True)
