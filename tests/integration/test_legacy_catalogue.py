"""The legacy catalogue loads, script by script, on every server that we test against."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest
from psycopg import sql
from support.legacy import load_legacy, migrations

from dataio.postgres.connection import connect
from dataio.postgres.conninfo import Target


@pytest.fixture(params=["pg15", "pg16", "pg18"])
def empty(request: pytest.FixtureRequest, database: Callable[..., Target]) -> Target:
    return database(request.getfixturevalue(request.param))


def test_there_are_25_scripts_numbered_without_gaps() -> None:
    assert [int(path.name[:3]) for path in migrations()] == list(range(1, 26))


def test_every_script_registers_itself_under_its_own_name(empty: Target) -> None:
    load_legacy(empty, seed=False)
    with connect(empty) as connection:
        rows = connection.execute(
            "SELECT migration_number, migration_name FROM db_migration_history ORDER BY migration_number"
        ).fetchall()
    assert rows == [(int(path.stem[:3]), path.stem[4:]) for path in migrations()]


def test_the_seed_puts_rows_into_every_table(empty: Target) -> None:
    load_legacy(empty)
    with connect(empty) as connection:
        tables = [
            name
            for (name,) in connection.execute(
                "SELECT relname FROM pg_class"
                " WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v', 'm') ORDER BY 1"
            )
        ]
        assert {"auditLog", "user", "dataset_overview", "collection_statistics"} <= set(tables)
        empty_tables = [
            name
            for name in tables
            if not connection.execute(sql.SQL("SELECT FROM {} LIMIT 1").format(sql.Identifier(name))).fetchall()
        ]
    assert empty_tables == []


def test_a_migration_can_be_stopped_at(database: Callable[..., Target]) -> None:
    target = database()
    load_legacy(target, upto=12)
    with connect(target) as connection:
        assert connection.execute("SELECT max(migration_number) FROM db_migration_history").fetchall() == [(12,)]
        with pytest.raises(psycopg.errors.UndefinedTable):
            connection.execute("SELECT FROM permission")


def test_what_the_team_relies_on_works(empty: Target) -> None:
    load_legacy(empty)
    with connect(empty) as connection:
        with pytest.raises(psycopg.errors.CheckViolation, match="ds_id_12"):
            connection.execute("SELECT add_dataset('SHORT', 'Too short', 'Rainfall')")
        with pytest.raises(psycopg.errors.RaiseException, match="unknown collection Nowhere"):
            connection.execute("SELECT add_dataset('EP0001DS0009', 'Lost', 'Nowhere')")
        ranks = connection.execute(
            "SELECT dataset_id, rank FROM effective_level WHERE user_id = 2 ORDER BY dataset_id"
        ).fetchall()
        assert ranks == [(1, 2), (2, 2), (3, 0), (4, 2)]
        frequencies = connection.execute("SELECT enum_range(NULL::frequency)::text[]").fetchall()
        assert frequencies == [(["DAILY", "WEEKLY", "FORTNIGHTLY", "MONTHLY", "YEARLY", "ONCE"],)]
