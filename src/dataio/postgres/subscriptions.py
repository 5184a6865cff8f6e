"""Subscriptions that keep a database from being dropped."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import psycopg
from psycopg import sql

from dataio.postgres.connection import connect
from dataio.postgres.conninfo import Target

_WITHOUT_A_WORD: Final = (
    "alter subscription {} disable",
    "alter subscription {} set (slot_name = none)",
    "drop subscription {}",
)


def subscriptions(connection: psycopg.Connection[Any], database: str) -> list[str]:
    """The names of a database's subscriptions; any database of the server may be asked."""
    rows = connection.execute(
        "select s.subname::text from pg_catalog.pg_subscription s"
        " join pg_catalog.pg_database d on d.oid = s.subdbid where d.datname = %s order by 1",
        [database],
    ).fetchall()
    return [name for (name,) in rows]


def drop_subscriptions(database: Target, names: Sequence[str]) -> None:
    """Drop subscriptions of a database that nobody will miss, without a word to their publishers."""
    with connect(database) as connection:
        connection.execute("set default_transaction_read_only = off")
        for name in names:
            for words in _WITHOUT_A_WORD:
                connection.execute(sql.SQL(words).format(sql.Identifier(name)))
