"""What ``schema dump`` writes, as one file and split, makes in an empty database what it was taken from.

A sample of ../shared/cases runs by default; ``ROUND_TRIP=all`` (make test-nightly) runs each ``new.sql`` of them.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Server
from support.cases import drop_subscriptions, ensure_roles
from support.converge import databases, load
from support.roundtrip import round_trip

from dataio.errors import UsageError
from dataio.migrations.schema_split import MARK
from dataio.operations.split_folder import Replaced, write_folder
from dataio.postgres.conninfo import Target
from dataio.postgres.process import ToolFailed

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared" / "cases"
EVERY = 40
ALL = sorted(path.parent for path in SHARED.glob("**/new.sql"))
CASES = ALL if os.environ.get("ROUND_TRIP") == "all" else ALL[::EVERY]

CIRCLES = """
create schema "Some schema";
create table a (id integer primary key, b integer);
create table b (id integer primary key, a integer references a);
alter table a add foreign key (b) references b;
create function counted(integer) returns bigint language sql stable as 'select count(*) from b where a = $1';
create table c (id integer primary key, n bigint generated always as identity, a integer default 1 check (a > 0));
alter table c add constraint counts check (counted(a) >= 0);
create view v as select id, b, count(*) from a group by id;
create function of_view(v) returns integer language sql as 'select $1.id';
create type "Some schema"."Mood" as enum ('ok');
create table "Some schema"."Mood is/table" ("the mood" "Some schema"."Mood" default 'ok');
create table "Some schema"."mood is/table" (id serial);
create function f(integer) returns integer language sql immutable as 'select $1';
create function f(text) returns integer language sql immutable as 'select 1';
create index on a (f(b));
create cast (text as "Some schema"."Mood") with inout as assignment;
create table parent (a integer, b date) partition by range (b);
create index on parent (a);
create table child partition of parent for values from ('2020-01-01') to ('2021-01-01');
create function ends() returns event_trigger language plpgsql as $$ begin end $$;
create event trigger et on ddl_command_end execute function ends();
comment on view v is 'a view';
alter default privileges in schema public grant select on tables to round_trip_reader;
create table later (id integer);
revoke all on later from round_trip_reader;
create publication p for table a, b;
"""


def trip(server: Server, sql: str, folder: Path, setup: str = "") -> list[str] | None:
    """What differs after the round trip; None where the SQL does not load here."""
    folder.chmod(0o755)
    with databases(server.target) as (source, _):
        try:
            load(source, setup)
            load(source, sql)
        except ToolFailed:
            return None
        try:
            return round_trip(source, server.target, folder)
        finally:
            drop_subscriptions(source)


def test_circles_odd_names_and_what_acts_on_what_comes_after(pg18: Server, tmp_path: Path) -> None:
    ensure_roles(pg18.target, ["round_trip_reader"])
    assert trip(pg18, CIRCLES, tmp_path) == []
    files = {path.relative_to(tmp_path / "split").as_posix() for path in (tmp_path / "split").rglob("*.sql")}
    assert {
        "public/tables/a.sql",
        "public/functions/f.sql",
        "public/tables/parent.sql",
        "Some%20schema/schema.sql",
        "default_privileges.sql",
    } <= files
    assert len({name.lower() for name in files}) == len(files)
    assert any(name.endswith(".2.sql") for name in files)


def test_the_catalogue(pg18: Server, tmp_path: Path) -> None:
    assert trip(pg18, (ROOT / "schema.sql").read_text(), tmp_path) == []


@pytest.mark.skipif(not ALL, reason="../shared/cases is not there")
@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.name}")
def test_cases(case: Path, pg18: Server, tmp_path: Path) -> None:
    meta = json.loads((case / "meta.json").read_text()) if (case / "meta.json").exists() else {}
    ensure_roles(pg18.target, meta.get("roles", ()))
    setup = case / "setup.sql"
    wrong = trip(pg18, (case / "new.sql").read_text(), tmp_path, setup.read_text() if setup.exists() else "")
    if wrong is None:
        pytest.skip("does not load on this server")
    assert wrong == []


def test_a_folder_is_replaced_but_not_what_no_dump_wrote(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "HEAD").touch()
    (tmp_path / ".gitkeep").touch()
    first = dict.fromkeys(("public/tables/a.sql", "public/tables/b.sql", "public/c.sql"), f"{MARK}\n")
    assert write_folder(tmp_path, first) == Replaced()
    (tmp_path / "public/c.sql").write_text(f"{MARK}\nedited")
    second = {"public/tables/a.sql": f"{MARK}\n", "public/c.sql": f"{MARK}\n", "public/d.sql": f"{MARK}\n"}
    assert write_folder(tmp_path, second) == Replaced(("public/c.sql",), ("public/tables/b.sql",))
    assert sorted(path.name for path in tmp_path.rglob("*.sql")) == ["a.sql", "c.sql", "d.sql"]
    for foreign in ("mine.sql", "README.txt", "public/hosts"):
        (tmp_path / foreign).write_text("select 1;")
        with pytest.raises(UsageError, match=rf"{foreign} was not written by a dump"):
            write_folder(tmp_path, {})
        (tmp_path / foreign).unlink()
    (tmp_path / "link").symlink_to(tmp_path / "public")
    with pytest.raises(UsageError, match="link was not written by a dump"):
        write_folder(tmp_path, {})
    with pytest.raises(UsageError, match="is a file"):
        write_folder(tmp_path / ".gitkeep", {})


def test_an_empty_database_makes_no_files(pg18: Server, tmp_path: Path, database: Callable[..., Target]) -> None:
    assert round_trip(database(), pg18.target, tmp_path) == []
    assert not list((tmp_path / "split").rglob("*.sql"))
