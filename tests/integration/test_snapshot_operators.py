"""Facts of operators, operator families and classes and their members, casts, access methods and conversions."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from conftest import Server
from support.facts import World

from dataio.postgres.conninfo import Target

Database = Callable[..., Target]

PAIR = """
    create type public.pair as (a int, b int);
    create function public.lt(public.pair, public.pair) returns boolean language sql immutable as 'select $1.a < $2.a';
    create function public.le(public.pair, public.pair) returns boolean language sql immutable as 'select $1.a <= $2.a';
    create function public.eq(public.pair, public.pair) returns boolean language sql immutable as 'select $1.a = $2.a';
    create function public.gt(public.pair, public.pair) returns boolean language sql immutable as 'select $1.a > $2.a';
    create function public.cmp(public.pair, public.pair) returns int language sql immutable as 'select $1.a - $2.a';
    create function public.cross(public.pair, int) returns boolean language sql immutable as 'select $1.a < $2';
    create function public.cross_cmp(public.pair, int) returns int language sql immutable as 'select $1.a - $2';
    create operator public.< (function = public.lt, leftarg = public.pair, rightarg = public.pair);
    create operator public.<= (function = public.le, leftarg = public.pair, rightarg = public.pair);
    create operator public.= (function = public.eq, leftarg = public.pair, rightarg = public.pair);
    create operator public.< (function = public.cross, leftarg = public.pair, rightarg = int);
"""


@pytest.fixture
def world(database: Database) -> World:
    return World(database())


# ---- operators -----------------------------------------------------------------------------------------------------


def test_plain_operator(world: World) -> None:
    world.run("create function public.f(int, text) returns text language sql as 'select $2'")
    world.run('create schema "My"; create operator "My".+> (function = public.f, leftarg = int, rightarg = text)')
    assert world.told("operator") == {("My", "+>", "integer", "text"): {"function": "public.f"}}


def test_prefix_operator(world: World) -> None:
    world.run("create operator public.!@ (function = int4abs, rightarg = int)")
    assert world.told("operator") == {("public", "!@", "NONE", "integer"): {"function": "pg_catalog.int4abs"}}


def test_operator_with_everything(world: World) -> None:
    world.run(PAIR)
    world.run("""
        create schema "S";
        create function "S"."Sel"(internal, oid, internal, int) returns float8 language internal as 'eqsel';
        create operator "S".=== (
            function = public.eq, leftarg = public.pair, rightarg = public.pair,
            commutator = operator("S".===), negator = operator("S".!==), restrict = "S"."Sel", join = eqjoinsel,
            hashes, merges
        );
    """)
    expected = {
        "function": "public.eq",
        "commutator": 'OPERATOR("S".===)',
        "negator": 'OPERATOR("S".!==)',
        "restrict": '"S"."Sel"',
        "join": "pg_catalog.eqjoinsel",
        "hashes": True,
        "merges": True,
    }
    path = ("S", "===", "public.pair", "public.pair")
    told = world.told("operator")
    assert told[path] == expected
    assert ("S", "!==", "public.pair", "public.pair") not in told  # a shell, not made yet
    world.run("create function public.ne(public.pair, public.pair) returns boolean language sql as 'select true'")
    world.run("""create operator "S".!== (function = public.ne, leftarg = public.pair, rightarg = public.pair,
                 negator = operator("S".===))""")
    assert world.told("operator")["S", "!==", "public.pair", "public.pair"] == {
        "function": "public.ne",
        "negator": 'OPERATOR("S".===)',
    }
    world.run('alter operator "S".=== (public.pair, public.pair) set (restrict = none, join = none)')
    del expected["restrict"], expected["join"]
    assert world.told("operator")[path] == expected


# ---- operator classes and families ---------------------------------------------------------------------------------


def test_btree_class(world: World) -> None:
    world.run(PAIR)
    world.run("""
        create operator class public."Pair Ops" default for type public.pair using btree as
            operator 2 public.<=, operator 1 public.<, function 1 public.cmp(public.pair, public.pair);
    """)
    expected: dict[str, object] = {
        "type": "public.pair",
        "default": True,
        "family": ("public", "Pair Ops"),
        "members": (
            "OPERATOR 1 public.<(public.pair, public.pair)",
            "OPERATOR 2 public.<=(public.pair, public.pair)",
            "FUNCTION 1 (public.pair, public.pair) public.cmp(public.pair, public.pair)",
        ),
    }
    assert world.told("operator_class") == {("public", "Pair Ops", "btree"): expected}
    assert world.told("operator_family") == {("public", "Pair Ops", "btree"): {}}
    assert world.told("family_member") == {}
    # what PostgreSQL ties to the class when it is added to the family is the class's (not before 14)
    world.run('alter operator family public."Pair Ops" using btree add operator 3 public.= (public.pair, public.pair)')
    members = (*expected["members"][:2], "OPERATOR 3 public.=(public.pair, public.pair)", expected["members"][2])  # type: ignore[index]
    assert world.one("operator_class") == {**expected, "members": members}
    # what crosses types is loose
    world.run("""
        alter operator family public."Pair Ops" using btree add
            operator 1 public.< (public.pair, int), function 1 (public.pair, int) public.cross_cmp(public.pair, int);
    """)
    assert world.one("operator_class") == {**expected, "members": members}
    family = ("public", "Pair Ops", "btree")
    assert world.told("family_member") == {
        (*family, "operator", "1", "public.pair", "integer"): {"item": "OPERATOR 1 public.<(public.pair, integer)"},
        (*family, "function", "1", "public.pair", "integer"): {
            "item": "FUNCTION 1 (public.pair, integer) public.cross_cmp(public.pair, integer)"
        },
    }
    world.run('alter operator family public."Pair Ops" using btree drop operator 1 (public.pair, int)')
    assert set(world.told("family_member")) == {(*family, "function", "1", "public.pair", "integer")}


def test_class_in_a_family_of_another_name(world: World) -> None:
    world.run(PAIR)
    world.run("""
        create operator family public.fam using btree;
        create operator class public.pair_ops for type public.pair using btree family public.fam as
            operator 1 public.<, function 1 public.cmp(public.pair, public.pair);
    """)
    assert world.told("operator_family") == {("public", "fam", "btree"): {}}
    told = world.one("operator_class")
    assert told["family"] == ("public", "fam")
    assert "default" not in told


def test_gist_class_storage_and_loose_members(world: World) -> None:
    """A GiST class keeps its required functions; 14+ leaves the operators and the optional functions to the family."""
    world.run("""
        create operator family public.sort_family using btree;
        create operator class public.box_class for type point using gist as
            storage box,
            operator 1 <<(point, point),
            operator 15 <->(point, point) for order by pg_catalog.float_ops,
            function 1 gist_point_consistent(internal, point, smallint, oid, internal),
            function 2 gist_box_union(internal, internal),
            function 3 gist_point_compress(internal),
            function 5 gist_box_penalty(internal, internal, internal),
            function 6 gist_box_picksplit(internal, internal),
            function 7 gist_box_same(box, box, internal),
            function 8 gist_point_distance(internal, point, smallint, oid, internal);
    """)
    told = world.one("operator_class")
    family = ("public", "box_class", "gist")
    assert told == {
        "type": "point",
        "family": ("public", "box_class"),
        "storage": "box",
        "members": (
            "FUNCTION 1 (point, point) pg_catalog.gist_point_consistent(internal, point, smallint, oid, internal)",
            "FUNCTION 2 (point, point) pg_catalog.gist_box_union(internal, internal)",
            "FUNCTION 5 (point, point) pg_catalog.gist_box_penalty(internal, internal, internal)",
            "FUNCTION 6 (point, point) pg_catalog.gist_box_picksplit(internal, internal)",
            "FUNCTION 7 (point, point) pg_catalog.gist_box_same(box, box, internal)",
        ),
    }
    assert world.told("family_member") == {
        (*family, "operator", "1", "point", "point"): {"item": "OPERATOR 1 pg_catalog.<<(point, point)"},
        (*family, "operator", "15", "point", "point"): {
            "item": "OPERATOR 15 pg_catalog.<->(point, point) FOR ORDER BY pg_catalog.float_ops"
        },
        (*family, "function", "3", "point", "point"): {
            "item": "FUNCTION 3 (point, point) pg_catalog.gist_point_compress(internal)"
        },
        (*family, "function", "8", "point", "point"): {
            "item": "FUNCTION 8 (point, point) pg_catalog.gist_point_distance(internal, point, smallint, oid, internal)"
        },
    }


def test_members_added_to_a_family_of_postgresql(world: World) -> None:
    """Left out, tied to the family or to a class of initdb's: pg_dump leaves them out too, so that no copy has them."""
    world.run(PAIR)
    world.run("""
        create function public.options(internal) returns void language internal as 'btint4sortsupport';
        alter operator family pg_catalog.integer_ops using btree add
            operator 1 public.< (public.pair, int),
            function 1 (public.pair, int) public.cross_cmp(public.pair, int);
        alter operator family pg_catalog.money_ops using btree add function 5 (money, money) public.options(internal);
    """)
    assert world.told("operator_family", "operator_class", "family_member") == {}


def test_extensions_keep_their_operators(world: World) -> None:
    world.run("create extension vector")
    kinds = "function aggregate operator operator_family operator_class family_member cast access_method base_type"
    assert world.told(*kinds.split()) == {}


# ---- casts ---------------------------------------------------------------------------------------------------------


def test_casts(world: World) -> None:
    world.run("""
        create type public."Color" as enum ('r');
        create function public.to_color(int) returns public."Color" language sql as $$ select 'r'::public."Color" $$;
        create cast (int as public."Color") with function public.to_color(int) as assignment;
        create cast (public."Color" as bigint) with inout as implicit;
        create type public.a as (x int); create type public.b as (x int);
        create function public.a_b(public.a, int, boolean) returns public.b language sql as 'select null::public.b';
        create cast (public.a as public.b) with function public.a_b(public.a, int, boolean);
        create type public.ref;
        create function public.ref_in(cstring) returns public.ref language internal immutable strict as 'int4in';
        create function public.ref_out(public.ref) returns cstring language internal immutable strict as 'int4out';
        create type public.ref (input = public.ref_in, output = public.ref_out, like = int4);
        create cast (public.ref as int) without function as implicit;
    """)
    assert world.told("cast") == {
        ("integer", 'public."Color"'): {
            "function": "public.to_color(integer)",
            "context": "assignment",
            "method": "function",
        },
        ('public."Color"', "bigint"): {"context": "implicit", "method": "inout"},
        ("public.a", "public.b"): {
            "function": "public.a_b(public.a, integer, boolean)",
            "context": "explicit",
            "method": "function",
        },
        ("public.ref", "integer"): {"context": "implicit", "method": "binary"},
    }


def test_casts_of_a_range_are_the_ranges(world: World) -> None:
    """PostgreSQL 14+ makes a cast from each range to its multirange."""
    world.run("create type public.span as range (subtype = int8)")
    assert world.told("cast", "function") == {}


# ---- access methods and conversions --------------------------------------------------------------------------------


def test_access_methods(world: World) -> None:
    world.run("""
        create access method "My heap" type table handler heap_tableam_handler;
        create access method my_btree type index handler bthandler;
    """)
    assert world.told("access_method") == {
        ("My heap",): {"type": "table", "handler": "pg_catalog.heap_tableam_handler"},
        ("my_btree",): {"type": "index", "handler": "pg_catalog.bthandler"},
    }


def test_conversions(world: World) -> None:
    world.run("create conversion public.c for 'LATIN1' to 'UTF8' from iso8859_1_to_utf8")
    plain = {"source": "LATIN1", "destination": "UTF8", "function": "pg_catalog.iso8859_1_to_utf8"}
    assert world.told("conversion") == {("public", "c"): plain}
    world.run("drop conversion public.c")
    world.run("create default conversion public.c for 'LATIN1' to 'UTF8' from iso8859_1_to_utf8")
    assert world.one("conversion") == {**plain, "default": True}


# ---- versions ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("server", ["pg15", "pg16"])
def test_older_servers(database: Database, request: pytest.FixtureRequest, server: str) -> None:
    host: Server = request.getfixturevalue(server)
    world = World(database(host)).run(PAIR)
    world.run("""
        create operator class public.pair_ops default for type public.pair using btree as
            operator 1 public.<, function 1 public.cmp(public.pair, public.pair);
        alter operator family public.pair_ops using btree add operator 1 public.< (public.pair, int);
        create type public.span as range (subtype = int8);
    """)
    assert world.one("operator_class")["members"] == (
        "OPERATOR 1 public.<(public.pair, public.pair)",
        "FUNCTION 1 (public.pair, public.pair) public.cmp(public.pair, public.pair)",
    )
    assert world.one("family_member") == {"item": "OPERATOR 1 public.<(public.pair, integer)"}
    assert len(world.told("operator")) == 4
    assert world.told("cast") == {}
