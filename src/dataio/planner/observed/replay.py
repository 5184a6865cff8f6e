"""Run statements on a copy, one by one, and see what they do there.

What a statement locks, rewrites, scans and drops is read from the server after it ran (``pg_locks``,
``pg_relation_filenode``, ``pg_stat_get_xact_numscans``, the catalogues), in one transaction: never guessed from its
text. The copy is empty, so figures of size and time come from elsewhere (:mod:`dataio.planner.observed.hazards`).
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import psycopg
from psycopg.rows import dict_row

from dataio.plan.model import Alone, Lock, ObjectRef, Observation, Statement
from dataio.planner.observed.alone import protocol, run_watched
from dataio.planner.sql import query
from dataio.postgres.conninfo import Target
from dataio.postgres.redact import redact
from dataio.snapshot.keys import Key
from dataio.snapshot.model import Snapshot
from dataio.snapshot.take import take

LOCK_STRENGTH: Final = (
    "AccessShareLock",
    "RowShareLock",
    "RowExclusiveLock",
    "ShareUpdateExclusiveLock",
    "ShareLock",
    "ShareRowExclusiveLock",
    "ExclusiveLock",
    "AccessExclusiveLock",
)
"""PostgreSQL's table-level lock modes, weakest first (manual: "Explicit Locking")."""

_KINDS: Final = {
    "r": "table",
    "p": "table",
    "m": "materialized_view",
    "v": "view",
    "S": "sequence",
    "f": "foreign_table",
}


@dataclass(frozen=True)
class Failure:
    """The statement that failed, and what PostgreSQL said."""

    statement: Statement
    position: int
    message: str
    sqlstate: str


@dataclass(frozen=True)
class Replay:
    """The statements with what was observed of each; ``failure`` where one did not run (nor did the rest then)."""

    statements: tuple[Statement, ...]
    failure: Failure | None = None


@dataclass
class _Relation:
    name: str
    kind: str
    schema: str
    relname: str
    filenode: int | None
    columns: tuple[str, ...]
    modes: frozenset[str] = frozenset()
    scans: int = 0
    present: bool = True


class Observer:
    """Watches one connection to a copy. Only relations that are there when it begins are watched."""

    def __init__(self, connection: psycopg.Connection[Any], target: Target | None = None) -> None:
        """``target`` is where ``connection`` leads; only statements that run alone need it."""
        self._connection = connection
        self._target = target
        self._observe = query("observe")
        with connection.cursor(row_factory=dict_row) as cursor:
            rows = cursor.execute(query("relations")).fetchall()
        connection.commit()
        self._relations = {
            row["oid"]: _Relation(
                row["name"], row["kind"], row["schema"], row["relname"], row["filenode"], tuple(row["columns"] or ())
            )
            for row in rows
        }
        self._names = {relation.name for relation in self._relations.values()}

    def run(self, statements: Sequence[Statement], *, commit: bool = True) -> Replay:
        """Run statements in one transaction (several where one asks for it) and commit; roll back on a failure.

        Without ``commit``, for statements of one transaction only, it stays open: :meth:`snapshot` ends it, and leaves
        the copy as it was.
        """
        observed: list[Statement] = []
        self._begin()
        for position, statement in enumerate(statements, start=1):
            if statement.alone is not None:
                try:
                    observed.append(self._alone(statement, statement.alone))
                except psycopg.Error as error:
                    return Replay(tuple(observed), _failure(statement, position, error))
                continue
            if statement.new_transaction:
                self._connection.commit()
                self._begin()
            started = time.perf_counter()
            try:
                self._connection.execute(statement.sql.encode())
            except psycopg.Error as error:
                self._connection.rollback()
                return Replay(tuple(observed), _failure(statement, position, error))
            seconds = time.perf_counter() - started
            observed.append(replace(statement, observation=self._look(seconds)))
        try:
            if commit:
                self._connection.commit()
            else:
                self._connection.execute("SET CONSTRAINTS ALL IMMEDIATE")  # as a commit would
        except psycopg.Error as error:
            self._connection.rollback()
            message = redact(error.diag.message_primary or str(error))
            return Replay(tuple(observed), Failure(statements[-1], len(statements), message, error.sqlstate or ""))
        return Replay(tuple(observed))

    def _alone(self, statement: Statement, alone: Alone) -> Statement:
        """Run a statement outside of transactions, and open one for what follows."""
        if self._target is None:
            raise TypeError("an observer of statements that run alone needs the target")
        self._connection.commit()
        self._connection.autocommit = True
        started = time.perf_counter()
        try:
            seen = run_watched(self._target, self._connection, statement.sql, alone, self._relations.keys())
        finally:
            self._connection.autocommit = False
        seconds = time.perf_counter() - started
        self._begin()
        dropped = self._look(0.0).dropped
        taken = {name: {mode} for name, mode in protocol(statement, alone).items() if name in self._names}
        for oid, modes in seen.items():
            taken.setdefault(self._relations[oid].name, set()).update(modes)
        locks = [Lock(name, max(modes, key=LOCK_STRENGTH.index)) for name, modes in sorted(taken.items())]
        reads = (alone.relation,) if statement.action == "create" else ()
        return replace(statement, observation=Observation(tuple(locks), (), reads, dropped, seconds))

    def snapshot(self, *, dependencies: bool = True, like: Snapshot | None = None) -> Snapshot:
        """What the copy holds after what ran; ``dependencies`` and ``like`` as :func:`~dataio.snapshot.take.take` has.

        What was not committed is rolled back.
        """
        found = take(self._connection, dependencies=dependencies, like=like)
        self._connection.rollback()
        return found

    def _begin(self) -> None:
        self._connection.execute("SET LOCAL check_function_bodies = off; SET LOCAL lc_monetary = 'C'")
        if not self._relations:
            return
        for oid, scans in self._connection.execute(query("scans"), {"oids": list(self._relations)}).fetchall():
            relation = self._relations[oid]
            relation.modes, relation.scans = frozenset(), scans

    def _look(self, seconds: float) -> Observation:
        if not self._relations:
            return Observation(seconds=seconds)
        with self._connection.cursor(row_factory=dict_row) as cursor:
            rows = cursor.execute(self._observe, {"oids": list(self._relations)}).fetchall()
        locks, rewritten, scanned, dropped = [], [], [], []
        for row in sorted(rows, key=lambda row: self._relations[row["oid"]].name):
            relation = self._relations[row["oid"]]
            gained = frozenset(row["modes"]) - relation.modes
            relation.modes |= gained
            if gained:
                locks.append(Lock(relation.name, max(gained, key=LOCK_STRENGTH.index)))
            if row["present"]:
                relation.schema, relation.relname = row["schema"], row["relname"]
                if relation.filenode and row["filenode"] != relation.filenode:
                    rewritten.append(relation.name)
                relation.filenode = row["filenode"]
                if row["scans"] > relation.scans:
                    scanned.append(relation.name)
                relation.scans = row["scans"]
                dropped += self._lost_columns(relation, tuple(row["columns"] or ()))
            elif relation.present:
                relation.present = False
                dropped.append(_ref(_KINDS[relation.kind], (relation.schema, relation.relname)))
        return Observation(tuple(locks), tuple(rewritten), tuple(scanned), tuple(dropped), seconds)

    def _lost_columns(self, relation: _Relation, columns: tuple[str, ...]) -> list[ObjectRef]:
        """Columns that are gone; a renamed one is not (the number of columns stays)."""
        before, relation.columns = relation.columns, columns
        if relation.kind == "v" or len(columns) >= len(before):
            return []
        gone = [name for name in before if name not in columns]
        return [_ref("column", (relation.schema, relation.relname, name)) for name in gone]


def _failure(statement: Statement, position: int, error: psycopg.Error) -> Failure:
    message = redact(error.diag.message_primary or str(error))
    if error.diag.message_detail:
        message += f" ({redact(error.diag.message_detail)})"
    return Failure(statement, position, message, error.sqlstate or "")


def _ref(kind: str, path: tuple[str, ...]) -> ObjectRef:
    return ObjectRef(kind, path, str(Key(kind, path)))


def strongest(observation: Observation | None) -> str | None:
    """The strongest lock mode that a statement took on anything that was there before."""
    if observation is None or not observation.locks:
        return None
    return max((lock.mode for lock in observation.locks), key=LOCK_STRENGTH.index)
