"""Is a restored database what the manifest says? Tables, rows, content where it was hashed, sequences."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg.rows import class_row

from dataio.dumps import content
from dataio.dumps.content import Counted
from dataio.dumps.errors import Damaged
from dataio.dumps.held import Relation
from dataio.dumps.manifest import Manifest, Table
from dataio.dumps.sql import query
from dataio.postgres.connection import connect, server_info
from dataio.postgres.conninfo import Target
from dataio.progress import OnProgress, report
from dataio.words import plural

_SHOWN = 20


@dataclass(frozen=True)
class Compared:
    """How much was compared. ``content``: whether by hash, too."""

    tables: int
    rows: int
    content: bool
    notes: tuple[str, ...] = ()


def compare(
    target: Target, manifest: Manifest, *, what: str, jobs: int = 1, on_progress: OnProgress = None
) -> Compared:
    """Compare ``target`` with ``manifest``, by so many connections. Raises Damaged, listing what differs;
    ``what`` names it in the message.
    """
    with connect(target, read_only=True) as connection:
        major = server_info(connection).major
        content.pin(connection, major)
        with connection.cursor(row_factory=class_row(Relation)) as cursor:
            there = {(r.schema, r.name): r for r in cursor.execute(query("tables")).fetchall() if r.kind == "r"}
        wanted = [table for table in manifest.tables if table.rows is not None]
        hashes = manifest.content_algorithm == content.ALGORITHM
        problems = [f"table {table.label} is missing" for table in manifest.tables if _key(table) not in there]
        if not manifest.partial and manifest.content != "data":
            named = {_key(table) for table in manifest.tables}
            problems += [f"table {there[key].label} is in no dump" for key in there.keys() - named]
        if not manifest.tables and manifest.content != "schema":
            problems.append("the manifest names no table at all")
        sizes = {(table.schema, table.name): table.bytes for table in wanted}
        present = [(there[_key(table)], table) for table in wanted if _key(table) in there]
        try:
            counted = _count(target, [pair[0] for pair in present], sizes, jobs, hashes, on_progress)
            for relation, table in present:
                own = counted[relation.oid]
                if own.rows != table.rows:
                    problems.append(
                        f"table {table.label} has {plural(own.rows, 'row')}, the manifest says {table.rows:,}"
                    )
                elif hashes and own.content != table.content:
                    problems.append(f"the content of table {table.label} is not what was dumped")
            problems += _sequences(connection, manifest)
            problems += _large_objects(connection, manifest, hashes=hashes)
        except psycopg.Error as error:
            raise Damaged(f"{what} cannot be compared with its manifest: {error}") from None
    if problems:
        shown = problems[:_SHOWN] + ([f"and {len(problems) - _SHOWN} more"] if len(problems) > _SHOWN else [])
        raise Damaged(
            f"{what} is not what was dumped: {plural(len(problems), 'difference')}",
            detail="\n".join(f"- {problem}" for problem in shown),
        )
    notes = () if hashes else ("rows were counted; their content was not hashed when the dump was made",)
    return Compared(len(present), sum(table.rows or 0 for _, table in present), hashes, notes)


def _count(
    target: Target,
    relations: Sequence[Relation],
    sizes: Mapping[tuple[str, str], int],
    jobs: int,
    hashes: bool,
    on_progress: OnProgress,
) -> dict[int, Counted]:
    """Count (and hash) tables, the largest first, each by the next connection that is free."""
    waiting = sorted(relations, key=lambda relation: sizes.get((relation.schema, relation.name), 0))
    found: dict[int, Counted] = {}

    def work() -> None:
        with connect(target, read_only=True) as connection:
            content.pin(connection, server_info(connection).major)
            with contextlib.suppress(IndexError):
                while True:
                    relation = waiting.pop()
                    report(on_progress, "verify", relation.label)
                    table = (relation.oid, relation.schema, relation.name)
                    found.update(content.count(connection, [table], content=hashes))

    workers = max(1, min(jobs, len(relations)))
    with ThreadPoolExecutor(workers, thread_name_prefix="dataio-compare") as pool:
        for future in [pool.submit(work) for _ in range(workers)]:
            future.result()
    return found


def _key(table: Table) -> tuple[str, str]:
    return table.schema, table.name


def _sequences(connection: psycopg.Connection[Any], manifest: Manifest) -> Iterable[str]:
    """Sequences are outside of snapshots: they may have gone on before pg_dump read them, but not back."""
    if manifest.partial or manifest.content == "schema":
        return
    there = {(schema, name): last for schema, name, last, _ in connection.execute(query("sequences")).fetchall()}
    for sequence in manifest.sequences:
        label = f"{sequence.schema}.{sequence.name}"
        if (sequence.schema, sequence.name) not in there:
            yield f"sequence {label} is missing"
            continue
        last = there[sequence.schema, sequence.name]
        if sequence.last_value is None or sequence.direction == 0:
            continue
        if last is None or (last - sequence.last_value) * sequence.direction < 0:
            yield f"sequence {label} is at {last}, the manifest says {sequence.last_value}"


def _large_objects(connection: psycopg.Connection[Any], manifest: Manifest, *, hashes: bool) -> Iterable[str]:
    if manifest.partial or manifest.content == "schema":
        return
    number, hashed = content.large_objects(connection, content=hashes)
    if number != manifest.large_objects:
        yield f"there are {number:,} large objects, the manifest says {manifest.large_objects:,}"
    elif hashes and hashed != manifest.large_objects_content:
        yield "the content of the large objects is not what was dumped"
