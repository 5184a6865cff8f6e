"""Subscriptions of a schema file, made without a word to their publishers.

CREATE SUBSCRIPTION connects to the publisher and makes a slot there, unless it is told not to; a slot that nobody reads
keeps the publisher's WAL until its disk is full. A schema is loaded to be looked at: what it says is that there is a
subscription, not that a scratch database should have one. Slots and the running state are no part of a schema.
https://www.postgresql.org/docs/current/sql-createsubscription.html
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Final

from dataio.postgres.source import read_files
from dataio.postgres.statements import GAP, Begun, statements

_CANDIDATE: Final = re.compile(rf"\b(?:create|alter){GAP}subscription\b", re.IGNORECASE)
_OPAQUE: Final = re.compile(
    r"""(?P<comment>--[^\n]*|/\*.*?\*/)
    | [eE]'(?:[^'\\]|\\.|'')*' | '(?:[^']|'')*' | "(?:[^"]|"")*" | \$(?P<tag>\w*)\$.*?\$(?P=tag)\$""",
    re.VERBOSE | re.DOTALL,
)
_WITH: Final = re.compile(r"\bwith\s*\(", re.IGNORECASE)
_CONNECTING: Final = frozenset({"connect", "enabled", "create_slot", "copy_data"})
_ALREADY: Final = re.compile(r"\s*connect\s*=\s*'?(?:false|off|no|0)\b", re.IGNORECASE)
_REFRESHING: Final = (("refresh", "publication"), ("refresh", "sequences"))


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


def kept_quiet(paths: Sequence[Path]) -> tuple[str, ...]:
    """A note where schema files hold such statements: what is not as they say once they are loaded."""
    names = [file.path.name for file in read_files(paths, allow_empty=True) if unconnected(file.text) is not None]
    return (
        (f"subscriptions of {', '.join(names)} are made disabled, and without a slot on the publisher",)
        if names
        else ()
    )


def _runs(one: Begun) -> bool:
    """ENABLE and REFRESH … are about the running state."""
    return one.words[-1] == "enable" or any(pair in _REFRESHING for pair in pairwise(one.words[2:]))


def _created(statement: str) -> str:
    """CREATE SUBSCRIPTION with ``connect = false``, and without what does not go with that."""
    plain = _OPAQUE.sub(_masked, statement)
    found = [*_WITH.finditer(plain)]
    if not found:
        end = len(plain.rstrip().removesuffix(";").rstrip())
        return f"{statement[:end]} WITH (connect = false){statement[end:]}"
    start, end = found[-1].end(), plain.rindex(")")
    borders = [start - 1, *(at for at in range(start, end) if plain[at] == ","), end]
    options = [statement[a + 1 : b] for a, b in pairwise(borders)]
    if any(map(_ALREADY.match, options)):
        return statement
    kept = [one for one in options if one.partition("=")[0].strip().lower() not in _CONNECTING and one.strip()]
    words = ",".join([*kept, " connect = false" if kept else "connect = false"])
    lines = "\n" * (statement.count("\n", start, end) - words.count("\n"))
    return statement[:start] + words + lines + statement[end:]


def _masked(found: re.Match[str]) -> str:
    """As many characters that mean nothing: a comment is space, what is quoted is a word."""
    return re.sub(r"[^\n]", " " if found["comment"] else "q", found[0])
