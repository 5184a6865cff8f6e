"""Run the checks of rows on the target: read only, in a time that is bounded, without waiting for anybody's lock."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import psycopg
from psycopg import sql

from dataio.plan.model import Hazard, RowCheck, Statement
from dataio.planner.observed.culprit import Culprits
from dataio.postgres.connection import connect
from dataio.postgres.conninfo import Target
from dataio.postgres.redact import redact
from dataio.snapshot.keys import Key
from dataio.words import plural

SHOWN: Final = 5
LOCK_PATIENCE: Final = "500ms"


def count(target: Target, checks: Iterable[RowCheck], *, limit: float | None = 30.0) -> tuple[RowCheck, ...]:
    """The checks with the rows that violate each, and up to five of their keys.

    ``limit``: seconds for all of them (``None``: no end). One that could not be made, or not in time, has no ``rows``
    and a ``note`` that says why; one that ended at a value that cannot become what it must has that row, and a note.
    Takes ``ACCESS SHARE`` locks only, one check at a time.
    """
    waiting = [replace(check, rows=None, keys=(), note="") for check in checks]
    if not waiting:
        return ()
    until = time.monotonic() + limit if limit is not None else None
    with connect(target, application_name="dataio data checks") as connection:
        return tuple(_counted(connection, check, until) for check in waiting)


def _counted(connection: psycopg.Connection[Any], check: RowCheck, until: float | None) -> RowCheck:
    left = 0.0 if until is None else until - time.monotonic()
    if until is not None and left <= 0:
        return replace(check, note="not counted: the time for checks was over")
    try:
        with connection.transaction(force_rollback=True):
            connection.execute("SET TRANSACTION READ ONLY")
            connection.execute("SELECT set_config('search_path', '', true), set_config('row_security', 'off', true)")
            connection.execute("SELECT set_config('lock_timeout', %s, true)", [LOCK_PATIENCE])
            timeout = str(max(1, round(left * 1000))) if until is not None else "0"
            connection.execute("SELECT set_config('statement_timeout', %s, true)", [timeout])
            found = sql.SQL(check.sql)  # made by the planner, or sealed in a script
            row = connection.execute(sql.SQL("SELECT count(*) FROM ({}) q").format(found)).fetchone()
            rows = int(row[0]) if row else 0
            keys: tuple[str, ...] = ()
            if rows:
                shown = sql.SQL("SELECT key FROM ({}) q LIMIT {}").format(found, sql.Literal(SHOWN))
                keys = tuple(redact(str(key)) for (key,) in connection.execute(shown).fetchall())
            return replace(check, rows=rows, keys=keys)
    except psycopg.DataError as error:
        return replace(check, rows=1, note=f"others not counted: {redact(error.diag.message_primary or str(error))}")
    except psycopg.errors.QueryCanceled:
        return replace(check, note="not counted: it takes longer than the time for checks")
    except psycopg.errors.LockNotAvailable:
        return replace(check, note="not counted: another session has locked the table")
    except psycopg.Error as error:
        return replace(check, note=f"not counted: {redact(error.diag.message_primary or str(error))}")


def as_hazard(check: RowCheck, *, takes_back: bool = False) -> Hazard:
    """A check that found rows, as the hazard that it is; ``takes_back``: in the way of a rollback."""
    if check.of_new_column:
        rows = plural(check.rows or 0, "row")
        said = (
            f"is added again NOT NULL, and what it held is gone: it has no value for {rows}"
            if takes_back
            else f"has no value for {rows}: give it a DEFAULT, or add it nullable, fill it, then SET NOT NULL"
        )
        return Hazard(check.name, check.subject, said, rows=check.rows)
    shown = ", ".join(check.keys) + (", …" if (check.rows or 0) > len(check.keys) else "") if check.keys else check.note
    return Hazard(check.name, check.subject, f"{check.violations} {check.rule}: {shown}", rows=check.rows)


def with_violations(
    statements: Sequence[Statement], checks: Iterable[RowCheck], causes: Mapping[str, Key]
) -> tuple[Statement, ...]:
    """Statements with what stands in their way, each hazard at the statement that fails because of it.

    ``causes``: which fact asks, by the check's query.
    """
    found, culprits = list(statements), Culprits(statements)
    for check in checks:
        if check.rows:
            place = culprits.of(causes[check.sql], last=True)
            mine = replace(as_hazard(check), refused=True)
            found[place] = replace(found[place], hazards=(*found[place].hazards, mine))
    return tuple(found)
