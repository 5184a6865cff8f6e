"""``dataio schema apply``: the pending scripts, or a saved plan, run against a target."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from dataio.errors import MigrationError, Refused, UsageError, told_when_stopped
from dataio.migrations import files, history
from dataio.migrations.alone import refuse_poolers
from dataio.migrations.executor import Applied, Limits, apply_all
from dataio.migrations.files import ScriptFile
from dataio.migrations.seeds import run_files, sql_files
from dataio.migrations.stopped import standing
from dataio.migrations.way import clear
from dataio.operations.state import Observatory
from dataio.operations.target import Place
from dataio.plan.model import Hazard, RowCheck
from dataio.plan.policy import Policy
from dataio.plan.render.sql import render
from dataio.plan.script import Script, label, parse
from dataio.planner.observed.figures import measure
from dataio.planner.rows.counts import as_hazard, count
from dataio.postgres.connection import connect, server_info
from dataio.progress import OnProgress, report
from dataio.words import plural

_UNITS: Final = {"us": 1e-6, "ms": 1e-3, "s": 1.0, "min": 60.0, "h": 3600.0, "d": 86400.0}


@dataclass(frozen=True)
class Pending:
    """What would be applied, in order. ``version`` is where the database is, ``folder`` all scripts there are."""

    version: int
    scripts: tuple[Script, ...] = ()
    folder: tuple[ScriptFile, ...] = ()

    @property
    def hazards(self) -> tuple[Hazard, ...]:
        return tuple(hazard for script in self.scripts for hazard in script.header.hazards)


@dataclass(frozen=True)
class Outcome:
    """What was applied. ``version`` is where the database is now."""

    version: int
    applied: tuple[Applied, ...]
    notes: tuple[str, ...] = ()


def pending(place: Place, *, migrations: Path, plan_file: Path | None = None) -> Pending:
    """What is still to be applied: all pending scripts, or the one plan in ``plan_file`` (.json or .sql).

    Raises MigrationError where folder and database do not tell one story, UsageError for a file that is no plan.
    """
    folder = files.scan(migrations)
    with connect(place.target, read_only=True) as connection:
        known = history.read(connection)
    if plan_file is not None:
        return Pending(known.version, (_script(plan_file),), folder)
    waiting = files.pending(folder, known)
    return Pending(known.version, tuple(one.script for one in waiting), folder)


def _script(path: Path) -> Script:
    try:
        text = path.read_bytes().decode("utf-8")
    except OSError as error:
        raise UsageError(
            f"{path} cannot be read: {error.strerror}",
            hint="Without a file, schema apply runs what is pending.",
        ) from None
    except UnicodeDecodeError:
        raise UsageError(f"{path} is no plan: it is not UTF-8 text") from None
    if not text.lstrip().startswith("{"):
        script = parse(text, source=str(path))
        if script.header.takes_back:
            raise UsageError(f"{path} takes a migration back", hint="Run it with: dataio schema rollback.")
        return script
    from dataio.plan.jsonio import from_json

    plan = from_json(text, source=str(path))
    if plan.number is None:
        raise MigrationError(
            f"{path}: the plan has no number, so it cannot be registered as applied",
            hint="Make it without --no-write: dataio schema plan NAME --out FILE.",
        )
    return parse(render(plan), source=str(path))


def elsewhere(place: Place, script: Script) -> str:
    """Where a script was planned, if that is another database than the one it is applied to; else nothing.

    That is no mistake by itself (planned on a laptop, applied in production): the fingerprints decide.
    """
    header = script.header
    if not header.database:
        return ""
    with connect(place.target, read_only=True) as connection:
        info = server_info(connection)
    if header.system and info.system_identifier and header.system != info.system_identifier:
        return f"{header.label} was planned for {header.target}, on another server than this one"
    if header.database != info.database:
        return f"{header.label} was planned for database {header.database}, and this is {info.database}"
    return ""


def refuse(
    place: Place,
    waiting: Pending,
    *,
    allow: Collection[str] = (),
    policy: Policy | None = None,
    data_checks: str = "0",
) -> None:
    """Raise Refused (exit 3) for hazards that ``allow`` does not name and ``policy`` or the script itself refuses.

    Limits of the policy are judged by what is on the target now. Where something is refused, the rows in the way of the
    first script are named along with it, if they are counted within ``data_checks``. Raises MigrationError where a
    statement that runs alone would go through a pooler.
    """
    refuse_poolers(place.target, waiting.scripts)
    rules = policy or Policy()
    known = [(script, hazard) for script in waiting.scripts for hazard in script.header.hazards]
    if rules.limits and known:
        known = _with_figures(place, known)
    standing = [
        (script, hazard)
        for script, hazard in known
        if (hazard.refused or rules.refuses(hazard)) and not _named(hazard, allow) and not rules.allows(hazard)
    ]
    if not standing:
        return
    names = list(dict.fromkeys(hazard.name for _, hazard in standing))
    first = waiting.scripts[0]
    rows = _in_the_way(_counted(place, first, limit=seconds(data_checks)), allow) if data_checks != "0" else ()
    standing += [(first, as_hazard(check, takes_back=first.header.takes_back)) for check in rows]
    besides = f", and rows stand in the way: {_names(rows)}" if rows else ""
    raise Refused(
        f"{', '.join(names)} not allowed{besides}",
        detail="\n".join(
            f"{script.header.label}: {hazard.name}  {hazard.subject}: {hazard.message}" for script, hazard in standing
        ),
        hint=f"Nothing was changed. {_mending(first, rows)}"
        f"To allow {'the rest' if rows else 'it'}: {' '.join(f'--allow {name}' for name in names)}",
    )


def _with_figures(place: Place, known: Sequence[tuple[Script, Hazard]]) -> list[tuple[Script, Hazard]]:
    """A script says what it does to which relation; how big that is, and how long it takes, is asked now."""
    with connect(place.target, read_only=True) as connection:
        found = measure(connection, {hazard.subject for _, hazard in known})
    seconds: dict[tuple[str, str], float] = {}
    for script, hazard in known:
        size = found.sizes.get(hazard.subject)
        if size is not None and hazard.kind in ("rewrite", "scan"):
            took, _ = found.speed.estimate(hazard.kind, size.bytes if hazard.kind == "rewrite" else size.heap or 0)
            key = (script.header.label, hazard.subject)
            seconds[key] = seconds.get(key, 0.0) + took
    with_figures = []
    for script, hazard in known:
        size = found.sizes.get(hazard.subject)
        if size is not None:
            lasts = seconds.get((script.header.label, hazard.subject), 0.0)
            hazard = replace(hazard, bytes=size.bytes, rows=size.rows, seconds=lasts)  # noqa: PLW2901
        with_figures.append((script, hazard))
    return with_figures


def _named(hazard: Hazard, names: Collection[str]) -> bool:
    return hazard.name in names or hazard.kind in names


def apply(
    place: Place,
    waiting: Pending,
    *,
    allow: Collection[str] = (),
    policy: Policy | None = None,
    lock_timeout: str = "10s",
    statement_timeout: str = "0",
    scratch_url: str | None = None,
    data_checks: str = "30s",
    old_transaction: str = "10s",
    wait: str = "0",
    hooks: Path | None = None,
    on_progress: OnProgress = None,
) -> Outcome:
    """Run what is pending, each script once and whole; the first that fails ends it.

    ``data_checks``: how long rows may be counted that stand in the way; ``0`` counts none.
    ``old_transaction``: how old a transaction must be that this refuses to queue behind (``0``: none), ``wait``: how
    long it is waited for first; ``hooks``: a folder with ``before_apply/*.sql`` and ``after_apply/*.sql``.
    Raises Refused (3), Drifted (4) with what differs, ConnectionFailed, and MigrationError for all else. A
    KeyboardInterrupt or SystemExit gets a note that says where the database stands.
    """
    refuse(place, waiting, allow=allow, policy=policy, data_checks=data_checks)
    rules = policy or Policy()
    allow = {*allow, *(hazard.name for hazard in waiting.hazards if rules.allows(hazard))}
    notes: list[str] = []

    def before(script: Script) -> None:
        clear(place.target, script, old=seconds(old_transaction), wait=seconds(wait) or 0.0, on_progress=on_progress)
        if data_checks == "0":
            return
        notes.extend(check_rows(place, script, allow=allow, limit=seconds(data_checks), on_progress=on_progress))

    with told_when_stopped(lambda: standing(place.target, waiting.scripts)):
        if hooks is not None:
            run_files(place.target, sql_files(hooks / "before_apply"), what="hook", on_progress=on_progress)
        observatory = Observatory(place, waiting.folder, scratch_url, on_progress)
        done = apply_all(
            place.target,
            waiting.scripts,
            checks=observatory.checks(),
            allow=allow,
            limits=Limits(lock=seconds(lock_timeout), statement=seconds(statement_timeout)),
            on_progress=on_progress,
            before=before,
        )
        if hooks is not None:
            with told_when_stopped(lambda: "Of the hooks after apply not all have run."):
                run_files(place.target, sql_files(hooks / "after_apply"), what="hook", on_progress=on_progress)
    numbers = [one.script.header.number or 0 for one in done]
    return Outcome(max([waiting.version, *numbers]), done, tuple(notes))


def check_rows(
    place: Place, script: Script, *, allow: Collection[str] = (), limit: float | None, on_progress: OnProgress = None
) -> list[str]:
    """Ask the rows before a script runs. Raises Refused (exit 3) where some would make it fail.

    Returns what could not be asked, one line each. A script that was begun, or applied already, is not asked about.
    """
    counted = _counted(place, script, limit=limit, on_progress=on_progress)
    if standing := _in_the_way(counted, allow):
        found = [as_hazard(check, takes_back=script.header.takes_back) for check in standing]
        raise Refused(
            f"{script.source}: rows stand in the way: {_names(standing)}",
            detail="\n".join(f"{one.name}  {one.subject}: {one.message}" for one in found),
            hint=f"The script was not begun, nothing was locked. {_mending(script, standing)}".rstrip(),
        )
    return [f"{check.name} {check.subject}: {check.note}" for check in counted if check.note]


def _counted(
    place: Place, script: Script, *, limit: float | None, on_progress: OnProgress = None
) -> tuple[RowCheck, ...]:
    header = script.header
    if not header.checks:
        return ()
    with connect(place.target, read_only=True) as connection:
        known = history.read(connection)
    if known.done_segments(header) or (known.find(header.number or 0) is not None) != header.takes_back:
        return ()
    report(on_progress, "rows", f"{plural(len(header.checks), 'check')} of the rows there are")
    return count(place.target, header.checks, limit=limit)


def _in_the_way(counted: Collection[RowCheck], allow: Collection[str]) -> tuple[RowCheck, ...]:
    return tuple(check for check in counted if check.rows and not _named(as_hazard(check), allow))


def _names(checks: Collection[RowCheck]) -> str:
    return ", ".join(dict.fromkeys(check.name for check in checks))


def _mending(script: Script, standing: Collection[RowCheck]) -> str:
    """What to do about rows in the way; a column that is not there yet has none that could be mended."""
    back = script.header.takes_back
    said = ""
    if any(not check.of_new_column for check in standing):
        said += f"Mend these rows, {'roll back' if back else 'apply'} again; to allow them would only let it fail. "
    if any(check.of_new_column for check in standing):
        said += (
            "No row can be mended for a column that is not there: bring it back by schema.sql, nullable or with a "
            "DEFAULT, and plan that as a migration of its own. "
            if back
            else "Change schema.sql and plan again. "
        )
    return said


def seconds(duration: str) -> float | None:
    """``500ms``, ``10s``, ``5min`` in seconds; ``0`` is no limit."""
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(us|ms|s|min|h|d)?", duration)
    if match is None:
        raise UsageError(f"{duration!r} is no duration", hint="Use 500ms, 10s, 5min; 0 is no limit.")
    value = float(match[1]) * _UNITS[match[2] or "ms"]
    return value or None


def summary(applied: Applied) -> str:
    """``003 add_owner: 7 statements in 0.2 s``."""
    header = applied.script.header
    name = f"{label(header.number or 0)} {header.name}".rstrip()
    if applied.already:
        return f"{name}: was applied already"
    count = plural(applied.statements, "statement")
    seen = "" if applied.verified else ", end state not verified"
    return f"{name}: {count} in {applied.seconds:.1f} s{seen}"
