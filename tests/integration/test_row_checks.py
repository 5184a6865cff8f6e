"""Rows that would make a plan fail are found before anything runs, counted right, and nothing is locked for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from support.planning import execute, planning

from dataio.plan.render.sql import render
from dataio.plan.script import parse
from dataio.planner.row_counts import count
from dataio.postgres.connection import connect
from dataio.postgres.conninfo import Target

Database = Callable[..., Target]


@dataclass(frozen=True)
class Case:
    """Rows in ``old`` of which ``rows`` violate what ``new`` asks for; ``keys``: all of them, as they are shown."""

    name: str
    old: str
    data: str
    new: str
    rows: int
    keys: tuple[str, ...]


T = "create table t (id integer primary key, n integer, name text);"
CASES = [
    Case("constraint/not-null", T, "insert into t values (1, 1), (2, null), (3, null)",
         T.replace("n integer", "n integer not null"), 2, ("id=2", "id=3")),
    Case("constraint/check", T, "insert into t values (1, 1), (2, -2), (3, null)",
         T + "alter table t add check (n > 0);", 1, ("id=2",)),
    Case("constraint/unique", T, "insert into t values (1, 1), (2, 1), (3, 1), (4, null), (5, null)",
         T + "alter table t add unique (n);", 2, ("id=2", "id=3")),
    Case("constraint/unique", T, "insert into t values (1, 1, 'A'), (2, 2, 'a'), (3, -1, 'b'), (4, -1, 'B')",
         T + "create unique index on t (lower(name)) where n > 0;", 1, ("id=2",)),
    Case("constraint/unique", T, "insert into t values (1, null), (2, null)",
         T + "alter table t add unique nulls not distinct (n);", 1, ("id=2",)),
    Case("constraint/primary-key", "create table t (a integer, b integer);",
         "insert into t values (1, 1), (1, 1), (1, 2)", "create table t (a integer, b integer, primary key (a, b));",
         1, ()),
    Case("constraint/exclude", "create table t (id integer primary key, r int4range);",
         "insert into t values (1, '[1,5)'), (2, '[4,6)'), (3, '[9,10)')",
         "create table t (id integer primary key, r int4range, exclude using gist (r with &&));", 2, ("id=1", "id=2")),
    Case("constraint/foreign-key", "create table p (id integer primary key);" + T,
         "insert into p values (1); insert into t values (1, 1), (2, 2), (3, null)",
         "create table p (id integer primary key);" + T + "alter table t add foreign key (n) references p;",
         1, ("id=2",)),
    Case("constraint/foreign-key", T, "insert into t values (1, 1)",
         "create table p (id integer primary key);" + T + "alter table t add foreign key (n) references p;",
         1, ("id=1",)),
    Case("constraint/cast", T, "insert into t values (1, 1, 'long enough'), (2, 2, 'x')",
         T.replace("name text", "name varchar(5)"), 1, ("id=1",)),
    Case("constraint/cast", T, "insert into t values (1, 1, '12'), (2, 2, 'x')",
         T.replace("name text", "name integer"), 1, ("id=2",)),
    Case("constraint/cast", "create table t (id integer primary key, n bigint);",
         "insert into t values (1, 1), (2, 3000000000)", "create table t (id integer primary key, n integer);",
         1, ("id=2",)),
    Case("constraint/enum-value",
         "create type c as enum ('a', 'b'); create table t (id integer primary key, c c, l c[]);",
         "insert into t values (1, 'a'), (2, 'b')",
         "create type c as enum ('a'); create table t (id integer primary key, c c, l c[]);", 1, ("id=2",)),
    Case("constraint/domain", "create domain d as integer; create table t (id integer primary key, v d);",
         "insert into t values (1, 5), (2, -5)",
         "create domain d as integer check (value > 0); create table t (id integer primary key, v d);", 1, ("id=2",)),
    Case("constraint/partition-bound",
         "create table p (id integer, k integer) partition by list (k); create table t (id integer, k integer);",
         "insert into t values (1, 1), (2, 2)",
         "create table p (id integer, k integer) partition by list (k);"
         "create table t partition of p for values in (1);", 1, ()),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=[f"{case.name}-{i}" for i, case in enumerate(CASES)])
def test_rows_in_the_way_are_counted(database: Database, tmp_path: Path, case: Case) -> None:
    work = planning(database, tmp_path, case.old)
    execute(work.target, case.data)
    plan = work.plan(case.new, engine="native")
    found = [check for check in plan.checks if check.rows]
    assert [(check.name, check.rows) for check in found] == [(case.name, case.rows)]
    assert not [check.note for check in plan.checks if check.note]
    if case.keys:
        assert sorted(found[0].keys) == sorted(case.keys)
    assert case.name in {hazard.name for hazard in plan.refused}
    asked = parse(render(plan)).header.checks
    assert [check.sql for check in asked] == [check.sql for check in plan.checks]
    with connect(work.target, autocommit=False) as other:  # all but ACCESS SHARE would wait for this
        for table in {check.subject.split(".")[1] for check in asked}:
            other.execute(f"lock table {table} in exclusive mode".encode())
        assert [check.rows for check in count(work.target, asked)] == [check.rows for check in plan.checks]


def test_five_keys_are_shown_and_all_rows_counted(database: Database, tmp_path: Path) -> None:
    work = planning(database, tmp_path, T + "insert into t select i, null from generate_series(1, 1000) i;")
    plan = work.plan(T.replace("n integer", "n integer not null"))
    [hazard] = [one for one in plan.refused if one.kind == "constraint"]
    assert (hazard.rows, hazard.message.count("id=")) == (1000, 5)


def test_renamed_and_new_columns_are_seen_as_they_will_be(database: Database, tmp_path: Path) -> None:
    work = planning(database, tmp_path, T + "insert into t values (1, -1), (2, 2);")
    new = """
        -- dataio: renamed from t
        create table things (
            id integer primary key,
            -- dataio: renamed from n
            amount integer,
            name text,
            least integer default 0,
            check (amount > least)
        );
    """
    plan = work.plan(new)
    assert [(one.name, one.rows, one.keys) for one in plan.checks if one.rows] == [("constraint/check", 1, ("id=1",))]


def test_the_time_for_checks_is_bounded(database: Database, tmp_path: Path) -> None:
    work = planning(database, tmp_path, T + "insert into t select i, i from generate_series(1, 3) i;")
    slow = "create function slow(integer) returns boolean language sql immutable as 'select pg_sleep(5) is not null';"
    execute(work.target, slow)
    plan = work.plan(slow + T + "alter table t add check (slow(n));", check_rows=0.2)
    assert [(check.rows, "takes longer" in check.note) for check in plan.checks] == [(None, True)]


def test_a_locked_table_is_not_waited_for(database: Database, tmp_path: Path) -> None:
    work = planning(database, tmp_path, T)
    plan = work.plan(T.replace("n integer", "n integer not null"))
    with connect(work.target, autocommit=False) as other:
        other.execute("lock table t in access exclusive mode")
        [check] = count(work.target, plan.checks)
    assert (check.rows, check.note) == (None, "not counted: another session has locked the table")


def test_what_would_write_is_not_run(database: Database, tmp_path: Path) -> None:
    """A new column's default may count a sequence up: the check is read only, and says that it was not made."""
    work = planning(database, tmp_path, T + "create sequence s; insert into t values (1, 1);")
    plan = work.plan(
        "create sequence s;" + T.replace("name text", "name text, m integer default nextval('s') check (m > 5)")
    )
    assert execute(work.target, "select is_called from s") == [(False,)]
    assert [check.rows for check in plan.checks if check.name == "constraint/check"] == [None]
