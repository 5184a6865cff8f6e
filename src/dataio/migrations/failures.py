"""What went wrong while a script ran: which statement, where in the file, what PostgreSQL said, and what is left."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

import psycopg
from psycopg import pq

from dataio.errors import MigrationError
from dataio.migrations.sql import query
from dataio.plan.script import Chunk, Script
from dataio.postgres.explain import MORE_LOCKS, OUT_OF_MEMORY
from dataio.postgres.redact import redact

LOCK_TIMEOUT: Final = "55P03"
RETRIED: Final = frozenset({LOCK_TIMEOUT, "40P01", "40001"})
"""Lock timeout, deadlock, serialization failure: the same transaction may succeed when it is run again."""

# The server ends the session: by an administrator, a crash, a shutdown, a timeout for idle sessions.
_SESSION_ENDED: Final = frozenset({"57P01", "57P02", "57P03", "57P05", "25P03", "25P04", "08006", "08003", "08000"})

_SHOWN_LINES: Final = 20


def connection_lost(connection: psycopg.Connection[Any], error: psycopg.Error) -> bool:
    """Whether an error means that the session is gone, so that nobody told us what became of the transaction."""
    return (
        connection.closed
        or connection.pgconn.status == pq.ConnStatus.BAD
        or error.sqlstate in _SESSION_ENDED
        or (isinstance(error, psycopg.OperationalError) and error.sqlstate is None)
    )


def script_failed(
    script: Script, chunk: Chunk, error: psycopg.Error, *, outcome: str, blockers: Iterable[str] = ()
) -> MigrationError:
    """PostgreSQL's error, with the statement of the script that met it. ``outcome`` says what is left behind."""
    diag = error.diag
    message = redact(diag.message_primary or str(error).strip() or type(error).__name__)
    line, detail = _source(chunk, diag.statement_position)
    parts = [
        *detail,
        *(f"{name}: {redact(text)}" for name, text in _told(diag)),
        *(f"SQLSTATE: {error.sqlstate}" for _ in [0] if error.sqlstate),
        *(f"in the way, perhaps: {blocker}" for blocker in blockers),
    ]
    failed = MigrationError(
        f"{script.source}:{line}: {chunk.text}: {message}",
        detail="\n".join(parts),
        hint=" ".join(text for text in (outcome, _advice(error)) if text),
    )
    failed.sqlstate = error.sqlstate or ""
    return failed


def _told(diag: psycopg.errors.Diagnostic) -> Iterable[tuple[str, str]]:
    pairs = (
        ("DETAIL", diag.message_detail),
        ("HINT", diag.message_hint),
        ("CONTEXT", diag.context),
        ("QUERY", diag.internal_query),
    )
    return ((name, text) for name, text in pairs if text)


def _source(chunk: Chunk, position: str | None) -> tuple[int, list[str]]:
    """The line of the file that failed, and an excerpt of the statement with a caret where PostgreSQL pointed."""
    lines = redact(chunk.sql).rstrip().split("\n")
    at, column = 0, None
    if position is not None and position.isdigit():
        before = chunk.sql[: int(position) - 1].split("\n")
        at, column = min(len(before) - 1, len(lines) - 1), len(before[-1])
    first = max(0, at - _SHOWN_LINES // 2) if column is not None else 0
    excerpt = []
    for number, line in enumerate(lines[first : first + _SHOWN_LINES], start=first):
        excerpt.append(f"{chunk.line + number:>5} | {line}")
        if number == at and column is not None:
            excerpt.append(f"{'':>5} | {' ' * column}^")
    if first + _SHOWN_LINES < len(lines):
        excerpt.append(f"{'…':>5} | {len(lines) - first - _SHOWN_LINES} more lines")
    return chunk.line + at, excerpt


def _advice(error: psycopg.Error) -> str:
    match error.sqlstate:
        case "55P03":
            return "Another session holds a lock that the statement needs: try again, or wait longer (--lock-timeout)."
        case "57014":
            return "It took longer than the statement timeout allows, or was cancelled (--statement-timeout)."
        case "25006":
            return "The server is a standby or read only: apply on its primary."
        case "42501":
            return "The role needs this right; plan and apply as the owner of these objects."
        case sqlstate if sqlstate == OUT_OF_MEMORY:
            return MORE_LOCKS
    return ""


def sessions(rows: Iterable[tuple[int, str, str, str, datetime | None]]) -> list[str]:
    """Sessions for people: ``pid 4711, alice, psql from 10.0.0.7, in a transaction since 12:03:04``."""
    found = []
    for pid, user, application, address, since in rows:
        words = [f"pid {pid}", user, application + (f" from {address}" if address else "")]
        words += [f"in a transaction since {since:%Y-%m-%d %H:%M:%S}"] if since else []
        found.append(redact(", ".join(word for word in words if word.strip())))
    return found


def blockers(connection: psycopg.Connection[Any]) -> list[str]:
    """Who may have stood in the way of a lock: sessions that hold locks on relations of this database now."""
    try:
        return sessions(connection.execute(query("open_transactions")).fetchall())
    except psycopg.Error:
        return []
