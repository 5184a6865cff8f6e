"""Columns that parents and children share: what goes along with one that is made again or that moves, and which ties
are cut meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterator

from dataio.planner.native.column_moves import steps_aside, ties_to_cut
from dataio.planner.native.inheriting import going_below, kept_links_down, links_up, relation_of
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
