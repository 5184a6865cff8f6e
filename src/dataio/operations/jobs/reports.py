"""What a job says: events while it works, one report when it is done."""

from __future__ import annotations

import time
from dataclasses import asdict
from typing import Any, Final

from psycopg.types.json import Jsonb

from dataio.errors import DataioError
from dataio.operations.jobs.sql import query
from dataio.postgres.connection import connect
from dataio.postgres.conninfo import Target
from dataio.postgres.redact import redact
from dataio.progress import Progress

QUIET: Final = 0.25
"""Seconds between two events of the same stage: more would only fill the table."""


class Reporter:
    """Writes one job's events and report. A progress callback: ``make_plan(…, on_progress=reporter)``."""

    def __init__(self, target: Target, job_id: int) -> None:
        self._connection = connect(target, application_name="dataio job")
        self._job_id = job_id
        self._stage, self._at = "", 0.0

    def __call__(self, progress: Progress) -> None:
        now = time.monotonic()
        last = progress.done is not None and progress.done == progress.total
        if progress.stage == self._stage and now < self._at + QUIET and not last:
            return
        self._stage, self._at = progress.stage, now
        values = {**asdict(progress), "detail": redact(progress.detail), "job_id": self._job_id}
        self._connection.execute(query("add_event"), values)

    def done(self, result: dict[str, Any]) -> None:
        """The job's result, as JSON."""
        self._report(Jsonb(result), None)

    def failed(self, error: BaseException) -> None:
        """Why there is no result, without secrets."""
        if isinstance(error, DataioError):
            said = {"error": type(error).__name__, "message": error.message, "detail": error.detail, "hint": error.hint}
        else:
            said = {
                "error": type(error).__name__,
                "message": "a fault in dataio; the worker's log has it",
                "detail": "",
                "hint": "",
            }
        self._report(None, Jsonb({name: redact(text) for name, text in said.items()}))

    def _report(self, result: Jsonb | None, problem: Jsonb | None) -> None:
        values = {"job_id": self._job_id, "result": result, "problem": problem}
        self._connection.execute(query("report"), values)

    def close(self) -> None:
        self._connection.close()
