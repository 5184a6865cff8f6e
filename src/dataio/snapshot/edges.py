"""How facts depend on each other: what pg_depend records, and what their keys and attributes say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Final

from dataio.snapshot.addresses import Addresses, Dependencies
from dataio.snapshot.keys import RELATION_KINDS, Key, parent
from dataio.snapshot.model import Edge, Edges, Fact, Value

_TABLES: Final = frozenset({"table", "foreign_table"})

_AUTO_EXTENSION: Final = "x"

_NAMING: Final = frozenset(
    {"default", "not_null", "identity", "replica_identity", "clustered_on", "index", "partition", "inheritance"}
    | {"owned_by", "membership"}
)
"""Kinds whose path or attributes name other facts than the one they are part of."""


def build(
    facts: Mapping[Key, Fact], recorded: Iterable[Dependencies], addresses: Addresses, more: Iterable[Edge] = ()
) -> Edges:
    """All edges between ``facts``, ``more`` included; never from a fact to itself, nor to something that is no fact."""
    known = (edge for edge in more if edge.dependent in facts and edge.referenced in facts)
    groups = (
        _recorded(facts, group, addresses)
        for group in recorded
        if group.deptype != _AUTO_EXTENSION  # a fact of its own
        and group.catalog in addresses.exact
        and group.referenced_catalog in addresses.exact  # else the sweep complains
    )
    return Edges(set(chain(known, _Structure(facts).edges(), chain.from_iterable(groups))))


def _recorded(facts: Mapping[Key, Fact], group: Dependencies, addresses: Addresses) -> Iterator[Edge]:
    """Edges from one group of pg_depend rows."""
    catalog, referenced_catalog = group.catalog, group.referenced_catalog
    own, others = addresses.exact[catalog], addresses.exact[referenced_catalog]
    copies = _copied_constraints(addresses) if catalog == addresses.catalogs["pg_constraint"] else ()
    between_relations = catalog == referenced_catalog == addresses.catalogs["pg_class"]
    resolve, make = addresses.resolve, tuple.__new__  # half a million calls: Edge(…) itself is too slow
    for packed, other in group.pairs():
        if packed in copies:
            continue
        dependent = own.get(packed) or resolve(catalog, packed)
        needed = others.get(other) or resolve(referenced_catalog, other)
        if dependent is None or needed is None:
            continue
        if between_relations:
            dependent = _finer(facts, dependent, needed, group.deptype)
        if dependent != needed and dependent in facts and needed in facts:
            yield make(Edge, (dependent, needed))


def _copied_constraints(addresses: Addresses) -> frozenset[int]:
    """Foreign keys' copies for each partition of the table they reference: they say nothing about the key itself."""
    catalog = addresses.catalogs["pg_constraint"]
    return frozenset(
        packed
        for packed, (target, _) in addresses.internal[catalog].items()
        if target == catalog and packed not in addresses.exact[catalog]
    )


def _finer(facts: Mapping[Key, Fact], dependent: Key, needed: Key, deptype: str) -> Key:
    """The fact behind a dependency between relations that can be undone: ownership, partition, inheritance."""
    if dependent.kind == "sequence" and deptype == "a":
        return Key("owned_by", dependent.path)
    if dependent.kind in _TABLES and needed.kind in _TABLES:
        for finer in (Key("partition", dependent.path), Key("inheritance", dependent.path + needed.path)):
            if finer in facts:
                return finer
    return dependent


class _Structure:
    """What a fact needs for what it is part of, attached to, or names."""

    def __init__(self, facts: Mapping[Key, Fact]) -> None:
        self._facts = facts
        self._relations: dict[tuple[str, str], Key] = {}
        self._indexes: dict[tuple[str, str], Key] = {}
        for key, fact in facts.items():
            if key.kind in RELATION_KINDS:
                self._relations[key.path[0], key.path[1]] = key
            elif key.kind == "constraint" and fact["type"] in ("primary key", "unique", "exclude"):
                self._indexes[key.path[0], key.path[2]] = key

    def edges(self) -> Iterator[Edge]:
        make = tuple.__new__
        for key, fact in self._facts.items():
            above = self._above(key)
            if above is not None and above != key:
                yield make(Edge, (key, above))
            if key.kind in _NAMING:
                for needed in self._named(fact):
                    if needed is not None and needed != key:
                        yield make(Edge, (key, needed))

    def _above(self, key: Key) -> Key | None:
        above = parent(key, self._relations)
        if above is None:
            return None
        fact = self._facts.get(above)
        if fact is not None:
            return fact.key
        if above.kind == "column":  # of a view
            return self._relations.get((above.path[0], above.path[1]))
        return self._indexes.get((above.path[0], above.path[1])) if above.kind == "index" else None

    def _named(self, fact: Fact) -> Iterator[Key | None]:
        kind, path = fact.key
        match kind:
            case "default" | "not_null" | "identity":
                yield self._known("column", path)
            case "replica_identity" | "clustered_on":
                if isinstance(name := fact["index"], str):
                    yield self._index(path[0], name)
            case "index":
                yield self._relation(fact["table"])
                yield self._relation(fact["parent"])
            case "partition":
                yield self._relation(fact["parent"])
            case "inheritance":
                yield self._relation(path[2:])
            case "owned_by":
                yield self._known("column", fact["column"])
            case "membership":
                yield self._known("role", path[:1])
                yield self._known("role", path[1:])

    def _known(self, kind: str, path: Value) -> Key | None:
        fact = self._facts.get(Key(kind, path))  # type: ignore[arg-type]
        return None if fact is None else fact.key

    def _relation(self, name: Value) -> Key | None:
        return self._relations.get(name)  # type: ignore[arg-type]

    def _index(self, schema: str, name: str) -> Key | None:
        return self._known("index", (schema, name)) or self._indexes.get((schema, name))
