"""The order of a schema file: by section and object, as far as dependencies allow."""

from __future__ import annotations

import random

from dataio.migrations.schema_text import schema_text
from dataio.plan.model import ObjectRef, Statement
from dataio.snapshot.keys import Key
from dataio.snapshot.model import Edges, Fact, Snapshot

PUBLIC = Key("schema", ("public",))


def key(kind: str, *path: str) -> Key:
    return Key(kind, ("public", *path))


def snapshot(keys: list[Key], edges: list[tuple[Key, Key]]) -> Snapshot:
    return Snapshot({k: Fact.of(k, {}) for k in keys}, Edges(edges), 18, "me")


def make(k: Key) -> Statement:
    return Statement(f"MAKE {k}", "create", ObjectRef(k.kind, k.path, str(k)), "native")


def order(statements: list[Statement], facts: Snapshot) -> list[str]:
    lines = schema_text(statements, facts, title="test").splitlines()
    return [line.removeprefix("MAKE ").removesuffix(";") for line in lines if line.startswith("MAKE")]


def test_sections_and_objects() -> None:
    a, b, view, kind, function = (
        key("table", "a"),
        key("table", "b"),
        key("view", "v"),
        key("enum", "e"),
        key("function", "f", ""),
    )
    comment_a = Key("comment", ("table", *a.path))
    comment_b = Key("comment", ("column", *b.path, "x"))
    index = key("index", "i")
    facts = snapshot([a, b, view, kind, function, comment_a, comment_b, index], [(view, a), (index, a)])
    facts.facts[index].values = (("public", "a"), *facts.facts[index].values[1:])  # its table
    wanted = [kind, a, index, comment_a, b, comment_b, function, view]
    for seed in range(20):
        rng = random.Random(seed)
        first, then = [a, b, view, kind, function], [index, comment_a, comment_b]
        rng.shuffle(first)
        rng.shuffle(then)
        assert order([make(k) for k in (*first, *then)], facts) == [str(k) for k in wanted]


def test_dependencies_come_before_neatness() -> None:
    a, b, helper, other = key("table", "a"), key("table", "b"), key("function", "helper", ""), key("function", "x", "")
    facts = snapshot([a, b, helper, other], [(a, b), (b, helper)])
    assert order([make(k) for k in (other, a, b, helper)], facts) == [str(k) for k in (helper, b, a, other)]


def test_a_circle_falls_back_on_the_given_order() -> None:
    a, b = key("view", "a"), key("view", "b")
    facts = snapshot([a, b], [(a, b), (b, a)])
    assert order([make(b), make(a)], facts) == [str(b), str(a)]


def test_privileges_keep_their_order_at_the_end() -> None:
    table, view = key("table", "t"), key("view", "v")
    grants = [Key("privilege", ("view", "public", "v", role, "@self")) for role in ("zoe", "adam")]
    facts = snapshot([table, view, *grants], [])
    assert order([make(k) for k in (*grants, view, table)], facts) == [str(k) for k in (table, view, *grants)]


def test_every_statement_is_there_once() -> None:
    tables = [key("table", f"t{n:03d}") for n in range(300)]
    rng = random.Random(1)
    edges = [(rng.choice(tables), rng.choice(tables)) for _ in range(600)]
    facts = snapshot(tables, edges)
    found = order([make(k) for k in tables], facts)
    assert sorted(found) == [str(k) for k in tables]
