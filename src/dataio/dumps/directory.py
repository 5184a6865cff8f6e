"""The directory layout: ``pg_dump --format=directory --jobs`` into a passing place, an object per table.

``pg_dump`` writes each table's rows into a file of its own. A file is done when no process of ``pg_dump`` has it open
any more; it is then compressed, stored, and removed, while the next ones are still being written.
"""

from __future__ import annotations

import os
import re
import subprocess
import tarfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dataio.dumps.errors import DumpError, Unreachable
from dataio.dumps.journal import Journal
from dataio.dumps.manifest import DATA_FOLDER, REST_FILE, StoredObject
from dataio.dumps.meter import Meter
from dataio.dumps.store import Store
from dataio.dumps.tool import SETTINGS, Tool
from dataio.dumps.transfer import compress_into
from dataio.postgres.binaries import Binaries
from dataio.postgres.conninfo import Target
from dataio.postgres.process import run

PAUSES = (5.0, 15.0, 45.0, 120.0)  # seconds before an object is sent again whose upload broke, after all of boto's
_POLL: Final = 0.1
_CHUNK: Final = 1 << 20
TABLE_FILE: Final = re.compile(r"\d+\.dat")
_ENTRY: Final = re.compile(r"(?P<id>\d+); (?P<table>\d+) (?P<oid>\d+) TABLE DATA ")
_TRAILER: Final = 3  # lines after the last row: "\." and two empty ones


@dataclass(frozen=True)
class Directory:
    """What was stored; ``rows`` of tables by the object's name."""

    objects: list[StoredObject]
    rows: dict[str, int]


def dump_directory(
    target: Target,
    binaries: Binaries,
    arguments: list[str],
    *,
    store: Store,
    folder: str,
    tags: Mapping[str, str],
    jobs: int,
    level: int,
    expected: int,
    application: str,
    journal: Journal,
    meter: Meter,
    watch: Callable[[], None],
    settle: Callable[[Mapping[int, str], list[str], Callable[[], None]], None],
) -> Directory:
    """Run ``pg_dump`` into the journal's folder and store what it writes under ``folder``.

    When ``pg_dump`` has ended well, ``settle`` is told the objects by table OID and what ``pg_dump`` had to say; it may
    wait, and asks a function meanwhile, since the files go on being stored. Raises as the store and the program do, and
    as ``watch``, which is asked again and again.
    """
    place = journal.data
    command = ["--format=directory", f"--file={place}", *arguments]
    sending = Sending(store, folder, tags, journal, level=level, expected=expected, meter=meter)
    with (
        ThreadPoolExecutor(max(jobs, 2), thread_name_prefix="dataio-compress") as pool,
        Tool(
            binaries, "pg_dump", command, target=target, settings=SETTINGS, application=application, pipe=False
        ) as tool,
    ):
        try:
            while tool.process.poll() is None:
                sending.submit(pool, _finished(place, tool.process.pid))
                sending.raise_failed()
                watch()
                time.sleep(_POLL)
            tool.finish()
            listing = run(binaries, "pg_restore", ["--list", str(place)], target=target).stdout
            names = {path.name for path in place.iterdir()}
            sending.submit(pool, {name for name in names if TABLE_FILE.fullmatch(name)})
            files = sending.names
            tables = {
                int(match["oid"]): f"{DATA_FOLDER}{match['id']}.dat.zst"
                for match in _ENTRY.finditer(listing)
                if f"{match['id']}.dat" in files
            }
            settle(tables, tool.warnings(), sending.raise_failed)
            sending.send_rest(sorted(name for name in names if not TABLE_FILE.fullmatch(name)))
            sending.wait()
        except BaseException:
            sending.cancel()
            raise
    rows = {f"{DATA_FOLDER}{number}.dat.zst": count for number, count in sending.rows.items()}
    return Directory(sorted(sending.objects, key=lambda stored: stored.name), rows)


class Sending:
    """Files of ``pg_dump`` on their way into the store."""

    def __init__(
        self,
        store: Store,
        folder: str,
        tags: Mapping[str, str],
        journal: Journal,
        *,
        level: int,
        expected: int,
        meter: Meter,
    ) -> None:
        self._store, self._folder, self._tags, self._journal = store, folder, tags, journal
        self._place = journal.data
        self._level, self._expected, self._meter = level, expected, meter
        self._seen: set[str] = set()
        self._given_up = threading.Event()
        self._futures: list[Future[None]] = []
        self.objects: list[StoredObject] = []
        self.rows: dict[str, int] = {}

    @property
    def names(self) -> set[str]:
        """All files so far."""
        return set(self._seen)

    def submit(self, pool: ThreadPoolExecutor, names: set[str]) -> None:
        for name in sorted(names - self._seen):
            self._seen.add(name)
            self._futures.append(pool.submit(self._send, name))

    def raise_failed(self) -> None:
        for future in self._futures:
            if future.done():
                future.result()

    def wait(self) -> None:
        for future in self._futures:
            future.result()
            self._meter.add(0)

    def cancel(self) -> None:
        """Nothing more begins, and what is under way stops at its next piece."""
        self._given_up.set()
        for future in self._futures:
            future.cancel()

    def send_rest(self, names: list[str]) -> None:
        """The table of contents and all large objects: one object, a tar."""

        def chunks() -> Iterator[bytes]:
            for name in names:
                path = self._place / name
                member = tarfile.TarInfo(name)
                member.size = size = path.stat().st_size
                yield member.tobuf(tarfile.PAX_FORMAT)
                with path.open("rb", buffering=0) as file:
                    while chunk := file.read(_CHUNK):
                        yield chunk
                yield b"\0" * (-size % tarfile.BLOCKSIZE)
            yield b"\0" * (2 * tarfile.BLOCKSIZE)

        self._journal.stored(self._compress(REST_FILE, chunks()), None)

    def _compress(self, name: str, chunks: Iterable[bytes]) -> StoredObject:
        stored = compress_into(
            self._store,
            self._folder,
            name,
            chunks,
            self._tags,
            expected=self._expected,
            meter=self._meter,
            level=self._level,
        )
        self.objects.append(stored)
        return stored

    def _send(self, name: str) -> None:
        path = self._place / name
        lines = read = 0

        def chunks() -> Iterator[bytes]:
            nonlocal lines, read
            with path.open("rb", buffering=0) as file:
                while chunk := file.read(_CHUNK):
                    if self._given_up.is_set():
                        raise DumpError("the dump was given up")
                    lines += chunk.count(b"\n")
                    read += len(chunk)
                    yield chunk

        for pause in (*PAUSES, None):
            try:
                stored = self._compress(f"{DATA_FOLDER}{name}.zst", chunks())
                break
            except Unreachable:  # the file is there still: this object alone is sent once more
                if pause is None or self._given_up.wait(pause):
                    raise
                self._meter.add(-read)
                lines = read = 0
        if lines < _TRAILER:
            raise DumpError(f"pg_dump left {name} without an end")
        self.rows[path.stem] = lines - _TRAILER
        self._journal.stored(stored, lines - _TRAILER)
        path.unlink()


def _finished(place: Path, leader: int) -> set[str]:
    """Table files that nobody writes any more. Where the system does not tell what is open: none, until the end."""
    try:
        names = {entry.name for entry in os.scandir(place) if TABLE_FILE.fullmatch(entry.name)}
    except FileNotFoundError:
        return set()
    if not names or not Path(f"/proc/{leader}/fd").is_dir():
        return set()
    opened: set[str] = set()
    for process in _group(leader):
        try:
            descriptors = list(os.scandir(f"/proc/{process}/fd"))
        except FileNotFoundError:
            continue  # a worker that has ended
        except PermissionError:
            return set()
        for descriptor in descriptors:
            try:
                path = Path(descriptor.path).readlink()
            except OSError:
                continue
            if path.parent == place or path.name in names:
                opened.add(path.name)
    return names - opened


def _group(leader: int) -> list[int]:
    """The processes of pg_dump's session: it and its workers."""
    try:
        return [leader, *map(int, Path(f"/proc/{leader}/task/{leader}/children").read_text("ascii").split())]
    except (OSError, ValueError):
        found = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(leader)],  # noqa: S607
            capture_output=True,
            text=True,
            check=False,
        )
        return [leader, *map(int, found.stdout.split())]
