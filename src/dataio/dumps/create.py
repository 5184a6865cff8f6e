"""Making a dump: schema, data, row counts and version of one moment; the manifest last.

What another dump has begun is never touched: the first object, ``schema.sql``, is written on the condition that there
is none, which claims the place. Whatever fails, everything that was claimed is removed again; a run that is killed
leaves objects without a manifest, which are no dump and which ``dump prune`` removes.
"""

from __future__ import annotations

import contextlib
import secrets
import subprocess
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import psycopg

from dataio import __version__
from dataio.dumps import compression, content
from dataio.dumps.content import Counted
from dataio.dumps.directory import dump_directory
from dataio.dumps.errors import AlreadyThere, DumpError, NothingToDump, StoreError, remark
from dataio.dumps.facts import Facts
from dataio.dumps.held import META, Held, Relation, Selection
from dataio.dumps.journal import Journal
from dataio.dumps.labels import write_labels
from dataio.dumps.manifest import (
    ARCHIVE_FILE,
    FILE,
    GLOBALS_FILE,
    SCHEMA_FILE,
    Content,
    Layout,
    Manifest,
    Sequence,
    StoredObject,
    Table,
)
from dataio.dumps.meter import Meter, RowsSeen
from dataio.dumps.resume import check_rows
from dataio.dumps.store import Store
from dataio.dumps.tags import check, object_tags, time_name, version_name
from dataio.dumps.tool import SETTINGS, Tool
from dataio.dumps.transfer import compress_into, put
from dataio.errors import ConnectionFailed, UsageError
from dataio.postgres.binaries import Binaries, dump_binaries
from dataio.postgres.conninfo import Target
from dataio.postgres.dump import dump_schema
from dataio.postgres.process import ToolFailed, run
from dataio.postgres.redact import redact
from dataio.progress import OnProgress, report

_MOMENTS: Final = 3  # tries to get one
_QUEUED_MS: Final = 8_000  # pg_dump waits for no lock but behind somebody who waits for us: that solves itself never
_OTHER_NAMES: Final = 120  # seconds to look ahead for a time that no other dump of the version has
_TEXT_TO_STORED: Final = 1.3  # text of COPY against pages on disk, generously; for sizes of parts only


@dataclass(frozen=True)
class Options:
    """What to dump, and how. ``jobs`` > 0: the directory layout with so many workers. ``hashes``: of every table."""

    content: Content = "all"
    selection: Selection = field(default_factory=Selection)
    tags: Mapping[str, str] = field(default_factory=dict)
    jobs: int = 0
    hashes: bool = False
    level: int = compression.LEVEL


def create(
    target: Target,
    store: Store,
    options: Options | None = None,
    *,
    fingerprint: Callable[[psycopg.Connection[Any]], str] | None = None,
    git_commit: str = "",
    work: Path | None = None,
    on_progress: OnProgress = None,
) -> Manifest:
    """Dump ``target`` into ``store``; the manifest that was written.

    ``fingerprint`` tells that of the schema, in the transaction that is the dump's moment; ``work`` is where the
    directory layout passes through (default: the system's place for temporary files). Raises DumpError, StoreError,
    ToolFailed, ConnectionFailed and UsageError; nothing stays in the store then.
    """
    options = options or Options()
    check(options.tags)
    if options.content == "schema" and options.selection.tables:
        raise UsageError(
            "a dump without rows cannot be of some tables: definitions are of all of them",
            hint="Leave tables out with --exclude-table, or leave --schema-only out.",
        )
    target = target.with_keepalives()
    for left in reversed(range(_MOMENTS)):
        try:
            with Held(target, options.selection, on_progress=on_progress) as held:
                creation = _Creation(
                    target,
                    store,
                    options,
                    held,
                    fingerprint=fingerprint,
                    git_commit=git_commit,
                    work=work,
                    on_progress=on_progress,
                )
                return creation.run()
        except ToolFailed as error:
            if not left or "LOCK TABLE" not in error.stderr:
                raise
            # A TRUNCATE or ALTER TABLE that came after our lock and before pg_dump's: it waits for us, pg_dump for it.
            report(on_progress, "lock", "somebody waits for a table that is held: they go first, then all starts over")
    raise AssertionError("unreachable")


class _Creation:
    """One run of :func:`create`, inside its moment."""

    def __init__(
        self,
        target: Target,
        store: Store,
        options: Options,
        held: Held,
        *,
        fingerprint: Callable[[psycopg.Connection[Any]], str] | None,
        git_commit: str,
        work: Path | None,
        on_progress: OnProgress,
    ) -> None:
        self.target, self.store, self.options, self.held = target, store, options, held
        self.fingerprint, self.git_commit, self.work, self.on_progress = fingerprint, git_commit, work, on_progress
        self.binaries: Binaries = dump_binaries(held.info.major)
        self.layout: Layout = "directory" if options.jobs else "archive"
        self.objects: list[StoredObject] = []
        self.application = f"dataio-dump-{secrets.token_hex(6)}"
        self.stopping = False
        self.warnings = [
            f"view {schema}.{name} was left out, as it reads a table that is" for schema, name in held.lost_views
        ]

    def run(self) -> Manifest:
        if not self.held.relations and self.options.content != "schema":
            raise NothingToDump(
                f"{self.target.describe()} has no tables: an empty dump would pass for a backup",
                hint="Is this the right database? --schema-only dumps what it has beside tables.",
            )
        report(self.on_progress, "schema", self.binaries.describe())
        self.facts = Facts(self.held)
        with self._stream() as tool:  # it reads the catalogue while another one writes the schema
            # The first line makes it ours alone: two dumps of a second must not take each other's claim for their own.
            schema = f"-- dataio dump {secrets.token_hex(8)} of {_one_line(self.held.info.database)}\n" + dump_schema(
                self.target,
                binaries=self.binaries,
                exclude_schemas=(),
                options=[f"--snapshot={self.held.snapshot}", f"--lock-wait-timeout={_QUEUED_MS}", *self._tables()],
            )
            self.time, self.tags, self.folder = self._claim(schema.encode("utf-8", "surrogateescape"))
            try:
                manifest = self._rest(tool)
                self.store.put(self.folder + FILE, manifest.to_json(), self.tags)
            except BaseException as error:
                remark(error, self._take_back())
                raise
        report(self.on_progress, "done", manifest.id)
        return manifest

    def _stream(self) -> AbstractContextManager[Tool | None]:
        """``pg_dump`` of the archive, which waits in its pipe until somebody reads; none in the directory layout."""
        if self.layout == "directory":
            return contextlib.nullcontext()
        arguments = ["--format=custom", *self._arguments()]
        return Tool(
            self.binaries,
            "pg_dump",
            arguments,
            target=self.target,
            settings=SETTINGS,
            application=self.application,
        )

    def _claim(self, schema: bytes) -> tuple[str, dict[str, str], str]:
        """The first free second from the snapshot's on; ``schema.sql`` is written there."""
        for ahead in range(_OTHER_NAMES):
            time = time_name(self.held.taken_at + timedelta(seconds=ahead))
            tags = object_tags(self.held.version, time, self.options.tags)
            folder = f"{version_name(self.held.version)}/{time}/"
            with contextlib.suppress(AlreadyThere):
                self.objects.append(put(self.store, folder, SCHEMA_FILE, schema, tags))
                return time, tags, folder
        raise DumpError(
            f"{self.store.address(folder)} and the {_OTHER_NAMES} seconds before it are taken by other dumps",
            hint="Look at them with `dataio dump list`; unfinished ones go with `dataio dump prune --unfinished`.",
        )

    def _take_back(self) -> str:
        """Remove what this run has written, and say whether that went well. The manifest first: it may be there, and
        its answer lost.
        """
        try:
            self.store.delete([self.folder + FILE])
            keys = [found.key for found in self.store.list(self.folder)]
            self.store.delete([key for key in keys if not key.endswith("/" + SCHEMA_FILE)])
            self.store.delete([self.folder + SCHEMA_FILE])  # last: it holds the place
            self.store.abandon(self.folder, before=datetime.now(UTC) + timedelta(days=1))
        except StoreError:
            return (
                f"What was begun is left in {self.store.address(self.folder)}, without a manifest and so no dump; from "
                "tomorrow on `dataio dump prune --unfinished` removes it."
            )
        return "Nothing of this dump is left in the store."

    def _rest(self, tool: Tool | None) -> Manifest:
        estimate = sum(self.facts.sizes.get(relation.oid, 0) for relation in self._with_rows())
        with ThreadPoolExecutor(2, thread_name_prefix="dataio-count") as pool:
            self.counting = pool.submit(self._count)
            self.cluster = pool.submit(self._globals)
            try:
                manifest = self._data(tool, int(estimate * _TEXT_TO_STORED))
            except BaseException:
                self._stop(self.counting)
                raise
        write_labels(self.store, manifest)
        return manifest

    def _manifest(self, objects: Mapping[int, str], on_wait: Callable[[], None] = lambda: None) -> Manifest:
        """What is known when ``pg_dump`` has ended well; waits for the counts. ``objects`` hold the tables' rows."""
        report(self.on_progress, "count", "waiting for the row counts")
        while not (self.counting.done() and self.cluster.done()):
            wait([self.counting], timeout=0.2)
            wait([self.cluster], timeout=0.1)
            on_wait()
        fingerprint, counted, large_objects, large_content = self.counting.result()
        self.objects += self.cluster.result()
        facts = self.facts
        tables = tuple(self._table(relation, facts, counted, objects) for relation in self.held.relations)
        return Manifest(
            version=self.held.version,
            time=self.time,
            layout=self.layout,
            content=self.options.content,
            tools={
                "dataio": __version__,
                "pg_dump": self.binaries.version or _version_of(self.binaries),
                "zstd": compression.VERSION,
            },
            server_version=self.held.info.version_text,
            server_major=self.held.info.major,
            database=facts.database,
            fingerprint=fingerprint,
            git_commit=self.git_commit,
            tags=dict(self.options.tags),
            tables=tuple(table for table in tables if table is not None),
            sequences=facts.sequences,
            large_objects=large_objects,
            large_objects_content=large_content,
            content_algorithm=content.ALGORITHM if self.options.hashes else None,
            extensions=facts.extensions,
            roles=facts.roles,
            objects=tuple(self.objects),
            partial=not self.options.selection.everything,
            selection=self.options.selection.names(),
            warnings=tuple(self.warnings),
            settings=SETTINGS,
        )

    def _arguments(self) -> list[str]:
        arguments = ["--no-password", f"--snapshot={self.held.snapshot}", "--compress=0", "--no-sync"]
        return [*arguments, f"--lock-wait-timeout={_QUEUED_MS}", *self._tables(), *self._contents()]

    def _data(self, tool: Tool | None, expected: int) -> Manifest:
        """Dump the rows (and, for pg_restore, the schema); what the whole dump is then."""
        estimates = {relation.oid: relation.estimate for relation in self.held.with_rows}
        wanted = self.on_progress is not None and self.held.info.major >= 14
        report(self.on_progress, "dump", "what pg_dump reads")  # a small dump ends before the meter ever speaks
        meter = Meter(self.on_progress, "dump")
        with RowsSeen(self.target, self.application, estimates=estimates, wanted=wanted) as meter.rows:
            if tool is None:
                return self._directory(meter, expected)
            stored = compress_into(
                self.store,
                self.folder,
                ARCHIVE_FILE,
                self._watched(tool.chunks()),
                self.tags,
                expected=expected,
                meter=meter,
                level=self.options.level,
            )
            self.objects.append(stored)
            self.warnings += tool.warnings()
        meter.say(final=True)
        return self._manifest({})

    def _directory(self, meter: Meter, expected: int) -> Manifest:
        draft: list[Manifest] = []
        with Journal.new(self.work) as journal:

            def settle(objects: Mapping[int, str], warnings: list[str], on_wait: Callable[[], None]) -> None:
                self.warnings += warnings
                draft.append(self._manifest(objects, on_wait))
                journal.draft(draft[0], store=self.store.location, database=self.target.describe())
                report(self.on_progress, "store", "pg_dump has ended: from now on --resume can finish it")

            found = dump_directory(
                self.target,
                self.binaries,
                [*self._arguments(), f"--jobs={self.options.jobs}"],
                store=self.store,
                folder=self.folder,
                tags=self.tags,
                jobs=self.options.jobs,
                level=self.options.level,
                expected=expected,
                application=self.application,
                journal=journal,
                meter=meter,
                watch=self._watch,
                settle=settle,
            )
        meter.say(final=True)
        check_rows(draft[0], found.rows)
        return replace(draft[0], objects=(*draft[0].objects, *found.objects))

    def _tables(self) -> list[str]:
        """The selection as pg_dump takes it: whole names, quoted, so that no part of one is a pattern."""
        kept = {relation.oid for relation in self.held.relations}
        gone = [(relation.schema, relation.name) for relation in self.held.all_relations if relation.oid not in kept]
        return [f"--exclude-table={_quoted(*names)}" for names in (*gone, *self.held.lost_views)]

    def _contents(self) -> list[str]:
        match self.options.content:
            case "data":
                words = ["--data-only"]
            case "schema":  # but the history stays with the schema
                words = ["--no-blobs"]
                words += [
                    f"--exclude-table-data={_pattern(sequence)}"
                    for sequence in self.facts.sequences
                    if sequence.schema != META
                ]
            case "all":  # large objects belong to no table
                words = ["--no-blobs"] if self.options.selection.tables else []
        with_rows = {relation.oid for relation in self._with_rows()}
        return words + [
            f"--exclude-table-data={_pattern(relation)}"
            for relation in self.held.relations
            if relation.kind == "r" and relation.oid not in with_rows
        ]

    def _with_rows(self) -> tuple[Relation, ...]:
        if self.options.content == "schema":
            return tuple(relation for relation in self.held.with_rows if relation.schema == META)
        return self.held.with_rows

    def _count(self) -> tuple[str, dict[int, Counted], int, str | None]:
        """Fingerprint, rows and hashes, in the moment's own transaction (and in a thread of its own)."""
        connection, hashes = self.held.connection, self.options.hashes
        fingerprint = self.fingerprint(connection) if self.fingerprint is not None else ""
        try:
            tables = [(relation.oid, relation.schema, relation.name) for relation in self._with_rows()]
            counted = content.count(connection, tables, content=hashes, on_table=self._go_on)
            if self.options.content == "schema" or not self.options.selection.everything:
                return fingerprint, counted, 0, None
            return fingerprint, counted, *content.large_objects(connection, content=hashes)
        except psycopg.Error as error:
            raise DumpError(f"cannot count the rows: {redact(str(error)).strip()}") from None

    def _watch(self) -> None:
        """What counting has failed of, fails the dump now and not at its end."""
        if self.counting.done():
            self.counting.result()

    def _watched(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        for chunk in chunks:
            self._watch()
            yield chunk

    def _go_on(self, _: str) -> None:
        if self.stopping:
            raise DumpError("the dump was given up")

    def _stop(self, counting: Future[Any]) -> None:
        self.stopping = True
        while not counting.done():  # between two statements there is nothing to cancel: once more
            with contextlib.suppress(psycopg.Error):
                self.held.connection.cancel_safe(timeout=5)
            wait([counting], timeout=0.2)

    def _table(
        self, relation: Relation, facts: Facts, counted: Mapping[int, Counted], objects: Mapping[int, str]
    ) -> Table | None:
        if relation.kind != "r":
            return None
        own, size = counted.get(relation.oid), facts.sizes.get(relation.oid, 0)
        if own is None:
            return Table(relation.schema, relation.name, None, size)
        return Table(relation.schema, relation.name, own.rows, size, own.content, objects.get(relation.oid))

    def _globals(self) -> list[StoredObject]:
        """Roles and tablespaces, without passwords. Not of the moment, and a role may not see them: then left out."""
        arguments = ["--globals-only", "--no-role-passwords", "--no-password", f"--database={self.target.dbname}"]
        try:
            done = run(self.binaries, "pg_dumpall", arguments, target=self.target)
        except (ToolFailed, ConnectionFailed) as error:
            self.warnings.append(f"globals.sql was left out: {error.message}")
            return []
        lines = [line for line in done.stdout.splitlines() if not line.startswith(("\\restrict", "\\unrestrict"))]
        body = ("\n".join(lines) + "\n").encode("utf-8", "surrogateescape")
        return [put(self.store, self.folder, GLOBALS_FILE, body, self.tags)]


def _one_line(name: str) -> str:
    return "".join(letter if letter.isprintable() else "?" for letter in name)


def _pattern(relation: Relation | Sequence) -> str:
    return _quoted(relation.schema, relation.name)


def _quoted(*names: str) -> str:
    return ".".join('"' + part.replace('"', '""') + '"' for part in names)


def _version_of(binaries: Binaries) -> str:
    """Of an installation that does not say it: ``--version`` is only understood as the first argument."""
    try:
        words = subprocess.check_output([str(binaries.path("pg_dump")), "--version"], text=True).split()
    except (OSError, subprocess.SubprocessError):
        words = []
    return next((word for word in words if word[:1].isdigit()), str(binaries.major))
