"""Subscriptions of a schema file, made without a word to their publishers.

CREATE SUBSCRIPTION connects to the publisher and makes a slot there, unless it is told not to; a slot that nobody reads
keeps the publisher's WAL until its disk is full. A schema is loaded to be looked at: what it says is that there is a
subscription, not that a scratch database should have one. Slots and the running state are no part of a schema.
https://www.postgresql.org/docs/current/sql-createsubscription.html
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final

from dataio.postgres.statements import Begun, statements

_CANDIDATE: Final = re.compile(r"\bsubscription\b", re.IGNORECASE)
_QUOTED: Final = re.compile(
    r"""[eE]'(?:[^'\\]|\\.|'')*' | '(?:[^']|'')*' | "(?:[^"]|"")*" | \$(?P<tag>\w*)\$.*?\$(?P=tag)\$""",
    re.VERBOSE | re.DOTALL,
)
_COMMENT: Final = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)
_WITH: Final = re.compile(r"\bwith\s*\(", re.IGNORECASE)
_CONNECTING: Final = frozenset({"connect", "enabled", "create_slot", "copy_data"})
_ALREADY: Final = re.compile(r"\bconnect\s*=\s*'?(?:false|off|no|0)\b", re.IGNORECASE)


def unconnected(text: str) -> str | None:
    """A script in which no statement speaks to a publisher, line numbers kept; ``None`` where none did before."""
    if not _CANDIDATE.search(text):
        return None
    quiet = text
    for one in reversed([*statements(text)]):
        statement = text[one.start : one.end]
        if one.words[:2] == ["create", "subscription"]:
            quiet = quiet[: one.start] + _created(statement) + quiet[one.end :]
        elif one.words[:2] == ["alter", "subscription"] and _runs(one):
            quiet = quiet[: one.start] + re.sub(r"[^\n]", " ", statement) + quiet[one.end :]
    return quiet if quiet != text else None


def _runs(one: Begun) -> bool:
    """ENABLE and REFRESH … are about the running state."""
    return one.words[-1] == "enable" or any(pair in _REFRESHING for pair in pairwise(one.words[2:]))


_REFRESHING: Final = (("refresh", "publication"), ("refresh", "sequences"))


def _created(statement: str) -> str:
    """CREATE SUBSCRIPTION with ``connect = false``, and without what does not go with that."""
    plain = _COMMENT.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), _QUOTED.sub(_masked, statement))
    found = [*_WITH.finditer(plain)]
    if not found:
        end = len(plain.rstrip().removesuffix(";").rstrip())
        return f"{statement[:end]} WITH (connect = false){statement[end:]}"
    start, end = found[-1].end(), plain.rindex(")")
    if _ALREADY.search(statement, start, end):
        return statement
    borders = [start - 1, *(at for at in range(start, end) if plain[at] == ","), end]
    options = [statement[a + 1 : b] for a, b in pairwise(borders)]
    kept = [one for one in options if one.partition("=")[0].strip().lower() not in _CONNECTING and one.strip()]
    words = ",".join([*kept, " connect = false" if kept else "connect = false"])
    lines = "\n" * (statement.count("\n", start, end) - words.count("\n"))
    return statement[:start] + words + lines + statement[end:]


def _masked(quoted: re.Match[str]) -> str:
    return re.sub(r"[^\n]", "q", quoted[0])
