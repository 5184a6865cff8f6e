"""The scripts stand on their own: plain ``psql -f`` applies them, and leaves the same history."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from support.migrations import checks, past, script_for, script_of, state
from support.plans import plan_of, statement

from dataio.migrations.executor import apply_all, apply_script
from dataio.migrations.history import History
from dataio.plan.script import Script
from dataio.postgres.binaries import load_binaries
from dataio.postgres.connection import connect
from dataio.postgres.conninfo import Target

Database = Callable[..., Target]


def psql(target: Target, script: Script, folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    path = folder / "script.sql"
    path.write_bytes(script.text.encode())
    command = [str(load_binaries().path("psql")), "-Xq", *options, "-f", str(path)]
    return subprocess.run(
        [*command, *target.arguments()], env=target.env(), capture_output=True, text=True, check=False
    )


def rows(history: History) -> list[dict[str, Any]]:
    return [{k: v for k, v in vars(row).items() if k != "applied_at"} for row in history.migrations]


def chain(target: Target) -> list[Script]:
    scripts = []
    texts: list[list[Any]] = [
        [
            "CREATE TABLE t (a int, s text DEFAULT 'ü\\n')",
            "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'select x from nix'",
        ],
        ["ALTER TABLE t ADD b int", statement("CREATE TYPE e AS ENUM ()"), statement("ALTER TYPE e ADD VALUE 'a'")],
        ["DROP FUNCTION f", statement("ALTER TABLE t ADD c e DEFAULT 'a'", new_transaction=True)],
    ]
    for number, one in enumerate(texts, start=1):
        scripts.append(script_for(target, one, number=number))
        apply_script(target, scripts[-1], checks=checks())
    return scripts


def test_the_same_history_and_schema(database: Database, tmp_path: Path) -> None:
    made, applied, piped = database(), database(), database()
    scripts = chain(made)
    apply_all(applied, scripts, checks=checks())
    for script in scripts:
        done = psql(piped, script, tmp_path, "-v", "ON_ERROR_STOP=1")
        assert (done.returncode, done.stderr, done.stdout) == (0, "", "")
    assert rows(past(piped)) == rows(past(applied)) == rows(past(made))
    assert state(piped) == state(applied) == state(made)
    assert past(piped).segments == ()


def test_psql_and_dataio_take_turns(database: Database, tmp_path: Path) -> None:
    made, target = database(), database()
    one, two, three = chain(made)
    assert psql(target, one, tmp_path).returncode == 0
    assert apply_script(target, two, checks=checks()).verified
    assert psql(target, three, tmp_path).returncode == 0
    assert rows(past(target)) == rows(past(made))


def test_again_is_refused_and_changes_nothing(database: Database, tmp_path: Path) -> None:
    target = database()
    script = script_for(target, ["CREATE TABLE t (a int)"])
    assert psql(target, script, tmp_path).stderr == ""
    before = state(target)
    for options in ([], ["-v", "ON_ERROR_STOP=1"]):
        done = psql(target, script, tmp_path, *options)
        assert "migration 001 is applied already" in done.stderr
        assert "This database is at version 1." in done.stderr
    assert state(target) == before
    assert len(past(target).migrations) == 1


def test_out_of_order_is_refused(database: Database, tmp_path: Path) -> None:
    target = database()
    before = state(target)
    done = psql(target, script_of(plan_of(["CREATE TABLE t (a int)"], number=3)), tmp_path)
    assert "migration 003 does not follow on this database" in done.stderr
    assert "No migration was applied here." in done.stderr
    assert state(target) == before
    assert past(target).version == 0


def test_a_failed_statement_changes_nothing_even_if_psql_goes_on(database: Database, tmp_path: Path) -> None:
    target = database()
    before = state(target)
    plan = plan_of(["CREATE TABLE t (a int)", "SELECT 1/0", statement("CREATE TABLE u (a int)", new_transaction=True)])
    done = psql(target, script_of(plan), tmp_path)
    assert "division by zero" in done.stderr
    assert "transaction 2 of migration 001 does not follow" in done.stderr
    assert state(target) == before
    assert past(target).version == 0


def test_an_interrupted_script_is_finished_by_either(database: Database, tmp_path: Path) -> None:
    first, second = database(), database()
    plan = plan_of(["CREATE TABLE t (a int)", statement("CREATE TABLE u (a int)", new_transaction=True)])
    script = script_of(plan)
    for target in (first, second):
        with connect(target) as connection:
            connection.execute("create table u ()")
        assert 'relation "u" already exists' in psql(target, script, tmp_path).stderr
        interrupted = past(target).interrupted
        assert interrupted is not None
        assert (interrupted.segment, interrupted.fingerprint) == (1, "")
        with connect(target) as connection:
            connection.execute("drop table u")
    assert "transaction 1 of migration 001 is done already" in psql(first, script, tmp_path).stderr
    applied = apply_script(second, script)
    assert applied.resumed == 1
    assert rows(past(first)) == rows(past(second))
    assert state(first) == state(second)


def test_an_ordinary_owner_is_enough(database: Database, role: Callable[..., str], tmp_path: Path) -> None:
    owner = role()
    target = database(owner=owner).with_user(owner)
    assert psql(target, script_of(plan_of(["CREATE TABLE public.t (a int)"])), tmp_path).stderr == ""
    assert past(target).migrations[0].applied_by == owner


def test_every_supported_server_takes_it(pg15: Any, pg16: Any, database: Database, tmp_path: Path) -> None:
    for server in (pg15, pg16):
        target = database(server)
        script = script_for(target, ["CREATE TABLE t (a int)"])
        assert psql(target, script, tmp_path).stderr == ""
        assert apply_script(target, script, checks=checks()).already
        two = script_for(target, ["CREATE TABLE u (a int)"], number=2)
        assert apply_script(target, two, checks=checks()).verified
