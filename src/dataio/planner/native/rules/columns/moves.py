"""A column that was a table's own and is to be only inherited: PostgreSQL has no ALTER for that.

The old one steps aside under another name; another comes down from above, takes the values over, and the old one goes.
What it comes down from is its parent, where that gets the column in the same script, or else a keeper (see
:mod:`dataio.planner.native.rules.tables.keepers`), before the table is tied to its parent.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dataio.planner.native.relations.inheriting import (
    from_parents,
    goes,
    kept_parents,
    links_down,
    links_up,
    relation_of,
    stays,
)
from dataio.planner.native.relations.row_types import of_rows
from dataio.planner.native.rules.columns.casts import cast, moves_to_next
from dataio.planner.native.rules.columns.parts import alter_column, alter_table
from dataio.planner.native.step import Context, Step
from dataio.planner.native.text.sql import ident, qualified
from dataio.snapshot.keys import Key
from dataio.snapshot.model import Fact

_LONGEST: Final = 50  # of a name: what is added to it must fit


def steps_aside(old: Fact, new: Fact, context: Context) -> bool:
    """Whether a column makes way for the one of that name that a parent passes on."""
    if not is_own(old, context) or not from_parents(new):
        return False
    return bool(coming_from_parents(new.key, context)) or becomes_inherited(old, new, context)


def becomes_inherited(old: Fact, new: Fact, context: Context) -> bool:
    """Whether what is a kept table's own is to be there only because a parent (no partitioned one) has it."""
    if not is_own(old, context) or not from_parents(new) or not stays(relation_of(new.key), context):
        return False
    return any(link.kind == "inheritance" for link, _ in links_up(context.new, relation_of(new.key)))


def is_own(old: Fact, context: Context) -> bool:
    """Whether a table declared it itself, or is a partition that is detached, which leaves it everything as its own."""
    links = (link for link, _ in links_up(context.old, relation_of(old.key)))
    return bool(old["is_local"]) or any(link.kind == "partition" and link in context.going for link in links)


def ties_to_cut(old: Fact, new: Fact, context: Context) -> Iterator[Key]:
    """The ties that must be made again for what becomes inherited, as it cannot go while it is inherited, too."""
    if becomes_inherited(old, new, context) and not coming_from_parents(new.key, context):
        yield from ties_over(old, context)


def ties_over(old: Fact, context: Context) -> Iterator[Key]:
    """The ties, before and after, to the parents that a column or constraint is inherited from."""
    for link, parent in links_up(context.old, relation_of(old.key)):
        above = Key(old.key.kind, (*parent, old.key.path[2]))
        if link.kind == "inheritance" and link in context.b.facts and above in context.a.facts:
            yield link


def coming_from_parents(key: Key, context: Context) -> frozenset[Key]:
    """The new columns (or constraints) of parents that stay tied, which this one is of."""
    parents = kept_parents(context, relation_of(key))
    return frozenset(Key(key.kind, (*parent, key.path[2])) for parent in parents) & context.coming


def keeper_of(table: tuple[str, str]) -> tuple[str, str]:
    return table[0], f"{table[1][:_LONGEST]}__keeper"


def from_keeper(key: Key, context: Context) -> Key | None:
    """The keeper through which a part comes to a table: inherited, before the table is tied to its parents."""
    new, table = context.b.facts[key], relation_of(key)
    if key not in context.coming or not from_parents(new) or not stays(table, context):
        return None
    ties = [link for link, _ in links_up(context.new, table) if link.kind == "inheritance" and link in context.coming]
    if not ties or coming_from_parents(key, context) or (key.kind == "constraint" and new["type"] != "check"):
        return None
    return Key("table", keeper_of(table))


def is_moved(key: Key, context: Context) -> bool:
    """Whether a column's values are taken over so; a generated one's are not worth it, and no UPDATE goes to a foreign
    table.
    """
    if key not in context.replaced:
        return False
    old, new = context.a.facts[key], context.b.facts[key]
    retyped = any(old[name] != new[name] for name in ("type", "collation"))
    if retyped and Key("foreign_table", relation_of(key)) in context.b.facts:
        return False
    return not old["generated"] and not new["generated"] and steps_aside(old, new, context)


def moved_above(key: Key, context: Context) -> frozenset[Key]:
    """The columns of parents that step aside themselves, and take this one with them."""
    above = (Key("column", (*parent, key.path[2])) for parent in kept_parents(context, relation_of(key)))
    return frozenset(column for column in above if is_moved(column, context))


def aside_name(key: Key) -> str:
    return f"{key.path[2][:_LONGEST]}__old"


def move_aside(old: Fact, context: Context) -> Iterator[Step]:
    """Under its other name the old column asks for nothing."""
    if moved_above(old.key, context):
        return
    cut = frozenset(link for link, _ in links_up(context.old, relation_of(old.key))) & context.going
    if Key("not_null", old.key.path) in context.a.facts:
        yield Step(f"{alter_column(old.key, context)} DROP NOT NULL", old.key, "drop", after=cut)
    text = f"{alter_table(relation_of(old.key), context)} RENAME COLUMN {ident(old.key.path[2])}"
    before, after = coming_from_parents(old.key, context), cut | frozenset(_of_several(old.key, context))
    yield Step(f"{text} TO {ident(aside_name(old.key))}", old.key, "drop", before=before, after=after)


def _of_several(column: Key, context: Context) -> Iterator[Key]:
    """Tables below that go, and have the column from others as well: it is not renamed as long as they are there."""
    for _, child in links_down(context.old, relation_of(column)):
        below = context.old.get("column", *child, column.path[2])
        inherited = below["inherited"] if below is not None else 0
        if goes(child, context) and isinstance(inherited, int) and inherited > 1:
            yield Key("table", child)
        yield from _of_several(Key("column", (*child, column.path[2])), context)


def take_over(new: Fact, context: Context) -> Iterator[Step]:
    """The values come over from the old column, which then goes, here and from the children that inherit it."""
    old, name, aside = context.a.facts[new.key], ident(new.key.path[2]), ident(aside_name(new.key))
    after, table = coming_from_parents(new.key, context), relation_of(new.key)
    above = moved_above(new.key, context)
    if not above:
        value = cast(aside, old, new, context, moving=moves_to_next(old, new, context)) or aside
        yield Step(f"UPDATE {qualified(*table)} SET {name} = {value}", new.key, "create", after=after)
    text = f"{alter_table(table, context)} DROP COLUMN {aside}"
    yield Step(text, new.key, "create", after=above)


def copied_over(keeper: Key, new: Fact, type_text: str, context: Context) -> Iterator[Step]:
    """The same where the type stays: generated from the old column for a moment, so that no trigger sees an UPDATE and
    no publication minds that there is no replica identity.
    """
    name, aside, above = ident(new.key.path[2]), ident(aside_name(new.key)), qualified(*keeper.path)
    leaving, coming = of_rows(relation_of(new.key), context)
    for action in (
        f"ADD COLUMN {aside} {type_text}",
        f"ADD COLUMN {name} {type_text} GENERATED ALWAYS AS ({aside}) STORED",
        f"ALTER COLUMN {name} DROP EXPRESSION",
        f"DROP COLUMN {aside}",
    ):
        text = f"ALTER TABLE {above} {action}"
        yield Step(text, new.key, "create", after=leaving | {keeper}, before=coming)
    yield Step(f"{alter_table(relation_of(new.key), context)} DROP COLUMN {aside}", new.key, "create")
