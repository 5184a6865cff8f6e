"""A diagram in Graphviz's DOT, a table of HTML-like cells per table (https://graphviz.org/doc/info/shapes.html#html)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from xml.sax.saxutils import escape

from dataio.diagram.layout import column_texts
from dataio.diagram.model import Diagram, Mark, Table

_COLOURS: Final[dict[Mark, str]] = {"": "#1f2328", "+": "#1a7f37", "~": "#8a5300", "-": "#cf222e"}


def dot(diagram: Diagram) -> str:
    """The diagram as a ``digraph``: edges go from the referring table to the referenced one."""
    return "\n".join(_lines(diagram)) + "\n"


def _lines(diagram: Diagram) -> Iterator[str]:
    names = {table.key: f"t{number}" for number, table in enumerate(diagram.tables, start=1)}
    yield "digraph erd {"
    yield '  graph [rankdir=RL, fontname="sans-serif"];'
    yield '  node [shape=plaintext, fontname="sans-serif", fontsize=11];'
    yield '  edge [arrowhead=teetee, arrowtail=crow, dir=both, color="#8b949e", fontsize=9];'
    for table in diagram.tables:
        yield f"  {names[table.key]} [label=<{_cells(table)}>];"
    for link in diagram.drawn_links:
        tail = "tee" if link.unique else "crow"
        style = ", style=dashed" if link.mark == "-" else ""
        yield (
            f"  {names[link.source]} -> {names[link.target]}"
            f' [tooltip={_quoted(link.name)}, arrowtail={tail}, color="{_COLOURS[link.mark]}"{style}];'
        )
    if diagram.left_out:
        yield f'  more [label="and {diagram.left_out} more tables"];'
    yield "}"


def _cells(table: Table) -> str:
    title = _font(f"<b>{_text(table.label)}</b>", table.mark)
    rows = [f'<tr><td colspan="3" bgcolor="#eef1f5">{title}</td></tr>']
    for column in table.columns:
        cells = (f'<td align="left">{_font(_text(part), column.mark)}</td>' for part in column_texts(column))
        rows.append(f"<tr>{''.join(cells)}</tr>")
    return f'<table border="0" cellborder="1" cellspacing="0" cellpadding="3">{"".join(rows)}</table>'


def _font(text: str, mark: Mark) -> str:
    return f'<font color="{_COLOURS[mark]}">{text}</font>'


def _text(text: str) -> str:
    """Empty cells are not allowed, so a space stands for nothing."""
    return escape("".join(char if char.isprintable() else "�" for char in text)) or " "


def _quoted(text: str) -> str:
    clean = "".join(char if char.isprintable() else "�" for char in text)
    return '"' + clean.replace("\\", "\\\\").replace('"', '\\"') + '"'
