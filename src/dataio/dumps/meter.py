"""How far a dump or a download is: bytes, rows, rate, time left. Nothing is measured when nobody listens."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Final, Self

import psycopg

from dataio.dumps.sql import query
from dataio.errors import DataioError
from dataio.postgres.connection import connect
from dataio.postgres.conninfo import Target
from dataio.progress import OnProgress, report

EVERY: Final = 0.5  # seconds
PATIENCE: Final = 15.0  # seconds for the connection that watches, which ends with the process anyway


def human(size: float) -> str:
    """``1.2 GB``."""
    for unit in ("B", "kB", "MB", "GB"):
        if abs(size) < 1000:
            return f"{size:.0f} {unit}" if unit == "B" or size >= 100 else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} TB"


def human_time(seconds: float) -> str:
    """``3 min 20 s``."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    return f"{whole // 60} min {whole % 60} s" if whole < 3600 else f"{whole // 3600} h {whole % 3600 // 60} min"


class Meter:
    """Counts bytes of a stage, and reports twice a second. ``total`` bytes, where known."""

    def __init__(self, on_progress: OnProgress, stage: str, *, total: int | None = None, what: str = "") -> None:
        self._on_progress, self._stage, self._total, self._what = on_progress, stage, total, what
        self._started = self._said = time.monotonic()
        self.done = 0
        self.rows: RowsSeen | None = None

    def add(self, size: int) -> None:
        self.done += size
        if self._on_progress is not None and (now := time.monotonic()) - self._said >= EVERY:
            self._said = now
            self.say()

    def say_rows(self) -> None:
        """Report rows, where those and not the bytes are seen."""
        if self._on_progress is None or self.rows is None or (now := time.monotonic()) - self._said < EVERY:
            return
        self._said = now
        seconds, seen, expected = now - self._started, self.rows.seen, self.rows.expected
        parts = [f"{seen:,} of {expected:,} rows", f"{seen / seconds:,.0f}/s"] if seen else [human_time(seconds)]
        if 0.02 < (fraction := seen / max(expected, 1)) < 1:
            parts.append(f"{human_time(seconds / fraction - seconds)} left")
        report(self._on_progress, self._stage, ", ".join(parts), done=seen or None, total=expected or None)

    def say(self, *, final: bool = False) -> None:
        """Report now. The last word of a stage has no time left."""
        if self._on_progress is None:
            return
        seconds = max(time.monotonic() - self._started, 0.001)
        size = human(self.done) + (f" of {human(self._total)}" if self._total else "")
        parts = [self._what, size] if self._what else [size]
        fraction = min(1.0, self.done / self._total) if self._total else 0.0
        if self.rows is not None and self.rows.seen:
            parts.append(f"{self.rows.seen:,} rows")
            if self.rows.expected and not self._total:
                fraction = min(1.0, self.rows.seen / self.rows.expected)
        parts.append(f"{human(self.done / seconds)}/s")
        if fraction > 0.02 and not final:
            parts.append(f"{human_time(seconds / fraction - seconds)} left")
        elif final:
            parts.append(f"in {human_time(seconds)}")
        report(self._on_progress, self._stage, ", ".join(parts), done=self.done, total=self._total)


class RowsSeen:
    """Rows that ``pg_dump`` has copied so far, from ``pg_stat_progress_copy`` (PostgreSQL 14), in its own thread."""

    def __init__(self, target: Target, application: str, *, estimates: Mapping[int, int], wanted: bool) -> None:
        self.seen = 0
        self.expected = sum(estimates.values())
        self._target, self._application, self._estimates = target, application, estimates
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="dataio-rows", daemon=True) if wanted else None

    def _run(self) -> None:
        try:
            with connect(self._target) as connection:
                finished, current = 0, dict[int, int]()
                while not self._stop.wait(EVERY):
                    now = self._now(connection)
                    for relation in current.keys() - now.keys():  # what an ended one really had, nobody tells any more
                        finished += max(current[relation], self._estimates.get(relation, 0))
                    current = now
                    self.seen = finished + sum(now.values())
        except (DataioError, psycopg.Error):
            return  # progress is a courtesy

    def _now(self, connection: psycopg.Connection[Any]) -> dict[int, int]:
        return dict(connection.execute(query("progress"), [self._application]).fetchall())

    def __enter__(self) -> Self:
        if self._thread is not None:
            self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._stop.set()
        if self._thread is not None:
            self._thread.join(PATIENCE)
