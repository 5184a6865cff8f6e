"""How a snapshot is taken: transactions, settings, roles, schemas that are left out, round trips through pg_dump."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from conftest import Server
from support.changes import changes
from support.relations import Loaded, loaded

from dataio.errors import ConnectionFailed, DataioError
from dataio.postgres.connection import connect
from dataio.postgres.conninfo import Target
from dataio.snapshot import PUBLIC, SELF, Key, Snapshot, take
from dataio.snapshot.model import Edges
from dataio.snapshot.queries import for_major, query

Database = Callable[..., Target]

REGRESSION = Path(__file__).parents[3] / "shared" / "cases" / "postgres" / "regression-from-empty" / "new.sql"


@pytest.fixture(scope="module")
def relations(pg18: Server) -> Iterator[Loaded]:
    with loaded(pg18) as found:
        yield found


# ---- the transaction -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("autocommit", [True, False])
def test_outside_of_a_transaction_nothing_stays(relations: Loaded, autocommit: bool) -> None:
    with connect(relations.target, autocommit=autocommit) as connection:
        connection.execute("set search_path = app, public")
        connection.commit()
        assert take(connection) == relations.snapshot
        assert connection.info.transaction_status == psycopg.pq.TransactionStatus.IDLE
        assert connection.autocommit is autocommit
        assert connection.execute("show search_path").fetchone() == ("app, public",)


def test_inside_a_transaction_it_sees_what_was_done(relations: Loaded) -> None:
    with connect(relations.target) as connection, connection.transaction(force_rollback=True):
        connection.execute("set local search_path = app; create table app.new (a int)")
        assert Key("table", ("app", "new")) in take(connection).facts
        assert connection.execute("show search_path").fetchone() == ("app",)
        connection.execute("create table app.newer (a int)")  # the transaction goes on
        assert Key("table", ("app", "newer")) in take(connection).facts


def test_settings_of_the_session_do_not_matter(relations: Loaded) -> None:
    with connect(relations.target) as connection:
        connection.execute(
            "set search_path = app; set quote_all_identifiers = on; set timezone = 'Asia/Tokyo';"
            "set datestyle = german; set intervalstyle = iso_8601; set bytea_output = escape;"
            "set standard_conforming_strings = off"
        )
        assert take(connection) == relations.snapshot


def test_words_do_not_depend_on_the_time_zone(database: Database) -> None:
    with connect(database()) as connection:
        connection.execute("set timezone = 'Asia/Tokyo'")
        connection.execute(
            "create table public.t (at timestamptz default '2020-01-01 00:00+00') partition by range (at);"
            "create table public.p partition of public.t for values from ('2020-01-01 00:00+00') to (maxvalue)"
        )
        bound = take(connection).facts[Key("partition", ("public", "p"))].text("bound")
    assert bound == "FOR VALUES FROM ('2020-01-01 00:00:00+00') TO (MAXVALUE)"


def test_a_reader_sees_one_moment(database: Database) -> None:
    """While others create and drop, a snapshot is whole or an error, and never half a table."""
    target = database()
    stop = threading.Event()

    def churn() -> None:
        with connect(target) as connection:
            while not stop.is_set():
                connection.execute("create table public.c (a int primary key, b text default 'x' check (b <> ''))")
                connection.execute("create view public.v as select a from public.c; create index on public.c (b)")
                connection.execute("drop table public.c cascade")
                time.sleep(0.05)

    churning = threading.Thread(target=churn)
    churning.start()
    try:
        with connect(target) as connection:
            sizes = {len(take(connection)) for _ in range(20)}
    finally:
        stop.set()
        churning.join()
    assert sizes <= {2, 14, 15, 16, 18}, sizes


def test_a_lost_connection_is_named(relations: Loaded) -> None:
    with connect(relations.target) as connection:
        relations.connection.execute("select pg_terminate_backend(%s)", [connection.info.backend_pid])
        with pytest.raises(ConnectionFailed, match="lost"):
            take(connection)


def test_a_broken_query_is_named(relations: Loaded, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        sys.modules["dataio.snapshot.take"],
        "query",
        lambda name, major: query(name, major) if name != "view" else "select 1/0",
    )
    with pytest.raises(DataioError, match="division by zero"):
        take(relations.connection)
    assert relations.connection.info.transaction_status == psycopg.pq.TransactionStatus.IDLE


# ---- roles ---------------------------------------------------------------------------------------------------------


def test_own_role_is_self(database: Database, role: Callable[..., str]) -> None:
    owner, other = role(), role()
    target = database(owner=owner)
    with connect(target) as connection:
        connection.execute(
            f"""create table public.t (a int); alter table public.t owner to {owner};
            grant select on public.t to {other}; alter table public.t enable row level security;
            create policy p on public.t to {owner}, {other};
            alter default privileges for role {owner} grant select on tables to public"""
        )
        snapshot = take(connection, self_role=owner)
    table = ("public", "t")
    assert snapshot.self_role == owner
    assert snapshot.facts[Key("owner", ("table", *table))]["role"] == SELF
    assert snapshot.facts[Key("privilege", ("table", *table, other, SELF))]["privileges"] == ("SELECT",)
    assert snapshot.facts[Key("policy", (*table, "p"))]["roles"] == tuple(sorted([SELF, other]))
    assert Key("default_privilege", (SELF, "", "tables", PUBLIC)) in snapshot.facts


def test_an_ordinary_role_sees_the_same(relations: Loaded) -> None:
    with connect(relations.target) as connection:
        user = connection.info.user
        connection.execute(f"set role {relations.reader}")
        assert take(connection, self_role=user) == relations.snapshot


def test_roles_only_where_asked(relations: Loaded) -> None:
    assert not {"role", "membership"} & {key.kind for key in relations.snapshot.facts}
    with relations.connection.transaction(force_rollback=True):
        relations.connection.execute(f"comment on role {relations.reader} is 'reads'; create role dataio_team")
        relations.connection.execute(f"grant dataio_team to {relations.reader}")
        assert take(relations.connection) == relations.snapshot
        snapshot = take(relations.connection, roles=True)
    role, team = Key("role", (relations.reader,)), Key("role", ("dataio_team",))
    assert snapshot.facts[Key("comment", ("role", relations.reader))]["text"] == "reads"
    assert snapshot.needs[Key("membership", ("dataio_team", relations.reader))] == {role, team}


# ---- what is left out ----------------------------------------------------------------------------------------------

BOOKKEEPING = """
    create schema dataio_meta;
    create type dataio_meta.state as enum ('begun', 'done');
    create domain dataio_meta.number as int not null check (value > 0);
    create table dataio_meta.migration (id dataio_meta.number primary key, state dataio_meta.state default 'begun',
        name text not null, check (name <> ''));
    create index on dataio_meta.migration (name);
    create statistics dataio_meta.s on state, name from dataio_meta.migration;
    create view dataio_meta.v as select * from dataio_meta.migration;
    create function dataio_meta.f() returns trigger language plpgsql as 'begin return new; end';
    create trigger t before insert on dataio_meta.migration execute function dataio_meta.f();
    create policy p on dataio_meta.migration;
    create operator dataio_meta.+ (function = int4pl, leftarg = int, rightarg = int);
    create text search configuration dataio_meta.c (copy = simple);
    comment on table dataio_meta.migration is 'ours';
    grant select on dataio_meta.migration to public;
    alter default privileges in schema dataio_meta grant select on tables to public;
"""


@pytest.mark.parametrize("version", ["pg15", "pg18"])
def test_bookkeeping_is_no_fact(database: Database, version: str, request: pytest.FixtureRequest) -> None:
    with connect(database(request.getfixturevalue(version))) as connection:
        empty = take(connection)
        connection.execute(BOOKKEEPING.encode())
        assert changes(empty, take(connection)) == set()
        connection.execute(BOOKKEEPING.replace("dataio_meta", "other").encode())
        assert len(take(connection)) > len(empty) + 20
        assert take(connection, ignore_schemas=["dataio_meta", "other"]) == empty


def test_temporary_things_and_large_objects_are_no_facts(database: Database) -> None:
    target = database()
    with connect(target) as connection:
        empty = take(connection)
        connection.execute(
            """create temp table t (i int primary key check (i > 0), j serial, k text default 'x');
            create index on t (k); create temp view v as select * from t; create type pg_temp.e as enum ('a');
            create function pg_temp.f() returns trigger language plpgsql as 'begin return new; end';
            create trigger x after insert on t execute function pg_temp.f();
            create statistics pg_temp.s on i, j from t; create domain pg_temp.d as int check (value > 0);
            create policy p on t; create rule r as on delete to t do instead nothing;
            create temp table p (a int) partition by list (a); create temp table q partition of p default;
            select lo_create(0)"""
        )
        assert changes(empty, take(connection)) == set()
        with connect(target) as another:  # sees them, too
            assert changes(empty, take(another)) == set()


@pytest.mark.parametrize("version", ["pg15"])  # the embedded servers have no contrib
def test_members_of_extensions_are_no_facts(database: Database, version: str, request: pytest.FixtureRequest) -> None:
    with connect(database(request.getfixturevalue(version))) as connection:
        if not connection.execute("select 1 from pg_available_extensions where name = 'hstore'").fetchone():
            pytest.skip("no contrib here")
        connection.execute("create schema ext; create extension hstore schema ext; create extension citext schema ext")
        connection.execute("create extension pg_stat_statements schema ext; create extension ltree schema ext")
        bare = take(connection)
        assert {key.path for key in bare.facts if key.kind == "extension"} == {
            ("hstore",), ("citext",), ("pg_stat_statements",), ("ltree",),
        }  # fmt: skip
        assert bare.facts[Key("extension", ("hstore",))]["schema"] == "ext"
        assert {key.kind for key in bare.facts} == {"schema", "extension", "owner", "comment"}
        connection.execute(
            """create table public.t (h ext.hstore, hs ext.hstore[], c ext.citext check (c operator(ext.<>) 'x'));
            create index i on public.t using gist (h ext.gist_hstore_ops);
            create function public.f(ext.hstore) returns ext.citext language sql as 'select $1 operator(ext.->) ''a''';
            create view public.v as select query from ext.pg_stat_statements;
            grant select on ext.pg_stat_statements_info to pg_monitor;
            create index mine on public.t ((h operator(ext.->) 'x'))"""
        )
        snapshot = take(connection)
        extension = {name: Key("extension", (name,)) for name in ("hstore", "citext", "pg_stat_statements")}
        for key, needed in {
            ("column", "t", "h"): "hstore",
            ("column", "t", "hs"): "hstore",
            ("column", "t", "c"): "citext",
            ("constraint", "t", "t_c_check"): "citext",
            ("index", "i"): "hstore",
            ("index", "mine"): "hstore",
            ("function", "f", "ext.hstore"): "hstore",
            ("view", "v"): "pg_stat_statements",
        }.items():
            assert extension[needed] in snapshot.needs[Key(key[0], ("public", *key[1:]))], key
        granted = Key("privilege", ("view", "ext", "pg_stat_statements_info", "pg_monitor", SELF))
        assert snapshot.facts[granted]["privileges"] == ("SELECT",)
        assert extension["pg_stat_statements"] in snapshot.needs[granted]
        assert extension["hstore"] in snapshot.needed_by[Key("schema", ("ext",))] | snapshot.needed_by.keys()


@pytest.mark.parametrize("version", ["pg15"])
def test_what_hangs_on_an_extensions_table_is_its(
    database: Database, version: str, request: pytest.FixtureRequest
) -> None:
    with connect(database(request.getfixturevalue(version))) as connection:
        if not connection.execute("select 1 from pg_available_extensions where name = 'hstore'").fetchone():
            pytest.skip("no contrib here")
        connection.execute("create extension hstore")
        bare = take(connection)
        connection.execute(
            """create table public.conf (i serial primary key, t text default 'x' check (t <> ''));
            create index on public.conf (t); create statistics public.s on i, t from public.conf;
            alter extension hstore add table public.conf; alter extension hstore add sequence public.conf_i_seq;
            create policy p on public.conf; create rule r as on delete to public.conf do instead nothing;
            create trigger t before update on public.conf for each row
                execute function suppress_redundant_updates_trigger();
            create type public.pair as (a int); alter extension hstore add type public.pair;
            create view public.v as select * from public.conf; alter extension hstore add view public.v;
            create function public.f() returns int language sql as 'select 1';
            alter extension hstore add function public.f()"""
        )
        # an extended statistics object is in a schema of its own accord
        assert changes(bare, take(connection)) == {"+statistics public.s", "+owner statistics.public.s"}


def test_security_labels(relations: Loaded) -> None:
    """No provider is at hand: what one would have written is put there."""
    connection = relations.connection
    with connection.transaction(force_rollback=True):
        connection.execute(
            """set local allow_system_table_mods = on;
            insert into pg_seclabel (objoid, classoid, objsubid, provider, label) values
                ('app.child'::regclass, 'pg_class'::regclass, 0, 'selinux', 'secret'),
                ('app.child'::regclass, 'pg_class'::regclass, 3, 'selinux', 'top secret'),
                ('app.v'::regclass, 'pg_class'::regclass, 2, 'selinux', 'secret'),
                ('app.mood'::regtype, 'pg_type'::regclass, 0, 'other', 'public')"""
        )
        snapshot = take(connection)
        assert changes(relations.snapshot, snapshot) == {
            "+security_label selinux.table.app.child",
            "+security_label selinux.column.app.child.note",
            "+security_label selinux.column.app.v.code",
            "+security_label other.enum.app.mood",
        }
        label = Key("security_label", ("selinux", "column", "app", "child", "note"))
        assert snapshot.facts[label]["label"] == "top secret"


def test_public_recreated(database: Database) -> None:
    with connect(database()) as connection:
        as_initdb_made_it = take(connection)
        connection.execute("drop schema public")
        assert changes(as_initdb_made_it, take(connection)) == {"-schema public", "-owner schema.public"}
        connection.execute("create schema public")
        assert changes(as_initdb_made_it, take(connection)) == {
            "~owner schema.public role",
            "+comment schema.public",
            "+privilege schema.public.@public.@self",
        }
        connection.execute(
            """alter schema public owner to pg_database_owner; grant usage on schema public to public;
            comment on schema public is 'standard public schema'"""
        )
        assert take(connection) == as_initdb_made_it


# ---- wording, fingerprints -----------------------------------------------------------------------------------------


def test_settled_wording(relations: Loaded) -> None:
    key = Key("constraint", ("app", "parent", "parent_kind_check"))
    assert "(ARRAY[('a'::character varying)::text," in relations.snapshot.facts[key].text("definition")
    assert "(ARRAY['a'::character varying," in relations.snapshot.wording[key, "definition"]


def test_fingerprint(relations: Loaded) -> None:
    snapshot = relations.snapshot
    assert snapshot.fingerprint.startswith("pg18:")
    assert len(snapshot.fingerprint) == len("pg18:") + 64
    shuffled = Snapshot(dict(reversed(list(snapshot.facts.items()))), Edges(), 18, "someone")
    assert shuffled.fingerprint == snapshot.fingerprint
    for statement in ("comment on table app.parent is 'other'", "alter table app.loose add c int"):
        with relations.connection.transaction(force_rollback=True):
            relations.connection.execute(statement.encode())
            assert take(relations.connection).fingerprint != snapshot.fingerprint


def test_column_order_is_no_difference(database: Database) -> None:
    one, other = database(), database()
    with connect(one) as first, connect(other) as second:
        first.execute("create table public.t (a int, b text)")
        second.execute("create table public.t (b text, gone int); alter table public.t drop gone, add a int")
        assert take(first) == take(second)
        assert take(first).fingerprint == take(second).fingerprint
        positions = [take(c).facts[Key("column", ("public", "t", "a"))].get_info("position") for c in (first, second)]
        assert positions == [1, 3]


# ---- pg_dump -------------------------------------------------------------------------------------------------------


def _copy(server: Server, source: Target, into: Target) -> None:
    """Through pg_dump and psql of the server that is written to."""
    binaries = server.cluster.binaries
    dump = subprocess.run(
        [str(binaries.path("pg_dump")), "--schema-only", *source.arguments()],
        env=source.env(), capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    subprocess.run(
        [str(binaries.path("psql")), "-X", "-q", "-v", "ON_ERROR_STOP=1", *into.arguments()],
        env=into.env(), input=dump, capture_output=True, text=True, check=True,
    )  # fmt: skip


@pytest.mark.parametrize("version", ["pg15", "pg16", "pg18"])
def test_dump_and_restore(version: str, database: Database, request: pytest.FixtureRequest) -> None:
    server: Server = request.getfixturevalue(version)
    with loaded(server) as found:
        target = database(server)
        _copy(server, found.target, target)
        with connect(target) as connection:
            copy = take(connection)
            connection.execute(f"drop owned by {found.reader}")
        assert changes(found.snapshot, copy) == set()
        assert copy == found.snapshot  # edges, too
        assert copy.fingerprint == found.snapshot.fingerprint


def test_one_fingerprint_for_all_versions(
    pg15: Server, pg16: Server, pg18: Server, database: Database, role: Callable[..., str]
) -> None:
    fingerprints = set()
    for server in (pg15, pg16, pg18):
        with loaded(server) as found:
            if server is not pg18:
                pg18.execute(f"create role {found.reader}")
            target = database(pg18)
            _copy(pg18, found.target, target)
            with connect(target) as connection:
                copy = take(connection)
                connection.execute(f"drop owned by {found.reader}")
            if server is not pg18:
                pg18.execute(f"drop role {found.reader}")
            renamed = {
                Key(key.kind, tuple(part.replace(found.reader, "reader") for part in key.path)): fact
                for key, fact in copy.facts.items()
                if key.kind != "policy"
            }
            fingerprints.add(Snapshot(renamed, Edges(), 18, "").fingerprint)
    assert len(fingerprints) == 1


@pytest.mark.skipif(not REGRESSION.exists(), reason="the shared cases are not here")
def test_the_regression_database(pg18: Server, database: Database) -> None:
    target, other = database(), database()
    subprocess.run(
        [str(pg18.cluster.binaries.path("psql")), "-X", "-q", "-v", "ON_ERROR_STOP=1", "-o", "/dev/null", "-f",
         str(REGRESSION), *target.arguments()],
        env=target.env(), capture_output=True, check=True,
    )  # fmt: skip
    with connect(target) as connection:
        snapshot = take(connection)
    assert len({key.kind for key in snapshot.facts}) >= 40
    _copy(pg18, target, other)
    with connect(other) as connection:
        assert take(connection) == snapshot


# ---- the SQL files -------------------------------------------------------------------------------------------------


def test_lines_for_versions() -> None:
    text = "select a, -- >=14\n  b, -- <14\n  c -- >=15 <17\n  , d -- why >=3 matters\n"
    assert for_major(text, 13) == "select a, -- >=14\n  b, -- <14\n  , d -- why >=3 matters\n".replace(
        "select a, -- >=14\n", ""
    )
    assert for_major(text, 16) == "select a, -- >=14\n  c -- >=15 <17\n  , d -- why >=3 matters\n"
