"""Dumps of tests: content of a database that does not depend on our own hashing, and runs that are killed."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

from psycopg import sql

from dataio.dumps.store import Store
from dataio.postgres.connection import connect
from dataio.postgres.conninfo import Target


def content_of(target: Target) -> dict[str, str]:
    """Of every table: its rows as COPY writes them (columns by name), sorted, hashed; no code of ours."""
    found = {}
    with connect(target) as connection:
        tables = connection.execute(
            "select schemaname, tablename from pg_tables where schemaname not in ('pg_catalog', 'information_schema')"
        ).fetchall()
        for schema, name in tables:
            relkind = connection.execute(
                "select relkind from pg_class c join pg_namespace n on n.oid = relnamespace "
                "where nspname = %s and relname = %s",
                [schema, name],
            ).fetchone()
            if relkind is not None and relkind[0] in ("p", b"p"):
                continue
            names = connection.execute(
                "select attname from pg_attribute a join pg_class c on c.oid = attrelid "
                "join pg_namespace n on n.oid = relnamespace "
                "where nspname = %s and relname = %s and attnum > 0 and not attisdropped order by attname",
                [schema, name],
            ).fetchall()
            columns = sql.SQL(", ").join(sql.Identifier(column) for (column,) in names)
            statement = sql.SQL("copy (select {} from only {}) to stdout").format(columns, sql.Identifier(schema, name))
            with connection.cursor().copy(statement) as copy:
                rows = sorted(b"".join(bytes(chunk) for chunk in copy).split(b"\n"))
            found[f"{schema}.{name}"] = hashlib.sha256(b"\n".join(rows)).hexdigest()
    return found


def databases(target: Target) -> set[str]:
    with connect(target.with_dbname("postgres")) as connection:
        return {name for (name,) in connection.execute("select datname from pg_database").fetchall()}


def started(code: str, *arguments: str) -> subprocess.Popen[bytes]:
    """A Python of its own that runs ``code``; its output is kept for messages."""
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        cwd=Path(__file__).parents[2],
    )


def keys(store: Store) -> list[str]:
    return [listed.key for listed in store.list()]
