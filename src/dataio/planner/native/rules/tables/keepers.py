"""Tables that a table inherits from while it changes its parents, and that are gone in the end.

``NO INHERIT`` makes what came from the parent the table's own, and no command takes that back. So where all parents of
a column go and others come, the table inherits it from one more meanwhile. What is to be only inherited though the
table declared it itself, or did not have it, comes down from there, too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from dataio.planner.native.relations.inheriting import from_parents, links_up, relation_of
from dataio.planner.native.relations.partitioning import changes_hands, columns_of
from dataio.planner.native.rules.columns.moves import from_keeper, is_own, keeper_of
from dataio.planner.native.rules.columns.text import type_clause
from dataio.planner.native.rules.columns.ties import becomes_plain
from dataio.planner.native.step import Context, Step
from dataio.planner.native.text.sql import ident, qualified
from dataio.snapshot.keys import Key
from dataio.snapshot.model import Fact

_FREE: Final = frozenset({"inherited", "storage", "compression", "statistics", "options", "fdw_options"})
"""What may change while a table is tied."""

_ALTERED: Final = frozenset({"type", "collation"})
_GENERATION: Final = frozenset({"generated", "expression"})
"""What is altered by way of the keeper, while that is the only parent."""

_INHERITED: Final = frozenset({"column", "not_null", "constraint"})


def keepers(context: Context) -> Iterator[Sequence[Step]]:
    """The chains that make such a parent before ties are cut, and drop it after the new ones are made."""
    for path in sorted({key.path[:2] for key in context.coming if key.kind == "inheritance"}):
        table = context.new.relation(*path)
        if table is None or not context.kept(table):
            continue
        cut = any(link in context.going for link, _ in links_up(context.old, (path[0], path[1])))
        kept = _kept(table, context) if cut else []
        through = [fact.key for fact in context.b.children(table) if fact.key.kind in _INHERITED]
        through = [key for key in through if from_keeper(key, context) is not None]
        if kept or through:
            yield from _chains(table, kept, through, context)


def kept_by(key: Key, context: Context) -> Key | None:
    """The keeper through which an inherited part is altered, as its ties to all parents are cut."""
    table = context.new.relation(*relation_of(key))
    ties = [link for link, _ in links_up(context.old, relation_of(key)) if link.kind == "inheritance"]
    again = any(link in context.going and link in context.coming for link in ties)
    if table is None or not context.kept(table) or not again:
        return None
    return Key("table", keeper_of(relation_of(key))) if key in _kept(table, context) else None


def _kept(table: Key, context: Context) -> list[Key]:
    """What is inherited before and after, unchanged, and from no parent that stays."""
    name = (table.path[0], table.path[1])
    staying = {parent for link, parent in links_up(context.old, name) if link not in context.going}
    found = []
    for new in context.b.children(table):
        old = context.a.facts.get(new.key)
        if new.key.kind not in _INHERITED or old is None or not (from_parents(old) and from_parents(new)):
            continue
        if new.key in context.replaced:
            continue
        free = _FREE | {"name"}
        if new.key.kind == "column":
            free |= _ALTERED | (_GENERATION if becomes_plain(old, new) else frozenset())
        same = all(old[name] == new[name] for name in old.attributes if name not in free)
        if same and not any(Key(new.key.kind, (*parent, new.key.path[2])) in context.a.facts for parent in staying):
            found.append(new.key)
    columns = {key for key in found if key.kind == "column"}
    return [key for key in found if key.kind == "column" or _rests_on(key, columns, context)]


def _rests_on(key: Key, columns: set[Key], context: Context) -> bool:
    """Whether the keeper has what a NOT NULL or a check is about: the inherited ``columns``, or what stays as it is."""
    if key.kind == "not_null":
        return Key("column", key.path) in columns
    needs = {need for need in context.old.needs(key) if need.kind == "column"}
    return all(need in columns or _stays(need, context) for need in needs)


def _stays(column: Key, context: Context) -> bool:
    old, new = context.a.facts[column], context.b.facts.get(column)
    same = new is not None and all(old[name] == new[name] for name in (*_ALTERED, *_GENERATION))
    return same and column not in context.replaced and not changes_hands(column, context)


def _chains(table: Key, kept: list[Key], through: list[Key], context: Context) -> Iterator[Sequence[Step]]:
    schema, name = table.path
    keeper = keeper_of((schema, name))
    child, parent = qualified(*table.path), qualified(*keeper)
    named = _named(through, context)
    before = [f"CREATE TABLE {parent} ({', '.join(_columns(table, kept, named, context))})"]
    for key in kept:
        fact = context.b.facts[key]
        if key.kind == "not_null":
            before.append(f"ALTER TABLE {parent} {_not_null(context.a.facts[key])}")
        elif key.kind == "constraint":
            before.append(f"ALTER TABLE {parent} ADD CONSTRAINT {ident(key.path[2])} {fact.text('definition')}")
    before.append(f"ALTER TABLE {child} INHERIT {parent}")
    ties = {key for key in context.going | context.coming if key.kind == "inheritance" and key.path[:2] == table.path}
    yield [Step(text, Key("table", keeper), "alter", before=frozenset(ties), after=named) for text in before]
    cut = frozenset(ties) & context.going
    for column in _later(table, through, context):
        text, altered = f"ALTER TABLE {parent} ADD COLUMN {_column(column)}", frozenset({column.key})
        yield [Step(text, Key("table", keeper), "alter", after=altered, before=frozenset(ties) - cut, displaces=cut)]
    after = Key("table", (schema, f"{keeper[1]}__gone"))
    yield [
        Step(text, after, "create", after=frozenset(ties) | frozenset(through))
        for text in (f"ALTER TABLE {child} NO INHERIT {parent}", f"DROP TABLE {parent}")
    ]


def _not_null(old: Fact) -> str:
    """Under the name that the table has for it, which would change as the column gets another type."""
    column = ident(old.key.path[2])
    if old["name"] is None:
        return f"ALTER COLUMN {column} SET NOT NULL"
    unchecked = "" if old["validated"] else " NOT VALID"
    return f"ADD CONSTRAINT {ident(old.text('name'))} NOT NULL {column}{unchecked}"


def _named(through: list[Key], context: Context) -> frozenset[Key]:
    """New columns that the table declares itself and that a check names which comes down to it."""
    needs = frozenset().union(*(context.new.needs(key) for key in through if key.kind == "constraint"))
    columns = (key for key in needs & context.coming if key.kind == "column")
    return frozenset(key for key in columns if from_keeper(key, context) is None)


def _later(table: Key, through: list[Key], context: Context) -> Iterator[Fact]:
    """Columns that something names which comes down to the table, and that only now are as the parents have them: made
    the table's own as its ties are cut, or of another type.
    """
    needs = frozenset().union(*(context.new.needs(key) for key in through if key.kind != "column"))
    for new in columns_of(context.new, table):
        if new.key not in needs or not context.kept(new.key):
            continue
        old, own = context.a.facts[new.key], is_own(context.a.facts[new.key], context)
        changed = any(old[name] != new[name] for name in (*_ALTERED, *_GENERATION))
        changed = changed or changes_hands(new.key, context)
        if changed if own else from_parents(old) and new["is_local"]:
            yield new


def _columns(table: Key, kept: list[Key], named: frozenset[Key], context: Context) -> Iterator[str]:
    """The columns that stay inherited, and those that stay as they are and that a parent's check may name."""
    parents = [parent for _, parent in links_up(context.new, (table.path[0], table.path[1]))]
    for column in columns_of(context.old, table):
        new = context.b.facts.get(column.key)
        if column.key in kept or (
            new is not None
            and column.key not in context.replaced
            and not changes_hands(column.key, context)
            and (is_own(column, context) or not new["is_local"])  # which it becomes when it is inherited no more
            and all(column[name] == new[name] for name in ("type", "collation", "generated", "expression"))
            and any(Key("column", (*parent, column.key.path[2])) in context.b.facts for parent in parents)
        ):
            yield _column(column)
    for column in columns_of(context.new, table):
        if column.key in named:
            yield _column(column)


def _column(column: Fact) -> str:
    """A column of the keeper. A child's expression is its own: it may name columns that the keeper has not."""
    text = f"{ident(column.key.path[2])} {type_clause(column)}"
    word = str(column["generated"]).upper()
    return f"{text} GENERATED ALWAYS AS (NULL::{column['type']}) {word}" if column["generated"] else text
