"""Where the statements of a psql script begin, as psql's own lexer sees them.

Comments, quotes, dollar quotes, parentheses, bodies of SQL functions, rows of ``COPY … FROM STDIN`` and psql's own
commands are told apart; nothing is parsed. https://www.postgresql.org/docs/current/sql-syntax-lexical.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

GAP: Final = r"(?:\s|/\*(?:[^*]|\*(?!/))*\*/|--[^\n]*\n)+"
"""What may stand between two words, as a part of regular expressions that look for what is worth taking apart."""

_TOKEN: Final = re.compile(
    r"""
    (?P<space>\s+)
  | (?P<comment>--[^\r\n]*)
  | (?P<block>/\*)
  | (?P<quoted>[eE]'(?:[^'\\]|\\.|'')*(?:'|\Z) | '(?:[^']|'')*(?:'|\Z) | "(?:[^"]|"")*(?:"|\Z))
  | \$(?P<tag>(?:[A-Za-z_\x80-\U0010ffff][\w\x80-\U0010ffff]*)?)\$
  | (?P<word>[A-Za-z_\x80-\U0010ffff][\w$\x80-\U0010ffff]*)
  | (?P<command>\\(?P<name>;|[^\s;]*)[^\r\n]*)
  | (?P<end>;)
  | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_COMMENT_BORDER: Final = re.compile(r"/\*|\*/")
_END_OF_ROWS: Final = re.compile(r"^\\\.\r?$", re.MULTILINE)
_EXTENSION: Final = re.compile(
    rf"create{GAP}extension{GAP}(?:if{GAP}not{GAP}exists{GAP})?(?P<name>\"(?:[^\"]|\"\")+\"|[\w$]+)", re.IGNORECASE
)
_SENDING: Final = frozenset({"g", "gx", "gset", "gexec", "gdesc", "crosstabview", "watch", "bind"})


@dataclass
class Begun:
    """A statement: the line it begins on (from 1), its words in lower case, quoted ones left out, and where it stands.

    ``text[start:end]`` is the statement with its semicolon, where it has one.
    """

    line: int
    start: int = 0
    end: int = 0
    words: list[str] = field(default_factory=list)


def statements(text: str) -> Iterator[Begun]:
    """The statements of ``text``, a script for psql, in their order."""
    at, line, depth, bodies = 0, 1, 0, 0
    current: Begun | None = None
    while at < len(text):
        match = _TOKEN.match(text, at)
        assert match is not None  # noqa: S101  ("other" takes any character)
        end, kind = match.end(), match.lastgroup
        if match["block"]:
            end = _after_comment(text, end)
        elif match["tag"] is not None:
            close = text.find(f"${match['tag']}$", end)
            end = len(text) if close < 0 else close + len(match["tag"]) + 2
        begins = not (match["space"] or match["comment"] or match["block"] or match["command"] or match["end"])
        if current is None and begins:
            current = Begun(line, at)
        finished = False
        if match["word"] and current is not None:
            word = match["word"].lower()
            current.words.append(word)
            bodies = _bodies(current.words, word, bodies)
        elif kind == "other" and match["other"] in "()":
            depth = max(0, depth + (1 if match["other"] == "(" else -1))
        elif match["end"]:
            finished = depth == 0 and bodies == 0
        elif match["command"]:
            if match["name"] == ";":
                end, finished = match.start() + 2, True
            elif match["name"] in _SENDING:
                finished = True
        line += text.count("\n", at, end)
        at = end
        if finished and current is not None:
            current.end = at
            yield current
            if current.words[:1] == ["copy"] and "stdin" in current.words:
                rows = _END_OF_ROWS.search(text, at)
                end = len(text) if rows is None else rows.end()
                line += text.count("\n", at, end)
                at = end
            current, depth, bodies = None, 0, 0
    if current is not None:
        current.end = len(text)
        yield current


def blank(text: str) -> bool:
    """Whether a script for psql holds nothing but comments and white space."""
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        assert match is not None  # noqa: S101
        if not (match["space"] or match["comment"] or match["block"]):
            return False
        at = _after_comment(text, match.end()) if match["block"] else match.end()
    return True


def extensions(text: str) -> frozenset[str]:
    """The extensions that a script makes itself: a good guess at what a server needs to load it, and no more."""
    if "extension" not in text.lower():
        return frozenset()
    made = (begun for begun in statements(text) if begun.words[:2] == ["create", "extension"])
    names = (match["name"] for begun in made if (match := _EXTENSION.match(text, begun.start)))
    return frozenset(name[1:-1].replace('""', '"') if name.startswith('"') else name.lower() for name in names)


def _after_comment(text: str, at: int) -> int:
    """Comments nest."""
    depth = 1
    while depth:
        border = _COMMENT_BORDER.search(text, at)
        if border is None:
            return len(text)
        depth += 1 if border[0] == "/*" else -1
        at = border.end()
    return at


def _bodies(words: list[str], word: str, depth: int) -> int:
    """How deep in ``BEGIN ATOMIC … END`` of a function in SQL we are: semicolons there end nothing."""
    head = words[1:4] if words[1:3] != ["or", "replace"] else words[3:4]
    if words[0] != "create" or not {"function", "procedure"} & set(head[:1]):
        return 0
    if word == "begin":
        return depth + 1
    if depth and word in ("case", "end"):
        return depth + (1 if word == "case" else -1)
    return depth


def ends_transaction(statement: Begun) -> str:
    """The command, in capitals, where the statement begins or ends a transaction; else empty. Savepoints do not."""
    match statement.words:
        case ["rollback" | "abort", "to", *_] | ["rollback" | "abort", "work" | "transaction", "to", *_]:
            return ""
        case ["rollback", "prepared", *_] | ["commit", "prepared", *_]:
            return " ".join(statement.words[:2]).upper()
        case ["begin" | "commit" | "end" | "rollback" | "abort", *_]:
            return statement.words[0].upper()
        case ["start", "transaction", *_]:
            return "START TRANSACTION"
        case ["prepare", "transaction", *_]:
            return "PREPARE TRANSACTION"
    return ""
