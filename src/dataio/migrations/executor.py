"""Applying scripts: each once, whole or not at all.

A script's own SQL writes the history (:mod:`dataio.plan.render.sql`), inside the transaction that it is part of; what
is added here is what ``psql -f`` does not do: hazards are refused unless allowed, the schema must be what the script
expects before and after, locks are not waited for forever, and what became of a lost connection is found out.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import psycopg

from dataio.errors import ConnectionFailed, Drifted, MigrationError, Refused
from dataio.migrations.alone import LoneStatement, refuse_poolers
from dataio.migrations.failures import RETRIED
from dataio.migrations.transaction import AlreadyDone, Interrupted, Segment, Transaction, find_out
from dataio.plan.script import Header, Script
from dataio.postgres.connection import connect
from dataio.postgres.conninfo import Target
from dataio.progress import OnProgress, report

Connection: TypeAlias = psycopg.Connection[Any]


@dataclass(frozen=True)
class Limits:
    """How long to wait for what, in seconds; None waits without end.

    ``lock``: PostgreSQL's lock_timeout of each statement; ``statement``: its statement_timeout; ``turn``: for another
    apply on the same database; ``reconnect``: for the server, when the connection is lost during COMMIT.
    A transaction that met a lock timeout, a deadlock or a serialization failure is run ``attempts`` times in all,
    after pauses that double from ``pause`` up to ``longest_pause``.
    """

    lock: float | None = 5.0
    statement: float | None = None
    turn: float | None = 60.0
    reconnect: float = 30.0
    attempts: int = 5
    pause: float = 0.5
    longest_pause: float = 10.0


@dataclass(frozen=True)
class Checks:
    """How to tell whether a target is in the state that a script expects. All take the script's header, too.

    ``current``: the canonical fingerprint of the target now, in the scope of the header; ``explain``: what differs from
    ``from_fingerprint``, object by object; ``reached``: the fingerprint as the open transaction sees it, or None where
    it cannot be told before COMMIT (then ``current`` is asked after it). All get a connection inside the transaction
    and leave that as it is.
    """

    current: Callable[[Connection, Header], str]
    explain: Callable[[Connection, Header], str]
    reached: Callable[[Connection, Header], str | None]


@dataclass(frozen=True)
class Applied:
    """What became of one script.

    ``already``: somebody had applied it, nothing was done. ``resumed``: the number of its transactions that an
    interrupted run had committed. ``attempts``: of the transaction that needed most. ``verified``: the to-fingerprint
    was seen. ``notes`` say what was out of the ordinary.
    """

    script: Script
    already: bool = False
    resumed: int = 0
    statements: int = 0
    attempts: int = 1
    seconds: float = 0.0
    verified: bool = False
    notes: tuple[str, ...] = ()


def refuse(script: Script, allow: Collection[str] = ()) -> None:
    """Raise :class:`~dataio.errors.Refused` (exit 3) where the script has refused hazards that ``allow`` does not name.

    ``allow`` holds names (``data-loss/drop-column``) and kinds (``data-loss``).
    """
    standing = [hazard for hazard in script.header.refused if hazard.name not in allow and hazard.kind not in allow]
    if not standing:
        return
    names = list(dict.fromkeys(hazard.name for hazard in standing))
    raise Refused(
        f"{script.source}: {', '.join(names)} not allowed",
        detail="\n".join(f"{hazard.name}  {hazard.subject}: {hazard.message}" for hazard in standing),
        hint=f"Nothing was changed. To allow it: {' '.join(f'--allow {name}' for name in names)}",
    )


def apply_script(
    target: Target,
    script: Script,
    *,
    checks: Checks | None = None,
    allow: Collection[str] = (),
    limits: Limits | None = None,
    on_progress: OnProgress = None,
) -> Applied:
    """Apply one numbered script to ``target``; find it applied already and do nothing.

    Without ``checks`` fingerprints are not looked at (a rebuild from scripts). Raises Refused (3) for hazards,
    Drifted (4) where the target is not what the script expects or would not become what it promises,
    ConnectionFailed, and MigrationError for all else: an edited script, another apply at work, a failed statement.
    Whatever is raised, the database is where it was before, or where the message says (scripts in several
    transactions; a connection lost during COMMIT).
    """
    return _Run(target, script, checks, limits or Limits(), on_progress).apply(allow)


def apply_all(
    target: Target,
    scripts: Sequence[Script],
    *,
    checks: Checks | None = None,
    allow: Collection[str] = (),
    limits: Limits | None = None,
    on_progress: OnProgress = None,
    on_applied: Callable[[Applied], None] | None = None,
    before: Callable[[Script], None] | None = None,
) -> tuple[Applied, ...]:
    """Apply scripts in their order; the first that fails ends it, and what was applied before it stays.

    Hazards of all are refused before the first is run. ``before`` is called before each, and stops
    it by raising; ``on_applied`` is called after each.
    """
    for script in scripts:
        script.verify()
        refuse(script, allow)
    refuse_poolers(target, scripts)
    done: list[Applied] = []
    for script in scripts:
        if before is not None:
            before(script)
        done.append(apply_script(target, script, checks=checks, allow=allow, limits=limits, on_progress=on_progress))
        if on_applied is not None:
            on_applied(done[-1])
    return tuple(done)


class _Run:
    def __init__(
        self, target: Target, script: Script, checks: Checks | None, limits: Limits, on_progress: OnProgress
    ) -> None:
        self.target = target
        self.script = script
        self.checks = checks
        self.limits = limits
        self.on_progress = on_progress
        self.attempts = 1
        self.verified = False
        self.notes: list[str] = []

    def apply(self, allow: Collection[str]) -> Applied:
        header = self.script.header
        if header.number is None:
            raise MigrationError(
                f"{self.script.source}: the script has no number, so it cannot be registered as applied",
                hint="Plan it as a migration: dataio schema plan NAME.",
            )
        self.script.verify()
        refuse(self.script, allow)
        refuse_poolers(self.target, [self.script])
        started = time.monotonic()
        resumed, ran = 0, 0
        segments = self.script.segments
        for place, chunks in enumerate(segments, start=1):
            segment = Segment(self.script, chunks, place, len(segments))
            try:
                self._segment(segment)
                ran += len(segment.statements)
            except AlreadyDone as done:
                if done.whole and not ran:
                    return Applied(self.script, already=True, notes=tuple(self.notes))
                resumed = max(resumed, place) if not ran else resumed
                if done.whole:
                    break
        if resumed:
            self.notes.append(f"went on after {header.part} {resumed} of {len(segments)}, where it was interrupted")
        return Applied(
            self.script,
            resumed=resumed,
            statements=ran,
            attempts=self.attempts,
            seconds=time.monotonic() - started,
            verified=self.verified,
            notes=tuple(self.notes),
        )

    def _segment(self, segment: Segment) -> None:
        """One transaction, run again while others' locks make it fail."""
        attempt = 1
        while True:
            self.attempts = max(self.attempts, attempt)
            with connect(self.target, application_name=f"dataio apply {self.script.header.label}") as connection:
                kind = LoneStatement if segment.alone else Transaction
                transaction = kind(
                    connection, segment, self.limits, self.checks, on_progress=self.on_progress, target=self.target
                )
                try:
                    transaction.run()
                except Interrupted as interrupted:
                    self._settle(segment, interrupted)
                except MigrationError:
                    if transaction.sqlstate not in RETRIED or attempt >= self.limits.attempts:
                        raise
                    pause = self._pause(attempt)
                    report(
                        self.on_progress,
                        "wait",
                        f"{segment.label}: {transaction.why}; attempt {attempt + 1} of {self.limits.attempts} "
                        f"in {pause:.1f} s",
                    )
                    time.sleep(pause)
                    attempt += 1
                    continue
                self.verified = transaction.verified
                if segment.last and not self.verified:
                    self._check_afterwards()
                return

    def _pause(self, attempt: int) -> float:
        longest: float = min(self.limits.pause * 2 ** (attempt - 1), self.limits.longest_pause)
        return longest * random.uniform(0.5, 1.0)  # noqa: S311 - jitter, so that two who collided do not again

    def _settle(self, segment: Segment, interrupted: Interrupted) -> None:
        """The connection was lost during COMMIT: ask the server what became of it."""
        report(self.on_progress, "reconnect", "the connection was lost during COMMIT")
        found = find_out(self.target, segment, interrupted, self.limits.reconnect)
        if found.committed is None:
            raise MigrationError(
                f"the connection was lost while {segment.label} was being committed, "
                "and whether it was cannot be found out",
                detail=found.reason,
                hint="dataio schema status tells, once the server answers; applying again is safe either way.",
            )
        if not found.committed:
            raise MigrationError(
                f"the connection was lost while {segment.label} was being committed, and it was not",
                detail=found.reason,
                hint=segment.outcome,
            )
        self.notes.append(f"the connection was lost during COMMIT; {segment.label} was committed, as the history shows")

    def _check_afterwards(self) -> None:
        """Where the end could not be seen before COMMIT, it is now."""
        if self.checks is None:
            return
        header = self.script.header
        try:
            with connect(self.target) as connection:
                got = self.checks.current(connection, header)
        except psycopg.Error as error:
            raise ConnectionFailed(
                f"{self.script.source}: was applied, and the connection was lost before its end could be verified",
                detail=str(error).strip(),
                hint="dataio schema status and dataio schema drift tell.",
            ) from error
        if got == header.to_fingerprint:
            self.verified = True
        elif _comparable(got, header.to_fingerprint):
            raise Drifted(
                f"{self.script.source}: was applied, and the schema is not what it should have become",
                detail=f"expected {header.to_fingerprint}\nfound    {got}",
                hint="Somebody may have changed it meanwhile: dataio schema drift.",
            )
        else:
            self.notes.append("the end state was not verified: the fingerprints come from different server versions")


def _comparable(one: str, other: str) -> bool:
    return one.partition(":")[0] == other.partition(":")[0]
