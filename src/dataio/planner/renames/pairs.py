"""Which drop and which create may be one thing under a new name: found in two snapshots, never decided here.

A *rename* pairs something that only the current side has with something of the same kind, in the same place, that only
the desired side has. It is *likely* where the facts match but for the name; types and tables match where enough of
their parts do. What is accepted is run with ``ALTER … RENAME`` (:mod:`dataio.planner.renames.settling`). What is asked
for may also be in another schema: ``ALTER … SET SCHEMA``; nothing looks like that by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, TypeAlias

from dataio.planner.native.side import claims
from dataio.planner.native.text.names import usual_multirange
from dataio.planner.native.text.sql import qualified
from dataio.planner.renames.rename import (
    ENUM_VALUE,
    KINDS,
    MOVABLE,
    ROUTINES,
    Rename,
    name_of,
)
from dataio.snapshot.keys import Key
from dataio.snapshot.model import Fact, Snapshot, Value

_BY_CONTENT: Final = frozenset({"constraint", "domain_constraint", "index"})
"""Renamed or made again by the native rules without a question: nothing is lost with them."""
_MULTIRANGES: Final = 14  # the first major version that has them
_ALIKE: Final = 0.5  # the share of parts that two tables or types must have in common
_TOO_MANY: Final = 40_000  # pairs in one place: that is another schema, not renames

_Placed: TypeAlias = Mapping[tuple[str, tuple[Value, ...]], list[Key]]
_Content: TypeAlias = tuple["Value | tuple[Value, ...]", ...] | frozenset[tuple["Value", ...]] | None


class Things:
    """What one side has that can be renamed."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot

    @cached_property
    def keys(self) -> frozenset[Key]:
        return frozenset(self._keys())

    def _keys(self) -> Iterator[Key]:
        yield from (key for key in self.snapshot.facts if self._has_own_name(key))
        yield from self._labels(self.snapshot.of_kind("enum"))

    def _has_own_name(self, key: Key) -> bool:
        """Whether it can be renamed; what is inherited goes with its parent's."""
        if key.kind not in KINDS:
            return False
        return key.kind not in {"column", "constraint"} or not self.snapshot.facts[key]["inherited"]

    @staticmethod
    def _labels(enums: Iterable[Fact]) -> Iterator[Key]:
        for fact in enums:
            for label in fact.names("labels"):
                yield Key(ENUM_VALUE, (*fact.key.path, label))

    def not_in(self, other: Things) -> _Placed:
        """What the other side has not, by kind and place."""
        theirs = other.snapshot.facts
        keys = {key for key in self.snapshot.facts.keys() - theirs.keys() if self._has_own_name(key)}
        changed = {
            fact.key for fact in self.snapshot.of_kind("enum") if fact.key in theirs and theirs[fact.key] != fact
        }
        keys.update(self._labels(self.snapshot.facts[key] for key in changed))
        keys.difference_update(other._labels(theirs[key] for key in changed))
        groups: dict[tuple[str, tuple[Value, ...]], list[Key]] = {}
        for key in sorted(keys):
            groups.setdefault((key.kind, self.place(key)), []).append(key)
        return groups

    @cached_property
    def claimed(self) -> frozenset[tuple[str, ...]]:
        """The names that are taken."""
        return frozenset(claim for fact in self.snapshot.facts.values() for claim in claims(fact))

    def place(self, key: Key) -> tuple[Value, ...]:
        """Where a thing is: renames stay within it."""
        if key.kind in ROUTINES:
            return (key.path[0], key.path[2])
        if key.kind == "index":
            return (key.path[0], self.snapshot.facts[key]["table"])
        return key.path[:-1]

    def content(self, key: Key) -> _Content:
        """What a thing is but its name; a set where it is its parts, ``None`` where a likeness means nothing."""
        kind, path = key
        if kind in _BY_CONTENT:
            return None
        if kind == ENUM_VALUE:
            labels = self.snapshot.facts[Key("enum", path[:2])].names("labels")
            return (len(labels), labels.index(path[2]))
        if kind == "schema":
            return self._contained.get(path[0])
        fact = self.snapshot.facts[key]
        match kind:
            case "enum":
                return frozenset((label,) for label in fact.names("labels"))
            case "table" | "foreign_table" | "composite":
                parts = self.snapshot.children(key)
                kinds = {"column", "attribute"}
                return frozenset((part.key.path[2], part["type"]) for part in parts if part.key.kind in kinds)
            case "domain":
                checks = sorted(str(part["definition"]) for part in self._children(key, "domain_constraint"))
                return (*fact.replace(not_null_name=None, not_null_comment=None).values, *checks)
            case "range":
                return fact.replace(multirange=None).values
            case "sequence":
                owned = self.snapshot.facts.get(Key("owned_by", path))
                return (*fact.values, owned["column"] if owned else None)
            case "function" | "procedure":
                definition = fact.text("definition").replace(f"{qualified(*path[:2])}(", "(", 1)
                return fact.replace(definition=definition).values
        return fact.values

    def _children(self, key: Key, kind: str) -> Iterable[Fact]:
        return (part for part in self.snapshot.children(key) if part.key.kind == kind)

    @cached_property
    def _contained(self) -> Mapping[str, frozenset[tuple[Value, ...]]]:
        groups: dict[str, set[tuple[Value, ...]]] = {}
        for key in self.keys:
            if len(key.path) > 1:
                groups.setdefault(key.path[0], set()).add((key.kind, *key.path[1:]))
        return {schema: frozenset(parts) for schema, parts in groups.items()}

    def details(self, key: Key) -> tuple[Value, ...]:
        """What tells columns of one type apart."""
        parts = (self.snapshot.facts.get(Key(kind, key.path)) for kind in ("default", "not_null", "identity"))
        default, not_null, identity = parts
        return (
            default["expression"] if default else None,
            not_null is not None,
            identity["generation"] if identity else None,
        )


def _elsewhere(old: Key, new: Key) -> bool:
    return old.path[0] != new.path[0] and old.path[2:] == new.path[2:]


@dataclass(frozen=True)
class Unclear:
    """Things that match, but not one to one."""

    olds: tuple[Key, ...]
    news: tuple[Key, ...]


class Pairs:
    """The renames that are possible between two sides: what is gone and what has come, by kind and place."""

    def __init__(self, old: Things, new: Things, gone: _Placed, come: _Placed) -> None:
        self.old, self.new, self.gone, self.come = old, new, gone, come

    @classmethod
    def between(cls, current: Snapshot, desired: Snapshot) -> Pairs:
        old, new = Things(current), Things(desired)
        return cls(old, new, old.not_in(new), new.not_in(old))

    def of_kinds(self, kinds: frozenset[str]) -> Pairs:
        """Only those of some kinds."""
        gone, come = (
            {place: keys for place, keys in side.items() if place[0] in kinds} for side in (self.gone, self.come)
        )
        return Pairs(self.old, self.new, gone, come)

    def possible(self, name: str | None = None) -> Iterator[Rename]:
        """Every pair of one kind in one place, whatever it looks like; only those whose old name is ``name``."""
        for place, olds in self.gone.items():
            those = [old for old in olds if name is None or name_of(old) == name]
            for new in self.come.get(place, ()) if those else ():
                for old in those:
                    yield Rename(old, new)

    def moving(self) -> Iterator[Rename]:
        """Every pair of one kind in two schemas; routines with the same arguments."""
        for (kind, _), olds in self.gone.items():
            for (other, _), news in self.come.items() if kind in MOVABLE else ():
                pairs = ((old, new) for old in olds for new in news if other == kind)
                yield from (Rename(old, new) for old, new in pairs if _elsewhere(old, new))

    @cached_property
    def likely(self) -> tuple[list[Rename], list[Unclear]]:
        """The pairs that match and have no rival, and those that have."""
        clear: list[Rename] = []
        unclear: list[Unclear] = []
        for place, olds in self.gone.items():
            news = self.come.get(place, [])
            if news and len(olds) * len(news) <= _TOO_MANY:
                self._match(olds, news, clear, unclear)
        return clear, unclear

    def _free(self, key: Key) -> bool:
        fact = self.new.snapshot.facts.get(key)
        return fact is None or key.kind in ROUTINES or not any(claim in self.old.claimed for claim in claims(fact))

    def _match(self, olds: Sequence[Key], news: Sequence[Key], clear: list[Rename], unclear: list[Unclear]) -> None:
        before = {key: self.old.content(key) for key in olds}
        after = {key: self.new.content(key) for key in news}
        scores = {
            (old, new): score
            for old in olds
            for new in news
            if (score := self._score(old, new, before[old], after[new])) >= _ALIKE
        }
        top: dict[Key, float] = {}
        for pair, score in scores.items():
            for key in pair:
                top[key] = max(score, top.get(key, 0.0))
        best: dict[Key, list[Key]] = {}
        for (old, new), score in scores.items():
            if score == top[old]:
                best.setdefault(old, []).append(new)
            if score == top[new]:
                best.setdefault(new, []).append(old)
        settled: set[Key] = set()
        for old in olds:
            if len(best.get(old, ())) == 1 and best[best[old][0]] == [old] and self._free(best[old][0]):
                clear.append(Rename(old, best[old][0]))
                settled |= {old, best[old][0]}
        for old in olds:
            rivals_of = best.get(old, [])
            if old in settled or not any(old in best[new] and new not in settled for new in rivals_of):
                continue
            rivals = {rival for new in rivals_of for rival in best[new]}
            settled |= rivals
            unclear.append(Unclear(tuple(sorted(rivals)), tuple(rivals_of)))

    def _score(self, old: Key, new: Key, before: _Content, after: _Content) -> float:
        if before is None or after is None:
            return 0.0
        if isinstance(before, frozenset) and isinstance(after, frozenset):
            if old.kind == "table" and not self._same_nature(old, new):
                return 0.0
            return len(before & after) / len(before | after) if before | after else 0.0
        if before != after:
            return 0.0
        return 1.0 if old.kind != "column" or self.old.details(old) == self.new.details(new) else 0.75

    def _same_nature(self, old: Key, new: Key) -> bool:
        before, after = self.old.snapshot.facts[old], self.new.snapshot.facts[new]
        return (before["partition_key"] is None) == (after["partition_key"] is None)


def former(path: tuple[str, ...], done: Sequence[Rename]) -> tuple[str, ...]:
    """A path as it was before the renames ``done`` of what it is part of."""
    for rename in reversed(done):
        if rename.old.kind not in ROUTINES and path[: len(rename.new.path)] == rename.new.path:
            path = rename.old.path + path[len(rename.new.path) :]
    return path


def consequences(pairs: Pairs, done: Sequence[Rename]) -> list[Rename]:
    """What goes with the renames ``done``: the sequences of their serial columns, the checks of their domains."""
    if not done:
        return []
    paths = {rename.new.path for rename in done}
    found = []
    for rename in pairs.of_kinds(frozenset({"sequence"})).likely[0]:
        owned = pairs.old.snapshot.facts.get(Key("owned_by", rename.old.path))
        column = owned["column"] if owned else None
        if isinstance(column, tuple) and (column in paths or column[:2] in paths or column[:1] in paths):
            found.append(rename)
    for rename in pairs.of_kinds(frozenset({"domain_constraint"})).possible():
        if rename.old.path[:2] in paths:
            before, after = pairs.old.snapshot.facts[rename.old], pairs.new.snapshot.facts[rename.new]
            if before.values == after.values:
                found.append(rename)
    return one_to_one(found)[0]


def constructors(current: Snapshot, rename: Rename) -> Iterator[Rename]:
    """What PostgreSQL made with a range type and does not rename with it: its multirange, and the constructors."""
    if rename.old.kind != "range":
        return
    fact = current.facts[rename.old]
    (schema, was), (place, becomes) = rename.old.path, rename.new.path
    subtype = fact["subtype"]
    for arguments in (f"{subtype}, {subtype}", f"{subtype}, {subtype}, text"):
        yield Rename(Key("function", (schema, was, arguments)), Key("function", (place, becomes, arguments)))
    if fact["multirange"] is None and current.major >= _MULTIRANGES:
        many, new = usual_multirange(was), usual_multirange(becomes)
        yield Rename(Key("multirange", (schema, many)), Key("multirange", (place, new)))
        range_type = qualified(place, becomes)
        for arguments in ("", range_type, f"{range_type}[]"):
            yield Rename(Key("function", (schema, many, arguments)), Key("function", (place, new, arguments)))


def one_to_one(renames: Iterable[Rename]) -> tuple[list[Rename], list[Rename]]:
    """The renames that share neither end with another, and the rest."""
    every = sorted(set(renames))
    olds = [rename.old for rename in every]
    news = [rename.new for rename in every]
    alone = [one for one in every if olds.count(one.old) == 1 and news.count(one.new) == 1]
    return alone, [one for one in every if one not in alone]
