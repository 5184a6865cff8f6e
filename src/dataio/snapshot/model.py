"""What a snapshot is made of: keys, facts, edges.

A *fact* is one thing of one kind that a database contains: a table, a column, a default, a comment, the privileges of
one role on one object. Its *key* (kind and path) says which thing; its *attributes* say how it is, in canonical text;
its *info* travels along for creating and reporting (a column's position) and is never compared.
:mod:`dataio.snapshot.kinds` lists every kind with its path, attributes and info.

No OIDs: two snapshots from two servers compare by key and attributes alone.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import compress
from typing import NamedTuple, TypeAlias

from dataio.snapshot.keys import RELATION_KINDS, SELF, Key, parent
from dataio.snapshot.kinds import KINDS

Value: TypeAlias = "str | int | bool | tuple[Value, ...] | None"
"""An attribute: a scalar, or (nested) tuples of scalars where a thing is a list."""


class Fact:
    """One thing: ``fact["type"]`` reads an attribute, ``fact.info["position"]`` what is not compared."""

    __slots__ = ("_info", "key", "values")

    def __init__(self, key: Key, values: tuple[Value, ...], info: tuple[Value, ...] = ()) -> None:
        self.key = key
        self.values = values
        self._info = info

    @classmethod
    def of(cls, key: Key, attributes: Mapping[str, Value], info: Mapping[str, Value] | None = None) -> Fact:
        """Build a fact from names; attributes that are left out are ``None``. Raises KeyError on an unknown name."""
        kind = KINDS[key.kind]
        for name in attributes:
            kind.attribute_index[name]
        for name in info or {}:
            kind.info_index[name]
        return cls(
            key,
            tuple(attributes.get(name) for name in kind.attributes),
            tuple((info or {}).get(name) for name in kind.info),
        )

    def __getitem__(self, name: str) -> Value:
        return self.values[KINDS[self.key.kind].attribute_index[name]]

    def text(self, name: str) -> str:
        """The attribute as text; raises TypeError where it is not a string."""
        value = self[name]
        if not isinstance(value, str):
            raise TypeError(f"{self.key}: attribute {name} is {value!r}, not text")
        return value

    def names(self, name: str) -> tuple[str, ...]:
        """The attribute as a tuple of strings; raises TypeError where it is something else."""
        value = self[name]
        if not isinstance(value, tuple) or not all(isinstance(item, str) for item in value):
            raise TypeError(f"{self.key}: attribute {name} is {value!r}, not a list of names")
        return tuple(str(item) for item in value)

    def get_info(self, name: str) -> Value:
        """What is carried along and never compared."""
        return self._info[KINDS[self.key.kind].info_index[name]] if self._info else None

    @property
    def attributes(self) -> dict[str, Value]:
        return dict(zip(KINDS[self.key.kind].attributes, self.values, strict=True))

    @property
    def info_values(self) -> tuple[Value, ...]:
        return self._info

    def replace(self, **attributes: Value) -> Fact:
        """A copy with some attributes changed."""
        return Fact.of(self.key, {**self.attributes, **attributes}, self._info_mapping())

    def _info_mapping(self) -> dict[str, Value]:
        return dict(zip(KINDS[self.key.kind].info, self._info, strict=True)) if self._info else {}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Fact) and self.key == other.key and self.values == other.values

    def __hash__(self) -> int:
        return hash((self.key, self.values))

    def __repr__(self) -> str:
        return f"<{self.key} {self.attributes}>"


class Edge(NamedTuple):
    """``dependent`` cannot exist without ``referenced``. Both are keys of facts in the same snapshot."""

    dependent: Key
    referenced: Key


class Edges(Collection[Edge]):
    """Edges, each once, in no order: a database has several for each fact, so they are kept as two lists of keys."""

    __slots__ = ("_dependents", "_referenced")

    def __init__(self, edges: Iterable[tuple[Key, Key]] = ()) -> None:
        pairs = edges if isinstance(edges, set | frozenset) else dict.fromkeys(edges)
        self._dependents = tuple([dependent for dependent, _ in pairs])
        self._referenced = tuple([referenced for _, referenced in pairs])

    @classmethod
    def between(cls, dependents: Iterable[Key], referenced: Iterable[Key]) -> Edges:
        """Edges by their two ends; the caller knows that none comes twice."""
        made = cls.__new__(cls)
        made._dependents, made._referenced = tuple(dependents), tuple(referenced)
        return made

    def pairs(self) -> Iterator[tuple[Key, Key]]:
        """Dependent and referenced, as plain tuples."""
        return zip(self._dependents, self._referenced, strict=True)

    def within(self, facts: Collection[Key]) -> Edges:
        """Those with both ends in ``facts``."""
        kept = [one in facts and other in facts for one, other in self.pairs()]
        return Edges.between(compress(self._dependents, kept), compress(self._referenced, kept))

    def __iter__(self) -> Iterator[Edge]:
        return map(Edge._make, self.pairs())

    def __len__(self) -> int:
        return len(self._dependents)

    def __contains__(self, edge: object) -> bool:
        return any(edge == pair for pair in self.pairs())

    def __eq__(self, other: object) -> bool:
        return frozenset(self.pairs()) == frozenset(other.pairs()) if isinstance(other, Edges) else NotImplemented

    __hash__ = None  # type: ignore[assignment]


@dataclass(frozen=True)
class Snapshot:
    """The facts of one database and how they depend on each other, as one transaction saw them.

    ``major`` is the server version that deparsed the facts: only snapshots of one major version compare.
    ``self_role`` is the role that :data:`SELF` stands for.
    """

    facts: Mapping[Key, Fact]
    edges: Edges
    major: int
    self_role: str
    notes: tuple[str, ...] = field(default=(), compare=False)
    wording: Mapping[tuple[Key, str], str] = field(default_factory=dict, compare=False)
    """PostgreSQL's own words for an attribute (key, name) where they are not the settled ones that the fact has."""

    @cached_property
    def fingerprint(self) -> str:
        """``pg18:`` and a SHA-256 over the canonical facts: equal for equal schemas on servers of one major version."""
        from dataio.snapshot.fingerprint import fingerprint

        return fingerprint(self)

    @cached_property
    def needs(self) -> Mapping[Key, frozenset[Key]]:
        """For each key, what it depends on."""
        return _grouped(self.edges.pairs())

    @cached_property
    def needed_by(self) -> Mapping[Key, frozenset[Key]]:
        """For each key, what depends on it."""
        return _grouped((referenced, dependent) for dependent, referenced in self.edges.pairs())

    @cached_property
    def relations(self) -> Mapping[tuple[str, str], Key]:
        """The relation (table, view, sequence, index …) that has a schema-qualified name."""
        return {(k.path[0], k.path[1]): k for k in self.facts if k.kind in RELATION_KINDS}

    def of_kind(self, kind: str) -> Iterator[Fact]:
        """The facts of one kind, in key order."""
        if kind not in self._in_order:
            self._in_order[kind] = tuple(sorted(self._by_kind.get(kind, ()), key=lambda fact: fact.key))
        return iter(self._in_order[kind])

    @cached_property
    def _by_kind(self) -> Mapping[str, list[Fact]]:
        groups: dict[str, list[Fact]] = {}
        for key, fact in self.facts.items():
            groups.setdefault(key.kind, []).append(fact)
        return groups

    @cached_property
    def _in_order(self) -> dict[str, tuple[Fact, ...]]:
        return {}

    def children(self, parent: Key) -> tuple[Fact, ...]:
        """Facts whose :func:`dataio.snapshot.keys.parent` is ``parent``, in key order."""
        return self._children.get(parent, ())

    @cached_property
    def _children(self) -> Mapping[Key, tuple[Fact, ...]]:
        groups: dict[Key, list[Fact]] = {}
        for key in sorted(self.facts):
            above = parent(key, self.relations)
            if above is not None:
                groups.setdefault(above, []).append(self.facts[key])
        return {key: tuple(facts) for key, facts in groups.items()}

    def owner_of(self, subject: Key) -> str:
        """Who owns a thing: the role of its owner fact, or of its table's; SELF where none says."""
        if subject.kind in ("column", "identity"):
            subject = self.relations.get((subject.path[0], subject.path[1]), subject)
        fact = self.facts.get(Key("owner", (subject.kind, *subject.path)))
        return fact.text("role") if fact is not None else SELF

    def filtered(self, keep: Callable[[Key], bool]) -> Snapshot:
        """Only the facts that ``keep`` accepts, and the edges between them."""
        facts = {key: fact for key, fact in self.facts.items() if keep(key)}
        if len(facts) == len(self.facts):
            return self
        return Snapshot(facts, self.edges.within(facts), self.major, self.self_role, self.notes, self.wording)

    def rekeyed(self, keys: Mapping[Key, Key]) -> Snapshot:
        """The same facts, those of ``keys`` under other keys, which no other fact has."""
        if not keys:
            return self
        facts = {}
        for key, fact in self.facts.items():
            again = keys.get(key, key)
            facts[again] = fact if again == key else Fact(again, fact.values, fact.info_values)
        edges = Edges((keys.get(one, one), keys.get(other, other)) for one, other in self.edges.pairs())
        return Snapshot(facts, edges, self.major, self.self_role, self.notes, self.wording)

    def derived(self, name: Hashable, make: Callable[[], Snapshot]) -> Snapshot:
        """What ``make`` makes of this snapshot, made once for each ``name``."""
        if name not in self._derived:
            self._derived[name] = make()
        return self._derived[name]

    @cached_property
    def _derived(self) -> dict[Hashable, Snapshot]:
        return {}

    def verbatim(self) -> Snapshot:
        """The same facts in the words that PostgreSQL used, where it would not use them again (``wording``)."""
        if not self.wording:
            return self
        facts = dict(self.facts)
        for (key, attribute), text in self.wording.items():
            if key in facts:
                facts[key] = facts[key].replace(**{attribute: text})
        return Snapshot(facts, self.edges, self.major, self.self_role, self.notes, self.wording)

    def worded_as(self, other: Snapshot) -> Snapshot:
        """The same facts; ``other``, which holds them too, knows PostgreSQL's words for them."""
        if self.wording is other.wording:
            return self
        return Snapshot(self.facts, self.edges, self.major, self.self_role, self.notes, other.wording)

    def __len__(self) -> int:
        return len(self.facts)


def _grouped(pairs: Iterable[tuple[Key, Key]]) -> Mapping[Key, frozenset[Key]]:
    groups: dict[Key, set[Key]] = {}
    for left, right in pairs:
        groups.setdefault(left, set()).add(right)
    return {key: frozenset(values) for key, values in groups.items()}
