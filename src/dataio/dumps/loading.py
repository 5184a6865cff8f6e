"""Loading a dump into an empty database: the definitions, then the rows piece by piece while others are still being
fetched, at last what needs them all to be there: indexes, constraints, views with rows.

``pg_restore`` does each of these; several of it at once load what is there, the largest piece first.
"""

from __future__ import annotations

import itertools
import queue
import re
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Final, Protocol, Self

from psycopg import sql

from dataio.dumps.errors import DumpError
from dataio.dumps.held import META
from dataio.dumps.manifest import Manifest
from dataio.dumps.meter import Meter, RowsSeen
from dataio.dumps.pgrestore import PgRestore, restore_binaries
from dataio.dumps.selected import without_foreign_keys, without_the_others
from dataio.dumps.stage import Piece
from dataio.postgres.connection import connect
from dataio.postgres.conninfo import Target
from dataio.progress import OnProgress, report

_NUMBER: Final = re.compile(r"\d+(?=;)")
_LAST: Final = 1 << 62
_LARGE_OBJECTS: Final = (" BLOB - ", " BLOB METADATA - ", " ACL - LARGE OBJECT", " COMMENT - LARGE OBJECT")


class Wanted(Protocol):
    """What of :class:`~dataio.dumps.restore.Options` loading depends on."""

    @property
    def jobs(self) -> int: ...
    @property
    def no_owner(self) -> bool: ...
    @property
    def owner(self) -> str: ...
    @property
    def tables(self) -> tuple[str, ...]: ...
    @property
    def whole(self) -> Manifest | None: ...
    @property
    def schema_archive(self) -> Path | None: ...
    @property
    def script(self) -> Callable[[Target, Path], None] | None: ...


@dataclass(frozen=True)
class _List:
    """The entries of an archive that are wanted, in order: dump ID and line."""

    lines: tuple[tuple[int, str], ...]

    def chosen(self, *, only: frozenset[int] | None = None, but: frozenset[int] = frozenset()) -> list[str]:
        return [line for number, line in self.lines if (only is None or number in only) and number not in but]

    def of(self, words: Sequence[str]) -> Self:
        return replace(self, lines=tuple(one for one in self.lines if any(word in one[1] for word in words)))


class Loading:
    """A :class:`~dataio.dumps.stage.Loader`, and a context manager: leaving it, nothing of it goes on.

    What fails is raised by :meth:`finish`: that a dump is damaged, which is known when all of it was read, says more.
    """

    def __init__(
        self,
        database: Target,
        manifest: Manifest,
        options: Wanted,
        *,
        server_major: int,
        on_progress: OnProgress = None,
    ) -> None:
        self._database, self._manifest, self._options = database, manifest, options
        self._on_progress = on_progress
        self._binaries = restore_binaries(server_major, manifest.pg_dump_major)
        self._pg_restore = PgRestore(
            database, binaries=self._binaries, server_major=server_major, settings=manifest.settings
        )
        self._queue: queue.PriorityQueue[tuple[int, int, Piece | None]] = queue.PriorityQueue()
        self._numbers = itertools.count()
        self._threads: list[threading.Thread] = []
        self._stop = threading.Event()
        self._failed: list[BaseException] = []
        self._loaded: set[int] = set()
        self._list: _List | None = None
        self._schema: _List | None = None
        self.foreign_keys = 0
        """How many were left out."""
        self._meter = Meter(on_progress, "restore")
        wanted = on_progress is not None and server_major >= 14
        self.rows = self._meter.rows = RowsSeen(
            database, self._pg_restore.application, estimates={0: manifest.rows}, wanted=wanted
        )

    def __enter__(self) -> Self:
        self.rows.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._stop.set()
        self._no_more()
        for thread in self._threads:
            thread.join()
        self.rows.__exit__(kind, error, traceback)

    def begin(self, archive: Path) -> None:
        """Definitions, and then the pieces, in threads of their own."""
        leader = threading.Thread(target=self._lead, args=(archive,), name="dataio-load", daemon=True)
        self._threads.append(leader)
        leader.start()

    def add(self, piece: Piece) -> None:
        self._queue.put((-piece.size, next(self._numbers), piece))

    def finish(self, archive: Path) -> None:
        """Wait for the pieces, then load what ``archive`` has beside them. Raises ToolFailed and ConnectionFailed."""
        begun = bool(self._threads)
        if not begun:
            self._work(lambda: self._define(archive))
        self._no_more()
        for thread in self._threads:
            while thread.is_alive():
                thread.join(0.2)
                self._meter.say_rows()
        if self._failed:
            raise self._failed[0]
        if self._options.script is None:
            self._rest(archive)

    def _no_more(self) -> None:
        for _ in range(self._options.jobs):
            self._queue.put((_LAST, next(self._numbers), None))

    def _work(self, function: Callable[[], None]) -> None:
        try:
            function()
        except BaseException as error:
            self._failed.append(error)
            self._stop.set()

    def _lead(self, archive: Path) -> None:
        self._work(lambda: self._define(archive))
        helpers = [
            threading.Thread(target=self._work, args=(self._load,), name="dataio-load", daemon=True)
            for _ in range(self._options.jobs - 1)
        ]
        for helper in helpers:
            helper.start()
        self._work(self._load)
        for helper in helpers:
            helper.join()

    def _define(self, archive: Path) -> None:
        options = self._options
        if not self._manifest.database.public_schema:
            with connect(self._database) as connection:
                connection.execute("drop schema if exists public")
        if options.script is not None:
            options.script(self._database, archive)
            return
        report(self._on_progress, "restore", f"with pg_restore of {self._binaries.describe()}")
        self._list = self._wanted(archive)
        self._schema = self._list
        if options.schema_archive is not None:
            self._schema = self._listed(options.schema_archive)
            # up to PostgreSQL 16 large objects are definitions, and no schema has them
            self._run(archive, ["--section=pre-data"], listed=self._list.of(_LARGE_OBJECTS))
        self._run(options.schema_archive or archive, ["--section=pre-data"], listed=self._schema)

    def _load(self) -> None:
        while not self._stop.is_set():
            piece = self._queue.get()[2]
            if piece is None:
                return
            if self._stop.is_set():
                break
            self._run(piece.archive, self._data(), listed=self._list, only=piece.entries)
            self._loaded |= piece.entries
            for file in piece.files:
                file.unlink(missing_ok=True)

    def _rest(self, archive: Path) -> None:
        options, loaded = self._options, frozenset(self._loaded)
        if options.schema_archive is not None:
            self._run(archive, self._data(), listed=self._list, but=loaded, jobs=options.jobs)
            self._run(options.schema_archive, ["--section=post-data"], listed=self._schema, jobs=options.jobs)
        else:
            sections = ["--section=data", "--section=post-data"]
            self._run(archive, sections, listed=self._list, but=loaded, jobs=options.jobs)

    def _data(self) -> list[str]:
        # the history of another schema is not that of the rows
        return ["--section=data", *([f"--exclude-schema={META}"] if self._options.schema_archive is not None else [])]

    def _run(
        self,
        archive: Path,
        arguments: Sequence[str],
        *,
        listed: _List | None = None,
        only: frozenset[int] | None = None,
        but: frozenset[int] = frozenset(),
        jobs: int = 1,
    ) -> None:
        common = ["--no-owner", "--no-privileges"] if self._options.no_owner else []
        common += ["--no-owner", f"--role={self._options.owner}"] if self._options.owner else []
        entries = listed.chosen(only=only, but=but) if listed is not None else None
        if entries != []:
            self._pg_restore.run(archive, [*common, *arguments], entries=entries, jobs=jobs, on_wait=self._on_wait)

    def _on_wait(self) -> None:
        if self._stop.is_set():
            raise DumpError("the restore was given up")
        self._meter.say_rows()

    def _wanted(self, archive: Path) -> _List:
        """What of the dump is wanted."""
        lines = self._pg_restore.listing(archive)
        if self._options.whole is not None:
            lines = without_the_others(lines, self._options.whole, self._options.tables)
        if self._manifest.partial:
            self._make_schemas(lines)
        return self._standing(lines)

    def _listed(self, archive: Path) -> _List:
        return self._standing(self._pg_restore.listing(archive))

    def _make_schemas(self, lines: Sequence[str]) -> None:
        """Older dumps of some tables do not hold the schemas that they are in."""
        with connect(self._database) as connection:
            for schema in sorted({table.schema for table in self._manifest.tables}):
                if not any(f" SCHEMA - {schema} " in line for line in lines):
                    connection.execute(sql.SQL("create schema if not exists {}").format(sql.Identifier(schema)))

    def _standing(self, lines: Sequence[str]) -> _List:
        """What can stand alone: where rows are missing, foreign keys may lead to none of them."""
        kept = lines
        if self._manifest.partial or self._options.whole is not None:
            kept = without_foreign_keys(lines)
            self.foreign_keys = sum(" FK CONSTRAINT " in line for line in lines)
        found = ((match, line) for line in kept if (match := _NUMBER.match(line)) is not None)
        return _List(tuple((int(match[0]), line) for match, line in found))
