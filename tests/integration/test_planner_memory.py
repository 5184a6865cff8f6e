"""The same plan again, on the same copies: what was seen and proven there is not run there a second time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from support.planning import execute, planning

from dataio.plan.model import Plan
from dataio.planner.memory import Memory
from dataio.postgres.conninfo import Target
from dataio.snapshot.store import SnapshotStore

Database = Callable[..., Target]

OLD = "create table t (id integer primary key, name text, note text); insert into t values (1, 'a', 'b'); analyze t;"
NEW = "create table t (id bigint primary key, name text);"


def stages(plan: Plan) -> set[str]:
    return {name for name, _ in plan.timings}


def test_the_same_plan_again_neither_replays_nor_proves(database: Database, tmp_path: Path) -> None:
    work = planning(database, tmp_path, OLD)
    store = SnapshotStore(tmp_path / "store")
    first, again = (work.plan(NEW, store=store) for _ in range(2))
    assert {"replay", "proof"} <= stages(first)
    assert not {"replay", "proof"} & stages(again)
    seen, recalled = ([(one.sql, one.subject, one.observation) for one in plan.statements] for plan in (first, again))
    assert recalled == seen
    assert again.proof == first.proof
    assert any("proven on this very copy by an earlier plan" in note for note in again.notes)
    assert {hazard.name for hazard in again.hazards} >= {"data-loss/drop-column", "rewrite/table"}
    work.apply(again)
    assert work.plan(NEW, store=store).empty


def test_figures_are_those_of_now(database: Database, tmp_path: Path) -> None:
    work = planning(database, tmp_path, OLD)
    store = SnapshotStore(tmp_path / "store")
    first = work.plan(NEW, store=store)
    execute(work.target, "insert into t select n, '', '' from generate_series(2, 100) n; analyze t;")
    again = work.plan(NEW, store=store)
    rows = [{hazard.rows for hazard in plan.hazards if hazard.kind == "data-loss"} for plan in (first, again)]
    assert rows == [{1}, {100}]
    assert "proof" not in stages(again)


@pytest.mark.parametrize(
    ("current", "desired"),
    [
        (OLD, NEW + "comment on table t is 'x';"),
        (OLD + "comment on column t.id is 'other';", NEW),
        (OLD.replace("name text, note text", "note text, name text").replace("'a', 'b'", "'b', 'a'"), NEW),
    ],
    ids=["another goal", "another start", "other columns first"],
)
def test_whatever_differs_is_tried_anew(database: Database, tmp_path: Path, current: str, desired: str) -> None:
    store = SnapshotStore(tmp_path / "store")
    planning(database, tmp_path, OLD).plan(NEW, store=store)
    plan = planning(database, tmp_path, current).plan(desired, store=store)
    assert {"replay", "proof"} <= stages(plan)
    assert not any("earlier plan" in note for note in plan.notes)


def test_what_did_not_arrive_is_not_remembered(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    noted: list[bool] = []
    monkeypatch.setattr(Memory, "note_proof", lambda *_: noted.append(True))
    work = planning(database, tmp_path, OLD)
    store = SnapshotStore(tmp_path / "store")
    work.plan(NEW, store=store)
    assert "proof" in stages(work.plan(NEW, store=store))
    assert noted == [True, True]
