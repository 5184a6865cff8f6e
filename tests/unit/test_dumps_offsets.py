"""Where the blocks of an archive begin is found wherever the stream was cut into pieces."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataio.dumps.offsets import OffsetFinder


def block(number: int, rows: int) -> bytes:
    """A block of data as pg_dump writes it: type, ID, chunks with sign and length, an empty chunk."""
    row = b"1\ta row\n"
    head = b"\x01\0" + number.to_bytes(4, "little")
    return head + (b"\0" + len(row).to_bytes(4, "little") + row) * rows + b"\0" * 5


@given(st.lists(st.integers(0, 40), min_size=2, max_size=6), st.lists(st.integers(1, 60), min_size=1, max_size=50))
def test_wherever_it_is_cut(rows: list[int], cuts: list[int]) -> None:
    blocks = [block(300 + number, count) for number, count in enumerate(rows)]
    stream = b"".join(blocks)
    finder, at = OffsetFinder(), 0
    while at < len(stream):
        cut = cuts[at % len(cuts)]
        finder.feed(stream[at : at + cut])
        at += cut
    begins = [sum(map(len, blocks[:number])) for number in range(len(blocks))]
    expected = {(1, 300 + number, begin) for number, begin in enumerate(begins) if number}
    assert expected <= set(finder._found)
    assert {place for place in finder._found if place[1] >= 300} == expected


@pytest.mark.timeout(60)
def test_zeros_without_an_end_cost_nothing_special() -> None:
    """A large object of zeros: a search that stopped at each of them would take hours."""
    finder = OffsetFinder()
    for _ in range(200):
        finder.feed(bytes(1 << 20))
    assert finder._found == []
