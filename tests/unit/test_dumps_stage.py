"""Unpacking: whatever fails on one side of the queue is heard on the other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dataio.dumps import stage
from dataio.dumps.errors import Damaged, DumpError

PIECES = [bytes(10)] * 100  # more than the queue holds


@pytest.mark.timeout(30)
def test_a_watcher_that_fails_does_not_hang_the_reader(tmp_path: Path) -> None:
    class Failing(stage._File):
        def take(self, data: bytes | memoryview) -> None:
            raise MemoryError("no room")

    with pytest.raises(MemoryError, match="no room"):
        stage.write(PIECES, Failing(tmp_path / "out"), size=None, where="there")


@pytest.mark.timeout(30)
def test_a_full_disk_does_not_hang_the_reader() -> None:
    """``/dev/full`` takes the open and refuses every write."""
    with pytest.raises(DumpError, match="No space left on device"):
        stage.write(PIECES, stage._File(Path("/dev/full")), size=None, where="there")


@pytest.mark.timeout(30)
def test_pieces_that_end_in_an_error_end_the_writer(tmp_path: Path) -> None:
    def pieces() -> Iterator[bytes]:
        yield from PIECES
        raise Damaged("cut off")

    with pytest.raises(Damaged, match="cut off"):
        stage.write(pieces(), stage._File(tmp_path / "out"), size=None, where="there")


def test_the_size_is_compared(tmp_path: Path) -> None:
    with pytest.raises(Damaged, match="1,000 bytes, the manifest says 999"):
        stage.write(PIECES, stage._File(tmp_path / "out"), size=999, where="there")
