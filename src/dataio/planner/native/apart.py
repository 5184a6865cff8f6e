"""Which parts of a thing need a statement of their own, because a circle of dependencies goes through them.

Two tables whose foreign keys refer to each other; a table whose default calls a function that returns its rows. What is
created or dropped with a whole (a constraint with its table) is one unit; where units form a circle, the parts that
close it are taken out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from dataio.planner.native.components import components
from dataio.planner.native.relations.inheriting import dropped_with, kept_children, primary_keys, relation_of, stays
from dataio.planner.native.relations.leaving import leaving
from dataio.planner.native.relations.partitioning import broken_by_cut
from dataio.planner.native.relations.referenced import keys_that_go
from dataio.planner.native.relations.typed_tables import is_added_again
from dataio.planner.native.side import Side, above
from dataio.planner.native.step import Context
from dataio.snapshot.keys import ATTACHMENTS, Key
from dataio.snapshot.model import Fact, Value

_PARTS: Final = frozenset(
    {"column", "default", "not_null", "identity", "constraint", "partition", "inheritance", "attribute", "index",
     "domain_constraint", "trigger", "rule", "policy", "statistics", "owned_by"}
) | ATTACHMENTS  # fmt: skip

_CREATED_ALONG: Final = _PARTS - {"index", "trigger", "rule", "policy", "statistics", "owned_by"} - ATTACHMENTS

_ALONG: Final = frozenset({"index", "constraint", "statistics"})
"""What goes with a column that is dropped."""

_SEPARABLE: Final = _PARTS - {"column", "attribute"} - ATTACHMENTS


def apart(context: Context) -> frozenset[Key]:
    """The parts that must be created, or dropped, apart from what they are part of."""
    return (
        _apart(context.new.needs_in_order, context.new, context.coming, _CREATED_ALONG)
        | _apart(context.old.needs_to_go, context.old, context.going, _PARTS)
        | frozenset(_left_to_children(context))
        | frozenset(_ousted(context))
        | frozenset(_named_as_what_comes(context))
        | frozenset(leaving(context))
        | frozenset(_before_cuts(context))
        | frozenset(_of_columns_added_again(context))
        | frozenset(_beside_keys_that_go(context))
    )


def _beside_keys_that_go(context: Context) -> Iterator[Key]:
    """New foreign keys to what loses a key: their table may be wanted long before that goes."""
    for key in context.coming:
        if key.kind == "constraint" and keys_that_go(fact := context.b.facts[key], context) and not _belongs(fact):
            yield key


def _of_columns_added_again(context: Context) -> Iterator[Key]:
    """NOT NULLs, and identities that go, of columns that first take the values over."""
    for key in context.replaced:
        if key.kind == "column" and is_added_again(key, context):
            yield Key("not_null", key.path)
            yield Key("identity", key.path)


def _before_cuts(context: Context) -> Iterator[Key]:
    """Foreign keys that go with their table, but must be away before a partition is detached."""
    for key in context.going:
        child = relation_of(key) if key.kind == "partition" else None
        if child is not None and stays(child, context):
            yield from (key for key in broken_by_cut(child, context) if key in context.going)


def _ousted(context: Context) -> Iterator[Key]:
    """Primary keys of tables that get another one: they make room for it, whenever their columns go.

    What the table itself has that refers to it goes before.
    """
    tables = {relation_of(key) for key in context.coming if _is_primary(key, context.b.facts[key])}
    tables = {table for table in tables if context.kept(Key("table", table))}
    for key in context.going:
        fact = context.a.facts[key]
        if _is_primary(key, fact) and relation_of(key) in tables and not _belongs(fact):
            yield key
            referring = (other for other in context.old.needed_by(key) if other.kind == "constraint")
            yield from (other for other in referring if relation_of(other) == relation_of(key))


def _named_as_what_comes(context: Context) -> Iterator[Key]:
    """NOT NULLs of columns that go only after something moved over to columns whose NOT NULLs get their names."""
    coming: dict[tuple[str, str, Value], Key] = {}
    for side, moving in ((context.new, context.coming), (context.old, context.going)):
        for key in moving:
            column = Key("column", key.path)
            if key.kind != "not_null" or column not in moving or not stays(relation_of(key), context):
                continue
            name = (*relation_of(key), side.facts[key]["name"])
            if side is context.new:
                coming[name] = column
            elif name[2] is not None and coming.get(name, column) != column:
                both = context.old.needed_by(column) & context.new.needed_by(coming[name])
                if any(context.kept(dependent) for dependent in both):
                    yield key
                    yield from primary_keys(key, context.old)
                    yield Key("identity", key.path)


def _is_primary(key: Key, fact: Fact) -> bool:
    return key.kind == "constraint" and fact["type"] == "primary key"


def _left_to_children(context: Context) -> Iterator[Key]:
    """NOT NULLs, and the primary keys on them, of columns that go while children keep theirs; and checks so.

    PostgreSQL forgets to count them off when the column goes as a whole.
    """
    for key in context.going:
        if key.kind == "constraint" and context.a.facts[key]["type"] == "check":
            below = (Key("constraint", (*child, key.path[2])) for child in kept_children(context, relation_of(key)))
            if any(check in context.a.facts and check not in context.going for check in below):
                yield key
            continue
        if key.kind != "not_null" or context.a.facts[key]["name"] is None:
            continue
        table, column = relation_of(key), key.path[2]
        if any(Key("column", (*child, column)) not in context.going for child in kept_children(context, table)):
            yield key
            yield from primary_keys(key, context.old)


class _Units(dict[Key, Key]):
    """For each key the whole that it comes or goes along with, found when it is asked for."""

    def __init__(self, side: Side, moving: frozenset[Key], parts: frozenset[str]) -> None:
        super().__init__()
        self._side, self._moving, self._parts = side, moving, parts

    def __missing__(self, key: Key) -> Key:
        side, moving = self._side, self._moving
        container = side.container(key) if key.kind in self._parts else None
        if "owned_by" in self._parts:
            if key.kind == "sequence":
                container = side.owner_column(key)
            if key.kind in _ALONG and container not in moving:
                container = dropped_with(key, side, moving)
        self[key] = self[container] if container is not None and container in moving else key
        return self[key]


def _apart(
    needs: Callable[[Key], frozenset[Key]], side: Side, moving: frozenset[Key], parts: frozenset[str]
) -> frozenset[Key]:
    units = _Units(side, moving, parts)
    outward: dict[Key, set[Key]] = {}
    parts_of: dict[Key, list[tuple[Key, Key]]] = {}
    for key in moving:
        for need in needs(key):
            if need in moving and units[need] != units[key]:
                outward.setdefault(units[key], set()).add(units[need])
                parts_of.setdefault(units[key], []).append((key, units[need]))
    found: set[Key] = set()
    for circle in components(sorted(outward), _successors(outward)):
        if len(circle) > 1:
            inside = set(circle)
            for member in circle:
                cutting = {key for key, need in parts_of.get(member, ()) if need in inside}
                found.update(key for key in cutting if key.kind in _SEPARABLE and not _belongs(side.facts[key]))
    return frozenset(found)


def _belongs(fact: Fact) -> bool:
    """A partition's constraint that comes and goes with its parent's."""
    return fact.key.kind == "constraint" and above(fact) is not None


def _successors(outward: dict[Key, set[Key]]) -> Callable[[Key], list[Key]]:
    return lambda key: sorted(outward.get(key, ()))
