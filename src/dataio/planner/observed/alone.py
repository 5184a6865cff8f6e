"""Watch a statement that runs outside of transactions: its locks are gone when it ends, so they are read meanwhile.

``CREATE INDEX CONCURRENTLY`` and its kin wait for transactions that hold locks on their table. On the copy two are
open that do, and end one after the other, so that the statement stands still and shows what it holds and what it asks
for: first where it waits for writers, then where it needs a stronger lock for a moment. What the manual says that it
takes is added, should a lock be too short to be seen.

https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DETACH-PARTITION
https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-TABLES
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Collection
from typing import Any, Final

import psycopg
from psycopg import sql

from dataio.plan.model import Alone, Statement
from dataio.planner.native.text.sql import qualified
from dataio.planner.sql import query
from dataio.postgres.connection import connect
from dataio.postgres.conninfo import Target

_PATIENCE: Final = 5.0  # seconds for the statement to stand still, or to end
_POLL: Final = 0.005


def protocol(statement: Statement, alone: Alone) -> dict[str, str]:
    """The strongest lock that such a statement takes on each relation, by the manual."""
    if statement.action == "alter":  # the filling of a column
        return {alone.relation: "RowExclusiveLock"}
    found = {alone.relation: "ShareUpdateExclusiveLock"}
    if statement.subject.kind == "partition":
        found[qualified(*statement.subject.path)] = "AccessExclusiveLock"
    return found


def run_watched(
    target: Target, connection: psycopg.Connection[Any], text: str, alone: Alone, relations: Collection[int]
) -> dict[int, set[str]]:
    """Run ``text`` on an autocommit ``connection`` to ``target``; the lock modes it was seen to take, by relation OID.

    Raises what the statement raises.
    """
    modes: dict[int, set[str]] = {}
    raised: list[BaseException] = []
    pid = connection.info.backend_pid

    def work() -> None:
        try:
            connection.execute(text.encode())
        except BaseException as error:
            raised.append(error)

    with (
        connect(target, autocommit=False) as writer,
        connect(target, autocommit=False) as reader,
        connect(target) as watcher,
    ):
        with contextlib.suppress(psycopg.errors.WrongObjectType):  # a materialized view, which LOCK does not take
            writer.execute(sql.SQL("LOCK TABLE ONLY {} IN ROW EXCLUSIVE MODE").format(sql.SQL(alone.relation)))
        worker = threading.Thread(target=work, daemon=True)
        worker.start()
        _until_it_waits_for(writer, watcher, worker, pid, relations, modes)
        _hold(reader, watcher, modes)
        writer.rollback()
        _until_it_waits_for(reader, watcher, worker, pid, relations, modes)
        reader.rollback()
        worker.join()
    if raised:
        raise raised[0]
    return modes


def _hold(reader: psycopg.Connection[Any], watcher: psycopg.Connection[Any], modes: Collection[int]) -> None:
    """Read what the statement has locked, so that it has to wait where it needs more than that."""
    for (name,) in watcher.execute(query("tables"), {"oids": sorted(modes)}).fetchall():
        reader.execute(sql.SQL("LOCK TABLE ONLY {} IN ACCESS SHARE MODE").format(sql.SQL(name)))


def _until_it_waits_for(
    holder: psycopg.Connection[Any],
    watcher: psycopg.Connection[Any],
    worker: threading.Thread,
    pid: int,
    relations: Collection[int],
    modes: dict[int, set[str]],
) -> None:
    """Note what is held or asked for, until the statement waits for ``holder``, or has ended, or does neither."""
    until = time.monotonic() + _PATIENCE
    waits = False
    while worker.is_alive() and not waits and time.monotonic() < until:
        values = {"pid": pid, "holder": holder.info.backend_pid}
        rows = watcher.execute(query("held_locks"), values).fetchall()
        for oid, mode, _ in rows:
            if oid in relations:
                modes.setdefault(oid, set()).add(mode)
        waits = any(waiting for *_, waiting in rows)
        if not waits:
            worker.join(_POLL)
