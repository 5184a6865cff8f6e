"""The same things give the same facts on every server version, and an ordinary role sees nearly all of them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from conftest import Server
from support.facts import World

from dataio.postgres.connection import connect
from dataio.postgres.conninfo import Target
from dataio.snapshot.keys import ATTACHMENTS, Key
from dataio.snapshot.kinds import KINDS
from dataio.snapshot.model import Fact
from dataio.snapshot.queries import query

Database = Callable[..., Target]

ONE_OF_EACH = """
    create type public.mood as enum ('sad', 'ok');
    create domain public.code as varchar(12) collate "C" default 'x' not null constraint short check (value <> '');
    create type public.span as range (subtype = timestamptz, subtype_diff = public.diff);
    create type public.shell;
    create type public.ref;
    create function public.ref_in(cstring) returns public.ref language internal immutable strict as 'int4in';
    create function public.ref_out(public.ref) returns cstring language internal immutable strict as 'int4out';
    create type public.ref (input = public.ref_in, output = public.ref_out, like = int4, default = '7');
    create collation public.c (locale = 'C');
    create procedure public.p(a int, inout b text) language plpgsql as 'begin end';
    create aggregate public.total(int) (sfunc = int4pl, stype = int, initcond = '0');
    create function public.watch() returns event_trigger language plpgsql as 'begin end';
    create event trigger watch on ddl_command_end when tag in ('CREATE TABLE') execute function public.watch();
    create function public.handler() returns language_handler language c as '$libdir/plpgsql', 'plpgsql_call_handler';
    create language other handler public.handler;
    create transform for int language sql (from sql with function prsd_lextype(internal));
    create type public.pair as (a int, b int);
    create function public.lt(public.pair, public.pair) returns boolean language sql as 'select $1.a < $2.a';
    create function public.cross_lt(public.pair, int) returns boolean language sql as 'select $1.a < $2';
    create function public.cmp(public.pair, public.pair) returns int language sql immutable as 'select $1.a - $2.a';
    create operator public.< (function = public.lt, leftarg = public.pair, rightarg = public.pair,
        commutator = operator(public.>), restrict = scalarltsel);
    create operator public.< (function = public.cross_lt, leftarg = public.pair, rightarg = int);
    create operator family public.pairs using btree;
    create operator class public.pair_ops default for type public.pair using btree family public.pairs as
        operator 1 public.<, function 1 public.cmp(public.pair, public.pair);
    alter operator family public.pairs using btree add operator 1 public.< (public.pair, int);
    create cast (public.ref as int) without function as assignment;
    create access method heap_too type table handler heap_tableam_handler;
    create conversion public.c for 'LATIN1' to 'UTF8' from iso8859_1_to_utf8;
    create text search parser public.words (start = prsd_start, gettoken = prsd_nexttoken, end = prsd_end,
        lextypes = prsd_lextype);
    create text search template public.plain (init = dsimple_init, lexize = dsimple_lexize);
    create text search dictionary public.plain (template = public.plain, stopwords = 'english');
    create text search configuration public.plain (parser = public.words);
    alter text search configuration public.plain add mapping for word, email with public.plain, simple;
    create table public.t (a int primary key);
    create publication part for table public.t (a) where (a > 0);
    create publication "All" for tables in schema public;
    create foreign data wrapper w validator postgresql_fdw_validator;
    create server s type 't' foreign data wrapper w options (host 'h');
    create user mapping for public server s options (user 'u');
""".replace(
    "    create type public.span",
    """    create function public.diff(timestamptz, timestamptz) returns float8 language sql immutable
        as 'select extract(epoch from $1 - $2)::float8';
    create type public.span""",
)

RELATIONS = frozenset({"table", "column", "not_null", "constraint", "composite", "attribute"})
ELSEWHERE = RELATIONS | {"schema", "extension"} | ATTACHMENTS
NOT_HERE = {"subscription", "role", "membership", "default_privilege"}  # have tests of their own

OF_RELATIONS = {
    "default", "identity", "replica_identity", "clustered_on", "partition", "inheritance", "index", "sequence",
    "owned_by", "view", "materialized_view", "foreign_table", "rule", "trigger", "policy", "statistics",
}  # fmt: skip

LATER = {"not_null_name": 17, "not_null_comment": 17, "generated": 18}
"""Attributes that older servers do not have."""


@pytest.fixture
def server(request: pytest.FixtureRequest) -> Server:
    host: Server = request.getfixturevalue(request.param)
    return host


def types_and_routines(world: World) -> dict[Key, Fact]:
    return {key: fact for key, fact in world.snapshot().facts.items() if key.kind not in ELSEWHERE}


def test_one_of_each_is_one_of_each(database: Database) -> None:
    facts = types_and_routines(World(database()).run(ONE_OF_EACH))
    missing = set(KINDS) - {key.kind for key in facts} - ELSEWHERE - NOT_HERE
    assert missing == OF_RELATIONS


@pytest.mark.parametrize("server", ["pg15", "pg16"], indirect=True)
def test_the_same_facts_on_every_version(database: Database, server: Server) -> None:
    newest = types_and_routines(World(database()).run(ONE_OF_EACH))
    here = types_and_routines(World(database(server)).run(ONE_OF_EACH))
    assert here.keys() == newest.keys()
    for key, fact in newest.items():
        missing = {name: None for name, since in LATER.items() if name in fact.attributes and server.major < since}
        assert here[key] == fact.replace(**missing)


@pytest.mark.parametrize("server", ["pg15", "pg16", "pg18"], indirect=True)
def test_an_ordinary_role_sees_the_same(role: Callable[..., str], database: Database, server: Server) -> None:
    name = role("nologin", server)
    world = World(database(server)).run(ONE_OF_EACH)
    seen = world.snapshot()
    with world.connect() as connection:
        connection.execute(f"set role {name}".encode())
        ordinary = world.snapshot(connection)
    hidden = {key for key, fact in seen.facts.items() if ordinary.facts.get(key) != fact} - {
        key for key in seen.facts if key.kind in ("owner", "privilege")
    }
    assert hidden == {Key("user_mapping", ("s", "@public"))}


@pytest.mark.parametrize("major", [13, 14])
def test_text_for_versions_that_are_not_here_runs(database: Database, pg15: Server, major: int) -> None:
    """What these kinds select on 13 and 14 still exists on 15: it must at least be valid there."""
    kinds = set(KINDS) - ATTACHMENTS
    with connect(database(pg15)) as connection:
        for kind in sorted(kinds):
            names = {column.name for column in connection.execute(query(kind, major)).description or ()}
            assert names >= {"path", *KINDS[kind].attributes, *KINDS[kind].info}, kind
