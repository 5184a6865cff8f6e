"""Applying scripts: once, whole or not at all, and saying so."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import psycopg
import pytest
from psycopg import sql
from support.migrations import QUICK, checks, past, script_for, script_of, state
from support.plans import plan_of, ref, statement

from dataio.errors import ConnectionFailed, Drifted, MigrationError, Refused
from dataio.migrations.executor import Checks, apply_all, apply_script
from dataio.plan.model import Hazard, Plan, Statement
from dataio.plan.script import LOCK, parse
from dataio.postgres.connection import connect
from dataio.postgres.conninfo import Target
from dataio.progress import Progress

Database = Callable[..., Target]

CREATE = ["CREATE TABLE public.a (x integer)", "CREATE TABLE public.b (y integer)"]


def test_a_script_is_applied_and_registered(database: Database) -> None:
    target = database()
    script = script_for(target, CREATE, git_commit="0123abc")
    seen: list[Progress] = []
    applied = apply_script(target, script, checks=checks(), on_progress=seen.append)
    assert (applied.already, applied.statements, applied.attempts, applied.verified) == (False, 2, 1, True)
    assert state(target) == script.header.to_fingerprint
    (row,) = past(target).migrations
    assert (row.number, row.name, row.kind, row.git_commit) == (1, "a_change", "plan", "0123abc")
    assert (row.from_fingerprint, row.to_fingerprint) == (script.header.from_fingerprint, script.header.to_fingerprint)
    assert (row.checksum, row.applied_by) == (script.header.checksum, "postgres")
    assert row.tool_version.startswith("dataio ")
    assert [(p.done, p.total) for p in seen if p.stage == "apply"] == [(0, 2), (1, 2)]


def test_a_database_without_a_history_has_an_empty_one(database: Database) -> None:
    history = past(database())
    assert (history.version, history.label, history.last, history.interrupted) == (0, "schema_v000", None, None)


def test_applying_again_does_nothing(database: Database) -> None:
    target = database()
    script = script_for(target, CREATE)
    apply_script(target, script, checks=checks())
    assert apply_script(target, script, checks=checks()).already
    assert len(past(target).migrations) == 1


def test_a_target_several_versions_behind_gets_all(database: Database) -> None:
    target, other = database(), database()
    scripts = []
    for number, text in enumerate(
        ["CREATE TABLE t (a int)", "ALTER TABLE t ADD b int", "ALTER TABLE t DROP a"], start=1
    ):
        scripts.append(script_for(other, [text], number=number))
        apply_script(other, scripts[-1], checks=checks())
    told = []
    applied = apply_all(target, scripts, checks=checks(), on_applied=lambda one: told.append(one.script.header.label))
    assert told == ["001", "002", "003"]
    assert all(one.verified for one in applied)
    assert state(target) == state(other)
    assert past(target).version == 3


def test_a_failure_in_the_middle_keeps_what_was_applied_before(database: Database) -> None:
    target = database()
    first = script_for(target, ["CREATE TABLE t (a int)"])
    second = script_of(plan_of(["CREATE TABLE u (a int)", "SELECT 1/0"], number=2))
    with pytest.raises(MigrationError, match="division by zero"):
        apply_all(target, [first, second], limits=QUICK)
    assert past(target).version == 1
    assert state(target) == first.header.to_fingerprint


def test_hazards_are_refused_by_name(database: Database) -> None:
    target = database()
    hazards = (
        Hazard("data-loss/drop-table", "public.a", "the table and its rows are gone", refused=True),
        Hazard("privilege/revoke", "public.b", "3 rows are seen", refused=True),
        Hazard("constraint/unique", "public.b", "of the rows when it was planned: asked again", refused=True),
        Hazard("lock/share", "public.b", "blocks writes"),
    )
    script = script_of(plan_of([statement("CREATE TABLE t ()", hazards=hazards)]))
    with pytest.raises(Refused) as caught:
        apply_script(target, script)
    assert caught.value.exit_code == 3
    assert "data-loss/drop-table, privilege/revoke not allowed" in caught.value.message
    assert caught.value.hint.endswith("--allow data-loss/drop-table --allow privilege/revoke")
    assert "public.b: 3 rows are seen" in caught.value.detail
    with pytest.raises(Refused, match="privilege/revoke not allowed"):
        apply_script(target, script, allow={"data-loss"})
    assert not past(target).migrations
    apply_script(target, script, allow={"data-loss/drop-table", "privilege"})


def test_nothing_is_run_before_all_hazards_are_allowed(database: Database) -> None:
    target = database()
    hazard = Hazard("data-loss/drop-table", "public.a", "gone", refused=True)
    scripts = [script_of(plan_of(CREATE)), script_of(plan_of([statement("DROP TABLE a", hazards=(hazard,))], number=2))]
    with pytest.raises(Refused):
        apply_all(target, scripts)
    assert not past(target).migrations


def test_an_edited_script_is_not_run(database: Database) -> None:
    target = database()
    script = script_for(target, CREATE)
    edited = parse(script.text.replace("x integer", "x bigint"), source="001_a.sql")
    with pytest.raises(MigrationError, match=r"001_a\.sql: edited since it was planned"):
        apply_script(target, edited)
    assert not past(target).migrations


def test_drift_is_found_and_explained(database: Database) -> None:
    target = database()
    script = script_for(target, CREATE)
    with connect(target) as connection:
        connection.execute("create table public.surprise (z integer)")
    with pytest.raises(Drifted) as caught:
        apply_script(target, script, checks=checks())
    assert caught.value.exit_code == 4
    assert "surprise" in caught.value.detail
    assert "Nothing was changed" in caught.value.hint
    assert not past(target).migrations


def test_a_wrong_end_is_rolled_back(database: Database) -> None:
    target = database()
    before = state(target)
    plan = plan_of(CREATE, from_fingerprint=before, to_fingerprint="pg18:" + "0" * 64)
    with pytest.raises(Drifted, match="not what it should have become"):
        apply_script(target, script_of(plan), checks=checks())
    assert state(target) == before
    assert not past(target).migrations


def test_an_end_that_cannot_be_seen_before_commit_is_checked_after_it(database: Database) -> None:
    target = database()
    script = script_for(target, CREATE)
    blind = replace(checks(), reached=lambda connection, header: None)
    assert apply_script(target, script, checks=blind).verified
    wrong = plan_of(["CREATE TABLE c ()"], number=2, from_fingerprint=state(target), to_fingerprint="pg18:" + "0" * 64)
    with pytest.raises(Drifted, match="was applied, and the schema is not"):
        apply_script(target, script_of(wrong), checks=blind)
    assert past(target).version == 2


def test_fingerprints_of_other_versions_do_not_compare(database: Database) -> None:
    target = database()
    plan = plan_of(CREATE, from_fingerprint="pg15:" + "0" * 64)
    with pytest.raises(MigrationError, match="planned with PostgreSQL 15, checked with PostgreSQL 18"):
        apply_script(target, script_of(plan), checks=checks())


def test_out_of_order_is_refused(database: Database) -> None:
    target = database()
    with pytest.raises(MigrationError, match="does not follow on schema_v000"):
        apply_script(target, script_of(plan_of(CREATE, number=2)))
    apply_script(target, script_of(plan_of(CREATE, number=1)))
    with pytest.raises(MigrationError, match="does not follow on schema_v001"):
        apply_script(target, script_of(plan_of(["CREATE TABLE z ()"], number=3)))


def test_another_script_under_the_same_number_is_refused(database: Database) -> None:
    target = database()
    apply_script(target, script_of(plan_of(CREATE)))
    with pytest.raises(MigrationError, match="another script was applied as 001: a_change"):
        apply_script(target, script_of(plan_of(["CREATE TABLE z ()"])))


def test_without_a_number_nothing_is_applied(database: Database) -> None:
    with pytest.raises(MigrationError, match="has no number"):
        apply_script(database(), script_of(plan_of(CREATE, number=None)))


def test_a_failed_statement_is_told_with_its_place(database: Database) -> None:
    target = database()
    before = state(target)
    function = "CREATE FUNCTION public.f() RETURNS void LANGUAGE plpgsql AS 'BEGIN PERFORM 1/0; END'"
    bad = statement("CREATE VIEW public.v AS\n    SELECT nix FROM public.a", subject=ref("view", "public", "v"))
    script = script_of(plan_of([*CREATE, bad]))
    with pytest.raises(MigrationError) as caught:
        apply_script(target, script)
    message, detail = caught.value.message, caught.value.detail
    line = script.text[: script.text.index("SELECT nix")].count("\n") + 1
    assert message == f'script.sql:{line}: [3/3] create view public.v (native): column "nix" does not exist'
    assert f"{line:>5} |     SELECT nix FROM public.a;\n      |            ^" in detail
    assert "SQLSTATE: 42703" in detail
    assert caught.value.hint.startswith("Nothing was changed")
    assert state(target) == before
    script = script_of(plan_of([function, "SELECT public.f()"]))
    with pytest.raises(MigrationError) as caught:
        apply_script(target, script)
    assert "CONTEXT: SQL statement" in caught.value.detail


def test_detail_and_hint_are_passed_on(database: Database) -> None:
    raising = "DO $$ BEGIN RAISE EXCEPTION 'no' USING DETAIL = 'the detail', HINT = 'the hint'; END $$"
    with pytest.raises(MigrationError) as caught:
        apply_script(database(), script_of(plan_of([raising])))
    assert "DETAIL: the detail" in caught.value.detail
    assert "HINT: the hint" in caught.value.detail


def test_a_failure_at_commit_changes_nothing(database: Database) -> None:
    target = database()
    before = state(target)
    script = script_of(
        plan_of(
            [
                "CREATE TABLE p (i int PRIMARY KEY)",
                "CREATE TABLE c (i int REFERENCES p DEFERRABLE INITIALLY DEFERRED)",
                "INSERT INTO c VALUES (1)",
            ]
        )
    )
    with pytest.raises(MigrationError, match=r"\[commit\]: insert or update on table"):
        apply_script(target, script)
    assert state(target) == before
    assert not past(target).migrations


# ---- roles -----------------------------------------------------------------------------------------------------------


def test_an_ordinary_owner_is_enough(database: Database, role: Callable[..., str]) -> None:
    owner = role()
    target = database(owner=owner).with_user(owner)
    applied = apply_script(target, script_for(target, CREATE), checks=checks())
    assert applied.verified
    assert past(target).migrations[0].applied_by == owner


def test_a_role_that_may_not_create_is_told_so(database: Database, role: Callable[..., str]) -> None:
    target = database().with_user(role())
    with pytest.raises(MigrationError, match=r"\[guard\]: permission denied for database") as caught:
        apply_script(target, script_of(plan_of(CREATE)))
    assert "owner of these objects" in caught.value.hint


def test_a_role_that_may_not_read_the_history_is_told_so(database: Database, role: Callable[..., str]) -> None:
    target = database()
    apply_script(target, script_of(plan_of(CREATE)))
    with pytest.raises(MigrationError, match="may not read the history"):
        past(target.with_user(role()))


# ---- others at work --------------------------------------------------------------------------------------------------


def _hold_lock(target: Target) -> psycopg.Connection[Any]:
    connection = connect(target, application_name="the other one")
    connection.execute("begin")
    connection.execute("select pg_advisory_xact_lock(%s, %s)", LOCK)
    return connection


def test_another_apply_is_waited_for(database: Database) -> None:
    target = database()
    holder = _hold_lock(target)
    script = script_for(target, CREATE)
    seen: list[Progress] = []
    timer = threading.Timer(0.6, holder.close)
    timer.start()
    applied = apply_script(target, script, checks=checks(), limits=QUICK, on_progress=seen.append)
    timer.join()
    assert not applied.already
    assert any(p.stage == "wait" and "the other one" in p.detail for p in seen)


def test_another_apply_that_does_not_end_is_named(database: Database) -> None:
    target = database()
    with _hold_lock(target) as holder:
        pid = holder.info.backend_pid
        with pytest.raises(MigrationError, match="another apply is at work") as caught:
            apply_script(target, script_of(plan_of(CREATE)), limits=replace(QUICK, turn=0.5))
    assert f"pid {pid}, postgres, the other one" in caught.value.message
    assert "Nothing was changed" in caught.value.hint


@pytest.mark.parametrize("runs", [2, 5])
def test_of_applies_at_once_one_does_it(database: Database, runs: int) -> None:
    target = database()
    script = script_for(target, [*CREATE, "SELECT pg_sleep(0.3)"])
    results: list[Any] = []

    def run() -> None:
        try:
            results.append(apply_script(target, script, checks=checks(), limits=QUICK).already)
        except Exception as error:
            results.append(error)

    threads = [threading.Thread(target=run) for _ in range(runs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, results)) == ["False"] + ["True"] * (runs - 1)
    assert len(past(target).migrations) == 1


def test_a_lock_timeout_is_retried_as_a_whole(database: Database) -> None:
    target = database()
    apply_script(target, script_of(plan_of(CREATE)))
    script = script_for(target, ["CREATE TABLE public.c (z int)", "ALTER TABLE public.a ADD z int"], number=2)
    blocker = connect(target)
    blocker.execute("begin")
    blocker.execute("lock table public.a")
    timer = threading.Timer(0.8, blocker.close)
    timer.start()
    seen: list[Progress] = []
    limits = replace(QUICK, lock=0.3, attempts=20)
    applied = apply_script(target, script, checks=checks(), limits=limits, on_progress=seen.append)
    timer.join()
    assert applied.attempts > 1
    assert applied.verified
    assert any("lock timeout; attempt 2 of 20" in p.detail for p in seen)


def test_a_lock_that_never_comes_changes_nothing(database: Database) -> None:
    target = database()
    apply_script(target, script_of(plan_of(CREATE)))
    before = state(target)
    script = script_for(target, ["CREATE TABLE public.c (z int)", "ALTER TABLE public.a ADD z int"], number=2)
    with connect(target, application_name="sleepy") as blocker:
        blocker.execute("begin")
        blocker.execute("lock table public.a")
        with pytest.raises(MigrationError, match=r"\[2/2\].*lock timeout") as caught:
            apply_script(target, script, checks=checks(), limits=replace(QUICK, lock=0.1))
        assert "sleepy" in caught.value.detail
    assert "--lock-timeout" in caught.value.hint
    assert state(target) == before
    assert past(target).version == 1


def test_a_statement_timeout_is_not_retried(database: Database) -> None:
    target = database()
    started = time.monotonic()
    script = script_of(plan_of(["SELECT pg_sleep(30)"]))
    with pytest.raises(MigrationError, match="statement timeout") as caught:
        apply_script(target, script, limits=replace(QUICK, statement=0.2))
    assert "--statement-timeout" in caught.value.hint
    assert time.monotonic() - started < 5


def test_a_deadlock_is_retried(database: Database) -> None:
    target = database()
    apply_script(target, script_of(plan_of(CREATE)))
    script = script_for(target, ["LOCK TABLE public.a", "SELECT pg_sleep(0.5)", "LOCK TABLE public.b"], number=2)
    victim_is_us = sql.SQL("set deadlock_timeout = '10s'")

    def other() -> None:
        with connect(target) as connection:
            connection.execute(victim_is_us)
            connection.execute("begin")
            connection.execute("lock table public.b")
            connection.execute("lock table public.a")
            connection.execute("commit")

    thread = threading.Thread(target=other)

    def collide(progress: Progress) -> None:
        if "[2/3]" in progress.detail and thread.ident is None:
            thread.start()

    applied = apply_script(target, script, limits=replace(QUICK, lock=8), on_progress=collide)
    thread.join()
    assert applied.attempts == 2


# ---- several transactions --------------------------------------------------------------------------------------------

SPLIT: list[str | Statement] = [
    "CREATE TYPE public.level AS ENUM ('LOW')",
    "CREATE TABLE public.t (l public.level)",
    statement("ALTER TYPE public.level ADD VALUE 'HIGH'", "alter"),
    statement("ALTER TABLE public.t ADD m public.level DEFAULT 'HIGH'", new_transaction=True),
    statement("CREATE TABLE public.u (x int)", new_transaction=True),
]


def split_plan(**more: Any) -> Plan:
    return plan_of(SPLIT, **more)


def test_a_script_in_several_transactions(database: Database) -> None:
    target = database()
    script = script_of(split_plan())
    assert len(script.segments) == 3
    applied = apply_script(target, script)
    assert (applied.statements, applied.resumed) == (5, 0)
    history = past(target)
    assert history.version == 1
    assert history.segments == ()


def stop_at(text: str) -> Callable[[Progress], None]:
    """Ctrl-C when a statement is about to be run."""

    def look(progress: Progress) -> None:
        if text in progress.detail:
            raise KeyboardInterrupt

    return look


def test_an_interrupted_script_goes_on_where_it_stopped(database: Database) -> None:
    target, other = database(), database()
    apply_script(other, script_of(split_plan()))
    script = script_of(split_plan(from_fingerprint=state(target), to_fingerprint=state(other)))
    with pytest.raises(KeyboardInterrupt):
        apply_script(target, script, checks=checks(), on_progress=stop_at("[5/5]"))
    history = past(target)
    assert history.version == 0
    assert history.interrupted is not None
    assert (history.interrupted.number, history.interrupted.segment) == (1, 2)
    assert history.interrupted.fingerprint == state(target)
    with connect(target) as connection:
        connection.execute("create table public.surprise ()")
        connection.execute("alter table public.surprise add x int")
        with pytest.raises(Drifted) as caught:
            apply_script(target, script, checks=checks())
        assert "2 of 3 transactions are committed and recorded" in caught.value.hint
        connection.execute("drop table public.surprise")
    applied = apply_script(target, script, checks=checks())
    assert (applied.resumed, applied.statements, applied.verified) == (2, 1, True)
    assert "went on after transaction 2 of 3" in applied.notes[0]
    assert past(target).version == 1
    assert past(target).segments == ()


def test_a_new_plan_takes_over_from_an_interrupted_one(database: Database) -> None:
    target = database()
    with pytest.raises(KeyboardInterrupt):
        apply_script(target, script_of(split_plan()), on_progress=stop_at("[4/5]"))
    assert past(target).interrupted is not None
    new = script_for(target, ["CREATE TABLE public.v (x int)"])
    assert apply_script(target, new, checks=checks()).verified
    assert past(target).interrupted is None
    assert past(target).migrations[0].checksum == new.header.checksum


# ---- the session is lost ---------------------------------------------------------------------------------------------


def test_a_session_that_is_terminated_changes_nothing(database: Database) -> None:
    target = database()
    before = state(target)
    script = script_of(plan_of([*CREATE, "SELECT pg_terminate_backend(pg_backend_pid())", "CREATE TABLE z ()"]))
    with pytest.raises(ConnectionFailed, match=r"connection was lost while migration 001.*\[3/4\]") as caught:
        apply_script(target, script)
    assert "Nothing was changed" in caught.value.hint
    assert state(target) == before
    assert not past(target).migrations


def test_unusable_checks_change_nothing(database: Database) -> None:
    target = database()

    def broken(*_: object) -> str:
        raise MigrationError("no scratch server")

    failing = Checks(current=checks().current, explain=broken, reached=broken)
    with pytest.raises(MigrationError, match="no scratch server"):
        apply_script(target, script_for(target, CREATE), checks=failing)
    assert not past(target).migrations
