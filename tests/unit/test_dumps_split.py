"""An archive is cut apart at the same places wherever the stream was cut into chunks, and nothing of it is lost."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataio.dumps import split
from dataio.dumps.split import Splitter


def integer(value: int) -> bytes:
    return (b"\1" if value < 0 else b"\0") + abs(value).to_bytes(4, "little")


def text(value: bytes | None) -> bytes:
    return integer(-1) if value is None else integer(len(value)) + value


def entry(number: int, kind: bytes) -> bytes:
    """As ``WriteToc`` of version 1.16 writes one."""
    strings = [b"0", b"0", b"name of it"], [b"", b"", b"COPY ...", b"public", None, None], [b"owner", b"false"]
    parts = [integer(number), integer(1), *map(text, strings[0]), text(kind), integer(3), *map(text, strings[1])]
    return b"".join([*parts, integer(0), *map(text, strings[2]), text(b"7"), text(None), b"\1" + bytes(8)])


def contents(*entries: tuple[int, bytes]) -> bytes:
    head = b"PGDMP\1\20\0\4\10\1" + b"\0" + integer(1) * 7 + text(b"db") + text(b"18") + text(b"18")
    return head + integer(len(entries)) + b"".join(entry(number, kind) for number, kind in entries)


def block(number: int, rows: int, kind: int = 1) -> bytes:
    """A block of data as pg_dump writes it: type, ID, chunks with sign and length, an empty chunk."""
    row = b"1\ta row\n"
    return bytes([kind]) + integer(number) + (integer(len(row)) + row) * rows + integer(0)


@dataclass
class Collected:
    """What came out."""

    pieces: list[bytearray] = field(default_factory=list)
    entries: list[list[int]] = field(default_factory=list)
    rest: int = -1


def splitted(stream: bytes, cuts: list[int]) -> Collected:
    splitter, found, at = Splitter(), Collected(), 0

    def take(cut: split.Cut) -> None:
        if cut.begins:
            found.pieces.append(bytearray())
            found.entries.append([])
        if cut.rest:
            found.rest = len(found.pieces) - 1
        found.pieces[-1] += cut.data
        found.entries[-1] += cut.entries

    while at < len(stream):
        cut = cuts[at % len(cuts)]
        for part in splitter.feed(stream[at : at + cut]):
            take(part)
        at += cut
    for part in splitter.end():
        take(part)
    return found


@pytest.fixture(autouse=True)
def _small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(split, "ENOUGH", 300)


@given(
    st.lists(st.integers(0, 60), max_size=6),
    st.lists(st.integers(1, 60), min_size=1, max_size=50),
    st.booleans(),
    st.booleans(),
)
def test_wherever_it_is_cut(rows: list[int], cuts: list[int], blobs: bool, all_at_once: bool) -> None:
    numbers = [300 + number for number in range(len(rows))]
    head = contents((1, b"TABLE"), *((number, b"TABLE DATA") for number in numbers), (999, b"BLOBS"))
    blocks = [block(number, count) for number, count in zip(numbers, rows, strict=True)]
    large = b"\3" + integer(999) + integer(16400) + integer(9) + bytes(9) + integer(0) + block(300, 2) if blobs else b""
    stream = head + b"".join(blocks) + large
    found = splitted(stream, [len(stream)] if all_at_once else cuts)
    assert found.rest == len(found.pieces) - 1
    assert found.pieces[-1] == head + large
    assert [number for part in found.entries for number in part] == numbers
    assert found.entries[-1] == []
    for piece, entries in zip(found.pieces[:-1], found.entries[:-1], strict=True):
        expected = [blocks[number - 300] for number in entries]
        assert piece == head + b"".join(expected)
        assert len(b"".join(expected[:-1])) < 300


@pytest.mark.parametrize("size", [0, 3, 40, 200_000])
def test_what_is_not_known_stays_whole(size: int) -> None:
    """A later version of the format, something else, or nothing."""
    newer = b"PGDMP\1\21\0\4\10\1" + bytes(range(256)) * (size // 256 + 1)
    for stream in (newer[:size], b"x" * size):
        found = splitted(stream, [1000])
        assert [bytes(piece) for piece in found.pieces] == [stream]
        assert found.rest == 0


def test_an_archive_that_is_cut_off_stays_whole() -> None:
    head = contents((300, b"TABLE DATA"))
    found = splitted(head[:-20], [7])
    assert [bytes(piece) for piece in found.pieces] == [head[:-20]]


@pytest.mark.timeout(60)
def test_zeros_without_an_end_cost_nothing_special() -> None:
    """A large object of zeros: a search that stopped at each of them would take hours."""
    splitter = Splitter()
    size = 0
    head = contents((999, b"BLOBS")) + b"\3" + integer(999)
    for data in (head, *[bytes(1 << 20)] * 200):
        size += sum(len(cut.data) for cut in splitter.feed(data))
    size += sum(len(cut.data) for cut in splitter.end())
    assert size == len(head) + (200 << 20)
