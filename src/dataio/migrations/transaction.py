"""One transaction of a script: its turn, its checks, its statements, its COMMIT, and what became of that."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import psycopg

from dataio.errors import ConnectionFailed, DataioError, Drifted, MigrationError
from dataio.migrations import history
from dataio.migrations.failures import RETRIED, blockers, connection_lost, script_failed, sessions
from dataio.migrations.history import History
from dataio.migrations.sql import query
from dataio.migrations.waiting import Waiting
from dataio.plan.script import LOCK, LONG, Chunk, Script, label, version_label
from dataio.postgres.connection import connect, pooled
from dataio.postgres.conninfo import Target
from dataio.progress import OnProgress, report
from dataio.words import plural

if TYPE_CHECKING:
    from dataio.migrations.executor import Checks, Limits

_POLL: Final = 0.2  # seconds between looks at the lock, or at the server


@dataclass(frozen=True)
class Segment:
    """A transaction of a script: ``place`` of ``places``."""

    script: Script
    chunks: tuple[Chunk, ...]
    place: int
    places: int

    @property
    def first(self) -> bool:
        return self.place == 1

    @property
    def last(self) -> bool:
        return self.place == self.places

    @property
    def statements(self) -> tuple[Chunk, ...]:
        return tuple(chunk for chunk in self.chunks if chunk.role == "statement")

    @property
    def alone(self) -> bool:
        """Whether it is a statement outside of transactions."""
        return self.chunks[0].role == "alone"

    @property
    def long(self) -> bool:
        """Whether it reads whole tables and blocks nobody, so that it may take its time."""
        return self.alone or LONG in self.chunks[0].text

    @property
    def label(self) -> str:
        """``migration 003``, or ``phase 2 of 3 of migration 003``; ``the rollback of migration 003``."""
        header = self.script.header
        whole = f"{'the rollback of ' if header.takes_back else ''}migration {header.label}"
        return whole if self.places == 1 else f"{header.part} {self.place} of {self.places} of {whole}"

    @property
    def outcome(self) -> str:
        """What is left when this transaction fails."""
        if self.first:
            return "Nothing was changed: the transaction was rolled back."
        done = f"{self.place - 1} of {plural(self.places, self.script.header.part)}"
        mine = (
            "What this statement left, if anything, is cleaned next time"
            if self.alone
            else ("This transaction was rolled back")
        )
        return (
            f"{mine}; {done} {'is' if self.place == 2 else 'are'} committed and recorded. "
            f"{'Rolling back' if self.script.header.takes_back else 'Applying'} again goes on from there."
        )


class AlreadyDone(Exception):
    """No error: the history holds the segment, or (``whole``) the script, so that there is nothing to do."""

    def __init__(self, *, whole: bool) -> None:
        super().__init__()
        self.whole = whole


class Interrupted(Exception):
    """The connection was lost during COMMIT; what that did is to be found out. ``transaction``: its id, if known."""

    def __init__(self, transaction: str | None, reason: str) -> None:
        super().__init__(reason)
        self.transaction = transaction
        self.reason = reason


class Transaction:
    """Runs one segment on a fresh connection (autocommit); ``verified`` and ``sqlstate`` tell more afterwards."""

    def __init__(
        self,
        connection: psycopg.Connection[Any],
        segment: Segment,
        limits: Limits,
        checks: Checks | None,
        *,
        on_progress: OnProgress,
        target: Target,
    ) -> None:
        self._connection = connection
        self._target = target
        self._reached: str | None = None
        self._segment = segment
        self._script = segment.script
        self._limits = limits
        self._checks = checks
        self._on_progress = on_progress
        self.verified = False
        self.sqlstate: str | None = None
        self.why = ""

    def run(self) -> None:
        """Raises AlreadyDone, Interrupted, Drifted, MigrationError, ConnectionFailed; rolled back in all cases but
        Interrupted, which leaves that to be found out."""
        connection = self._connection
        by_role = {chunk.role: chunk for chunk in self._segment.chunks}
        try:
            self._notice_when_the_client_is_gone()
            self._execute(by_role["begin"])
            self._prepare()
            self._take_turn()
            past = history.read(connection)
            self._check_order(past)
            self._check_start(past, connection)
            self._execute(by_role["guard"])
            self._statements()
            self._execute(by_role["record"])
            self._check_end()
            self._commit(by_role["commit"])
        except (psycopg.Error, DataioError) as error:
            self._rollback()
            if isinstance(error, psycopg.Error):
                raise self._lost_or_failed(error) from error
            raise
        except BaseException:
            self._rollback()
            raise

    # ---- before --------------------------------------------------------------------------------------------------

    def _notice_when_the_client_is_gone(self) -> None:
        """Were this process killed, the server would otherwise only see it when its statement ends (PostgreSQL 14+)."""
        if pooled(self._connection):
            return  # it would stay set for whoever gets the session next; the pooler ends what its client leaves
        try:
            self._connection.execute("SET client_connection_check_interval = '1s'")
        except psycopg.Error:
            if self._connection.broken:
                raise
            return  # an older server, or one on a platform that cannot look

    def _prepare(self) -> None:
        limits = self._limits
        statement = None if self._segment.long else limits.statement
        values = {"lock": _milliseconds(limits.lock), "statement": _milliseconds(statement)}
        self._connection.execute(query("timeouts"), values)

    def _take_turn(self) -> None:
        """The advisory lock of this database, until the transaction ends."""
        waited_from = time.monotonic()
        told = False
        while True:
            row = self._connection.execute(query("lock"), LOCK).fetchone()
            if row is not None and row[0]:
                return
            holders = sessions(self._connection.execute(query("lock_holder"), LOCK).fetchall())
            holder = "; ".join(holders) or "a session that has just ended"
            if self._limits.turn is not None and time.monotonic() - waited_from >= self._limits.turn:
                raise MigrationError(
                    f"another apply is at work on {self._connection.info.dbname}: {holder}",
                    hint=f"{self._segment.outcome} Try again when it is done.",
                )
            if not told:
                report(self._on_progress, "wait", f"for another apply: {holder}")
                told = True
            time.sleep(_POLL)

    def _check_order(self, past: History) -> None:
        """The script's time has come, as the history tells it, and this part's, too."""
        header, segment = self._script.header, self._segment
        if header.takes_back:
            self._check_last(past)
        else:
            self._check_next(past)
        done = past.done_segments(header)
        if done >= segment.place:
            raise AlreadyDone(whole=False)
        if done != segment.place - 1:
            raise MigrationError(f"{segment.label}: the one before it is not recorded as done", hint=segment.outcome)

    def _check_next(self, past: History) -> None:
        """A script is applied after the one before it, and once."""
        header = self._script.header
        number = header.number or 0
        applied = past.find(number)
        if applied is not None:
            if applied.checksum != header.checksum:
                raise MigrationError(
                    f"{self._script.source}: another script was applied as {label(number)}: {applied.name}",
                    detail=f"applied: {applied.checksum}, {applied.applied_at:%Y-%m-%d %H:%M} by {applied.applied_by}\n"
                    f"here:    {header.checksum}",
                    hint="Bring back the script that was applied, and plan again.",
                )
            raise AlreadyDone(whole=True)
        starts_anew = header.kind == "baseline" or number == 1
        if past.version > number or (past.version != number - 1 and not (starts_anew and not past.migrations)):
            raise MigrationError(
                f"{self._script.source}: does not follow on {version_label(past.version)}, where the database is",
                hint="Scripts are applied in the order of their numbers: dataio schema status.",
            )

    def _check_last(self, past: History) -> None:
        """What a rollback takes back is the last that was applied, and was applied by that very script."""
        header = self._script.header
        if past.last is None or past.last.number != header.number:
            raise MigrationError(
                f"{self._script.source}: takes back {version_label(header.number or 0)}, and the database is at "
                f"{past.label}",
                hint="Migrations are taken back in the reverse order of their numbers: dataio schema status.",
            )
        if past.last.checksum != header.undoes:
            raise MigrationError(
                f"{self._script.source}: another script was applied as {header.label}: {past.last.name}",
                detail=f"applied:    {past.last.checksum}\ntakes back: {header.undoes}",
                hint="Bring back the rollback that was planned with the script that was applied.",
            )

    def _check_start(self, past: History, connection: psycopg.Connection[Any]) -> None:
        """The schema is what the script expects, or what the part before this one left."""
        header = self._script.header
        expected = header.from_fingerprint
        if not self._segment.first:
            expected = past.segments[-1].fingerprint if past.segments else ""
        if self._checks is None or not expected:
            return
        report(self._on_progress, "check", "is the target what the script expects?")
        got = self._checks.current(connection, header)
        if got == expected:
            return
        if got.partition(":")[0] != expected.partition(":")[0]:
            raise MigrationError(
                f"{self._script.source}: cannot be compared with the target: planned with "
                f"{_major(expected)}, checked with {_major(got)}",
                hint="Plan again here, or give a scratch server of that version (--scratch-url).",
            )
        raise Drifted(
            f"{self._script.source}: the target is not what the script expects",
            detail=self._checks.explain(connection, header) or f"expected {expected}\nfound    {got}",
            hint=f"{self._segment.outcome} Plan again from what is there now (dataio schema plan), or undo the drift.",
        )

    # ---- the script ------------------------------------------------------------------------------------------------

    def _statements(self) -> None:
        total = self._script.header.statements
        for chunk in self._segment.statements:
            report(self._on_progress, "apply", chunk.text, done=(chunk.number or 1) - 1, total=total)
            self._execute(chunk)

    def _execute(self, chunk: Chunk) -> None:
        waiting = Waiting(self._target, self._connection.info.backend_pid, self._on_progress, chunk.text)
        try:
            with waiting if chunk.role == "statement" else nullcontext():
                self._connection.execute(chunk.sql.encode())
        except psycopg.Error as error:
            raise self._failed(chunk, error, seen=waiting.seen) from error

    def _check_end(self) -> None:
        """The to-fingerprint, as the open transaction sees it, so that a wrong end is rolled back."""
        header, segment = self._script.header, self._segment
        if self._checks is None:
            return
        reached = self._checks.reached(self._connection, header)
        if reached is None:
            return
        if not segment.last:
            values = {"fingerprint": reached, "number": header.number, "segment": segment.place}
            self._connection.execute(query("note_fingerprint"), values)
            return
        if not header.to_fingerprint or reached.partition(":")[0] != header.to_fingerprint.partition(":")[0]:
            return
        if reached != header.to_fingerprint:
            raise Drifted(
                f"{self._script.source}: ran, and the schema is not what it should have become",
                detail=f"expected {header.to_fingerprint}\nfound    {reached}",
                hint=segment.outcome,
            )
        self.verified = True

    def _commit(self, chunk: Chunk) -> None:
        row = self._connection.execute(query("transaction_id")).fetchone()
        transaction = row[0] if row is not None else None
        try:
            cursor = self._connection.execute(chunk.sql.encode())
        except psycopg.Error as error:
            if connection_lost(self._connection, error):
                self._connection.close()
                raise Interrupted(transaction, str(error).strip()) from error
            raise self._failed(chunk, error) from error
        if cursor.statusmessage != "COMMIT":
            raise MigrationError(f"{self._segment.label}: COMMIT answered {cursor.statusmessage}")

    # ---- failures --------------------------------------------------------------------------------------------------

    def _failed(
        self,
        chunk: Chunk,
        error: psycopg.Error,
        worker: psycopg.Connection[Any] | None = None,
        *,
        seen: Sequence[str] = (),
    ) -> DataioError:
        """``worker``: the connection that met the error, where it is not this transaction's own."""
        if connection_lost(worker or self._connection, error):
            return self._lost_or_failed(error, f" during {chunk.text}", worker)
        self.sqlstate = error.sqlstate
        self.why = f"{chunk.text}: {error.diag.message_primary or ''}"
        self._rollback()
        standing = (seen or blockers(self._connection)) if error.sqlstate in RETRIED else ()
        return script_failed(self._script, chunk, error, outcome=self._segment.outcome, blockers=standing)

    def _lost_or_failed(
        self, error: psycopg.Error, during: str = "", worker: psycopg.Connection[Any] | None = None
    ) -> DataioError:
        if connection_lost(worker or self._connection, error):
            return ConnectionFailed(
                f"the connection was lost while {self._segment.label} was being applied{during}",
                detail=str(error).strip(),
                hint=f"{self._segment.outcome} Apply it again.",
            )
        self.sqlstate = error.sqlstate
        return MigrationError(f"{self._segment.label}: {error}", hint=self._segment.outcome)

    def _rollback(self) -> None:
        try:
            self._connection.execute("ROLLBACK")
        except psycopg.Error:
            self._connection.close()  # the server rolls back when it sees that


def _milliseconds(seconds: float | None) -> str:
    return "0" if seconds is None else str(max(1, round(seconds * 1000)))


def _major(fingerprint: str) -> str:
    return fingerprint.partition(":")[0].replace("pg", "PostgreSQL ")


@dataclass(frozen=True)
class Finding:
    """What became of a transaction: None where it cannot be told, with the reason."""

    committed: bool | None
    reason: str


def find_out(target: Target, segment: Segment, interrupted: Interrupted, patience: float) -> Finding:
    """Ask the server whether a transaction was committed, for ``patience`` seconds.

    As long as the server still works on it, the answer is waited for; then the history says.
    """
    until = time.monotonic() + patience
    reason = interrupted.reason
    while time.monotonic() < until:
        try:
            with connect(target, read_only=True, application_name="dataio apply (recovering)") as connection:
                if not _in_progress(connection, interrupted.transaction):
                    return Finding(_recorded(segment, history.read(connection)), reason)
                reason = "the server is still at work on it"
        except (ConnectionFailed, psycopg.Error) as error:
            reason = str(error).strip()
        time.sleep(_POLL)
    return Finding(None, reason)


def _in_progress(connection: psycopg.Connection[Any], transaction: str | None) -> bool:
    if transaction is None:
        return False
    try:
        row = connection.execute(query("transaction_status"), [transaction]).fetchone()
    except psycopg.errors.InvalidParameterValue:
        return False  # an id that this server never gave: another one took over, and only its history counts
    return row is not None and row[0] == "in progress"


def _recorded(segment: Segment, past: History) -> bool:
    header = segment.script.header
    found = past.find(header.number or 0)
    if header.takes_back:
        return past.done_segments(header) >= segment.place if found is not None else segment.last
    if found is not None:
        return found.checksum == header.checksum
    return past.done_segments(header) >= segment.place
