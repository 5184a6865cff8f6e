"""Finishing a dump with ``--jobs`` whose process was killed: files that are not stored yet, and the manifest last.

It is of the moment at which it was begun. What was stored is looked at again, what was not is compared with what was
written down; whatever does not fit ends it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Final

from dataio.dumps.compression import LEVEL
from dataio.dumps.directory import TABLE_FILE, Sending
from dataio.dumps.errors import Damaged, DumpError, NotThere
from dataio.dumps.journal import Journal, Left, dead
from dataio.dumps.labels import write_labels
from dataio.dumps.listing import read_manifest
from dataio.dumps.manifest import DATA_FOLDER, FILE, REST_FILE, SCHEMA_FILE, Manifest, StoredObject
from dataio.dumps.meter import Meter
from dataio.dumps.store import Store
from dataio.progress import OnProgress, report
from dataio.words import plural

KEPT: Final = timedelta(days=1)
"""How long what a killed dump has left can be finished."""


@dataclass(frozen=True)
class Unfinished:
    """A dump that can be finished: its ID, and what there is to be stored still."""

    id: str
    place: Path
    bytes: int


def unfinished(store: Store, work: Path | None, *, database: str) -> list[Unfinished]:
    """Dumps of ``database`` for ``store`` that a killed process has left to be finished, the newest first.

    What can not be finished, or is older than a day, is removed.
    """
    found = []
    for journal in dead(work):
        with journal:
            left = journal.read()
            age = datetime.now(UTC) - datetime.fromtimestamp(journal.place.stat().st_mtime, UTC)
            journal.keep = left is not None and age < KEPT
            if left is not None and journal.keep and (left.store, left.database) == (store.location, database):
                size = sum(path.stat().st_size for path in (left.place / "data").iterdir())
                found.append(Unfinished(left.draft.id, left.place, size))
    return found


def resume(
    store: Store, work: Path | None, *, database: str, jobs: int = 2, on_progress: OnProgress = None
) -> Manifest | None:
    """Finish the newest of :func:`unfinished`; its manifest. ``None`` where there is none.

    Raises StoreError and DumpError; where the store cannot be reached, it may be tried again.
    """
    for candidate in unfinished(store, work, database=database):
        with contextlib.suppress(BlockingIOError), Journal(candidate.place) as journal:
            journal.keep = True
            left = journal.read()
            if left is None:
                continue
            try:
                manifest = _Resuming(store, journal, left, jobs=jobs, on_progress=on_progress).run()
            except _Gone:
                journal.keep = False  # pruned in the meantime
                continue
            journal.keep = False
            return manifest
    return None


class _Gone(Exception):
    """The place in the store is not this dump's any more."""


class _Resuming:
    """One run of :func:`resume`."""

    def __init__(self, store: Store, journal: Journal, left: Left, *, jobs: int, on_progress: OnProgress) -> None:
        self.store, self.journal, self.left, self.jobs = store, journal, left, jobs
        self.on_progress = on_progress
        self.draft = left.draft
        self.folder, self.tags = f"{left.draft.id}/", left.draft.object_tags()

    def run(self) -> Manifest:
        report(self.on_progress, "resume", f"{self.draft.id}, which was killed after its pg_dump had ended")
        self._claimed()
        with contextlib.suppress(NotThere):
            self.store.look(self.folder + FILE)
            return read_manifest(self.store, self.draft.id)  # it was whole already
        self._tidy()
        waiting = self._waiting()
        meter = Meter(self.on_progress, "dump", total=sum(waiting.values()))
        sending = Sending(
            self.store,
            self.folder,
            self.tags,
            self.journal,
            level=LEVEL,
            expected=max(self.left.files.values(), default=0),
            meter=meter,
        )
        with ThreadPoolExecutor(max(self.jobs, 2), thread_name_prefix="dataio-compress") as pool:
            try:
                sending.submit(pool, {name for name in waiting if TABLE_FILE.fullmatch(name)})
                rest = sorted(name for name in self.left.files if not TABLE_FILE.fullmatch(name))
                if REST_FILE not in self.left.stored:
                    sending.send_rest(rest)
                sending.wait()
            except BaseException:
                sending.cancel()
                raise
        meter.say(final=True)
        rows = {**self.left.rows, **{f"{DATA_FOLDER}{number}.dat.zst": n for number, n in sending.rows.items()}}
        check_rows(self.draft, rows)
        data = sorted([*self.left.stored.values(), *sending.objects], key=lambda stored: stored.name)
        manifest = replace(self.draft, objects=(*self.draft.objects, *data))
        write_labels(self.store, manifest)
        self.store.put(self.folder + FILE, manifest.to_json(), self.tags)
        report(self.on_progress, "done", manifest.id)
        return manifest

    def _claimed(self) -> None:
        """``schema.sql`` has a line by chance: is the place still ours?"""
        try:
            body = self.store.read(self.folder + SCHEMA_FILE)
        except NotThere:
            raise _Gone from None
        if sha256(body).hexdigest() != self.draft.object(SCHEMA_FILE).sha256:
            raise _Gone

    def _tidy(self) -> None:
        """Objects that were stored, but not written down: sent again. What is written down must be there."""
        self.store.abandon(self.folder, before=datetime.now(UTC) + timedelta(days=1))
        known = {self.folder + name: stored for name, stored in self._known().items()}
        sizes = {listed.key: listed.size for listed in self.store.list(self.folder)}
        for key, stored in known.items():
            found = sizes.get(key, 0)
            if found != stored.size:
                raise Damaged(
                    f"{self.store.address(key)} had {stored.size:,} bytes when it was stored, and has {found:,}",
                    hint=f"This dump cannot be finished: remove {self.left.place}, and make another one.",
                )
        self.store.delete(sorted(sizes.keys() - known.keys()))

    def _known(self) -> dict[str, StoredObject]:
        return {**{stored.name: stored for stored in self.draft.objects}, **self.left.stored}

    def _waiting(self) -> dict[str, int]:
        """Files that are to be sent still; each must be as long as it was."""
        waiting = {}
        for name, size in self.left.files.items():
            if f"{DATA_FOLDER}{name}.zst" in self.left.stored:
                continue
            if REST_FILE in self.left.stored and not TABLE_FILE.fullmatch(name):
                continue
            path = self.journal.data / name
            try:
                found = path.stat().st_size
            except OSError:
                found = -1
            if found != size:
                raise DumpError(
                    f"{path} had {size:,} bytes when pg_dump ended, and has {max(found, 0):,} now",
                    hint=f"This dump cannot be finished: remove {self.left.place}, and make another one.",
                )
            waiting[name] = size
        return waiting


def check_rows(manifest: Manifest, rows: Mapping[str, int]) -> None:
    """Raise DumpError where ``pg_dump`` wrote more or fewer rows than were counted; ``rows`` by the object's name."""
    for table in manifest.tables:
        written = rows.get(table.object or "")
        if table.rows is not None and written is not None and written != table.rows:
            raise DumpError(
                f"pg_dump wrote {plural(written, 'row')} of {table.label},"
                f" and it has {table.rows:,} in the same snapshot",
                hint="Row-level security, a rule or a corrupt index may hide rows. It is no dump.",
            )
