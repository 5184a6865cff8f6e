"""``dataio schema dump``: the live schema as a tidy ``schema.sql`` that plans empty against its source."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from dataio.errors import SourceError, Unproven
from dataio.migrations.adopt import dumped
from dataio.migrations.schema_text import dump_text, schema_text
from dataio.operations.state import shortened, worded
from dataio.operations.target import Place
from dataio.plan.model import Statement
from dataio.planner import proposers
from dataio.planner.delta import Delta, diff
from dataio.planner.scope import Scope, decide
from dataio.planner.state import Workshop
from dataio.postgres.connection import connect, server_info
from dataio.postgres.dump import dump_schema
from dataio.postgres.scratch import provider_for
from dataio.progress import OnProgress, report
from dataio.snapshot.model import Snapshot
from dataio.snapshot.take import take


@dataclass(frozen=True)
class WrittenSchema:
    """A schema as text, seen to make what its source holds. ``statements`` make the same from nothing, in order.

    ``notes`` say what is out of the ordinary: what is not managed, or that the text is pg_dump's.
    """

    text: str
    statements: tuple[Statement, ...]
    fingerprint: str
    scope: Scope
    notes: tuple[str, ...] = ()


def dump(
    place: Place,
    *,
    scratch_url: str | None = None,
    manage: frozenset[str] = frozenset({"auto"}),
    ignore: tuple[str, ...] = (),
    on_progress: OnProgress = None,
) -> WrittenSchema:
    """Write the schema of ``place``, load it into a scratch database, and compare.

    Where our own text does not make the same schema, ``pg_dump``'s takes its place. Raises Unproven (5) with what
    differs where that does not either, UnknownObject where the source holds what no fact accounts for.
    """
    with connect(place.target, read_only=True) as connection:
        info = server_info(connection)
        report(on_progress, "snapshot", place.target.describe())
        live = take(connection)
    with provider_for(place.target, scratch_url=scratch_url, protected=place.protected) as scratch:
        workshop = Workshop(scratch, info)
        if scratch.major != info.major:
            report(on_progress, "copy", place.target.describe())
            live = workshop.copy(place.target, live).snapshot
        scope = decide(manage, ignore, live)
        goal = scope.restrict(live)
        title = f"The schema of {place.database}, as it was found on PostgreSQL {place.server_version}."
        report(on_progress, "write", "the schema")
        reasons: list[str] = []
        for way in (_own_text, _pg_dump_text):
            try:
                statements, text = way(place, workshop, scope, goal, title)
                report(on_progress, "check", "that the text makes the same schema")
                wrong = _compare(workshop, text, scope, goal)
            except (proposers.ProposerFailed, SourceError) as error:
                reasons.append(str(error))
                continue
            if not wrong:
                notes = (
                    *scope.notes,
                    *(["the text is pg_dump's: our own did not make the same schema"] if reasons else []),
                )
                return WrittenSchema(text, statements, goal.fingerprint, scope, notes)
            reasons += shortened(worded(wrong, old="the text", new="the database"))
    raise Unproven(
        "no text could be written that makes the same schema",
        detail="\n".join(reasons),
        hint="This is a fault in dataio. --ignore takes objects out of both sides.",
    )


def _own_text(
    place: Place, workshop: Workshop, scope: Scope, goal: Snapshot, title: str
) -> tuple[tuple[Statement, ...], str]:
    nothing = scope.restrict(workshop.made("nothing", lambda _: None, "nothing").snapshot)
    statements = proposers.native(nothing, goal, major=place.major)
    return tuple(statements), schema_text(statements, goal, title=title)


def _pg_dump_text(
    place: Place, _workshop: Workshop, scope: Scope, _goal: Snapshot, title: str
) -> tuple[tuple[Statement, ...], str]:
    found = dump_schema(
        place.target, no_owner=not scope.manages("owners"), no_privileges=not scope.manages("privileges")
    )
    return (dumped(found),), dump_text(found, title=title)


def _compare(workshop: Workshop, text: str, scope: Scope, goal: Snapshot) -> Sequence[Delta]:
    with tempfile.TemporaryDirectory(prefix="dataio-dump-") as folder:
        file = Path(folder) / "schema.sql"
        file.write_text(text, encoding="utf-8")
        made = workshop.desired((file,)).snapshot
    return diff(scope.restrict(made), goal)
