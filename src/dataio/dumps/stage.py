"""A dump as ``pg_restore`` takes it: fetched, compared with its manifest, unpacked into local files.

Nothing else is touched before all of that has gone well.
"""

from __future__ import annotations

import os
import queue
import shutil
import tarfile
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Final, cast

from dataio.dumps.compression import decompressed
from dataio.dumps.errors import Damaged, DumpError
from dataio.dumps.fetch import fetch_through
from dataio.dumps.folder import FolderStore
from dataio.dumps.manifest import ARCHIVE_FILE, DATA_FOLDER, REST_FILE, SCHEMA_FILE, Manifest, StoredObject
from dataio.dumps.meter import Meter, human
from dataio.dumps.offsets import OffsetFinder
from dataio.dumps.store import Store
from dataio.dumps.transfer import checked
from dataio.progress import OnProgress

_AHEAD: Final = 16  # pieces of unpacked bytes between the thread that unpacks and the one that writes


@dataclass(frozen=True)
class Staged:
    """Local files of a dump. ``archive`` is a file or a folder that ``pg_restore`` reads, ``schema`` the plain text."""

    archive: Path
    schema: Path
    home: Path

    def remove(self) -> None:
        shutil.rmtree(self.home, ignore_errors=True)


def stage(store: Store, manifest: Manifest, work: Path, *, on_progress: OnProgress = None) -> Staged:
    """Fetch and unpack below ``work``, which may hold what an interrupted run has fetched.

    Raises Damaged where anything is not what the manifest says, StoreError where the store or the local disk fail.
    """
    folder = manifest.id + "/"
    home = work / manifest.id.replace("/", "-").replace(":", "")
    data = [stored for stored in manifest.objects if stored.name == ARCHIVE_FILE or stored.name.startswith(DATA_FOLDER)]
    if not data:
        raise Damaged(f"the manifest of {manifest.id} names no data")
    _have_room(home, manifest, local=isinstance(store, FolderStore))
    meter = Meter(on_progress, "fetch", total=sum(stored.size for stored in data))
    fetched = home / "fetched"
    schema = home / SCHEMA_FILE
    _text(store, folder, manifest.object(SCHEMA_FILE), schema)

    def through(stored: StoredObject, consume: Callable[[Iterator[bytes]], None]) -> None:
        """Give ``consume`` the object's bytes; after the last one it is known to be whole."""
        path = fetched / stored.name
        if isinstance(store, FolderStore):
            consume(checked(store, folder, stored, meter=meter))
        elif path.exists():
            consume(checked(FolderStore(fetched), "", stored))
        else:
            fetch_through(store, folder, stored, path, consume, meter=meter)

    if manifest.layout == "archive":
        archive = home / "data.dump"
        stored = manifest.object(ARCHIVE_FILE)
        where = store.address(folder + stored.name)

        def unpack_archive(chunks: Iterator[bytes]) -> None:
            finder = OffsetFinder()
            content = decompressed(chunks, where=where)
            _write(archive, content, watch=finder.feed, size=stored.raw_size, where=where)
            with archive.open("r+b") as file:
                finder.patch(file)

        through(stored, unpack_archive)
    else:
        archive = home / "data"
        archive.mkdir(mode=0o700, parents=True, exist_ok=True)

        def unpack(stored: StoredObject) -> None:
            where = store.address(folder + stored.name)
            name = stored.name.removeprefix(DATA_FOLDER).removesuffix(".zst")

            def unpack_one(chunks: Iterator[bytes]) -> None:
                content = decompressed(chunks, where=where)
                if stored.name == REST_FILE:
                    _untar(content, archive, where=where)
                else:
                    _write(archive / name, content, size=stored.raw_size, where=where)

            through(stored, unpack_one)

        with ThreadPoolExecutor(2, thread_name_prefix="dataio-unpack") as pool:
            for _ in pool.map(unpack, data):
                pass
    meter.say(final=True)
    return Staged(archive, schema, home)


def _have_room(home: Path, manifest: Manifest, *, local: bool) -> None:
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        free = shutil.disk_usage(home).free
    except OSError as error:
        raise DumpError(f"cannot write below {home}: {error.strerror}") from None
    needed = manifest.raw_size + (0 if local else manifest.size)
    if free < needed:
        raise DumpError(
            f"restoring {manifest.id} needs {human(needed)} for passing files, and {home} has {human(free)}",
            hint="Free some room, or name another place with --work.",
        )


def _text(store: Store, folder: str, stored: StoredObject, path: Path) -> None:
    path.write_bytes(b"".join(checked(store, folder, stored)))


def _write(
    path: Path,
    pieces: Iterable[bytes],
    *,
    size: int | None,
    where: str,
    watch: Callable[[bytes], None] = lambda _: None,
) -> None:
    """Write unpacked bytes, in a thread of its own: unpacking and writing take turns at two cores."""
    waiting: queue.Queue[bytes | None] = queue.Queue(_AHEAD)
    failed: list[Exception] = []
    written = 0

    def write() -> None:
        nonlocal written
        try:
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb", buffering=0) as file:
                while (piece := waiting.get()) is not None:
                    watch(piece)
                    view = memoryview(piece)
                    while view:
                        view = view[file.write(view) :]
                    written += len(piece)
        except Exception as error:
            failed.append(error)
            while waiting.get() is not None:
                pass

    thread = threading.Thread(target=write, name="dataio-write", daemon=True)
    thread.start()
    try:
        for piece in pieces:
            waiting.put(piece)
            if failed:
                break
    finally:
        waiting.put(None)
        thread.join()
    if failed:
        if not isinstance(failed[0], OSError):
            raise failed[0]
        raise DumpError(f"cannot write {path}: {failed[0].strerror}", hint="Free some room, or name another --work.")
    if size is not None and written != size:
        raise Damaged(f"{where} unpacks to {written:,} bytes, the manifest says {size:,}")


class _Reader:
    """Pieces as the file that tarfile wants to read."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._rest = pieces, b""

    def read(self, size: int) -> bytes:
        parts, have = [self._rest], len(self._rest)
        while have < size and (piece := next(self._pieces, b"")):
            parts.append(piece)
            have += len(piece)
        data = b"".join(parts)
        self._rest = data[size:]
        return data[:size]


def _untar(pieces: Iterator[bytes], into: Path, *, where: str) -> None:
    try:
        with tarfile.open(fileobj=cast(IO[bytes], _Reader(pieces)), mode="r|") as tar:
            for member in tar:
                content = tar.extractfile(member)
                if not member.isfile() or PurePosixPath(member.name).name != member.name or content is None:
                    raise Damaged(f"{where} holds {member.name!r}, which does not belong there")
                with os.fdopen(os.open(into / member.name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                    shutil.copyfileobj(content, file)
    except tarfile.TarError as error:
        raise Damaged(f"{where} is damaged: {error}") from None
    except OSError as error:
        raise DumpError(f"cannot write below {into}: {error.strerror}", hint="Free some room.") from None
    for _ in pieces:  # to the end, where the checksum is
        pass
