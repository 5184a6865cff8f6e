"""One moment of a database, held for as long as a dump takes.

A snapshot alone is not safe: a TRUNCATE or a rewriting ALTER between ``pg_export_snapshot()`` and ``pg_dump`` with it
leaves 0 rows and exit 0. So tables are locked first (ACCESS SHARE takes no snapshot), then the snapshot is taken, then
the list of tables is read again in it; where it is another one, all starts over.
https://www.postgresql.org/docs/current/functions-admin.html#FUNCTIONS-SNAPSHOT-SYNCHRONIZATION
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from types import TracebackType
from typing import Any, Final, Self

import psycopg
from psycopg import sql
from psycopg.rows import class_row

from dataio.dumps.content import pin
from dataio.dumps.errors import DumpError
from dataio.dumps.sql import query
from dataio.errors import UsageError
from dataio.migrations.waiting import Waiting
from dataio.postgres.connection import ServerInfo, connect, server_info
from dataio.postgres.conninfo import Target
from dataio.postgres.redact import redact
from dataio.progress import OnProgress, report
from dataio.words import plural

LOCK_WAIT: Final = "60s"
META: Final = "dataio_meta"
_ATTEMPTS: Final = 10
_BATCH: Final = 500


@dataclass(frozen=True)
class Relation:
    """A table as the catalogue lists it. ``kind`` r or p (partitioned), ``persistence`` p or u (unlogged)."""

    oid: int
    schema: str
    name: str
    kind: str
    persistence: str
    parent: int | None
    estimate: int

    @property
    def label(self) -> str:
        return f"{self.schema}.{self.name}"


@dataclass(frozen=True)
class Selection:
    """Whose rows, by globs: ``name`` in any schema, or ``schema.name``. A partitioned table means its partitions too.

    Those of ``tables`` (all where empty), but not of ``exclude_data``; the history's always. Definitions are of all
    tables but ``exclude_tables``: a table rarely stands alone, and could not be restored without its types.
    """

    tables: tuple[str, ...] = ()
    exclude_tables: tuple[str, ...] = ()
    exclude_data: tuple[str, ...] = ()

    @property
    def everything(self) -> bool:
        return not (self.tables or self.exclude_tables or self.exclude_data)

    def names(self) -> dict[str, tuple[str, ...]]:
        """For the manifest."""
        parts = {"tables": self.tables, "exclude_tables": self.exclude_tables, "exclude_data": self.exclude_data}
        return {key: value for key, value in parts.items() if value}


class Held:
    """The moment: a context manager. ``connection`` is in its transaction; ``snapshot`` is for ``pg_dump --snapshot``.

    ``all_relations`` are the tables there are, ``relations`` those that are dumped, ``with_rows`` those with their
    rows; ``lost_views`` (schema, name) read what is not dumped.
    """

    connection: psycopg.Connection[Any]
    info: ServerInfo
    snapshot: str
    taken_at: datetime
    all_relations: tuple[Relation, ...]
    relations: tuple[Relation, ...]
    with_rows: tuple[Relation, ...]
    lost_views: tuple[tuple[str, str], ...]
    version: int

    def __init__(self, target: Target, selection: Selection, *, on_progress: OnProgress = None) -> None:
        self._target, self._selection, self._on_progress = target, selection, on_progress

    def __enter__(self) -> Self:
        self.connection = connect(self._target)
        try:
            self.info = server_info(self.connection)
            pin(self.connection, self.info.major)
            self.connection.execute("select pg_catalog.set_config('lock_timeout', %s, false)", [LOCK_WAIT])
            self._hold()
        except psycopg.Error as error:
            self.connection.close()
            raise _failed(self._target, error) from None
        except BaseException:
            self.connection.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.connection.close()

    def _hold(self) -> None:
        for attempt in range(_ATTEMPTS):
            before = self._list()
            chosen = self._choose(before)
            report(self._on_progress, "lock", plural(len(chosen), "table"))
            self.connection.execute("begin transaction isolation level repeatable read read only")
            try:
                self._lock(chosen)
            except (psycopg.errors.UndefinedTable, psycopg.errors.WrongObjectType, psycopg.errors.InvalidSchemaName):
                self.connection.execute("rollback")  # dropped or renamed in the meantime
                continue
            self.snapshot = self._one("select pg_catalog.pg_export_snapshot()")
            after = self._list()
            if [r.oid for r in self._choose(after)] == [r.oid for r in chosen]:
                self._settle(after)
                return
            self.connection.execute("rollback")
            time.sleep(0.05 * (attempt + 1))
        raise DumpError(
            f"tables of {self._target.describe()} come and go too fast to dump a moment of it",
            hint="Leave the short-lived ones out (--exclude-table), or try again when fewer are made.",
        )

    def _lock(self, relations: tuple[Relation, ...]) -> None:
        for start in range(0, len(relations), _BATCH):
            names = sql.SQL(", ").join(
                sql.SQL("only {}").format(sql.Identifier(relation.schema, relation.name))
                for relation in relations[start : start + _BATCH]
            )
            with Waiting(self._target, self.connection.info.backend_pid, self._on_progress, "the dump"):
                self.connection.execute(sql.SQL("lock table {} in access share mode").format(names))

    def _list(self) -> tuple[Relation, ...]:
        with self.connection.cursor(row_factory=class_row(Relation)) as cursor:
            return tuple(cursor.execute(query("tables")).fetchall())

    def _settle(self, relations: tuple[Relation, ...]) -> None:
        self.all_relations = relations
        chosen = self.relations = self._choose(relations)
        wanted = _matching(self._selection.tables, chosen, "--table") if self._selection.tables else None
        without = _matching(self._selection.exclude_data, chosen, "--exclude-table-data")
        self.with_rows = tuple(
            relation
            for relation in chosen
            if relation.kind == "r"
            and (wanted is None or relation.oid in wanted or relation.schema == META)
            and relation.oid not in without
            and not (self.info.in_recovery and relation.persistence == "u")  # a standby has no rows of those
        )
        gone = [relation.oid for relation in relations if relation not in chosen]
        self.lost_views = tuple(self.connection.execute(query("views_upon"), [gone]).fetchall()) if gone else ()
        taken_at: datetime = self._one("select pg_catalog.date_trunc('second', pg_catalog.clock_timestamp())")
        self.taken_at = taken_at.astimezone(UTC)
        self.version = 0
        if any(r.schema == META and r.name == "migration" for r in relations):
            self.version = self._one("select coalesce(max(number), 0) from dataio_meta.migration")

    def _one(self, statement: Any) -> Any:
        row = self.connection.execute(statement).fetchone()
        return row[0] if row is not None else None

    def _choose(self, relations: tuple[Relation, ...]) -> tuple[Relation, ...]:
        without = _matching(self._selection.exclude_tables, relations, "--exclude-table")
        return tuple(relation for relation in relations if relation.oid not in without)


def _matching(globs: tuple[str, ...], relations: tuple[Relation, ...], flag: str) -> set[int]:
    """The tables that the globs mean, partitions included."""
    found: set[int] = set()
    for glob in globs:
        named = {r.oid for r in relations if fnmatchcase(r.label if "." in glob else r.name, glob)}
        if not named:
            near = ", ".join(r.label for r in relations[:8])
            raise UsageError(f"{flag} {glob}: there is no such table", hint=f"Tables are: {near} …" if near else "")
        found |= named
    while more := {r.oid for r in relations if r.parent in found} - found:
        found |= more
    return found


def _failed(target: Target, error: psycopg.Error) -> DumpError:
    message = redact(str(error)).strip()
    hint = ""
    if isinstance(error, psycopg.errors.InsufficientPrivilege):
        hint = "The role needs SELECT on every table and sequence: GRANT pg_read_all_data TO it."
    elif isinstance(error, psycopg.errors.LockNotAvailable):
        hint = "Another session holds a lock on a table (pg_blocking_pids tells which); try again when it has ended."
    elif isinstance(error, psycopg.errors.OutOfMemory):
        hint = "The server's max_locks_per_transaction is too low for so many tables."
    return DumpError(f"cannot hold a moment of {target.describe()}: {message.splitlines()[0]}", hint=hint)
