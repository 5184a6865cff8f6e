"""SET LOGGED and SET UNLOGGED: at no time may a table that lasts reference one that does not; its sequences go along.

https://www.postgresql.org/docs/current/sql-altertable.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from dataio.planner.native.side import Side
from dataio.planner.native.step import Action, Context, Step
from dataio.planner.native.text.sql import qualified
from dataio.snapshot.keys import Key
from dataio.snapshot.model import Fact, Value

_WITH_SEQUENCES: Final = 15
"""The first major version whose tables take their columns' sequences along."""

_References = Callable[[Key], Iterator[tuple[Key, Key]]]


def persistence(old: Fact, new: Fact, head: str, context: Context) -> Iterator[Step]:
    """The step, where there is one, in the order that foreign keys ask for.

    Those of a circle are away meanwhile, and those between tables of which one becomes what the other was.
    """
    if old["persistence"] == new["persistence"]:
        return

    def referenced(table: Key) -> Iterator[tuple[Key, Key]]:
        for fact in context.a.children(table):
            if fact.key.kind == "constraint" and isinstance(other := fact["references"], tuple):
                yield fact.key, Key("table", tuple(str(part) for part in other))

    def referencing(table: Key) -> Iterator[tuple[Key, Key]]:
        for key in context.old.referencing.get((table.path[0], table.path[1]), ()):
            yield key, Key("table", key.path[:2])

    table = new.key
    circle = _reached(table, referenced, context) & _reached(table, referencing, context) - {table}
    around = (other for way in (referenced, referencing) for _, other in way(table) if _changes(other, context))
    circle |= {other for other in around if context.b.facts[other]["persistence"] != new["persistence"]}
    ties = frozenset(key for way in (referenced, referencing) for key, other in way(table) if other in circle)
    word, way = ("UNLOGGED", referencing) if new["persistence"] == "unlogged" else ("LOGGED", referenced)
    first = frozenset(other for _, other in way(table)) - circle - {table}
    yield Step(f"{head} SET {word}", table, "alter", after=first, displaces=ties)
    for sequence, name in _owned(table, context.old):
        wanted = context.b.facts.get(sequence)
        if wanted is not None and follows_table(sequence, context) and wanted["persistence"] != new["persistence"]:
            path = name if sequence.kind == "sequence" else wanted["sequence"]
            yield sequence_persistence(wanted, path, "alter", after=frozenset({sequence}))


def sequence_persistence(wanted: Fact, path: Value, action: Action, after: frozenset[Key] = frozenset()) -> Step:
    """``SET LOGGED`` or ``SET UNLOGGED`` of a sequence, by itself."""
    name = qualified(*(str(part) for part in path)) if isinstance(path, tuple) else ""
    word = "UNLOGGED" if wanted["persistence"] == "unlogged" else "LOGGED"
    return Step(f"ALTER SEQUENCE {name} SET {word}", wanted.key, action, after=after)


def follows_table(sequence: Key, context: Context) -> bool:
    """Whether a sequence (or a column's identity) becomes what its table becomes, as that takes it along."""
    if not context.kept(sequence) or context.major < _WITH_SEQUENCES:
        return False
    column = Key("column", sequence.path) if sequence.kind == "identity" else context.old.owner_column(sequence)
    return column is not None and _changes(Key("table", column.path[:2]), context)


def _owned(table: Key, side: Side) -> Iterator[tuple[Key, tuple[str, ...]]]:
    """The sequences of a table's columns, by the facts that say what they are like."""
    for column in side.contents(table):
        identity = side.get("identity", *column.path) if column.kind == "column" else None
        if identity is not None:
            yield identity.key, ()
        for key in sorted(side.needed_by(column)):
            if key.kind == "owned_by":
                yield Key("sequence", key.path), key.path


def changing(constraint: Fact, context: Context) -> frozenset[Key]:
    """The tables of a foreign key that it waits for, as they become logged or unlogged."""
    other = constraint["references"]
    if not isinstance(other, tuple):
        return frozenset()
    tables = (Key("table", constraint.key.path[:2]), Key("table", tuple(str(part) for part in other)))
    return frozenset(table for table in tables if _changes(table, context))


def _changes(table: Key, context: Context) -> bool:
    return context.kept(table) and context.a.facts[table]["persistence"] != context.b.facts[table]["persistence"]


def _reached(table: Key, way: _References, context: Context) -> set[Key]:
    """The tables that change and that foreign keys lead to, by way of such tables only."""
    seen, todo = set[Key](), [table]
    while todo:
        for _, other in way(todo.pop()):
            if other not in seen and _changes(other, context):
                seen.add(other)
                todo.append(other)
    return seen
