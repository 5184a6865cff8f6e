"""Facts of functions, procedures, aggregates, event triggers, languages and transforms."""

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


def function(world: World) -> dict[str, object]:
    """The only function, without its definition (pg_get_functiondef, which holds the rest once more)."""
    told = world.one("function")
    assert str(told.pop("definition")).startswith("CREATE OR REPLACE FUNCTION public.f(")
    return told


# ---- functions -----------------------------------------------------------------------------------------------------


def test_plain_function(world: World) -> None:
    world.run("create function public.f() returns int language sql as 'select 1'")
    assert world.told("function") == {
        ("public", "f", ""): {
            "definition": "CREATE OR REPLACE FUNCTION public.f()\n"
            " RETURNS integer\n LANGUAGE sql\nAS $function$select 1$function$\n",
            "result": "integer",
            "signature": "",
            "defaults": 0,
            "language": "sql",
            "volatility": "volatile",
            "parallel": "unsafe",
        }
    }


def test_arguments(world: World) -> None:
    world.run("""
        create type public."My Type" as enum ('a');
        create function public.f(a int, "B" varchar(3) default 'x', out c numeric, inout d public."My Type" = 'a',
                                 variadic e timestamptz[] default '{}')
            language sql as $$ select 1.0, 'a'::public."My Type" $$;
    """)
    ((path, told),) = world.told("function").items()
    assert path == (
        "public",
        "f",
        'integer, character varying, public."My Type", timestamp with time zone[]',
    )
    assert told["signature"] == (
        "a integer, \"B\" character varying DEFAULT 'x'::character varying, OUT c numeric, "
        'INOUT d public."My Type" DEFAULT \'a\'::public."My Type", '
        "VARIADIC e timestamp with time zone[] DEFAULT '{}'::timestamp with time zone[]"
    )
    assert told["argument_names"] == ("a", "B", "c", "d", "e")
    assert told["defaults"] == 3
    assert told["result"] == "record"


def test_function_properties_one_by_one(world: World) -> None:
    world.run("create function public.f() returns setof int language plpgsql as 'begin return; end'")
    plain: dict[str, object] = {
        "result": "SETOF integer",
        "signature": "",
        "defaults": 0,
        "language": "plpgsql",
        "volatility": "volatile",
        "parallel": "unsafe",
    }
    assert function(world) == plain
    changes: dict[str, dict[str, object]] = {
        "immutable": {"volatility": "immutable"},
        "stable": {"volatility": "stable"},
        "volatile strict": {"volatility": "volatile", "strict": True},
        "security definer": {"security_definer": True},
        "leakproof": {"leakproof": True},
        "parallel safe": {"parallel": "safe"},
        "parallel restricted": {"parallel": "restricted"},
        "cost 12.5": {"cost": "12.5"},
        "rows 7": {"rows": "7"},
        "set work_mem = '4MB'": {"config": ("work_mem=4MB",)},
        'set search_path = pg_catalog, "My Schema"': {
            "config": ('search_path=pg_catalog, "My Schema"', "work_mem=4MB")
        },
    }
    for change, expected in changes.items():
        world.run(f"alter function public.f() {change}")
        plain.update(expected)
        assert function(world) == plain, change
    world.run("alter function public.f() cost 100 rows 1000 reset all not leakproof security invoker")
    world.run("alter function public.f() called on null input parallel unsafe")
    assert function(world)["volatility"] == "volatile"
    assert not set(function(world)) & {"cost", "rows", "config", "leakproof", "security_definer", "strict"}


def test_default_cost_depends_on_the_language(world: World) -> None:
    world.run("create function public.f(int) returns int language internal as 'int4abs'")
    assert "cost" not in function(world)
    world.run("alter function public.f(int) cost 100")
    assert function(world)["cost"] == "100"


def test_function_in_c(world: World) -> None:
    world.run(
        "create function public.f() returns language_handler language c as '$libdir/plpgsql', 'plpgsql_call_handler'"
    )
    told = world.one("function")
    assert told["language"] == "c"
    assert told["definition"] == (
        "CREATE OR REPLACE FUNCTION public.f()\n RETURNS language_handler\n LANGUAGE c\n"
        "AS '$libdir/plpgsql', $function$plpgsql_call_handler$function$\n"
    )


def test_support_function(world: World) -> None:
    world.run(
        "create function public.f(int, int) returns setof int language internal as 'generate_series_int4' "
        "support generate_series_int4_support"
    )
    assert function(world)["support"] == "pg_catalog.generate_series_int4_support"


def test_window_function(world: World) -> None:
    world.run("create function public.f() returns bigint language internal window as 'window_row_number'")
    assert function(world)["window"] is True


def test_atomic_body(world: World) -> None:
    world.run(
        "create table public.t (a int); create function public.f() returns bigint return (select count(*) from t)"
    )
    told = world.one("function")
    assert told["atomic"] is True
    assert "FROM public.t" in told["definition"]


def test_result_table(world: World) -> None:
    world.run("create function public.f(a int) returns table (\"B\" text, c int) language sql as $$select '', 1$$")
    told = function(world)
    assert told["result"] == 'TABLE("B" text, c integer)'
    assert told["signature"] == "a integer"
    assert told["argument_names"] == ("a", "B", "c")


def test_transformed_arguments(world: World) -> None:
    world.run("""
        create transform for int language sql (from sql with function prsd_lextype(internal));
        create function public.f(int) returns int transform for type int language sql as 'select 1';
    """)
    assert "TRANSFORM FOR TYPE integer" in world.one("function")["definition"]


def test_overloads_are_facts_of_their_own(world: World) -> None:
    world.run("create function public.f(int) returns int language sql as 'select 1'")
    world.run("create function public.f(text) returns int language sql as 'select 1'")
    assert set(world.told("function")) == {("public", "f", "integer"), ("public", "f", "text")}


# ---- procedures ----------------------------------------------------------------------------------------------------


def test_procedure(world: World) -> None:
    world.run("create procedure public.p(a int, out c int, inout b text default 'x') language plpgsql as 'begin end'")
    definition = world.one("procedure")["definition"]
    assert definition == (
        "CREATE OR REPLACE PROCEDURE public.p(IN a integer, OUT c integer, INOUT b text DEFAULT 'x'::text)\n"
        " LANGUAGE plpgsql\nAS $procedure$begin end$procedure$\n"
    )
    plain = {
        "definition": definition,
        "signature": "IN a integer, OUT c integer, INOUT b text DEFAULT 'x'::text",
        "argument_names": ("a", "c", "b"),
        "defaults": 1,
        "language": "plpgsql",
    }
    assert world.told("procedure") == {("public", "p", "integer, text"): plain}
    world.run("alter procedure public.p security definer set work_mem = '1MB' ")
    told = world.one("procedure")
    assert told["security_definer"] is True
    assert told["config"] == ("work_mem=1MB",)


def test_procedure_with_atomic_body(world: World) -> None:
    world.run("create table public.t (a int); create procedure public.p() begin atomic insert into t values (1); end")
    assert world.one("procedure")["atomic"] is True


# ---- aggregates ----------------------------------------------------------------------------------------------------


def test_plain_aggregate(world: World) -> None:
    world.run("create aggregate public.total(int) (sfunc = int4pl, stype = int)")
    plain = {"signature": "integer", "variety": "normal", "sfunc": "pg_catalog.int4pl", "stype": "integer"}
    assert world.told("aggregate") == {("public", "total", "integer"): plain}
    world.run(
        "create or replace aggregate public.total(int) (sfunc = int4pl, stype = int, initcond = '0', parallel = safe)"
    )
    assert world.one("aggregate") == {**plain, "initcond": "0", "parallel": "safe"}


def test_aggregate_without_arguments(world: World) -> None:
    world.run("create aggregate public.n(*) (sfunc = int8inc, stype = int8, initcond = 0)")
    assert world.told("aggregate") == {
        ("public", "n", ""): {
            "signature": "*",
            "variety": "normal",
            "sfunc": "pg_catalog.int8inc",
            "stype": "bigint",
            "initcond": "0",
        }
    }


def test_aggregate_with_everything(world: World) -> None:
    world.run("""
        create function public."Sum"(int, int) returns int language sql immutable as 'select $1 + $2';
        create function public.done(int, int) returns int language sql immutable as 'select $1';
        create function public.m_done(int, int) returns int language sql immutable as 'select $1';
        create function public.forward(int, int) returns int language sql immutable strict as 'select $1 + $2';
        create function public.back(int, int) returns int language sql immutable strict as 'select $1 - $2';
        create aggregate public.total("A" int) (
            sfunc = public."Sum", stype = int, sspace = 64, finalfunc = public.done, finalfunc_extra,
            finalfunc_modify = read_write, combinefunc = public."Sum", initcond = '0',
            msfunc = public.forward, minvfunc = public.back, mstype = int, msspace = 128,
            mfinalfunc = public.m_done, mfinalfunc_extra, mfinalfunc_modify = shareable, minitcond = '1',
            sortop = operator(pg_catalog.>), parallel = restricted
        );
    """)
    assert world.one("aggregate") == {
        "signature": '"A" integer',
        "variety": "normal",
        "sfunc": 'public."Sum"',
        "stype": "integer",
        "sspace": 64,
        "finalfunc": "public.done",
        "finalfunc_extra": True,
        "finalfunc_modify": "read_write",
        "combinefunc": 'public."Sum"',
        "initcond": "0",
        "msfunc": "public.forward",
        "minvfunc": "public.back",
        "mstype": "integer",
        "msspace": 128,
        "mfinalfunc": "public.m_done",
        "mfinalfunc_extra": True,
        "mfinalfunc_modify": "shareable",
        "minitcond": "1",
        "sortop": "OPERATOR(pg_catalog.>)",
        "parallel": "restricted",
    }


def test_serialized_aggregate(world: World) -> None:
    world.run("""create aggregate public.a(int8) (
        sfunc = int8_avg_accum, stype = internal, finalfunc = numeric_poly_avg, combinefunc = int8_avg_combine,
        serialfunc = int8_avg_serialize, deserialfunc = int8_avg_deserialize)""")
    told = world.one("aggregate")
    assert told["stype"] == "internal"
    assert told["serialfunc"] == "pg_catalog.int8_avg_serialize"
    assert told["deserialfunc"] == "pg_catalog.int8_avg_deserialize"


def test_ordered_set_aggregate(world: World) -> None:
    world.run(
        "create aggregate public.p(p float8 order by v anyelement) (sfunc = ordered_set_transition, "
        "stype = internal, finalfunc = percentile_disc_final, finalfunc_extra)"
    )
    told = world.one("aggregate")
    assert told == {
        "signature": "p double precision ORDER BY v anyelement",
        "variety": "ordered-set",
        "sfunc": "pg_catalog.ordered_set_transition",
        "stype": "internal",
        "finalfunc": "pg_catalog.percentile_disc_final",
        "finalfunc_extra": True,
    }
    assert set(world.told("aggregate")) == {("public", "p", "double precision, anyelement")}


def test_hypothetical_aggregate(world: World) -> None:
    world.run("""create aggregate public.r(variadic "any" order by variadic "any") (
        sfunc = ordered_set_transition_multi, stype = internal, finalfunc = rank_final, finalfunc_extra, hypothetical,
        finalfunc_modify = read_only)""")
    assert world.told("aggregate") == {
        ("public", "r", '"any"'): {
            "signature": 'VARIADIC "any" ORDER BY VARIADIC "any"',
            "variety": "hypothetical",
            "sfunc": "pg_catalog.ordered_set_transition_multi",
            "stype": "internal",
            "finalfunc": "pg_catalog.rank_final",
            "finalfunc_extra": True,
            "finalfunc_modify": "read_only",
        }
    }


# ---- event triggers, languages, transforms -------------------------------------------------------------------------


def test_event_trigger(world: World) -> None:
    world.run("create function public.\"Watch\"() returns event_trigger language plpgsql as 'begin end'")
    world.run('create event trigger "On DDL" on ddl_command_end execute function public."Watch"()')
    plain = {"event": "ddl_command_end", "function": 'public."Watch"', "enabled": "origin"}
    assert world.told("event_trigger") == {("On DDL",): plain}
    for change, state in {"disable": "disabled", "enable replica": "replica", "enable always": "always"}.items():
        world.run(f'alter event trigger "On DDL" {change}')
        assert world.one("event_trigger") == {**plain, "enabled": state}
    world.run("""
        drop event trigger "On DDL";
        create event trigger "On DDL" on ddl_command_end when tag in ('DROP TABLE', 'CREATE TABLE')
            execute function public."Watch"();
    """)
    assert world.one("event_trigger") == {**plain, "tags": ("DROP TABLE", "CREATE TABLE")}


HANDLER = """
    create function public.handler() returns language_handler language c as '$libdir/plpgsql', 'plpgsql_call_handler';
    create function public.inline(internal) returns void language c as '$libdir/plpgsql', 'plpgsql_inline_handler';
    create function public."Validator"(oid) returns void language c as '$libdir/plpgsql', 'plpgsql_validator';
"""


def test_language(world: World) -> None:
    assert world.told("language") == {}
    world.run(HANDLER + 'create language "My Language" handler public.handler')
    assert world.told("language") == {("My Language",): {"handler": "public.handler"}}
    world.run("""create or replace trusted language "My Language" handler public.handler inline public.inline
                 validator public."Validator" """)
    assert world.one("language") == {
        "trusted": True,
        "handler": "public.handler",
        "inline": "public.inline",
        "validator": 'public."Validator"',
    }


def test_transform(world: World) -> None:
    world.run("create transform for int language sql (from sql with function prsd_lextype(internal))")
    assert world.told("transform") == {("integer", "sql"): {"from_sql": "pg_catalog.prsd_lextype(internal)"}}
    world.run(
        "create or replace transform for int language sql (from sql with function prsd_lextype(internal), "
        "to sql with function int4recv(internal))"
    )
    assert world.one("transform") == {
        "from_sql": "pg_catalog.prsd_lextype(internal)",
        "to_sql": "pg_catalog.int4recv(internal)",
    }


# ---- versions ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("server", ["pg15", "pg16"])
def test_older_servers(database: Database, request: pytest.FixtureRequest, server: str) -> None:
    host: Server = request.getfixturevalue(server)
    world = World(database(host))
    world.run("""
        create procedure public.p(a int, out b int) begin atomic select 1; end;
        create aggregate public.r(variadic "any" order by variadic "any") (
            sfunc = ordered_set_transition_multi, stype = internal, finalfunc = rank_final, finalfunc_extra,
            hypothetical);
        create function public.f(a int default 1) returns int language sql stable as 'select 1';
    """)
    assert set(world.told("procedure", "aggregate", "function")) == {
        ("procedure", "public", "p", "integer"),
        ("aggregate", "public", "r", '"any"'),
        ("function", "public", "f", "integer"),
    }
    assert world.one("procedure")["signature"] == "IN a integer, OUT b integer"
    assert world.one("procedure")["atomic"] is True
    assert world.one("function")["signature"] == "a integer DEFAULT 1"
