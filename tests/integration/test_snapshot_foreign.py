"""Facts of foreign-data wrappers, servers and user mappings."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from conftest import Server
from support.facts import World

from dataio.postgres.conninfo import Target

Database = Callable[..., Target]


@pytest.fixture
def world(database: Database) -> World:
    return World(database())


def test_wrapper(world: World) -> None:
    world.run('create foreign data wrapper "My Wrapper"')
    assert world.told("foreign_data_wrapper") == {("My Wrapper",): {}}
    world.run("""
        create function public.handler() returns fdw_handler language c as '$libdir/plpgsql', 'plpgsql_call_handler';
        set client_min_messages = error;
        alter foreign data wrapper "My Wrapper" handler public.handler;
        alter foreign data wrapper "My Wrapper" options (z 'a=b', "A" 'it''s');
    """)
    assert world.one("foreign_data_wrapper") == {"handler": "public.handler", "options": ("A=it's", "z=a=b")}
    world.run("""alter foreign data wrapper "My Wrapper" options (drop z, drop "A");
                 set client_min_messages = error;
                 alter foreign data wrapper "My Wrapper" no handler validator postgresql_fdw_validator""")
    assert world.one("foreign_data_wrapper") == {"validator": "pg_catalog.postgresql_fdw_validator"}


def test_server(world: World) -> None:
    world.run('create foreign data wrapper w; create server "My Server" foreign data wrapper w')
    assert world.told("server") == {("My Server",): {"wrapper": "w"}}
    world.run('drop server "My Server"')
    world.run("create server s type 't' version 'v1' foreign data wrapper w options (host 'h', dbname 'd')")
    expected = {"wrapper": "w", "type": "t", "version": "v1", "options": ("dbname=d", "host=h")}
    assert world.told("server") == {("s",): expected}
    world.run("alter server s version '2' options (set host 'i', drop dbname)")
    assert world.one("server") == {**expected, "version": "2", "options": ("host=i",)}


def test_user_mappings(role: Callable[..., str], world: World) -> None:
    name = role("nologin")
    world.run("create foreign data wrapper w; create server s foreign data wrapper w")
    world.run(f"create user mapping for public server s; create user mapping for {name} server s options (user 'u')")
    assert world.told("user_mapping") == {("s", "@public"): {}, ("s", name): {"options": ("user=u",)}}
    world.run(f"alter user mapping for {name} server s options (set user 'v', password 'x')")
    assert world.told("user_mapping")["s", name] == {"options": ("password=x", "user=v")}


def test_ordinary_roles_see_mappings_without_options(role: Callable[..., str], world: World) -> None:
    name = role("nologin")
    world.run("create foreign data wrapper w options (o '1'); create server s foreign data wrapper w options (o '2')")
    world.run("create user mapping for public server s options (user 'u')")
    with world.connect() as connection:
        connection.execute(f"set role {name}".encode())
        snapshot = world.snapshot(connection)
    (mapping,) = snapshot.of_kind("user_mapping")
    assert mapping["options"] == ()
    (server,) = snapshot.of_kind("server")
    assert server["options"] == ("o=2",)


def test_extensions_keep_their_wrapper(database: Database, pg15: Server) -> None:
    world = World(database(pg15)).run(
        "create extension postgres_fdw; create server s foreign data wrapper postgres_fdw"
    )
    assert world.told("foreign_data_wrapper", "server", "function") == {("server", "s"): {"wrapper": "postgres_fdw"}}
