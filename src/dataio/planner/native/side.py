"""One snapshot, indexed for planning: what contains what, what needs what, who claims which name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from typing import Final

from dataio.planner.native.text.names import multirange, split_qualified
from dataio.planner.native.text.sql import qualified
from dataio.snapshot.keys import ATTACHMENTS, RELATION_KINDS, Key, attached_to, parent
from dataio.snapshot.model import Fact, Snapshot

_WITH_INDEX: Final = frozenset({"primary key", "unique", "exclude"})
_ROW_TYPES: Final = frozenset({"table", "view", "materialized_view", "foreign_table", "composite"})
_TYPES: Final = frozenset({"enum", "range", "domain", "base_type", "shell_type"})
_ROUTINES: Final = frozenset({"function", "procedure", "aggregate"})
_ON_TABLE: Final = frozenset({"index", "statistics"})

TYPE_KINDS: Final = frozenset({"enum", "composite", "range", "domain", "base_type"})

MOVABLE: Final = TYPE_KINDS | {"collation"}
"""What columns can move away from: a new one is made beside the old."""


class Side:
    """A snapshot's facts and edges, with what planning asks about them. Built lazily, in linear time."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.facts = snapshot.facts

    def get(self, kind: str, *path: str) -> Fact | None:
        return self.facts.get(Key(kind, path))

    def relation(self, schema: str, name: str) -> Key | None:
        return self.snapshot.relations.get((schema, name))

    @cached_property
    def constraint_indexes(self) -> dict[tuple[str, str], Key]:
        """The constraint whose index has a name."""
        return {
            (fact.key.path[0], fact.key.path[2]): fact.key
            for fact in self.snapshot.of_kind("constraint")
            if fact["type"] in _WITH_INDEX
        }

    def resolve(self, key: Key) -> Key:
        """The fact that stands for a key that names none: the view of a view's column, the constraint of its index."""
        if key in self.facts:
            return key
        if key.kind == "column" and len(key.path) == 3:
            return self.snapshot.relations.get((key.path[0], key.path[1]), key)
        if key.kind == "index" and len(key.path) == 2:
            return self.constraint_indexes.get((key.path[0], key.path[1]), key)
        return key

    def container(self, key: Key) -> Key | None:
        """What a fact is part of and goes with: a column's table, a comment's object, an index's table."""
        kind, path = key
        if kind in ATTACHMENTS:
            return self.resolve(attached_to(key))
        fact = self.facts.get(key)
        if kind in _ON_TABLE and fact is not None and isinstance(table := fact["table"], tuple):
            return self.snapshot.relations.get((str(table[0]), str(table[1])))
        if kind in {"default", "not_null", "identity"}:
            return self.resolve(Key("column", path))
        if kind == "publication_table":
            return Key("publication", path[:1])
        return parent(key, self.snapshot.relations)

    def owner_column(self, sequence: Key) -> Key | None:
        """The column that a sequence goes with."""
        owned = self.get("owned_by", *sequence.path)
        column = owned["column"] if owned is not None else None
        return Key("column", tuple(str(part) for part in column)) if isinstance(column, tuple) else None

    @cached_property
    def _contents(self) -> dict[Key, list[Key]]:
        groups: dict[Key, list[Key]] = {}
        for key in self.facts:
            above = self.container(key)
            if above is not None:
                groups.setdefault(above, []).append(key)
        return groups

    @cached_property
    def constraint_names(self) -> Counter[tuple[str, str]]:
        """How many constraints of tables and domains have a name, NOT NULL ones included."""
        names: Counter[tuple[str, str]] = Counter()
        for kind in ("constraint", "domain_constraint"):
            names.update((fact.key.path[0], fact.key.path[2]) for fact in self.snapshot.of_kind(kind))
        for kind, attribute in (("not_null", "name"), ("domain", "not_null_name")):
            found = ((fact.key.path[0], fact[attribute]) for fact in self.snapshot.of_kind(kind))
            names.update((schema, name) for schema, name in found if isinstance(name, str))
        return names

    @cached_property
    def domains(self) -> dict[str, str]:
        """What each domain is over, by type text."""
        return {qualified(*fact.key.path): fact.text("type") for fact in self.snapshot.of_kind("domain")}

    @cached_property
    def casts(self) -> dict[tuple[str, str], str]:
        """When each user-made cast applies: 'implicit', 'assignment' or 'explicit'."""
        return {(fact.key.path[0], fact.key.path[1]): fact.text("context") for fact in self.snapshot.of_kind("cast")}

    @cached_property
    def _links(self) -> list[tuple[Key, tuple[str, str], tuple[str, str]]]:
        found = []
        for fact in self.snapshot.of_kind("partition"):
            parent = fact["parent"]
            if isinstance(parent, tuple):
                found.append((fact.key, (fact.key.path[0], fact.key.path[1]), (str(parent[0]), str(parent[1]))))
        for fact in sorted(
            self.snapshot.of_kind("inheritance"), key=lambda fact: (fact.key.path[:2], int(str(fact["number"])))
        ):
            path = fact.key.path
            found.append((fact.key, (path[0], path[1]), (path[2], path[3])))
        return found

    @cached_property
    def up(self) -> dict[tuple[str, str], list[tuple[Key, tuple[str, str]]]]:
        """For each child table, its parents, each with the fact that ties the two; in the order of inheritance."""
        groups: dict[tuple[str, str], list[tuple[Key, tuple[str, str]]]] = {}
        for link, child, owner in self._links:
            groups.setdefault(child, []).append((link, owner))
        return groups

    @cached_property
    def down(self) -> dict[tuple[str, str], list[tuple[Key, tuple[str, str]]]]:
        """For each parent table, its children, each with the fact that ties the two."""
        groups: dict[tuple[str, str], list[tuple[Key, tuple[str, str]]]] = {}
        for link, child, owner in self._links:
            groups.setdefault(owner, []).append((link, child))
        return groups

    def contents(self, key: Key) -> list[Key]:
        """The facts that are directly part of ``key``."""
        return sorted(self._contents.get(key, ()))

    def everything_in(self, key: Key) -> Iterator[Key]:
        """The facts that are part of ``key``, at any depth."""
        for inner in self.contents(key):
            yield inner
            yield from self.everything_in(inner)

    def attachments(self, key: Key) -> Iterator[Key]:
        return (inner for inner in self.contents(key) if inner.kind in ATTACHMENTS)

    @cached_property
    def referencing(self) -> dict[tuple[str, str], list[Key]]:
        """The foreign keys to each table, without those that belong to a parent's."""
        groups: dict[tuple[str, str], list[Key]] = {}
        for fact in self.snapshot.of_kind("constraint"):
            if isinstance(table := fact["references"], tuple) and fact["parent"] is None:
                groups.setdefault((str(table[0]), str(table[1])), []).append(fact.key)
        return groups

    @cached_property
    def belonging(self) -> dict[Key, dict[tuple[str, str], Key]]:
        """For each index or constraint of a partitioned table, what belongs to it, by partition."""
        groups: dict[Key, dict[tuple[str, str], Key]] = {}
        for kind in ("index", "constraint"):
            for fact in self.snapshot.of_kind(kind):
                parent = above(fact)
                table = fact["table"] if kind == "index" else fact.key.path[:2]
                if parent is not None and isinstance(table, tuple):
                    groups.setdefault(parent, {})[str(table[0]), str(table[1])] = fact.key
        return groups

    def needs_in_order(self, key: Key) -> frozenset[Key]:
        """What must be there first, and go later: a partition's index comes before its parent's, and goes with it."""
        found = self.needs(key)
        if key.kind in {"index", "constraint"} and (parent_index := above(self.facts[key])) is not None:
            found -= {parent_index}
        if key.kind == "function" and any(self._shells_for(key, need) for need in found):
            found = frozenset(Key("shell_type", need.path) if self._shells_for(key, need) else need for need in found)
        return found

    def needs_to_go(self, key: Key) -> frozenset[Key]:
        """What goes only after a fact has gone. A foreign key to a partitioned table holds on to each partition."""
        found = self.needs_in_order(key)
        if key.kind != "constraint" or self.facts[key]["parent"] is not None:
            return found
        if isinstance(table := self.facts[key]["references"], tuple):
            found |= frozenset(self._partitions((str(table[0]), str(table[1]))))
        return found

    def _partitions(self, table: tuple[str, str]) -> Iterator[Key]:
        for link, child in self.down.get(table, ()):
            if link.kind == "partition":
                yield self.snapshot.relations[child]
                yield from self._partitions(child)

    def _shells_for(self, function: Key, type_: Key) -> bool:
        """Whether a type needs a function that needs the type: it starts as a shell then."""
        return type_.kind in {"base_type", "range"} and function in self.needs(type_)

    @cached_property
    def _needs(self) -> dict[Key, list[Key]]:
        groups: dict[Key, list[Key]] = {}
        for dependent, referenced in self.snapshot.edges.pairs():
            if dependent in groups:
                groups[dependent].append(referenced)
            else:
                groups[dependent] = [referenced]
        return groups

    @cached_property
    def _needed_by(self) -> dict[Key, list[Key]]:
        groups: dict[Key, list[Key]] = {}
        for dependent, referenced in self.snapshot.edges.pairs():
            if referenced in groups:
                groups[referenced].append(dependent)
            else:
                groups[referenced] = [dependent]
        return groups

    def needs(self, key: Key) -> frozenset[Key]:
        """What a fact cannot exist without, its container included."""
        return frozenset(self._needs.get(key, ()))

    def needed_by(self, key: Key) -> frozenset[Key]:
        """What depends on a fact, its contents included."""
        return frozenset(self._needed_by.get(key, ()))


def above(fact: Fact) -> Key | None:
    """The index or constraint of the partitioned parent that an index or a constraint belongs to."""
    if fact.key.kind == "constraint" and isinstance(index := fact["index_parent"], tuple):
        return Key("index", tuple(str(part) for part in index))
    parent = fact["parent"]
    return Key(fact.key.kind, tuple(str(part) for part in parent)) if isinstance(parent, tuple) else None


def claims(fact: Fact) -> Iterator[tuple[str, ...]]:
    """The names that a thing occupies, so that one goes before another of its name comes."""
    kind, path = fact.key
    if kind in RELATION_KINDS:
        yield ("relation", *path)
    if kind in _ROW_TYPES or kind in _TYPES:
        yield ("type", *path)
    if kind == "range":
        yield ("type", *(part.strip('"').replace('""', '"') for part in split_qualified(multirange(fact))))
    if kind in _ROUTINES:
        yield ("routine", *path)
    if kind == "identity" and isinstance(sequence := fact["sequence"], tuple):
        yield ("relation", *(str(part) for part in sequence))
    if kind == "not_null" and isinstance(name := fact["name"], str):
        yield ("constraint", *path[:2], name)
    if kind == "constraint":
        yield ("constraint", *path)
        if fact["type"] in _WITH_INDEX:
            yield ("relation", path[0], path[2])


def occupied(fact: Fact) -> Iterator[tuple[str, ...]]:
    """What only one thing at a time can hold: its names, and that a table has one primary key."""
    yield from claims(fact)
    if fact.key.kind == "constraint" and fact["type"] == "primary key":
        yield ("primary key", *fact.key.path[:2])
