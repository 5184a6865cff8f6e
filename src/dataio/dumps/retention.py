"""Which dumps may go: so many of the newest, of days, weeks and months, per schema version.

The newest dump of a version never goes, nor the newest of those that hold all there was: dumps of the schema only, or
of some tables, are counted apart, so that they cannot push out the others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby

from dataio.dumps.listing import Entry
from dataio.dumps.manifest import FILE, SCHEMA_FILE
from dataio.dumps.store import Store
from dataio.errors import UsageError
from dataio.progress import OnProgress, report


@dataclass(frozen=True)
class Policy:
    """How many to keep, per version. Of a day, week (ISO) or month, UTC, the newest dump counts."""

    last: int = 0
    daily: int = 0
    weekly: int = 0
    monthly: int = 0


@dataclass(frozen=True)
class Decision:
    """``keep`` has a reason for each; ``unfinished`` are remains of runs that did not end."""

    keep: tuple[tuple[Entry, str], ...]
    remove: tuple[Entry, ...]
    unfinished: tuple[Entry, ...] = ()

    @property
    def freed(self) -> int:
        """Bytes."""
        return sum(entry.size for entry in (*self.remove, *self.unfinished))


def decide(found: Iterable[Entry], policy: Policy | None, *, unfinished_before: datetime | None = None) -> Decision:
    """What ``policy`` keeps (``None``: all finished dumps) and what may go; nothing is touched.

    ``unfinished_before``: remains that have not changed since then may go, too. Raises UsageError for a policy that
    keeps nothing, or a negative number.
    """
    entries = list(found)
    if policy is not None:
        numbers = (policy.last, policy.daily, policy.weekly, policy.monthly)
        if min(numbers) < 0 or not any(numbers):
            raise UsageError(
                "say what to keep", hint="For example: --keep-last 3 --keep-daily 7 --keep-weekly 4 --keep-monthly 12."
            )
    keep: list[tuple[Entry, str]] = []
    remove: list[Entry] = []
    complete = sorted((entry for entry in entries if entry.complete), key=_class)
    for _, group in groupby(complete, key=_class):
        dumps = sorted(group, key=lambda entry: entry.time, reverse=True)
        reasons = _reasons(dumps, policy)
        for dump in dumps:
            if reason := reasons.get(dump.id):
                keep.append((dump, reason))
            else:
                remove.append(dump)
    remains = tuple(
        entry
        for entry in entries
        if not entry.complete and unfinished_before is not None and entry.modified < unfinished_before
    )
    return Decision(tuple(keep), tuple(sorted(remove, key=lambda entry: entry.time)), remains)


def _class(entry: Entry) -> tuple[int, bool]:
    return entry.version, entry.whole


def _reasons(newest_first: list[Entry], policy: Policy | None) -> dict[str, str]:
    if policy is None:
        return {dump.id: "not asked for" for dump in newest_first}
    found: dict[str, str] = {newest_first[0].id: "newest of its version"}
    for dump in newest_first[: policy.last]:
        found.setdefault(dump.id, "last")
    periods: list[tuple[str, int, Callable[[datetime], object]]] = [
        ("daily", policy.daily, lambda time: time.date()),
        ("weekly", policy.weekly, lambda time: time.isocalendar()[:2]),
        ("monthly", policy.monthly, lambda time: (time.year, time.month)),
    ]
    for name, number, period in periods:
        seen: set[object] = set()
        for dump in newest_first:
            of = period(dump.taken_at)
            if of not in seen and len(seen) < number:
                found.setdefault(dump.id, name)
            seen.add(of)
    return found


def remove(store: Store, entry: Entry, *, on_progress: OnProgress = None) -> None:
    """Remove a dump: its manifest first, so that it is no dump from then on, whatever happens; its claim last."""
    report(on_progress, "prune", entry.id)
    remove_by_id(store, entry.id)


def remove_by_id(store: Store, dump_id: str) -> None:
    """:func:`remove` without a listing."""
    folder = dump_id + "/"
    store.delete([folder + FILE])
    keys = [listed.key for listed in store.list(folder)]
    last = folder + SCHEMA_FILE
    store.delete([key for key in keys if key != last])
    store.delete([last])


def abandon_uploads(store: Store, *, older_than: timedelta = timedelta(days=1)) -> int:
    """Take back uploads that never ended; how many there were."""
    return store.abandon("", before=datetime.now(UTC) - older_than)
