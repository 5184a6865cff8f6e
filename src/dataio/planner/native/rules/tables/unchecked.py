"""Constraints that are NOT VALID in a parent, and valid in some of its children.

They come to the children as they are in the parent: whose rows are known to pass is told again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from dataio.planner.native.relations.inheriting import (
    comes,
    from_parents,
    kept_descendants,
    kept_parents,
    links_down,
    relation_of,
)
from dataio.planner.native.relations.partitioning import brought, inherits, partition_of, partitions
from dataio.planner.native.rules.columns.parts import alter_table
from dataio.planner.native.side import above
from dataio.planner.native.step import Context, Step
from dataio.planner.native.text.sql import ident
from dataio.snapshot.keys import Key
from dataio.snapshot.model import Fact


def checked_below(new: Fact, context: Context) -> Iterator[Step]:
    """What follows a new constraint that is NOT VALID."""
    if new["validated"]:
        return
    yield from checked_again(brought(new.key, context) if new.key.kind == "constraint" else (), new.key, context)
    table = relation_of(new.key)
    for child in (*kept_descendants(context, table), *_new_partitions(table, context)) if passed_on(new) else ():
        theirs = context.new.get(new.key.kind, *child, new.key.path[2])
        if theirs is not None and theirs["validated"] and from_parents(theirs):
            step = _validate(theirs.key, new.key, context)
            coming = frozenset({Key("table", child)}) & context.coming
            yield replace(step, after=coming)


def _new_partitions(table: tuple[str, str], context: Context) -> Iterator[tuple[str, str]]:
    """Those that are made as partitions, at any depth: what is NOT VALID and comes after them is so there, too."""
    for child in partitions(context.new, table):
        if partition_of(child, context) is not None:
            yield child
        yield from _new_partitions(child, context)


def checked_again(keys: Iterable[Key], settles: Key, context: Context) -> Iterator[Step]:
    """Foreign keys of partitions that came along with something; ``settles``: what the statements are part of."""
    for key in sorted(keys):
        fact = context.b.facts[key]
        if key.kind == "constraint" and fact["type"] == "foreign key" and unchecked_above(fact, context):
            yield _validate(key, settles, context)


def unchecked_above(new: Fact, context: Context) -> frozenset[Key]:
    """The parents' NOT VALID constraints from which a valid one comes."""
    if not new["validated"]:
        return frozenset()
    found: set[Key | None] = set()
    if passed_on(new):
        tied = kept_parents(context, relation_of(new.key)) if new["inherited"] else ()
        found.update(Key(new.key.kind, (*parent, new.key.path[2])) for parent in tied)
    elif new["type"] == "foreign key":
        found.add(above(new))
    facts = context.b.facts
    return frozenset(key for key in found if key is not None and key in facts and not facts[key]["validated"])


def passed_on(fact: Fact) -> bool:
    """Whether it is a check or a NOT NULL, which children inherit."""
    return fact.key.kind == "not_null" or fact["type"] == "check"


def new_children(new: Fact, context: Context) -> tuple[frozenset[Key], frozenset[Key]]:
    """New tables that inherit what is NOT VALID: those that come before it, with rows unchecked, and those after."""
    before: set[Key] = set()
    after: set[Key] = set()
    if passed_on(new) and not new["validated"]:
        for link, child in links_down(context.new, relation_of(new.key)):
            inherited = context.new.get(new.key.kind, *child, new.key.path[2])
            if inherited is None:
                continue
            table, new_child = context.new.snapshot.relations[child], comes(child, context)
            other_name = new.key.kind == "not_null" and inherited["name"] != new["name"]  # of another parent's
            if new_child and link.kind == "inheritance" and inherited["validated"] and not other_name:
                after.add(table)
            elif new_child and (not inherited["validated"] or other_name):
                before |= {table, link}
            if link.kind == "partition" or not (new_child and inherited["validated"]):
                earlier, later = new_children(inherited, context)
                before |= earlier
                after |= later
    return frozenset(before), frozenset(after)


def above_new_child(new: Fact, context: Context) -> Iterator[Key]:
    """A new child takes what its parent has as valid; to have it unchecked, the parent's comes after the child."""
    if passed_on(new) and from_parents(new) and not new["validated"]:
        for _, parent in inherits(relation_of(new.key), context):
            yield from _sources(Key(new.key.kind, (*parent, new.key.path[2])), context)


def _sources(key: Key, context: Context) -> Iterator[Key]:
    """What stays, with those of parents that it is inherited from."""
    if context.kept(key):
        yield key
        for parent in kept_parents(context, relation_of(key)):
            yield from _sources(Key(key.kind, (*parent, key.path[2])), context)


def _validate(key: Key, settles: Key, context: Context) -> Step:
    name = context.b.facts[key]["name"] if key.kind == "not_null" else key.path[2]
    text = f"{alter_table(relation_of(key), context)} VALIDATE CONSTRAINT {ident(str(name))}"
    return Step(text, settles, "create")
