"""What is about the whole server is told from what only looks like it, and leaves a gap of its own size."""

from __future__ import annotations

from pathlib import Path

import pytest

from dataio.postgres.server_wide import blanked, in_blocks, left_out, server_wide

OURS = r"""-- create role a;
/* drop database b; */
create user mapping for a server s;
alter user mapping for a server s options (x 'y'); drop user mapping for a server s;
grant select on t to a;
revoke grant option for
  select on t from a;
grant all on schema s to a with grant option;
do $$ begin
create role a;
exception when duplicate_object then null; end $$;
insert into t values ('
create role a;
');
create table role (database text); alter table role drop database;
reassign owned by a to b; alter default privileges grant select on tables to a;
"""


def test_nothing_of_this_is_about_the_server() -> None:
    assert server_wide(OURS) == []
    assert blanked(OURS) is None


@pytest.mark.parametrize(
    "statement",
    [
        "create role a login password 'x;y'",
        "CREATE USER a",
        "create group a",
        "alter role a set search_path to b",
        'drop role "Odd; name"',
        "create database a",
        "drop database if exists a",
        "alter database a set work_mem to '1MB'",
        "create tablespace a location '/b'",
        "alter system set work_mem to '1MB'",
        "grant a to b with admin option",
        "revoke a\n from b",
        "create\n role a",
        "create /* b */ role a",
        "create -- b\n role a",
    ],
)
def test_this_is(statement: str) -> None:
    text = f"select 1; {statement};\nselect 2;"
    kept = blanked(text)
    assert kept is not None
    assert kept.split() == ["select", "1;", "select", "2;"]
    assert (len(kept), kept.count("\n")) == (len(text), text.count("\n"))


def test_a_plan_says_what_was_left_out_and_no_password(tmp_path: Path) -> None:
    path = tmp_path / "schema.sql"
    path.write_text("create role a\n password 'secret';\ngrant b to a;\ncreate user c; create user \"D e\";\n")
    (note,) = left_out([path])
    assert note == (
        "left to the server, not run: create role a (schema.sql:1), grant b to a (schema.sql:3),"
        " create user c (schema.sql:4) and 1 more"
    )
    path.write_text("create table t ();")
    assert left_out([path]) == ()


@pytest.mark.parametrize("before", ["/* x */", "/* x\n y */ /* z */", "select 1; /* x */"])
def test_a_statement_behind_a_comment_is_found(before: str, tmp_path: Path) -> None:
    text = f"{before} create /* why */ role a password 'x';"
    (one,) = server_wide(text)
    assert text[one.start :].startswith("create")
    (tmp_path / "schema.sql").write_text(text)
    (note,) = left_out([tmp_path / "schema.sql"])
    assert f"create role a (schema.sql:{text.count(chr(10)) + 1})" in note


def test_blocks_that_speak_of_the_server_are_told(tmp_path: Path) -> None:
    path = tmp_path / "schema.sql"
    path.write_text(
        "create table t (a integer);\n"
        "do $$ begin if not exists (select from pg_roles where rolname = 'a') then\nCREATE  ROLE a; end if; end $$;\n"
        "do $$ begin create table u (create_role text); end $$;\n"
        "do $$ begin create user mapping for a server s; end $$;\n"
        "create function f() returns void language plpgsql as $$ begin create role b; end $$;\n"
    )
    (note,) = in_blocks([path])
    assert "DO blocks at schema.sql:2 (create role);" in note
    path.write_text("select 1;")
    assert in_blocks([path]) == ()
