"""The order of columns, which PostgreSQL cannot change in place: reported, never planned."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Final

from dataio.postgres.quoting import qualified
from dataio.snapshot.keys import Key
from dataio.snapshot.model import Snapshot

_PARTS: Final = {"table": "column", "foreign_table": "column", "composite": "attribute"}
_LISTED: Final = 5


def column_order_notes(current: Snapshot, desired: Snapshot) -> tuple[str, ...]:
    """One note that names the relations whose columns stand in another order than desired; none where none does."""
    found = list(_reordered(current, desired))
    if not found:
        return ()
    shown = [
        f"{qualified(*key.path)} (is {', '.join(now)}; the schema says {', '.join(wanted)})"
        for key, now, wanted in islice(found, _LISTED)
    ]
    more = [f"{len(found) - _LISTED} more"] if len(found) > _LISTED else []
    where = "; ".join([*shown, *more])
    return (f"the order of columns differs, which PostgreSQL cannot change in place and no plan does: {where}",)


def _reordered(current: Snapshot, desired: Snapshot) -> Iterator[tuple[Key, list[str], list[str]]]:
    for kind in _PARTS:
        for fact in desired.of_kind(kind):
            if fact.key not in current.facts:
                continue
            now, wanted = _columns(current, fact.key), _columns(desired, fact.key)
            both = set(now) & set(wanted)
            now, wanted = ([name for name in names if name in both] for names in (now, wanted))
            if now != wanted:
                yield fact.key, now, wanted


def _columns(snapshot: Snapshot, relation: Key) -> list[str]:
    columns = [part for part in snapshot.children(relation) if part.key.kind == _PARTS[relation.kind]]
    return [column.key.path[-1] for column in sorted(columns, key=lambda column: int(str(column.get_info("position"))))]
