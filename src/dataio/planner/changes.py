"""Deltas as a reader sees them: one change per object, its parts folded in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from dataio.plan.model import Action, Change, ObjectRef
from dataio.planner.delta import Delta
from dataio.snapshot.keys import RELATION_KINDS, Key, parent
from dataio.snapshot.model import Fact
from dataio.snapshot.shown import value_text


def changes(deltas: Sequence[Delta]) -> tuple[Change, ...]:
    """The changes to show, in key order. What comes or goes with the thing it is part of is not named again."""
    shown = []
    for delta in wholes(deltas):
        if delta.old is not None and delta.new is not None:
            before = tuple((name, value_text(name, delta.old[name])) for name in delta.changed)
            after = tuple((name, value_text(name, delta.new[name])) for name in delta.changed)
            shown.append(Change("alter", _ref(delta.key), before, after))
        else:
            fact = delta.new or delta.old
            action: Action = "create" if delta.old is None else "drop"
            told = _told(fact) if fact is not None else ()
            shown.append(
                Change(action, _ref(delta.key), () if action == "create" else told, told if action == "create" else ())
            )
    return tuple(shown)


def wholes(deltas: Sequence[Delta]) -> list[Delta]:
    """Without what comes or goes with the thing that it is part of."""
    added = {delta.key for delta in deltas if delta.old is None}
    dropped = {delta.key for delta in deltas if delta.new is None}
    come, go = _relations(added), _relations(dropped)
    return [
        delta
        for delta in deltas
        if (delta.old is not None and delta.new is not None)
        or not (_comes_with(delta.key, added, come) if delta.old is None else _comes_with(delta.key, dropped, go))
    ]


def _relations(keys: Iterable[Key]) -> dict[tuple[str, str], Key]:
    return {(key.path[0], key.path[1]): key for key in keys if key.kind in RELATION_KINDS}


def _comes_with(key: Key, same: set[Key], relations: Mapping[tuple[str, str], Key]) -> bool:
    above = parent(key, relations)
    while above is not None and above.kind != "schema":
        if above in same:
            return True
        above = parent(above, relations)  # a view's column is no fact, but its comment comes with the view
    return False


def _told(fact: Fact) -> tuple[tuple[str, str], ...]:
    return tuple(
        (name, value_text(name, value)) for name, value in fact.attributes.items() if value not in (None, False, ())
    )


def _ref(key: Key) -> ObjectRef:
    return ObjectRef(key.kind, key.path, str(key))
