"""Deltas as a reader sees them: one change per object, its parts folded in."""

from __future__ import annotations

from collections.abc import Sequence

from dataio.plan.model import Action, Change, ObjectRef
from dataio.planner.delta import Delta
from dataio.snapshot.keys import Key, parent
from dataio.snapshot.model import Fact, Snapshot, Value


def changes(deltas: Sequence[Delta], current: Snapshot, desired: Snapshot) -> tuple[Change, ...]:
    """The changes to show, in key order. What comes or goes with the thing it is part of is not named again."""
    added = {delta.key for delta in deltas if delta.old is None}
    dropped = {delta.key for delta in deltas if delta.new is None}
    shown = []
    for delta in deltas:
        side, same = (desired, added) if delta.old is None else (current, dropped)
        if delta.old is not None and delta.new is not None:
            before = tuple((name, as_text(delta.old[name])) for name in delta.changed)
            after = tuple((name, as_text(delta.new[name])) for name in delta.changed)
            shown.append(Change("alter", _ref(delta.key), before, after))
        elif not _comes_with(delta.key, side, same):
            fact = delta.new or delta.old
            action: Action = "create" if delta.old is None else "drop"
            told = _told(fact) if fact is not None else ()
            shown.append(
                Change(action, _ref(delta.key), () if action == "create" else told, told if action == "create" else ())
            )
    return tuple(shown)


def _comes_with(key: Key, side: Snapshot, same: set[Key]) -> bool:
    above = parent(key, side.relations)
    return above is not None and above.kind != "schema" and above in same


def _told(fact: Fact) -> tuple[tuple[str, str], ...]:
    return tuple((name, as_text(value)) for name, value in fact.attributes.items() if value not in (None, False, ()))


def as_text(value: Value) -> str:
    """An attribute's value for people."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case tuple():
            return ", ".join(as_text(item) for item in value)
    return str(value)


def _ref(key: Key) -> ObjectRef:
    return ObjectRef(key.kind, key.path, str(key))
