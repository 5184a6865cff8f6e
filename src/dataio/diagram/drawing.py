"""A diagram for pages: laid out by Graphviz where it is here, else with what a browser needs to do so itself."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from dataio.diagram.graphviz import placed, sketch
from dataio.diagram.layout import place
from dataio.diagram.model import Diagram, Table
from dataio.diagram.svg import svg

_STYLE: Final = re.compile(r"<style>.*?</style>", re.DOTALL)


@dataclass(frozen=True)
class Drawing:
    """``svg`` is without its style: the page's own applies. ``tables`` are ``schema.name``, in the diagram's order.

    ``links`` is JSON: for each path in the SVG the tables it leads from and to, how far below the first one's top it
    starts, and whether many rows may refer to one. ``sketch`` is DOT for the browser, empty where the tables already
    stand where Graphviz puts them.
    """

    svg: str
    tables: tuple[str, ...]
    links: str
    sketch: str


def drawing(diagram: Diagram, *, title: str, href: Callable[[Table], str] | None = None) -> Drawing:
    """A diagram as a page shows it."""
    at = placed(diagram)
    boxes = {box.table.key: box for box in place(diagram, at)}
    text = _STYLE.sub("", svg(diagram, title=title, href=href, boxes=tuple(boxes.values())))
    if href is not None:  # an image may hold no links: it is a group of them
        text = text.replace(' role="img"', ' role="group"', 1)
    links = []
    for link in diagram.drawn_links:
        source = boxes[link.source]
        row = source.row(link.columns[0] if link.columns else None) - source.y
        links.append([".".join(link.source), ".".join(link.target), round(row, 1), not link.unique])
    names = tuple(".".join(table.key) for table in diagram.tables)
    return Drawing(text, names, json.dumps(links), "" if at else sketch(diagram))
