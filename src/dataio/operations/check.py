"""``dataio schema check``: schema.sql is what the scripts make, and what the database holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from dataio.errors import MigrationError
from dataio.migrations import files
from dataio.operations.state import replayed, worded
from dataio.operations.target import Place
from dataio.planner.delta import diff
from dataio.planner.scope import across, decide
from dataio.planner.state import Workshop, current
from dataio.postgres.connection import connect, server_info
from dataio.postgres.scratch import provider_for
from dataio.postgres.source import extensions_made
from dataio.progress import OnProgress, report
from dataio.words import plural


@dataclass(frozen=True)
class CheckResult:
    """What differs, one line each; ``database`` is ``None`` where none was given."""

    scripts: tuple[str, ...]
    database: tuple[str, ...] | None
    count: int
    target: str = ""

    @property
    def passes(self) -> bool:
        return not self.scripts and not self.database


def check(
    *,
    sources: Sequence[Path],
    migrations: Path,
    place: Place | None = None,
    scratch_url: str | None = None,
    manage: frozenset[str] = frozenset({"auto"}),
    ignore: tuple[str, ...] = (),
    on_progress: OnProgress = None,
) -> CheckResult:
    """Compare the schema files with the replay of all scripts in order, and with ``place`` where there is one.

    Raises SourceError, MigrationError for a script that was edited or fails, ConnectionFailed.
    """
    scripts = files.scan(migrations)
    for one in scripts:
        one.verify()
        one.rollback()
    if strays := files.stray_rollbacks(migrations, scripts):
        raise MigrationError(
            f"{migrations}: there is no script for {', '.join(path.name for path in strays)}",
            hint="Remove it, or fetch the script that it takes back from version control.",
        )
    target = place.target if place is not None else None
    protected = place is not None and place.protected
    with provider_for(
        target, scratch_url=scratch_url, protected=protected, wants_extensions=extensions_made(sources)
    ) as scratch:
        role = None
        if target is not None:
            with connect(target, read_only=True) as connection:
                role = server_info(connection)
        workshop = Workshop(scratch, role)
        report(on_progress, "load", "the schema")
        wanted = workshop.desired(tuple(sources)).snapshot
        if role is not None:
            ignore = across(ignore, target=role.major, scratch=scratch.major)
        scope = decide(manage, ignore, wanted)
        goal = scope.restrict(wanted)
        report(on_progress, "replay", plural(len(scripts), "script"))
        made = replayed(workshop, scripts, on_progress=on_progress).snapshot
        differing = worded(diff(goal, scope.restrict(made)), old="the schema", new="the scripts")
        live: tuple[str, ...] | None = None
        if place is not None:
            report(on_progress, "snapshot", place.where)
            now = current(place.target, lambda _: workshop, scratch.major)
            live = worded(diff(goal, scope.restrict(now)), old="the schema", new="the database")
    return CheckResult(differing, live, len(scripts), place.where if place is not None else "")
