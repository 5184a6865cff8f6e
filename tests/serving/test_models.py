"""The models say what schema.sql says: every table and view, column by column."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, Enum, Identity, Table, UniqueConstraint
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

from dataio.catalogue.models import Base
from dataio.postgres.connection import connect
from dataio.postgres.conninfo import Target

COLUMNS = """
SELECT c.relname, a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod), NOT a.attnotnull,
       pg_catalog.pg_get_expr(d.adbin, d.adrelid), a.attidentity = 'a', c.relkind
  FROM pg_class c
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
 WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'v')
 ORDER BY c.relname, a.attnum
"""
KEYS = """
SELECT t.relname, k.contype::text,
       ARRAY(SELECT a.attname FROM unnest(k.conkey) n
             JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = n)::text[],
       f.relname, k.confdeltype::text, k.conname
  FROM pg_constraint k
  JOIN pg_class t ON t.oid = k.conrelid
  LEFT JOIN pg_class f ON f.oid = k.confrelid
 WHERE t.relnamespace = 'public'::regnamespace AND k.contype IN ('p', 'u', 'f')
"""
ENUMS = """
SELECT t.typname, array_agg(e.enumlabel::text ORDER BY e.enumsortorder)
  FROM pg_type t JOIN pg_enum e ON e.enumtypid = t.oid GROUP BY t.typname
"""
ON_DELETE = {"c": "CASCADE", "r": "RESTRICT", "n": "SET NULL", "a": None}
DIALECT = PGDialect_psycopg()  # type: ignore[no-untyped-call]
NAMES = {"TIMESTAMP WITH TIME ZONE": "timestamp with time zone"}


def rows(target: Target, statement: str) -> list[tuple[Any, ...]]:
    with connect(target) as connection:
        return connection.execute(statement.encode()).fetchall()


def tables() -> dict[str, Table]:
    return dict(Base.metadata.tables)


def spelled(column: Column[Any]) -> str:
    text = column.type.compile(dialect=DIALECT)
    return NAMES.get(text, text.lower())


def default(column: Column[Any]) -> str | None:
    return str(column.server_default.arg) if column.server_default is not None and hasattr(
        column.server_default, "arg"
    ) else None  # fmt: skip


def test_every_column_is_there_with_its_type_nullness_default_and_identity(catalogue: Target) -> None:
    live: dict[str, list[tuple[Any, ...]]] = {}
    for table, *column, kind in rows(catalogue, COLUMNS):
        name, kind_of, nullable, default_, identity = column
        # A view's columns have no NOT NULL of their own; a key of ours is one for finding, not a promise.
        live.setdefault(table, []).append((name, kind_of, nullable if kind == "r" else None, default_, identity))
    said = {
        name: [
            (
                column.name,
                spelled(column),
                None if table.info.get("view") else column.nullable,
                default(column),
                isinstance(column.server_default, Identity),
            )
            for column in table.columns
        ]
        for name, table in tables().items()
    }
    assert said.keys() == live.keys()
    for name, columns in said.items():
        assert columns == live[name], name
    assert sum(map(len, said.values())) > 160


def test_keys_are_the_schemas(catalogue: Target) -> None:
    live = {(table, kind, tuple(sorted(columns)), other, ON_DELETE.get(delete) if kind == "f" else None)
            for table, kind, columns, other, delete, _ in rows(catalogue, KEYS)}  # fmt: skip
    said: set[tuple[Any, ...]] = set()
    for name, table in tables().items():
        if table.info.get("view"):
            continue
        said.add((name, "p", tuple(sorted(one.name for one in table.primary_key)), None, None))
        for constraint in table.constraints:
            if isinstance(constraint, UniqueConstraint):
                said.add((name, "u", tuple(sorted(one.name for one in constraint.columns)), None, None))
        for foreign in table.foreign_keys:
            said.add((name, "f", (foreign.parent.name,), foreign.column.table.name, foreign.ondelete))
    assert said == live


def test_the_words_of_enums_are_the_schemas(catalogue: Target) -> None:
    live = {name: tuple(words) for name, words in rows(catalogue, ENUMS)}
    said = {
        str(column.type.name): tuple(column.type.enums)
        for table in tables().values()
        for column in table.columns
        if isinstance(column.type, Enum)
    }
    assert said == live
