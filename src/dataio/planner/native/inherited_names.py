"""What is renamed along with a constraint: the same of its table's children, at any depth, as PostgreSQL does it.

https://www.postgresql.org/docs/current/sql-altertable.html, ``rename_constraint_internal`` in PostgreSQL's tablecmds.c
"""

from __future__ import annotations

from functools import cached_property

from dataio.planner.native.side import Side, claims
from dataio.snapshot.keys import Key
from dataio.snapshot.model import Fact, Snapshot


class Claims:
    """The names that are taken in a snapshot."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    @cached_property
    def _all(self) -> frozenset[tuple[str, ...]]:
        return frozenset(claim for fact in self._snapshot.facts.values() for claim in claims(fact))

    def __contains__(self, claim: tuple[str, ...]) -> bool:
        return claim in self._all


def followers(was: Fact, name: str, side: Side, desired: Snapshot, taken: Claims) -> list[Fact] | None:
    """The constraints that a check, or a NOT NULL, takes along to its new name.

    ``None`` where PostgreSQL would refuse (one has it from other parents, too, or calls it otherwise), or where a child
    is to keep the old name.
    """
    if not (was.key.kind == "not_null" or (was.key.kind == "constraint" and was["type"] == "check")):
        return []
    if was["no_inherit"]:
        return []
    found = []
    whole = _descendants(was.key.path[:2], side)
    for table in whole[1:]:
        fact = side.facts.get(Key(was.key.kind, (*table, was.key.path[2])))
        if fact is None or _name(fact) != _name(was) or ("constraint", *table, name) in taken:
            return None
        parents = sum(parent in whole for _, parent in side.up.get((table[0], table[1]), ()))
        if isinstance(inherited := fact["inherited"], int) and inherited > parents:
            return None
        if (table[0], table[1]) in desired.relations and not _has_name(fact, name, desired):
            return None
        found.append(fact)
    return found


def _descendants(table: tuple[str, ...], side: Side) -> list[tuple[str, ...]]:
    """A table and all that inherits from it, each once."""
    found = [table]
    for known in found:
        found.extend(child for _, child in side.down.get((known[0], known[1]), ()) if child not in found)
    return found


def _name(fact: Fact) -> str:
    return fact.key.path[2] if fact.key.kind == "constraint" else fact.text("name")


def _has_name(fact: Fact, name: str, desired: Snapshot) -> bool:
    if fact.key.kind == "constraint":
        return Key("constraint", (*fact.key.path[:2], name)) in desired.facts
    there = desired.facts.get(fact.key)
    return there is not None and there["name"] == name
