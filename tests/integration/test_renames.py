"""Renames through the whole pipeline: rows stay, what refers to the renamed thing follows, nothing happens unasked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from support.planning import Planning, execute, planning

from dataio.errors import UsageError
from dataio.plan.model import Plan
from dataio.planner.renames.rename import Rename
from dataio.planner.renames.requests import asked
from dataio.postgres.conninfo import Target

Database = Callable[..., Target]

ROWS = "insert into t (id, a) values (1, 'x'), (2, 'y');"
TABLE = "create table t (id bigint primary key, a text not null default 'n');"
RENAMED = "create table t (id bigint primary key, b text not null default 'n');"


def flags(*texts: str) -> dict[str, Any]:
    return {"renames": tuple(map(asked, texts))}


def sql(plan: Plan) -> list[str]:
    return [statement.sql for statement in plan.statements]


def arrives(work: Planning, plan: Plan, desired: str) -> None:
    assert plan.proof is not None
    assert plan.proof.holds
    assert not plan.refused
    work.apply(plan)
    assert work.plan(desired).empty


def test_never_silently(database: Database, tmp_path: Path) -> None:
    work = planning(database, tmp_path, TABLE + ROWS)
    plan = work.plan(RENAMED)
    assert [hazard.name for hazard in plan.refused] == ["data-loss/drop-column"]
    assert not any("RENAME COLUMN" in text for text in sql(plan))
    assert plan.notes[-1] == (
        "column public.t.a is dropped and public.t.b added: if that is a rename, say --rename column:public.t.a=b"
    )


def test_a_flag(database: Database, tmp_path: Path) -> None:
    work = planning(database, tmp_path, TABLE + ROWS)
    plan = work.plan(RENAMED, **flags("column:public.t.a=b"))
    assert sql(plan)[0] == "ALTER TABLE public.t RENAME COLUMN a TO b"
    assert {hazard.name for hazard in plan.hazards} == {"dependency/rename", "lock/access-exclusive"}
    assert plan.changes[0].before == (("name", "a"),)
    arrives(work, plan, RENAMED)
    assert execute(work.target, "select b from t order by 1") == [("x",), ("y",)]


@pytest.mark.parametrize(
    "desired",
    [
        RENAMED.replace("b text", "\nb text").replace("'n')", "'n' -- dataio: renamed from a\n)"),
        RENAMED.replace("b text", '\n-- dataio: renamed from a\n"b" text'),
        RENAMED.replace("b text", "\n-- dataio: renamed from public.t.a\nb text"),
    ],
)
def test_a_hint(database: Database, tmp_path: Path, desired: str) -> None:
    work = planning(database, tmp_path, TABLE + ROWS)
    plan = work.plan(desired)
    arrives(work, plan, desired)
    assert execute(work.target, "select b from t order by 1") == [("x",), ("y",)]
    assert not any("renamed" in note for note in work.plan(desired + "create table other ();").notes)


def test_a_person_is_asked(database: Database, tmp_path: Path) -> None:
    asked_about: list[str] = []

    def answer(given: bool) -> Callable[[Rename], bool]:
        def ask(rename: Rename) -> bool:
            asked_about.append(rename.flag)
            return given

        return ask

    work = planning(database, tmp_path, TABLE + ROWS)
    assert work.plan(RENAMED, ask_rename=answer(False)).refused
    plan = work.plan(RENAMED, ask_rename=answer(True))
    assert asked_about == ["column:public.t.a=b"] * 2
    arrives(work, plan, RENAMED)


KINDS = [
    (
        "table:public.a=b",
        "create table a (id serial primary key, n text not null); create view v as select id, n from a;"
        "create table c (a integer references a); insert into a (n) values ('x');",
        "create table b (id serial primary key, n text not null); create view v as select id, n from b;"
        "create table c (a integer references b);",
        "select n from b",
    ),
    (
        "table:public.a=b",
        "create table a (id bigint generated always as identity, x integer) partition by range (x);"
        "create table a1 partition of a for values from (0) to (9); insert into a (x) values (1);",
        "create table b (id bigint generated always as identity, x integer) partition by range (x);"
        "create table a1 partition of b for values from (0) to (9);",
        "select x from b",
    ),
    (
        "column:public.t.a=b",
        "create table t (a integer generated always as identity primary key, x integer check (x > 0));"
        "create index t_a_x on t (a, x); create view v as select a from t; insert into t (x) values (1);"
        "create function f() returns bigint language sql begin atomic select count(a) from t; end;",
        "create table t (b integer generated always as identity primary key, x integer check (x > 0));"
        "create index t_a_x on t (b, x); create view v as select b as a from t;"
        "create function f() returns bigint language sql begin atomic select count(b) from t; end;",
        "select x from t where b = 1",
    ),
    (
        "type:public.old_kind=new_kind",
        "create type old_kind as enum ('a', 'b'); create table t (k old_kind default 'a', ks old_kind[]);"
        "insert into t values ('b', '{a}');",
        "create type new_kind as enum ('a', 'b'); create table t (k new_kind default 'a', ks new_kind[]);",
        "select k from t where k = 'b'",
    ),
    (
        "enum_value:public.status.old=new",
        "create type status as enum ('a', 'old', 'c'); create table t (s status default 'old');"
        "insert into t values ('old');",
        "create type status as enum ('a', 'new', 'c'); create table t (s status default 'new');",
        "select s from t where s = 'new'",
    ),
    (
        "composite:public.c=d",
        "create type c as (x integer, y text); create table t (v c); insert into t values (row (1, 'a'));",
        "create type d as (x integer, y text); create table t (v d);",
        "select (v).y from t",
    ),
    (
        "attribute:public.c.x=z",
        "create type c as (x integer, y text); create table t (v c); insert into t values (row (1, 'a'));",
        "create type c as (z integer, y text); create table t (v c);",
        "select (v).z from t",
    ),
    (
        "domain:public.d=e",
        "create domain d as integer check (value > 0); create table t (v d); insert into t values (1);",
        "create domain e as integer check (value > 0); create table t (v e);",
        "select v from t",
    ),
    (
        "range:public.r=s",
        "create type r as range (subtype = float8); create table t (v r, m r_multirange);"
        "insert into t values ('[1,2]');",
        "create type s as range (subtype = float8); create table t (v s, m s_multirange);",
        "select v from t where v = s(1, 2, '[]') and s_multirange(v) = s_multirange(v, v)",
    ),
    (
        "sequence:public.s=r",
        "create sequence s; create table t (a bigint default nextval('s')); insert into t default values;",
        "create sequence r; create table t (a bigint default nextval('r'));",
        "select a from t where nextval('r') = 2",
    ),
    (
        "view:public.v=w",
        "create table t (a integer); create view v as select a from t; create view x as select a from v;"
        "insert into t values (1);",
        "create table t (a integer); create view w as select a from t; create view x as select a from w;",
        "select a from x",
    ),
    (
        "function:public.f(integer)=g",
        "create function f(a integer) returns boolean language sql immutable as 'select a > 0';"
        "create table t (a integer check (f(a))); insert into t values (1);",
        "create function g(a integer) returns boolean language sql immutable as 'select a > 0';"
        "create table t (a integer constraint t_a_check check (g(a)));",
        "select a from t",
    ),
    (
        "schema:old=fresh",
        "create schema old; create table old.t (id serial, a integer); create view old.v as select a from old.t;"
        "insert into old.t (a) values (1);",
        "create schema fresh; create table fresh.t (id serial, a integer);"
        "create view fresh.v as select a from fresh.t;",
        "select a from fresh.v",
    ),
    (
        "constraint:public.t.x=y",
        "create table t (a integer constraint x check (a > 0)); insert into t values (1);",
        "create table t (a integer constraint y check (a > 0));",
        "select a from t",
    ),
    (
        "index:public.x=y",
        "create table t (a integer); create index x on t (a); insert into t values (1);",
        "create table t (a integer); create index y on t (a);",
        "select a from t",
    ),
    (
        "column:public.p.a=b",
        "create table p (a integer, x integer); create table q () inherits (p); insert into q values (1, 2);",
        "create table p (b integer, x integer); create table q () inherits (p);",
        "select b from q",
    ),
]


@pytest.mark.parametrize(("flag", "old", "new", "rows"), KINDS, ids=[f"{i}-{kind[0]}" for i, kind in enumerate(KINDS)])
def test_every_kind_keeps_its_rows(
    database: Database, tmp_path: Path, flag: str, old: str, new: str, rows: str
) -> None:
    work = planning(database, tmp_path, old)
    plan = work.plan(new, **flags(flag))
    assert not any(text.startswith(("DROP TABLE", "DROP TYPE", "DROP SEQUENCE", "DROP DOMAIN")) for text in sql(plan))
    arrives(work, plan, new)
    assert len(execute(work.target, rows)) == 1


@pytest.mark.parametrize("engine", ["migra", "native"])
def test_a_table_its_column_and_more(database: Database, tmp_path: Path, engine: str) -> None:
    """Everything at once: hinted table and column, a new column, a changed type; nothing of the table is lost."""
    work = planning(
        database, tmp_path,
        "create table a (id serial primary key, x integer not null, gone text); comment on table a is 'c';"
        "insert into a (x) values (7);",
    )  # fmt: skip
    desired = """
        create table b ( -- dataio: renamed from public.a
            id serial primary key,
            -- dataio: renamed from a.x
            y bigint not null,
            z text
        );
        comment on table b is 'c';
    """
    plan = work.plan(desired, engine=engine)
    assert sql(plan)[:2] == ["ALTER TABLE public.a RENAME TO b", "ALTER TABLE public.b RENAME COLUMN x TO y"]
    assert [(hazard.name, hazard.subject) for hazard in plan.refused] == [("data-loss/drop-column", "public.b.gone")]
    work.apply(plan)
    assert execute(work.target, "select id, y, z from b") == [(1, 7, None)]
    assert work.plan(desired).empty


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("a integer, b integer", "c integer", "public.t.a, public.t.b would go and public.t.c come"),
        ("a integer", "b integer, c integer", "public.t.a would go and public.t.b, public.t.c come"),
    ],
)
def test_rivals_are_told_and_none_is_taken(database: Database, tmp_path: Path, old: str, new: str, told: str) -> None:
    work = planning(database, tmp_path, f"create table t (id integer, {old});")
    plan = work.plan(f"create table t (id integer, {new});", ask_rename=lambda _: True)
    assert not any("RENAME" in text for text in sql(plan))
    assert told in plan.notes[-1]


def test_an_unclear_hint_renames_nothing(database: Database, tmp_path: Path) -> None:
    work = planning(database, tmp_path, "create table t (a integer); create table u (a integer);")
    desired = "create table t (\nb integer -- dataio: renamed from a\n); create table u (b integer);"
    plan = work.plan(desired)
    assert not any("RENAME" in text for text in sql(plan))
    assert any("schema.sql:2: renamed from a may mean several things" in note for note in plan.notes)
    assert work.plan(desired, **flags("column:t.a=b", "column:u.a=b")).refused == ()
    both = desired.replace("u (b integer", "u (\nb integer -- dataio: renamed from a\n")
    assert work.plan(both).refused == ()


@pytest.mark.parametrize(
    ("flag", "why"),
    [
        ("column:public.t.z=b", "the target has no column public.t.z"),
        ("column:public.t.id=b", "the schema still has column public.t.id"),
        ("column:public.t.a=c", "the schema has no column public.t.c"),
        ("column:public.t.a=id", "the target has column public.t.id already"),
    ],
)
def test_a_flag_that_names_no_rename_is_refused(database: Database, tmp_path: Path, flag: str, why: str) -> None:
    work = planning(database, tmp_path, TABLE)
    with pytest.raises(UsageError, match=why) as caught:
        work.plan(RENAMED, **flags(flag))
    assert caught.value.exit_code == 64
    with pytest.raises(UsageError):
        work.plan(TABLE, **flags("column:public.t.a=b"))


MOVED = """
    create type {0}.mood as enum ('sad', 'glad');
    create domain {0}.word as text check (value <> '');
    create type {0}.span as range (subtype = integer);
    create type {0}.pair as (a integer, b {0}.mood);
    create collation {0}.plain (locale = 'C');
    create sequence {0}.numbers;
    create function {0}.twice(x integer) returns integer language sql immutable return x * 2;
    create table {0}.person (
        id serial primary key, feels {0}.mood default 'glad', called {0}.word collate {0}.plain, years {0}.span,
        both_of {0}.pair, more integer generated always as ({0}.twice(1)) stored
    );
    create index by_name on {0}.person (called);
    create view {0}.people as select id, feels from {0}.person;
    create table visit (who integer references {0}.person, mood {0}.mood);
"""
THINGS = (
    "type:a.mood=b.mood", "type:a.word=b.word", "type:a.span=b.span", "type:a.pair=b.pair",
    "collation:a.plain=b.plain", "sequence:a.numbers=b.numbers", "function:a.twice(integer)=b.twice",
    "table:a.person=b.person", "view:a.people=b.people",
)  # fmt: skip


@pytest.mark.parametrize("left", ["create schema a;", ""], ids=["a schema that stays", "a schema that goes"])
def test_things_go_to_another_schema(database: Database, tmp_path: Path, left: str) -> None:
    """With all that is theirs; the schema that they go to is made first."""
    old = "create schema a;" + MOVED.format("a")
    rows = "insert into a.person (called, years) values ('x', '[1,2]'); insert into visit values (1, 'sad');"
    work = planning(database, tmp_path, old + rows)
    desired = f"{left}create schema b;{MOVED.format('b')}"
    plan = work.plan(desired, **flags(*THINGS))
    assert sql(plan)[:2] == ["CREATE SCHEMA b", "ALTER COLLATION a.plain SET SCHEMA b"]
    made = ("CREATE ", "ALTER TABLE b.", "DROP TABLE", "DROP TYPE", "DROP SEQUENCE", "DROP FUNCTION", "DROP VIEW")
    assert not any(text.startswith(made) for text in sql(plan)[1:])
    assert [hazard.name for hazard in plan.refused] == ([] if left else ["data-loss/drop-schema"])
    assert {hazard.name for hazard in plan.hazards} <= {
        "dependency/rename", "lock/access-exclusive", "data-loss/drop-schema"
    }  # fmt: skip
    assert [change.action for change in plan.changes[:2]] == ["create", "alter"]
    assert (plan.changes[1].before, plan.changes[1].after) == ((("schema", "a"),), (("schema", "b"),))
    work.apply(plan)
    assert work.plan(desired).empty
    assert execute(work.target, "select id, called, years::text, more from b.person") == [(1, "x", "[1,2]", 2)]


def test_a_hint_that_names_another_schema(database: Database, tmp_path: Path) -> None:
    """Other name and other schema at once; columns are hinted beside it."""
    work = planning(database, tmp_path, "create schema a; create table a.t (x integer); insert into a.t values (7);")
    desired = """
        create schema a;
        create schema b;
        create table b.u ( -- dataio: renamed from a.t
            y integer -- dataio: renamed from x
        );
    """
    plan = work.plan(desired)
    assert sql(plan) == [
        "CREATE SCHEMA b",
        "ALTER TABLE a.t SET SCHEMA b",
        "ALTER TABLE b.t RENAME TO u",
        "ALTER TABLE b.u RENAME COLUMN x TO y",
    ]
    arrives(work, plan, desired)
    assert execute(work.target, "select y from b.u") == [(7,)]
    assert not any("renamed from" in note for note in work.plan(desired).notes)


def test_without_a_hint_a_type_in_another_schema_is_another_one(database: Database, tmp_path: Path) -> None:
    work = planning(
        database, tmp_path,
        "create schema a; create schema b; create type a.mood as enum ('sad'); create table t (x a.mood);"
        "insert into t values ('sad');",
    )  # fmt: skip
    desired = "create schema a; create schema b; create type b.mood as enum ('sad'); create table t (x b.mood);"
    plan = work.plan(desired)
    assert not any("SET SCHEMA" in text for text in sql(plan))
    assert not any(text.startswith("DROP TABLE") for text in sql(plan))
    assert [hazard.name for hazard in plan.refused] == ["data-loss/narrow-type"]
    work.apply(plan)
    assert execute(work.target, "select x::text from t") == [("sad",)]


def test_the_way_back_of_a_move(database: Database, tmp_path: Path) -> None:
    work = planning(database, tmp_path, "create schema a; create table a.t (id serial); insert into a.t values (1);")
    plan = work.plan("create schema b; create table b.t (id serial);", number=1, name="x", **flags("table:a.t=b.t"))
    assert plan.rollback is not None
    assert [one.sql for one in plan.rollback.statements] == [
        "CREATE SCHEMA a",
        "ALTER TABLE b.t SET SCHEMA a",
        "DROP SCHEMA b",
    ]


def test_a_column_cannot_go_to_another_schema() -> None:
    with pytest.raises(UsageError, match="column cannot go to another schema by itself"):
        asked("column:a.t.x=b.y")
