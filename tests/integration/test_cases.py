"""Every case folder: the plan is the one that was accepted, it works, and the way back works, too.

``UPDATE_CASES=1 pytest tests/integration/test_cases.py`` writes what is planned now into the ``plan.sql`` files; read
the difference before you commit it.
"""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest
from conftest import Server
from support.cases import (
    Case,
    all_cases,
    as_script,
    changed,
    drop_subscriptions,
    ensure_roles,
    known_changes,
    load,
    row_counts,
    run_steps,
    tables,
)

from dataio.planner import judge
from dataio.planner.delta import diff
from dataio.planner.native.propose import propose
from dataio.postgres.binaries import dump_binaries
from dataio.postgres.connection import connect
from dataio.postgres.conninfo import Target
from dataio.postgres.dump import dump_schema
from dataio.snapshot.model import Snapshot
from dataio.snapshot.take import take

CASES = all_cases()


def snapshot(target: Target) -> Snapshot:
    with connect(target) as connection:
        return take(connection)


def dump(target: Target, major: int) -> str:
    return dump_schema(target, binaries=dump_binaries(major))


def agrees(target: Target, wanted: Snapshot, wanted_dump: str) -> None:
    """Both judges, and nothing more to plan."""
    after = snapshot(target)
    assert diff(after, wanted) == []
    assert propose(after, wanted, major=wanted.major) == []
    differences = judge.compare(dump(target, wanted.major), wanted_dump)
    assert [(str(d), d.got, d.wanted) for d in differences] == []


def moved(before: dict[str, int], after: dict[str, int]) -> list[str]:
    return sorted(name for name, oid in before.items() if after.get(name, oid) != oid)


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_case(case: Case, request: pytest.FixtureRequest, database: Callable[..., Target]) -> None:
    server: Server = request.getfixturevalue(f"pg{case.major}")
    ensure_roles(server.target, case.meta.get("roles", ()))
    first, second = database(server), database(server)
    try:
        check(case, first, second)
    finally:
        if case.path.parent.name == "subscription":
            drop_subscriptions(first)
            drop_subscriptions(second)


def check(case: Case, first: Target, second: Target) -> None:
    """There on the one database, back on the other."""
    load(first, case.old)
    load(second, case.new)
    a, b = snapshot(first), snapshot(second)
    old_dump, new_dump = dump(first, case.major), dump(second, case.major)
    load(first, case.seed)

    steps = propose(a, b, major=case.major)
    script = as_script(steps)
    if "UPDATE_CASES" in os.environ:
        case.accept(script, changed(diff(a, b)))
    before, rows = tables(first), row_counts(first) if case.seed else {}
    run_steps(first, steps)
    assert moved(before, tables(first)) == case.rebuilt
    after = row_counts(first) if case.seed else {}
    assert {oid: after[oid] for oid in rows if oid in after} == {oid: n for oid, n in rows.items() if oid in after}
    assert sum(after.values()) >= sum(rows.values()) or case.meta.get("rows_go"), "rows are gone"
    agrees(first, b, new_dump)
    assert script == case.plan
    assert changed(diff(a, b)) == known_changes()[case.name]

    before = tables(second)
    run_steps(second, propose(b, a, major=case.major))
    assert moved(before, tables(second)) == case.rebuilt_back
    agrees(second, a, old_dump)


def test_there_are_cases_of_most_kinds() -> None:
    assert len(CASES) >= 150
