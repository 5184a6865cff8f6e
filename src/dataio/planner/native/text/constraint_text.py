"""Deparsed expressions, and constraint and index definitions taken apart where a statement needs more in the middle.

The text is PostgreSQL's own, so its clauses are found at its outermost level, never inside quotes or parentheses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from dataio.snapshot.model import Fact

_TOKEN: Final = re.compile(
    r"""(?P<skip>E'(?:[^'\\]|\\.|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*")|(?P<open>[(\[])|(?P<close>[)\]])
    |(?P<word>[A-Za-z_][A-Za-z_0-9$]*)|(?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)


_STATE: Final = (" NOT VALID", " NOT ENFORCED", " INITIALLY DEFERRED", " DEFERRABLE", " NO INHERIT")
_QUERY: Final = re.compile(r"\(\s*(?:SELECT|WITH|VALUES)\b")


def in_parentheses(expression: str) -> str:
    """An expression as clauses want it, in one pair of parentheses; those around a subquery are the subquery's."""
    return expression if _is_in_parentheses(expression) else f"({expression})"


def _is_in_parentheses(text: str) -> bool:
    if not text.startswith("(") or _QUERY.match(text):
        return False
    depth = 0
    for token in _TOKEN.finditer(text):
        depth += bool(token["open"]) - bool(token["close"])
        if depth == 0:
            return token.end() == len(text)
    return False


def outer_words(text: str) -> Iterator[tuple[int, str]]:
    """Where each bare word outside all quotes and parentheses stands."""
    depth = 0
    for token in _TOKEN.finditer(text):
        if token["open"]:
            depth += 1
        elif token["close"]:
            depth -= 1
        elif token["word"] and depth == 0:
            yield token.start(), token["word"]


def find(text: str, *words: str) -> int:
    """Where the last of some outermost words begins; the end of the text where there is none."""
    places = [place for place, word in outer_words(text) if word in words]
    return places[-1] if places else len(text)


def with_clauses(definition: str, before: tuple[str, ...], *clauses: str) -> str:
    """``definition`` with clauses put in before the first of some outermost words, or at its end."""
    place = min((place for place, word in outer_words(definition) if word in before), default=len(definition))
    added = "".join(f" {clause}" for clause in clauses if clause)
    return f"{definition[:place].rstrip()}{added}{' ' if place < len(definition) else ''}{definition[place:]}"


def without_parameters(definition: str) -> tuple[str, str]:
    """An index definition without its ``WITH (…)``, and what that held."""
    for place, word in outer_words(definition):
        if word == "WITH" and definition.startswith("WITH (", place):
            end = _closing(definition, place + 5)
            return f"{definition[:place].rstrip()}{definition[end + 1 :]}", definition[place + 6 : end]
    return definition, ""


def key_list(definition: str) -> str:
    """What stands between the first outermost parentheses of an index definition: its key columns."""
    depth = 0
    for token in _TOKEN.finditer(definition):
        if token["open"]:
            depth += 1
            if depth == 1:
                return definition[token.end() : _closing(definition, token.start())]
        elif token["close"]:
            depth -= 1
    return ""


def _closing(text: str, opening: int) -> int:
    depth = 0
    for token in _TOKEN.finditer(text, opening):
        if token["open"]:
            depth += 1
        elif token["close"]:
            depth -= 1
            if depth == 0:
                return token.start()
    return len(text)


def body(fact: Fact) -> str:
    """The definition without how it is checked: ``DEFERRABLE``, ``NOT VALID`` and the like."""
    text = plain(fact, fact.text("definition"))
    stripped = True
    while stripped:
        stripped = False
        for ending in _STATE:
            if text.endswith(ending):
                text, stripped = text.removesuffix(ending), True
    return text


def plain(fact: Fact, text: str) -> str:
    """A definition without the parameters of the index, which PostgreSQL spells out for an EXCLUDE only: attributes."""
    return without_parameters(text)[0] if fact["type"] == "exclude" else text
