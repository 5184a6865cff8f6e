"""Columns that hold whole rows of a table: while one does, PostgreSQL does nothing that writes the table anew.

``find_composite_type_dependencies`` in PostgreSQL's tablecmds.c.
"""

from __future__ import annotations

from collections.abc import Iterable

from dataio.planner.native.relations.inheriting import kept_descendants
from dataio.planner.native.side import TYPE_KINDS, Side
from dataio.planner.native.step import Context
from dataio.snapshot.keys import Key


def of_rows(table: tuple[str, str], context: Context) -> tuple[frozenset[Key], frozenset[Key]]:
    """Columns that hold rows of a table, or of its children: those that leave that type, and those that come to it.

    Meanwhile PostgreSQL does nothing to the table that writes it anew: a column's type, expression or default.
    """
    before, after = _before_and_after(table, context)
    return before - after, after - before


def holding_rows(table: tuple[str, str], context: Context) -> frozenset[Key]:
    """Columns that hold rows of a table, or of its children, before and after."""
    before, after = _before_and_after(table, context)
    return before & after


def _before_and_after(table: tuple[str, str], context: Context) -> tuple[frozenset[Key], frozenset[Key]]:
    tables = (table, *kept_descendants(context, table))
    return _holding_rows(context.old, tables), _holding_rows(context.new, tables)


def _holding_rows(side: Side, tables: Iterable[tuple[str, str]]) -> frozenset[Key]:
    """The columns that hold rows of tables as such, or as a part of something else."""
    rows = [relation for table in tables if (relation := side.relation(*table)) is not None]
    found, of_them = set[Key](), [*rows]
    for whole in of_them:
        for key in side.needed_by(whole):
            if key.kind == "column":
                found.add(key)
            else:
                kind = side.container(key) if key.kind == "attribute" else key
                if kind is not None and kind.kind in TYPE_KINDS and kind not in of_them:
                    of_them.append(kind)
    return frozenset(key for key in found if side.container(key) not in rows)
