"""Deparsed SQL as it must be written so that PostgreSQL deparses it in the same words again.

``CHECK (s IN ('a', 'b'))`` on a varchar column deparses as ``(s)::text = ANY ((ARRAY['a'::character varying,
'b'::character varying])::text[])``. Executing that text stores something else, as the cast moves into the
array; without the outer cast PostgreSQL adds it itself, and the words stay (see :mod:`dataio.snapshot.wording`).
"""

from __future__ import annotations

import re
from typing import Final

from dataio.planner.native.step import Context
from dataio.planner.native.text.names import split_list
from dataio.snapshot.model import Fact

_START: Final = re.compile(r"(?:ANY|ALL) \(\(ARRAY\[")
_CAST: Final = re.compile(
    r"""\)::
    (?:"(?:[^"]|"")+"|[a-z_][a-z0-9_$]*)(?:\.(?:"(?:[^"]|"")+"|[a-z_][a-z0-9_$]*))?
    (?:\ (?:varying|precision))?(?:\(\d+(?:,\d+)?\))?(?:\ with(?:out)?\ time\ zone)?
    \[\]\)""",
    re.VERBOSE,
)
_ARRAY: Final = "(ARRAY["
_TYPED: Final = re.compile(
    r"""(?:'|\))::(?P<type>
    (?:"(?:[^"]|"")+"|[a-z_][a-z0-9_$]*)(?:\.(?:"(?:[^"]|"")+"|[a-z_][a-z0-9_$]*))?
    (?:\ (?:varying|precision))?(?:\(\d+(?:,\d+)?\))?(?:\ with(?:out)?\ time\ zone)?)\Z""",
    re.VERBOSE,
)
_TOKEN: Final = re.compile(
    r"""(?P<string>E'(?:[^'\\]|\\.|'')*'|'(?:[^']|'')*')|(?P<name>"(?:[^"]|"")*")
    |(?P<dollar>\$(?P<tag>[A-Za-z_0-9]*)\$.*?\$(?P=tag)\$)|(?P<open>[(\[])|(?P<close>[)\]])|(?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)


def text(fact: Fact, attribute: str, context: Context) -> str:
    """The text of an attribute that holds deparsed SQL, as a statement must word it. ``fact`` is a desired one."""
    return stable(context.b.wording.get((fact.key, attribute), fact.text(attribute)))


def stable(deparsed: str) -> str:
    """Deparsed SQL without the casts that would move into their arrays."""
    text = deparsed
    if _ARRAY not in text:
        return text
    result: list[str] = []
    position = 0
    while position < len(text):
        start = _START.match(text, position)
        if start is not None and (position == 0 or not (text[position - 1].isalnum() or text[position - 1] in "_$")):
            end = _closing(text, start.end() - 1)
            cast = _CAST.match(text, end + 1) if end >= 0 else None
            if cast is not None:
                result.append(f"{text[position : position + 5]}{stable(text[position + 6 : end + 1])})")
                position = cast.end()
                continue
        if text.startswith(_ARRAY, position) and (kept := _kept_array(text, position)) is not None:
            result.append(kept[0])
            position = kept[1]
            continue
        token = _TOKEN.match(text, position)
        end = token.end() if token is not None else position + 1
        result.append(text[position:end])
        position = end
    return "".join(result)


def _kept_array(text: str, position: int) -> tuple[str, int] | None:
    """An array that is cast as a whole, with its own type said first, and where it ends in ``text``.

    ``(ARRAY['a'::x])::y[]`` would move the cast into the array; ``(ARRAY['a'::x]::x[])::y[]`` does not. Nothing where
    the elements do not tell their type.
    """
    end = _closing(text, position + len(_ARRAY) - 1)
    if end < 0 or not text.startswith(")::", end + 1):
        return None
    elements = split_list(text[position + len(_ARRAY) : end])
    types = {match["type"] if (match := _TYPED.search(element)) else "" for element in elements}
    if len(types) != 1 or "" in types:
        return None
    inner = ", ".join(stable(element) for element in elements)
    return f"{_ARRAY}{inner}]::{types.pop()}[])", end + 2


def _closing(text: str, opening: int) -> int:
    """Where the bracket at ``opening`` closes, or -1."""
    depth = 0
    for token in _TOKEN.finditer(text, opening):
        if token["open"]:
            depth += 1
        elif token["close"]:
            depth -= 1
            if depth == 0:
                return token.start()
    return -1
