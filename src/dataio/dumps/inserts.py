"""Data inserts: a folder of ``.sql``, ``.csv`` and ``.jsonl`` files into a database, in one transaction.

Files whose names begin with a number run first, in the order of their names. The others are named after tables
(``datasets.csv``, ``sales.orders.jsonl``) and run in the order of the tables' foreign keys; ``.sql`` files named after
no table come last, by name. All of it runs in one psql: an error has a file and a line, and nothing stays of it.
"""

from __future__ import annotations

import csv
import json
import re
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import psycopg
from psycopg import sql
from psycopg.rows import class_row

from dataio.dumps.held import Relation
from dataio.dumps.sql import query
from dataio.errors import SourceError
from dataio.postgres import psql_errors
from dataio.postgres.binaries import load_binaries
from dataio.postgres.connection import connect, connection_failed
from dataio.postgres.conninfo import Target
from dataio.postgres.explain import source_error
from dataio.postgres.process import PSQL, ToolFailed, is_connection_failure, run
from dataio.postgres.statements import ends_transaction, statements
from dataio.progress import OnProgress, report
from dataio.words import plural

KINDS: Final = (".sql", ".csv", ".jsonl")
_NUMBER: Final = re.compile(r"^\d+[_.\- ]*")
_NOT_ASCII: Final = re.compile(r"[^\x00-\x7f]")
_COPY_LINE: Final = re.compile(r"^COPY .*?, line (?P<line>\d+)", re.MULTILINE)


@dataclass(frozen=True)
class Inserted:
    """The files in the order they went in, and the rows that each table has now."""

    files: tuple[Path, ...]
    rows: Mapping[str, int]


@dataclass(frozen=True)
class _File:
    path: Path
    table: Relation | None
    numbered: bool


def insert(target: Target, folder: Path, *, on_progress: OnProgress = None) -> Inserted:
    """Run all files of ``folder`` (not of its folders). Sequences of the tables' columns go on after the highest value.

    Raises :class:`~dataio.errors.SourceError` with file and line; nothing is changed then.
    """
    with connect(target) as connection:
        tables = _tables(connection)
        files = _ordered(connection, _find(folder, tables))
        report(on_progress, "insert", plural(len(files), "file"))
        with tempfile.TemporaryDirectory(prefix="dataio-inserts-") as passing:
            scripts = [_script(file, Path(passing), number, connection) for number, file in enumerate(files)]
            after = Path(passing) / "sequences.sql"
            after.write_text(_sequences(connection), "utf-8")
            _run(target, files, scripts, after)
        rows = {}
        for file in files:
            if file.table is not None:
                name = sql.Identifier(file.table.schema, file.table.name)
                row = connection.execute(sql.SQL("select count(*) from {}").format(name)).fetchone()
                rows[file.table.label] = row[0] if row else 0
    return Inserted(tuple(file.path for file in files), rows)


def _tables(connection: psycopg.Connection[Any]) -> tuple[Relation, ...]:
    with connection.cursor(row_factory=class_row(Relation)) as cursor:
        return tuple(cursor.execute(query("tables")).fetchall())


def _find(folder: Path, tables: Sequence[Relation]) -> list[_File]:
    if not folder.is_dir():
        raise SourceError("there is no such folder of data inserts", file=str(folder))
    paths = sorted(
        path
        for path in folder.iterdir()
        if path.suffix.lower() in KINDS and not path.name.startswith(".") and path.is_file()
    )
    if not paths:
        raise SourceError("the folder holds no .sql, .csv or .jsonl file", file=str(folder))
    files = []
    for path in paths:
        bare = _NUMBER.sub("", path.stem)
        table = _named(bare, tables) or _named(path.stem, tables)
        if table is None and path.suffix.lower() != ".sql":
            raise SourceError(
                f"there is no table {bare!r} for this file",
                file=str(path),
                hint="Name the file after its table: table.csv or schema.table.csv, perhaps with a number before it.",
            )
        files.append(_File(path, table, bare != path.stem and bool(bare)))
    return files


def _named(name: str, tables: Sequence[Relation]) -> Relation | None:
    exact = [table for table in tables if name in (table.label, table.name)]
    if len(exact) > 1:
        exact = [table for table in exact if table.label == name or table.schema == "public"] or exact
        if len(exact) > 1:
            raise SourceError(
                f"several tables are called {name}: {', '.join(table.label for table in exact)}",
                file=name,
                hint="Put the schema before the table in the file's name.",
            )
    return exact[0] if exact else None


def _ordered(connection: psycopg.Connection[Any], files: Iterable[_File]) -> list[_File]:
    needs: dict[int, set[int]] = {}
    for table, other in connection.execute(query("foreign_keys")).fetchall():
        needs.setdefault(table, set()).add(other)
    rank: dict[int, int] = {}

    def visit(oid: int, path: frozenset[int]) -> int:
        if oid in path:  # a cycle: deferrable constraints, or an error with file and line
            return 0
        if oid not in rank:
            rank[oid] = 1 + max((visit(other, path | {oid}) for other in sorted(needs.get(oid, ()))), default=0)
        return rank[oid]

    def key(file: _File) -> tuple[int, int, str]:
        if file.numbered:
            return 0, 0, file.path.name
        if file.table is not None:
            return 1, visit(file.table.oid, frozenset()), file.path.name
        return 2, 0, file.path.name

    return sorted(files, key=key)


def _script(file: _File, passing: Path, number: int, connection: psycopg.Connection[Any]) -> Path:
    """What psql is given: the file itself, or a script of the same line numbers."""
    if file.path.suffix.lower() == ".sql" or file.table is None:
        _refuse_transactions(file.path)
        return file.path
    table = sql.Identifier(file.table.schema, file.table.name).as_string(connection)
    script = passing / f"{number:04d}_{file.path.name}.sql"
    if file.path.suffix.lower() == ".csv":
        script.write_text(_copy_csv(file.path, table, connection), "utf-8")
        return script
    with file.path.open(encoding="utf-8-sig", newline="\n") as source, script.open("w", encoding="utf-8") as out:
        for line_number, line in enumerate(source, start=1):
            out.write((_insert_line(file.path, line_number, line, table, connection) if line.strip() else "") + "\n")
    return script


def _refuse_transactions(path: Path) -> None:
    for begun in statements(path.read_text("utf-8", "surrogateescape")):
        if command := ends_transaction(begun):
            raise SourceError(
                f"{command} in a file of data inserts: all files run in one transaction, so that nothing stays of them "
                "when one fails",
                file=str(path),
                line=begun.line,
                hint=f"Take the {command} out. SAVEPOINT and ROLLBACK TO are fine.",
            )


def _copy_csv(path: Path, table: str, connection: psycopg.Connection[Any]) -> str:
    """``\\copy``: its first line names the columns, so that their order does not matter."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            header = next(csv.reader(file), [])
    except UnicodeDecodeError:
        raise SourceError("the file is not UTF-8", file=str(path)) from None
    if not header or not all(name.strip() for name in header):
        raise SourceError("the first line must name the columns", file=str(path), line=1)
    columns = ", ".join(sql.Identifier(name.strip()).as_string(connection) for name in header)
    place = str(path.absolute()).replace("'", "''")
    return f"\\copy {table} ({columns}) from '{place}' with (format csv, header true, encoding 'UTF8')\n"


def _insert_line(path: Path, number: int, line: str, table: str, connection: psycopg.Connection[Any]) -> str:
    try:
        document = json.loads(line, parse_float=str, parse_int=str)
    except (ValueError, RecursionError) as error:
        raise SourceError(f"the line is not JSON: {error}", file=str(path), line=number) from None
    if not isinstance(document, dict) or not document:
        raise SourceError("the line is not a JSON object with columns", file=str(path), line=number)
    names = [sql.Identifier(name).as_string(connection) for name in document]
    # The line as it is, so that numbers keep all their digits; letters that the connection may not know are escaped.
    text = sql.Literal(_NOT_ASCII.sub(lambda found: json.dumps(found[0])[1:-1], line.strip())).as_string(connection)
    return (
        f"insert into {table} ({', '.join(names)}) overriding system value "
        f"select {', '.join(f'r.{name}' for name in names)} "
        f"from pg_catalog.json_populate_record(null::{table}, {text}) r;"
    )


def _sequences(connection: psycopg.Connection[Any]) -> str:
    """Sequences go on after the highest value of their column."""
    lines = ["set constraints all immediate;"]
    for sequence_schema, sequence, schema, table, column in connection.execute(query("owned_sequences")).fetchall():
        statement = sql.SQL(
            "select pg_catalog.setval({name}, m) from (select max({column}) as m from {table}) t "
            "where m > coalesce((select last_value from {sequence} where is_called), 0);"
        ).format(
            name=sql.Literal(sql.Identifier(sequence_schema, sequence).as_string(connection)),
            column=sql.Identifier(column),
            table=sql.Identifier(schema, table),
            sequence=sql.Identifier(sequence_schema, sequence),
        )
        lines.append(statement.as_string(connection))
    return "\n".join(lines) + "\n"


def _run(target: Target, files: Sequence[_File], scripts: Sequence[Path], after: Path) -> None:
    arguments = [*PSQL, "--single-transaction", "--set=ON_ERROR_STOP=1", "--set=VERBOSITY=verbose"]
    arguments += ["--set=ECHO=errors", "--output=/dev/null"]
    # Should something end the transaction after all (a file that another one includes), the next one can write nothing.
    arguments += ["--command=set transaction read write", "--command=set constraints all deferred"]
    arguments += [f"--file={path}" for path in (*scripts, after)]
    settings = {"default_transaction_read_only": "on"}
    done = run(load_binaries(), "psql", arguments, target=target, settings=settings, check=False)
    if is_connection_failure(done.stderr):
        raise connection_failed(target, done.stderr)
    if errors := psql_errors.parse(done.stderr):
        raise _placed(errors[0], files, scripts, target)
    if done.returncode:
        raise ToolFailed("the data inserts failed", returncode=done.returncode, stderr=done.stderr.strip())


def _placed(error: psql_errors.PsqlError, files: Sequence[_File], scripts: Sequence[Path], target: Target) -> Exception:
    """The error, in the file that the user wrote."""
    for file, script in zip(files, scripts, strict=True):
        if str(script) != error.file:
            continue
        if script == file.path:
            text = file.path.read_text("utf-8", "surrogateescape")
            return source_error(error, file.path, text, server=target.describe())
        line: int | None = error.line
        if file.path.suffix.lower() == ".csv":
            match = _COPY_LINE.search(error.context)
            line = int(match["line"]) if match else None
        detail = "\n".join(part for part in (error.detail, error.context) if part)
        return SourceError(
            error.message.partition("\n")[0],
            file=str(file.path),
            line=line,
            sqlstate=error.sqlstate,
            detail=detail,
            hint=error.hint,
        )
    detail = "\n".join(part for part in (error.detail, error.hint) if part)
    return SourceError(
        error.message.partition("\n")[0],
        file=str(files[0].path.parent),
        sqlstate=error.sqlstate,
        detail=detail,
        hint="A deferred constraint fails only when all files are in.",
    )
