"""How a column's values come from one type to another: by a cast of PostgreSQL, or as text out of a replaced type."""

from __future__ import annotations

from dataio.planner.native.casts import bare, element, through_text, using
from dataio.planner.native.side import TYPE_KINDS
from dataio.planner.native.step import Context
from dataio.planner.native.text.names import multirange
from dataio.planner.native.text.sql import qualified
from dataio.snapshot.keys import Key
from dataio.snapshot.model import Fact


def cast(column: str, old: Fact, new: Fact, context: Context, *, moving: bool) -> str:
    """The expression that its values come over by; empty where PostgreSQL needs none. ``moving``: from a replaced type
    to the new one of its name.
    """
    was, becomes = old.text("type"), new.text("type")
    return through_text(column, was, becomes) if moving else using(column, was, becomes, context.old, context.new)


def is_of(column: Fact, gone: Key, context: Context) -> bool:
    """Whether the column is of a type, an array or multirange of it, or of a collation."""
    if gone.kind == "collation":
        return column["collation"] == gone.path
    names = {qualified(*gone.path)}
    if gone.kind == "range":
        names.add(multirange(context.a.facts[gone]))
    return bare(column.text("type")).removesuffix("[]") in names


def moves_to_next(old: Fact, new: Fact, context: Context) -> bool:
    """Whether a column goes from a type that is replaced to an array of the new one or a domain over it, or back."""
    types = {key for key in context.old.needs(old.key) if key.kind in TYPE_KINDS}
    while domains := {key for key in types if key.kind == "domain"}:
        under = {need for domain in domains for need in context.old.needs(domain) if need.kind in TYPE_KINDS}
        if any(is_of(old, key, context) and is_of(new, key, context) for key in domains & context.going):
            return True
        types = (types - domains) | under
    goal = element(new.text("type"), context.new)
    same = element(old.text("type"), context.old) == goal
    return any(
        (same and goal == qualified(*key.path)) or (is_of(old, key, context) and is_of(new, key, context))
        for key in types & context.going
    )
