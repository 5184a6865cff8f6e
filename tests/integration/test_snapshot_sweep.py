"""Nothing is silently missed: the sweep names what no fact accounts for."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator

import pytest
from support.relations import Loaded, loaded
from test_snapshot_versions import ONE_OF_EACH

from dataio.errors import UnknownObject
from dataio.postgres.connection import connect
from dataio.postgres.conninfo import Target
from dataio.snapshot import ATTACHMENTS, Key, take
from dataio.snapshot.addresses import Addresses, Dependencies, pack
from dataio.snapshot.queries import query
from dataio.snapshot.sweep import Description, Sweep

Database = Callable[..., Target]


@pytest.fixture(params=["pg15", "pg18"], scope="module")
def relations(request: pytest.FixtureRequest) -> Iterator[Loaded]:
    with loaded(request.getfixturevalue(request.param)) as found:
        yield found


def _blind_to(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def without(name: str, major: int) -> str:
        return f"select * from ({query(name, major)}) x where false" if name == kind else query(name, major)

    monkeypatch.setattr(sys.modules["dataio.snapshot.take"], "query", without)


def _blind_kinds(target: Target, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Kinds that can be forgotten unnoticed."""
    unnoticed = []
    with connect(target) as connection:
        for kind in sorted({key.kind for key in take(connection).facts} - ATTACHMENTS - {"default_privilege"}):
            with monkeypatch.context() as patch:
                _blind_to(kind, patch)
                try:
                    take(connection)
                except UnknownObject:
                    continue
                unnoticed.append(kind)
    return unnoticed


def test_no_relation_kind_can_be_forgotten(relations: Loaded, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _blind_kinds(relations.target, monkeypatch) == []


def test_no_other_kind_can_be_forgotten(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    target = database()
    with connect(target) as connection:
        connection.execute(ONE_OF_EACH.encode())
    assert _blind_kinds(target, monkeypatch) == []


def test_it_is_named(relations: Loaded, monkeypatch: pytest.MonkeyPatch) -> None:
    _blind_to("policy", monkeypatch)
    with pytest.raises(UnknownObject) as caught:
        take(relations.connection)
    assert "policy secrets on table app.child" in caught.value.message
    assert take(relations.connection, check_complete=False).facts.keys() == {
        key for key in relations.snapshot.facts if key.kind != "policy"
    }


def test_an_unknown_catalogue_is_named() -> None:
    catalogs = ("pg_class", "pg_type", "pg_proc", "pg_constraint", "pg_rewrite", "pg_new")
    addresses = Addresses({name: 9000 + i for i, name in enumerate(catalogs)})
    group = Dependencies(9005, 9000, "n", [pack(20000)], [pack(20001)])
    with pytest.raises(UnknownObject, match="something new"):
        Sweep({}, addresses, [group], ()).check_objects(
            [("pg_class", [])], [], lambda left: {address: Description("something new", None) for address in left}
        )
    with pytest.raises(UnknownObject, match="catalogue 8888"):
        Sweep({}, addresses, [], ()).check_objects([("pg_class", [])], [8888], lambda left: {})


def test_objects_in_system_schemas_are_noted(database: Database) -> None:
    with connect(database()) as connection:
        empty = take(connection)
        connection.execute("create function pg_catalog.mine() returns int language sql as 'select 1'")
        snapshot = take(connection)
        assert snapshot.facts == empty.facts
        assert snapshot.notes == ("left out, as pg_dump does: function pg_catalog.mine()",)
        assert Key("function", ("pg_catalog", "mine", "")) not in snapshot.facts
