"""``dataio db recreate``: a database dropped and built anew, from the scripts or from the schema files."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Literal

import psycopg
from psycopg import sql

from dataio.dumps.inserts import insert
from dataio.errors import DataioError, UsageError
from dataio.migrations import files, history, replay
from dataio.migrations.files import ScriptFile
from dataio.operations.state import Observatory
from dataio.operations.target import Place
from dataio.plan.script import label
from dataio.postgres.connection import connect
from dataio.postgres.conninfo import Target
from dataio.postgres.load import load_schema
from dataio.postgres.locale import Locale
from dataio.postgres.publishers import kept_quiet
from dataio.postgres.redact import redact
from dataio.postgres.server_wide import left_out
from dataio.postgres.subscriptions import drop_subscriptions, subscriptions
from dataio.progress import OnProgress, report
from dataio.snapshot.take import take
from dataio.words import plural

MAINTENANCE: Final = ("postgres", "template1")


@dataclass(frozen=True)
class Recreated:
    """The database that was built: its version (0 without a history) and, where it has one, its fingerprint."""

    origin: Literal["migrations", "schema"]
    scripts: int
    version: int
    fingerprint: str
    notes: tuple[str, ...] = ()


def what_is_lost(place: Place) -> str:
    """What a database holds, in words, for the question before it is dropped."""
    if not place.exists:
        return "which is not there yet"
    with connect(place.target, read_only=True) as connection:
        row = connection.execute(
            "select pg_catalog.pg_size_pretty(pg_catalog.pg_database_size(pg_catalog.current_database())),"
            " (select count(*) from pg_catalog.pg_stat_user_tables where schemaname <> 'dataio_meta'),"
            " (select coalesce(sum(n_live_tup), 0) from pg_catalog.pg_stat_user_tables),"
            " (select count(*) from pg_catalog.pg_stat_activity where datname = pg_catalog.current_database()"
            "  and pid <> pg_catalog.pg_backend_pid() and backend_type = 'client backend')"
        ).fetchone()
    size, tables, rows, sessions = row or ("?", 0, 0, 0)
    others = f", {plural(sessions, 'other session')}" if sessions else ""
    return f"{size}, {plural(tables, 'table')}, about {plural(rows, 'row')}{others}"


def recreate(
    place: Place,
    *,
    origin: Literal["migrations", "schema"],
    sources: Sequence[Path] = (),
    migrations: Path,
    data: Path | None = None,
    on_progress: OnProgress = None,
) -> Recreated:
    """Build the database beside the one that is there, then put it in its place; the old one goes with all it holds.

    Where building fails the old database stays as it was. Sessions on it are ended. Raises SourceError,
    MigrationError, ConnectionFailed, and DataioError where the role may not make databases or this one has
    subscriptions.
    """
    scripts = files.scan(migrations)
    if origin == "migrations" and not scripts:
        raise UsageError(
            f"there are no scripts in {migrations}", hint="Build from the schema: dataio db recreate --from schema."
        )
    server = _maintenance(place)
    _refuse_subscriptions(server, place.database)
    new = f"{place.database[:40]}_dataio_{secrets.token_hex(4)}"
    target = place.target.with_dbname(new)
    _create(server, new, place)
    try:
        built = replace(place, target=target, database=new)
        if origin == "migrations":
            replay.build(target, scripts, on_progress=on_progress)
        else:
            report(on_progress, "load", "the schema")
            load_schema(target, tuple(sources), server=place.target.describe())
        result = _described(built, origin, scripts)
        if origin == "schema":
            result = replace(result, notes=(*result.notes, *left_out(sources), *kept_quiet(sources)))
        if data is not None:
            inserted = insert(target, data, on_progress=on_progress)
            rows = ", ".join(f"{table} {count}" for table, count in inserted.rows.items())
            result = replace(
                result, notes=(*result.notes, f"{plural(len(inserted.files), 'file')} of data inserts: {rows}")
            )
        report(on_progress, "swap", place.database)
        _swap(server, new, place.database)
    except BaseException:
        with connect(server) as connection:
            if names := subscriptions(connection, new):
                drop_subscriptions(target, names)
            connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(new)))
        raise
    return result


def _described(built: Place, origin: Literal["migrations", "schema"], scripts: Sequence[ScriptFile]) -> Recreated:
    """Version and fingerprint; a database from the schema is given the history that the scripts would have left."""
    last = scripts[-1] if scripts else None
    with connect(built.target) as connection:
        if last is None:
            return Recreated(origin, 0, 0, take(connection).fingerprint)
        got = Observatory(built, scripts).checks().current(connection, last.header)
        if origin == "migrations":
            notes = (
                ()
                if got == last.header.to_fingerprint
                else (f"{last.label} promised {last.header.to_fingerprint}: the scripts did not make it again",)
            )
            return Recreated(origin, len(scripts), last.number, got, notes)
        if got == last.header.to_fingerprint:
            for one in scripts:
                history.register(connection, one.script)
            return Recreated(origin, len(scripts), last.number, got)
    note = f"it has no history: the schema is not what {label(last.number)} makes (dataio schema check)"
    return Recreated(origin, len(scripts), 0, got, (note,))


def _maintenance(place: Place) -> Target:
    """Another database of the same server, to work from."""
    error: DataioError | None = None
    for name in MAINTENANCE:
        if name == place.database:
            continue
        try:
            with connect(place.target.with_dbname(name)):
                return place.target.with_dbname(name)
        except DataioError as failed:
            error = failed
    raise error or UsageError(f"{place.database} cannot be recreated")


def _refuse_subscriptions(server: Target, database: str) -> None:
    """PostgreSQL drops no database that has some, and only their owner knows what becomes of the publishers' slots."""
    with connect(server) as connection:
        if names := subscriptions(connection, database):
            raise DataioError(
                f"{database} has subscriptions, so it cannot be dropped: {', '.join(names)}",
                hint="DROP SUBSCRIPTION first: that drops its slot on the publisher as well.",
            )


def _create(server: Target, name: str, place: Place) -> None:
    options: list[sql.Composable] = []
    if place.exists:
        with connect(place.target, read_only=True) as connection:
            options = Locale.of(connection).options(place.major)
    statement = sql.SQL("create database {} template template0 {}").format(
        sql.Identifier(name), sql.SQL(" ").join(options)
    )
    try:
        with connect(server) as connection:
            connection.execute(statement)
    except psycopg.Error as error:
        raise DataioError(
            f"cannot make a database on the server of {place.target.describe()}: {redact(str(error).strip())}",
            hint="The role needs CREATEDB.",
        ) from None


def _swap(server: Target, new: str, name: str) -> None:
    try:
        with connect(server) as connection:
            connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))
            connection.execute(
                sql.SQL("alter database {} rename to {}").format(sql.Identifier(new), sql.Identifier(name))
            )
    except psycopg.Error as error:
        raise DataioError(
            f"{name} could not be replaced: {redact(str(error).strip())}",
            hint="The role must own the database. What was built beside it is dropped again.",
        ) from None
