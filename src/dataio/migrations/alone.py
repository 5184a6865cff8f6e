"""A statement of an online plan that runs outside of transactions, and can be resumed from wherever it was killed.

Two connections: one keeps the advisory lock, in a transaction that is otherwise idle, and records the step when it is
done; the other runs the statement. What a killed run left is found by the questions that the script carries: done
already (then it is only recorded), or half made (then that is removed, and it runs again).
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any, Final

import psycopg

from dataio.errors import DataioError, MigrationError
from dataio.migrations import history
from dataio.migrations.failures import sessions
from dataio.migrations.sql import query
from dataio.migrations.transaction import Transaction
from dataio.migrations.waiting import Waiting
from dataio.plan.script import Chunk, Script
from dataio.postgres.connection import connect, connection_failed, pooled
from dataio.postgres.conninfo import Target
from dataio.progress import report

_POLL: Final = 0.2
_COMMIT: Final = Chunk("commit", "[commit]", "COMMIT", 0)
_BEGIN: Final = Chunk("begin", "[begin]", "BEGIN", 0)


def refuse_poolers(target: Target, scripts: Iterable[Script]) -> None:
    """Raise MigrationError where a script has a statement that runs alone and a pooler is in between: before anything
    of what comes before that is begun.
    """
    alone = [script for script in scripts if any(chunk.role == "alone" for chunk in script.chunks)]
    if not alone:
        return
    try:
        with connect(target, application_name="dataio apply (looking)") as connection:
            between = pooled(connection)
    except psycopg.Error as error:
        raise connection_failed(target, str(error)) from error
    if between:
        labels = ", ".join(script.header.label for script in alone)
        raise _pooled(f"a statement of migration {labels}", "Nothing was begun.")


def _pooled(what: str, outcome: str) -> MigrationError:
    return MigrationError(
        f"{what} runs outside of transactions and needs a session of its own; "
        "a pooler stands between dataio and the server",
        hint=f"{outcome} Name the server itself, not the pooler, as the target.",
    )


class LoneStatement(Transaction):
    """Runs one segment that is a lone statement."""

    def run(self) -> None:
        """As :meth:`Transaction.run`."""
        by_role = {chunk.role: chunk for chunk in self._segment.chunks}
        try:
            if pooled(self._connection):
                raise _pooled(self._segment.label, self._segment.outcome)
            self._execute(_BEGIN)
            self._prepare()
            self._take_turn()
            self._check_order(past := history.read(self._connection))
            with connect(self._target, application_name=self._name) as worker:
                self._work(worker, by_role["statement"], past)
            self._execute(by_role["record"])
            self._commit(_COMMIT)
        except (psycopg.Error, DataioError) as error:
            self._rollback()
            if isinstance(error, psycopg.Error):
                raise self._lost_or_failed(error) from error
            raise
        except BaseException:
            self._rollback()
            raise

    @property
    def _name(self) -> str:
        return f"dataio apply {self._script.header.label} alone"

    def _work(self, worker: psycopg.Connection[Any], chunk: Chunk, past: history.History) -> None:
        self._limit(worker)
        self._wait_for_an_older_run(worker)
        told = _told(chunk)
        if not self._ask(worker, told.get("done")):
            if self._ask(worker, told.get("leftover")):
                report(self._on_progress, "clean", f"what an interrupted run left: {told['cleanup']}")
                self._run(worker, chunk, told["cleanup"])
        else:
            report(self._on_progress, "resume", f"{chunk.text}: was done already")
            self._note_reached(worker)
            return
        if self._ask(worker, told.get("done")):  # what was left could be completed
            self._note_reached(worker)
            return
        self._check_start(past, worker)
        total = self._script.header.statements
        report(self._on_progress, "apply", chunk.text, done=(chunk.number or 1) - 1, total=total)
        self._run(worker, chunk, chunk.sql)
        if told.get("done") and not self._ask(worker, told["done"]):
            raise MigrationError(
                f"{self._script.source}:{chunk.line}: {chunk.text}: ran, and what it should have made is not there",
                hint=f"{self._segment.outcome} Apply again.",
            )
        self._note_reached(worker)

    def _limit(self, worker: psycopg.Connection[Any]) -> None:
        """It waits for old transactions without keeping anybody waiting: no lock_timeout, no statement_timeout."""
        for name in ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout"):
            worker.execute("SELECT set_config(%s, '0', false)", [name])
        try:
            worker.execute("SET client_connection_check_interval = '1s'")
        except psycopg.Error:
            return  # an older server, or one on a platform that cannot look

    def _run(self, worker: psycopg.Connection[Any], chunk: Chunk, text: str) -> None:
        try:
            with Waiting(self._target, worker.info.backend_pid, self._on_progress, chunk.text):
                worker.execute(text.encode())
        except psycopg.Error as error:
            raise self._failed(chunk, error, worker) from error

    def _ask(self, worker: psycopg.Connection[Any], text: str | None) -> bool:
        if not text:
            return False
        row = worker.execute(text.encode()).fetchone()
        return bool(row and row[0])

    def _wait_for_an_older_run(self, worker: psycopg.Connection[Any]) -> None:
        """The server may still be at work for a client that was killed: within a second it notices, or ends."""
        told = False
        until = time.monotonic() + (self._limits.turn if self._limits.turn is not None else float("inf"))
        while rows := worker.execute(query("other_workers"), [self._name]).fetchall():
            if not told:
                report(self._on_progress, "wait", f"for an interrupted run that still works: {sessions(rows)[0]}")
                told = True
            if time.monotonic() > until:
                raise MigrationError(
                    f"{self._segment.label}: an interrupted run still works on it: {sessions(rows)[0]}",
                    hint="Apply again when it is done, or end it with pg_terminate_backend.",
                )
            time.sleep(_POLL)

    def _note_reached(self, worker: psycopg.Connection[Any]) -> None:
        """What the schema is after this step, for the check before the next; written along with the record."""
        if self._checks is not None:
            self._reached = self._checks.reached(worker, self._script.header)

    def _execute(self, chunk: Chunk) -> None:
        super()._execute(chunk)
        if chunk.role == "record" and self._reached is not None:
            values = {
                "fingerprint": self._reached,
                "number": self._script.header.number,
                "segment": self._segment.place,
            }
            self._connection.execute(query("note_fingerprint"), values)


def _told(chunk: Chunk) -> dict[str, str]:
    """What the comments of a lone statement's chunk say: ``done``, ``leftover``, ``cleanup``."""
    found = {}
    for line in chunk.sql.split("\n"):
        key, mark, text = line.removeprefix("-- ").partition(": ")
        if not line.startswith("-- ") or not mark or key not in ("done", "leftover", "cleanup"):
            break
        found[key] = text
    return found
