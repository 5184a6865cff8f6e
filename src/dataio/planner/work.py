"""One way from a state to another: candidates tried on copies, the cheapest chosen, its script proven.

:mod:`dataio.planner.pipeline` goes there with it, :mod:`dataio.planner.rollback` goes back.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Final, Literal, TypeAlias

import psycopg

from dataio.errors import ScratchUnavailable, Unproven
from dataio.plan.model import Author, Candidate, Proof, RowCheck, Statement
from dataio.plan.policy import Policy
from dataio.planner import proposers
from dataio.planner.choose import avoidable, cost
from dataio.planner.delta import Delta, diff
from dataio.planner.memory import Memory
from dataio.planner.native.moved_rows import moved
from dataio.planner.native.text.sql import qualified
from dataio.planner.observed.figures import Figures, measure
from dataio.planner.observed.hazards import Sides, assess, touched
from dataio.planner.observed.replay import Failure, Observer
from dataio.planner.online.changes import Online
from dataio.planner.proof import dump_of, expected, prove
from dataio.planner.renames.settling import Renamed
from dataio.planner.rows.checks import Rows
from dataio.planner.scope import NOT_NULL_NAMES, Scope
from dataio.planner.state import INSUFFICIENT_PRIVILEGE, Side, Workshop
from dataio.postgres.connection import connect
from dataio.postgres.conninfo import Target
from dataio.postgres.explain import MORE_LOCKS, OUT_OF_MEMORY
from dataio.snapshot.keys import Key
from dataio.snapshot.model import Edges, Snapshot
from dataio.snapshot.take import take

Engine: TypeAlias = Literal["auto", "migra", "native"]
OnStage: TypeAlias = Callable[[str], None]

LISTED: Final = 20
"""Differences shown of a candidate that was not proven; all are kept in the plan."""


@dataclass
class Clock:
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
class Tried:
    """A candidate after its replay; proven to the eye of the snapshot where ``candidate.outcome`` is 'proven'."""

    candidate: Candidate
    statements: tuple[Statement, ...] = ()
    sqlstate: str = ""


@dataclass(frozen=True)
class Work:
    """One planning run between two sides that differ. ``now`` is after the renames, ``current`` before them.

    ``roles`` make what the schema names and the target's server lacks, before anything else.
    ``spares`` are copies that nothing was left in, beside the side that each is a copy of.
    """

    workshop: Workshop
    scope: Scope
    clock: Clock
    current: Side
    wanted: Side
    renamed: Renamed
    now: Snapshot
    goal: Snapshot
    major: int
    engine: Engine
    policy: Policy
    move_rows: bool = False
    roles: tuple[Statement, ...] = ()
    spares: list[tuple[Side, Side]] = field(default_factory=list)

    def differences(self, database: Target) -> list[Delta]:
        """How far a database is from where it must end."""
        with connect(database, read_only=True) as connection:
            return self._differences(take(connection, dependencies=False, like=self.wanted.snapshot))

    def _differences(self, got: Snapshot) -> list[Delta]:
        ignored = self.scope.rest(got)
        reached = self.scope.restrict(got)
        together = Snapshot({**reached.facts, **ignored.facts}, Edges(), got.major, got.self_role)
        return diff(together, self._expected)

    @cached_property
    def _expected(self) -> Snapshot:
        return expected(self.wanted.snapshot, self.renamed.snapshot, self.scope)

    @cached_property
    def deltas(self) -> list[Delta]:
        """What must happen, fact by fact."""
        return diff(self.now, self.goal)

    @cached_property
    def memory(self) -> Memory:
        """What earlier runs saw on these copies."""
        return Memory(self.workshop, self.current, self.wanted, self.scope)

    def candidates(self) -> tuple[Tried, tuple[Candidate, ...]]:
        """Try the proposers; the cheapest that arrives, and the record of all.

        ``auto`` asks the native rules first, and migra only where its way could be cheaper in what matters: where the
        native one did not arrive, or loses or rewrites something that another way might keep.
        """
        engine = self.engine
        tried: list[Tried] = []
        if engine in ("auto", "native"):
            tried.append(self._native())
        if engine == "migra" or (engine == "auto" and self._might_be_beaten(tried[0])):
            tried.insert(0, self._migra())
        proven = [one for one in tried if one.candidate.outcome == "proven"]
        if not proven:
            forbidden = any(one.sqlstate == INSUFFICIENT_PRIVILEGE for one in tried)
            raise _unproven([one.candidate for one in tried], hint=_FORBIDDEN if forbidden else _REPORT)
        winner = min(proven, key=lambda one: cost(one.statements))  # the first of equals: a tie goes to migra
        return winner, tuple(
            replace(one.candidate, outcome="won" if one is winner else one.candidate.outcome) for one in tried
        )

    def _might_be_beaten(self, one: Tried) -> bool:
        if one.candidate.outcome != "proven":
            return True
        if self.move_rows and moved(one.statements, self.now, self.goal):
            return False  # nobody else keeps these rows
        return avoidable(one.statements, self.deltas)

    def _native(self) -> Tried:
        with self.clock.stage("native"):
            try:
                statements = proposers.native(self.now, self.goal, major=self.major, move_rows=self.move_rows)
            except proposers.ProposerFailed as failed:
                return Tried(Candidate(("native",), "failed", 0, str(failed)))
        statements = [*self.roles, *self._first(), *statements]
        if (seen := self.memory.replayed(statements)) is not None:
            return Tried(Candidate(("native",), "proven", len(seen), str(cost(seen))), seen)
        once = not any(statement.new_transaction or statement.alone for statement in statements)
        with (
            self.clock.stage("replay"),
            self.trial("native", untouched=once) as copy,
            connect(copy.target, autocommit=False) as connection,
        ):
            tried = self._replayed(Observer(connection), statements, "native", commit=not once)
        if tried.candidate.outcome == "proven":
            self.memory.note_replay(tried.statements)
        return tried

    def _first(self) -> list[Statement]:
        return self.renamed.statements

    def _migra(self) -> Tried:
        with self.trial("migra") as copy, connect(copy.target, autocommit=False) as connection:
            observer = Observer(connection)
            renames = observer.run([*self.roles, *self._first()]).statements
            with self.clock.stage("migra"):
                try:
                    statements = proposers.migra(
                        copy.target, self.wanted.target, privileges=self.scope.manages("privileges")
                    )
                except proposers.ProposerFailed as failed:
                    return Tried(Candidate(("migra",), "failed", 0, str(failed)))
            with self.clock.stage("replay migra"):
                return self._replayed(observer, statements, "migra", renames)

    @contextmanager
    def trial(self, label: str, *, untouched: bool = False) -> Iterator[Side]:
        """A fresh copy of the target, gone afterwards; its snapshot is the target's.

        One that is left ``untouched``, as all that is done there is rolled back, serves the next trial, too.
        """
        spare = next((pair for pair in self.spares if pair[0] is self.current), None)
        if spare is None:
            copy = Side(*self.workshop.clone(self.current, label), self.current.snapshot)
        else:
            self.spares[:] = [pair for pair in self.spares if pair is not spare]
            copy = spare[1]
        try:
            yield copy
        except BaseException:
            untouched = False
            raise
        finally:
            if untouched:
                self.spares.append((self.current, copy))
            else:
                self.workshop.scratch.drop(copy.database)

    def _replayed(
        self,
        observer: Observer,
        statements: Sequence[Statement],
        author: Author,
        before: Sequence[Statement] = (),
        *,
        complete: bool = False,
        commit: bool = True,
    ) -> Tried:
        """Replay a proposal (``before`` has been run); what it leaves undone, the native rules complete."""
        replay = observer.run(statements, commit=commit)
        if replay.failure is not None:
            if replay.failure.sqlstate == OUT_OF_MEMORY:
                raise ScratchUnavailable(
                    f"{self.workshop.scratch.origin} has no room for a transaction of {len(statements)} statements",
                    detail=replay.failure.message,
                    hint=MORE_LOCKS,
                )
            return _failed((author,), replay.failure, len(statements))
        done = (*before, *replay.statements)
        reached = observer.snapshot(dependencies=author != "native", like=self.wanted.snapshot)
        left = self._differences(reached)
        if left and (complete or author != "native"):
            try:
                rest = proposers.native(self.scope.restrict(reached), self.goal, major=self.major)
            except proposers.ProposerFailed:
                rest = []
            if complete and rest:
                rest = [replace(rest[0], new_transaction=True), *rest[1:]]
            completion = observer.run(rest)
            if completion.failure is None and rest:
                done = (*done, *completion.statements)
                left = self._differences(observer.snapshot(dependencies=False, like=self.wanted.snapshot))
        authors = tuple(dict.fromkeys(statement.author for statement in done)) or (author,)
        if left:
            shown = tuple(map(str, left))
            return Tried(Candidate(authors, "differs", len(done), f"{len(left)} facts differ", shown))
        return Tried(Candidate(authors, "proven", len(done), str(cost(done))), done)

    def online(self, winner: Tried) -> tuple[tuple[Statement, ...], tuple[str, ...]]:
        """The winner's statements in phases, replayed and found to arrive, and notes; what they leave is completed."""
        failures = []
        with self.clock.stage("online"), connect(self.wanted.target) as wanted:
            for swap in (True, False):
                expansion = Online(self.now, self.goal, self.major, wanted, swap=swap)
                statements = expansion.expand(winner.statements)
                with self.trial("online") as copy, connect(copy.target, autocommit=False) as connection:
                    observer = Observer(connection, copy.target)
                    found = self._replayed(observer, statements, "native", complete=True)
                if found.candidate.outcome == "proven":
                    return found.statements, tuple(dict.fromkeys(expansion.notes))
                failures.append(found.candidate)
        raise Unproven(
            "no way online could be proven for this change",
            detail=_unproven(failures).detail,
            hint="Plan without --online, or split the change; and please report it with both schemas.",
        )

    def assessed(
        self, statements: Sequence[Statement], figures: Figures
    ) -> tuple[tuple[Statement, ...], Mapping[RowCheck, Key]]:
        """The winner's statements with their hazards, the target's figures beside them; and what is to be asked of the
        rows on the target, with the fact that asks: which would make the plan fail?
        """
        with connect(self.wanted.target, read_only=True) as wanted:
            kept = moved(statements, self.now, self.goal) if self.move_rows else frozenset()
            sides = Sides(self.now, self.goal, self.deltas, wanted, kept)
            rows = Rows(self.now, self.goal, self.deltas, self.renamed.renames, wanted, self.major)
            return assess(statements, sides, figures, self.policy), rows.checks()

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

    def proven(self, script: str, on: Target) -> Proof:
        """Run the script that would be handed out on a copy; raises Unproven where a judge objects."""
        with self.clock.stage("proof"), ThreadPoolExecutor(1) as pool:
            dump = pool.submit(wanted_dump, self.workshop, self.wanted, self.scope)
            verdict = prove(
                script,
                on,
                self.scope,
                server=f"PostgreSQL {self.workshop.scratch.major}",
                wanted=self.wanted.target,
                wanted_dump=dump.result,
                redump=self._redump,
                differences=self.differences,
            )
        if not verdict.proof.holds:
            what = verdict.failure or "\n".join(verdict.differences[:LISTED])
            raise Unproven("the script did not stand the proof; it is not handed out", detail=what, hint=_REPORT)
        self.memory.note_proof(script, verdict.proof)
        return verdict.proof


def wanted_dump(workshop: Workshop, wanted: Side, scope: Scope) -> str:
    """The dump that the second judge holds against a copy's: noted of a state that was loaded from files."""

    def dump() -> str:
        return dump_of(wanted.target, scope)

    if not wanted.key:
        return dump()
    nameless = " nameless" if NOT_NULL_NAMES in scope.ignored else ""
    return workshop.noted(f"dump {sorted(scope.aspects)}{nameless} {wanted.key}", dump)


def _failed(authors: tuple[Author, ...], failure: Failure, count: int) -> Tried:
    where = f"statement {failure.position} of {count}: {failure.statement.subject}"
    return Tried(Candidate(authors, "failed", count, f"{where}: {failure.message}"), sqlstate=failure.sqlstate)


_REPORT: Final = "This is a fault in dataio's rules, not in your schema: please report it with both schemas."
_FORBIDDEN: Final = (
    "Plans are tried with the rights that the target's role has: connect as the owner of what changes, or as a member"
    " of that role (--target)."
)


def _unproven(candidates: Sequence[Candidate], *, hint: str = _REPORT) -> Unproven:
    lines = []
    for one in candidates:
        lines.append(f"{'+'.join(one.authors)}: {one.outcome}: {one.reason}")
        lines += [f"  {difference}" for difference in one.differences[:LISTED]]
        if len(one.differences) > LISTED:
            lines.append(f"  … and {len(one.differences) - LISTED} more")
    return Unproven("no candidate could be proven to reach the schema", detail="\n".join(lines), hint=hint)
