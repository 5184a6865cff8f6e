"""Watch a statement that runs outside of transactions: its locks are gone when it ends, so they are read meanwhile.

``CREATE INDEX CONCURRENTLY`` and its kin wait for transactions that hold locks on their table. On the copy one is
opened that does, so that the statement stands still for a moment and shows what it holds; then that transaction ends.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Collection
from typing import Any, Final

import psycopg
from psycopg import sql

from dataio.plan.model import Alone
from dataio.planner.figures import query
from dataio.postgres.connection import connect
from dataio.postgres.conninfo import Target

_PATIENCE: Final = 5.0  # seconds for the statement to stand still, or to end
_POLL: Final = 0.005


def run_watched(
    target: Target, connection: psycopg.Connection[Any], text: str, alone: Alone, relations: Collection[int]
) -> dict[int, set[str]]:
    """Run ``text`` on an autocommit ``connection`` to ``target``; the lock modes it was seen to hold, by relation OID.

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

    with connect(target, autocommit=False) as holder, connect(target) as watcher:
        with contextlib.suppress(psycopg.errors.WrongObjectType):  # a materialized view, which LOCK does not take
            holder.execute(sql.SQL("LOCK TABLE {} IN ROW EXCLUSIVE MODE").format(sql.SQL(alone.relation)))
        worker = threading.Thread(target=work, daemon=True)
        worker.start()
        until = time.monotonic() + _PATIENCE
        held = True
        while worker.is_alive():
            waits = _look(watcher, pid, relations, modes)
            if held and (waits or time.monotonic() > until):
                _look(watcher, pid, relations, modes)
                holder.rollback()
                held = False
            worker.join(_POLL)
    if raised:
        raise raised[0]
    return modes


def _look(watcher: psycopg.Connection[Any], pid: int, relations: Collection[int], modes: dict[int, set[str]]) -> bool:
    """Note what is held; whether the statement waits for somebody."""
    waits = False
    for oid, mode, granted in watcher.execute(query("held_locks"), {"pid": pid}).fetchall():
        waits = waits or not granted
        if granted and oid in relations:
            modes.setdefault(oid, set()).add(mode)
    return waits
