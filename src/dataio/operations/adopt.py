"""``dataio schema adopt``: takes over a database that is already there, touching nothing of it but ``dataio_meta``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from dataio.errors import UsageError
from dataio.migrations import adopt as adoption
from dataio.operations import git
from dataio.operations.dump import dump
from dataio.operations.target import Place
from dataio.postgres.connection import connect
from dataio.postgres.statements import blank
from dataio.progress import OnProgress, report


@dataclass(frozen=True)
class Adopted:
    """What was written, and the version that the database is at now."""

    schema: Path
    baseline: Path
    number: int
    fingerprint: str
    notes: tuple[str, ...] = ()


def version_of(place: Place, *, version: int | None = None, from_table: str | None = None) -> int:
    """The version to adopt at: given, or the highest number in a history table; 1 where neither is.

    Raises UsageError where both are given or the table holds no number.
    """
    if version is not None and from_table is not None:
        raise UsageError("--version and --from-table say the same thing twice", hint="Give one of them.")
    if from_table is None:
        return version or 1
    with connect(place.target, read_only=True) as connection:
        return adoption.number_from_table(connection, from_table)


def check(place: Place, *, schema: Sequence[Path], migrations: Path) -> Path:
    """Where the schema will be written. Raises where database, folder or file are in the way already.

    A file without a statement, as ``dataio init`` writes it, is not.
    """
    if len(schema) != 1 or schema[0].is_dir():
        raise UsageError("adopt writes one schema file", hint="Name it with --schema FILE.")
    if schema[0].exists() and not blank(schema[0].read_text(encoding="utf-8-sig", errors="replace")):
        raise UsageError(
            f"{schema[0]} is there already, and adopt does not overwrite it",
            hint="Move it away, or write to another file with --schema FILE.",
        )
    with connect(place.target, read_only=True) as connection:
        adoption.check_free(connection, migrations)
    return schema[0]


def adopt(
    place: Place,
    *,
    number: int,
    schema: Sequence[Path],
    migrations: Path,
    root: Path,
    scratch_url: str | None = None,
    manage: frozenset[str] = frozenset({"auto"}),
    ignore: tuple[str, ...] = (),
    on_progress: OnProgress = None,
) -> Adopted:
    """Write the schema file and the baseline script, and register that as applied, without running it.

    The schema file was seen to plan empty against the database before anything is written. Raises what
    :func:`check` and :func:`dataio.operations.dump.dump` raise; then nothing stays behind.
    """
    file = check(place, schema=schema, migrations=migrations)
    written = dump(place, scratch_url=scratch_url, manage=manage, ignore=ignore, on_progress=on_progress)
    text = adoption.baseline_text(
        number,
        written.statements,
        to_fingerprint=written.fingerprint,
        target=place.describe(),
        managed=sorted(written.scope.aspects),
        ignored=written.scope.ignored,
        git_commit=git.head_commit(root),
    )
    report(on_progress, "register", f"version {number:03d}")
    file.parent.mkdir(parents=True, exist_ok=True)
    before = file.read_bytes() if file.exists() else None
    file.write_text(written.text, encoding="utf-8")
    try:
        with connect(place.target) as connection:
            done = adoption.adopt(connection, migrations, number, text)
    except BaseException:
        if before is None:
            file.unlink(missing_ok=True)
        else:
            file.write_bytes(before)
        raise
    return Adopted(file, done.script.path, done.number, written.fingerprint, written.notes)
