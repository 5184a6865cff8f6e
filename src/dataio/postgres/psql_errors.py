"""What psql writes to stderr, as errors with a place in the file.

psql runs with ``VERBOSITY=verbose`` (SQLSTATE in front of the message) and ``ECHO=errors`` (the whole statement after
it), so nothing depends on the language of the server's messages. psql names the line a statement *ends* on; the
statement's own lines lead back to where it starts, and the excerpt's caret to the column.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_PLACED: Final = re.compile(r"^psql:(?P<file>.+?):(?P<line>\d+): (?P<rest>.*)$")
_SERVER: Final = re.compile(r"^(?P<severity>[^\s:]+(?: [^\s:]+)?):  (?P<sqlstate>[0-9A-Z]{5}): (?P<message>.*)$")
_SEVERE: Final = frozenset({"ERROR", "FATAL", "PANIC"})
_CLIENT: Final = re.compile(r"^(?:error|fatal): (?P<message>.*)$")
_FIELD: Final = re.compile(r"^(?P<name>DETAIL|HINT|QUERY|CONTEXT|LOCATION|SCHEMA NAME|TABLE NAME):  (?P<text>.*)$")
_EXCERPT: Final = re.compile(r"^LINE (?P<number>\d+): (?P<text>.*)$")
_COPY_LINE: Final = re.compile(r"^COPY .*?, (?:line|\S+) (?P<line>\d+)", re.MULTILINE)


@dataclass(frozen=True)
class PsqlError:
    """One error: psql's file and line, the server's fields, the statement it was about."""

    file: str
    line: int
    sqlstate: str  # empty for psql's own errors (a missing include, an unknown command)
    message: str
    fields: dict[str, str]
    statement: str
    excerpt: tuple[int, str, int] | None  # line within the statement, its text as shown, the caret's offset in that

    @property
    def detail(self) -> str:
        return self.fields.get("DETAIL", "")

    @property
    def hint(self) -> str:
        return self.fields.get("HINT", "")

    @property
    def context(self) -> str:
        return self.fields.get("CONTEXT", "")

    @property
    def internal(self) -> bool:
        """Is the excerpt from a query inside a function, not from the file?"""
        return "QUERY" in self.fields


def parse(stderr: str) -> list[PsqlError]:
    """All errors (no notices or warnings) in psql's ``stderr``, in order.

    A warning may have any SQLSTATE, and in another language any word: after one there is no statement.
    """
    errors: list[PsqlError] = []
    blocks: list[tuple[str, int, list[str]]] = []
    for line in stderr.split("\n"):
        if match := _PLACED.match(line):
            blocks.append((match["file"], int(match["line"]), [match["rest"]]))
        elif line.startswith("psql: ") or _SERVER.match(line):  # from -c, or before any file
            blocks.append(("", 0, [line.removeprefix("psql: ")]))
        elif blocks:
            blocks[-1][2].append(line)
    for number, (file, line_number, lines) in enumerate(blocks):
        server, client = _SERVER.match(lines[0]), _CLIENT.match(lines[0])
        if server and not server["sqlstate"].startswith(("00", "01", "02")):
            following = blocks[number + 1][2] if number + 1 < len(blocks) else []
            failed = bool(following) and following[0].startswith("STATEMENT:  ")
            statement = "\n".join(following).removeprefix("STATEMENT:  ").rstrip("\n") if failed else ""
            if failed or server["severity"] in _SEVERE:
                errors.append(_server_error(file, line_number, server, lines[1:], statement))
        elif client:
            message = "\n".join([client["message"], *lines[1:]]).strip()
            errors.append(PsqlError(file, line_number, "", message, {}, "", None))
    return errors


def _server_error(file: str, line: int, head: re.Match[str], rest: list[str], statement: str) -> PsqlError:
    message, fields, excerpt = [head["message"]], {}, None
    name = ""
    for position, text in enumerate(rest):
        if match := _FIELD.match(text):
            name = match["name"]
            fields[name] = match["text"]
        elif (match := _EXCERPT.match(text)) and excerpt is None and not fields:
            caret = rest[position + 1] if position + 1 < len(rest) else ""
            prefix = len(text) - len(match["text"])
            excerpt = (int(match["number"]), match["text"], caret.find("^") - prefix)
            name = "LINE"
        elif name == "":
            message.append(text)
        elif name != "LINE":
            fields[name] += f"\n{text}"
    cleaned = {key: value.rstrip("\n") for key, value in fields.items()}
    return PsqlError(file, line, head["sqlstate"], "\n".join(message).strip(), cleaned, statement, excerpt)


@dataclass(frozen=True)
class Place:
    """Where in a file: line and column from 1, and the line's text."""

    line: int
    column: int | None
    text: str

    def excerpt(self) -> str:
        """The line with a caret below, as compilers show it."""
        number = str(self.line)
        shown, offset = _window(self.text.replace("\t", " "), (self.column or 1) - 1)
        lines = [f"  {number} | {shown}"]
        if self.column is not None:
            lines.append(f"  {' ' * len(number)} | {' ' * _width(shown[:offset])}^")
        return "\n".join(lines)


def locate(error: PsqlError, text: str) -> Place | None:
    """Where ``error`` is in the ``text`` of its file; ``None`` when the text has no such line."""
    lines = [line.rstrip("\r") for line in text.split("\n")]
    if not 1 <= error.line <= len(lines):
        return None
    if not error.statement:
        return Place(error.line, None, lines[error.line - 1])
    statement = [line.rstrip("\r") for line in error.statement.split("\n")]
    start = _statement_start(statement, lines, error.line)
    first_column = max(lines[start - 1].find(statement[0]), 0)
    if (match := _COPY_LINE.search(error.context)) and start + int(match["line"]) <= len(lines):
        line = start + int(match["line"])
        return Place(line, None, lines[line - 1])
    if error.excerpt is None or error.internal:
        return Place(start, first_column + 1 if lines[start - 1][first_column:].strip() else None, lines[start - 1])
    number, shown, caret = error.excerpt
    line = min(start + number - 1, len(lines))
    within = statement[number - 1] if number <= len(statement) else ""
    column = _column(within, shown, caret)
    if column is not None and number == 1:
        column += first_column
    return Place(line, column, lines[line - 1])


def _statement_start(statement: list[str], lines: list[str], end: int) -> int:
    """The line a statement starts on: its end less its lines, or near that where its text is found."""
    guess = max(end - len(statement) + 1, 1)
    candidates: Iterable[int] = (guess, *range(guess - 1, 0, -1), *range(guess + 1, min(end, len(lines)) + 1))
    for candidate in candidates:
        if statement[0] in lines[candidate - 1] and (
            len(statement) == 1 or candidate >= len(lines) or lines[candidate] == statement[1]
        ):
            return candidate
    return guess


def _column(line: str, shown: str, caret: int) -> int | None:
    """The column (from 1) in ``line`` that the caret under libpq's excerpt of it points at.

    libpq cuts long lines with ``...`` on either side, shows tabs as blanks, and places the caret by display width.
    """
    if caret < 0:
        return None
    flat = line.replace("\t", " ")
    offset, width = 0, 0
    while offset < len(shown) and width < caret:
        width += _width(shown[offset])
        offset += 1
    for head, tail in ((0, 0), (0, 3), (3, 0), (3, 3)):
        body = shown[head : len(shown) - tail if tail else None]
        if (head and not shown.startswith("...")) or (tail and not shown.endswith("...")):
            continue
        at = flat.find(body)
        if at == 0 or (at > 0 and head):
            return at + offset - head + 1
    return None


def _width(text: str) -> int:
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _window(text: str, column: int, width: int = 100) -> tuple[str, int]:
    """At most ``width`` characters of ``text`` around ``column``, and where the column is in them."""
    if len(text) <= width:
        return text, column
    start = max(0, min(column - width // 2, len(text) - width))
    end = start + width
    head, tail = "…" if start else "", "…" if end < len(text) else ""
    return head + text[start:end] + tail, column - start + len(head)


def file_text(path: Path) -> str:
    """A file's text for excerpts; empty where it cannot be read."""
    try:
        return path.read_bytes().decode("utf-8", "replace")
    except OSError:
        return ""
