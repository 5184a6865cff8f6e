"""What a script says besides its statements: settings, guard, registration. Templates for :mod:`psycopg.sql`."""

from __future__ import annotations

from typing import Final, LiteralString

from psycopg import sql

from dataio.packaged import queries

_query: Final = queries(__name__)


def text(name: str) -> LiteralString:
    """The text of ``<name>.sql``, without the end of its last line."""
    return _query(name).rstrip("\n")


def fill(template: str, /, **values: str | int | sql.Composable | None) -> str:
    """The text of ``<template>.sql`` with its ``{fields}`` filled in as SQL literals, or as they are where composed."""
    fields = {key: v if isinstance(v, sql.Composable) else sql.Literal(v) for key, v in values.items()}
    return sql.SQL(text(template)).format(**fields).as_string(None)
