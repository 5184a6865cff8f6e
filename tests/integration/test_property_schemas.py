"""Any schema turns into any other: hypothesis draws both, the native planner finds the way, two judges say whether.

``HYPOTHESIS_PROFILE=nightly`` tries 2,000 transitions that differ from night to night; else 100, always the same.
Four sources: random schemas (support/schemas.py), edits of a pool of things of all kinds (support/pool.sql), random
privileges (support/grants.py), and random types with what is of them (support/types.py).
A failure prints both schemas as SQL: it becomes a folder in ``tests/cases``.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import psycopg
import pytest
from conftest import Server
from hypothesis import HealthCheck, Phase, given, note, reject, settings
from hypothesis.internal.conjecture import providers
from hypothesis.internal.constants_ast import Constants
from psycopg import sql
from support.cases import as_script, ensure_roles, load, run_steps, tables
from support.grants import THINGS, grants
from support.pool import ROLES, SUPERUSER, edits, pieces, things
from support.schemas import READERS, Schema, render, transitions
from support.types import types

from dataio.planner import judge
from dataio.planner.delta import diff
from dataio.planner.native.propose import propose
from dataio.planner.native.text.sql import names_column
from dataio.postgres.binaries import dump_binaries
from dataio.postgres.connection import connect
from dataio.postgres.conninfo import Target
from dataio.postgres.dump import dump_schema
from dataio.snapshot.keys import Key
from dataio.snapshot.kinds import KINDS
from dataio.snapshot.model import Snapshot, Value
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
    ensure_roles(pg18.target, (*READERS, *ROLES))
    pg18.execute(f"alter role {SUPERUSER} superuser")
    return pg18


def fresh(server: Server, label: str) -> Target:
    """An empty database in place of the last example's."""
    name = sql.Identifier(f"property_{label}_{os.getpid()}")
    with connect(server.target) as connection:
        connection.execute(sql.SQL("drop database if exists {} with (force)").format(name))
        connection.execute(sql.SQL("create database {} template template0 strategy file_copy").format(name))
    return server.cluster.target(f"property_{label}_{os.getpid()}")


@pytest.fixture(scope="module", autouse=True)
def same_examples() -> Iterator[None]:
    """In CI nothing of what is imported has a say: hypothesis draws numbers that it found in the modules there are."""
    with pytest.MonkeyPatch.context() as patch:
        if PROFILE.derandomize:
            nothing = Constants()
            patch.setattr(providers, "_get_local_constants", lambda: nothing)
            patch.setattr(providers, "CONSTANTS_CACHE", {})
        yield


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
    arrives(first, second)


@settings(PROFILE, max_examples=PROFILE.max_examples * 2 // 5)
@given(edit=edits())
def test_any_edit_of_the_pool_arrives(cleared: Server, edit: tuple[dict[str, int], dict[str, int]]) -> None:
    arrives(filled(cleared, "old", pieces(edit[0])), filled(cleared, "new", pieces(edit[1])))


@settings(PROFILE, max_examples=PROFILE.max_examples * 2 // 5)
@given(both=grants())
def test_any_grants_arrive(cleared: Server, both: tuple[list[str], list[str]]) -> None:
    arrives(filled(cleared, "old", [THINGS, *both[0]]), filled(cleared, "new", [THINGS, *both[1]]))


@settings(PROFILE, max_examples=PROFILE.max_examples * 2 // 5)
@given(both=types())
def test_any_types_become_any_others(cleared: Server, both: tuple[list[str], list[str]]) -> None:
    arrives(filled(cleared, "old", both[0]), filled(cleared, "new", both[1]))


def filled(server: Server, label: str, sql: list[str]) -> Target:
    """A fresh database with what it takes of the pieces."""
    target = fresh(server, label)
    note(f"-- {label}.sql\n{fill(target, sql)}")
    return target


def fill(target: Target, sql: list[str]) -> str:
    """Run each piece that this database takes; returns what was run."""
    made = []
    with connect(target) as connection:
        for piece in sql:
            try:
                connection.execute(f"begin; set local check_function_bodies = off; {piece} commit".encode())
                made.append(piece)
            except psycopg.Error:  # it needs another way of what is there
                connection.execute("rollback; reset role")
    return "".join(made)


def arrives(first: Target, second: Target) -> None:
    """Plan from the one to the other, apply, compare."""
    a, b = snapshot(first), snapshot(second)
    steps = propose(a, b, major=a.major)
    note(f"-- plan.sql\n{as_script(steps)}")
    before = tables(first)
    run_steps(first, steps)
    after = snapshot(first)
    assert diff(after, b) == []
    assert judge.compare(dump(first), dump(second)) == []
    assert kept(before, tables(first), a, b)


# Not made by the pool; the case folders have extensions and subscriptions, and the integration tests have roles.
UNREACHABLE = {
    "extension": "none comes with the embedded server",
    "subscription": "keeps its database from being dropped",
    "security_label": "no provider comes with the embedded server",
    "role": "the cluster's",
    "membership": "the cluster's",
}
NEVER = {
    "tablespace": "there is one only",
    "index_tablespace": "there is one only",
    "access_method": "there is one for tables only that is PostgreSQL's own",
    "valid": "an index that is not valid is not dumped either",
    "canonical": "needs a function in C",
}


def test_the_pool_reaches_every_kind(cleared: Server) -> None:
    """With its ways in turn, and from nothing: each kind is added; most attributes change."""
    found: set[str] = set()
    states = []
    for way in range(5):
        target = fresh(cleared, "old")
        fill(target, pieces(dict.fromkeys(things(), way)))
        states.append(snapshot(target))
    empty = snapshot(fresh(cleared, "old"))
    for one in states:
        found.update(f"+{delta.key.kind}" for delta in diff(empty, one))
        found.update(f"{d.key.kind}.{name}" for other in states for d in diff(one, other) for name in d.changed)
    assert {kind for kind in KINDS if f"+{kind}" not in found} == set(UNREACHABLE)
    attributes = [(kind, name) for kind in KINDS if kind not in UNREACHABLE for name in KINDS[kind].attributes]
    attributes = [(kind, name) for kind, name in attributes if name not in NEVER]
    missing = [f"{kind}.{name}" for kind, name in attributes if f"{kind}.{name}" not in found]
    assert len(missing) < len(attributes) / 4, missing


def dump(target: Target) -> str:
    return dump_schema(target, binaries=dump_binaries(18))


def kept(before: dict[str, int], after: dict[str, int], a: Snapshot, b: Snapshot) -> bool:
    """Tables that both sides have are the same tables, but where what they are partitioned by differs or has another
    type, which no ALTER TABLE changes: the rows stay in the partitions then.
    """
    keys = {f"{key.path[0]}.{key.path[1]}": key for key in a.facts.keys() & b.facts.keys() if key.kind == "table"}
    return all(before[name] == after[name] for name, key in keys.items() if parted_by(key, a) == parted_by(key, b))


def parted_by(table: Key, snapshot: Snapshot) -> dict[str, Value]:
    """A partition key, with the type of each column in it, and the labels of that; empty for other tables."""
    key = snapshot.facts[table]["partition_key"]
    if not key:
        return {}
    columns = (fact for fact in snapshot.children(table) if fact.key.kind == "column")
    inside = {fact.key.path[2]: fact["type"] for fact in columns if names_column(str(key), fact.key.path[2])}
    labels = {".".join(fact.key.path): fact["labels"] for fact in snapshot.of_kind("enum")}
    return {"": key, **inside, **{str(type_): labels.get(str(type_)) for type_ in inside.values()}}
