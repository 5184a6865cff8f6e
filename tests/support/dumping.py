"""Dumps of tests: content of a database that does not depend on our own hashing, and runs that are killed."""

from __future__ import annotations

import hashlib
import itertools
import os
import signal
import tempfile
import traceback
from pathlib import Path

from psycopg import sql

from dataio.dumps.create import Options, create
from dataio.dumps.journal import Journal
from dataio.dumps.listing import read_manifest
from dataio.dumps.manifest import StoredObject
from dataio.dumps.restore import Options as RestoreOptions
from dataio.dumps.restore import restore
from dataio.dumps.s3 import S3Options
from dataio.dumps.store import Store
from dataio.operations.dumps import open_store
from dataio.postgres.connection import connect
from dataio.postgres.conninfo import Target, parse_target
from dataio.progress import Progress
from support.s3 import KEY, SECRET


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


def own_databases(target: Target) -> set[str]:
    """The target, and what was made beside it; other tests make databases on that server, too."""
    return {name for name in databases(target) if name.startswith(target.dbname)}


def one_run(
    what: str, dsn: str, location: str, endpoint: str, work: str, jobs: int, stop_at: str, dump: str, said: str
) -> None:
    """A dump or restore in a process of its own, which kills itself at the stage ``stop_at``. ``said`` is there as soon
    as it begins, and holds what went wrong. Temporary files are made in a folder beside ``work``.
    """
    os.environ |= {"AWS_ACCESS_KEY_ID": KEY, "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_EC2_METADATA_DISABLED": "true"}
    options = S3Options(endpoint=endpoint, region="us-east-1", addressing="path") if endpoint else None
    store = open_store(location, root=Path("/"), options=options)
    target = parse_target(dsn)

    if stop_at.startswith("journal "):
        _die_at_a_line(stop_at)

    def on_progress(event: Progress) -> None:
        if event.stage == stop_at:
            os.kill(os.getpid(), signal.SIGKILL)

    tempfile.tempdir = f"{work}-passing"
    Path(tempfile.tempdir).mkdir(exist_ok=True)
    Path(said).touch()
    try:
        if what == "create":
            create(target, store, Options(jobs=jobs, tags={"a": "b"}), work=Path(work), on_progress=on_progress)
        else:
            manifest = read_manifest(store, dump)
            restore(target, store, manifest, RestoreOptions(keep=False), work=Path(work), on_progress=on_progress)
    except BaseException:
        Path(said).write_text(traceback.format_exc())
        raise


def _die_at_a_line(when: str) -> None:
    """``journal before 3``: by kill -9, with three objects stored and two of them written down."""
    _, side, number = when.split()
    genuine, count = Journal.stored, itertools.count(1)

    def stored(self: Journal, stored: StoredObject, rows: int | None) -> None:
        mine = next(count)
        if mine == int(number) and side == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        genuine(self, stored, rows)
        if mine == int(number):
            os.kill(os.getpid(), signal.SIGKILL)

    Journal.stored = stored  # type: ignore[method-assign]


def keys(store: Store) -> list[str]:
    return [listed.key for listed in store.list()]
