"""The diagram in a plan: what changed, whatever kind of change it was, and one foreign key around it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from support.planning import planning

from dataio.postgres.conninfo import Target

CHAIN = """
CREATE TABLE a (id bigint PRIMARY KEY, note text);
CREATE TABLE b (id bigint PRIMARY KEY, a_id bigint REFERENCES a, note text);
CREATE TABLE c (id bigint PRIMARY KEY, b_id bigint NOT NULL UNIQUE REFERENCES b);
CREATE TABLE d (id bigint PRIMARY KEY, c_id bigint REFERENCES c);
CREATE TABLE by_month (at date) PARTITION BY RANGE (at);
CREATE TABLE by_month_1 PARTITION OF by_month FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
"""


B = "a_id bigint REFERENCES a, note text"


@pytest.mark.parametrize(
    ("old", "new", "tables", "columns"),
    [
        ("", "CREATE INDEX ON a (note);", ["~a", "b"], []),
        ("", "COMMENT ON COLUMN a.note IS 'x';", ["~a", "b"], ["~note"]),
        (B, f"{B} DEFAULT 'x'", ["a", "~b", "c"], ["~note"]),
        (B, "a_id bigint, note text", ["a", "~b", "c"], ["~a_id"]),
        ("CREATE TABLE d (id bigint PRIMARY KEY, c_id bigint REFERENCES c);", "", ["c", "-d"], []),
        ("", "CREATE TABLE e (a_id bigint REFERENCES a);", ["a", "+e"], []),
        ("", "CREATE VIEW v AS SELECT 1 AS one;", [], []),
    ],
)  # fmt: skip
def test_changed_tables_and_their_neighbours(
    database: Callable[..., Target], tmp_path: Path, old: str, new: str, tables: list[str], columns: list[str]
) -> None:
    desired = CHAIN.replace(old, new) if old else CHAIN + new
    diagram = planning(database, tmp_path, CHAIN).plan(desired).diagram
    assert [table.mark + table.name for table in diagram.tables] == tables
    assert [
        one.mark + one.name for table in diagram.tables if table.mark == "~" for one in table.columns if one.mark
    ] == columns


def test_cardinality_and_partitions(database: Callable[..., Target], tmp_path: Path) -> None:
    diagram = planning(database, tmp_path, "").plan(CHAIN).diagram
    assert [table.name for table in diagram.tables] == ["a", "b", "by_month", "c", "d"]
    assert [(link.source[1], link.unique, link.optional) for link in diagram.links] == [
        ("b", False, True),
        ("c", True, False),
        ("d", False, True),
    ]
