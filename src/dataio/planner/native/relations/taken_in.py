"""Foreign keys of partitions that a new one of the parent takes in, though they are to stay the partitions' own.

``tryAttachPartitionForeignKey`` in PostgreSQL's tablecmds.c: it looks at what they say, not at their names.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dataio.planner.native.relations.inheriting import kept_parents, relation_of
from dataio.planner.native.relations.partitioning import partitions
from dataio.planner.native.side import Side, above
from dataio.planner.native.step import Context
from dataio.planner.native.text.constraint_text import body
from dataio.snapshot.model import Fact

_STATES: Final = ("type", "deferrable", "deferred", "enforced")


def taken_by(new: Fact, context: Context) -> Iterator[Fact]:
    """The parents' new foreign keys that would take in a partition's own, were it there before."""
    if new["type"] != "foreign key" or above(new) is not None:
        return
    tables = [*kept_parents(context, relation_of(new.key))]
    for table in tables:
        tables += kept_parents(context, table)
        yield from (key for key in _on(context.new, table) if key.key in context.coming and _alike(key, new))


def taking(new: Fact, context: Context) -> Iterator[Fact]:
    """The partitions' own that a parent's new foreign key would take in: they are away while it comes."""
    if new["type"] != "foreign key":
        return
    tables = [*partitions(context.new, relation_of(new.key))]
    for table in tables:
        tables += partitions(context.new, table)
        yield from (key for key in _on(context.new, table) if above(key) is None and _alike(key, new))


def _on(side: Side, table: tuple[str, str]) -> Iterator[Fact]:
    relation = side.relation(*table)
    for key in side.contents(relation) if relation else ():
        if key.kind == "constraint":
            yield side.facts[key]


def _alike(one: Fact, other: Fact) -> bool:
    return all(one[name] == other[name] for name in _STATES) and body(one) == body(other)
