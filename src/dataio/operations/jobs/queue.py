"""The queue: procrastinate's, with its objects in ``dataio_meta``. The only place that knows it.

A worker beats every few seconds. Jobs of one that has stopped beating are put back, once: a job that took two workers
with it is a failed one.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import procrastinate
import psycopg
from procrastinate import exceptions, jobs

from dataio.errors import DataioError
from dataio.operations.jobs.reports import Reporter
from dataio.operations.jobs.sql import query
from dataio.postgres.connection import connect
from dataio.postgres.conninfo import Target
from dataio.postgres.redact import redact
from dataio.progress import OnProgress

_LOG: Final = logging.getLogger("dataio.jobs")
Handler: TypeAlias = Callable[[Mapping[str, Any], OnProgress], dict[str, Any]]
QUEUE: Final = "dataio"
MOST_ATTEMPTS: Final = 2
_PREPARING: Final = 0x64696F6A  # the advisory lock of whoever makes the tables


class JobsUnavailable(DataioError):
    """The queue's tables are not there and cannot be made."""


@dataclass(frozen=True)
class Pace:
    """Seconds between two beats of a worker, and after how many without one it counts as dead."""

    beat: float = 5.0
    dead: float = 30.0


def prepare(target: Target) -> None:
    """Make what the queue needs in ``dataio_meta``, where it is not there yet. Raises JobsUnavailable."""
    with connect(target, application_name="dataio jobs") as connection:
        if all(connection.execute(query("there")).fetchone() or (False,)):
            return
        try:
            with connection.transaction():
                connection.execute("SELECT pg_advisory_xact_lock(%s)", [_PREPARING])
                connection.execute("CREATE SCHEMA IF NOT EXISTS dataio_meta")
                connection.execute("SET LOCAL search_path = dataio_meta")
                there = connection.execute(query("there")).fetchone()
                if there is not None and not there[0]:
                    connection.execute(procrastinate.schema.SchemaManager.get_schema().encode())
                connection.execute(query("tables"))
        except psycopg.Error as error:
            raise JobsUnavailable(
                f"the tables of the job queue cannot be made in {target.describe()}",
                detail=redact(str(error)).strip(),
                hint="The role needs CREATE on the database once: dataio_meta holds the queue.",
            ) from error


def _app(target: Target, *, connections: int) -> procrastinate.App:
    connector = procrastinate.PsycopgConnector(
        conninfo=target.dsn(),
        kwargs={"options": "-c search_path=dataio_meta -c datestyle=ISO", "application_name": "dataio jobs"},
        min_size=1,
        max_size=connections,
    )
    return procrastinate.App(connector=connector)


@dataclass(frozen=True)
class Jobs:
    """Puts jobs in. ``find`` is the database's target, once it is known."""

    find: Callable[[], Target | None]

    async def put(self, kind: str, arguments: Mapping[str, Any]) -> int:
        """Put a job in; its number. Raises JobsUnavailable and ConnectionFailed."""
        target = self.find()
        if target is None:
            raise JobsUnavailable("the database is not there yet", hint="Try again in a moment.")
        await asyncio.to_thread(prepare, target)
        app = _app(target, connections=1)
        async with app.open_async():
            return await app.configure_task(kind, allow_unknown=True, queue=QUEUE).defer_async(**arguments)


async def work(
    target: Target,
    handlers: Mapping[str, Handler],
    *,
    name: str = "worker",
    concurrency: int = 1,
    wait: bool = True,
    signals: bool = True,
    pace: Pace | None = None,
) -> None:
    """Run jobs until stopped, or with ``wait`` False until there are none.

    ``handlers`` maps kinds to what they do, in a thread each. With ``signals`` SIGINT and SIGTERM end it after the jobs
    in hand. Raises JobsUnavailable and ConnectionFailed.
    """
    pace = pace or Pace()
    await asyncio.to_thread(prepare, target)
    app = _app(target, connections=concurrency + 3)
    for kind, handler in handlers.items():
        app.task(name=kind, queue=QUEUE, pass_context=True)(_running(target, handler))
    async with app.open_async(), _rescuing(app, target, pace):
        await app.run_worker_async(
            queues=[QUEUE],
            name=name,
            concurrency=concurrency,
            wait=wait,
            install_signal_handlers=signals,
            update_heartbeat_interval=pace.beat,
            stalled_worker_timeout=pace.dead,
            fetch_job_polling_interval=2.0,
        )


def _running(target: Target, handler: Handler) -> Callable[..., None]:
    def run(context: procrastinate.JobContext, **arguments: Any) -> None:
        job_id = context.job.id
        if job_id is None:
            raise RuntimeError("a job without a number")
        reporter = Reporter(target, job_id)
        try:
            reporter.done(handler(arguments, reporter))
        except BaseException as error:
            with contextlib.suppress(psycopg.Error):
                reporter.failed(error)
            raise
        finally:
            reporter.close()

    return run


@contextlib.asynccontextmanager
async def _rescuing(app: procrastinate.App, target: Target, pace: Pace) -> AsyncIterator[None]:
    task = asyncio.create_task(_rescue_for_ever(app, target, pace))
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def _rescue_for_ever(app: procrastinate.App, target: Target, pace: Pace) -> None:
    while True:
        try:
            for job in await app.job_manager.get_stalled_jobs(queue=QUEUE, seconds_since_heartbeat=pace.dead):
                await _take_up(app, target, job)
        except (exceptions.ConnectorException, psycopg.Error) as error:
            _LOG.warning("looking for the jobs of dead workers failed: %s", redact(str(error)))
        await asyncio.sleep(pace.beat)


async def _take_up(app: procrastinate.App, target: Target, job: jobs.Job) -> None:
    """Put back a job whose worker died; the second time it has failed."""
    if job.attempts + 1 < MOST_ATTEMPTS:
        # Of several workers that see the same one, PostgreSQL lets one put it back; the others hear it is not running.
        with contextlib.suppress(exceptions.ConnectorException):
            await app.job_manager.retry_job(job)
            _LOG.warning("job %s: its worker died; it is taken up again", job.id)
        return
    await asyncio.to_thread(_give_up, target, job.id)  # first: whoever sees it failed sees why, too
    with contextlib.suppress(exceptions.ConnectorException):  # another one was as quick
        await app.job_manager.finish_job(job, status=jobs.Status.FAILED, delete_job=False)
        _LOG.error("job %s: its worker died for the second time", job.id)


def _give_up(target: Target, job_id: int | None) -> None:
    if job_id is None:
        return
    reporter = Reporter(target, job_id)
    try:
        reporter.failed(
            JobsUnavailable("two workers died over this job", hint="Their logs or the machine's may say of what.")
        )
    finally:
        reporter.close()
