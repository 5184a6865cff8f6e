"""``dataio schema status`` and ``history``: where a database is, what is pending, what changed by other means."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from dataio.errors import MigrationError
from dataio.migrations import files, history
from dataio.migrations.files import ScriptFile
from dataio.migrations.history import History, Migration, RolledBack
from dataio.operations.state import Observatory, worded
from dataio.operations.target import Place
from dataio.postgres.connection import connect
from dataio.progress import OnProgress, report


@dataclass(frozen=True)
class Status:
    """One screen about a database.

    ``drift`` lists what differs from what its history says, and is ``None`` where there is nothing to compare with:
    ``unchecked`` says why. ``problems`` are contradictions between the folder and the history; ``rolled_back`` is what
    is pending again; ``under_way``: 'apply' or 'rollback', where one was interrupted.
    """

    database: str
    version: int
    last: Migration | None
    pending: tuple[str, ...]
    drift: tuple[str, ...] | None
    problems: tuple[str, ...] = ()
    fingerprint: str = ""
    rolled_back: tuple[RolledBack, ...] = ()
    unchecked: str = ""
    under_way: str = ""


def status(place: Place, *, migrations: Path, scratch_url: str | None = None, on_progress: OnProgress = None) -> Status:
    """Read the history, compare it with the folder and with what is there. Changes nothing.

    Raises ConnectionFailed, and what reading the scripts raises.
    """
    scripts = files.scan(migrations)
    problems: list[str] = []
    with connect(place.target, read_only=True) as connection:
        known = history.read(connection)
        waiting = _pending(scripts, known, problems)
        drift: tuple[str, ...] | None = None
        fingerprint = unchecked = under_way = ""
        header = next((one.header for one in scripts if one.number == known.version), None)
        if known.interrupted is not None:
            under_way = "rollback" if known.going_back else "apply"
            problems.append(_interrupted(known, scripts))
            unchecked = "the database is between two versions"
        elif known.last is None:
            unchecked = "dataio has applied nothing here"
        elif header is None:
            unchecked = f"the script of version {known.version:03d} is not in {migrations}"
            problems.append(unchecked)
        else:
            report(on_progress, "compare", "the database with its history")
            observatory = Observatory(place, scripts, scratch_url, on_progress)
            fingerprint = observatory.checks().current(connection, header)
            drift = ()
            if fingerprint != known.last.to_fingerprint:
                drift = (f"fingerprint {fingerprint} instead of {known.last.to_fingerprint}",)
                try:
                    applied = [one for one in scripts if one.number <= known.version]
                    deltas = observatory.drift(connection, applied, header)
                    drift = worded(deltas, old="the scripts", new="the database") or drift
                except MigrationError as error:
                    problems.append(f"what differs cannot be told: {error.message}")
    return Status(
        database=place.where,
        version=known.version,
        last=known.last,
        pending=waiting,
        drift=drift,
        problems=tuple(problems),
        fingerprint=fingerprint,
        rolled_back=tuple(one for one in known.rolled_back if one.number > known.version),
        unchecked=unchecked,
        under_way=under_way,
    )


def _interrupted(known: History, scripts: tuple[ScriptFile, ...]) -> str:
    done = known.interrupted
    if done is None:
        return ""
    script = next((one.script for one in scripts if one.number == done.number), None)
    whole = script is not None and not known.going_back and script.header.checksum == done.checksum
    of = f" of {len(script.segments)}" if script is not None and whole else ""
    part = script.header.part if script is not None and whole else "transaction"
    what = "the rollback of migration" if known.going_back else "migration"
    return f"{what} {done.number:03d} was interrupted after {part} {done.segment}{of}"


def _pending(scripts: tuple[ScriptFile, ...], known: History, problems: list[str]) -> tuple[str, ...]:
    try:
        waiting = files.pending(scripts, known)
    except MigrationError as error:
        problems += [error.message, *error.detail.splitlines()]
        return ()
    return tuple(one.path.name for one in waiting)


def history_of(place: Place) -> tuple[Migration | RolledBack, ...]:
    """What was applied and stands, and what was taken back, the oldest first; empty where dataio never was."""
    with connect(place.target, read_only=True) as connection:
        known = history.read(connection)
    return tuple(sorted((*known.migrations, *known.rolled_back), key=_moment))


def _moment(one: Migration | RolledBack) -> datetime:
    return one.applied_at if isinstance(one, Migration) else one.rolled_back_at
