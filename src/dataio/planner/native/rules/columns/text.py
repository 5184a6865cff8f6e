"""Columns as CREATE TABLE and ADD COLUMN word them, and what neither can say.

https://www.postgresql.org/docs/current/sql-createtable.html
"""

from __future__ import annotations

from collections.abc import Iterator

from dataio.planner.native import wording
from dataio.planner.native.relations.inheriting import (
    from_parents,
    is_partitioned,
    kept_children,
    kept_descendants,
    relation_of,
)
from dataio.planner.native.rules.columns.moves import is_moved
from dataio.planner.native.rules.columns.parts import alter_column, default_clause, identity_clause, not_null_clause
from dataio.planner.native.step import Context, Step
from dataio.planner.native.text.options import fdw_changes, fdw_options, in_order, set_and_reset
from dataio.planner.native.text.sql import ident, qualified
from dataio.snapshot.keys import Key
from dataio.snapshot.model import Fact, Value


def collate(collation: Value) -> str:
    return f" COLLATE {qualified(*(str(part) for part in collation))}" if isinstance(collation, tuple) else ""


def type_clause(new: Fact) -> str:
    return f"{new['type']}{collate(new['collation'])}"


def generated_clause(new: Fact, context: Context) -> str:
    word = new.text("generated").upper()
    return f"GENERATED ALWAYS AS ({wording.text(new, 'expression', context)}) {word}"


def definition(new: Fact, context: Context, with_parents: bool = False) -> tuple[str, frozenset[Key]]:
    """A column as CREATE TABLE and ADD COLUMN have it, and the parts of it that this settles.

    ``with_parents``: the statement names the table's parents, so that a NOT NULL that only they declare comes along.
    """
    path = new.key.path
    words = [ident(path[2]), new.text("type")]
    if new["storage"] and _says_storage(new, context):
        words.append(f"STORAGE {new.text('storage').upper()}")
    if new["compression"]:
        words.append(f"COMPRESSION {new['compression']}")
    if new["fdw_options"]:
        words.append(fdw_options(new["fdw_options"]).strip())
    words.append(collate(new["collation"]).strip())
    clauses, settled = constraints(new, context, with_parents)
    return " ".join(filter(None, [*words, *clauses])), settled


def _named_alike(not_null: Fact, context: Context) -> bool:
    """Whether children that are there already call the NOT NULL that they get the same, as they do by themselves."""
    table, column = relation_of(not_null.key), not_null.key.path[2]
    children = list(kept_descendants(context, table))
    if any(is_moved(Key("column", (*child, column)), context) for child in children):
        return False
    below = (context.new.get("not_null", *child, column) for child in children)
    return all(fact is None or not from_parents(fact) or fact["name"] == not_null["name"] for fact in below)


def constraints(new: Fact, context: Context, with_parents: bool = False) -> tuple[list[str], frozenset[Key]]:
    """Default, generation, identity and NOT NULL of a column, and the facts that they settle."""
    path = new.key.path
    words, settled = [], set()
    if new["generated"]:
        words.append(generated_clause(new, context))
    not_null = context.new.get("not_null", *path)
    whole = not_null is not None and bool(not_null["validated"]) and not_null.key not in context.apart
    whole = whole and not_null is not None and _named_alike(not_null, context)
    identity = context.new.get("identity", *path)
    if identity is not None and whole and not _recurses(new, context):
        words.append(identity_clause(identity, context))
        settled.add(identity.key)
    default = context.new.get("default", *path)
    if default is not None and default.key not in context.apart:
        words.append(default_clause(default, context))
        settled.add(default.key)
    if not_null is not None and whole:
        if not (with_parents and from_parents(not_null)):
            words.append(not_null_clause(not_null, context))
        settled.add(not_null.key)
    return words, frozenset(settled)


def _recurses(new: Fact, context: Context) -> bool:
    """Whether ADD COLUMN reaches inheritance children, which PostgreSQL refuses for an identity."""
    table = relation_of(new.key)
    return not is_partitioned(context.new, table) and any(kept_children(context, table))


def finishing(new: Fact, context: Context, *, inherited: bool = False) -> Iterator[Step]:
    """What neither CREATE TABLE nor ADD COLUMN can say of a column, or did not say of one that is ``inherited``."""
    head = alter_column(new.key, context, alone=True)
    if new["storage"] and (inherited or not _says_storage(new, context)):
        yield Step(f"{head} SET STORAGE {new.text('storage').upper()}", new.key, "create")
    if new["compression"] and inherited:
        yield Step(f"{head} SET COMPRESSION {new['compression']}", new.key, "create")
    if new["fdw_options"] and inherited:
        yield Step(f"{head}{fdw_changes((), new['fdw_options'])}", new.key, "create")
    if new["statistics"] is not None:
        yield Step(f"{head} SET STATISTICS {new['statistics']}", new.key, "create")
    for change in set_and_reset((), in_order(new)):
        yield Step(f"{head} {change}", new.key, "create")


def _says_storage(new: Fact, context: Context) -> bool:
    return context.major >= 16 and not context.new.get("foreign_table", *relation_of(new.key))
