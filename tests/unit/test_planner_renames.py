"""What looks like a rename, and how one is asked for: snapshots, flags and text, no database."""

from __future__ import annotations

from pathlib import Path

import pytest

from dataio.errors import UsageError
from dataio.planner.renames.pairs import Pairs, constructors, former
from dataio.planner.renames.rename import ENUM_VALUE, Rename, shown
from dataio.planner.renames.requests import Hint, asked, hinted, hints, hints_in
from dataio.snapshot.keys import Key
from dataio.snapshot.model import Edges, Fact, Snapshot, Value


def snapshot(*facts: Fact) -> Snapshot:
    return Snapshot({fact.key: fact for fact in facts}, Edges(), 18, "me")


def fact(kind: str, *path: str, **attributes: Value) -> Fact:
    return Fact.of(Key(kind, path), attributes)


def table(name: str, **columns: str) -> tuple[Fact, ...]:
    return (
        fact("table", "s", name),
        *(fact("column", "s", name, column, type=text) for column, text in columns.items()),
    )


def rename(kind: str, old: tuple[str, ...], new: tuple[str, ...]) -> Rename:
    return Rename(Key(kind, old), Key(kind, new))


A_TO_B = rename("column", ("s", "t", "a"), ("s", "t", "b"))


def likely(old: Snapshot, new: Snapshot) -> list[Rename]:
    return Pairs.between(old, new).likely[0]


def test_a_column_of_the_same_type() -> None:
    old = snapshot(*table("t", id="integer", a="text"))
    assert likely(old, snapshot(*table("t", id="integer", b="text"))) == [A_TO_B]
    assert likely(old, snapshot(*table("t", id="integer", b="xml"))) == []


def test_columns_of_one_type_are_told_apart_by_what_else_they_have() -> None:
    old = snapshot(*table("t", a="text"), fact("not_null", "s", "t", "a"))
    new = snapshot(*table("t", b="text", c="text"), fact("not_null", "s", "t", "b"))
    assert likely(old, new) == [A_TO_B]


@pytest.mark.parametrize(("before", "after"), [("ab", "c"), ("a", "bc")])
def test_rivals_are_unclear_both_ways(before: str, after: str) -> None:
    old = snapshot(*table("t", **dict.fromkeys(before, "text")))
    new = snapshot(*table("t", **dict.fromkeys(after, "text")))
    clear, unclear = Pairs.between(old, new).likely
    assert clear == []
    assert [(len(group.olds), len(group.news)) for group in unclear] == [(len(before), len(after))]


def test_inherited_columns_go_with_their_parents() -> None:
    old = snapshot(fact("table", "s", "t"), fact("column", "s", "t", "a", type="text", inherited=1))
    new = snapshot(fact("table", "s", "t"), fact("column", "s", "t", "b", type="text", inherited=1))
    assert likely(old, new) == []


def test_tables_match_by_their_columns() -> None:
    old = snapshot(*table("a", x="text", y="text", z="text"), *table("other", n="integer"))
    new = snapshot(*table("b", x="text", y="text"), *table("c", m="integer"))
    assert likely(old, new) == [rename("table", ("s", "a"), ("s", "b"))]


def test_a_taken_name_is_not_offered() -> None:
    old = snapshot(*table("a", x="text"), fact("view", "s", "b"))
    assert likely(old, snapshot(*table("b", x="text"))) == []


def test_enum_values_match_by_position() -> None:
    old, new = (snapshot(fact("enum", "s", "e", labels=labels)) for labels in (("a", "b", "c"), ("a", "x", "c")))
    assert likely(old, new) == [rename(ENUM_VALUE, ("s", "e", "b"), ("s", "e", "x"))]
    assert likely(old, snapshot(fact("enum", "s", "e", labels=("x", "a", "c")))) == []


def test_functions_match_but_for_their_name() -> None:
    def function(name: str, body: str = "select 1") -> Snapshot:
        definition = f"CREATE OR REPLACE FUNCTION s.{name}(integer)\n{body}"
        return snapshot(fact("function", "s", name, "integer", definition=definition))

    assert likely(function("f"), function("g")) == [rename("function", ("s", "f", "integer"), ("s", "g", "integer"))]
    assert likely(function("f"), function("g", "select 2")) == []


def test_constraints_and_indexes_are_left_to_the_native_rules() -> None:
    old = snapshot(*table("t", a="text"), fact("constraint", "s", "t", "x", definition="CHECK (true)", type="check"))
    new = snapshot(*table("t", a="text"), fact("constraint", "s", "t", "y", definition="CHECK (true)", type="check"))
    assert likely(old, new) == []
    assert list(Pairs.between(old, new).possible()) == [rename("constraint", ("s", "t", "x"), ("s", "t", "y"))]


def test_a_path_before_the_renames_above_it() -> None:
    done = [rename("schema", ("o",), ("s",)), rename("table", ("s", "was"), ("s", "t"))]
    assert former(("s", "t", "a"), done) == ("o", "was", "a")
    assert former(("s", "u"), done) == ("o", "u")


def test_a_range_takes_its_multirange_and_constructors_along() -> None:
    one = rename("range", ("s", "r"), ("s", "q"))
    current = snapshot(fact("range", "s", "r", subtype="integer"))
    assert [follower.statement.sql for follower in constructors(current, one)] == [
        "ALTER FUNCTION s.r(integer, integer) RENAME TO q",
        "ALTER FUNCTION s.r(integer, integer, text) RENAME TO q",
        "ALTER TYPE s.r_multirange RENAME TO q_multirange",
        "ALTER FUNCTION s.r_multirange() RENAME TO q_multirange",
        "ALTER FUNCTION s.r_multirange(s.q) RENAME TO q_multirange",
        "ALTER FUNCTION s.r_multirange(s.q[]) RENAME TO q_multirange",
    ]


@pytest.mark.parametrize(
    ("one", "flag", "sql"),
    [
        (A_TO_B, "column:s.t.a=b", "ALTER TABLE s.t RENAME COLUMN a TO b"),
        (rename("schema", ("a",), ("B",)), 'schema:a="B"', 'ALTER SCHEMA a RENAME TO "B"'),
        (rename("enum", ("s", "a"), ("s", "b")), "enum:s.a=b", "ALTER TYPE s.a RENAME TO b"),
        (
            rename("procedure", ("s", "f", 'integer, s."T"'), ("s", "g", 'integer, s."T"')),
            'procedure:s.f(integer, s."T")=g',
            'ALTER PROCEDURE s.f(IN integer, IN s."T") RENAME TO g',
        ),
        (
            rename(ENUM_VALUE, ("s", "e", "on hold"), ("s", "e", "it's")),
            "enum_value:s.e.'on hold'='it''s'",
            "ALTER TYPE s.e RENAME VALUE 'on hold' TO 'it''s'",
        ),
        (
            rename("materialized_view", ("s", "a.b"), ("s", "c")),
            'materialized_view:s."a.b"=c',
            'ALTER MATERIALIZED VIEW s."a.b" RENAME TO c',
        ),
    ],
)
def test_a_flag_reads_back_what_a_note_says(one: Rename, flag: str, sql: str) -> None:
    assert one.flag == flag
    assert one.statement.sql == sql
    read = asked(flag)
    assert read.means(one.old)
    assert read.new == ((one.new.path[1] if one.new.kind == "procedure" else one.new.path[-1]),)
    assert not read.means(Key("trigger", one.old.path))


@pytest.mark.parametrize("flag", ["", "column", "column:a", "a=b", "column:a.b=", "role:a=b", "column:a=b.c"])
def test_a_flag_that_is_none(flag: str) -> None:
    with pytest.raises(UsageError):
        asked(flag)


def test_a_flag_may_be_short_and_use_other_words() -> None:
    assert asked("column:t.a=b").means(A_TO_B.old)
    assert not asked("column:u.a=b").means(A_TO_B.old)
    assert asked("type:a=b").means(Key("domain", ("s", "a")))
    assert asked("enum-value:e.a=b").means(Key(ENUM_VALUE, ("s", "e", "a")))


def only(text: str) -> Hint:
    (hint,) = hints_in(text, Path("schema.sql"))
    return hint


@pytest.mark.parametrize(
    "text",
    [
        "  b text, -- dataio: renamed from a",
        '  "b" text, --dataio: renamed from "a"',
        "-- dataio: renamed from t.a\n\n-- about b\nb text -- c",
        "  B text, -- dataio: Renamed from s.t.a (see the ticket)",
    ],
)
def test_a_hint_means_what_stands_on_its_line(text: str) -> None:
    hint = only(text)
    assert hint.means(A_TO_B)
    assert not hint.means(rename("column", ("s", "t", "z"), ("s", "t", "b")))
    assert not hint.means(rename("column", ("s", "t", "a"), ("s", "t", "c")))


def test_a_hint_for_an_enum_value() -> None:
    hint = only("create type e as enum ('a', -- dataio: renamed from 'on hold'\n'b');")
    assert hint.means(rename(ENUM_VALUE, ("s", "e", "on hold"), ("s", "e", "a")))
    assert not hint.means(rename("column", ("s", "e", "on hold"), ("s", "e", "a")))
    assert hint.place == "schema.sql:1"


def test_hints_in_files_that_others_include(tmp_path: Path) -> None:
    (tmp_path / "schema.sql").write_text("\\ir more.sql\n-- dataio: renamed from a\ncreate table b ();\n")
    (tmp_path / "more.sql").write_text("-- dataio: renamed from c\ncreate table d ();\n")
    found = hints([tmp_path / "schema.sql"])
    assert sorted(hint.old for hint in found) == [("a",), ("c",)]


def test_one_hint_for_two_things_is_unclear_and_two_hints_are_not() -> None:
    old = snapshot(*table("t", a="text"), *table("u", a="text"))
    new = snapshot(*table("t", b="text"), *table("u", b="text"))
    pairs = Pairs.between(old, new)
    one, two = only("b text -- dataio: renamed from a"), only("\nb text -- dataio: renamed from a")
    assert hinted([one], pairs, []) == ({}, [one])
    accepted, unclear = hinted([one, two], pairs, [])
    assert sorted(shown(rename.old) for found in accepted.values() for rename in found) == ["s.t.a", "s.u.a"]
    assert not unclear


def test_a_hint_whose_rename_has_happened() -> None:
    hint = only("b text -- dataio: renamed from a")
    done = snapshot(*table("t", b="text"))
    assert hint.happened(done, done)
    assert not hint.happened(snapshot(*table("t", a="text", b="text")), done)
    assert not hint.happened(snapshot(*table("t", c="text")), done)
