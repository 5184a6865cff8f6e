"""The native planner, rule by rule: many small pairs of states, all planned at once, there and back.

Whatever the rules can do to one thing they must also do beside two hundred others, in one script.
``pairs/*.sql`` holds the pairs; a failure names the pair.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from conftest import Server
from support.cases import drop_subscriptions, run_steps, tables
from support.converge import load
from support.pairs import Pair, named, read, state

from dataio.planner import judge
from dataio.planner.delta import diff
from dataio.planner.native.propose import propose
from dataio.postgres.binaries import dump_binaries
from dataio.postgres.connection import connect
from dataio.postgres.conninfo import Target
from dataio.postgres.dump import dump_schema
from dataio.snapshot.model import Snapshot
from dataio.snapshot.take import take

FILES = ("types", "routines", "views", "moves")

NOT_ON_15 = {
    "collation builtin",  # 17
    "operators linked",  # ALTER OPERATOR … SET (COMMUTATOR), 17
    "publication generated",  # 18
    "subscription",  # streaming = parallel, 16
    "function in default replaced",  # virtual columns, 18
}


def snapshot(target: Target) -> Snapshot:
    with connect(target) as connection:
        return take(connection)


def left(target: Target, wanted: Snapshot, wanted_dump: str, pairs: Sequence[Pair]) -> list[str]:
    """What both judges still find, and what is still planned."""
    after = snapshot(target)
    dump = dump_schema(target, binaries=dump_binaries(wanted.major))
    found = [str(delta) for delta in diff(after, wanted)]
    found += [f"{d}\n  got: {d.got}\n  wanted: {d.wanted}" for d in judge.compare(dump, wanted_dump)]
    found += [f"still planned: {step.sql}" for step in propose(after, wanted, major=wanted.major)]
    return [named(text, pairs) for text in found]


def there_and_back(pairs: Sequence[Pair], first: Target, second: Target) -> None:
    load(first, state(pairs, "old"))
    load(second, state(pairs, "new"))
    a, b = snapshot(first), snapshot(second)
    old_dump, new_dump = (dump_schema(t, binaries=dump_binaries(a.major)) for t in (first, second))
    before = tables(first)
    run_steps(first, propose(a, b, major=a.major))
    assert left(first, b, new_dump, pairs) == []
    after = tables(first)
    remade = [name for name, oid in before.items() if after.get(name, oid) != oid]
    assert [name for name in remade if "partition" not in named(name, pairs)] == []
    run_steps(second, propose(b, a, major=a.major))
    assert left(second, a, old_dump, pairs) == []


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("server", ["pg18", "pg15"])
def test_pairs(file: str, server: str, request: pytest.FixtureRequest, database: Callable[..., Target]) -> None:
    host: Server = request.getfixturevalue(server)
    pairs = [pair for pair in read(file) if host.major == 18 or pair.name not in NOT_ON_15]
    first, second = database(host), database(host)
    try:
        there_and_back(pairs, first, second)
    finally:
        drop_subscriptions(first)
        drop_subscriptions(second)
