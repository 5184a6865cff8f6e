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
