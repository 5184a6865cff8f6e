"""Rows in the way: exit 3 before anything runs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from support.planning import execute

from acceptance.conftest import project
from dataio.postgres.conninfo import Target

OLD = "create table t (id integer primary key, n integer);\n"


def test_apply_refuses_what_the_rows_would_not_let_through(database: Callable[..., Target], tmp_path: Path) -> None:
    work = project(tmp_path, database(), OLD.replace("n integer", "n integer not null"))
    execute(work.target, OLD)
    work.cli("schema", "plan", "strict")
    execute(work.target, "insert into t values (1, null), (2, 2)")
    refused = work.cli("schema", "apply", "--yes", code=3)
    assert "constraint/not-null" in refused.err
    assert "1 row violates NOT NULL: id=1" in refused.err
    assert "NULL" in work.cli("schema", "apply", "--yes", "--no-data-checks", code=1).err
    execute(work.target, "delete from t where n is null")
    work.cli("schema", "apply", "--yes")


def test_a_new_column_without_a_value_is_nothing_to_mend(database: Callable[..., Target], tmp_path: Path) -> None:
    work = project(tmp_path, database(), OLD.replace("n integer", "n integer, must text not null"))
    execute(work.target, OLD)
    execute(work.target, "insert into t values (1, 1), (2, 2)")
    why = "has no value for 2 rows: give it a DEFAULT, or add it nullable, fill it, then SET NOT NULL"
    assert why in " ".join(work.cli("schema", "plan", "must").out.split())
    refused = work.cli("schema", "apply", "--yes", code=3).err
    assert f"public.t.must: {why}" in refused
    assert "Change schema.sql and plan again." in refused
    assert "Mend" not in refused


def test_what_is_not_allowed_and_rows_in_the_way_are_said_at_once(
    database: Callable[..., Target], tmp_path: Path
) -> None:
    work = project(tmp_path, database(), "create table t (id integer primary key, n integer not null);\n")
    execute(work.target, OLD.replace("n integer", "n integer, old text"))
    execute(work.target, "insert into t values (1, null)")
    work.cli("schema", "plan", "both")
    refused = work.cli("schema", "apply", "--yes", code=3).err
    assert "error: data-loss/drop-column not allowed, and rows stand in the way: constraint/not-null" in refused
    assert "1 row violates NOT NULL: id=1" in refused
    assert "Nothing was changed. Mend these rows, apply again" in refused
    assert "To allow the rest: --allow data-loss/drop-column" in refused
    assert "rows stand" not in work.cli("schema", "apply", "--yes", "--no-data-checks", code=3).err
