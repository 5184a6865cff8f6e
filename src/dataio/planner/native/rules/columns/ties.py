"""Columns that parents and children share: what goes along with one that is made again or that moves, and which ties
are cut meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterator

from dataio.planner.native.relations.inheriting import (
    cut_links,
    going_below,
    has_own_not_null,
    kept_descendants,
    kept_links_down,
    links_up,
    relation_of,
)
from dataio.planner.native.rules.columns.moves import steps_aside, ties_to_cut
from dataio.planner.native.step import Context
from dataio.snapshot.keys import Key
from dataio.snapshot.model import Fact


def taken_along(old: Fact, new: Fact, context: Context) -> Iterator[Key]:
    """What goes with a column that comes again: the children's, or their ties."""
    if steps_aside(old, new, context):
        yield from ties_to_cut(old, new, context)
        yield from _moved_below(old.key, context)
        return
    for link, below in going_below(old.key, context):
        becomes = context.b.facts[below]
        same = (becomes["generated"], becomes["expression"]) == (new["generated"], new["expression"])
        yield below if same or link.kind == "inheritance" else link


def _moved_below(key: Key, context: Context) -> Iterator[Key]:
    """The same column of all children; where one has it from others as well, the tie to it.

    PostgreSQL renames none that more than the renamed table passes on.
    """
    column, tree, todo = key.path[2], {relation_of(key)}, [relation_of(key)]
    links: dict[tuple[str, str], list[Key]] = {}
    while todo:
        for link, child in kept_links_down(context, todo.pop()):
            if child not in tree:
                tree.add(child)
                todo.append(child)
            links.setdefault(child, []).append(link)
    todo, seen = [relation_of(key)], set[tuple[str, str]]()
    while todo:
        for _, child in kept_links_down(context, todo.pop()):
            below = Key("column", (*child, column))
            if child in seen or below not in context.a.facts or below not in context.b.facts:
                continue
            seen.add(child)
            above = (parent for _, parent in links_up(context.old, child))
            if any(parent not in tree and Key("column", (*parent, column)) in context.a.facts for parent in above):
                yield from links[child]
            else:
                yield below
                todo.append(child)


def becomes_plain(old: Fact, new: Fact) -> bool:
    """Whether DROP EXPRESSION is the way."""
    return old["generated"] == "stored" and not new["generated"]


def ties_down(key: Key, levels: int, context: Context) -> Iterator[Key]:
    """The ties that many levels down: DROP EXPRESSION goes down one only, from a keeper to its child."""
    for link, child in kept_links_down(context, relation_of(key)):
        if levels == 1:
            yield link
        else:
            yield from ties_down(Key("column", (*child, key.path[2])), levels - 1, context)


def other_trees(key: Key, context: Context) -> Iterator[Key]:
    """The ties through which a column comes from elsewhere than from its first parent.

    PostgreSQL alters the type of none that more than the altered table passes on.
    """
    sources = _sources(key, context)
    yield from (link for link, column in sources if _origin(column, context) != _origin(sources[0][1], context))


def ties_over_own_not_nulls(key: Key, context: Context) -> Iterator[Key]:
    """The ties, at all depths, to children whose NOT NULLs stop a change of the column's type."""
    table, column = relation_of(key), key.path[2]
    for link, child in kept_links_down(context, table):
        if has_own_not_null(child, table, column, context):
            yield link
        yield from ties_over_own_not_nulls(Key("column", (*child, column)), context)


def _sources(key: Key, context: Context) -> list[tuple[Key, Key]]:
    """The same column of the parents, in their order, with the ties to them that are not cut meanwhile."""
    links = [(link, Key("column", (*parent, key.path[2]))) for link, parent in links_up(context.old, relation_of(key))]
    found = [(link, column) for link, column in links if context.kept(link) and column in context.a.facts]
    return sorted(found, key=lambda pair: int(str(context.a.facts[pair[0]].attributes.get("number") or 0)))


def _origin(key: Key, context: Context) -> Key:
    """Where a column comes from, by way of first parents."""
    sources = _sources(key, context)
    return _origin(sources[0][1], context) if sources else key


def ties_below(key: Key, context: Context) -> frozenset[Key]:
    """The ties that are cut of a table and of all that inherits from it."""
    tables = (relation_of(key), *kept_descendants(context, relation_of(key)))
    return frozenset().union(*(cut_links(context, table) for table in tables))
