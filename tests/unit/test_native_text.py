"""Text that is executed again: deparsed expressions, definitions taken apart, casts, names that PostgreSQL gives."""

from __future__ import annotations

import pytest

from dataio.planner.native.casts import using
from dataio.planner.native.rules.access.privileges import changes, everything
from dataio.planner.native.side import Side
from dataio.planner.native.text.constraint_text import key_list, with_clauses, without_parameters
from dataio.planner.native.wording import stable
from dataio.snapshot.model import Edges, Snapshot

NOTHING = Side(Snapshot({}, Edges(), 18, "postgres"))


@pytest.mark.parametrize(
    ("deparsed", "written"),
    [
        (
            "((s)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[]))",
            "((s)::text = ANY (ARRAY['a'::character varying, 'b'::character varying]))",
        ),
        ("(s = ANY ((ARRAY['x)::text[]'::varchar])::text[]))", "(s = ANY (ARRAY['x)::text[]'::varchar]))"),
        ('(n <> ALL ((ARRAY[\'a\'::x."Y z"])::x."Z"[]))', "(n <> ALL (ARRAY['a'::x.\"Y z\"]))"),
        ("(s = 'ANY ((ARRAY[1])::text[])')", "(s = 'ANY ((ARRAY[1])::text[])')"),
        ("f((ARRAY['a'::varchar])::text[])", "f((ARRAY['a'::varchar]::varchar[])::text[])"),
        ("f((ARRAY[a, b])::text[])", "f((ARRAY[a, b])::text[])"),
        ("(s = ANY (ARRAY['a'::text]))", "(s = ANY (ARRAY['a'::text]))"),
    ],
)
def test_casts_of_arrays_are_left_out_where_they_would_move(deparsed: str, written: str) -> None:
    assert stable(deparsed) == written


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("integer", "bigint", ""),
        ("character varying(10)", "text", ""),
        ("bigint", "text", ""),
        ("text", "integer", "c::integer"),
        ("boolean", "integer", "c::integer"),
        ("boolean", "bigint", "c::integer::bigint"),
        ("bigint", "timestamp without time zone", "c::text::timestamp without time zone"),
        ("text", "public.mood", "c::public.mood"),
        ("public.mood", "public.state", "c::text::public.state"),
        ("integer", "integer[]", "ARRAY[c]::integer[]"),
        ("text[]", "integer[]", "c::integer[]"),
    ],
)
def test_using_is_written_where_postgresql_needs_it(old: str, new: str, expected: str) -> None:
    assert using("c", old, new, NOTHING, NOTHING) == expected


def test_clauses_are_put_in_at_the_outermost_level() -> None:
    exclude = "EXCLUDE USING gist (c WITH &&) WHERE ((a = ' DEFERRABLE ')) DEFERRABLE"
    assert with_clauses(exclude, ("WHERE", "DEFERRABLE"), "WITH (fillfactor=70)") == (
        "EXCLUDE USING gist (c WITH &&) WITH (fillfactor=70) WHERE ((a = ' DEFERRABLE ')) DEFERRABLE"
    )
    assert with_clauses("UNIQUE (a)", ("DEFERRABLE",), "WITH (x=1)", "") == "UNIQUE (a) WITH (x=1)"


def test_an_index_definition_gives_its_keys_and_parameters() -> None:
    text = """CREATE INDEX "a (b" ON public.t USING gin (lower(a), b) WITH (fastupdate=off) WHERE (a = 'WITH (')"""
    assert key_list(text) == "lower(a), b"
    assert without_parameters(text) == (
        """CREATE INDEX "a (b" ON public.t USING gin (lower(a), b) WHERE (a = 'WITH (')""",
        "fastupdate=off",
    )


def test_privileges_change_to_the_exact_set() -> None:
    whole = everything("sequences", 18)
    steps = list(changes(frozenset({"SELECT*", "USAGE"}), frozenset({"SELECT", "UPDATE*"}), whole))
    assert steps == [
        ("REVOKE", "USAGE", "FROM", ""),
        ("REVOKE GRANT OPTION FOR", "SELECT", "FROM", ""),
        ("GRANT", "UPDATE", "TO", " WITH GRANT OPTION"),
    ]
    assert list(changes(frozenset(), whole, whole)) == [("GRANT", "ALL", "TO", "")]
