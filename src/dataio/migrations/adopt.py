"""Taking over a database that was there before dataio: its schema becomes the baseline, registered without a run."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import psycopg
from psycopg import sql

from dataio import __version__
from dataio.errors import MigrationError, UsageError
from dataio.migrations import history
from dataio.migrations.files import ScriptFile, discard, labels, read, scan, write
from dataio.plan.model import ObjectRef, Statement
from dataio.plan.render.sql import baseline
from dataio.plan.script import Header, label
from dataio.postgres.redact import redact

NAME: Final = "baseline"
_NUMBER: Final = re.compile(r"\D*(\d{1,9})")
_WHOLE: Final = ObjectRef("schema", (), "the whole schema")


@dataclass(frozen=True)
class Adoption:
    """The baseline that was written and registered; the next script has the number after it."""

    script: ScriptFile

    @property
    def number(self) -> int:
        return self.script.number


def dumped(dump: str) -> Statement:
    """A whole ``pg_dump --schema-only`` as the one statement of a baseline, where the planner cannot write it."""
    return Statement(dump.rstrip().removesuffix(";"), "create", _WHOLE, "native")


def baseline_text(
    number: int,
    statements: Sequence[Statement],
    *,
    to_fingerprint: str,
    target: str = "",
    managed: Sequence[str] = (),
    ignored: Sequence[str] = (),
    git_commit: str = "",
) -> str:
    """The baseline script: it makes the schema from nothing, so that a database can be rebuilt from the scripts.

    ``target`` is the header line of the database that it was taken from.
    """
    return baseline(
        Header(
            number=number,
            name=NAME,
            kind="baseline",
            from_fingerprint="",
            to_fingerprint=to_fingerprint,
            target=target,
            managed=tuple(managed),
            ignored=tuple(ignored),
            authors=tuple(dict.fromkeys(statement.author for statement in statements)),
            tools=(("dataio", __version__),),
            git_commit=git_commit,
        ),
        statements,
    )


def check_free(connection: psycopg.Connection[Any], folder: Path) -> None:
    """Raise :class:`~dataio.errors.MigrationError` where the database or the folder are in dataio's care already."""
    past = history.read(connection)
    if past.migrations:
        raise MigrationError(
            f"the database is adopted already: it is at {past.label}",
            hint="Plan changes with dataio schema plan; dataio schema dump writes its schema.",
        )
    if there := scan(folder):
        raise MigrationError(
            f"{folder} holds migrations already: {labels(there)}",
            hint="Adopt into an empty folder, or apply those to the database.",
        )


def adopt(connection: psycopg.Connection[Any], folder: Path, number: int, text: str) -> Adoption:
    """Write the baseline ``text`` as ``NNN_baseline.sql`` and register it as applied, without running it.

    Of the database only ``dataio_meta`` is touched. Raises :class:`~dataio.errors.MigrationError` where the database
    has a history, the folder scripts, or the role may not create ``dataio_meta``; then no file stays behind.
    """
    if number < 1:
        raise UsageError(f"a version is a number from 1 on, not {number}")
    check_free(connection, folder)
    script = read(write(folder, number, NAME, text))
    try:
        history.register(connection, script.script)
    except psycopg.Error as error:
        discard(script)
        raise MigrationError(
            f"the baseline {label(number)} could not be registered: {redact(error.diag.message_primary or str(error))}",
            hint="The role needs CREATE on the database, for schema dataio_meta. Nothing was changed.",
        ) from None
    except BaseException:
        discard(script)
        raise
    return Adoption(script)


def number_from_table(connection: psycopg.Connection[Any], name: str) -> int:
    """The highest number in ``table.column`` or ``schema.table.column``; of text its first digits count (``025_add``).

    Raises :class:`~dataio.errors.UsageError` where the name makes no sense or nothing there holds a number.
    """
    *where, column = name.split(".")
    if len(where) not in (1, 2) or not all([*where, column]):
        raise UsageError(f"{name!r} does not name a column", hint="Give table.column or schema.table.column.")
    statement = sql.SQL("SELECT DISTINCT {}::text FROM {}").format(sql.Identifier(column), sql.Identifier(*where))
    try:
        rows = connection.execute(statement).fetchall()
    except psycopg.Error as error:
        message = redact(error.diag.message_primary or str(error))
        raise UsageError(
            f"{name} cannot be read: {message}", hint="Give table.column or schema.table.column."
        ) from None
    numbers = [int(match[1]) for (value,) in rows if value is not None and (match := _NUMBER.match(value))]
    if not numbers or max(numbers) < 1:
        raise UsageError(f"{name} holds no number", hint="Give the version itself: --version 25.")
    return max(numbers)
