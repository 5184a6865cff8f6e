"""Where ``schema plan`` writes no script, since that would help nobody but this one database; and what it says next."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Server
from support.planning import execute

from acceptance.conftest import Project, project
from dataio.postgres.conninfo import Target

ENUM = "CREATE TYPE e AS ENUM ('a'{}); CREATE TABLE t (i integer{}, x e DEFAULT '{}');\n"


@pytest.fixture
def enum(tmp_path: Path, database: Callable[..., Target]) -> Project:
    """At 001; the next script needs two transactions, and two rows stand in the way of the second."""
    work = project(tmp_path, database(), ENUM.format("", "", "a"))
    work.cli("schema", "plan", "one")
    work.cli("schema", "apply", "--yes")
    work.execute("INSERT INTO t VALUES (1), (1)")
    work.schema.write_text(ENUM.format(", 'b'", " UNIQUE", "b"))
    return work


def test_rows_in_the_way_are_to_be_mended_not_allowed(enum: Project) -> None:
    plan = enum.cli("schema", "plan", "two").out
    assert "✗ constraint/unique public.t.t_i_key: 1 row violates UNIQUE (i)" in plan
    assert "✗ Rows: 1 row in the way, of 1 check: the script fails until they are mended" in plan
    assert "Next: mend these rows, then dataio schema apply\n" in plan
    assert "--allow" not in plan


def test_a_migration_under_way_is_not_planned_around(enum: Project) -> None:
    enum.cli("schema", "plan", "two")
    script = (enum.folder / "generated_migrations" / "002_two.sql").read_text()
    enum.cli("schema", "apply", "--yes", "--allow", "constraint", code=1)
    refused = enum.cli("schema", "plan", "two", code=1)
    assert "migration 002 is under way here: it is committed up to its transaction 1" in refused.err
    assert "hint: dataio schema apply goes on there" in refused.err
    assert (enum.folder / "generated_migrations" / "002_two.sql").read_text() == script
    assert "ADD CONSTRAINT t_i_key UNIQUE (i)" in enum.cli("schema", "plan", "--no-write").out
    enum.execute("DELETE FROM t")
    enum.cli("schema", "apply", "--yes")
    enum.settled()


def test_no_script_from_a_state_that_no_script_makes(small: Project) -> None:
    small.cli("schema", "plan", "first")
    small.cli("schema", "apply", "--yes")
    small.execute("CREATE INDEX by_hand ON thing (name)")
    small.edit(("name text NOT NULL", "name text NOT NULL, colour text"))
    refused = small.cli("schema", "plan", "second", code=4)
    assert "is not what migration 001 made it" in refused.err
    assert "+ index public.by_hand: only in the database" in refused.err
    assert "dataio schema drift --adopt" in refused.err
    assert small.scripts == ["001_first.sql"]
    assert "DROP INDEX public.by_hand" in small.cli("schema", "plan", "--no-write").out
    small.execute("DROP INDEX by_hand")
    small.cli("schema", "plan", "second")
    small.cli("schema", "apply", "--yes")
    small.settled()


def test_a_schema_that_nobody_wrote_drops_nothing(small: Project) -> None:
    small.execute("CREATE TABLE older (id bigint)")
    small.schema.write_text("-- nothing yet\n/* CREATE TABLE t (); */\n")
    refused = small.cli("schema", "plan", "first", code=3)
    assert "the schema holds no statement" in refused.err
    assert "hint: dataio schema adopt" in refused.err
    assert small.scripts == []
    assert "DROP TABLE public.older" in small.cli("schema", "plan", "--no-write").out


def test_a_schema_of_included_files_is_one(small: Project) -> None:
    (small.folder / "part.sql").write_text("CREATE TABLE thing (id bigint);\n")
    small.execute("CREATE TABLE older (id bigint)")
    small.schema.write_text("\\ir part.sql\n")
    small.cli("schema", "plan", "first")
    assert small.scripts == ["001_first.sql"]


def test_a_colleagues_script_is_not_replaced(small: Project) -> None:
    def git(*arguments: str, by: str) -> None:
        who = ["-c", f"user.name={by}", "-c", f"user.email={by}@example.org"]
        subprocess.run(["git", *who, *arguments], cwd=small.folder, check=True)

    small.cli("schema", "plan", "first")
    git("init", "-q", by="me")
    git("config", "user.email", "me@example.org", by="me")
    git("add", ".", by="her")
    git("commit", "-qm", "001 first", by="her")
    small.edit(("name text NOT NULL", "name text NOT NULL, colour text"))
    refused = small.cli("schema", "plan", "mine", code=1)
    assert "001_first.sql is pending on this database, but her committed it" in refused.err
    assert small.scripts == ["001_first.sql"]
    git("commit", "-q", "--amend", "--reset-author", "-m", "001 first", by="me")
    replaced = small.cli("schema", "plan", "mine")
    assert "replaced the pending script: generated_migrations/001_mine.sql in place of 001_first.sql" in replaced.err


def test_the_next_command_names_the_same_target(small: Project) -> None:
    (small.folder / "dataio.toml").write_text(
        'target = "dev"\n[env.dev]\nurl_env = "DEV_URL"\n[env.prod]\nurl_env = "DATAIO_DATABASE_URL"\n'
    )
    url = small.target.url(None)
    plan = small.cli("schema", "plan", "first", "--target", "prod", DEV_URL=url).out
    assert "Next: dataio schema apply --target prod\n" in plan
    plan = small.cli("schema", "plan", "first", "--target", url, DEV_URL=url, DATAIO_DATABASE_URL="").out
    assert "Next: dataio schema apply --target URL\n" in plan


def test_another_role_looks_at_it(
    tmp_path: Path, pg18: Server, database: Callable[..., Target], role: Callable[..., str]
) -> None:
    """What an owner grants is the same to everybody; what is the own role's alone is said to be so."""
    owner, reader = role("login createdb", password="just-enough-2"), "pg_monitor"
    made = database(owner=owner)
    target = pg18.tcp_target.with_dbname(made.dbname).with_user(owner, "just-enough-2")
    execute(target, f"CREATE TABLE t (i integer); GRANT SELECT ON t TO {reader}; GRANT UPDATE (i) ON t TO {reader}")
    work = project(tmp_path, target, "")
    work.schema.unlink()
    work.cli("schema", "adopt", "--yes", DATAIO_DATABASE_URL=target.url())
    assert "drift:   none" in work.cli("schema", "status", DATAIO_DATABASE_URL=made.url(None)).out
    execute(target, f"ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO {reader}")
    work.schema.write_text(f"{work.schema.read_text()}CREATE TABLE u (i integer);\n")
    refused = work.cli("schema", "plan", "more", code=4, DATAIO_DATABASE_URL=made.url(None))
    assert f"default privileges of {owner} on tables for {reader}: only in the database" in refused.err
    assert f"migration 001 was applied by {owner}" in refused.err
