"""A snapshot's tables and foreign keys as a diagram."""

from __future__ import annotations

from collections.abc import Container, Iterable

from dataio.diagram.model import Column, Diagram, Link, Table
from dataio.snapshot.model import Fact, Snapshot


def diagram_of(snapshot: Snapshot, only: Container[tuple[str, ...]] | None = None) -> Diagram:
    """All tables, foreign ones too, with columns and foreign keys; a partitioned table stands for its partitions.

    ``only`` names the (schema, table) that are drawn, and the foreign keys between them.
    """
    partitions = {fact.key.path for fact in snapshot.of_kind("partition")}
    required = {fact.key.path for fact in snapshot.of_kind("not_null")}
    columns: dict[tuple[str, ...], list[Fact]] = {}
    for fact in _about(only, snapshot.of_kind("column")):
        columns.setdefault(fact.key.path[:2], []).append(fact)
    constraints: dict[tuple[str, ...], list[Fact]] = {}
    for fact in _about(only, snapshot.of_kind("constraint")):
        constraints.setdefault(fact.key.path[:2], []).append(fact)
    tables, links = [], []
    drawn = (fact for kind in ("table", "foreign_table") for fact in _about(only, snapshot.of_kind(kind)))
    keys = {fact.key.path for fact in drawn} - partitions
    for path in sorted(keys):
        about = constraints.get(path, [])
        single, groups = _unique(about)
        primary = {name for fact in about if fact["type"] == "primary key" for name in fact.names("columns")}
        foreign = {name for fact in about if fact["type"] == "foreign key" for name in fact.names("columns")}
        in_order = sorted(columns.get(path, ()), key=lambda fact: (_position(fact), fact.key))
        tables.append(
            Table(
                path[0],
                path[1],
                tuple(
                    Column(
                        name=fact.key.path[2],
                        type=fact.text("type"),
                        primary=fact.key.path[2] in primary,
                        foreign=fact.key.path[2] in foreign,
                        unique=fact.key.path[2] in single,
                        nullable=fact.key.path not in required,
                    )
                    for fact in in_order
                ),
            )
        )
        for fact in about:
            target = fact.names("references") if fact["type"] == "foreign key" and fact["references"] else ()
            if len(target) == 2 and target in keys:
                names = fact.names("columns")
                links.append(
                    Link(
                        name=fact.key.path[2],
                        source=(path[0], path[1]),
                        target=(target[0], target[1]),
                        columns=names,
                        unique=any(group <= set(names) for group in groups),
                        optional=any((*path, name) not in required for name in names),
                    )
                )
    return Diagram(tuple(tables), tuple(links))


def _about(only: Container[tuple[str, ...]] | None, facts: Iterable[Fact]) -> Iterable[Fact]:
    return facts if only is None else (fact for fact in facts if fact.key.path[:2] in only)


def _unique(constraints: list[Fact]) -> tuple[set[str], list[frozenset[str]]]:
    """The columns that are unique by themselves, and all unique sets of columns, the primary key's among them."""
    groups = [frozenset(fact.names("columns")) for fact in constraints if fact["type"] in ("primary key", "unique")]
    single = {name for fact in constraints if fact["type"] == "unique" for name in fact.names("columns")
              if len(fact.names("columns")) == 1}  # fmt: skip
    return single, groups


def _position(fact: Fact) -> int:
    position = fact.get_info("position")
    return position if isinstance(position, int) else 0
