"""Facts of roles and memberships, told only where roles are managed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from conftest import Server
from support.facts import World

from dataio.postgres.conninfo import Target
from dataio.snapshot.keys import Key
from dataio.snapshot.take import take

Database = Callable[..., Target]
Role = Callable[..., str]


def role_facts(world: World, *names: str) -> dict[tuple[str, ...], dict[str, Any]]:
    """What is told of the roles and memberships among ``names``, defaults left out."""
    with world.connect() as connection:
        snapshot = take(connection, roles=True)
    return {
        fact.key.path: {name: value for name, value in fact.attributes.items() if value not in (None, False, ())}
        for kind in ("role", "membership")
        for fact in snapshot.of_kind(kind)
        if set(fact.key.path) <= set(names)
    }


def test_role_attributes(role: Role, database: Database) -> None:
    name = role("")
    world = World(database())
    assert role_facts(world, name) == {(name,): {"inherit": True}}
    for change, expected in {
        "login": {"inherit": True, "login": True},
        "nologin noinherit": {},
        "superuser": {"superuser": True},
        "nosuperuser createrole": {"createrole": True},
        "nocreaterole createdb": {"createdb": True},
        "nocreatedb replication": {"replication": True},
        "noreplication bypassrls": {"bypassrls": True},
        "nobypassrls connection limit 3": {"limit": 3},
        "connection limit -1 valid until '2030-01-02 03:04:05.5+02'": {"valid_until": "2030-01-02 01:04:05.500000+00"},
        "valid until 'infinity'": {"valid_until": "infinity"},
    }.items():
        world.run(f"alter role {name} {change}")
        assert role_facts(world, name) == {(name,): expected}, change


def test_role_configuration(role: Role, database: Database) -> None:
    name = role("")
    world = World(database())
    world.run(f"alter role {name} set work_mem = '1MB'; alter role {name} set search_path = a, b")
    world.run(f"alter role {name} in database {world.target.dbname} set work_mem = '2MB'")  # another thing
    assert role_facts(world, name)[name,]["config"] == ("search_path=a, b", "work_mem=1MB")
    world.run(f"alter role {name} in database {world.target.dbname} reset all")


def test_membership(role: Role, database: Database) -> None:
    group, member = role("nologin"), role("login")
    world = World(database()).run(f"grant {group} to {member}")
    assert role_facts(world, group, member)[group, member] == {"inherit": True, "set": True}
    world.run(f"grant {group} to {member} with admin true, inherit false, set false")
    assert role_facts(world, group, member)[group, member] == {"admin": True}
    world.run(f"revoke {group} from {member}; grant pg_read_all_data to {member}")
    assert set(role_facts(world, member, "pg_read_all_data")) == {(member,), ("pg_read_all_data", member)}
    world.run(f"revoke pg_read_all_data from {member}")


def test_membership_before_16(role: Role, database: Database, pg15: Server) -> None:
    group, member = role("nologin", pg15), role("login", pg15)
    world = World(database(pg15)).run(f"grant {group} to {member}")
    assert role_facts(world, group, member)[group, member] == {}
    world.run(f"grant {group} to {member} with admin option")
    assert role_facts(world, group, member)[group, member] == {"admin": True}


def test_roles_of_postgresql_are_no_facts(database: Database) -> None:
    world = World(database())
    with world.connect() as connection:
        names = {fact.key.path[0] for fact in take(connection, roles=True).of_kind("role")}
    assert "postgres" not in names
    assert not {name for name in names if name.startswith("pg_")}


def test_roles_are_told_on_request_only(role: Role, database: Database) -> None:
    name = role("")
    assert Key("role", (name,)) not in World(database()).snapshot().facts


@pytest.mark.parametrize("server", ["pg15", "pg16", "pg18"])
def test_ordinary_roles_may_read_roles(
    role: Role, database: Database, request: pytest.FixtureRequest, server: str
) -> None:
    host: Server = request.getfixturevalue(server)
    name = role("", host)
    with World(database(host)).connect() as connection:
        connection.execute(f"set role {name}".encode())
        assert Key("role", (name,)) in take(connection, roles=True).facts
