"""Reading a dump again: every size, every SHA-256, every compressed frame, every tag; and whether it restores."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from dataio.dumps.compare import Compared, compare
from dataio.dumps.compression import decompressed
from dataio.dumps.errors import Damaged, StoreError
from dataio.dumps.loading import Loading
from dataio.dumps.manifest import FILE, LABELS_FOLDER, Manifest, StoredObject
from dataio.dumps.meter import Meter
from dataio.dumps.restore import Options
from dataio.dumps.stage import passing, stage
from dataio.dumps.store import Store
from dataio.dumps.tags import version_name
from dataio.dumps.transfer import checked
from dataio.postgres.connection import connect, server_info
from dataio.postgres.conninfo import Target
from dataio.progress import OnProgress
from dataio.words import plural


@dataclass(frozen=True)
class Verified:
    """What was read and found to be as the manifest says."""

    dump: str
    objects: int
    bytes: int
    restored: Compared | None = None


def verify(store: Store, manifest: Manifest, *, tags: bool = True, on_progress: OnProgress = None) -> Verified:
    """Read every object. Raises Damaged, listing all that is wrong; StoreError where the store fails."""
    folder = manifest.id + "/"
    meter = Meter(on_progress, "verify", total=manifest.size)
    problems: list[str] = []
    for stored in manifest.objects:
        try:
            _read(store, folder, stored, meter)
        except Damaged as error:
            problems.append(error.message)
    if tags:
        for name in (*(stored.name for stored in manifest.objects), FILE):
            with contextlib.suppress(StoreError):  # a missing object was told of above
                problems += _wrong_tag(store, folder + name, manifest)
    named = {folder + stored.name for stored in manifest.objects} | {folder + FILE}
    for listed in store.list(folder):
        if listed.key not in named and not listed.key.startswith(folder + LABELS_FOLDER):
            problems.append(f"{store.address(listed.key)} is there, and the manifest does not name it")
    meter.say(final=True)
    if problems:
        raise Damaged(
            f"the dump {manifest.id} is damaged: {plural(len(problems), 'problem')}",
            detail="\n".join(f"- {problem}" for problem in problems[:50]),
            hint="Do not rely on it. `dataio dump list` shows the others.",
        )
    return Verified(manifest.id, len(manifest.objects), meter.done)


def _read(store: Store, folder: str, stored: StoredObject, meter: Meter) -> None:
    chunks: Iterator[bytes] = checked(store, folder, stored, meter=meter)
    if not stored.compressed:
        for _ in chunks:
            pass
        return
    where = store.address(folder + stored.name)
    raw, failure = 0, None
    seen = _Kept(chunks)
    try:
        raw = sum(len(piece) for piece in decompressed(seen, where=where))
    except Damaged as error:
        failure = error
    for _ in seen:  # the rest, so that size and SHA-256 are compared: they say more than a broken frame does
        pass
    if failure is not None:
        raise failure
    if stored.raw_size is not None and raw != stored.raw_size:
        raise Damaged(f"{where} unpacks to {raw:,} bytes, the manifest says {stored.raw_size:,}")


class _Kept:
    """An iterator that goes on where it was left, also after a ``for`` over it ended early."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        return next(self._chunks)


def _wrong_tag(store: Store, key: str, manifest: Manifest) -> list[str]:
    tagging = getattr(getattr(store, "options", None), "tagging", True)
    if not tagging:
        return []
    found = store.tags(key).get(version_name(manifest.version))
    if found == manifest.time:
        return []
    said = f"has {found!r}" if found is not None else "is missing"
    return [f"the tag {version_name(manifest.version)} of {store.address(key)} {said}, and should be {manifest.time}"]


def verify_by_restore(
    store: Store, manifest: Manifest, database: Target, *, work: Path, jobs: int = 2, on_progress: OnProgress = None
) -> Compared:
    """Restore into ``database``, an empty scratch one, and compare with the manifest. Raises as restoring does."""
    with connect(database) as connection:
        major = server_info(connection).major
    options = Options(jobs=jobs, into=database.dbname, no_owner=True)
    with (
        passing(work, manifest) as home,
        Loading(database, manifest, options, server_major=major, on_progress=on_progress) as loading,
    ):
        staged = stage(store, manifest, home, loader=loading, on_progress=on_progress)
        try:
            loading.finish(staged.archive)
        finally:
            staged.remove()
    return compare(database, manifest, what=f"{manifest.id}, restored,", jobs=jobs, on_progress=on_progress)
