"""Partitions and what belongs together across them: which statement brings a partition's index, and under which name.

Creating an index on a partitioned table, and attaching a partition to one, both take over a partition's index that
matches and make the ones that are missing, with names of PostgreSQL's choice. So a partition's index either *comes
along*, where that name is the desired one, or is made beforehand, by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from dataio.planner.native.relations.inheriting import comes, links_down, links_up, relation_of
from dataio.planner.native.side import MOVABLE, Side, above
from dataio.planner.native.step import Context
from dataio.planner.native.text.constraint_text import key_list, without_parameters
from dataio.snapshot.keys import Key
from dataio.snapshot.model import Fact

NAME_BYTES: Final = 63
_ENDINGS: Final = {"primary key": "pkey", "unique": "key", "exclude": "excl"}
_PASSED_DOWN: Final = ("name", "no_inherit")
WITH_INDEX: Final = frozenset({"primary key", "unique", "exclude"})


def table_of(fact: Fact) -> tuple[str, str]:
    """The table of an index or a constraint."""
    if fact.key.kind == "constraint":
        return relation_of(fact.key)
    table = fact["table"]
    return (str(table[0]), str(table[1])) if isinstance(table, tuple) else ("", "")


def link_of(side: Side, table: tuple[str, str]) -> Key | None:
    """The fact that makes a table a partition."""
    return next((link for link, _ in links_up(side, table) if link.kind == "partition"), None)


def partitions(side: Side, table: tuple[str, str]) -> Iterator[tuple[str, str]]:
    return (child for link, child in links_down(side, table) if link.kind == "partition")


def matching(side: Side, parent: Key) -> dict[tuple[str, str], Key]:
    """For each partition, its index or constraint that belongs to ``parent``."""
    return side.belonging.get(parent, {})


def complete(side: Side, parent: Fact) -> bool:
    """Whether all partitions, at any depth, have what belongs to an index: else it is not valid yet."""
    found = matching(side, parent.key)
    tables = set(partitions(side, table_of(parent)))
    return found.keys() >= tables and all(complete(side, side.facts[found[table]]) for table in tables)


def given_name(fact: Fact) -> str | None:
    """The name that PostgreSQL itself would give; ``None`` where that cannot be told for sure."""
    table = table_of(fact)[1]
    if fact.key.kind == "constraint":
        columns, ending = fact["columns"], _ENDINGS.get(fact.text("type"), "")
        if fact["type"] == "primary key":
            columns = ()
        if not ending or (columns and " INCLUDE " in fact.text("definition")):
            return None
        if fact["type"] == "exclude" and "(" in key_list(fact.text("definition")):
            return None
    else:
        columns, ending = fact.get_info("columns"), "idx"
        if "(" in key_list(fact.text("definition")):
            return None
    names = [str(column) for column in columns] if isinstance(columns, tuple) else []
    name = "_".join([table, *names, ending])
    return name if len(name.encode()) <= NAME_BYTES else None


def comes_along(fact: Fact, context: Context) -> bool:
    """Whether a partition's new index or constraint is made, under its name, by what is done to its parent."""
    parent = above(fact) if fact.key.kind in {"index", "constraint"} else None
    if parent is None or (context.kept(parent) and _tied(fact, context)):
        return False
    if parent.kind != fact.key.kind:
        return False  # a key of its own, where the parent has a mere index
    name = fact.key.path[-1]
    if fact.key.kind == "constraint" and fact["type"] == "foreign key":
        return name == parent.path[-1]
    whole, given = context.b.facts.get(parent), given_name(fact)
    if fact.key.kind == "constraint" and fact["type"] == "exclude":
        return whole is not None and complete(context.new, whole) and given in (None, name)  # none is taken over
    return whole is not None and complete(context.new, whole) and given == name and _stored_alike(fact, whole)


def _stored_alike(fact: Fact, whole: Fact) -> bool:
    """Whether an index is stored as its parent's: what is made along with that is."""
    if fact.key.kind == "constraint":
        return all(fact[name] == whole[name] for name in ("index_options", "index_tablespace"))
    parameters = (without_parameters(one.text("definition"))[1] for one in (fact, whole))
    return len(set(parameters)) == 1 and all(fact[name] == whole[name] for name in ("tablespace", "statistics"))


def _tied(fact: Fact, context: Context) -> bool:
    """Whether the table is a partition already, and stays one."""
    link = link_of(context.new, table_of(fact))
    return link is not None and context.kept(link)


def brought(parent: Key, context: Context) -> Iterator[Key]:
    """What comes along when an index or constraint of a partitioned table is made, at all depths."""
    for key in matching(context.new, parent).values():
        if key in context.coming and comes_along(context.b.facts[key], context):
            yield key
        yield from brought(key, context)


def brought_by_link(table: tuple[str, str], context: Context) -> Iterator[Key]:
    """What comes along when a table becomes a partition: the parent has it already by then."""
    relation = context.new.relation(*table)
    for key in context.new.contents(relation) if relation else ():
        if key not in context.coming:
            continue
        fact = context.b.facts[key]
        parent = above(fact) if key.kind in {"index", "constraint"} else None
        if parent is not None and comes_along(fact, context) and there_before_links(parent, context):
            yield key


def there_before_links(key: Key, context: Context) -> bool:
    """Whether an index or constraint is on a partitioned table before new partitions come: from before, or inline."""
    if key not in context.coming:
        return True
    fact = context.b.facts[key]
    parent = above(fact)
    if parent is not None and comes_along(fact, context):
        return there_before_links(parent, context)
    unchecked = key.kind == "constraint" and not fact["validated"] and fact["enforced"]
    inline = key.kind == "constraint" and key not in context.apart and complete(context.new, fact)
    return bool(inline and not unchecked and context.new.relation(*table_of(fact)) in context.coming)


def broken_by_cut(table: tuple[str, str], context: Context) -> Iterator[Key]:
    """Foreign keys to a partition that must be away while it is detached: those of partitioned tables.

    PostgreSQL 18 takes what such a key is on the partitions of its own table for parts of a key to the parent, and
    drops it, or fails with "cache lookup failed for constraint" where there are partitions of partitions.
    """
    todo = [*context.old.referencing.get(table, ())]
    while todo:
        key = todo.pop()
        below = matching(context.old, key)
        if below:
            yield key
        todo += (part for child, part in below.items() if link_of(context.old, child) in context.going)


def partition_of(table: tuple[str, str], context: Context) -> tuple[str, str] | None:
    """The parent, where ``CREATE TABLE … PARTITION OF`` makes the table as it must be; else it is attached later."""
    link, relation = link_of(context.new, table), Key("table", table)
    if link is None or link not in context.coming or link in context.apart or relation not in context.coming:
        return None
    parent = next(parent for known, parent in links_up(context.new, table) if known == link)
    above_it = Key("table", parent)
    mine, theirs = columns_of(context.new, relation), columns_of(context.new, above_it)
    if [column.key.path[2] for column in mine] != [column.key.path[2] for column in theirs]:
        return None
    for own, other in zip(mine, theirs, strict=True):
        if own["is_local"] or own["generated"] != other["generated"] or own["expression"] != other["expression"]:
            return None
    for key in context.new.contents(relation):
        fact = context.b.facts[key]
        belongs_to = above(fact) if key.kind in {"index", "constraint"} else None
        if belongs_to is not None and there_before_links(belongs_to, context) and not comes_along(fact, context):
            return None
    for key in context.new.everything_in(relation):
        if key.kind in ("constraint", "not_null") and _is_unchecked_copy(context.b.facts[key], parent, context):
            return None
    return parent


def _is_unchecked_copy(fact: Fact, parent: tuple[str, str], context: Context) -> bool:
    """Whether it is NOT VALID as the parent's, which is there before: PARTITION OF would make a valid one."""
    theirs = Key(fact.key.kind, (*parent, fact.key.path[2]))
    passed_on = fact.key.kind == "not_null" or fact["type"] == "check"
    return passed_on and not fact["validated"] and theirs in context.b.facts and context.kept(theirs)


def inherits(table: tuple[str, str], context: Context) -> list[tuple[Key, tuple[str, str]]]:
    """The parents that ``CREATE TABLE … INHERITS`` names, with the facts that this settles."""
    if not comes(table, context):
        return []
    links = [(link, parent) for link, parent in links_up(context.new, table) if link.kind == "inheritance"]
    return links if all(link not in context.apart for link, _ in links) else []


def born_with_parents(key: Key, context: Context) -> bool:
    """Whether a table is created with its parents named, so that what is only inherited is there at once."""
    table = relation_of(key)
    return bool(inherits(table, context)) or partition_of(table, context) is not None


def columns_of(side: Side, table: Key) -> list[Fact]:
    """The columns of a table, in order."""
    found = [side.facts[key] for key in side.contents(table) if key.kind == "column"]
    return sorted(found, key=lambda fact: int(str(fact.get_info("position") or 0)))


def columns_moving(tables: Iterable[tuple[str, str]], context: Context) -> frozenset[Key]:
    """The columns that tables get and lose or that change, and what of them PostgreSQL passes on to children."""
    found: set[Key] = set()
    for table in tables:
        relation = context.new.relation(*table)
        for key in context.new.contents(relation) if relation else ():
            if key.kind == "column":
                found.update(part for part in (key, Key("not_null", key.path)) if _is_altered(part, context))
        for side, moving in ((context.old, context.going), (context.new, context.coming)):
            relation = side.relation(*table)
            columns = [key for key in side.contents(relation) if key.kind == "column"] if relation else []
            inner = [key for column in columns for key in side.contents(column)]
            found.update(key for key in (*columns, *inner) if key in moving)
    return frozenset(key for key in found if key.kind in {"column", "default", "not_null"})


def _is_altered(key: Key, context: Context) -> bool:
    """Whether a column changes, or what a NOT NULL passes down, which ones of another name below would stop."""
    old, new = context.a.facts.get(key), context.b.facts.get(key)
    if old is None or new is None:
        return False
    if key.kind != "column":
        return any(old[name] != new[name] for name in _PASSED_DOWN)
    return old != new or changes_hands(key, context)


def changes_hands(column: Key, context: Context) -> bool:
    """Whether a column, which may read the same, moves from a type that is replaced to the next one."""
    return any(need.kind in MOVABLE and need in context.going for need in context.old.needs(column))


def lookalikes(table: tuple[str, str], context: Context) -> Iterator[Key]:
    """Indexes that a table keeps to itself when it becomes a partition, though one of its parent's looks the same.

    ATTACH PARTITION would take them over, so they have to be away while it runs.
    """
    relation = context.new.relation(*table)
    inner = [context.b.facts[key] for key in context.new.contents(relation)] if relation else []
    indexes = [fact for fact in inner if fact.key.kind == "index"]
    taken = {_content(fact) for fact in indexes if above(fact) is not None}
    for fact in indexes:
        if above(fact) is None and fact.key in context.a.facts and _content(fact) in taken:
            yield fact.key


def _content(index: Fact) -> tuple[object, str]:
    return index["unique"], index.text("definition").partition(" USING ")[2]
