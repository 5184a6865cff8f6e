"""The native planner's frame on hand-made facts: who goes with whom, what stands where, which circles break."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from dataio.errors import Unproven
from dataio.planner.native.components import components
from dataio.planner.native.graph import Graph
from dataio.planner.native.order import RANK
from dataio.planner.native.propose import propose, statements
from dataio.planner.native.registry import rules
from dataio.planner.native.side import Side
from dataio.planner.native.step import Context, Step
from dataio.snapshot.keys import SELF, Key
from dataio.snapshot.kinds import KINDS
from dataio.snapshot.model import Edge, Edges, Fact, Snapshot, Value

PUBLIC_SCHEMA = Key("schema", ("public",))


def table(name: str, **attributes: Value) -> list[Fact]:
    options: dict[str, Value] = {"persistence": "permanent", "options": (), "row_security": False}
    options |= {"force_row_security": False, **attributes}
    return [
        Fact.of(Key("table", ("public", name)), options),
        Fact.of(Key("owner", ("table", "public", name)), {"role": SELF}),
    ]


def column(table_name: str, name: str, type_: str, position: int, **attributes: Value) -> Fact:
    values: dict[str, Value] = {"type": type_, "options": (), "fdw_options": (), "is_local": True, "inherited": 0}
    return Fact.of(Key("column", ("public", table_name, name)), values | attributes, {"position": position})


def foreign_key(table_name: str, name: str, target: str) -> Fact:
    return Fact.of(
        Key("constraint", ("public", table_name, name)),
        {
            "type": "foreign key",
            "definition": f"FOREIGN KEY (other) REFERENCES public.{target}(id)",
            "deferrable": False,
            "deferred": False,
            "validated": True,
            "enforced": True,
            "no_inherit": False,
            "is_local": True,
            "inherited": 0,
            "references": ("public", target),
            "columns": ("other",),
            "index_options": (),
        },
    )


def snapshot(*facts: Fact, edges: Iterable[tuple[Key, Key]] = ()) -> Snapshot:
    everything = {fact.key: fact for fact in (Fact.of(PUBLIC_SCHEMA, {}), *facts)}
    bare = Snapshot(everything, Edges(), 18, "postgres")
    side = Side(bare)
    found = {Edge(*edge) for edge in edges}
    found |= {Edge(key, above) for key in everything if (above := side.container(key)) is not None}
    return Snapshot(everything, Edges(found), 18, "postgres")


def sql(a: Snapshot, b: Snapshot) -> list[str]:
    return [step.sql for step in propose(a, b, major=18)]


EMPTY = snapshot()


def test_every_kind_has_a_rule_and_a_place() -> None:
    assert rules().keys() == KINDS.keys()
    assert RANK.keys() == KINDS.keys()


def test_equal_snapshots_need_nothing() -> None:
    one = snapshot(*table("t"), column("t", "id", "bigint", 1))
    assert sql(one, one) == []


def test_a_table_comes_with_its_columns_in_their_order() -> None:
    b = snapshot(*table("t"), column("t", "id", "bigint", 1), column("t", "a", "text", 2))
    assert sql(EMPTY, b) == ["CREATE TABLE public.t (\n    id bigint,\n    a text\n)"]


def test_a_dropped_table_takes_all_of_its_parts_along() -> None:
    comment = Fact.of(Key("comment", ("column", "public", "t", "id")), {"text": "the key"})
    a = snapshot(*table("t"), column("t", "id", "bigint", 1), comment)
    assert sql(a, EMPTY) == ["DROP TABLE public.t"]


def test_tables_that_refer_to_each_other_get_their_foreign_keys_afterwards() -> None:
    facts = [*table("a"), *table("b"), column("a", "other", "bigint", 1), column("b", "other", "bigint", 1)]
    keys = [foreign_key("a", "a_fk", "b"), foreign_key("b", "b_fk", "a")]
    edges = [(key.key, Key("table", ("public", target))) for key, target in zip(keys, "ba", strict=True)]
    both = snapshot(*facts, *keys, edges=edges)
    written = sql(EMPTY, both)
    assert [text.split(" (")[0] for text in written[:2]] == ["CREATE TABLE public.a", "CREATE TABLE public.b"]
    assert sorted(text.partition(" ADD ")[0] for text in written[2:]) == [
        "ALTER TABLE public.a",
        "ALTER TABLE public.b",
    ]
    gone = sql(both, EMPTY)
    assert [text for text in gone if text.startswith("DROP")] == ["DROP TABLE public.a", "DROP TABLE public.b"]
    assert all("DROP CONSTRAINT" in text for text in gone[:-2])


def test_a_foreign_key_without_a_circle_stands_in_create_table() -> None:
    key = foreign_key("a", "a_fk", "b")
    facts = [*table("a"), *table("b"), column("a", "other", "bigint", 1), column("b", "id", "bigint", 1)]
    written = sql(EMPTY, snapshot(*facts, key, edges=[(key.key, Key("table", ("public", "b")))]))
    assert [text.split(" (")[0] for text in written] == ["CREATE TABLE public.b", "CREATE TABLE public.a"]
    assert "CONSTRAINT a_fk FOREIGN KEY" in written[1]


def test_a_column_type_change_takes_off_a_default_that_reads_differently_for_the_new_type() -> None:
    def side(type_: str, default: str) -> Snapshot:
        fact = Fact.of(Key("default", ("public", "t", "n")), {"expression": default})
        return snapshot(*table("t"), column("t", "n", type_, 1), fact)

    assert sql(side("integer", "0"), side("bigint", "0")) == ["ALTER TABLE public.t ALTER COLUMN n TYPE bigint"]
    assert sql(side("integer", "0"), side("text", "'0'::text")) == [
        "ALTER TABLE public.t ALTER COLUMN n DROP DEFAULT",
        "ALTER TABLE public.t ALTER COLUMN n TYPE text",
        "ALTER TABLE public.t ALTER COLUMN n SET DEFAULT '0'::text",
    ]


def test_statements_say_what_they_are_about() -> None:
    b = snapshot(*table("t"), column("t", "id", "bigint", 1))
    (statement,) = statements(propose(EMPTY, b, major=18))
    assert (statement.author, statement.action, str(statement.subject)) == ("native", "create", "table public.t")


def test_a_circle_that_cannot_be_broken_names_its_statements() -> None:
    one, other = Key("table", ("public", "one")), Key("table", ("public", "other"))
    steps = [Step("make one", one, "create", after=frozenset({other})), Step("make other", other, "create")]
    steps[1] = Step("make other", other, "create", after=frozenset({one}))
    with pytest.raises(Unproven, match="make one"):
        Graph([[step] for step in steps], Context(EMPTY, EMPTY, 18)).ordered()


def test_components_are_the_circles() -> None:
    ahead = {1: [2], 2: [3], 3: [1], 4: [1], 5: []}
    assert sorted(sorted(group) for group in components(ahead, ahead.__getitem__)) == [[1, 2, 3], [4], [5]]
