"""The schema as people browse it: relations with sizes, one relation with all that belongs to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from psycopg.rows import class_row, dict_row

from dataio.diagram.model import Column, Diagram, Link, Table
from dataio.operations.sql import query
from dataio.postgres.connection import connect
from dataio.postgres.conninfo import Target


@dataclass(frozen=True)
class Relation:
    """A table or view. ``rows`` is the planner's estimate, ``bytes`` with indexes; ``None`` where there is none."""

    schema: str
    name: str
    kind: str
    rows: int | None
    bytes: int | None
    columns: int
    comment: str | None


@dataclass(frozen=True)
class RelationDetail:
    """All that belongs to one relation; the lists hold plain JSON objects (``sql/explore_table.sql``)."""

    relation: Relation
    columns: list[dict[str, Any]]
    constraints: list[dict[str, Any]]
    indexes: list[dict[str, Any]]
    referred_by: list[dict[str, Any]]
    triggers: list[dict[str, Any]]
    definition: str | None


def relations(target: Target) -> list[Relation]:
    """All tables and views but those of the system and of dataio itself, by name."""
    with connect(target, read_only=True) as connection, connection.cursor(row_factory=class_row(Relation)) as cursor:
        return cursor.execute(query("explore_tables")).fetchall()


def relation(target: Target, schema: str, name: str) -> RelationDetail | None:
    """One table or view; ``None`` where it is not there."""
    found = next((one for one in relations(target) if (one.schema, one.name) == (schema, name)), None)
    if found is None:
        return None
    with connect(target, read_only=True) as connection, connection.cursor(row_factory=dict_row) as cursor:
        row = cursor.execute(query("explore_table"), {"schema": schema, "name": name}).fetchone()
    return RelationDetail(found, **row) if row is not None else None


def diagram(target: Target) -> Diagram:
    """Tables and foreign keys of the live database: what :func:`dataio.snapshot.diagram.diagram_of` makes of a whole
    snapshot, by two queries.
    """
    with connect(target, read_only=True) as connection:
        connection.execute("SET search_path = ''")  # types by their whole names, as in a snapshot
        columns: dict[tuple[str, str], list[Column]] = {}
        for schema, table, name, *rest in connection.execute(query("explore_columns")):
            mine = columns.setdefault((schema, table), [])
            if name is not None:
                mine.append(Column(name, *rest))
        links = [
            Link(name, (schema, table), (to_schema, to_table), tuple(names), unique, optional)
            for name, schema, table, names, to_schema, to_table, unique, optional in connection.execute(
                query("explore_links")
            )
        ]
    tables = (Table(*key, tuple(columns[key])) for key in sorted(columns))
    return Diagram(tuple(tables), tuple(link for link in links if {link.source, link.target} <= columns.keys()))
