"""Any schema turns into any other: hypothesis draws both, the native planner finds the way, two judges say whether.

``HYPOTHESIS_PROFILE=nightly`` tries 2,000 transitions that differ from night to night; else 100, always the same.
A failure prints both schemas as SQL: it becomes a folder in ``tests/cases``.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import psycopg
import pytest
from conftest import Server
from hypothesis import HealthCheck, Phase, given, note, reject, settings
from psycopg import sql
from support.cases import as_script, ensure_roles, load, run_steps, tables
from support.schemas import READERS, Schema, render, transitions

from dataio.planner import judge
from dataio.planner.delta import diff
from dataio.planner.native.propose import propose
from dataio.postgres.binaries import dump_binaries
from dataio.postgres.connection import connect
from dataio.postgres.conninfo import Target
from dataio.postgres.dump import dump_schema
from dataio.snapshot.model import Snapshot
from dataio.snapshot.take import take

_COMMON = {
    "deadline": None,
    "suppress_health_check": [HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large],
}
_PHASES = [Phase.explicit, Phase.generate, Phase.shrink]
settings.register_profile("schemas-ci", max_examples=100, derandomize=True, database=None, phases=_PHASES, **_COMMON)  # type: ignore[arg-type]
settings.register_profile("schemas-nightly", max_examples=2000, phases=_PHASES, **_COMMON)  # type: ignore[arg-type]
PROFILE = settings.get_profile(f"schemas-{os.environ.get('HYPOTHESIS_PROFILE', 'ci')}")
# All examples are one test.
pytestmark = pytest.mark.timeout(0 if PROFILE.max_examples > 100 else 1800)

Pair = tuple[Target, Target]


@pytest.fixture(scope="module")
def server(pg18: Server) -> Server:
    ensure_roles(pg18.target, (*READERS, "cases_owner"))
    return pg18


def fresh(server: Server, label: str) -> Target:
    """An empty database in place of the last example's."""
    name = sql.Identifier(f"property_{label}_{os.getpid()}")
    with connect(server.target) as connection:
        connection.execute(sql.SQL("drop database if exists {} with (force)").format(name))
        connection.execute(sql.SQL("create database {} template template0 strategy file_copy").format(name))
    return server.cluster.target(f"property_{label}_{os.getpid()}")


@pytest.fixture(scope="module")
def cleared(server: Server) -> Iterator[Server]:
    yield server
    with connect(server.target) as connection:
        for label in ("old", "new"):
            name = sql.Identifier(f"property_{label}_{os.getpid()}")
            connection.execute(sql.SQL("drop database if exists {} with (force)").format(name))


def snapshot(target: Target) -> Snapshot:
    with connect(target) as connection:
        return take(connection)


@PROFILE
@given(pair=transitions())
def test_any_schema_becomes_any_other(cleared: Server, pair: tuple[Schema, Schema]) -> None:
    old, new = (render(schema) for schema in pair)
    note(f"-- old.sql\n{old}\n-- new.sql\n{new}")
    first, second = fresh(cleared, "old"), fresh(cleared, "new")
    try:
        load(first, old)
        load(second, new)
    except psycopg.Error as error:
        if "DATAIO_STRICT_SCHEMAS" in os.environ:
            raise
        note(str(error))
        reject()
    a, b = snapshot(first), snapshot(second)
    steps = propose(a, b, major=a.major)
    note(f"-- plan.sql\n{as_script(steps)}")
    before = tables(first)
    run_steps(first, steps)
    after = snapshot(first)
    assert diff(after, b) == []
    assert judge.compare(dump(first), dump(second)) == []
    assert kept(before, tables(first), a, b)


def dump(target: Target) -> str:
    return dump_schema(target, binaries=dump_binaries(18))


def kept(before: dict[str, int], after: dict[str, int], a: Snapshot, b: Snapshot) -> bool:
    """Tables that both sides have are the same tables, but where they become partitioned or stop being so."""
    keys = {f"{key.path[0]}.{key.path[1]}": key for key in a.facts.keys() & b.facts.keys() if key.kind == "table"}
    return all(
        before[name] == after[name]
        for name, key in keys.items()
        if a.facts[key]["partition_key"] == b.facts[key]["partition_key"]
    )
