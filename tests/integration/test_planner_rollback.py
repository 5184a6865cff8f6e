"""The way back of a plan: from the state it makes to the one before, proven on the databases that are at hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from support.planning import Planning, execute, planning

from dataio.migrations import history
from dataio.migrations.executor import apply_script
from dataio.plan.model import Plan, Statement
from dataio.plan.render.sql import render, render_rollback
from dataio.plan.script import Script, parse
from dataio.planner import proposers
from dataio.postgres.connection import connect
from dataio.postgres.conninfo import Target
from dataio.snapshot.model import Snapshot
from dataio.snapshot.take import take

Database = Callable[..., Target]


def fingerprint(target: Target) -> str:
    with connect(target) as connection:
        return take(connection).fingerprint


def there_and_back(work: Planning, plan: Plan) -> Script:
    """Apply a plan and its rollback; the fingerprint is the old one, and the history ends before it."""
    before = fingerprint(work.target)
    back = parse(render_rollback(plan))
    for script in (parse(render(plan)), back):
        apply_script(work.target, script, allow={hazard.name for hazard in script.header.hazards})
    assert fingerprint(work.target) == before
    with connect(work.target) as connection:
        past = history.read(connection)
    assert (past.version, past.segments, [one.number for one in past.rolled_back]) == (0, (), [1])
    return back


def test_a_plan_without_a_number_has_no_rollback(database: Database, tmp_path: Path) -> None:
    assert planning(database, tmp_path, "").plan("create table t (a integer);").rollback is None


def test_what_stands_in_the_way_goes_and_comes_back(database: Database, tmp_path: Path) -> None:
    old = """
    create type mood as enum ('sad', 'ok', 'happy');
    create table t (id integer primary key, m mood default 'ok', n varchar(10) not null);
    create view v as select id, n from t;
    create function f(t) returns text language sql as 'select $1.n';
    """
    new = old.replace("'ok', 'happy'", "'fine'").replace("'ok'", "'fine'").replace("varchar(10)", "text")
    work = planning(database, tmp_path, old)
    plan = work.plan(new, number=1, name="x")
    assert plan.rollback is not None
    assert plan.rollback.proof is not None
    assert plan.rollback.proof.holds
    back = there_and_back(work, plan)
    assert back.header.lost == ("rows that held a value of public.mood which is gone keep what they became",)
    assert back.header.to_fingerprint == plan.from_fingerprint


def test_a_way_back_in_several_transactions(database: Database, tmp_path: Path) -> None:
    """The value that comes back must be committed before it can be a default."""
    old = "create type e as enum ('a', 'b'); create table t (e e default 'b');"
    work = planning(database, tmp_path, old)
    back = there_and_back(work, work.plan("create type e as enum ('a'); create table t (e e);", number=1, name="x"))
    assert back.header.transactions == 2


def test_ignored_things_stay_where_they_are(database: Database, tmp_path: Path) -> None:
    work = planning(database, tmp_path, "create table t (a integer); create table tmp_x (a integer);")
    plan = work.plan("create table t (a integer, b integer);", number=1, name="x", ignore=("table:public.tmp_*",))
    there_and_back(work, plan)
    assert execute(work.target, "select to_regclass('tmp_x')::text") == [("tmp_x",)]


def test_a_plan_whose_way_back_cannot_be_proven_says_so(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = planning(database, tmp_path, "create table t (a integer); create index i on t (a);")
    whole = proposers.native

    def forgetful(now: Snapshot, goal: Snapshot, **options: Any) -> list[Statement]:
        """Makes no index."""
        return [one for one in whole(now, goal, **options) if (one.action, one.subject.kind) != ("create", "index")]

    monkeypatch.setattr(proposers, "native", forgetful)
    plan = work.plan("create table t (a integer);", number=1, name="x", engine="native")
    assert plan.rollback is None
    assert plan.proof is not None
    assert plan.proof.holds
    (note,) = (note for note in plan.notes if "rollback" in note)
    assert note.startswith("there is no way back that could be proven, so no rollback script: no candidate")
