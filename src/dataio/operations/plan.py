"""``dataio schema plan``: the proven way from a live database to schema.sql, and the pending script it becomes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Literal

from dataio.errors import MigrationError
from dataio.migrations import files, history
from dataio.operations import git
from dataio.operations.sql import query
from dataio.operations.target import Place
from dataio.plan.model import Plan
from dataio.plan.policy import Policy
from dataio.plan.render.sql import render, render_rollback
from dataio.plan.script import label, parse
from dataio.planner.pipeline import PlanRequest, make_plan
from dataio.planner.renames.requests import asked
from dataio.planner.renames.settling import Ask
from dataio.planner.roles import ELSEWHERE
from dataio.planner.work import Engine
from dataio.postgres.connection import connect
from dataio.postgres.conninfo import Target
from dataio.postgres.embedded import default_cache_dir
from dataio.postgres.load import refuse_large
from dataio.postgres.scratch import provider_for
from dataio.progress import OnProgress, report
from dataio.snapshot.store import SnapshotStore

_UNMADE: Final = (
    "the database holds what no script makes, so the scripts alone cannot build it (dataio schema check, db recreate):"
    " dataio schema adopt first writes a script that does"
)


@dataclass(frozen=True)
class Planned:
    """A plan, what became of its script at ``path``, and where its ``rollback`` is, if it has one."""

    plan: Plan
    path: Path | None = None
    outcome: Literal["", "wrote", "replaced", "kept", "removed"] = ""
    notes: tuple[str, ...] = ()
    rollback: Path | None = None


@dataclass(frozen=True)
class _Slot:
    """Where the script goes: its number, the pending script that it replaces, what the database's last script says.

    ``taken_back``: this database had that pending script, and rolled it back. ``unmade``: the database holds what no
    script has made.
    """

    number: int
    replaces: files.ScriptFile | None
    last: files.ScriptFile | None
    taken_back: bool
    unmade: bool


def plan(
    place: Place,
    *,
    sources: Sequence[Path],
    migrations: Path,
    root: Path,
    name: str | None = None,
    write: bool = True,
    scratch_url: str | None = None,
    manage: frozenset[str] = frozenset({"auto"}),
    ignore: tuple[str, ...] = (),
    engine: Engine = "auto",
    policy: Policy | None = None,
    untrusted: bool = False,
    check_rows: float | None = 30.0,
    online: bool = False,
    renames: Sequence[str] = (),
    ask_rename: Ask | None = None,
    move_rows: bool = False,
    on_progress: OnProgress = None,
) -> Planned:
    """Plan, prove, and with ``write`` put the script into ``migrations`` as the pending one.

    ``policy`` says which hazards need ``--allow``; ``name`` is the script's (default: the pending one's, else
    one from what changes); ``renames`` are wanted (``column:public.t.a=b``), and ``ask_rename`` asks a person about
    others that are likely. Raises what :func:`dataio.planner.pipeline.make_plan` raises, and MigrationError where
    scripts stand in the way.
    """
    wanted = tuple(asked(text) for text in renames)
    slug = files.slug(name) if name else ""
    slot = _slot(place, migrations) if write else None
    if slot is not None and not slug and slot.replaces is not None:
        slug = slot.replaces.slug
    if untrusted:
        refuse_large(sources)
    with ThreadPoolExecutor(1) as pool:
        head = pool.submit(git.head_commit, root)
        scratch = provider_for(
            place.target,
            scratch_url=scratch_url,
            protected=place.protected,
            untrusted=untrusted,
            elsewhere=ELSEWHERE if "roles" in manage else "",
        )
    with scratch:
        made = make_plan(
            PlanRequest(
                target=place.target,
                called=place.where,
                sources=tuple(sources),
                scratch=scratch,
                manage=manage,
                ignore=ignore,
                engine=engine,
                untrusted=untrusted,
                environment=place.environment,
                protected=place.protected,
                name=slug,
                number=slot.number if slot else None,
                git_commit=head.result(),
                policy=policy or Policy(),
                prepare=_standing_at(slot.number - 1) if slot else None,
                renames=wanted,
                check_rows=check_rows,
                online=online,
                ask_rename=ask_rename,
                move_rows=move_rows,
                store=SnapshotStore(default_cache_dir() / "snapshots"),
            ),
            on_stage=lambda stage: report(on_progress, stage),
        )
    made = replace(made, sources=tuple(str(git.relative(path, root)) for path in sources))
    if slot is None:
        return Planned(made)
    if not made.empty and not slug:
        made = replace(made, name=files.suggested_name(made))
    return _written(made, slot, migrations, root)


def _slot(place: Place, migrations: Path) -> _Slot:
    scripts = files.scan(migrations)
    with connect(place.target, read_only=True) as connection:
        known = history.read(connection)
        number, replaces = files.next_slot(scripts, known)
        unmade = number == 1 and connection.execute(query("holds_anything")).fetchone() == (True,)
    last = next((script for script in scripts if script.number == known.version), None)
    taken_back = any(one.number == number for one in known.rolled_back)
    return _Slot(number, replaces, last, taken_back, unmade=unmade)


def _standing_at(version: int) -> Callable[[Target], None]:
    def prepare(target: Target) -> None:
        with connect(target) as connection:
            history.stand_at(connection, version)

    return prepare


def _written(made: Plan, slot: _Slot, migrations: Path, root: Path) -> Planned:
    """Put the script into the folder; one that says the same is kept, one that nothing needs any more is removed."""
    old = slot.replaces
    notes = (*_drift_note(made, slot), *((_UNMADE,) if slot.unmade and not made.empty else ()))
    if made.empty:
        if old is None:
            return Planned(made, notes=notes)
        if git.tracks(root, old.path):
            stays = f"{old.path.name} is pending, but the database is what the schema says: is it still wanted?"
            return Planned(made, notes=(*notes, stays))
        files.discard(old)
        return Planned(made, old.path, "removed", notes)
    text = render(made)
    if old is not None and _same(text, old):
        back = old.rollback_path if old.rollback() is not None else _write_back(made, old.path, old.header.checksum)
        return Planned(made, old.path, "kept", notes, back)
    if old is not None and not slot.taken_back and (branch := git.published(root, old.path)):
        raise MigrationError(
            f"{old.path.name} is pending on this database, but {branch} has it: others may have applied it",
            hint="Apply it first (dataio schema apply); the plan then starts from there. Where nobody has applied it,"
            " remove it (git rm) and plan again.",
        )
    path = files.write(migrations, slot.number, made.name, text, replaces=old)
    return Planned(made, path, "replaced" if old is not None else "wrote", notes, _write_back(made, path))


def _write_back(made: Plan, script: Path, undoes: str = "") -> Path | None:
    if made.rollback is None:
        return None
    return files.write_rollback(script, render_rollback(made, undoes=undoes))


def _same(text: str, old: files.ScriptFile) -> bool:
    """Whether a pending script, unedited, already does just this."""
    new = parse(text)
    ours = [chunk.sql for chunk in new.statements]
    theirs = [chunk.sql for chunk in old.script.statements]
    ends = ("number", "name", "from_fingerprint", "to_fingerprint", "managed", "ignored", "hazards")
    if ours != theirs or any(getattr(new.header, end) != getattr(old.header, end) for end in ends):
        return False
    old.verify()
    return True


def _drift_note(made: Plan, slot: _Slot) -> tuple[str, ...]:
    """Say so where the plan does not start from what the last applied script made."""
    last = slot.last.header if slot.last is not None else None
    if last is None or (last.managed, last.ignored) != (made.managed, made.ignored):
        return ()
    if last.to_fingerprint.partition(":")[0] != made.from_fingerprint.partition(":")[0]:
        return ()
    if last.to_fingerprint == made.from_fingerprint:
        return ()
    return (
        f"the database is not what migration {label(slot.number - 1)} made it: something changed it by other means"
        " (dataio schema status says what)",
    )
