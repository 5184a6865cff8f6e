"""Snapshots on disk: equal when they come back, none when anything is off."""

from pathlib import Path

import pytest

from dataio.snapshot.keys import Key
from dataio.snapshot.model import Edges, Fact, Snapshot
from dataio.snapshot.store import SnapshotStore

TABLE = Fact.of(Key("table", ("public", "t")), {"persistence": "permanent", "options": ("fillfactor=70",)})
COLUMN = Fact.of(Key("column", ("public", "t", "c")), {"type": "text", "is_local": True}, {"position": 1})
SNAPSHOT = Snapshot(
    facts={fact.key: fact for fact in (TABLE, COLUMN)},
    edges=Edges([(COLUMN.key, TABLE.key)]),
    major=18,
    self_role="me",
    notes=("a note",),
    wording={(COLUMN.key, "expression"): "as PostgreSQL said it"},
)


def test_what_was_put_comes_back(tmp_path: Path) -> None:
    store = SnapshotStore(tmp_path / "snapshots")
    assert store.get("key") is None
    store.put("key", SNAPSHOT)
    back = store.get("key")
    assert back == SNAPSHOT
    assert back is not None
    assert back.fingerprint == SNAPSHOT.fingerprint
    assert back.facts[COLUMN.key].get_info("position") == 1
    assert back.notes == SNAPSHOT.notes
    assert back.wording == SNAPSHOT.wording
    assert store.get("other key") is None


@pytest.mark.parametrize("damage", [b"", b"not a snapshot"])
def test_a_damaged_file_counts_as_none(tmp_path: Path, damage: bytes) -> None:
    store = SnapshotStore(tmp_path)
    store.put("key", SNAPSHOT)
    (file,) = tmp_path.iterdir()
    file.write_bytes(damage)
    assert store.get("key") is None


def test_a_folder_that_cannot_be_made_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    SnapshotStore(tmp_path / "file" / "snapshots").put("key", SNAPSHOT)


def test_only_the_last_used_are_kept(tmp_path: Path) -> None:
    store = SnapshotStore(tmp_path)
    for number in range(70):
        store.put(str(number), SNAPSHOT)
    assert len(list(tmp_path.iterdir())) == 64
