"""Children that are dropped while their parent stays, and must be cut loose from it before.

A dropped table goes at the end of a script, as others may still leave it. By then its parent may have got a partition
for the same rows, or a column may have to change that the child's views, policies or triggers hold on to; and while a
foreign key refers to the parent, PostgreSQL lets its partitions go only once they are detached.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dataio.planner.native.relations.inheriting import (
    from_parents,
    goes,
    has_own_not_null,
    kept_descendants,
    links_down,
    links_up,
    stays,
)
from dataio.planner.native.relations.partition_bounds import may_overlap
from dataio.planner.native.side import above
from dataio.planner.native.step import Context
from dataio.planner.native.text.sql import names_column
from dataio.snapshot.keys import Key
from dataio.snapshot.model import Fact

BLOCK_TYPE: Final = frozenset(
    {"view", "materialized_view", "rule", "policy", "trigger", "function", "procedure", "publication_table", "column"}
)
"""What PostgreSQL refuses to alter a column's type for while it uses the column."""

_MERGED: Final = ("type", "collation")
"""What a child's column must have in common with its parent's."""

_MERGED_CHECK: Final = ("type", "definition", "no_inherit")

_Name = tuple[str, str]


def leaving(context: Context) -> Iterator[Key]:
    """The ties of such children to parents, each cut by a statement of its own."""
    for link in context.going:
        if link.kind not in {"partition", "inheritance"}:
            continue
        child: _Name = (link.path[0], link.path[1])
        for known, parent in links_up(context.old, child):
            staying = known == link and stays(parent, context)
            if staying and goes(child, context) and _in_the_way(link, child, parent, context):
                yield link


def cut_first(table: _Name, context: Context) -> frozenset[Key]:
    """The ties that are cut before anything is done to a table that reaches its children."""
    tables = [table, *kept_descendants(context, table)]
    return frozenset(link for name in tables for link, _ in links_down(context.old, name) if link in context.apart)


def loosened_below(table: _Name, context: Context) -> frozenset[Key]:
    """The ties of tables that stay, cut at any depth: until then, what a table loses they lose, too."""
    found: set[Key] = set()
    for link, child in links_down(context.old, table):
        if not goes(child, context):
            found |= loosened_below(child, context) | ({link} & context.going)
        elif staying := frozenset(_staying_below(child, context)):
            found |= staying | ({link} & context.apart)
    return frozenset(found)


def _staying_below(table: _Name, context: Context) -> Iterator[Key]:
    for link, child in links_down(context.old, table):
        if goes(child, context):
            yield from _staying_below(child, context)
        else:
            yield link


def _stops_type(key: Key, context: Context) -> bool:
    """Whether something of a column stops, or may not survive, a change of its type."""
    if key.kind in ("constraint", "index"):
        fact = context.a.facts[key]
        return above(fact) is None and not (key.kind == "constraint" and from_parents(fact))
    return key.kind in BLOCK_TYPE or key.kind == "default"


def _in_the_way(link: Key, child: _Name, parent: _Name, context: Context) -> bool:
    if link.kind == "partition":
        bound = context.a.facts[link].text("bound")
        coming = (other for other, _ in links_down(context.new, parent) if other in context.coming)
        bounds = (context.b.facts[other].text("bound") for other in coming if other.kind == "partition")
        if any(may_overlap(bound, other) for other in bounds):
            return True
        if any(context.new.referencing.get(table) for table in (parent, *_ancestors(parent, context))):
            return True
    if any(has_own_not_null(child, parent, column, context) for column in _changing(parent, context)):
        return True
    if any(_stops_rename(not_null, child, context) for not_null in _renamed(parent, context)):
        return True
    if any(_conflicts(check, child, context) for check in _new_checks(parent, context)):
        return True
    if any(_clashes(column, child, context) for column in _new_columns(parent, context)):
        return True
    return any(
        _divides_by(table, column, context)
        or any(_stops_type(dep, context) for dep in context.old.needed_by(Key("column", (*table, column))))
        for column in _changing(parent, context)
        for table in (child, *_below(child, context))
    )


def _renamed(table: _Name, context: Context) -> Iterator[Fact]:
    """The NOT NULLs that get another name, as they are before."""
    relation = context.old.relation(*table)
    for key in context.old.contents(relation) if relation else ():
        not_null = Key("not_null", key.path)
        if key.kind == "column" and context.kept(not_null):
            old, new = context.a.facts[not_null], context.b.facts[not_null]
            if old["name"] != new["name"]:
                yield old


def _stops_rename(not_null: Fact, child: _Name, context: Context) -> bool:
    """Whether a child calls it otherwise: PostgreSQL renames those of all children along, or none."""
    tables = (child, *_below(child, context))
    theirs = (context.old.get("not_null", *table, not_null.key.path[2]) for table in tables)
    return any(fact is not None and fact["name"] != not_null["name"] for fact in theirs)


def _new_checks(table: _Name, context: Context) -> Iterator[Fact]:
    relation = context.new.relation(*table)
    for key in context.new.contents(relation) if relation else ():
        if key.kind == "constraint" and key in context.coming and context.b.facts[key]["type"] == "check":
            yield context.b.facts[key]


def _new_columns(table: _Name, context: Context) -> Iterator[Fact]:
    relation = context.new.relation(*table)
    for key in context.new.contents(relation) if relation else ():
        if key.kind == "column" and key in context.coming:
            yield context.b.facts[key]


def _clashes(column: Fact, child: _Name, context: Context) -> bool:
    """Whether a child could not get it: it has one that is otherwise; no identity is passed on by inheritance."""
    if Key("identity", column.key.path) in context.b.facts:
        return True
    tables = (child, *_below(child, context))
    theirs = (context.old.get("column", *table, column.key.path[2]) for table in tables)
    return any(fact is not None and any(fact[name] != column[name] for name in _MERGED) for fact in theirs)


def _conflicts(check: Fact, child: _Name, context: Context) -> bool:
    """Whether a child would have to merge it with one that is otherwise: its own, or another parent's new one."""
    if check["no_inherit"]:
        return False
    name = check.key.path[2]
    own = (context.old.get("constraint", *table, name) for table in (child, *_below(child, context)))
    if any(fact is not None and any(fact[part] != check[part] for part in _MERGED_CHECK) for fact in own):
        return True
    theirs = (Key("constraint", (*parent, name)) for _, parent in links_up(context.old, child))
    facts = (context.b.facts[key] for key in theirs if key in context.coming)
    return any((fact["enforced"], fact["validated"]) != (check["enforced"], check["validated"]) for fact in facts)


def _divides_by(table: _Name, column: str, context: Context) -> bool:
    """Whether a column is part of a table's partition key."""
    key = context.old.get("table", *table)
    return key is not None and bool(key["partition_key"]) and names_column(key.text("partition_key"), column)


def _changing(table: _Name, context: Context) -> Iterator[str]:
    """The columns that go or get another type."""
    relation = context.old.relation(*table)
    for key in context.old.contents(relation) if relation else ():
        if key.kind == "column":
            old, new = context.a.facts[key], context.b.facts.get(key)
            if (
                key in context.going
                or new is None
                or (old["type"], old["collation"]) != (new["type"], new["collation"])
            ):
                yield key.path[2]


def _ancestors(table: _Name, context: Context) -> Iterator[_Name]:
    for _, parent in links_up(context.old, table):
        yield parent
        yield from _ancestors(parent, context)


def _below(table: _Name, context: Context) -> Iterator[_Name]:
    for _, child in links_down(context.old, table):
        yield child
        yield from _below(child, context)
