"""A diagram as SVG: by itself, light or dark as its reader prefers, without script and without outside fonts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from dataio.diagram.layout import CHAR, HEAD, PAD, ROW, Box, column_texts, place, shortened
from dataio.diagram.model import Column, Diagram, Link, Mark, Table
from dataio.words import plural

_CLASSES: Final[dict[Mark, str]] = {"": "same", "+": "new", "~": "changed", "-": "dropped"}
_MARGIN: Final = 16.0
_LOOP: Final = 34.0

_STYLE: Final = """
.erd { --bg: #ffffff; --box: #ffffff; --head: #eef1f5; --line: #8b949e; --text: #1f2328; --dim: #59636e;
  --new: #1a7f37; --changed: #8a5300; --dropped: #cf222e; font: 12px ui-monospace, "DejaVu Sans Mono", monospace; }
@media (prefers-color-scheme: dark) { .erd { --bg: #0d1117; --box: #151b23; --head: #212830; --line: #656c76;
  --text: #f0f6fc; --dim: #9198a1; --new: #3fb950; --changed: #d29922; --dropped: #f85149; } }
.erd .paper { fill: var(--bg); } .erd .box { fill: var(--box); stroke: var(--line); }
.erd .head { fill: var(--head); stroke: var(--line); } .erd text { fill: var(--text); }
.erd .title { font-weight: 600; } .erd .type, .erd .key { fill: var(--dim); }
.erd .link { fill: none; stroke: var(--line); stroke-width: 1.4; }
.erd .new text, .erd text.new { fill: var(--new); } .erd .link.new { stroke: var(--new); }
.erd text.changed, .erd .changed .title { fill: var(--changed); } .erd .link.changed { stroke: var(--changed); }
.erd .dropped text, .erd text.dropped { fill: var(--dropped); text-decoration: line-through; }
.erd .link.dropped { stroke: var(--dropped); stroke-dasharray: 5 4; }
.erd .table.new .box { stroke: var(--new); } .erd .table.dropped .box { stroke: var(--dropped); }
""".strip()


def svg(
    diagram: Diagram,
    *,
    title: str = "Tables and foreign keys",
    href: Callable[[Table], str] | None = None,
    boxes: Sequence[Box] | None = None,
) -> str:
    """The drawing as one ``<svg>`` element; ``href`` gives each table a link. Crow's feet stand at the many side.

    ``boxes`` are the tables' places, where they are to be others than :func:`~dataio.diagram.layout.place` finds.
    """
    return _drawn(diagram, {box.table.key: box for box in boxes or place(diagram)}, title, href)


def _drawn(
    diagram: Diagram, boxes: Mapping[tuple[str, str], Box], title: str, href: Callable[[Table], str] | None
) -> str:
    width = max((box.x + box.width for box in boxes.values()), default=200.0) + 2 * _MARGIN + _LOOP
    height = max((box.y + box.height for box in boxes.values()), default=40.0) + 2 * _MARGIN
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="erd" role="img" aria-labelledby="erd-title erd-desc"'
        f' viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" height="{height:.0f}">',
        f'<title id="erd-title">{_text(title)}</title>',
        f'<desc id="erd-desc">{_text(_described(diagram))}</desc>',
        f"<style>{_STYLE}</style>",
        f'<rect class="paper" width="{width:.0f}" height="{height:.0f}"/>',
        f'<g transform="translate({_MARGIN:.0f} {_MARGIN:.0f})">',
        *(line for link in diagram.drawn_links for line in _link(link, boxes[link.source], boxes[link.target])),
        *(line for box in boxes.values() for line in _box(box, href)),
        "</g>",
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _described(diagram: Diagram) -> str:
    more = f"; {diagram.left_out} more tables are not shown" if diagram.left_out else ""
    refers = [f"{'.'.join(link.source)} refers to {'.'.join(link.target)}" for link in diagram.drawn_links]
    return (
        f"{plural(len(diagram.tables), 'table')}, {plural(len(diagram.drawn_links), 'foreign key')}{more}. "
        + "; ".join(refers)
    )


def _box(box: Box, href: Callable[[Table], str] | None) -> Iterator[str]:
    table = box.table
    yield (
        f'<g class="table {_CLASSES[table.mark]}" data-table={_attribute(".".join(table.key))}'
        f' transform="translate({box.x:.1f} {box.y:.1f})">'
    )
    yield f'<rect class="box" rx="5" width="{box.width:.1f}" height="{box.height:.1f}"/>'
    yield f'<rect class="head" rx="5" width="{box.width:.1f}" height="{HEAD:.1f}"/>'
    name = f"<title>{_text(table.label)}</title>{_text(shortened(table.label))}"
    title = f'<text class="title" x="{PAD:.0f}" y="18.5">{name}</text>'
    yield f"<a href={_attribute(href(table))}>{title}</a>" if href is not None else title
    for number, column in enumerate(table.columns):
        yield _line(column, box.width, HEAD + ROW * number + 15)
    yield "</g>"


def _line(column: Column, width: float, y: float) -> str:
    key, name, kind = column_texts(column)
    mark = f' class="{_CLASSES[column.mark]}"' if column.mark else ""
    return (
        f'<text class="key" x="{PAD:.0f}" y="{y:.1f}">{key}</text>'
        f'<text{mark} x="{PAD + 3 * CHAR:.1f}" y="{y:.1f}">{_text(name)}</text>'
        f'<text class="type" text-anchor="end" x="{width - PAD:.1f}" y="{y:.1f}">{_text(kind)}</text>'
    )


def _link(link: Link, source: Box, target: Box) -> Iterator[str]:
    """A curve from the referring column to the referenced table's head: a foot at the first, a bar at the other."""
    y1, y2 = source.row(link.columns[0] if link.columns else None), target.row(None)
    if source is target or abs(source.x - target.x) < min(source.width, target.width) / 2:
        x1, x2 = source.x + source.width, target.x + target.width
        out, into = 1, 1
        bend = max(x1, x2) + _LOOP
    else:
        out = -1 if target.x < source.x else 1
        into = -out
        x1 = source.x if out < 0 else source.x + source.width
        x2 = target.x + target.width if out < 0 else target.x
        bend = (x1 + x2) / 2
    path = f"M{x1:.1f} {y1:.1f}C{bend:.1f} {y1:.1f} {bend:.1f} {y2:.1f} {x2:.1f} {y2:.1f}"
    if not link.unique:
        foot = x1 + out * 10
        path += "".join(f"M{foot:.1f} {y1:.1f}L{x1:.1f} {y1 + toe:.1f}" for toe in (-6, 6))
    bar = x2 + into * 7
    path += f"M{bar:.1f} {y2 - 6:.1f}L{bar:.1f} {y2 + 6:.1f}"
    mark = f" {_CLASSES[link.mark]}" if link.mark else ""
    yield f'<path class="link{mark}" d="{path}"><title>{_text(link.name)}</title></path>'


def _text(text: str) -> str:
    return escape("".join(char if char.isprintable() else "�" for char in text))


def _attribute(text: str) -> str:
    return quoteattr("".join(char if char.isprintable() else "�" for char in text))
