"""Qualified names as text, taken apart, and those that PostgreSQL gives multiranges."""

from __future__ import annotations

import re
from typing import Final

from dataio.planner.native.text.sql import qualified
from dataio.snapshot.model import Fact

_PART: Final = re.compile(r'"(?:[^"]|"")*"|[^".]+')


def split_qualified(text: str) -> tuple[str, str]:
    """``public."My type"`` as ``("public", '"My type"')``: both parts as they are written."""
    parts = _PART.findall(text)
    if len(parts) != 2:
        raise ValueError(f"{text!r} is no qualified name")
    return parts[0], parts[1]


def usual_multirange(name: str) -> str:
    """The name that PostgreSQL gives the multirange of a range (makeMultirangeTypeName), where none is chosen."""
    if "range" in name:
        return name.replace("range", "multirange", 1)
    return f"{name}_multirange"


def multirange(fact: Fact) -> str:
    """The qualified name of a range's multirange, as text."""
    schema, name = fact.key.path
    return str(fact["multirange"] or qualified(schema, usual_multirange(name)))


def split_list(text: str) -> list[str]:
    """A list at its commas; those in parentheses, brackets and quotes do not count."""
    items, start, depth, quote = [], 0, 0, ""
    for position, character in enumerate(text):
        if quote:
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote = character
        elif character in "([":
            depth += 1
        elif character in ")]":
            depth -= 1
        elif character == "," and depth == 0:
            items.append(text[start:position].strip())
            start = position + 1
    last = text[start:].strip()
    return [*items, last] if last or items else []
