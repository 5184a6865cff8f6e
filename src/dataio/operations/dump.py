"""``dataio schema dump``: the live schema as a tidy ``schema.sql`` that plans empty against its source."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from dataio.errors import SourceError, Unproven
from dataio.migrations.adopt import dumped
from dataio.migrations.schema_split import split_schema
from dataio.migrations.schema_text import dump_text, schema_text
from dataio.operations.state import shortened, worded
from dataio.operations.target import Place
from dataio.plan.model import Statement
from dataio.planner import proposers
from dataio.planner.delta import Delta, diff
from dataio.planner.scope import Scope, across, decide
from dataio.planner.state import INSUFFICIENT_PRIVILEGE, Workshop
from dataio.postgres.connection import connect, server_info
from dataio.postgres.dump import dump_schema
from dataio.postgres.scratch import provider_for
from dataio.progress import OnProgress, report
from dataio.snapshot.model import Snapshot
from dataio.snapshot.take import take


@dataclass(frozen=True)
class WrittenSchema:
    """A schema as text, seen to make what its source holds. ``statements`` make the same from nothing, in order.

    ``files``: the same as texts by path, where it was split; then ``text`` is empty. ``notes`` say what is out of the
    ordinary: what is not managed, or that the text is pg_dump's.
    """

    text: str
    statements: tuple[Statement, ...]
    fingerprint: str
    scope: Scope
    notes: tuple[str, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)


def dump(
    place: Place,
    *,
    split: bool = False,
    scratch_url: str | None = None,
    manage: frozenset[str] = frozenset({"auto"}),
    ignore: tuple[str, ...] = (),
    on_progress: OnProgress = None,
) -> WrittenSchema:
    """Write the schema of ``place``, as one text or ``split`` into files, load that into a scratch database, compare.

    Where our own text does not make the same schema, ``pg_dump``'s takes its place (not where it is split). Raises
    Unproven (5) with what differs where that does not either, UnknownObject where the source holds what no fact
    accounts for.
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
        scope = decide(manage, across(ignore, target=info.major, scratch=scratch.major), live)
        goal = scope.restrict(live)
        title = f"The schema of {place.database}, as it was found on PostgreSQL {place.server_version}."
        report(on_progress, "write", "the schema")
        reasons: list[str] = []
        forbidden = ""
        for way in (_own_files,) if split else (_own_text, _pg_dump_text):
            try:
                statements, files = way(place, workshop, scope, goal, title)
                report(on_progress, "check", "that the text makes the same schema")
                wrong = _compare(workshop, files, scope, goal)
            except proposers.ProposerFailed as error:
                reasons.append(str(error))
                continue
            except SourceError as error:
                reasons.append("\n".join(part for part in (error.message, error.detail) if part))
                forbidden = error.hint if error.sqlstate == INSUFFICIENT_PRIVILEGE else ""
                continue
            if not wrong:
                notes = (
                    *scope.notes,
                    *(["the text is pg_dump's: our own did not make the same schema"] if reasons else []),
                )
                text = "" if split else files[_FILE]
                return WrittenSchema(text, statements, goal.fingerprint, scope, notes, files if split else {})
            reasons += shortened(worded(wrong, old="the text", new="the database"))
    raise Unproven(
        "no text could be written that makes the same schema",
        detail="\n".join(reasons),
        hint=forbidden
        or "This is a fault in dataio. --ignore takes objects out of both sides."
        + (" Without --split pg_dump's text may do." if split else ""),
    )


_FILE: Final = "schema.sql"


def _own_files(
    place: Place, workshop: Workshop, scope: Scope, goal: Snapshot, _title: str
) -> tuple[tuple[Statement, ...], dict[str, str]]:
    statements = _from_nothing(place, workshop, scope, goal)
    return statements, split_schema(statements, goal)


def _own_text(
    place: Place, workshop: Workshop, scope: Scope, goal: Snapshot, title: str
) -> tuple[tuple[Statement, ...], dict[str, str]]:
    statements = _from_nothing(place, workshop, scope, goal)
    return statements, {_FILE: schema_text(statements, goal, title=title)}


def _from_nothing(place: Place, workshop: Workshop, scope: Scope, goal: Snapshot) -> tuple[Statement, ...]:
    nothing = scope.restrict(workshop.made("nothing", lambda _: None, "nothing").snapshot)
    return tuple(proposers.native(nothing, goal, major=place.major))


def _pg_dump_text(
    place: Place, _workshop: Workshop, scope: Scope, _goal: Snapshot, title: str
) -> tuple[tuple[Statement, ...], dict[str, str]]:
    found = dump_schema(
        place.target, no_owner=not scope.manages("owners"), no_privileges=not scope.manages("privileges")
    )
    return (dumped(found),), {_FILE: dump_text(found, title=title)}


def _compare(workshop: Workshop, files: Mapping[str, str], scope: Scope, goal: Snapshot) -> Sequence[Delta]:
    with tempfile.TemporaryDirectory(prefix="dataio-dump-") as folder:
        paths = [_written(Path(folder) / path, text) for path, text in files.items()]
        made = workshop.desired(paths if len(paths) == 1 else (Path(folder),)).snapshot
    return diff(scope.restrict(made), goal)


def _written(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path
