"""Statements of a schema file that are about the whole server: a schema is loaded into one database, and nothing else.

Roles, databases, tablespaces and settings of the server belong to all of its databases. A plan that ran them would
change the server it only looks at (scratch databases may be on the target's own), or fail the second time. They are
left out when a file is loaded; plans say so. Roles that are named elsewhere in the file are made where that is safe.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from dataio.errors import SourceError
from dataio.postgres.publishers import unconnected
from dataio.postgres.source import read_file, read_files
from dataio.postgres.statements import GAP, Begun, statements

_VERBS: Final = frozenset({"create", "alter", "drop"})
_KINDS: Final = frozenset({"role", "user", "group", "database", "tablespace", "system"})
_ABOUT: Final = rf"(?:create|alter|drop){GAP}(?:role|user|group|database|tablespace|system)\b"
# What may be one, at the start of a line or after a comment: only then is the file taken apart.
_CANDIDATE: Final = re.compile(
    rf"(?:^|;|\*/)[ \t]*(?:{_ABOUT}|(?:grant|revoke)\b(?![^;]*\bon\b))", re.IGNORECASE | re.MULTILINE
)
_IN_BLOCK: Final = re.compile(rf"\b(?!(?:create|alter|drop){GAP}user{GAP}mapping\b){_ABOUT}", re.IGNORECASE)
_COMMENT: Final = re.compile(r"/\*.*?\*/|--[^\n]*", re.DOTALL)
_SHOWN: Final = 3


def server_wide(text: str) -> list[Begun]:
    """The statements of a script that are about roles, databases, tablespaces or the server's settings."""
    return [one for one in statements(text) if _is_server_wide(one.words)] if _CANDIDATE.search(text) else []


def _is_server_wide(words: Sequence[str]) -> bool:
    match words:
        case ["create" | "alter" | "drop", "user", "mapping", *_]:
            return False
        case [verb, kind, *_] if verb in _VERBS:
            return kind in _KINDS
        case ["grant" | "revoke", *rest]:
            return "on" not in rest  # a role, to another one
    return False


def blanked(text: str) -> str | None:
    """``text`` without them, line numbers kept; ``None`` where there are none."""
    found = server_wide(text)
    for one in reversed(found):
        gap = re.sub(r"[^\n]", " ", text[one.start : one.end])
        text = text[: one.start] + gap + text[one.end :]
    return text if found else None


def refuse_included(files: Sequence[Path]) -> None:
    """Raise SourceError where files that psql includes by itself hold such statements: nobody can leave them out."""
    waiting, seen = [*files], set()
    while waiting:
        path = waiting.pop()
        if path in seen or not path.is_file():  # a missing one is psql's to report
            continue
        seen.add(path)
        file = read_file(path)
        waiting += file.includes
        if found := server_wide(file.text):
            raise SourceError(
                f"{_command(found[0], file.text)} changes the whole server, not the database of the schema",
                file=str(path),
                line=found[0].line,
                hint="Take it out of the included file. Roles that the schema names are made where they are needed.",
            )
        if unconnected(file.text) is not None:
            raise SourceError(
                "a subscription in an included file would connect to its publisher wherever the schema is loaded",
                file=str(path),
                hint="Say WITH (connect = false), or take it out of the included file.",
            )


def left_out(paths: Sequence[Path]) -> tuple[str, ...]:
    """A note for a plan where schema files hold such statements: which, and where."""
    found = [
        f"{_command(one, file.text)} ({file.path.name}:{one.line})"
        for file in read_files(paths, allow_empty=True)
        for one in server_wide(file.text)
    ]
    if not found:
        return ()
    more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    return (f"left to the server, not run: {', '.join(found[:_SHOWN])}{more}",)


def in_blocks(paths: Sequence[Path]) -> tuple[str, ...]:
    """A note where DO blocks of schema files speak of such statements: they run whole, wherever a file is loaded."""
    found = [
        f"{file.path.name}:{one.line} ({' '.join(_COMMENT.sub(' ', said[0]).lower().split())})"
        for file in read_files(paths, allow_empty=True)
        if _IN_BLOCK.search(file.text)
        for one in statements(file.text)
        if one.words[:1] == ["do"] and (said := _IN_BLOCK.search(file.text[one.start : one.end]))
    ]
    if not found:
        return ()
    more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    places = f"{', '.join(found[:_SHOWN])}{more}"
    return (
        f"run on the target's own server, where the scratch databases are: DO blocks at {places};"
        " what they do to the server stays; --scratch-url names another server",
    )


def _command(one: Begun, text: str) -> str:
    """The statement as far as it names something; what follows may hold a password."""
    last = 3 if one.words[0] in ("grant", "revoke") else 2
    plain = _COMMENT.sub(" ", text[one.start : one.end])
    said = re.match(rf"\w+(?:\s+(?:\"[^\"]*\"|[\w$]+)){{0,{last}}}", plain)
    return " ".join(said[0].split()) if said else " ".join(one.words[:2])
