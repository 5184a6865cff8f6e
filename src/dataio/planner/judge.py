"""The second judge: do two databases dump the same?

Reads nothing but ``pg_dump --schema-only`` text. It shares no code with the snapshot, so that neither can be blind to
what the other sees. What does not matter is put in order first: where an object stands in the dump, the order of a
table's columns (PostgreSQL cannot change it) and of its storage parameters, the order of grants.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

_HEADER: Final = re.compile(
    r"^-- (?:Data for )?Name: (?P<name>.*); Type: (?P<type>[^;]*); Schema: (?P<schema>[^;]*); Owner: "
)
_NOISE: Final = ("SET ", "SELECT pg_catalog.set_config", "\\restrict", "\\unrestrict", "--")
_COLUMNS: Final = re.compile(r"^CREATE (?:UNLOGGED |FOREIGN )?(?:TABLE|TYPE) ")
_STATEMENTS: Final = re.compile(r"(?<=;)\n+")
_OPTIONS: Final = re.compile(r"^WITH \((?P<options>.*)\)(?P<end>;?)$", re.MULTILINE)
_LISTS: Final = re.compile(
    r"""^(?P<head>CREATE\ STATISTICS\ [^;]*?\ ON\ |ALTER\ PUBLICATION\ \S+\ ADD\ TABLE\ ONLY\ \S+\ \()
    (?P<columns>[^;()]*?)(?P<end>\ FROM\ |\))""",
    re.MULTILINE | re.VERBOSE,
)
_GRANT: Final = re.compile(r"^(?:GRANT|REVOKE|ALTER DEFAULT PRIVILEGES) ")
_SESSION: Final = re.compile(r"(?:RESET|SET) SESSION AUTHORIZATION(?: (.+))?;")


@dataclass(frozen=True, order=True)
class Entry:
    """One object of a dump: its header's type, schema and name, and its statements in comparable form."""

    type: str
    schema: str
    name: str
    body: str

    def __str__(self) -> str:
        where = "" if self.schema == "-" else f"{self.schema}."
        return f"{self.type.lower()} {where}{self.name}"


def entries(dump: str) -> list[Entry]:
    """The objects of a dump, in comparable form and order."""
    found: list[Entry] = []
    header: tuple[str, str, str] | None = None
    lines: list[str] = []

    def finish() -> None:
        body = _comparable(lines)
        if header is not None and body:
            found.append(Entry(*header, body))
        lines.clear()

    for line in dump.splitlines():
        if match := _HEADER.match(line):
            finish()
            header = match["type"], match["schema"], match["name"]
        else:
            lines.append(line.rstrip())
    finish()
    return sorted(found)


def _comparable(lines: list[str]) -> str:
    text = "\n".join(line for line in _without_noise(lines)).strip()
    if not text:
        return ""
    if _COLUMNS.match(text):
        head, opened, rest = text.partition("(\n")
        body, closed, tail = rest.partition("\n)")
        if opened and closed:
            columns = sorted(line.rstrip(",") for line in body.split("\n"))
            end, *settings = _STATEMENTS.split(tail)
            text = f"{head}(\n" + "\n".join([*columns, f"){end}", *sorted(settings)])
        text = _OPTIONS.sub(_in_order, text)
    text = _LISTS.sub(_columns_in_order, text)
    return _grants_in_order(text)


def _grants_in_order(text: str) -> str:
    """Grants in no order of theirs, each with the session that it stands in; any other text as it is."""
    grants, session = [], ""
    for line in text.splitlines():
        if match := _SESSION.fullmatch(line):
            session = f"  -- by {match[1]}" if match[1] else ""
        elif _GRANT.match(line):
            grants.append(f"{line}{session}")
        else:
            return text
    return "\n".join(sorted(grants))


def _in_order(options: re.Match[str]) -> str:
    """Storage parameters: SET appends to those that are there, so their order tells of the past only."""
    return f"WITH ({', '.join(sorted(options['options'].split(', ')))}){options['end']}"


def _columns_in_order(columns: re.Match[str]) -> str:
    """Columns of statistics and publications, which stand in the order of the table's."""
    return f"{columns['head']}{', '.join(sorted(columns['columns'].split(', ')))}{columns['end']}"


def _without_noise(lines: list[str]) -> list[str]:
    """Without the settings and comments of pg_dump itself, which stand before and after an object's statements."""
    start, end = 0, len(lines)
    while start < end and _is_noise(lines[start]):
        start += 1
    while end > start and _is_noise(lines[end - 1]):
        end -= 1
    return lines[start:end]


def _is_noise(line: str) -> bool:
    return not line or (line.startswith(_NOISE) and not _SESSION.fullmatch(line))


@dataclass(frozen=True)
class DumpDifference:
    """One object that dumps differently; ``None`` where a side lacks it."""

    entry: Entry
    got: str | None
    wanted: str | None

    def __str__(self) -> str:
        if self.got is None:
            return f"pg_dump: missing: {self.entry}"
        if self.wanted is None:
            return f"pg_dump: left over: {self.entry}"
        return f"pg_dump: differs: {self.entry}"


def compare(got: str, wanted: str, *, ignored: Callable[[Entry], bool] = lambda _: False) -> list[DumpDifference]:
    """The objects in which two dumps differ; empty where they are the same but for order."""
    if got == wanted:
        return []
    left = [entry for entry in entries(got) if not ignored(entry)]
    right = [entry for entry in entries(wanted) if not ignored(entry)]
    if left == right:
        return []
    differences = []
    both: dict[tuple[str, str, str], tuple[list[Entry], list[Entry]]] = {}
    for side, found in enumerate((left, right)):
        for entry in found:
            both.setdefault((entry.type, entry.schema, entry.name), ([], []))[side].append(entry)
    for mine, theirs in both.values():
        if [entry.body for entry in mine] != [entry.body for entry in theirs]:
            differences.append(
                DumpDifference(
                    (mine or theirs)[0],
                    "\n".join(entry.body for entry in mine) if mine else None,
                    "\n".join(entry.body for entry in theirs) if theirs else None,
                )
            )
    return differences
