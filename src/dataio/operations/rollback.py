"""``dataio schema rollback``: the last applied migrations taken back, by the scripts that were planned with them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from dataio.errors import MigrationError, UsageError
from dataio.migrations import files, history
from dataio.migrations.files import ScriptFile
from dataio.migrations.history import History
from dataio.operations.apply import Outcome, Pending, apply
from dataio.operations.target import Place
from dataio.plan.policy import Policy
from dataio.plan.script import Script, label, version_label
from dataio.postgres.connection import connect
from dataio.progress import OnProgress

_NO_WAY: Final = "Change schema.sql back instead, and plan that as a migration of its own."


@dataclass(frozen=True)
class Rollbacks:
    """The rollbacks to run, the newest migration's first, and the version that they lead to."""

    pending: Pending
    to: int


def rollbacks(place: Place, *, migrations: Path, to: int | None = None) -> Rollbacks:
    """What takes the database back to version ``to`` (by default the one before the version that it is at).

    Raises UsageError where ``to`` is no earlier version, MigrationError where a migration has no rollback, or the files
    are not those that were applied.
    """
    folder = files.scan(migrations)
    with connect(place.target, read_only=True) as connection:
        known = history.read(connection)
    if to is None:
        to = known.migrations[-2].number if len(known.migrations) > 1 else max(known.version - 1, 0)
    if to > known.version or (to == known.version and known.version):
        raise UsageError(f"--to {label(to)} is not before {known.label}, where the database is")
    if to and to not in {one.number for one in known.migrations}:
        raise UsageError(f"--to {label(to)}: the database never was at {version_label(to)} under dataio")
    scripts = tuple(_back(number, folder, known) for number in _numbers(known, to))
    return Rollbacks(Pending(known.version, scripts, folder), to)


def _numbers(known: History, to: int) -> list[int]:
    return sorted((one.number for one in known.migrations if one.number > to), reverse=True)


def _back(number: int, folder: Collection[ScriptFile], known: History) -> Script:
    applied = known.find(number)
    script = next((one for one in folder if one.number == number), None)
    if applied is None or script is None:
        raise MigrationError(
            f"the script of {version_label(number)} is not there", hint="Fetch it from version control."
        )
    if applied.kind == "baseline":
        raise MigrationError(
            f"{script.path.name} is a baseline, what was there before dataio: there is no way back from it"
        )
    if applied.checksum != script.header.checksum:
        raise MigrationError(
            f"{script.path.name} is not the script that was applied",
            hint="Bring it back, and its rollback, as they were planned.",
        )
    back = script.rollback()
    if back is None:
        raise MigrationError(
            f"{script.path.name} has no rollback: {script.rollback_path.name} is not there",
            detail="None is written where no way back could be proven.",
            hint=f"Fetch it from version control if it was. {_NO_WAY}",
        )
    return back


def rollback(
    place: Place,
    planned: Rollbacks,
    *,
    allow: Collection[str] = (),
    policy: Policy | None = None,
    data_checks: str = "30s",
    lock_timeout: str = "10s",
    statement_timeout: str = "0",
    scratch_url: str | None = None,
    on_progress: OnProgress = None,
) -> Outcome:
    """Take back each migration, once and whole; the first that fails ends it.

    Raises Refused (3), Drifted (4) where the database is not what the migration made it, ConnectionFailed, and
    MigrationError for all else.
    """
    done = apply(
        place,
        planned.pending,
        allow=allow,
        policy=policy,
        data_checks=data_checks,
        lock_timeout=lock_timeout,
        statement_timeout=statement_timeout,
        scratch_url=scratch_url,
        on_progress=on_progress,
    )
    return replace(done, version=planned.to)
