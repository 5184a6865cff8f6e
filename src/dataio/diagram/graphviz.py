"""Places for the tables of a diagram by Graphviz's ``dot``, where it is on the PATH.

It is only told the sizes of the boxes and which refer to which: how a table looks stays with :mod:`dataio.diagram.svg`.
The same sketch is laid out in a browser by Graphviz's WebAssembly build, where a server has no ``dot``
(``api/pages/static/app.js``). https://graphviz.org/docs/layouts/dot/
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from dataio.diagram.layout import GAP_X, GAP_Y, Key, size
from dataio.diagram.model import Diagram

_INCH: Final = 72.0
_LONGEST: Final = 10.0


def sketch(diagram: Diagram) -> str:
    """The linked tables as boxes of their size, called ``t0``, ``t1``, … by their place in ``diagram.tables``; empty
    where none is linked.
    """
    return "\n".join(_lines(diagram)) + "\n" if _linked(diagram) else ""


def placed(diagram: Diagram) -> dict[Key, tuple[float, float]] | None:
    """The left upper corners of the linked tables; ``None`` where there is no ``dot``, or it does not answer."""
    program = shutil.which("dot")
    text = sketch(diagram)
    if program is None or not text:
        return None
    try:
        return _read(_laid_out(program, text), diagram)
    except (OSError, subprocess.SubprocessError, ValueError, IndexError):
        return None


@lru_cache(maxsize=32)
def _laid_out(program: str, text: str) -> str:
    """What ``dot`` says of a sketch, remembered: 300 tables take it more than a second."""
    done = subprocess.run(
        [program, "-Tplain"], input=text, capture_output=True, text=True, timeout=_LONGEST, check=True
    )
    return done.stdout


def _linked(diagram: Diagram) -> list[tuple[Key, Key]]:
    return [(link.source, link.target) for link in diagram.drawn_links if link.source != link.target]


def _lines(diagram: Diagram) -> Iterator[str]:
    links = dict.fromkeys(_linked(diagram))
    there = {key for link in links for key in link}
    names = {table.key: f"t{number}" for number, table in enumerate(diagram.tables)}
    yield "digraph erd {"
    yield f"  graph [rankdir=RL, splines=false, nodesep={GAP_Y / _INCH:.3f}, ranksep={GAP_X / _INCH:.3f}];"
    yield '  node [shape=box, fixedsize=true, label=""];'
    for table in diagram.tables:
        if table.key in there:
            width, height = size(table)
            yield f"  {names[table.key]} [width={width / _INCH:.4f}, height={height / _INCH:.4f}];"
    for source, target in links:
        yield f"  {names[source]} -> {names[target]};"
    yield "}"


def _read(plain: str, diagram: Diagram) -> dict[Key, tuple[float, float]]:
    """``-Tplain`` is lines of ``graph scale width height`` and ``node name x y width height …``: inches from below,
    x and y of the middle (https://graphviz.org/docs/outputs/plain/).
    """
    found: dict[Key, tuple[float, float]] = {}
    top = 0.0
    for line in plain.splitlines():
        kind, *parts = line.split()
        if kind == "graph":
            top = float(parts[2])
        elif kind == "node":
            x, y, width, height = (float(part) for part in parts[1:5])
            key = diagram.tables[int(parts[0].removeprefix("t"))].key
            found[key] = ((x - width / 2) * _INCH, (top - y - height / 2) * _INCH)
    return found
