"""A column that was a table's own and is to be only inherited: PostgreSQL has no ALTER for that.

Where its parent gets the column in the same script, the old one steps aside under another name, the parent's comes
down, takes the values over, and the old one goes.
"""

from __future__ import annotations

from collections.abc import Iterator

from dataio.planner.native.casts import using
from dataio.planner.native.column_parts import alter_column, alter_table
from dataio.planner.native.inheriting import from_parents, kept_parents, relation_of
from dataio.planner.native.sql import ident, qualified
from dataio.planner.native.step import Context, Step
from dataio.snapshot.kinds import Key
from dataio.snapshot.model import Fact


def steps_aside(old: Fact, new: Fact, context: Context) -> bool:
    """Whether a column makes way for the one of that name that its parent passes on."""
    return bool(old["is_local"]) and from_parents(new) and bool(coming_from_parents(new.key, context))


def coming_from_parents(key: Key, context: Context) -> frozenset[Key]:
    """The new columns of parents that stay tied, which this one is of."""
    parents = kept_parents(context, relation_of(key))
    return frozenset(Key("column", (*parent, key.path[2])) for parent in parents) & context.coming


def is_moved(key: Key, context: Context) -> bool:
    """Whether a column's values are taken over so; those of a generated column are not worth it."""
    if key not in context.replaced:
        return False
    old, new = context.a.facts[key], context.b.facts[key]
    return not old["generated"] and not new["generated"] and steps_aside(old, new, context)


def aside_name(key: Key) -> str:
    return f"{key.path[2][:50]}__old"


def move_aside(old: Fact, context: Context) -> Iterator[Step]:
    """Under its other name the old column asks for nothing."""
    if Key("not_null", old.key.path) in context.a.facts:
        yield Step(f"{alter_column(old.key, context)} DROP NOT NULL", old.key, "drop")
    text = f"{alter_table(relation_of(old.key), context)} RENAME COLUMN {ident(old.key.path[2])}"
    before = coming_from_parents(old.key, context)
    yield Step(f"{text} TO {ident(aside_name(old.key))}", old.key, "drop", before=before)


def take_over(new: Fact, context: Context) -> Iterator[Step]:
    """The values come over from the old column, which then goes."""
    old, name, aside = context.a.facts[new.key], ident(new.key.path[2]), ident(aside_name(new.key))
    value = using(aside, old.text("type"), new.text("type"), context.old, context.new) or aside
    after, table = coming_from_parents(new.key, context), relation_of(new.key)
    yield Step(f"UPDATE ONLY {qualified(*table)} SET {name} = {value}", new.key, "create", after=after)
    yield Step(f"{alter_table(table, context)} DROP COLUMN {aside}", new.key, "create")
