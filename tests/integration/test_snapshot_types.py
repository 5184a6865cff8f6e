"""Facts of enums, domains, ranges, base types, shell types and collations."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from conftest import Server
from support.facts import World

from dataio.postgres.conninfo import Target

Database = Callable[..., Target]

# Base types need functions written in C; PostgreSQL's own serve.
TYPE = """
    create type public.ref;
    create function public.ref_in(cstring) returns public.ref language internal immutable strict as 'int4in';
    create function public.ref_out(public.ref) returns cstring language internal immutable strict as 'int4out';
"""


@pytest.fixture
def world(database: Database) -> World:
    return World(database())


# ---- enums ---------------------------------------------------------------------------------------------------------


def test_enum_labels_in_order(world: World) -> None:
    world.run("create type public.level as enum ('NONE', 'DOWNLOAD'); create type public.empty as enum ()")
    assert world.told("enum") == {
        ("public", "level"): {"labels": ("NONE", "DOWNLOAD")},
        ("public", "empty"): {},
    }
    world.run("alter type public.level add value 'VIEW' before 'DOWNLOAD'; alter type public.level add value 'ADMIN'")
    world.run("alter type public.level rename value 'NONE' to 'it''s none'; drop type public.empty")
    assert world.one("enum") == {"labels": ("it's none", "VIEW", "DOWNLOAD", "ADMIN")}


def test_names_are_raw(world: World) -> None:
    world.run('create schema "My Schema"; create type "My Schema"."a.b" as enum (\'x\')')
    assert world.told("enum") == {("My Schema", "a.b"): {"labels": ("x",)}}


# ---- domains -------------------------------------------------------------------------------------------------------


def test_domain_attributes(world: World) -> None:
    world.run("create domain public.ds_id as varchar(12)")
    assert world.one("domain") == {"type": "character varying(12)"}
    world.run("alter domain public.ds_id set default upper('a')")
    assert world.one("domain") == {"type": "character varying(12)", "default": "upper('a'::text)"}
    world.run("alter domain public.ds_id drop default; alter domain public.ds_id set not null")
    assert world.one("domain") == {
        "type": "character varying(12)",
        "not_null": True,
        "not_null_name": "ds_id_not_null",
    }
    world.run("comment on constraint ds_id_not_null on domain public.ds_id is 'said'")
    assert world.one("domain")["not_null_comment"] == "said"
    world.run("alter domain public.ds_id drop not null")
    assert world.one("domain") == {"type": "character varying(12)"}


def test_domain_not_null_has_no_name_before_17(database: Database, pg16: Server) -> None:
    world = World(database(pg16)).run("create domain public.d as int constraint nn not null")
    assert world.one("domain") == {"type": "integer", "not_null": True}


def test_domain_collation_only_where_not_the_types(world: World) -> None:
    world.run('create domain public.a as text collate "C"; create domain public.b as text collate "default"')
    assert world.told("domain") == {
        ("public", "a"): {"type": "text", "collation": ("pg_catalog", "C")},
        ("public", "b"): {"type": "text"},
    }


def test_domain_over_a_type_with_a_default(world: World) -> None:
    """The base type's default is copied as text, the domain's as an expression."""
    world.run(TYPE + "create type public.ref (input = public.ref_in, output = public.ref_out, default = '4''2')")
    world.run("create domain public.over_base as public.ref; create domain public.over_domain as public.over_base")
    world.run("create domain public.one as int default 1; create domain public.two as public.one")
    assert {path[1]: (fact["type"], fact["default"]) for path, fact in world.told("domain").items()} == {
        "over_base": ("public.ref", "'4''2'"),
        "over_domain": ("public.over_base", "'4''2'"),
        "one": ("integer", "1"),
        "two": ("public.one", "1"),
    }


def test_domain_constraints(world: World) -> None:
    world.run("""
        create function public.good(text) returns boolean language sql as 'select true';
        create domain public.code as text check (public.good(value)) constraint "At most" check (length(value) <= 3);
    """)
    facts = {
        ("public", "code", "code_check"): {"definition": "CHECK (public.good(VALUE))", "validated": True},
        ("public", "code", "At most"): {"definition": "CHECK ((length(VALUE) <= 3))", "validated": True},
    }
    assert world.told("domain_constraint") == facts
    world.run('alter domain public.code drop constraint "At most"')
    world.run('alter domain public.code add constraint "At most" check (length(value) <= 3) not valid')
    facts["public", "code", "At most"] = {"definition": "CHECK ((length(VALUE) <= 3)) NOT VALID"}
    assert world.told("domain_constraint") == facts


# ---- ranges --------------------------------------------------------------------------------------------------------


def test_range_attributes(world: World) -> None:
    world.run("create type public.span as range (subtype = timestamptz)")
    assert world.one("range") == {"subtype": "timestamp with time zone"}
    world.run("drop type public.span; create schema s")
    world.run("""
        create function public."Diff"(text, text) returns float8 language sql immutable as 'select 1.0::float8';
        create type public.span;
        create function public.canon(public.span) returns public.span language internal immutable strict
            as 'int4range_canonical';
        create type public.span as range (
            subtype = text, subtype_opclass = text_pattern_ops, collation = "C", canonical = public.canon,
            subtype_diff = public."Diff", multirange_type_name = s."Many"
        );
    """)
    assert world.one("range") == {
        "subtype": "text",
        "opclass": "pg_catalog.text_pattern_ops",
        "collation": 'pg_catalog."C"',
        "canonical": "public.canon",
        "subtype_diff": 'public."Diff"',
        "multirange": 's."Many"',
    }
    assert {path[1] for path in world.told("function")} == {"Diff", "canon"}  # and none of the constructors


@pytest.mark.parametrize("name", ["span", "range_of_range", "x" * 51, "xrange" + "y" * 40])
def test_the_multirange_name_that_postgresql_gives_is_none(world: World, name: str) -> None:
    world.run(f"create type public.{name} as range (subtype = int8)")
    assert world.one("range") == {"subtype": "bigint"}
    world.run(f"drop type public.{name}; create type public.{name} as range (subtype = int8, multirange_type_name = m)")
    assert world.one("range") == {"subtype": "bigint", "multirange": "public.m"}


def test_a_clipped_multirange_name_is_told(world: World) -> None:
    world.run(f"create type public.{'x' * 60} as range (subtype = int8)")
    assert world.one("range") == {"subtype": "bigint", "multirange": f"public.{'x' * 52}_multirange"}


# ---- base types ----------------------------------------------------------------------------------------------------


def test_base_type_of_defaults(world: World) -> None:
    world.run(TYPE)
    assert world.told("shell_type") == {("public", "ref"): {}}
    world.run("create type public.ref (input = public.ref_in, output = public.ref_out)")
    assert world.told("shell_type", "base_type") == {
        ("base_type", "public", "ref"): {
            "input": "public.ref_in",
            "output": "public.ref_out",
            "length": -1,
            "alignment": "int4",
            "storage": "plain",
        }
    }


def test_base_type_with_everything(world: World) -> None:
    world.run(TYPE)
    world.run("""
        create function public.ref_recv(internal) returns public.ref language internal immutable strict as 'int4recv';
        create function public.ref_send(public.ref) returns bytea language internal immutable strict as 'int4send';
        create function public.ref_mod_in(cstring[]) returns int language internal immutable strict
            as 'numerictypmodin';
        create function public.ref_mod_out(int) returns cstring language internal immutable strict
            as 'numerictypmodout';
        create function public."Ref Analyze"(internal) returns boolean language internal strict as 'array_typanalyze';
        create type public.ref (
            input = public.ref_in, output = public.ref_out, receive = public.ref_recv, send = public.ref_send,
            typmod_in = public.ref_mod_in, typmod_out = public.ref_mod_out, analyze = public."Ref Analyze",
            internallength = 8, alignment = double, storage = plain, category = 'N', preferred = true,
            default = 'it''s 7', element = float4, delimiter = ';', collatable = true
        );
    """)
    assert world.one("base_type") == {
        "input": "public.ref_in",
        "output": "public.ref_out",
        "receive": "public.ref_recv",
        "send": "public.ref_send",
        "typmod_in": "public.ref_mod_in",
        "typmod_out": "public.ref_mod_out",
        "analyze": 'public."Ref Analyze"',
        "subscript": "pg_catalog.raw_array_subscript_handler",
        "length": 8,
        "alignment": "double",
        "storage": "plain",
        "category": "N",
        "preferred": True,
        "default": "it's 7",
        "element": "real",
        "delimiter": ";",
        "collatable": True,
    }


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ("internallength = 4, passedbyvalue", {"length": 4, "by_value": True, "alignment": "int4", "storage": "plain"}),
        ("internallength = 2, alignment = int2", {"length": 2, "alignment": "int2", "storage": "plain"}),
        ("internallength = 1, alignment = char", {"length": 1, "alignment": "char", "storage": "plain"}),
        ("storage = external", {"length": -1, "alignment": "int4", "storage": "external"}),
        ("storage = extended", {"length": -1, "alignment": "int4", "storage": "extended"}),
        ("storage = main", {"length": -1, "alignment": "int4", "storage": "main"}),
        (
            "subscript = raw_array_subscript_handler, element = int4, internallength = 16",
            {
                "length": 16,
                "alignment": "int4",
                "storage": "plain",
                "element": "integer",
                "subscript": "pg_catalog.raw_array_subscript_handler",
            },
        ),
    ],
)
def test_base_type_layouts(world: World, options: str, expected: dict[str, object]) -> None:
    world.run(TYPE + f"create type public.ref (input = public.ref_in, output = public.ref_out, {options})")
    assert world.one("base_type") == {"input": "public.ref_in", "output": "public.ref_out", **expected}


def test_altered_base_type(world: World) -> None:
    world.run(TYPE + "create type public.ref (input = public.ref_in, output = public.ref_out)")
    world.run("""
        create function public.ref_send(public.ref) returns bytea language internal immutable strict as 'int4send';
        alter type public.ref set (send = public.ref_send, storage = main);
    """)
    assert world.one("base_type") == {
        "input": "public.ref_in",
        "output": "public.ref_out",
        "send": "public.ref_send",
        "length": -1,
        "alignment": "int4",
        "storage": "main",
    }


# ---- collations ----------------------------------------------------------------------------------------------------


def test_libc_collation(world: World) -> None:
    world.run("create collation public.c (lc_collate = 'C', lc_ctype = 'POSIX')")
    assert world.one("collation") == {
        "provider": "libc",
        "lc_collate": "C",
        "lc_ctype": "POSIX",
        "deterministic": True,
    }


def test_builtin_collation(world: World) -> None:
    world.run("create collation public.c (provider = builtin, locale = 'C.UTF-8')")
    assert world.one("collation") == {"provider": "builtin", "locale": "C.UTF-8", "deterministic": True}


def test_icu_collation(database: Database, pg15: Server) -> None:
    world = World(database(pg15))
    world.run("create collation public.c (provider = icu, locale = 'und-u-ks-level2', deterministic = false)")
    assert world.one("collation") == {"provider": "icu", "locale": "und-u-ks-level2"}


# ---- what is no fact -----------------------------------------------------------------------------------------------


def test_types_of_others_are_no_facts(world: World) -> None:
    """Row types, array types, temporary things, the bookkeeping's own."""
    world.run("create schema dataio_meta; create type dataio_meta.e as enum ('a')")
    world.run("create table public.t (e dataio_meta.e[], i int[]); create view public.v as select * from public.t")
    world.run("create type pg_temp.e as enum ('a'); create domain pg_temp.d as int; create type pg_temp.s")
    assert world.told("enum", "domain", "range", "base_type", "shell_type") == {}
