"""``dataio schema drift``: what a database is, and what its history says it should be; and how to keep what is there.

Adopting folds the difference back into the schema's file and the folder of scripts: as a patch to read first, proven to
lead from what the scripts make to what the database is, and registered there as applied, without being run.
"""

from __future__ import annotations

import difflib
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dataio.errors import MigrationError, Unproven
from dataio.migrations import files, history
from dataio.migrations.files import ScriptFile
from dataio.operations.state import Observatory, replayed, scope_of
from dataio.operations.target import Place
from dataio.plan.model import Action
from dataio.plan.render.sql import render, terminated
from dataio.plan.script import Header, label, parse
from dataio.planner import proposers
from dataio.planner.changes import wholes
from dataio.planner.delta import Delta, diff
from dataio.planner.pipeline import PlanRequest, make_plan
from dataio.planner.state import Workshop, roles
from dataio.postgres.connection import connect, server_info
from dataio.postgres.conninfo import Target
from dataio.postgres.scratch import provider_for
from dataio.progress import OnProgress, report
from dataio.snapshot.keys import Key, parent
from dataio.snapshot.model import Snapshot
from dataio.snapshot.shown import value_text
from dataio.words import plural

NAME: Final = "adopt_drift"


@dataclass(frozen=True)
class Difference:
    """One attribute: what the scripts make of it, and what it is."""

    attribute: str
    expected: str
    found: str


@dataclass(frozen=True)
class Drifted:
    """One thing that differs: ``create`` is only in the database, ``drop`` only in the scripts."""

    action: Action
    thing: str
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True)
class DriftedObject:
    """A table, view, function … with all that differs in it."""

    name: str
    parts: tuple[Drifted, ...]


@dataclass(frozen=True)
class Drift:
    """What differs between a database and its history, object by object; empty where nothing does."""

    database: str
    version: int
    objects: tuple[DriftedObject, ...]

    @property
    def count(self) -> int:
        return sum(len(one.parts) for one in self.objects)


@dataclass(frozen=True)
class Adoption:
    """What adopting would write: the schema's file and its ``patch``, and the script that tells the history."""

    schema: Path
    text: str
    patch: str
    number: int
    script: str


def drift(place: Place, *, migrations: Path, scratch_url: str | None = None, on_progress: OnProgress = None) -> Drift:
    """Compare. Changes nothing.

    Raises MigrationError where there is no history, its scripts are not in the folder, or it is in the middle of one.
    """
    applied, header, version = _history(place, migrations)
    report(on_progress, "compare", "the database with its history")
    with connect(place.target, read_only=True) as connection:
        observatory = Observatory(place, applied, scratch_url, on_progress)
        deltas = observatory.drift(connection, applied, header)
        now = observatory.now(connection, _major(header, place))
    return Drift(place.where, version, _by_object(deltas, now))


def adoption(
    place: Place,
    *,
    sources: Sequence[Path],
    migrations: Path,
    scratch_url: str | None = None,
    on_progress: OnProgress = None,
) -> Adoption:
    """What would make the files say what the database is. Writes nothing.

    Raises MigrationError where the schema is not what the scripts make (plan and apply that first), or scripts are
    pending, and Unproven where the files would not become what the database is.
    """
    applied, header, version = _history(place, migrations)
    scripts = files.scan(migrations)
    if len(scripts) > len(applied):
        raise MigrationError(
            f"{files.labels(scripts[len(applied) :])} pending: adopting writes script {label(version + 1)}",
            hint="Apply or remove what is pending first.",
        )
    schema = _one_file(sources)
    scope = scope_of(header)
    with (
        connect(place.target, read_only=True) as connection,
        provider_for(
            place.target, scratch_url=scratch_url, protected=place.protected, major=_major(header, place)
        ) as scratch,
        tempfile.TemporaryDirectory(prefix="dataio-drift-") as folder,
    ):
        now = Observatory(place, applied, scratch_url, on_progress).now(connection, scratch.major)
        scratch.ensure_roles(sorted(roles(now)))
        workshop = Workshop(scratch, server_info(connection))
        report(on_progress, "replay", plural(len(applied), "script"))
        made = replayed(workshop, applied, on_progress=on_progress)
        before, after = scope.restrict(made.snapshot), scope.restrict(now)
        if diff(before, scope.restrict(workshop.desired(tuple(sources)).snapshot)):
            raise MigrationError(
                "the schema is not what the scripts make, so the drift cannot be told from what is not applied yet",
                hint="dataio schema check says what differs; plan and apply that first, or take it out.",
            )
        statements = proposers.native(before, after, major=place.major)
        text = schema.read_text(encoding="utf-8")
        block = "\n".join(terminated(statement.sql) for statement in statements)
        patched = f"{text.rstrip()}\n\n-- what {place.database} was found to be beside its history\n{block}\n"
        copy = Path(folder) / schema.name
        copy.write_text(patched, encoding="utf-8")
        database, target = workshop.clone(made, "drift")
        try:
            plan = make_plan(
                PlanRequest(
                    target,
                    (copy,),
                    scratch,
                    called=place.where,
                    manage=frozenset(header.managed) or frozenset({"auto"}),
                    ignore=header.ignored,
                    engine="native",
                    name=NAME,
                    number=version + 1,
                    prepare=_standing_at(version),
                    check_rows=0,
                )
            )
        finally:
            scratch.drop(database)
        if plan.to_fingerprint != after.fingerprint:
            raise Unproven(
                "the patched schema would not be what the database is",
                detail=f"the schema {plan.to_fingerprint}\nthe database {after.fingerprint}",
            )
    shown = difflib.unified_diff(
        text.splitlines(keepends=True), patched.splitlines(keepends=True), f"a/{schema.name}", f"b/{schema.name}"
    )
    return Adoption(schema, patched, "".join(shown), version + 1, render(plan))


def adopt(place: Place, planned: Adoption, *, migrations: Path) -> Path:
    """Write the schema's file and the script, and register that as applied; the script's path."""
    path = files.write(migrations, planned.number, NAME, planned.script)
    try:
        with connect(place.target) as connection:
            history.register(connection, parse(planned.script, source=str(path)))
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    planned.schema.write_text(planned.text, encoding="utf-8")
    return path


def _history(place: Place, migrations: Path) -> tuple[tuple[ScriptFile, ...], Header, int]:
    """The scripts that were applied, the last one's header, the version."""
    scripts = files.scan(migrations)
    with connect(place.target, read_only=True) as connection:
        known = history.read(connection)
    if known.last is None:
        raise MigrationError(
            f"{place.target.describe()} has no history to compare with: dataio has applied nothing here",
            hint="dataio schema adopt takes over a database that is there already.",
        )
    if known.interrupted is not None:
        raise MigrationError(
            f"migration {label(known.interrupted.number)} is under way here: apply it to its end first"
        )
    applied = tuple(one for one in scripts if one.number <= known.version)
    header = next((one.header for one in applied if one.number == known.version), None)
    if header is None:
        raise MigrationError(
            f"the script of version {label(known.version)} is not in {migrations}",
            hint="Check out the commit that holds it.",
        )
    return applied, header, known.version


def _one_file(sources: Sequence[Path]) -> Path:
    if len(sources) != 1 or not sources[0].is_file():
        raise MigrationError(
            "what is adopted is added to the schema's file, and the schema is not one file",
            hint="Write the change into its file yourself; dataio schema drift says what it is.",
        )
    return sources[0]


def _standing_at(version: int) -> Callable[[Target], None]:
    def prepare(target: Target) -> None:
        with connect(target) as connection:
            history.stand_at(connection, version)

    return prepare


def _major(header: Header, place: Place) -> int:
    digits = header.to_fingerprint.partition(":")[0].removeprefix("pg")
    return int(digits) if digits.isdigit() else place.major


def _by_object(deltas: Sequence[Delta], now: Snapshot) -> tuple[DriftedObject, ...]:
    groups: dict[str, list[Drifted]] = {}
    for delta in wholes(deltas):
        groups.setdefault(str(_whole(delta.key, now)), []).append(_told(delta))
    return tuple(DriftedObject(name, tuple(parts)) for name, parts in sorted(groups.items()))


def _whole(key: Key, now: Snapshot) -> Key:
    """The table, view or function that a fact is part of."""
    while (above := parent(key, now.relations)) is not None and above.kind != "schema":
        key = above
    return key


def _told(delta: Delta) -> Drifted:
    if delta.old is None:
        return Drifted("create", str(delta.key))
    if delta.new is None:
        return Drifted("drop", str(delta.key))
    old, new = delta.old, delta.new
    told = (
        Difference(name, *(value_text(name, fact[name]) or "(none)" for fact in (old, new))) for name in delta.changed
    )
    return Drifted("alter", str(delta.key), tuple(told))
