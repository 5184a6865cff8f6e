"""What both kinds of store promise."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest

from dataio.dumps.errors import AlreadyThere, NotThere
from dataio.dumps.store import Store

TAGS = {"schema_v003": "2026-11-22T10:00:00", "made by": "a+b=c:/@._-"}
MB = 1 << 20


def test_small_objects(store: Store) -> None:
    store.put("a/b.json", b"{}", TAGS)
    assert store.read("a/b.json") == b"{}"
    assert store.tags("a/b.json") == TAGS
    assert store.look("a/b.json").size == 2
    assert [listed.key for listed in store.list()] == ["a/b.json"]


def test_what_is_there_is_never_overwritten(store: Store) -> None:
    store.put("a", b"first", {})
    with pytest.raises(AlreadyThere):
        store.put("a", b"second", {})
    with pytest.raises(AlreadyThere), store.writer("a", {}) as writer:  # noqa: PT012
        writer.write(b"third")
        writer.commit()
    assert store.read("a") == b"first"


def test_a_missing_object(store: Store) -> None:
    store.put("there", b"", {})
    for ask in (store.read, store.look, store.tags):
        with pytest.raises(NotThere):
            ask("not/there")
    store.delete(["not/there"])
    with pytest.raises(NotThere):
        list(store.chunks("not/there"))


@pytest.mark.parametrize("size", [0, 5, 20 * MB])
def test_written_streams(store: Store, size: int) -> None:
    block = bytes(range(256)) * 4096
    with store.writer("big", TAGS) as writer:
        for start in range(0, size, len(block)):
            writer.write(block[: size - start])
        stored = writer.commit()
    assert stored.size == size
    assert store.look("big").size == size
    assert store.tags("big") == TAGS
    content = b"".join(store.chunks("big"))
    assert content == (block * (size // len(block) + 1))[:size]
    assert b"".join(store.chunks("big", offset=size // 2)) == content[size // 2 :]


@pytest.mark.parametrize("size", [5, 20 * MB])
def test_a_stream_that_fails_leaves_nothing(store: Store, size: int) -> None:
    store.put("other", b"", {})
    with pytest.raises(RuntimeError, match="the source died"), store.writer("x/big", TAGS) as writer:  # noqa: PT012
        writer.write(bytes(size))
        raise RuntimeError("the source died")
    assert [listed.key for listed in store.list()] == ["other"]
    assert store.abandon("", before=datetime.now(UTC) + timedelta(days=1)) == 0


def test_a_listing_begins_where_it_is_asked_to(store: Store) -> None:
    for key in ("schema_v001/a/x", "schema_v001/b/y", "schema_v002/a/x", "schema_v0010/z"):
        store.put(key, b"1", {})
    assert [listed.key for listed in store.list("schema_v001/")] == ["schema_v001/a/x", "schema_v001/b/y"]
    assert [listed.key for listed in store.list("schema_v001/b")] == ["schema_v001/b/y"]
    assert len(list(store.list())) == 4


def test_tags_are_replaced_whole(store: Store) -> None:
    store.put("a", b"1", {"one": "1", "two": "2"})
    store.set_tags("a", {"three": "3"})
    assert store.tags("a") == {"three": "3"}
    store.set_tags("a", {})
    assert store.tags("a") == {}


def test_many_are_deleted_at_once(store: Store) -> None:
    keys = [f"d/{number:04d}" for number in range(30)]
    for key in keys:
        store.put(key, b"x", TAGS)
    store.delete(keys[1:])
    assert [listed.key for listed in store.list()] == keys[:1]
    store.delete(keys)
    assert list(store.list()) == []


def test_only_one_of_many_writers_wins(store: Store) -> None:
    outcomes: list[str] = []
    barrier = threading.Barrier(6)

    def write(number: int) -> None:
        barrier.wait(60)
        try:
            store.put("claim", b"%d" % number, {})
            outcomes.append(f"won {number}")
        except AlreadyThere:
            outcomes.append("lost")

    threads = [threading.Thread(target=write, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    won = [outcome for outcome in outcomes if outcome.startswith("won")]
    assert len(won) == 1
    assert len(outcomes) == 6
    assert store.read("claim") == won[0].removeprefix("won ").encode()


def test_a_link(store: Store) -> None:
    store.put("a", b"content", {})
    from urllib.request import urlopen

    with urlopen(store.link("a", seconds=60), timeout=60) as answer:
        assert answer.read() == b"content"
