"""Composite types and their attributes. https://www.postgresql.org/docs/current/sql-altertype.html"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from dataio.planner.native.casts import using
from dataio.planner.native.relations.typed_tables import out_of_order
from dataio.planner.native.side import MOVABLE
from dataio.planner.native.step import Action, Answer, Context, Rule, Step
from dataio.planner.native.text.sql import ident, qualified
from dataio.snapshot.keys import ATTACHMENTS, Key
from dataio.snapshot.model import Fact, Snapshot

_STORES: Final = frozenset({"column", "attribute", "domain", "range", "materialized_view"})


def collate(fact: Fact) -> str:
    """`` COLLATE s.c`` where the collation is not the type's own."""
    collation = fact["collation"]
    return f" COLLATE {qualified(*map(str, collation))}" if isinstance(collation, tuple) else ""


def attributes(composite: Key, snapshot: Snapshot) -> list[Fact]:
    """The attributes of a composite type, in their order."""
    facts = [fact for fact in snapshot.children(composite) if fact.key.kind == "attribute"]
    return sorted(facts, key=lambda fact: int(str(fact.get_info("position") or 0)))


def _tables_of(composite: Key, snapshot: Snapshot) -> frozenset[Key]:
    name = qualified(*composite.path)
    return frozenset(fact.key for fact in snapshot.of_kind("table") if fact["of_type"] == name)


def _typed_tables(composite: Key, context: Context) -> frozenset[Key]:
    """Tables OF the type, before and after: a change of its attributes reaches them by CASCADE."""
    both = _tables_of(composite, context.a) & _tables_of(composite, context.b)
    return frozenset(table for table in both if context.kept(table))


def _needs_using(old: Fact, new: Fact, context: Context) -> bool:
    return bool(using("a", old.text("type"), new.text("type"), context.old, context.new))


class CompositeRule(Rule):
    kind = "composite"

    def create(self, new: Fact, context: Context) -> Iterable[Step]:
        inner = [fact for fact in attributes(new.key, context.b) if fact.key not in context.apart]
        listed = ",\n".join(f"    {ident(fact.key.path[2])} {fact['type']}{collate(fact)}" for fact in inner)
        body = f"(\n{listed}\n)" if inner else "()"
        absorbed = frozenset(fact.key for fact in inner)
        yield Step(f"CREATE TYPE {qualified(*new.key.path)} AS {body}", new.key, "create", absorbs=absorbed)

    def drop(self, old: Fact, context: Context) -> Iterable[Step]:
        absorbed = frozenset(fact.key for fact in attributes(old.key, context.a) if fact.key not in context.apart)
        yield Step(f"DROP TYPE {qualified(*old.key.path)}", old.key, "drop", absorbs=absorbed)

    def alter(self, old: Fact, new: Fact, context: Context) -> Answer:
        return ()

    def takes_along(self, old: Fact, context: Context) -> Iterable[Key]:
        """The columns of tables that stay of it, where its attributes change places."""
        if old.key in context.coming:
            for table in _typed_tables(old.key, context):
                yield from out_of_order(context.b.facts[table], context)


class AttributeRule(Rule):
    kind = "attribute"

    def create(self, new: Fact, context: Context) -> Iterable[Step]:
        change = f"ADD ATTRIBUTE {ident(new.key.path[2])} {new['type']}{collate(new)}"
        yield self._change(new, change, "create", context)

    def drop(self, old: Fact, context: Context) -> Iterable[Step]:
        yield self._change(old, f"DROP ATTRIBUTE {ident(old.key.path[2])}", "drop", context)

    def displaced(self, old: Fact, new: Fact, gone: Key, context: Context) -> Answer:
        """A type that is replaced: the attribute moves to the new one, or the whole type does."""
        composite = Key("composite", old.key.path[:2])
        if gone.kind in MOVABLE and _typed_tables(composite, context):
            return [replace(self._retyped(new, context), displaces=frozenset({composite}))]
        return self.alter(old, new, context)

    def alter(self, old: Fact, new: Fact, context: Context) -> Answer:
        return [replace(self._retyped(new, context), displaces=self._in_the_way(old, new, context))]

    def _retyped(self, new: Fact, context: Context) -> Step:
        change = f"ALTER ATTRIBUTE {ident(new.key.path[2])} TYPE {new['type']}{collate(new)}"
        return self._change(new, change, "alter", context)

    @staticmethod
    def _in_the_way(old: Fact, new: Fact, context: Context) -> frozenset[Key]:
        """PostgreSQL alters no attribute of a type that something stores: then the whole type is replaced. So too where
        the values in its tables need a USING, which CASCADE has no place for.
        """
        attribute = old.key
        composite = Key("composite", attribute.path[:2])
        if _typed_tables(composite, context) and _needs_using(old, new, context):
            return frozenset({composite})
        own = {fact.key for fact in attributes(composite, context.a)}
        if any(key.kind in _STORES for key in context.old.needed_by(composite) - own):
            return frozenset({composite})
        return frozenset(key for key in context.old.needed_by(attribute) if key.kind not in ATTACHMENTS)

    @staticmethod
    def _change(fact: Fact, change: str, action: Action, context: Context) -> Step:
        schema, name, attribute = fact.key.path
        composite = Key("composite", (schema, name))
        tables = _typed_tables(composite, context)
        columns = frozenset(Key("column", (*table.path, attribute)) for table in tables)
        was, becomes = (_tables_of(composite, side) - tables for side in (context.a, context.b))
        going = {table for table in was if table in context.going}
        old = context.a.facts.get(fact.key)
        if action == "alter" and old is not None and _needs_using(old, fact, context):
            going = set()  # they go first: CASCADE would reach them
        after, before = was - going, becomes - (context.going & context.coming)
        cascade = " CASCADE" if tables or going else ""
        sql = f"ALTER TYPE {qualified(schema, name)} {change}{cascade}"
        if action == "alter":
            return Step(sql, fact.key, action, carries=columns, rebuilds=True, after=after, before=before)
        parts = frozenset(part for column in columns for part in context.old.everything_in(column))
        gone = parts & context.going if action == "drop" else frozenset()
        return Step(sql, fact.key, action, absorbs=columns | gone, after=after, before=before)


RULES: tuple[Rule, ...] = (CompositeRule(), AttributeRule())
