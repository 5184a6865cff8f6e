"""What is renamed along with a constraint: the same of its table's children, at any depth, as PostgreSQL does it.

https://www.postgresql.org/docs/current/sql-altertable.html, ``rename_constraint_internal`` in PostgreSQL's tablecmds.c
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from dataio.planner.native.relations.inheriting import links_down, links_up, relation_of
from dataio.planner.native.side import Side, claims
from dataio.planner.native.step import Context
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


def stopping_rename(old: Fact, new: Fact, context: Context) -> Iterator[Key]:
    """The ties that must be cut while a NOT NULL is renamed: PostgreSQL takes children's along, and refuses where one
    is called otherwise, or comes from elsewhere as well.

    A child that is to follow, and no other parent before this one, leaves the others meanwhile; else it leaves this.
    """
    tree = _descendants(old.key.path[:2], context.old)
    todo = [relation_of(old.key)]
    seen = set(todo)
    while todo:
        for link, child in links_down(context.old, todo.pop()):
            theirs = context.old.get("not_null", *child, old.key.path[2])
            if theirs is None or link not in context.b.facts:
                continue
            if theirs["name"] != old["name"]:
                yield link
                continue
            sources = _sources(theirs.key, context)
            leader = next((above for _, above in sources if _renames(above, old, new, context)), None)
            if all(relation_of(above) in tree for _, above in sources):
                follows = theirs.key not in context.b.facts or _is_called(theirs.key, new, context)
                if not follows:
                    yield link
            else:
                follows = leader is not None and relation_of(leader) in tree and _is_called(theirs.key, new, context)
                for other, above in sources:
                    if (relation_of(above) in tree) != follows:
                        yield other
            if follows and child not in seen:
                seen.add(child)
                todo.append(child)


def _sources(part: Key, context: Context) -> list[tuple[Key, Key]]:
    """The same of all parents that pass it on, with the ties to them that are there before and after."""
    up, facts = links_up(context.old, relation_of(part)), context.a.facts
    links = [(link, Key(part.kind, (*parent, part.path[2]))) for link, parent in up]
    return [
        (link, above)
        for link, above in links
        if link in context.b.facts and above in facts and not facts[above]["no_inherit"]
    ]


def _renames(part: Key, old: Fact, new: Fact, context: Context) -> bool:
    return context.a.facts[part]["name"] == old["name"] and _is_called(part, new, context)


def _is_called(part: Key, new: Fact, context: Context) -> bool:
    becomes = context.b.facts.get(part)
    return becomes is not None and becomes["name"] == new["name"]


def _name(fact: Fact) -> str:
    return fact.key.path[2] if fact.key.kind == "constraint" else fact.text("name")


def _has_name(fact: Fact, name: str, desired: Snapshot) -> bool:
    if fact.key.kind == "constraint":
        return Key("constraint", (*fact.key.path[:2], name)) in desired.facts
    there = desired.facts.get(fact.key)
    return there is not None and there["name"] == name
