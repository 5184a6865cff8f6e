"""Parents and children among tables: inheritance and partitions, and what ALTER TABLE does to both at once."""

from __future__ import annotations

from collections.abc import Iterator

from dataio.planner.native.side import Side
from dataio.planner.native.step import Context
from dataio.snapshot.keys import Key
from dataio.snapshot.model import Fact, Value


def relation_of(key: Key) -> tuple[str, str]:
    """The schema and name of the relation that a part's key names."""
    return key.path[0], key.path[1]


def stays(table: tuple[str, str], context: Context) -> bool:
    """Whether a table, foreign or not, is there before and after, and never away between."""
    relation = context.new.relation(*table)
    return relation is not None and context.kept(relation)


def comes(table: tuple[str, str], context: Context) -> bool:
    return context.new.relation(*table) in context.coming


def goes(table: tuple[str, str], context: Context) -> bool:
    return context.old.relation(*table) in context.going


def links_up(side: Side, table: tuple[str, str]) -> Iterator[tuple[Key, tuple[str, str]]]:
    """The facts that make a table a child, with the parent of each."""
    return iter(side.up.get(table, ()))


def links_down(side: Side, table: tuple[str, str]) -> Iterator[tuple[Key, tuple[str, str]]]:
    """The facts that give a table its children, with the child of each."""
    return iter(side.down.get(table, ()))


def kept_links_down(context: Context, table: tuple[str, str]) -> Iterator[tuple[Key, tuple[str, str]]]:
    """The ties to children before and after that are never cut between."""
    for link, child in links_down(context.old, table):
        if context.kept(link) and _same_parent(context, link):
            yield link, child


def kept_children(context: Context, table: tuple[str, str]) -> Iterator[tuple[str, str]]:
    return (child for _, child in kept_links_down(context, table))


def kept_parents(context: Context, table: tuple[str, str]) -> Iterator[tuple[str, str]]:
    for link, parent in links_up(context.old, table):
        if context.kept(link) and _same_parent(context, link):
            yield parent


def kept_descendants(context: Context, table: tuple[str, str]) -> Iterator[tuple[str, str]]:
    for child in kept_children(context, table):
        yield child
        yield from kept_descendants(context, child)


def _same_parent(context: Context, link: Key) -> bool:
    return link.kind != "partition" or context.a.facts[link]["parent"] == context.b.facts[link]["parent"]


def going_below(part: Key, context: Context) -> Iterator[tuple[Key, Key]]:
    """The same column or check of children that have it from this table alone, or from others where it goes as well:
    each with its tie.
    """
    going = {part, *context.replaced}
    for link, child in kept_links_down(context, relation_of(part)):
        below = Key(part.kind, (*child, part.path[2]))
        if all(below in facts and from_parents(facts[below]) for facts in (context.a.facts, context.b.facts)):
            sources = {Key(part.kind, (*parent, part.path[2])) for _, parent in links_up(context.old, child)}
            if sources & context.a.facts.keys() <= going:
                yield link, below


def tied_below(table: tuple[str, str], context: Context) -> bool:
    """Whether a table has children while it is altered: those that go are mostly its own until they are dropped."""
    return any(
        context.kept(link) or (goes(child, context) and link not in context.apart)
        for link, child in links_down(context.old, table)
    )


def cut_links(context: Context, table: tuple[str, str]) -> frozenset[Key]:
    """Ties to parents and children that are cut, though both tables stay."""
    ties = [*links_up(context.old, table), *links_down(context.old, table)]
    return frozenset(
        link for link, _ in ties if link in context.going and context.old.relation(*link.path[:2]) not in context.going
    )


def only(context: Context, table: tuple[str, str]) -> str:
    """``ONLY `` where a statement on a table would reach children that are there while it runs."""
    return "ONLY " if any(links_down(context.old, table)) or any(links_down(context.new, table)) else ""


def is_partitioned(side: Side, table: tuple[str, str]) -> bool:
    fact = side.get("table", *table)
    return fact is not None and fact["partition_key"] is not None


def from_parents(fact: Fact) -> bool:
    """Whether a column or constraint is there only because a parent has it."""
    return not fact["is_local"] and bool(fact["inherited"])


def has_own_not_null(child: tuple[str, str], parent: tuple[str, str], column: str, context: Context) -> bool:
    """Whether a child declares a column's NOT NULL itself, under another name than the parent's.

    PostgreSQL 18 cannot alter the type of such a column: it makes the parent's anew first, for the child as well, and
    then refuses the child's.
    """
    theirs, above = (context.old.get("not_null", *table, column) for table in (child, parent))
    if theirs is None or above is None or above["name"] is None or theirs["name"] == above["name"]:
        return False
    return bool(theirs["is_local"]) and bool(theirs["inherited"]) and not above["no_inherit"]


def primary_keys(column: Key, side: Side) -> frozenset[Key]:
    """The primary key over a column (or a part of one), if there is one."""
    relation = side.relation(*relation_of(column))
    inner = side.contents(relation) if relation else ()
    keys = [key for key in inner if key.kind == "constraint" and side.facts[key]["type"] == "primary key"]
    return frozenset(key for key in keys if column.path[2] in _names(side.facts[key]["columns"]))


def _names(value: Value) -> tuple[Value, ...]:
    return value if isinstance(value, tuple) else ()


def dropped_with(part: Key, side: Side, going: frozenset[Key]) -> Key | None:
    """Of the columns of its table that an index or a constraint needs, the one that is dropped first.

    ``None`` as well for an exclusion constraint whose WHERE or expressions need one: that holds on to it.
    """
    table = side.container(part)
    columns = [key for key in side.needs(part) if key.kind == "column" and key in going]
    columns = sorted(key for key in columns if side.container(key) == table)
    fact = side.facts[part]
    if part.kind == "constraint" and fact["type"] == "exclude":
        keys = _names(fact["columns"])
        if any(key.path[2] not in keys for key in columns):
            return None
    generated = [key for key in columns if side.facts[key]["generated"]]
    return next(iter([*generated, *columns]), None)
