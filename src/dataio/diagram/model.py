"""What a diagram shows: tables with columns, the foreign keys between them, and what a change does to either.

Frozen and without any database: :func:`dataio.snapshot.diagram.diagram_of` makes one from a snapshot,
:func:`compared` puts two together, and the renderers beside this module draw it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias

Mark: TypeAlias = Literal["", "+", "~", "-"]
"""What a change does to a thing: nothing, makes it, alters it, drops it."""


_SHORT: Final = (
    (re.compile(r"^character varying"), "varchar"),
    (re.compile(r"^(timestamp|time)(\(\d\))? with time zone"), r"\1tz\2"),
    (re.compile(r"^(timestamp|time)(\(\d\))? without time zone"), r"\1\2"),
    (re.compile(r"^double precision"), "double"),
)


@dataclass(frozen=True)
class Column:
    """A column. ``type`` is PostgreSQL's ``format_type``; ``unique``: by itself, not as a part of a key of several."""

    name: str
    type: str
    primary: bool = False
    foreign: bool = False
    unique: bool = False
    nullable: bool = True
    mark: Mark = ""

    @property
    def short_type(self) -> str:
        """``varchar(20)`` for ``character varying(20)``: types as people write them."""
        text = self.type
        for long, short in _SHORT:
            text = long.sub(short, text)
        return text.removeprefix("public.")


@dataclass(frozen=True)
class Table:
    """A table (or partitioned table, which stands for its partitions), its columns in their order."""

    schema: str
    name: str
    columns: tuple[Column, ...] = ()
    mark: Mark = ""

    @property
    def key(self) -> tuple[str, str]:
        return (self.schema, self.name)

    @property
    def label(self) -> str:
        """``name``, or ``schema.name`` outside of ``public``; not quoted, for people."""
        return self.name if self.schema == "public" else f"{self.schema}.{self.name}"

    @property
    def changed(self) -> bool:
        return bool(self.mark) or any(column.mark for column in self.columns)


@dataclass(frozen=True)
class Link:
    """A foreign key ``name`` from ``source`` to ``target``, each (schema, name).

    ``unique``: at most one row of ``source`` per row of ``target``; ``optional``: a row of ``source`` may have none.
    """

    name: str
    source: tuple[str, str]
    target: tuple[str, str]
    columns: tuple[str, ...] = ()
    unique: bool = False
    optional: bool = False
    mark: Mark = ""


@dataclass(frozen=True)
class Diagram:
    """Tables in order of their names, and the links between them. ``left_out`` counts tables that had no room."""

    tables: tuple[Table, ...] = ()
    links: tuple[Link, ...] = ()
    left_out: int = 0

    def __bool__(self) -> bool:
        return bool(self.tables)

    @property
    def drawn_links(self) -> tuple[Link, ...]:
        """The links between tables that are there: a document from elsewhere may name others."""
        keys = {table.key for table in self.tables}
        return tuple(link for link in self.links if link.source in keys and link.target in keys)

    def only(self, keys: Collection[tuple[str, str]]) -> Diagram:
        """These tables, and the links between them."""
        return Diagram(
            tuple(table for table in self.tables if table.key in keys),
            tuple(link for link in self.links if link.source in keys and link.target in keys),
            self.left_out,
        )

    def around(self, keys: Iterable[tuple[str, str]], steps: int = 1) -> Diagram:
        """These tables and what is up to ``steps`` foreign keys away from one of them, either way."""
        chosen = set(keys)
        for _ in range(steps):
            chosen |= {
                end for link in self.links if chosen & {link.source, link.target} for end in (link.source, link.target)
            }
        return self.only(chosen)

    def changes(self) -> Diagram:
        """The changed tables (a new or dropped link changes its source) and one foreign key around them."""
        changed = {table.key for table in self.tables if table.changed}
        changed |= {link.source for link in self.links if link.mark}
        return self.around(changed)

    def limited(self, tables: int) -> Diagram:
        """At most so many tables: changed ones first, then those with most links; ``left_out`` counts the rest."""
        if len(self.tables) <= tables:
            return self
        degree: dict[tuple[str, str], int] = {}
        for link in self.links:
            for end in (link.source, link.target):
                degree[end] = degree.get(end, 0) + 1
        ranked = sorted(self.tables, key=lambda table: (not table.changed, -degree.get(table.key, 0), table.key))
        kept = self.only({table.key for table in ranked[:tables]})
        return replace(kept, left_out=self.left_out + len(self.tables) - tables)


def compared(before: Diagram, after: Diagram, also: Collection[tuple[str, ...]] = ()) -> Diagram:
    """Both in one, with marks: what only ``after`` has is ``+``, only ``before`` ``-``, what differs ``~``.

    ``also`` names (schema, table) or (schema, table, column) that are to be marked ``~`` though they look the same
    (something was renamed, or changed that no diagram shows).
    """
    old, new = ({table.key: table for table in side.tables} for side in (before, after))
    tables = []
    for key in sorted(old.keys() | new.keys()):
        if key not in old:
            tables.append(replace(new[key], mark="+"))
        elif key not in new:
            tables.append(replace(old[key], mark="-"))
        else:
            columns = tuple(_columns(old[key], new[key], also))
            touched = key in also or any(column.mark for column in columns)
            tables.append(replace(new[key], columns=columns, mark="~" if touched else ""))
    was, now = ({(link.source, link.name): link for link in side.links} for side in (before, after))
    links = []
    for name in sorted(was.keys() | now.keys()):
        if name not in was:
            links.append(replace(now[name], mark="+"))
        elif name not in now:
            links.append(replace(was[name], mark="-"))
        else:
            links.append(replace(now[name], mark="" if was[name] == now[name] else "~"))
    return Diagram(tuple(tables), tuple(links))


def _columns(old: Table, new: Table, also: Collection[tuple[str, ...]]) -> Iterator[Column]:
    was = {column.name: column for column in old.columns}
    for column in new.columns:
        if column.name not in was:
            yield replace(column, mark="+")
        elif was[column.name] != column or (*new.key, column.name) in also:
            yield replace(column, mark="~")
        else:
            yield column
    kept = {column.name for column in new.columns}
    yield from (replace(column, mark="-") for column in old.columns if column.name not in kept)
