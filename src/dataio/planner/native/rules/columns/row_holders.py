"""Columns that stay of a table's row type while the table is written anew: they are text meanwhile.

PostgreSQL refuses to change a column's type, a stored expression or the persistence of such a table, whatever the rows:
see :mod:`dataio.planner.native.relations.row_types`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from dataio.planner.native.relations.inheriting import from_parents, relation_of
from dataio.planner.native.relations.leaving import BLOCK_TYPE
from dataio.planner.native.relations.row_types import holding_rows, of_rows
from dataio.planner.native.rules.columns.facts import forgotten, inherited_below
from dataio.planner.native.rules.columns.parts import alter_column
from dataio.planner.native.rules.columns.settings import settings
from dataio.planner.native.rules.columns.text import type_clause
from dataio.planner.native.step import Context, Step
from dataio.planner.native.text.sql import ident, names_column
from dataio.snapshot.keys import Key


def in_the_way(key: Key, context: Context, *, alike: bool) -> Iterator[Key]:
    """What must be away while a column gets another type."""
    table = context.a.facts.get(Key("table", relation_of(key)))
    if table is not None and table["partition_key"] and names_column(table.text("partition_key"), key.path[2]):
        yield table.key  # the rows are in its partitions, which come loose, and stay
    default = Key("default", key.path)
    if default in context.a.facts and context.a.facts[default] != context.b.facts.get(default):
        yield default  # one that reads the same for both types is converted along
    for dependent in context.old.needed_by(key):
        if dependent.kind in BLOCK_TYPE:
            yield dependent
        elif not alike and dependent.kind == "constraint" and context.a.facts[dependent]["type"] == "foreign key":
            yield dependent  # it could not compare the two types while only one side has changed


def rewriting(step: Step, context: Context) -> Step:
    """A step that writes its table anew: while no column holds rows of it, and nothing is on those that will again."""
    table = relation_of(step.key)
    leaving, coming = of_rows(table, context)
    return replace(
        step,
        rewrites=True,
        after=step.after | leaving,
        before=step.before | coming,
        displaces=step.displaces | frozenset(_around_holders(table, context)),
    )


def _held(table: tuple[str, str], context: Context) -> frozenset[Key]:
    """The columns that hold rows of a table before and after, and that can be something else between."""
    return frozenset(key for key in holding_rows(table, context) if _can_be_text(key, context))


def _can_be_text(key: Key, context: Context) -> bool:
    old, new = context.a.facts[key], context.b.facts[key]
    plain = context.kept(key) and not old["generated"] and not new["generated"]
    return plain and old["type"] == new["type"] and Key("table", key.path[:2]) in context.b.facts


def _around_holders(table: tuple[str, str], context: Context) -> Iterator[Key]:
    """What must be away while the columns that hold rows of a table are text, and those that hold rows of theirs."""
    tables = [table]
    for one in tables:
        for key in _held(one, context):
            if relation_of(key) not in tables:
                tables.append(relation_of(key))
            for column in (key, *inherited_below(key, context)):
                yield from in_the_way(column, context, alike=False)
                default = Key("default", column.path)
                if default in context.a.facts:
                    yield default
                yield from (part for part in context.old.needed_by(column) if _looks_inside(part, context))


def _looks_inside(part: Key, context: Context) -> bool:
    if part.kind == "constraint":
        return context.a.facts[part]["type"] in ("check", "exclude")
    return part.kind in ("index", "statistics")


def as_text(written: Iterable[Step], context: Context) -> Iterator[Sequence[Step]]:
    """The chains that make such columns text before ``written``, the steps that write tables anew, and rows after it.

    Rows go through text by the place of their columns, so no column comes or goes between.
    """
    first: dict[tuple[str, str], set[Key]] = {}
    for step in written:
        first.setdefault(relation_of(step.key), set()).add(step.key)
    inside = {table: {table} for table in first}
    around: dict[Key, set[tuple[str, str]]] = {}
    todo = [*first]
    for table in todo:
        for key in _held(table, context):
            around.setdefault(key, set()).add(table)
            holder = relation_of(key)
            first.setdefault(holder, set()).add(key)
            if not inside[table] <= inside.setdefault(holder, {holder}):
                inside[holder] |= inside[table]
                todo.append(holder)
    for key, tables in sorted(around.items()):
        steps = frozenset(one for table in tables for one in first[table])
        yield tuple(_detour(key, steps, set().union(*(inside[table] for table in tables)), context))


def _detour(key: Key, around: frozenset[Key], inside: set[tuple[str, str]], context: Context) -> Iterator[Step]:
    """``around`` which steps; ``inside``: the tables whose rows it holds, as such or within others."""
    if from_parents(context.b.facts[key]):
        return
    old, new = context.a.facts[key], context.b.facts[key]
    coming, going = (
        frozenset(one for one in moving if one.kind == "column" and relation_of(one) in inside)
        for moving in (context.coming, context.going)
    )
    name, head, below = ident(key.path[2]), alter_column(key, context), inherited_below(key, context)
    text = f"{head} TYPE text USING {name}::text"
    yield Step(text, key, "alter", before=around, after=going, carries=below)
    text = f"{head} TYPE {type_clause(new)} USING {name}::{new['type']}"
    yield Step(text, key, "alter", before=coming, after=around, carries=below)
    yield from settings(forgotten(old), new, context)
