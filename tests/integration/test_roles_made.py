"""Roles that the schema names and the target's server lacks: made where that is asked for, told of where it is not."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from support.planning import execute, planning

from dataio.plan.model import Plan
from dataio.planner.pipeline import PlanRequest, make_plan
from dataio.planner.roles import ELSEWHERE
from dataio.postgres.conninfo import Target
from dataio.postgres.scratch import provider_for

Database = Callable[..., Target]
OLD = "create table t (id integer primary key);"


@pytest.fixture
def name(database: Database) -> Iterator[str]:
    """A role that the target's server does not have, with a name that needs quotes."""
    name = f"Reader {secrets.token_hex(4)}"
    yield name
    execute(database(), f'drop role "{name}"')


def plan(target: Target, schema: Path, manage: set[str], cache: Path) -> Plan:
    with provider_for(target, elsewhere=ELSEWHERE, cache_dir=cache) as scratch:
        assert not scratch.own_server
        return make_plan(PlanRequest(target, (schema,), scratch, manage=frozenset(manage)))


def test_a_missing_role_is_made_first_and_once(database: Database, name: str, tmp_path: Path) -> None:
    work = planning(database, tmp_path, OLD)
    work.schema.write_text(f'{OLD} grant select on t to "{name}";')

    told = plan(work.target, work.schema, {"auto"}, tmp_path / "cache")
    assert [one.subject.kind for one in told.statements] == ["privilege"]
    assert any(f"lacks the role {name}" in note for note in told.notes)

    work.schema.write_text(f'{OLD} grant select on t to "{name}", pg_monitor, pg_read_all_data;')
    told = plan(work.target, work.schema, {"auto"}, tmp_path / "cache")
    assert any(f"lacks the role {name}:" in note for note in told.notes)  # and none that is there
    work.schema.write_text(f'{OLD} grant select on t to "{name}";')

    made = plan(work.target, work.schema, {"auto", "roles"}, tmp_path / "cache")
    assert [one.subject.kind for one in made.statements] == ["role", "privilege"]
    assert not any("lacks the role" in note for note in made.notes)
    assert made.proof is not None
    assert made.proof.holds
    assert execute(work.target, f"select from pg_roles where rolname = '{name}'") == []
    work.apply(made)
    assert execute(work.target, f"select rolcanlogin from pg_roles where rolname = '{name}'") == [(False,)]
    assert plan(work.target, work.schema, {"auto", "roles"}, tmp_path / "cache").empty

    execute(work.target, f'alter role "{name}" login')
    other = planning(database, tmp_path, OLD)
    work.schema.write_text(f'{OLD} grant select on t to "{name}";')
    again = plan(other.target, work.schema, {"auto", "roles"}, tmp_path / "cache")
    assert [one.subject.kind for one in again.statements] == ["privilege"]
    other.apply(made)  # a script is run again elsewhere on the server: the role stays as it is
    assert execute(other.target, f"select rolcanlogin from pg_roles where rolname = '{name}'") == [(True,)]
    for target in (work.target, other.target):
        execute(target, f'drop owned by "{name}"')


def test_roles_that_are_there_are_not_missed(
    database: Callable[..., Target], role: Callable[..., str], tmp_path: Path
) -> None:
    names = ", ".join(role("nologin") for _ in range(3))
    work = planning(database, tmp_path, OLD)
    work.schema.write_text(f"{OLD} grant select on t to {names};")
    told = plan(work.target, work.schema, {"auto"}, tmp_path / "cache")
    assert [one.subject.kind for one in told.statements] == ["privilege"] * 3
    assert not any("lacks the role" in note for note in told.notes)
