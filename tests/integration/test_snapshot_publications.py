"""Facts of publications, what they publish, and subscriptions."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from conftest import Server
from support.facts import World

from dataio.postgres.conninfo import Target

Database = Callable[..., Target]

ALL = ("insert", "update", "delete", "truncate")


@pytest.fixture
def world(database: Database) -> World:
    return World(database())


def test_publication_options(world: World) -> None:
    world.run("create publication p")
    assert world.told("publication") == {("p",): {"publish": ALL, "generated": "none"}}
    world.run("alter publication p set (publish = 'update, insert', publish_via_partition_root)")
    world.run("alter publication p set (publish_generated_columns = stored)")
    assert world.one("publication") == {"publish": ("insert", "update"), "via_root": True, "generated": "stored"}
    world.run("drop publication p; create publication \"All\" for all tables with (publish = '')")
    assert world.told("publication") == {("All",): {"all_tables": True, "generated": "none"}}


def test_published_tables_and_schemas(world: World) -> None:
    world.run("""
        create schema "S"; create table public.t (z int primary key, a int); create table "S"."T" (b int);
        create publication p for table public.t (z, a) where (z > 5), table "S"."T";
        create publication q for tables in schema "S", public;
    """)
    assert world.told("publication_table") == {
        ("p", "public", "t"): {"columns": ("a", "z"), "where": "(z > 5)"},
        ("p", "S", "T"): {},
    }
    assert world.told("publication_schema") == {("q", "S"): {}, ("q", "public"): {}}
    world.run("alter publication p set table public.t; alter publication q drop tables in schema public")
    assert world.told("publication_table") == {("p", "public", "t"): {}}
    assert world.told("publication_schema") == {("q", "S"): {}}


def test_bookkeeping_is_not_published(world: World) -> None:
    world.run("create schema dataio_meta; create table dataio_meta.t (a int)")
    world.run("create publication p for table dataio_meta.t; create publication q for tables in schema dataio_meta")
    assert world.told("publication_table", "publication_schema") == {}


@pytest.mark.parametrize("server", ["pg15", "pg16"])
def test_older_servers_publish(database: Database, request: pytest.FixtureRequest, server: str) -> None:
    host: Server = request.getfixturevalue(server)
    world = World(database(host))
    world.run("""create table public.t (z int primary key); create publication p for table public.t (z) where (z > 5);
                 create publication q for tables in schema public""")
    assert world.told("publication") == {("p",): {"publish": ALL}, ("q",): {"publish": ALL}}
    assert world.told("publication_table") == {("p", "public", "t"): {"columns": ("z",), "where": "(z > 5)"}}
    assert world.told("publication_schema") == {("q", "public"): {}}


# ---- subscriptions -------------------------------------------------------------------------------------------------


class Subscriber(World):
    """Makes subscriptions that never connect, and lets go of them: a database with one cannot be dropped."""

    def __init__(self, target: Target) -> None:
        super().__init__(target)
        self.run("set client_min_messages = error")

    def subscribe(self, conninfo: str, options: str = "", publications: str = "p") -> Subscriber:
        more = f", {options}" if options else ""
        literal = conninfo.replace("'", "''")
        self.leave()
        self.run(
            "set client_min_messages = error; "
            f"create subscription s connection '{literal}' publication {publications} with (connect = false{more})"
        )
        return self

    def leave(self) -> None:
        if self.told("subscription"):
            self.run("alter subscription s disable; alter subscription s set (slot_name = none)")
            self.run("drop subscription s")


@pytest.fixture
def subscribers(database: Database) -> Iterator[Callable[..., Subscriber]]:
    made: list[Subscriber] = []

    def make(on: Server | None = None) -> Subscriber:
        made.append(Subscriber(database(on)))
        return made[-1]

    yield make
    for subscriber in made:
        subscriber.leave()


def test_subscription_of_defaults(subscribers: Callable[..., Subscriber]) -> None:
    world = subscribers().subscribe("host=far dbname=d", publications='q, "P"')
    assert world.told("subscription") == {
        ("s",): {"conninfo": "host=far dbname=d", "publications": ("P", "q"), "slot": "s"}
    }
    (fact,) = world.snapshot().of_kind("subscription")
    assert fact.get_info("enabled") is False


def test_subscription_settings(subscribers: Callable[..., Subscriber]) -> None:
    world = subscribers().subscribe(
        "host=far",
        "slot_name = none, binary, disable_on_error, failover, origin = none, password_required = false, "
        "run_as_owner, streaming = off, synchronous_commit = local, two_phase",
    )
    assert world.one("subscription") == {
        "conninfo": "host=far",
        "publications": ("p",),
        "settings": (
            "binary=true",
            "disable_on_error=true",
            "failover=true",
            "origin=none",
            "password_required=false",
            "run_as_owner=true",
            "streaming=off",
            "synchronous_commit=local",
            "two_phase=true",
        ),
    }
    world.subscribe("host=far", "streaming = on")
    assert world.one("subscription")["settings"] == ("streaming=on",)


def test_subscription_settings_of_15_and_16(subscribers: Callable[..., Subscriber], pg15: Server, pg16: Server) -> None:
    on15 = subscribers(pg15).subscribe("host=far")
    assert "settings" not in on15.one("subscription")
    on15.subscribe("host=far", "streaming = on, binary, two_phase, disable_on_error, synchronous_commit = on")
    assert on15.one("subscription")["settings"] == (
        "binary=true",
        "disable_on_error=true",
        "streaming=on",
        "synchronous_commit=on",
        "two_phase=true",
    )
    on16 = subscribers(pg16).subscribe("host=far")
    assert "settings" not in on16.one("subscription")
    on16.subscribe("host=far", "streaming = parallel, origin = none")
    assert on16.one("subscription")["settings"] == ("origin=none", "streaming=parallel")


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("host=far password=secret dbname=d", "host=far dbname=d"),
        ("password = 'se''cret word' host=far", None),  # not a valid conninfo: refused by PostgreSQL itself
        (r"password = 'se\'cret word' host=far", "host=far"),
        (r"host=far password=se\ cret sslpassword=secret", "host=far"),
        ("host=far passfile=/secretless application_name=password", "host=far passfile=/secretless"
         " application_name=password"),
        ("postgresql://u:secret@far:5432/d?application_name=x", "postgresql://u@far:5432/d?application_name=x"),
        ("postgres://u@far/d?password=secret", "postgres://u@far/d"),
        ("postgres://u@far/d?password=secret&sslmode=prefer&sslpassword=secret", "postgres://u@far/d?sslmode=prefer"),
        ("host=far application_name=" + "ä" * 1500, "host=far application_name=" + "ä" * 1500),
    ],
)  # fmt: skip
def test_conninfo_without_its_secrets(subscribers: Callable[..., Subscriber], given: str, told: str | None) -> None:
    if told is None:
        with pytest.raises(Exception, match="invalid connection string"):
            subscribers().subscribe(given)
        return
    world = subscribers().subscribe(given)
    assert world.one("subscription")["conninfo"] == told
    assert "secret " not in repr(world.snapshot().facts)


def test_ordinary_roles_see_subscriptions_without_conninfo(
    subscribers: Callable[..., Subscriber], role: Callable[..., str], pg18: Server, pg15: Server
) -> None:
    for host in (pg18, pg15):
        world = subscribers(host).subscribe("host=far password=secret", "binary")
        name = role("nologin", host)
        with world.connect() as connection:
            connection.execute(f"set role {name}".encode())
            (fact,) = world.snapshot(connection).of_kind("subscription")
        assert fact["conninfo"] is None
        assert fact["publications"] == ("p",)
        assert fact["settings"] == ("binary=true",)
