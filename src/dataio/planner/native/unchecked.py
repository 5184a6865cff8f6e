"""Constraints that are NOT VALID in a parent, and valid in some of its children.

They come to the children as they are in the parent: whose rows are known to pass is told again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dataio.planner.native.column_parts import alter_table
from dataio.planner.native.inheriting import from_parents, kept_descendants, kept_parents, relation_of
from dataio.planner.native.partitioning import brought
from dataio.planner.native.side import above
from dataio.planner.native.sql import ident
from dataio.planner.native.step import Context, Step
from dataio.snapshot.keys import Key
from dataio.snapshot.model import Fact


def checked_below(new: Fact, context: Context) -> Iterator[Step]:
    """What follows a new constraint that is NOT VALID."""
    if new["validated"]:
        return
    yield from checked_again(brought(new.key, context), new.key, context)
    for child in kept_descendants(context, relation_of(new.key)) if new["type"] == "check" else ():
        theirs = context.new.get("constraint", *child, new.key.path[2])
        if theirs is not None and theirs["validated"] and from_parents(theirs):
            yield _validate(theirs.key, new.key, context)


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
    found: set[Key | None] = {above(new)} if new["type"] == "foreign key" else set()
    if new["type"] == "check" and new["inherited"]:
        tied = kept_parents(context, relation_of(new.key))
        found = {Key("constraint", (*parent, new.key.path[2])) for parent in tied}
    facts = context.b.facts
    return frozenset(key for key in found if key is not None and key in facts and not facts[key]["validated"])


def _validate(key: Key, settles: Key, context: Context) -> Step:
    text = f"{alter_table(relation_of(key), context)} VALIDATE CONSTRAINT {ident(key.path[2])}"
    return Step(text, settles, "create")
