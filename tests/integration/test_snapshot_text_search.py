"""Facts of text search parsers, templates, dictionaries and configurations."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from support.facts import World

from dataio.postgres.conninfo import Target


@pytest.fixture
def world(database: Callable[..., Target]) -> World:
    return World(database())


def test_parser(world: World) -> None:
    world.run("""create text search parser public.p (start = prsd_start, gettoken = prsd_nexttoken, end = prsd_end,
                 lextypes = prsd_lextype)""")
    plain = {
        "start": "pg_catalog.prsd_start",
        "gettoken": "pg_catalog.prsd_nexttoken",
        "end": "pg_catalog.prsd_end",
        "lextypes": "pg_catalog.prsd_lextype",
    }
    assert world.told("ts_parser") == {("public", "p"): plain}
    world.run("""
        drop text search parser public.p;
        create function public."Headline"(internal, internal, tsquery) returns internal language internal
            as 'prsd_headline';
        create text search parser public.p (start = prsd_start, gettoken = prsd_nexttoken, end = prsd_end,
            lextypes = prsd_lextype, headline = public."Headline");
    """)
    assert world.one("ts_parser") == {**plain, "headline": 'public."Headline"'}


def test_template(world: World) -> None:
    world.run("create text search template public.bare (lexize = dsimple_lexize)")
    world.run("create text search template public.whole (init = dsimple_init, lexize = dsimple_lexize)")
    assert world.told("ts_template") == {
        ("public", "bare"): {"lexize": "pg_catalog.dsimple_lexize"},
        ("public", "whole"): {"init": "pg_catalog.dsimple_init", "lexize": "pg_catalog.dsimple_lexize"},
    }


def test_dictionary(world: World) -> None:
    world.run("create text search dictionary public.d (template = simple)")
    assert world.told("ts_dictionary") == {("public", "d"): {"template": ("pg_catalog", "simple")}}
    world.run("alter text search dictionary public.d (stopwords = 'english', \"accept\" = false)")
    assert world.one("ts_dictionary") == {
        "template": ("pg_catalog", "simple"),
        "options": "stopwords = 'english', accept = 'false'",
    }


def test_configuration(world: World) -> None:
    world.run('create schema "S"; create text search configuration public.c (parser = "default")')
    assert world.told("ts_configuration") == {("public", "c"): {"parser": ("pg_catalog", "default")}}
    world.run("""
        create text search dictionary "S"."D" (template = simple);
        alter text search configuration public.c add mapping for word, asciiword with "S"."D", english_stem, simple;
        alter text search configuration public.c add mapping for email with simple;
    """)
    both = ('"S"."D"', "pg_catalog.english_stem", "pg_catalog.simple")
    assert world.one("ts_configuration") == {
        "parser": ("pg_catalog", "default"),
        "mappings": (("asciiword", *both), ("email", "pg_catalog.simple"), ("word", *both)),
    }
    world.run('alter text search configuration public.c alter mapping for word with simple, "S"."D"')
    world.run("alter text search configuration public.c drop mapping for email")
    assert world.one("ts_configuration")["mappings"] == (
        ("asciiword", *both),
        ("word", "pg_catalog.simple", '"S"."D"'),
    )


def test_configuration_of_an_own_parser(world: World) -> None:
    world.run("""
        create text search parser public.p (start = prsd_start, gettoken = prsd_nexttoken, end = prsd_end,
            lextypes = prsd_lextype);
        create text search configuration public.c (parser = public.p);
        alter text search configuration public.c add mapping for host with simple;
    """)
    assert world.one("ts_configuration") == {
        "parser": ("public", "p"),
        "mappings": (("host", "pg_catalog.simple"),),
    }
