"""Where the boxes of a diagram go: referenced tables to the left of those that refer to them, few crossings.

Layers by the longest chain of foreign keys, circles broken where they close; the order within a layer by the mean
position of the neighbours, swept to and fro; what is not linked goes below, in rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from dataio.diagram.model import Column, Diagram, Table

Key: TypeAlias = tuple[str, str]

CHAR: Final = 7.3  # the width of one character of the 12 px monospaced font
HEAD: Final = 28.0
ROW: Final = 20.0
PAD: Final = 12.0
GAP_X: Final = 90.0
GAP_Y: Final = 28.0
_SWEEPS: Final = 8
_LONG: Final = 40


@dataclass(frozen=True)
class Box:
    """A table's place: the left upper corner and the size, in pixels."""

    table: Table
    x: float
    y: float
    width: float
    height: float

    def row(self, column: str | None) -> float:
        """The middle of a column's line (of the head, where the column is not shown)."""
        for number, one in enumerate(self.table.columns):
            if one.name == column:
                return self.y + HEAD + ROW * (number + 0.5)
        return self.y + HEAD / 2


def shortened(text: str) -> str:
    return text if len(text) <= _LONG else f"{text[: _LONG - 1]}…"


def column_texts(column: Column) -> tuple[str, str, str]:
    """What a line shows: key, name, type."""
    key = "PK" if column.primary else "FK" if column.foreign else "UK" if column.unique else ""
    return key, shortened(column.name), shortened(column.short_type) + ("" if column.nullable else " *")


def place(diagram: Diagram, at: Mapping[Key, tuple[float, float]] | None = None) -> tuple[Box, ...]:
    """All tables with their places, each group of linked tables by itself, the largest first.

    ``at`` is where somebody else (:mod:`dataio.diagram.graphviz`) puts the linked ones.
    """
    sizes = {table.key: size(table) for table in diagram.tables}
    tables = {table.key: table for table in diagram.tables}
    if at:
        put = [Box(table, *at[key], *sizes[key]) for key, table in tables.items() if key in at]
        below = max(box.y + box.height for box in put) + 2 * GAP_Y
        return (*put, *_rows([table for key, table in tables.items() if key not in at], sizes, below, put))
    groups = sorted(_groups(diagram), key=lambda group: (-len(group), group[0]))
    boxes: list[Box] = []
    bottom = 0.0
    for group in (group for group in groups if len(group) > 1):
        layers = _ordered(_layers(group, diagram), diagram)
        x, lowest = 0.0, bottom
        tallest = max(_height(layer, sizes) for layer in layers)
        for layer in layers:
            y = bottom + (tallest - _height(layer, sizes)) / 2
            for key in layer:
                boxes.append(Box(tables[key], x, y, *sizes[key]))
                y += sizes[key][1] + GAP_Y
            lowest = max(lowest, y)
            x += max(sizes[key][0] for key in layer) + GAP_X
        bottom = lowest + GAP_Y
    boxes += _rows([tables[group[0]] for group in groups if len(group) == 1], sizes, bottom, boxes)
    return tuple(boxes)


def size(table: Table) -> tuple[float, float]:
    """Width and height of a table's box, in pixels."""
    parts = [column_texts(column) for column in table.columns]
    widest = max((len(name) + len(kind) for _, name, kind in parts), default=0)
    width = max(len(shortened(table.label)) * CHAR * 1.15, widest * CHAR + 3.5 * CHAR + PAD)
    return width + 2 * PAD, HEAD + ROW * len(parts) + (6 if parts else 0)


def _height(layer: Sequence[Key], sizes: Mapping[Key, tuple[float, float]]) -> float:
    return sum(sizes[key][1] + GAP_Y for key in layer) - GAP_Y


def _groups(diagram: Diagram) -> list[list[Key]]:
    """The tables that hang together."""
    leader = {table.key: table.key for table in diagram.tables}

    def find(key: Key) -> Key:
        while leader[key] != key:
            leader[key] = leader[leader[key]]
            key = leader[key]
        return key

    for link in diagram.drawn_links:
        leader[find(link.source)] = find(link.target)
    groups: dict[Key, list[Key]] = {}
    for key in leader:
        groups.setdefault(find(key), []).append(key)
    return list(groups.values())


def _layers(group: Sequence[Key], diagram: Diagram) -> list[list[Key]]:
    """By the longest way to a table that refers to nothing; a link that closes a circle does not count."""
    inside = set(group)
    targets: dict[Key, list[Key]] = {key: [] for key in group}
    for link in diagram.drawn_links:
        if link.source in inside and link.target != link.source:
            targets[link.source].append(link.target)
    rank: dict[Key, int] = {}
    open_now: set[Key] = set()
    for start in group:
        stack = [start]
        while stack:
            key = stack[-1]
            if key in rank:
                stack.pop()
                continue
            open_now.add(key)
            waiting = [other for other in targets[key] if other not in rank and other not in open_now]
            if waiting:
                stack.append(waiting[0])
                continue
            rank[key] = 1 + max((rank[other] for other in targets[key] if other in rank), default=-1)
            open_now.discard(key)
            stack.pop()
    layers: list[list[Key]] = [[] for _ in range(max(rank.values()) + 1)]
    for key in group:
        layers[rank[key]].append(key)
    return [layer for layer in layers if layer]


def _ordered(layers: list[list[Key]], diagram: Diagram) -> list[list[Key]]:
    """Each layer by the mean position of its neighbours in the layer before, then in the one after, some times over."""
    near: dict[Key, set[Key]] = {}
    for link in diagram.drawn_links:
        near.setdefault(link.source, set()).add(link.target)
        near.setdefault(link.target, set()).add(link.source)
    for sweep in range(_SWEEPS):
        numbers = range(1, len(layers)) if sweep % 2 == 0 else range(len(layers) - 2, -1, -1)
        for number in numbers:
            other = layers[number - 1 if sweep % 2 == 0 else number + 1]
            at = {key: index / max(len(other), 1) for index, key in enumerate(other)}
            layers[number] = _by_mean(layers[number], at, near)
    return layers


def _by_mean(layer: list[Key], at: Mapping[Key, float], near: Mapping[Key, set[Key]]) -> list[Key]:
    def mean(index: int, key: Key) -> float:
        places = [at[other] for other in near.get(key, ()) if other in at]
        return sum(places) / len(places) if places else index / max(len(layer), 1)

    return [key for _, _, key in sorted((mean(index, key), index, key) for index, key in enumerate(layer))]


def _rows(
    alone: Iterable[Table], sizes: Mapping[Key, tuple[float, float]], top: float, boxes: Sequence[Box]
) -> list[Box]:
    """Tables without links, in rows as wide as what is above them."""
    width = max([1000.0, *(box.x + box.width for box in boxes)])
    placed: list[Box] = []
    x, y, tallest = 0.0, top, 0.0
    for table in alone:
        if x and x + sizes[table.key][0] > width:
            x, y, tallest = 0.0, y + tallest + GAP_Y, 0.0
        placed.append(Box(table, x, y, *sizes[table.key]))
        x += sizes[table.key][0] + GAP_Y
        tallest = max(tallest, sizes[table.key][1])
    return placed
