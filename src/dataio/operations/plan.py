"""``dataio schema plan``: the proven way from a live database to schema.sql, and the pending script it becomes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Literal

from dataio.errors import Drifted, MigrationError, Refused, Unproven
from dataio.migrations import files, history
from dataio.operations import git
from dataio.operations.sql import query
from dataio.operations.state import Observatory, another_hand, shortened, worded
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
from dataio.postgres.source import read_files
from dataio.postgres.statements import blank
from dataio.progress import OnProgress, report
from dataio.snapshot.store import SnapshotStore

_UNMADE: Final = (
    "the database holds what no script makes, so the scripts alone cannot build it (dataio schema check, db recreate):"
    " dataio schema adopt first writes a script that does"
)


@dataclass(frozen=True)
class Planned:
    """A plan, what became of its script at ``path``, and where its ``rollback`` is, if it has one.

    ``instead_of``: the name of the pending script that was replaced.
    """

    plan: Plan
    path: Path | None = None
    outcome: Literal["", "wrote", "replaced", "kept", "removed"] = ""
    notes: tuple[str, ...] = ()
    rollback: Path | None = None
    instead_of: str = ""


@dataclass(frozen=True)
class _Slot:
    """Where the script goes: its number, the pending script that it replaces, and those that were applied before.

    ``taken_back``: this database had that pending script, and rolled it back. ``unmade``: the database holds what no
    script has made. ``hand``: what is to be said where another role applied the last one.
    """

    number: int
    replaces: files.ScriptFile | None
    applied: tuple[files.ScriptFile, ...]
    taken_back: bool
    unmade: bool
    hand: str


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
    with scratch, _saying(slot.hand if slot else ""):
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
    if not made.empty:
        _refuse_misleading(made, slot, place, sources, scratch_url)
    return _written(made, slot, migrations, root)


@contextmanager
def _saying(hand: str) -> Iterator[None]:
    """Where nothing could be proven, say that another role would see another state."""
    try:
        yield
    except Unproven as error:
        raise Unproven(error.message, detail=error.detail, hint=hand or error.hint) from error


def _slot(place: Place, migrations: Path) -> _Slot:
    scripts = files.scan(migrations)
    with connect(place.target, read_only=True) as connection:
        known = history.read(connection)
        if known.interrupted is not None:
            raise _under_way(known.interrupted, going_back=known.going_back)
        number, replaces = files.next_slot(scripts, known)
        unmade = number == 1 and connection.execute(query("holds_anything")).fetchone() == (True,)
        hand = another_hand(known, connection)
    applied = tuple(script for script in scripts if script.number <= known.version)
    taken_back = any(one.number == number for one in known.rolled_back)
    return _Slot(number, replaces, applied, taken_back, unmade, hand)


def _under_way(segment: history.Segment, *, going_back: bool) -> MigrationError:
    what, command = ("the rollback of ", "rollback") if going_back else ("", "apply")
    return MigrationError(
        f"{what}migration {label(segment.number)} is under way here: it is committed up to its transaction"
        f" {segment.segment}, and a plan from there would be another script than others have",
        hint=f"dataio schema {command} goes on there; --no-write shows what is left to do.",
    )


def _refuse_misleading(made: Plan, slot: _Slot, place: Place, sources: Sequence[Path], scratch_url: str | None) -> None:
    """Write no script that only this database could run, or that drops a database for a schema nobody wrote.

    Raises Refused where the schema holds no statement, and Drifted where the database is not what its scripts make.
    """
    if slot.unmade and all(blank(one.text) for one in read_files(sources)):
        raise Refused(
            f"the schema holds no statement, and {place.where} is not empty: this script would drop all that is there",
            hint="dataio schema adopt writes schema.sql from the database; --no-write shows the plan.",
        )
    if not _strays(made, slot):
        return
    last = slot.applied[-1].header
    with connect(place.target, read_only=True) as connection:
        deltas = Observatory(place, slot.applied, scratch_url).drift(connection, slot.applied, last)
    if deltas:
        raise Drifted(
            f"{place.where} is not what migration {label(slot.number - 1)} made it: something changed it by other"
            " means, and a script that starts from there runs nowhere else",
            detail="\n".join(shortened(worded(deltas, old="the scripts", new="the database"))),
            hint=slot.hand
            or "Undo that, or keep it: with schema.sql as it was, dataio schema drift --adopt makes it"
            " a script of its own. --no-write shows this plan.",
        )


def _standing_at(version: int) -> Callable[[Target], None]:
    def prepare(target: Target) -> None:
        with connect(target) as connection:
            history.stand_at(connection, version)

    return prepare


def _written(made: Plan, slot: _Slot, migrations: Path, root: Path) -> Planned:
    """Put the script into the folder; one that says the same is kept, one that nothing needs any more is removed."""
    old = slot.replaces
    notes = _notes(made, slot)
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
    if old is not None and not slot.taken_back and (whose := _of_others(root, old.path)):
        raise MigrationError(
            f"{old.path.name} is pending on this database, but {whose}: others may have applied it",
            hint="Apply it first (dataio schema apply); the plan then starts from there. Where nobody has applied it,"
            " remove it (git rm) and plan again.",
        )
    path = files.write(migrations, slot.number, made.name, text, replaces=old)
    back = _write_back(made, path)
    if old is None:
        return Planned(made, path, "wrote", notes, back)
    return Planned(made, path, "replaced", notes, back, instead_of=old.path.name)


def _of_others(root: Path, script: Path) -> str:
    """Why a script is not this developer's alone; "" where nothing says so."""
    if branch := git.published(root, script):
        return f"{branch} has it"
    author = git.another_author(root, script)
    return f"{author} committed it" if author else ""


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


def _strays(made: Plan, slot: _Slot) -> bool:
    """Whether the plan does not start from what the last applied script says it made."""
    last = slot.applied[-1].header if slot.applied else None
    if last is None or last.number != slot.number - 1 or (last.managed, last.ignored) != (made.managed, made.ignored):
        return False
    if last.to_fingerprint.partition(":")[0] != made.from_fingerprint.partition(":")[0]:
        return False
    return last.to_fingerprint != made.from_fingerprint


def _notes(made: Plan, slot: _Slot) -> tuple[str, ...]:
    """What a reader has to know of the database; where nothing is to be done, that this is not due to the scripts."""
    if not made.empty:
        return (*((_UNMADE,) if slot.unmade else ()), *((slot.hand,) if slot.hand else ()))
    if not _strays(made, slot):
        return ()
    return (
        f"the database is not what migration {label(slot.number - 1)} made it: something changed it by other means"
        " (dataio schema drift says what, and --adopt keeps it)",
    )
