"""What ties tables to their parents: partitions and inheritance. Rows stay where they are.

https://www.postgresql.org/docs/current/sql-altertable.html (``ATTACH PARTITION``, ``INHERIT``)
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from dataio.planner.native import wording
from dataio.planner.native.relations.inheriting import links_down, links_up
from dataio.planner.native.relations.partitioning import (
    WITH_INDEX,
    broken_by_cut,
    brought_by_link,
    columns_moving,
    comes_along,
    complete,
    lookalikes,
)
from dataio.planner.native.rules.columns.moves import becomes_inherited
from dataio.planner.native.rules.tables.indexes import after_links, before_parents
from dataio.planner.native.rules.tables.unchecked import checked_again
from dataio.planner.native.step import REPLACE, Answer, Context, Rule, Step
from dataio.planner.native.text.sql import qualified
from dataio.snapshot.keys import Key
from dataio.snapshot.model import Fact, Value

_PASSED_ON: Final = frozenset({"column", "not_null", "constraint"})


def _name(value: Value) -> tuple[str, str]:
    return (str(value[0]), str(value[1])) if isinstance(value, tuple) else ("", "")


def _of_child(child: tuple[str, str], context: Context) -> frozenset[Key]:
    """Everything of a table that must be as its parent wants it before the two are tied."""
    relation = context.new.relation(*child)
    inner = context.new.everything_in(relation) if relation else ()
    kinds = {"column", "not_null", "constraint"}
    return frozenset(key for key in inner if key.kind in kinds and not comes_along(context.b.facts[key], context))


def _checks(parent: tuple[str, str], context: Context) -> frozenset[Key]:
    """What a parent's checks become: a child that is tied to it has them already."""
    relation = context.new.relation(*parent)
    inner = context.new.contents(relation) if relation else ()
    return frozenset(key for key in inner if key.kind == "constraint" and context.b.facts[key]["type"] == "check")


def _waiting(table: tuple[str, str], context: Context) -> frozenset[Key]:
    """The ties upwards where it is for an index or a key of the table to come first, which waits for those below."""
    relation = context.new.relation(*table)
    parts = context.new.contents(relation) if relation else ()
    coming = [context.b.facts[key] for key in parts if key.kind in ("index", "constraint") and key in context.coming]
    found = frozenset().union(*(before_parents(fact, context) for fact in coming))
    own = _of_child(table, context)
    if any(fact.key in own and after_links(fact, context) for fact in coming):
        found |= {link for link, _ in links_up(context.new, table)}
    return found


class PartitionRule(Rule):
    kind = "partition"

    def create(self, new: Fact, context: Context) -> Iterable[Step]:
        child, parent = (new.key.path[0], new.key.path[1]), _name(new["parent"])
        brought = frozenset(brought_by_link(child, context))
        bound = wording.text(new, "bound", context)
        upwards = {link for link, _ in links_up(context.new, parent)} - _waiting(parent, context)
        ties = {link for links in (links_up, links_down) for link, _ in links(context.old, child)}
        yield Step(
            f"ALTER TABLE {qualified(*parent)} ATTACH PARTITION {qualified(*child)} {bound}",
            new.key,
            "create",
            absorbs=brought,
            after=(_of_child(child, context) - brought)
            | upwards
            | columns_moving([parent, child], context)
            | {link for link in ties if link.kind == "inheritance"},  # a partition has neither parents nor children so
            displaces=frozenset(lookalikes(child, context)),
        )
        yield from checked_again(brought, new.key, context)

    def drop(self, old: Fact, context: Context) -> Iterable[Step]:
        child, parent = (old.key.path[0], old.key.path[1]), _name(old["parent"])
        text = f"ALTER TABLE {qualified(*parent)} DETACH PARTITION {qualified(*child)}"
        yield Step(text, old.key, "drop", displaces=frozenset(broken_by_cut(child, context)))

    def alter(self, old: Fact, new: Fact, context: Context) -> Answer:
        return REPLACE

    def takes_along(self, old: Fact, context: Context) -> Iterable[Key]:
        """What DETACH would break, and clones of the parents' triggers: they are made anew, with the parent's state.

        What is left to the table as its own, though another parent is to pass it on, comes again, too.
        """
        yield from broken_by_cut((old.key.path[0], old.key.path[1]), context)
        relation = context.old.relation(old.key.path[0], old.key.path[1])
        for key in context.old.everything_in(relation) if relation else ():
            new = context.b.facts.get(key) if key.kind in _PASSED_ON else None
            if new is not None and becomes_inherited(context.a.facts[key], new, context):
                yield key
        tops = [key for key in context.old.contents(relation) if key.kind == "trigger"] if relation else []
        names = {key.path[2] for key in tops if context.a.facts[key]["cloned"]}
        tables = [(old.key.path[0], old.key.path[1])] if names else []
        while tables:
            table = tables.pop()
            tables += (child for link, child in links_down(context.old, table) if link.kind == "partition")
            clones = (Key("trigger", (*table, name)) for name in sorted(names))
            yield from (key for key in clones if key in context.a.facts)

    def remakes(self, new: Fact, context: Context) -> Iterable[Key]:
        """Indexes of the parent that this partition is to lack, or not to have in full: ATTACH would make its own."""
        child, parent = (new.key.path[0], new.key.path[1]), _name(new["parent"])
        relation = context.new.relation(*parent)
        for key in context.new.contents(relation) if relation else ():
            with_index = key.kind == "index" or (
                key.kind == "constraint" and context.b.facts[key]["type"] in WITH_INDEX
            )
            mine = context.new.belonging.get(key, {}).get(child)
            if with_index and (mine is None or not complete(context.new, context.b.facts[mine])):
                yield key


class InheritanceRule(Rule):
    kind = "inheritance"

    def create(self, new: Fact, context: Context) -> Iterable[Step]:
        path = new.key.path
        first = (
            link
            for link, _ in links_up(context.new, (path[0], path[1]))
            if link.kind == "inheritance" and int(str(context.b.facts[link]["number"])) < int(str(new["number"]))
        )
        yield Step(
            f"ALTER TABLE {qualified(*path[:2])} INHERIT {qualified(*path[2:])}",
            new.key,
            "create",
            after=_of_child((path[0], path[1]), context)
            | _checks((path[2], path[3]), context)
            | frozenset(first)
            | columns_moving([(path[2], path[3]), (path[0], path[1])], context),
        )

    def drop(self, old: Fact, context: Context) -> Iterable[Step]:
        path = old.key.path
        yield Step(f"ALTER TABLE {qualified(*path[:2])} NO INHERIT {qualified(*path[2:])}", old.key, "drop")

    def takes_along(self, old: Fact, context: Context) -> Iterable[Key]:
        """One that is made again is the last then: those that follow it are made again, too."""
        new = context.b.facts.get(old.key)
        return () if new is None else self.remakes(new, context)

    def remakes(self, new: Fact, context: Context) -> Iterable[Key]:
        """A new one is the last, wherever it should stand: those that follow it are made again."""
        links = [link for link, _ in links_up(context.new, (new.key.path[0], new.key.path[1]))]
        return (link for link in links[links.index(new.key) + 1 :] if link in context.a.facts)

    def alter(self, old: Fact, new: Fact, context: Context) -> Answer:
        """Only its place among the table's parents differs."""
        return () if new.key in self._standing(new, context) else REPLACE

    def _standing(self, new: Fact, context: Context) -> set[Key]:
        """The first of a table's ties, as far as they follow each other already: others between them go."""
        found: set[Key] = set()
        last = 0
        for link, _ in links_up(context.new, (new.key.path[0], new.key.path[1])):
            was = context.a.facts.get(link)
            number = int(str(was["number"])) if was is not None and context.kept(link) else 0
            if number <= last:
                break
            found.add(link)
            last = number
        return found


RULES: tuple[Rule, ...] = (PartitionRule(), InheritanceRule())
