"""What rules ask about a column: its type, where that comes from, and what is below.

https://www.postgresql.org/docs/current/ddl-inherit.html
"""

from __future__ import annotations

from typing import Final

from dataio.planner.native.casts import bare
from dataio.planner.native.relations.inheriting import from_parents, kept_descendants, relation_of
from dataio.planner.native.rules.columns.moves import is_moved
from dataio.planner.native.step import Context
from dataio.planner.native.text.sql import ident, qualified
from dataio.snapshot.keys import Key
from dataio.snapshot.model import Fact

_INTEGERS: Final = frozenset({"smallint", "integer", "bigint"})
_STRINGS: Final = frozenset({"text", "character varying"})


def inherited_below(key: Key, context: Context) -> frozenset[Key]:
    """The same column of all that inherits from the table, which what is done to it reaches."""
    below = (Key("column", (*child, key.path[2])) for child in kept_descendants(context, relation_of(key)))
    return frozenset(key for key in below if key in context.a.facts)


def uniform(column: Fact, context: Context) -> bool:
    """Whether all that inherit the column are to have the same expression."""
    below = (context.b.facts.get(key) for key in inherited_below(column.key, context))
    return all(theirs is None or theirs["expression"] == column["expression"] for theirs in below)


def coming_below(key: Key, context: Context) -> tuple[frozenset[Key], frozenset[Key]]:
    """The same new column of all that inherits from the table: what comes with it, and what is declared there, too."""
    below = (Key("column", (*child, key.path[2])) for child in kept_descendants(context, relation_of(key)))
    coming = frozenset(key for key in below if key in context.coming and not is_moved(key, context))
    inherited = frozenset(key for key in coming if from_parents(context.b.facts[key]))
    return inherited, coming - inherited


def becomes_local(key: Key, context: Context) -> bool:
    """Whether a child's column would go with its parent's; one that other parents have, too, stays theirs."""
    old, new = context.a.facts[key], context.b.facts[key]
    several = isinstance(old["inherited"], int) and old["inherited"] > 1
    return not old["is_local"] and not (several and not new["is_local"])


def as_added(above: Fact, child: Fact, context: Context) -> Fact:
    """A child's column as ADD COLUMN of the parent's leaves it."""
    storage = above["storage"] if context.major >= 16 else None
    added = child.replace(
        storage=storage, compression=above["compression"], statistics=None, options=(), fdw_options=()
    )
    return Fact(child.key, added.values)


def forgotten(old: Fact) -> Fact:
    """The column as it is after a change of its type, which sets its storage and compression to the type's usual."""
    return old.replace(storage=None, compression=None)


def same_type(old: Fact, new: Fact) -> bool:
    return old["type"] == new["type"] and old["collation"] == new["collation"]


def attribute_of(column: Key, context: Context) -> Key | None:
    """The attribute that a column of a typed table is, where the table stays of its type."""
    table = Key("table", relation_of(column))
    if not context.kept(table):
        return None
    of_type = context.a.facts[table]["of_type"]
    if of_type is None or of_type != context.b.facts[table]["of_type"]:
        return None
    for type_key in context.old.needs(table):
        if type_key in context.replaced:
            continue  # by then the table is of no type
        if type_key.kind == "composite" and qualified(*type_key.path) == of_type:
            return Key("attribute", (*type_key.path, column.path[2]))
    return None


def moves_with_extension(old: Fact, new: Fact, context: Context) -> bool:
    """Whether the type is an extension's that only moves to another schema."""
    for key in context.old.needs(old.key):
        if key.kind == "extension" and context.kept(key):
            was, becomes = (ident(side.facts[key].text("schema")) for side in (context.a, context.b))
            if old.text("type").replace(f"{was}.", f"{becomes}.", 1) == new["type"] != old["type"]:
                return old["collation"] == new["collation"]
    return False


def comes_to(parent: tuple[str, str], key: Key, context: Context) -> bool:
    return Key("column", (*parent, key.path[2])) in context.coming


def comparable(old: str, new: str) -> bool:
    """Whether a foreign key over the column can stay while its type changes."""
    source, target = bare(old), bare(new)
    return source == target or {source, target} <= _INTEGERS or {source, target} <= _STRINGS


def default_storage(type_text: str) -> str:
    """What SET STORAGE must be told before PostgreSQL 16, which knows the word DEFAULT."""
    return "MAIN" if bare(type_text) == "numeric" else "EXTENDED"
