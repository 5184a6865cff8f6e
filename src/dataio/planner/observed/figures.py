"""Figures of the live target: how big, how busy, how fast to read, and who is at work there now.

Everything is read; the one thing that costs is a sample of the biggest relation, a few megabytes, to learn how fast
this server reads. Durations are estimates from that; each says what it was made from.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

import psycopg
from psycopg import sql
from psycopg.rows import class_row

from dataio.plan.model import Load, OpenTransaction, Replica
from dataio.planner.sql import query

LONG: Final = 10.0
"""Seconds after which an open transaction is worth a word: a lock that waits for it makes everybody else wait, too."""

_SAMPLE_PAGES: Final = 2048
_PAGE: Final = 8192
_PATIENCE: Final = "2s"  # for the sample
_ASSUMED: Final = 200e6  # bytes per second, where nothing could be sampled

# How much longer than reading a relation once these take: seen with PostgreSQL 18 on 1.5 million rows, fsync on.
_FACTORS: Final[Mapping[str, tuple[float, str]]] = {
    "scan": (1.5, "reading it once"),
    "check": (2.5, "a check of every row takes 2.5 times that"),
    "foreign key": (3.5, "looking up every row takes 3.5 times that"),
    "index": (12.0, "building an index takes 12 times that"),
    "rewrite": (60.0, "writing it anew, with its indexes, takes 60 times that"),
}


@dataclass(frozen=True)
class Size:
    """A relation by PostgreSQL's own count.

    ``rows``: an estimate, ``None`` before its first ANALYZE; ``bytes``: with indexes and TOAST; ``heap``: without
    (``None`` for what has none); ``writes``: rows written per second, on average since the statistics were reset.
    """

    rows: int | None
    bytes: int
    heap: int | None = None
    writes: float | None = None


@dataclass(frozen=True)
class Speed:
    """Bytes per second of a sequential read, and how that is known."""

    bytes: float = _ASSUMED
    basis: str = "assuming 200 MB/s"

    def estimate(self, work: str, size: int) -> tuple[float, str]:
        """How many seconds ``work`` ('scan', 'check', 'foreign key', 'index', 'rewrite') on ``size`` bytes may take."""
        factor, words = _FACTORS[work]
        return factor * size / self.bytes, f"{self.basis}; {words}"


@dataclass(frozen=True)
class Figures:
    """All of it."""

    sizes: Mapping[str, Size]
    speed: Speed
    load: Load


def sizes(target: psycopg.Connection[Any], names: Collection[str]) -> dict[str, Size]:
    """The sizes of relations on the target, by qualified name; those that are not there are left out."""
    if not names:
        return {}
    rows = target.execute(query("sizes"), {"names": sorted(names)}).fetchall()
    return {name: Size(*rest) for name, *rest in rows}


def measure(target: psycopg.Connection[Any], names: Collection[str]) -> Figures:
    """Read the figures of relations (qualified names) over an autocommit connection."""
    known = sizes(target, names)
    busy = tuple(sorted((name, round(size.writes, 2)) for name, size in known.items() if size.writes))
    with target.cursor(row_factory=class_row(OpenTransaction)) as cursor:
        rows = cursor.execute(query("open_transactions"), {"age": LONG, "names": sorted(names)}).fetchall()
        transactions = tuple(_frozen(row) for row in rows)
    with target.cursor(row_factory=class_row(Replica)) as replicas:
        standbys = tuple(replicas.execute(query("replicas")).fetchall())
    sync = target.execute(query("waits_for_sync")).fetchone()
    load = Load(transactions, standbys, busy, bool(sync and sync[0]))
    return Figures(known, speed(target, known), load)


def _frozen(row: OpenTransaction) -> OpenTransaction:
    return OpenTransaction(row.pid, row.user, row.application, row.state, round(row.seconds, 1), tuple(row.holds))


def speed(target: psycopg.Connection[Any], known: Mapping[str, Size]) -> Speed:
    """Read the first pages of the biggest relation, in two seconds at most, and see how long that takes."""
    with_heap = [(size.heap, name) for name, size in known.items() if size.heap]
    if not with_heap:
        return Speed()
    heap, name = max(with_heap)
    pages = min(_SAMPLE_PAGES, heap // _PAGE)
    text = sql.SQL("SELECT count(*) FROM ONLY {} WHERE ctid < {}::tid").format(
        sql.SQL(name),  # as quote_ident() wrote it
        sql.Literal(f"({pages},0)"),
    )
    try:
        with target.transaction(force_rollback=True):
            target.execute(sql.SQL("SET LOCAL statement_timeout = {}").format(sql.Literal(_PATIENCE)))
            target.execute("SET LOCAL row_security = off")
            started = time.perf_counter()
            target.execute(text)
            seconds = time.perf_counter() - started
    except psycopg.Error:
        return Speed()  # no right to read it, or not even these few megabytes in time
    read = pages * _PAGE
    rate = read / max(seconds, 1e-6)
    if read < 1 << 20:
        return Speed(min(rate, _ASSUMED), "assuming 200 MB/s at most (too small to sample)")
    return Speed(rate, f"{read / 1e6:.0f} MB of {name} were read at {rate / 1e6:.0f} MB/s")
