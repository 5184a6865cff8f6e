"""One wording for deparsed SQL that PostgreSQL itself words in two ways.

``CHECK (s IN ('a', 'b'))`` on a varchar column deparses as ``(s)::text = ANY ((ARRAY['a'::character varying,
'b'::character varying])::text[])``. Parsed again, as after a dump and restore, the cast of an ARRAY constructor moves
into its elements (``transformArrayExpr`` in parse_expr.c), and the same constraint now deparses as ``… = ANY
(ARRAY[('a'::character varying)::text, ('b'::character varying)::text])``. Facts hold the second wording, which is the
one that stays; the first is kept beside them (:attr:`Snapshot.wording`) for who writes statements.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

_CAST: Final = re.compile(
    r"""\)::(?P<element>
        (?:"(?:[^"]|"")+"|[a-z_][a-z0-9_$]*)(?:\.(?:"(?:[^"]|"")+"|[a-z_][a-z0-9_$]*))?
        (?:\ (?:varying|precision))?
        (?:\(\d+(?:,\d+)?\))?
        (?:\ with(?:out)?\ time\ zone)?
    )\[\]""",
    re.VERBOSE,
)
_OPEN: Final = "(ARRAY["


def settled(text: str) -> str:
    """Deparsed SQL in the wording that a dump and restore leaves as it is."""
    if _OPEN not in text:
        return text
    start = 0
    while (start := text.find(_OPEN, start)) >= 0:
        if _inside_quotes(text, start):
            start += 1
            continue
        elements, end = _elements(text, start + len(_OPEN))
        cast = _CAST.match(text, end + 1) if end >= 0 else None
        if cast is None or any(element.startswith("ARRAY[") for element in elements):
            start += 1
            continue
        pushed = ", ".join(f"({settled(element)})::{cast['element']}" for element in elements)
        text = f"{text[:start]}ARRAY[{pushed}]{text[cast.end() :]}"
        start += 1
    return text


def _elements(text: str, start: int) -> tuple[list[str], int]:
    """The elements of the ARRAY constructor whose content begins at ``start``; where its ``]`` stands, or -1."""
    elements, depth, begin = [], 0, start
    for position, character in _outside_quotes(text, start):
        if character in "([":
            depth += 1
        elif character in ")]":
            if depth == 0:
                if begin < position:
                    elements.append(text[begin:position].strip())
                return elements, position
            depth -= 1
        elif character == "," and depth == 0:
            elements.append(text[begin:position].strip())
            begin = position + 1
    return elements, -1


def _outside_quotes(text: str, start: int = 0) -> Iterator[tuple[int, str]]:
    """Position and character of all that stands in no string literal and in no quoted identifier."""
    position = start
    while position < len(text):
        character = text[position]
        if character in "'\"":
            escapes = character == "'" and position > 0 and text[position - 1] == "E"
            position += 1
            while position < len(text) and text[position] != character:
                position += 2 if escapes and text[position] == "\\" else 1
        else:
            yield position, character
        position += 1


def _inside_quotes(text: str, where: int) -> bool:
    return all(position != where for position, _ in _outside_quotes(text))
