"""The schema as pages show it."""

from __future__ import annotations

from dataio.operations import explore
from dataio.postgres.connection import connect
from dataio.postgres.conninfo import Target
from dataio.snapshot.diagram import diagram_of
from dataio.snapshot.take import take

MORE = """
CREATE SCHEMA odd;
CREATE TABLE odd."Quoted ""name" (a int, b int, UNIQUE (a, b), "c d" int UNIQUE);
CREATE TABLE odd.none ();
CREATE TABLE odd.child (a int NOT NULL, b int, id int PRIMARY KEY REFERENCES odd.child,
    FOREIGN KEY (a, b) REFERENCES odd."Quoted ""name" (a, b));
CREATE TABLE odd.parted (id int, day date, owner bigint REFERENCES public.data_owners) PARTITION BY RANGE (day);
CREATE TABLE odd.parted_1 PARTITION OF odd.parted FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
"""


def test_the_quick_diagram_is_that_of_the_snapshot(catalogue: Target) -> None:
    with connect(catalogue) as connection:
        connection.execute(MORE.encode())
        slow = diagram_of(take(connection))
    quick = explore.diagram(catalogue)
    assert quick.tables == slow.tables
    assert sorted(quick.links, key=str) == sorted(slow.links, key=str)
    assert len(quick.tables) == 26


def test_a_relation_is_told_with_all_that_belongs_to_it(catalogue: Target) -> None:
    found = explore.relation(catalogue, "public", "datasets")
    assert found is not None
    assert found.relation.kind == "table"
    assert [one["name"] for one in found.columns][:2] == ["ds_id", "title"]
    assert "dataset_versions" in {one["table"] for one in found.referred_by}
    assert found.constraints[0]["kind"] == "primary key"
    assert {one["name"] for one in found.indexes} >= {"datasets_pkey", "datasets_last_four_idx"}
    assert "refresh_search_insert" in {one["name"] for one in found.triggers}
    view = explore.relation(catalogue, "public", "tag_counts")
    assert view is not None
    assert view.definition is not None
    assert explore.relation(catalogue, "dataio_meta", "migration") is None
    assert explore.relation(catalogue, "public", "nothing") is None
