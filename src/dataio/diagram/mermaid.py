"""A diagram as Mermaid's ``erDiagram``, which GitHub and GitLab draw in a comment.

Tables get identifiers of their own and their names as labels, in which all that Mermaid, Markdown or HTML could take
for something else is an entity code. Types and column names must be words: where that changes one, its true name
stands in the comment beside it. Kept to what Mermaid 10 to 12 understand (https://mermaid.js.org/syntax/entityRelationshipDiagram.html).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final, TypeAlias

from dataio.diagram.model import Column, Diagram, Mark, Table

_Keep: TypeAlias = Callable[[Table, Column], bool]

LIMIT: Final = 45_000
"""Characters: GitHub's Mermaid refuses more than 50,000 (``maxTextSize``)."""

TABLES: Final = 60
"""More than this nobody can read in a comment."""

_WORDS: Final[dict[Mark, str]] = {"": "", "+": "new", "~": "changed", "-": "dropped"}
_LONG: Final = 60
_BLANK: Final = "#9251;"  # ␣: Mermaid cannot draw a name of blanks
_HINTED: Final = re.compile(r"(?i)(?:pk|fk|uk)(?![0-9A-Za-z_])")  # Mermaid's words for keys, in either case
_DIRECTION: Final = re.compile(r"(?i)d(?=irection\s)")  # "direction LR" anywhere on a line turns the diagram


def mermaid(diagram: Diagram, *, limit: int = LIMIT, tables: int = TABLES) -> str:
    """The diagram's text, at most ``limit`` characters and ``tables`` tables: first columns go that neither changed nor
    are keys, then all columns of unchanged tables, then tables. Says in a comment how many tables were left out.
    """
    chosen = diagram.limited(tables)
    for slim in (_as_it_is, _keys_and_changes, _changes):
        text = _written(slim(chosen))
        if len(text) <= limit:
            return text
    count = len(chosen.tables)
    while count > 1 and len(text) > limit:
        count = count * 3 // 4
        chosen = diagram.limited(count)
        text = _written(_changes(chosen))
    return text if len(text) <= limit else "erDiagram\n"


def _as_it_is(diagram: Diagram) -> Diagram:
    return diagram


def _keys_and_changes(diagram: Diagram) -> Diagram:
    return _slimmed(diagram, lambda _, column: bool(column.mark) or column.primary or column.foreign)


def _changes(diagram: Diagram) -> Diagram:
    return _slimmed(diagram, lambda _, column: bool(column.mark))


def _slimmed(diagram: Diagram, keep: _Keep) -> Diagram:
    return replace(
        diagram,
        tables=tuple(
            replace(table, columns=tuple(column for column in table.columns if keep(table, column)))
            for table in diagram.tables
        ),
    )


def _written(diagram: Diagram) -> str:
    return "\n".join(_lines(diagram)) + "\n"


def _lines(diagram: Diagram) -> Iterator[str]:
    yield "erDiagram"
    if diagram.left_out:
        yield f"    %% {diagram.left_out} more tables are not shown"
    names = {table.key: f"t{number}" for number, table in enumerate(diagram.tables, start=1)}
    for table in diagram.tables:
        head = f'    {names[table.key]}["{label(_titled(table))}"]'
        if not table.columns:
            yield head
            continue
        yield f"{head} {{"
        yield from (f"        {_column(column)}" for column in table.columns)
        yield "    }"
    for link in diagram.drawn_links:
        parent = "|o" if link.optional else "||"
        child = "o|" if link.unique else "o{"
        dashed = ".." if link.mark == "-" else "--"
        words = f"{link.name} ({_WORDS[link.mark]})" if link.mark else link.name
        yield f'    {names[link.target]} {parent}{dashed}{child} {names[link.source]} : "{label(words)}"'


def _titled(table: Table) -> str:
    return f"{table.label} ({_WORDS[table.mark]})" if table.mark in ("+", "-") else table.label


def _column(column: Column) -> str:
    keys = ["PK"] if column.primary else []
    keys += ["FK"] if column.foreign else []
    keys += ["UK"] if column.unique and not column.primary else []
    name = word(column.name)
    notes = [_WORDS[column.mark]] if column.mark else []
    notes += [column.name] if name != column.name else []
    parts = [word(column.short_type, of_type=True), name, ",".join(keys)]
    parts += [f'"{label(": ".join(notes))}"'] if notes else []
    return " ".join(filter(None, parts))


def word(text: str, *, of_type: bool = False) -> str:
    """``text`` as one of Mermaid's words: letters, digits, ``_`` and ``-``, in a type also parentheses and brackets."""
    also = "_-()[]" if of_type else "_-"
    safe = "".join(char if _plain(char) or char in also else "_" for char in text[:_LONG])
    if not safe or not (safe[0].isalpha() or safe[0] == "_") or _HINTED.match(safe):
        safe = f"_{safe}"
    return f"{safe}_" if of_type and safe.lower().endswith("direction") else safe


def label(text: str) -> str:
    """``text`` between quotes: what is neither letter, digit nor harmless becomes an entity code (``#34;``)."""
    text = text if len(text) <= _LONG else f"{text[: _LONG - 1]}…"
    text = "".join(char if char.isprintable() else " " for char in text)
    coded = "".join(char if _plain(char) or char in " _-.,:()…" else f"#{ord(char)};" for char in text)
    return _DIRECTION.sub(lambda found: f"#{ord(found.group())};", coded) if coded.strip() else _BLANK


def _plain(char: str) -> bool:
    """A letter or digit that Mermaid's words may have: ASCII, or from U+00C0 up to the end of the first plane."""
    return char.isalnum() and (char.isascii() or "\u00c0" <= char <= "\uffff")
