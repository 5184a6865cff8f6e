"""SQL files of the user beside the scripts: hooks before and after apply, and repeatable files of rows.

``hooks/before_apply/*.sql`` run before the first script of each apply, ``hooks/after_apply/*.sql`` after the last,
``seeds/*.sql`` whenever they are new or were changed; all in the order of their names, each in its own transaction.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from dataio.errors import MigrationError
from dataio.migrations.sql import query
from dataio.postgres.connection import connect
from dataio.postgres.conninfo import Target
from dataio.postgres.redact import redact
from dataio.progress import OnProgress, report


@dataclass(frozen=True)
class SqlFile:
    """A file to run whole, as it was read."""

    path: Path
    text: str

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def checksum(self) -> str:
        return "sha256:" + hashlib.sha256(self.text.encode()).hexdigest()


def sql_files(folder: Path) -> tuple[SqlFile, ...]:
    """The ``.sql`` files of a folder, by name; none where it is not there.

    Raises MigrationError for one that cannot be read.
    """
    if not folder.is_dir():
        return ()
    found = []
    for path in sorted(folder.glob("*.sql")):
        try:
            found.append(SqlFile(path, path.read_text(encoding="utf-8")))
        except (OSError, UnicodeDecodeError) as error:
            raise MigrationError(f"{path} cannot be read: {error}") from None
    return tuple(found)


def changed_seeds(target: Target, folder: Path) -> tuple[SqlFile, ...]:
    """The seeds that did not run on ``target`` yet, or not as they are now."""
    files = sql_files(folder)
    if not files:
        return ()
    with connect(target, read_only=True) as connection:
        row = connection.execute("SELECT to_regclass('dataio_meta.seed') IS NOT NULL").fetchone()
        done: dict[str, str] = {}
        if row is not None and row[0]:
            done = dict(connection.execute(query("seeds_done")).fetchall())
    return tuple(file for file in files if done.get(file.name) != file.checksum)


def run_files(target: Target, files: Iterable[SqlFile], *, what: str, on_progress: OnProgress = None) -> None:
    """Run files, each in a transaction. Raises MigrationError with file and line; that file is rolled back then."""
    with connect(target, application_name=f"dataio {what}") as connection:
        for file in files:
            report(on_progress, what, file.name)
            _run(connection, file)


def run_seeds(target: Target, files: Iterable[SqlFile], *, on_progress: OnProgress = None) -> None:
    """Run seeds, and note in the same transaction that they ran."""
    with connect(target, application_name="dataio seed") as connection:
        for file in files:
            report(on_progress, "seed", file.name)
            _run(connection, file, note=True)


def _run(connection: psycopg.Connection[Any], file: SqlFile, *, note: bool = False) -> None:
    try:
        with connection.transaction():
            connection.execute(file.text.encode())
            if note:
                connection.execute(query("seed_table"))
                connection.execute(query("note_seed"), {"name": file.name, "checksum": file.checksum})
    except psycopg.Error as error:
        position = error.diag.statement_position
        line = file.text.count("\n", 0, int(position) - 1) + 1 if position and position.isdigit() else 1
        raise MigrationError(
            f"{file.path}:{line}: {redact(error.diag.message_primary or str(error))}",
            detail=redact(error.diag.message_detail or ""),
            hint="This file was rolled back; those before it stay. Mend it and apply again.",
        ) from error
