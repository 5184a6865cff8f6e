"""What a plan changes, as a diagram: the changed tables and one foreign key around them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from dataio.diagram.model import Diagram, compared
from dataio.planner.delta import Delta
from dataio.snapshot.diagram import diagram_of
from dataio.snapshot.keys import Key, parent
from dataio.snapshot.model import Snapshot


def picture(current: Snapshot, desired: Snapshot, deltas: Sequence[Delta], renamed: Iterable[Key]) -> Diagram:
    """The diagram for a plan. ``renamed`` are new names: what has one counts as changed, as do tables and columns of
    which something changes that no diagram shows (an index, a default, a comment).
    """
    also = {path for delta in deltas for path in _belongs_to(delta.key, desired if delta.new else current)}
    also |= {key.path for key in renamed if key.kind in ("table", "column")}
    near = _neighbourhood({path[:2] for path in also}, current, desired)
    return compared(diagram_of(current, near), diagram_of(desired, near), also).changes()


def _neighbourhood(tables: set[tuple[str, ...]], *sides: Snapshot) -> set[tuple[str, ...]]:
    """The tables, and those that a foreign key joins with one of them on any side."""
    near = set(tables)
    for side in sides:
        for fact in side.of_kind("constraint"):
            if fact["type"] == "foreign key" and fact["references"]:
                ends = {fact.key.path[:2], fact.names("references")}
                if ends & tables:
                    near |= ends
    return near


def _belongs_to(key: Key, side: Snapshot) -> Iterator[tuple[str, ...]]:
    if key.kind in ("not_null", "default", "identity"):
        yield key.path
    fact = side.facts.get(key)
    if key.kind == "index" and fact is not None:
        yield fact.names("table")
    above: Key | None = key
    while above is not None:
        if above.kind in ("table", "foreign_table", "column"):
            yield above.path
        above = parent(above, side.relations)
