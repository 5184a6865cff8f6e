"""The migration script as a text format: header, chunks between marker lines, checksum.

A script is a comment block of ``-- key: value`` lines, an empty line, and one or more transactions. Marker lines cut it
into chunks, so that whoever runs it never has to parse SQL::

    -- [begin]                                     BEGIN, alone
    -- [guard]                                     settings; the history is kept, and the script comes at its time
    -- [3/7] alter column public.t.c (native; …)   the statements, numbered through the whole script
    -- [record]                                    the row in dataio_meta
    -- [commit]                                    COMMIT, alone

An online plan also has statements outside of transactions: ``-- [alone]`` in place of begin and commit, and in the
statement's chunk comments that say how an interrupted one is resumed (``done``, ``leftover``, ``cleanup``).

:mod:`dataio.plan.render.sql` writes it, :mod:`dataio.migrations` runs it, and so does plain ``psql -f``.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Final, Literal, TypeAlias

from dataio.errors import MigrationError
from dataio.plan.model import Hazard, RowCheck

FORMAT: Final = "dataio.script/1"
LOCK: Final = (1684108385, 26991)
"""The advisory lock (two integers) that whoever applies migrations to a database holds: ``dataio`` in ASCII."""

LONG: Final = "long: reads every row, blocks nobody"
"""What the begin of a transaction says that may take long, so that no statement_timeout ends it."""

Role: TypeAlias = Literal["begin", "alone", "guard", "statement", "record", "commit"]

_KEY: Final = re.compile(r"-- ([a-z]+): ?(.*)")
_BLANK: Final = "sha256:" + "0" * 64
_CHECKSUM: Final = re.compile(r"sha256:[0-9a-f]{64}")
_AFTER_GUARD: Final = frozenset({"statement", "record", "commit"})
_FOLLOWS: Final[dict[Role, frozenset[str]]] = {
    "begin": frozenset({"guard"}),
    "alone": frozenset({"guard", "statement"}),
    "guard": _AFTER_GUARD,
    "statement": _AFTER_GUARD | {"begin", "alone"},
    "record": frozenset({"commit", "begin", "alone"}),
    "commit": frozenset({"begin", "alone"}),
}


@dataclass(frozen=True)
class Header:
    """What a script says of itself. ``number`` is None where it does not register itself.

    ``kind``: 'plan', 'baseline' (a whole schema that was there before dataio; its ``from_fingerprint`` is empty), or
    'rollback', which takes back the script of its number whose checksum is ``undoes``; ``lost`` says which data it
    cannot bring back.
    """

    number: int | None
    name: str
    kind: str
    from_fingerprint: str
    to_fingerprint: str
    target: str = ""
    managed: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    tools: tuple[tuple[str, str], ...] = ()
    git_commit: str = ""
    statements: int = 0
    transactions: int = 1
    hazards: tuple[Hazard, ...] = ()
    checks: tuple[RowCheck, ...] = ()
    proof: str = ""
    checksum: str = ""
    undoes: str = ""
    lost: tuple[str, ...] = ()
    online: bool = False
    database: str = ""
    system: str = ""

    @property
    def label(self) -> str:
        """``003``, or the name of a script without a number."""
        return label(self.number) if self.number is not None else self.name or "the script"

    @property
    def takes_back(self) -> bool:
        """Whether it is a rollback."""
        return self.kind == "rollback"

    @property
    def part(self) -> str:
        """What its transactions are called: the phases of an online script are lone statements, too."""
        return "phase" if self.online else "transaction"

    @property
    def refused(self) -> tuple[Hazard, ...]:
        return tuple(hazard for hazard in self.hazards if hazard.refused)


@dataclass(frozen=True)
class Chunk:
    """A part of a script between two markers: ``sql`` starts at ``line`` (from 1) of the file.

    ``text`` is the marker's: ``[3/7] alter column public.t.c``; ``number`` is a statement's, from 1.
    """

    role: Role
    text: str
    sql: str
    line: int
    number: int | None = None


@dataclass(frozen=True)
class Script:
    """A parsed script. ``source`` says where it came from, for messages."""

    header: Header
    text: str
    chunks: tuple[Chunk, ...]
    source: str = "script"

    @cached_property
    def segments(self) -> tuple[tuple[Chunk, ...], ...]:
        """The chunks, one group per transaction."""
        groups: list[list[Chunk]] = []
        for chunk in self.chunks:
            if chunk.role in ("begin", "alone"):
                groups.append([])
            groups[-1].append(chunk)
        return tuple(tuple(group) for group in groups)

    @property
    def statements(self) -> tuple[Chunk, ...]:
        return tuple(chunk for chunk in self.chunks if chunk.role == "statement")

    def verify(self) -> None:
        """Raise :class:`~dataio.errors.MigrationError` where the text is not what dataio wrote."""
        if checksum(self.text) == self.header.checksum:
            return
        if checksum(self.text.replace("\r\n", "\n")) == self.header.checksum:
            raise MigrationError(
                f"{self.source}: the line endings were changed since dataio wrote it",
                hint="Check it out with LF line endings; a line for .gitattributes: *.sql text eol=lf",
            )
        raise MigrationError(
            f"{self.source}: edited since it was planned; its proof no longer holds",
            detail=f"checksum in the header: {self.header.checksum}\nchecksum of the file:   {checksum(self.text)}",
            hint="Change schema.sql and plan again, or bring back the file as it was planned.",
        )


def label(number: int) -> str:
    """A migration's number as it is written: three digits at least."""
    return f"{number:03d}"


def version_label(number: int) -> str:
    """The schema version that a migration makes: ``schema_v003``; 0 is the version before the first."""
    return f"schema_v{number:03d}"


def one_line(text: str) -> str:
    """Text fit for a comment: nothing in it ends a line, whatever an object may be called."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def checksum(text: str) -> str:
    """SHA-256 of a script with its own checksum blanked: header and body, so that neither can be edited unseen."""
    found = re.search(r"^-- checksum: (sha256:[0-9a-f]{64})$", text, re.MULTILINE)
    blanked = text.replace(found[1], _BLANK) if found else text
    return "sha256:" + hashlib.sha256(blanked.encode()).hexdigest()


def seal(text: str) -> str:
    """Put the checksum into a script that was written with :data:`_BLANK` in its place."""
    return text.replace(_BLANK, checksum(text))


def blank_checksum() -> str:
    """What stands for the checksum until :func:`seal`."""
    return _BLANK


def marker_tag(statements: Iterable[str]) -> str:
    """What goes into the marker lines so that no line of a statement looks like one: nothing, nearly always."""
    lines = [line for text in statements for line in re.split(r"[\r\n]", text) if line.startswith("-- [")]
    tags = ("", *(f"x{n} " for n in range(1, len(lines) + 2)))
    return next(tag for tag in tags if not any(_marker(tag).match(line) for line in lines))


def _marker(tag: str) -> re.Pattern[str]:
    return re.compile(
        rf"-- (?P<text>\[{re.escape(tag)}(?:(?P<role>begin|alone|guard|record|commit)|(?P<n>\d+)/\d+)\].*)"
    )


def write_header(header: Header, *, tag: str = "") -> Iterator[str]:
    """The header's lines; empty values are left out."""
    kind = f"dataio {header.kind} {header.label}"
    yield f"-- {kind}: {one_line(header.name)}" if header.number is not None and header.name else f"-- {kind}"
    yield "--"
    values: list[tuple[str, str]] = [
        ("format", FORMAT),
        ("number", label(header.number) if header.number is not None else ""),
        ("name", header.name),
        ("kind", header.kind),
        ("undoes", header.undoes),
        ("from", header.from_fingerprint),
        ("to", header.to_fingerprint),
        ("target", header.target),
        ("database", header.database),
        ("system", header.system),
        ("managed", ", ".join(header.managed)),
        ("ignored", ", ".join(header.ignored)),
        ("authors", ", ".join(header.authors)),
        ("tools", "; ".join(f"{tool}={version.replace(';', ',')}" for tool, version in header.tools)),
        ("commit", header.git_commit),
        ("statements", str(header.statements)),
        ("transactions", str(header.transactions)),
        ("online", "yes" if header.online else ""),
        *(("refused" if hazard.refused else "hazard", _hazard_line(hazard)) for hazard in header.hazards),
        *(("check", _check_line(check)) for check in header.checks),
        *(("lost", text) for text in header.lost),
        ("proof", header.proof),
        ("marker", tag.strip()),
        ("checksum", _BLANK),
    ]
    for key, value in values:
        if value:
            yield f"-- {key}: {one_line(value)}"


def _hazard_line(hazard: Hazard) -> str:
    return f"{hazard.name} {hazard.subject.replace('|', '¦')} | {hazard.message}"


def _read_hazard(text: str, *, refused: bool) -> Hazard:
    name, _, rest = text.partition(" ")
    subject, _, message = rest.partition(" | ")
    return Hazard(name, subject, message, refused=refused)


def _check_line(check: RowCheck) -> str:
    """JSON, in which no run of blanks is left that :func:`one_line` would shorten."""
    text = json.dumps([check.name, check.subject, check.rule, check.sql])
    return re.sub(" {2,}", lambda blanks: "\\u0020" * len(blanks[0]), text)


def _read_check(text: str) -> RowCheck:
    """Raises ValueError for what is none."""
    name, subject, rule, sql = json.loads(text)
    return RowCheck(str(name), str(subject), str(rule), str(sql))


def parse(text: str, *, source: str = "script") -> Script:
    """Read a script. Raises :class:`~dataio.errors.MigrationError` where it is not one, or was cut short or rearranged.

    ``text`` is exactly what the file holds, line endings too. The checksum is for :meth:`Script.verify`.
    """
    lines = text.removeprefix("\ufeff").split("\n")
    head = 0
    while head < len(lines) and lines[head].startswith("--"):
        head += 1
    pairs = [(m[1], m[2]) for line in lines[:head] if (m := _KEY.fullmatch(line.rstrip("\r")))]
    values = dict(pairs)
    if values.get("format") != FORMAT:
        known = f"its format is {values['format']}, this dataio knows {FORMAT}" if "format" in values else "no header"
        raise MigrationError(
            f"{source}: not a migration script of dataio ({known})",
            hint="Scripts are written by `dataio schema plan` and `dataio schema adopt`.",
        )
    try:
        header = _header(values, pairs)
    except (KeyError, ValueError) as error:
        raise MigrationError(f"{source}: the header is damaged: {error}") from None
    chunks = tuple(_chunks(lines, head, values.get("marker", "")))
    _check(header, chunks, source)
    return Script(header, text, chunks, source)


def _header(values: dict[str, str], pairs: Sequence[tuple[str, str]]) -> Header:
    if not _CHECKSUM.fullmatch(values["checksum"]):
        raise ValueError("checksum")
    return Header(
        number=int(values["number"]) if "number" in values else None,
        name=values.get("name", ""),
        kind=values["kind"],
        from_fingerprint=values.get("from", ""),
        to_fingerprint=values.get("to", ""),
        target=values.get("target", ""),
        managed=_words(values.get("managed")),
        ignored=_words(values.get("ignored")),
        authors=_words(values.get("authors")),
        tools=_pairs(values.get("tools")),
        git_commit=values.get("commit", ""),
        statements=int(values["statements"]),
        transactions=int(values["transactions"]),
        hazards=tuple(_read_hazard(v, refused=k == "refused") for k, v in pairs if k in {"hazard", "refused"}),
        checks=tuple(_read_check(v) for k, v in pairs if k == "check"),
        proof=values.get("proof", ""),
        checksum=values["checksum"],
        undoes=values.get("undoes", ""),
        lost=tuple(v for k, v in pairs if k == "lost"),
        online=values.get("online") == "yes",
        database=values.get("database", ""),
        system=values.get("system", ""),
    )


def _words(text: str | None) -> tuple[str, ...]:
    return tuple(text.split(", ")) if text else ()


def _pairs(text: str | None) -> tuple[tuple[str, str], ...]:
    words = [word.partition("=") for word in text.split("; ")] if text else []
    return tuple((name, value) for name, _, value in words)


def _chunks(lines: list[str], start: int, tag: str) -> Iterator[Chunk]:
    marker = _marker(f"{tag} " if tag else "")
    open_at, found = start, None
    for at in range(start, len(lines) + 1):
        match = marker.fullmatch(lines[at].rstrip("\r")) if at < len(lines) else None
        if match is None and at < len(lines):
            continue
        if found is not None:
            role: Role = found["role"] or "statement"  # type: ignore[assignment]
            number = int(found["n"]) if found["n"] else None
            text = found["text"].replace(f"[{tag} ", "[", 1) if tag else found["text"]
            yield Chunk(role, text, "\n".join(lines[open_at:at]).rstrip() + "\n", open_at + 1, number)
        open_at, found = at + 1, match


def _check(header: Header, chunks: tuple[Chunk, ...], source: str) -> None:
    """The chunks are all there, in an order that makes sense."""
    statements = [chunk.number for chunk in chunks if chunk.role == "statement"]
    roles = [chunk.role for chunk in chunks]
    sound = all(following in _FOLLOWS[role] for role, following in pairwise(roles))
    if header.statements == 0 and not chunks:
        return
    if (
        not sound
        or not roles
        or roles[0] not in ("begin", "alone")
        or roles[-1] not in (("commit",) if header.number is not None else ("commit", "statement"))
        or statements != list(range(1, header.statements + 1))
        or roles.count("begin") + roles.count("alone") != header.transactions
    ):
        raise MigrationError(
            f"{source}: cut short or rearranged: {len(statements)} of {header.statements} statements found",
            hint="Bring back the file as it was planned, or plan again.",
        )
