"""``dataio schema plan``, as data flows: two states in, one proven plan out."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

import psycopg

from dataio import __version__
from dataio.errors import Unproven
from dataio.plan.model import Author, Candidate, Plan, PlannedTarget, Statement
from dataio.plan.policy import Policy
from dataio.plan.render.sql import render
from dataio.planner import proposers
from dataio.planner.changes import changes
from dataio.planner.choose import cost
from dataio.planner.delta import Delta, diff
from dataio.planner.figures import Figures, measure
from dataio.planner.hazards import Sides, assess, touched
from dataio.planner.native.sql import qualified
from dataio.planner.proof import Verdict, dump_of, expected, prove
from dataio.planner.rename_requests import Asked, hints
from dataio.planner.renaming import Ask, Renamed, Renaming
from dataio.planner.replay import Failure, Observer
from dataio.planner.scope import Scope, decide
from dataio.planner.state import Side, Workshop
from dataio.postgres.connection import ServerInfo, connect, server_info
from dataio.postgres.conninfo import Target
from dataio.postgres.scratch import Scratch
from dataio.snapshot.model import Snapshot
from dataio.snapshot.store import SnapshotStore
from dataio.snapshot.take import take

Engine: TypeAlias = Literal["auto", "migra", "native"]
OnStage: TypeAlias = Callable[[str], None]

_LISTED: Final = 20  # differences shown of a candidate that was not proven; all are kept in the plan


@dataclass(frozen=True)
class PlanRequest:
    """All that a plan depends on. ``sources`` are the schema files; ``scratch`` is where copies are made.

    ``prepare`` is called with the database of the proof before the script runs in it (to write the history that a
    numbered script expects). ``store`` remembers what schema files contain. ``renames`` were asked for;
    ``ask_rename`` asks a person about others that are likely (``None``: notes tell of them).
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


@dataclass
class _Clock:
    """Where the time goes, stage by stage; stages that run side by side overlap."""

    on_stage: OnStage
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        self.on_stage(name)
        started = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - started


@dataclass(frozen=True)
class _Tried:
    """A candidate after its replay; proven to the eye of the snapshot where ``candidate.outcome`` is 'proven'."""

    candidate: Candidate
    statements: tuple[Statement, ...] = ()


def make_plan(request: PlanRequest, *, on_stage: OnStage = lambda _: None) -> Plan:
    """The proven plan from the target to the schema files; empty where they are equal.

    Reads the target in one read-only transaction and writes nothing there but scratch databases, where the scratch
    server is the target's own. Raises SourceError, ConnectionFailed, UnknownObject, UsageError for a rename that is
    none, and Unproven (exit 5) when no candidate was proven.
    """
    clock = _Clock(on_stage)
    scratch = request.scratch
    with clock.stage("connect"):
        connection = connect(request.target, read_only=True)
    with connection:
        info = server_info(connection)
        with clock.stage("snapshot"):
            live = take(connection)
        workshop = Workshop(scratch, info, request.store)
        with clock.stage("load"):
            facts = workshop.desired_snapshot(request.sources, untrusted=request.untrusted)
        scope = decide(request.manage, request.ignore, facts)
        plan = _frame(request, info, scope)
        renaming = Renaming(request.renames, hints(request.sources), request.ask_rename)
        goal = scope.restrict(facts)
        if scratch.major == info.major:
            now = scope.restrict(live)
            if not diff(now, goal):
                renaming.nothing_to_do(now, goal)
                return _done(replace(plan, from_fingerprint=now.fingerprint, to_fingerprint=goal.fingerprint), clock)
        with clock.stage("load"):
            wanted = workshop.desired(request.sources, untrusted=request.untrusted)
        with clock.stage("copy"):
            current = workshop.copy(request.target, live)
        _check_copy(live, current, scope)
        now = scope.restrict(current.snapshot)
        plan = replace(plan, from_fingerprint=now.fingerprint, to_fingerprint=goal.fingerprint)
        if not diff(now, goal):
            renaming.nothing_to_do(now, goal)
            return _done(plan, clock)
        with clock.stage("renames"):
            renamed = renaming.run(workshop, current, scope, goal)
        now = scope.restrict(renamed.snapshot)
        deltas = diff(now, goal)
        plan = replace(plan, notes=(*plan.notes, *renamed.notes))
        work = _Work(request, workshop, scope, clock, current, wanted, renamed, now, goal, info.major)
        winner, candidates = work.candidates()
        with clock.stage("hazards"):
            figures = work.figures(winner.statements, connection)
            statements = work.assessed(winner.statements, figures)
        shown = (*(rename.change for rename in renamed.renames), *changes(deltas, now, goal))
        plan = replace(plan, statements=statements, changes=shown, candidates=candidates, load=figures.load)
        return _done(replace(plan, proof=work.proven(plan).proof), clock)


def _frame(request: PlanRequest, info: ServerInfo, scope: Scope) -> Plan:
    target = PlannedTarget(
        description=request.target.describe(),
        database=info.database,
        server_version=info.version_text,
        major=info.major,
        environment=request.environment,
        protected=request.protected,
        system_identifier=info.system_identifier or "",
    )
    return Plan(
        target=target,
        sources=tuple(str(path) for path in request.sources),
        from_fingerprint="",
        to_fingerprint="",
        managed=tuple(sorted(scope.aspects)),
        ignored=scope.ignored,
        notes=scope.notes,
        tools=(("dataio", __version__), ("scratch", f"PostgreSQL {request.scratch.info.version_text}")),
        created_at=datetime.now(UTC).isoformat(timespec="seconds"),
        name=request.name,
        number=request.number,
        git_commit=request.git_commit,
    )


def _done(plan: Plan, clock: _Clock) -> Plan:
    return replace(plan, timings=tuple((name, round(seconds, 4)) for name, seconds in clock.seconds.items()))


def _check_copy(live: Snapshot, copied: Side, scope: Scope) -> None:
    """Stop where the copy is not the target: what would be proven there would prove nothing."""
    if live.major != copied.snapshot.major:
        missing = scope.restrict(live).facts.keys() - scope.restrict(copied.snapshot).facts.keys()
        wrong = [f"missing: {key}" for key in sorted(missing) if key.kind != "not_null"]
    else:
        wrong = [str(delta) for delta in diff(scope.restrict(live), scope.restrict(copied.snapshot))]
    if wrong:
        raise Unproven(
            "the scratch copy of the target is not the same as the target, so nothing can be proven on it",
            detail="\n".join(wrong[:_LISTED]),
            hint="If pg_dump leaves these out, --ignore takes them out of both sides.",
        )


@dataclass(frozen=True)
class _Work:
    """One planning run between two sides that differ. ``now`` is after the renames, ``current`` before them."""

    request: PlanRequest
    workshop: Workshop
    scope: Scope
    clock: _Clock
    current: Side
    wanted: Side
    renamed: Renamed
    now: Snapshot
    goal: Snapshot
    major: int

    def differences(self, database: Target) -> list[Delta]:
        """How far a database is from where it must end."""
        with connect(database, read_only=True) as connection:
            return self._differences(take(connection))

    def _differences(self, got: Snapshot) -> list[Delta]:
        ignored = self.scope.rest(got)
        reached = self.scope.restrict(got)
        together = Snapshot({**reached.facts, **ignored.facts}, frozenset(), got.major, got.self_role)
        return diff(together, expected(self.wanted.snapshot, self.renamed.snapshot, self.scope))

    def candidates(self) -> tuple[_Tried, tuple[Candidate, ...]]:
        """Try the proposers; the cheapest that arrives, and the record of all.

        ``auto`` asks the native rules first, and migra only where its way could be cheaper in what matters: where the
        native one did not arrive, loses something or rewrites a relation.
        """
        engine = self.request.engine
        tried: list[_Tried] = []
        if engine in ("auto", "native"):
            tried.append(self._native())
        if engine == "migra" or (engine == "auto" and not _hard_to_beat(tried[0])):
            tried.insert(0, self._migra())
        proven = [one for one in tried if one.candidate.outcome == "proven"]
        if not proven:
            raise _unproven([one.candidate for one in tried])
        winner = min(proven, key=lambda one: cost(one.statements))  # the first of equals: a tie goes to migra
        return winner, tuple(
            replace(one.candidate, outcome="won" if one is winner else one.candidate.outcome) for one in tried
        )

    def _native(self) -> _Tried:
        with self.clock.stage("native"):
            try:
                statements = proposers.native(self.now, self.goal, major=self.major)
            except proposers.ProposerFailed as failed:
                return _Tried(Candidate(("native",), "failed", 0, str(failed)))
        with (
            self.clock.stage("replay"),
            self._trial("native") as target,
            connect(target, autocommit=False) as connection,
        ):
            return self._replayed(Observer(connection), [*self._first(), *statements], "native")

    def _first(self) -> list[Statement]:
        return [rename.statement for rename in self.renamed.renames]

    def _migra(self) -> _Tried:
        with self._trial("migra") as target, connect(target, autocommit=False) as connection:
            observer = Observer(connection)
            renames = observer.run(self._first()).statements
            with self.clock.stage("migra"):
                try:
                    statements = proposers.migra(
                        target, self.wanted.target, privileges=self.scope.manages("privileges")
                    )
                except proposers.ProposerFailed as failed:
                    return _Tried(Candidate(("migra",), "failed", 0, str(failed)))
            with self.clock.stage("replay migra"):
                return self._replayed(observer, statements, "migra", renames)

    @contextmanager
    def _trial(self, label: str) -> Iterator[Target]:
        """A fresh copy of the target, gone afterwards."""
        database, target = self.workshop.clone(self.current, label)
        try:
            yield target
        finally:
            self.request.scratch.drop(database)

    def _replayed(
        self, observer: Observer, statements: Sequence[Statement], author: Author, before: Sequence[Statement] = ()
    ) -> _Tried:
        """Replay a proposal (``before`` has been run); what it leaves undone, the native rules complete."""
        replay = observer.run(statements)
        if replay.failure is not None:
            return _failed((author,), replay.failure, len(statements))
        done = (*before, *replay.statements)
        reached = observer.snapshot()
        left = self._differences(reached)
        if left and author != "native":
            try:
                rest = proposers.native(self.scope.restrict(reached), self.goal, major=self.major)
            except proposers.ProposerFailed:
                rest = []
            completion = observer.run(rest)
            if completion.failure is None and rest:
                done = (*done, *completion.statements)
                left = self._differences(observer.snapshot())
        authors = tuple(dict.fromkeys(statement.author for statement in done)) or (author,)
        if left:
            shown = tuple(map(str, left))
            return _Tried(Candidate(authors, "differs", len(done), f"{len(left)} facts differ", shown))
        return _Tried(Candidate(authors, "proven", len(done), str(cost(done))), done)

    def assessed(self, statements: Sequence[Statement], figures: Figures) -> tuple[Statement, ...]:
        """The winner's statements with their hazards, the target's figures beside them."""
        with connect(self.wanted.target, read_only=True) as scratch:
            sides = Sides(self.now, self.goal, diff(self.now, self.goal), scratch)
            return assess(statements, sides, figures, self.request.policy)

    def figures(self, statements: Sequence[Statement], target: psycopg.Connection[Any]) -> Figures:
        """What the statements were seen to touch, as it is on the target."""
        figures = measure(target, touched(statements))
        known = dict(figures.sizes)
        for rename in self.renamed.renames:  # what is dropped of a renamed table is told by its new name
            old, new = (qualified(*key.path[:2]) for key in (rename.old, rename.new))
            if old in known and len(rename.old.path) == len(("schema", "name")):
                known[new] = known[old]
        return replace(figures, sizes=known)

    def _redump(self, target: Target) -> str:
        with self.workshop.restored(target) as restored:
            return dump_of(restored, self.scope)

    def proven(self, plan: Plan) -> Verdict:
        """Run the script that would be handed out; raises Unproven where a judge objects."""
        scratch = self.request.scratch
        with self.clock.stage("proof"), ThreadPoolExecutor(1) as pool, self._trial("proof") as target:
            dump = pool.submit(dump_of, self.wanted.target, self.scope)
            if self.request.prepare is not None:
                self.request.prepare(target)
            verdict = prove(
                render(plan),
                target,
                self.scope,
                server=f"PostgreSQL {scratch.major}",
                wanted=self.wanted.target,
                wanted_dump=dump.result,
                redump=self._redump,
                differences=self.differences,
            )
        if not verdict.proof.holds:
            what = verdict.failure or "\n".join(verdict.differences[:_LISTED])
            raise Unproven("the script did not stand the proof; it is not handed out", detail=what, hint=_REPORT)
        return verdict


def _hard_to_beat(one: _Tried) -> bool:
    price = cost(one.statements)
    return one.candidate.outcome == "proven" and price.lost == price.rewritten == 0


def _failed(authors: tuple[Author, ...], failure: Failure, count: int) -> _Tried:
    where = f"statement {failure.position} of {count}: {failure.statement.subject}"
    return _Tried(Candidate(authors, "failed", count, f"{where}: {failure.message}"))


_REPORT: Final = "This is a fault in dataio's rules, not in your schema: please report it with both schemas."


def _unproven(candidates: Sequence[Candidate]) -> Unproven:
    lines = []
    for one in candidates:
        lines.append(f"{'+'.join(one.authors)}: {one.outcome}: {one.reason}")
        lines += [f"  {difference}" for difference in one.differences[:_LISTED]]
        if len(one.differences) > _LISTED:
            lines.append(f"  … and {len(one.differences) - _LISTED} more")
    return Unproven("no candidate could be proven to reach the schema", detail="\n".join(lines), hint=_REPORT)
