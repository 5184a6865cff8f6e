"""``dataio schema plan``, as data flows: two states in, one proven plan out."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import psycopg

from dataio import __version__
from dataio.errors import Unproven
from dataio.plan.model import Plan, PlannedTarget
from dataio.plan.policy import Policy
from dataio.plan.render.sql import render
from dataio.planner import notes, roles
from dataio.planner.changes import changes
from dataio.planner.column_order import column_order_notes
from dataio.planner.delta import diff
from dataio.planner.picture import picture
from dataio.planner.renames.requests import Asked, hints
from dataio.planner.renames.settling import Ask, Renaming
from dataio.planner.rollback import with_rollback
from dataio.planner.rows.counts import count, with_violations
from dataio.planner.scope import Scope, across, decide
from dataio.planner.state import Side, Workshop
from dataio.planner.work import LISTED, Clock, Engine, OnStage, Work, wanted_dump
from dataio.postgres.connection import ServerInfo, connect, server_info
from dataio.postgres.conninfo import Target
from dataio.postgres.scratch import Scratch
from dataio.postgres.server_wide import in_blocks, left_out
from dataio.snapshot.garbage import collector_paused
from dataio.snapshot.model import Snapshot
from dataio.snapshot.store import SnapshotStore
from dataio.snapshot.take import take


@dataclass(frozen=True)
class PlanRequest:
    """All that a plan depends on. ``sources`` are the schema files; ``scratch`` is where copies are made.

    ``prepare`` is called with the database of the proof before the script runs in it (to write the history that a
    numbered script expects). ``store`` remembers what schema files contain. ``renames`` were asked for;
    ``ask_rename`` asks a person about others that are likely (``None``: notes tell of them).
    ``check_rows``: seconds in which rows are counted that stand in the way; 0 counts none. ``called``: how the plan
    names the target, if not by how it is reached. ``files_only``: the target is nobody's, but was made of
    files.
    """

    target: Target
    sources: tuple[Path, ...]
    scratch: Scratch
    manage: frozenset[str] = frozenset({"auto"})
    ignore: tuple[str, ...] = ()
    engine: Engine = "auto"
    untrusted: bool = False
    environment: str = ""
    protected: bool = False
    name: str = ""
    number: int | None = None
    git_commit: str = ""
    policy: Policy = field(default_factory=Policy)
    prepare: Callable[[Target], None] | None = None
    store: SnapshotStore | None = None
    renames: tuple[Asked, ...] = ()
    ask_rename: Ask | None = None
    move_rows: bool = False
    check_rows: float | None = 30.0
    online: bool = False
    called: str = ""
    files_only: bool = False


_LARGE: Final = 100_000
"""Of so many facts the memory counts that two things at once would take."""

_PROVEN_BEFORE: Final = "these statements were proven on this very copy by an earlier plan, and not run there again"


def make_plan(request: PlanRequest, *, on_stage: OnStage = lambda _: None) -> Plan:
    """The proven plan from the target to the schema files; empty where they are equal.

    Reads the target in one read-only transaction and writes nothing there but scratch databases, where the scratch
    server is the target's own. Raises SourceError, ConnectionFailed, UnknownObject, UsageError for a rename that is
    none, and Unproven (exit 5) when no candidate was proven.
    """
    with collector_paused():
        return _made(request, Clock(on_stage))


def _made(request: PlanRequest, clock: Clock) -> Plan:
    scratch = request.scratch
    with clock.stage("connect"):
        connection = connect(request.target, read_only=True)
    with connection, ThreadPoolExecutor(1) as pool:
        info = server_info(connection)
        with clock.stage("snapshot"):
            live = take(connection)
        workshop = Workshop(scratch, info, request.store)
        # A schema that was never seen is mostly a changed one: its way from the target needs the copy, too.
        known = workshop.knows(request.sources, untrusted=request.untrusted, like=live)
        copying = None if known else pool.submit(workshop.copy, request.target, live)
        with clock.stage("load"):
            facts = workshop.desired_snapshot(request.sources, untrusted=request.untrusted, like=live)
        ignore = across(request.ignore, target=info.major, scratch=scratch.major)
        scope = decide(request.manage, ignore, facts)
        plan = _frame(request, info, scope)
        plan = replace(plan, notes=(*plan.notes, *scope.left_alone(live)))
        if rows := workshop.tables_with_rows(request.sources, untrusted=request.untrusted):
            plan = replace(plan, notes=(*plan.notes, notes.rows_in_schema(rows)))
        renaming = Renaming(request.renames, hints(request.sources), request.ask_rename)
        goal = scope.restrict(facts)
        # A copy on another version is read from a dump: PostgreSQL's own words for what the target holds are not known.
        planned = scope.planned if scratch.major == info.major else scope.restrict
        if scratch.major == info.major:
            now = scope.restrict(live)
            if not diff(planned(live), planned(facts)):
                return _nothing_to_do(plan, renaming, now, goal, clock)
        with clock.stage("load"):
            wanted = workshop.desired(request.sources, untrusted=request.untrusted)
            if copying is not None and request.store is not None and len(facts.facts) < _LARGE:
                wanted_dump(workshop, wanted, scope)  # while the copy is made; the proof will ask for it
        with clock.stage("copy"):
            current = workshop.copy(request.target, live) if copying is None else copying.result()
        pool.shutdown()  # what its thread had of memory is the next one's
        _check_copy(live, current, scope)
        if current.snapshot.major == live.major:
            current = replace(current, snapshot=current.snapshot.worded_as(live))
        now = scope.restrict(current.snapshot)
        plan = replace(plan, from_fingerprint=now.fingerprint, to_fingerprint=goal.fingerprint)
        if not diff(planned(current.snapshot), planned(facts)):
            return _nothing_to_do(plan, renaming, now, goal, clock)
        with clock.stage("renames"):
            renamed = renaming.run(workshop, current, scope, goal)
        now, goal = planned(renamed.snapshot), planned(facts)
        plan = replace(plan, notes=(*plan.notes, *renamed.notes))
        if not scope.manages("owners"):
            plan = replace(plan, notes=(*plan.notes, *notes.of_owner(now, goal, live, info.user)))
        lacking = roles.missing(connection, goal)
        if lacking and not scope.manages("roles") and not request.files_only:
            plan = replace(plan, notes=(*plan.notes, roles.lacking(lacking)))
        work = Work(
            workshop, scope, clock, current, wanted, renamed, now, goal, info.major,
            "native" if request.online else request.engine, request.policy, request.move_rows,
            roles.made(lacking) if scope.manages("roles") else (),
        )  # fmt: skip
        return _done(_worked(plan, work, request, connection), clock)


def _worked(plan: Plan, work: Work, request: PlanRequest, connection: psycopg.Connection[Any]) -> Plan:
    """The plan with its statements, what is known of them, their proof and their way back."""
    winner, candidates = work.candidates()
    chosen = winner.statements
    if request.online:
        chosen, told = work.online(winner)
        plan = replace(plan, online=True, notes=(*plan.notes, *told))
    plan = replace(plan, notes=(*plan.notes, *notes.of_statements(chosen, work.now, work.goal)))
    with work.clock.stage("hazards"):
        figures = work.figures(chosen, connection)
        statements, asked = work.assessed(chosen, figures)
    with work.clock.stage("rows"):
        checks = tuple(asked)
        if request.check_rows != 0:
            checks = count(request.target, checks, limit=request.check_rows)
        statements = with_violations(statements, checks, {check.sql: key for check, key in asked.items()})
    deltas, renames = work.deltas, work.renamed.renames
    shown = (*work.renamed.changes, *changes(deltas))
    plan = replace(plan, statements=statements, changes=shown, candidates=candidates)
    plan = replace(plan, load=figures.load, checks=checks)
    plan = replace(plan, diagram=picture(work.now, work.goal, deltas, (rename.new for rename in renames)))
    if request.prepare is None and (known := work.memory.proven(render(plan))) is not None:
        return replace(plan, proof=known, notes=(*plan.notes, _PROVEN_BEFORE))
    with work.trial("proof") as copy:
        if request.prepare is not None:
            request.prepare(copy.target)
        script = render(plan)
        plan = replace(plan, proof=work.proven(script, copy.target))
        if plan.number is not None:
            plan = with_rollback(plan, work, copy, script, connection)
    return plan


def _frame(request: PlanRequest, info: ServerInfo, scope: Scope) -> Plan:
    target = PlannedTarget(
        description=request.called or request.target.describe(),
        database=info.database,
        server_version=info.version_text,
        major=info.major,
        environment=request.environment,
        protected=request.protected,
        system_identifier=info.system_identifier or "",
    )
    blocks = in_blocks(request.sources) if request.scratch.own_server else ()
    return Plan(
        target=target,
        sources=tuple(str(path) for path in request.sources),
        from_fingerprint="",
        to_fingerprint="",
        managed=tuple(sorted(scope.aspects)),
        ignored=scope.ignored,
        notes=(*scope.notes, *left_out(request.sources), *blocks),
        tools=(("dataio", __version__), ("scratch", f"PostgreSQL {request.scratch.info.version_text}")),
        created_at=datetime.now(UTC).isoformat(timespec="seconds"),
        name=request.name,
        number=request.number,
        git_commit=request.git_commit,
    )


def _nothing_to_do(plan: Plan, renaming: Renaming, now: Snapshot, goal: Snapshot, clock: Clock) -> Plan:
    renaming.nothing_to_do(now, goal)
    plan = replace(plan, notes=(*plan.notes, *column_order_notes(now, goal)))
    return _done(replace(plan, from_fingerprint=now.fingerprint, to_fingerprint=goal.fingerprint), clock)


def _done(plan: Plan, clock: Clock) -> Plan:
    return replace(plan, timings=tuple((name, round(seconds, 4)) for name, seconds in clock.seconds.items()))


def _check_copy(live: Snapshot, copied: Side, scope: Scope) -> None:
    """Stop where the copy is not the target: what would be proven there would prove nothing."""
    if copied.snapshot is live:
        return
    if live.major != copied.snapshot.major:
        missing = scope.restrict(live).facts.keys() - scope.restrict(copied.snapshot).facts.keys()
        wrong = [f"missing: {key}" for key in sorted(missing) if key.kind != "not_null"]
    else:
        wrong = [str(delta) for delta in diff(scope.restrict(live), scope.restrict(copied.snapshot))]
    if wrong:
        raise Unproven(
            "the scratch copy of the target is not the same as the target, so nothing can be proven on it",
            detail="\n".join(wrong[:LISTED]),
            hint="If pg_dump leaves these out, --ignore takes them out of both sides.",
        )
