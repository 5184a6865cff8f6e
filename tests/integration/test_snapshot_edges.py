"""What needs what: pg_depend in terms of facts, and what keys and attributes say."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from support.relations import Loaded, loaded

from dataio.snapshot import Key, Snapshot, parent, take


@pytest.fixture(params=["pg15", "pg18"], scope="module")
def database(request: pytest.FixtureRequest) -> Iterator[Loaded]:
    with loaded(request.getfixturevalue(request.param)) as found:
        yield found


def _key(text: str) -> Key:
    kind, _, path = text.partition(" ")
    return Key(kind, tuple(path.split(".")))


def _names(snapshot: Snapshot, text: str) -> set[str]:
    return {f"{key.kind} {'.'.join(key.path)}" for key in snapshot.needs.get(_key(text), ())}


NEEDS = {
    "schema app": "",
    "table app.parent": "schema app",
    "table app.typed": "schema app, composite app.pair",
    "column app.parent.id": "table app.parent",
    "column app.parent.mood": "table app.parent, enum app.mood",
    "column app.parent.pair": "table app.parent, composite app.pair",
    "column app.parent.amount": "table app.parent, domain app.positive",
    "column app.parent.twice": "table app.parent, column app.parent.code",
    "default app.parent.mood": "table app.parent, column app.parent.mood, enum app.mood",
    "default app.child.id": "table app.child, column app.child.id, sequence app.child_id_seq",
    "default app.v.code": "view app.v",
    "not_null app.child.note": "table app.child, column app.child.note",
    "identity app.parent.id": "table app.parent, column app.parent.id",
    "sequence app.child_id_seq": "schema app",
    "owned_by app.child_id_seq": "sequence app.child_id_seq, column app.child.id",
    "replica_identity app.child": "table app.child",
    "clustered_on app.child": "table app.child, constraint app.child.child_pkey",
    "table app.p1": "schema app",
    "partition app.p1": "table app.p1, table app.parted",
    "table app.multi": "schema app",
    "inheritance app.multi.app.base2": "table app.multi, table app.base2",
    "constraint app.parent.parent_pkey": "table app.parent, column app.parent.id",
    "constraint app.child.child_parent_id_fkey": "table app.child, column app.child.parent_id, column app.parent.id, "
    "constraint app.parent.parent_pkey",
    "constraint app.p1.p1_pkey": "table app.p1, column app.p1.id, column app.p1.at, constraint app.parted.parted_pkey",
    # not the partitions' keys, which come and go without it
    "constraint app.refs.refs_fk": "table app.refs, column app.refs.id, column app.refs.at, column app.parted.id, "
    "column app.parted.at, constraint app.parted.parted_pkey",
    "index app.child_idx": "schema app, table app.child, column app.child.note, column app.child.parent_id, "
    "column app.child.id",
    "index app.p1_at_idx": "schema app, table app.p1, column app.p1.at, index app.parted_at",
    "index app.mv_n": "schema app, materialized_view app.mv",
    "view app.v": "schema app, column app.parent.id, column app.parent.code",
    "view app.v2": "schema app, view app.v, column app.child.note, column app.child.parent_id",
    "materialized_view app.mv": "schema app, view app.v2",
    "foreign_table app.far": "schema app, server s",
    "rule app.loose.announce": "table app.loose",
    "trigger app.child.touch": "table app.child, column app.child.note, function app.touch.",
    "trigger app.p1.touch": "table app.p1, trigger app.parted.touch, function app.touch.",
    "policy app.child.secrets": "table app.child, column app.child.note",
    "statistics app.stats": "schema app, column app.loose.a, column app.loose.b",
    "attribute app.pair.a": "composite app.pair",
    "domain_constraint app.positive.positive_check": "domain app.positive",
    "comment column.app.v.code": "view app.v",
    "comment index.app.child_pkey": "constraint app.child.child_pkey",
    "comment identity.app.parent.id": "identity app.parent.id",
    "owner table.app.child": "table app.child",
    "privilege column.app.child.note.dataio_reader.@self": "column app.child.note",
    "default_privilege @self.app.tables.dataio_reader": "schema app",
}


@pytest.mark.parametrize("dependent", NEEDS)
def test_needs(dependent: str, database: Loaded) -> None:
    expected = set(filter(None, NEEDS[dependent].split(", ")))
    assert _names(database.snapshot, database.text(dependent)) == expected


def test_row_types_are_their_relation(database: Loaded) -> None:
    function = Key("function", ("app", "first", "app.parent"))
    assert {Key("table", ("app", "parent")), Key("schema", ("app",))} <= database.snapshot.needs[function]


def test_edges_join_facts_and_never_go_in_circles_of_one(database: Loaded) -> None:
    facts = database.snapshot.facts
    for edge in database.snapshot.edges:
        assert edge.dependent in facts
        assert edge.referenced in facts
        assert edge.dependent != edge.referenced


def test_every_part_needs_its_whole(database: Loaded) -> None:
    snapshot = database.snapshot
    for key in snapshot.facts:
        above = parent(key, snapshot.relations)
        if above is not None and above in snapshot.facts:
            assert above in snapshot.needs[key], key


def test_order_of_creation_exists(database: Loaded) -> None:
    """Facts of this database can be made one after the other: base types with their functions are the only cycles."""
    snapshot = database.snapshot
    made: set[Key] = set()
    waiting = set(snapshot.facts)
    while waiting:
        ready = {key for key in waiting if snapshot.needs.get(key, frozenset()) <= made}
        assert ready, sorted(waiting)
        made |= ready
        waiting -= ready


def test_extension_types_and_string_bodies(database: Loaded) -> None:
    connection = database.connection
    with connection.transaction(force_rollback=True):
        connection.execute(
            """create function app.text_body() returns int language sql as 'select a from app.loose';
            create function app.parsed_body() returns int language sql begin atomic select a from app.loose; end"""
        )
        snapshot = take(connection)
        assert _names(snapshot, "function app.text_body.") == {"schema app"}
        assert _names(snapshot, "function app.parsed_body.") == {"schema app", "column app.loose.a"}
