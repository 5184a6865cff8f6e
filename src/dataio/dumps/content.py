"""How many rows a table has, and a hash of them that does not depend on their order.

``sum(hashtextextended(row(…)::text, 0))`` over ``ONLY`` the table, columns by name, in a session whose settings for
output are pinned: the same on every server of any version from 11 on, as long as the encoding is the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import psycopg
from psycopg import sql

from dataio.dumps.sql import query

ALGORITHM: Final = "sum-hashtextextended-row-text/1"

_PINNED: Final[Mapping[str, str]] = {
    "search_path": "",
    "datestyle": "ISO, YMD",
    "intervalstyle": "postgres",
    "timezone": "UTC",
    "extra_float_digits": "3",
    "bytea_output": "hex",
    "lc_monetary": "C",
    "xmloption": "content",
    "row_security": "off",  # a policy that hides rows is an error, never a shorter table
    "statement_timeout": "0",
    "idle_in_transaction_session_timeout": "0",
    "client_min_messages": "warning",
}
_NEWER: Final[Mapping[str, int]] = {"idle_session_timeout": 14, "transaction_timeout": 17}


@dataclass(frozen=True)
class Counted:
    """Of one table."""

    rows: int
    content: str | None = None


def pin(connection: psycopg.Connection[Any], major: int) -> None:
    """Set what output, visibility and patience depend on, for the session."""
    settings = {**_PINNED, **{name: "0" for name, since in _NEWER.items() if major >= since}}
    for name, value in settings.items():
        connection.execute("select pg_catalog.set_config(%s, %s, false)", [name, value])


def count(
    connection: psycopg.Connection[Any],
    tables: Sequence[tuple[int, str, str]],
    *,
    content: bool,
    on_table: Callable[[str], None] | None = None,
) -> dict[int, Counted]:
    """Count (and hash) ``tables``: OID, schema, name. The session must be pinned (:func:`pin`)."""
    columns = _columns(connection, [oid for oid, _, _ in tables]) if content else {}
    found = {}
    for oid, schema, name in tables:
        if on_table is not None:
            on_table(f"{schema}.{name}")
        statement = sql.SQL("select count(*), {} from only {} t").format(
            _hash(columns.get(oid, ())) if content else sql.NULL, sql.Identifier(schema, name)
        )
        row = connection.execute(statement).fetchone()
        rows, hashed = row if row is not None else (0, None)
        found[oid] = Counted(rows, hashed)
    return found


def large_objects(connection: psycopg.Connection[Any], *, content: bool) -> tuple[int, str | None]:
    """How many large objects there are, and their hash. Reading them needs the right to each."""
    number = _one(connection, "large_objects")
    return number, _one(connection, "large_objects_content") if content and number else None


def _one(connection: psycopg.Connection[Any], name: str) -> Any:
    row = connection.execute(query(name)).fetchone()
    return row[0] if row is not None else None


def _columns(connection: psycopg.Connection[Any], oids: Iterable[int]) -> dict[int, Sequence[str]]:
    return dict(connection.execute(query("columns"), [list(oids)]).fetchall())


def _hash(columns: Sequence[str]) -> sql.Composable:
    parts = sql.SQL(", ").join(sql.Identifier("t", column) for column in columns)
    return sql.SQL("coalesce(sum(hashtextextended(row({})::text, 0)), 0)::text").format(parts)
