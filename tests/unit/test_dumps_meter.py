"""What is said on the way: bytes, rows, rate, time left."""

from __future__ import annotations

import pytest

from dataio.dumps import meter as module
from dataio.dumps.meter import Meter, RowsSeen, human, human_time
from dataio.postgres.conninfo import parse_target
from dataio.progress import Progress


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(module, "time", clock)
    return clock


def seen(rows: int, expected: int) -> RowsSeen:
    watcher = RowsSeen(parse_target("postgresql://nobody@127.0.0.1:1/none"), "x", estimates={1: expected}, wanted=False)
    watcher.seen = rows
    return watcher


def test_a_dump_tells_bytes_rows_rate_and_time_left(clock: Clock) -> None:
    said: list[Progress] = []
    meter = Meter(said.append, "dump")
    meter.rows = seen(250_000, 1_000_000)
    clock.now += 10
    meter.add(50_000_000)
    assert [event.detail for event in said] == ["50.0 MB, 250,000 rows, 5.0 MB/s, 30 s left"]
    meter.add(1)  # twice a second is enough
    assert len(said) == 1
    clock.now += 10
    meter.say(final=True)
    assert said[-1].detail == "50.0 MB, 250,000 rows, 2.5 MB/s, in 20 s"


def test_a_download_knows_its_end(clock: Clock) -> None:
    said: list[Progress] = []
    meter = Meter(said.append, "fetch", total=1_000_000_000)
    clock.now += 60
    meter.add(250_000_000)
    assert said[-1].detail == "250 MB of 1.0 GB, 4.2 MB/s, 3 min 0 s left"
    assert (said[-1].done, said[-1].total) == (250_000_000, 1_000_000_000)


def test_a_restore_tells_rows(clock: Clock) -> None:
    said: list[Progress] = []
    meter = Meter(said.append, "restore")
    meter.rows = seen(500, 2000)
    clock.now += 5
    meter.say_rows()
    assert said[-1].detail == "500 of 2,000 rows, 100/s, 15 s left"


def test_nobody_listens() -> None:
    meter = Meter(None, "dump")
    meter.add(5)
    meter.say()
    assert meter.done == 5


@pytest.mark.parametrize(
    ("size", "text"), [(0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (123_456_789, "123 MB"), (2.5e12, "2.5 TB")]
)
def test_sizes(size: float, text: str) -> None:
    assert human(size) == text


@pytest.mark.parametrize(("seconds", "text"), [(0.4, "0 s"), (59, "59 s"), (200, "3 min 20 s"), (7260, "2 h 1 min")])
def test_times(seconds: float, text: str) -> None:
    assert human_time(seconds) == text
