"""The application: settings in, FastAPI out."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from typing import Final

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from dataio import __version__
from dataio.api import problems
from dataio.api.collecting import settled
from dataio.api.gate import Gate
from dataio.api.links import Links
from dataio.api.log import configure as configure_log
from dataio.api.openapi import describe
from dataio.api.routers import (
    administration,
    catalogue,
    datasets_edited,
    dumps,
    files,
    health,
    jobs,
    keys,
    me,
    members,
    schema,
)
from dataio.api.routing import PREFIX
from dataio.api.services import Failures, LimitedActions, Services
from dataio.api.signing import Signer, secret_of
from dataio.catalogue import limits
from dataio.catalogue.database import Database, PoolOptions, Unavailable
from dataio.errors import DataioError
from dataio.operations.jobs.queue import Jobs, work
from dataio.operations.jobs.work import handlers
from dataio.operations.serve import find_target, known_target
from dataio.postgres.conninfo import Target
from dataio.settings import Settings, load
from dataio.settings.values import seconds

_LOG: Final = logging.getLogger("dataio.api")
PURGE_EVERY: Final = 300.0


def create_app(settings: Settings | None = None) -> FastAPI:
    """The API by ``settings``, those of the current directory unless given. Nothing is connected to before it starts.

    Raises :class:`~dataio.errors.ConfigError`.
    """
    chosen = settings or load()
    configure_log()
    own = _services(chosen)
    app = FastAPI(
        title="dataio",
        version=__version__,
        lifespan=_lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=f"{PREFIX}/openapi.json",
        redirect_slashes=False,
    )
    app.state.services = own
    problems.install(app)
    for module in (catalogue, me, files, datasets_edited, administration, members, keys, schema, jobs, dumps, health):
        app.router.routes.extend(module.router.routes)  # an included router is looked through anew by every request
    describe(app)
    from dataio.api.pages import install as install_pages

    install_pages(app)
    if chosen.api_telemetry:
        from dataio.api.telemetry import instrument

        instrument(app)
    if chosen.api_cors:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=list(chosen.api_cors),
            allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
            allow_headers=["Authorization", "X-API-Key", "If-Match", "If-None-Match", "Content-Type"],
            expose_headers=["ETag", "Link", "Location", "Retry-After", "X-Request-ID"],
        )
    app.add_middleware(Gate, body_limit=chosen.api_body_limit, body_timeout=seconds(chosen.api_body_timeout))
    return app


def _services(settings: Settings) -> Services:
    async def find() -> Target:
        known = known_target(settings)
        return known if known is not None else await asyncio.to_thread(find_target, settings)

    database = Database(
        find,
        PoolOptions(
            smallest=min(settings.api_pool_min, settings.api_pool_max),
            largest=settings.api_pool_max,
            wait=seconds(settings.api_pool_wait),
            statement_timeout=settings.api_statement_timeout,
        ),
    )
    signer = Signer(secret_of(settings))
    return Services(
        settings=settings,
        database=database,
        signer=signer,
        links=Links(settings, signer),
        jobs=Jobs(lambda: database.target),
        failures=Failures(settings.api_failed_keys),
        limited=LimitedActions(database),
    )


@contextlib.asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    own: Services = app.state.services
    await own.database.open()
    tasks = [asyncio.create_task(_purge(own))]
    if own.settings.api_worker:
        tasks.append(asyncio.create_task(_work(own)))
    try:
        with settled():
            yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks, timeout=5.0)
        await own.database.close()


async def _purge(own: Services) -> None:
    """Forget the counters of rate-limit windows that are over, now and then."""
    while True:
        await asyncio.sleep(PURGE_EVERY)
        with contextlib.suppress(Unavailable):
            await own.database.rows(limits.purge())


async def _work(own: Services) -> None:
    """Run jobs in this process, from when the database is there; after a lost connection again."""
    while True:
        if own.database.target is not None:
            try:
                await work(own.database.target, handlers(own.settings), name="api", signals=False)
            except asyncio.CancelledError:
                raise
            except DataioError as error:
                _LOG.warning("jobs are not run: %s", error.message)
            except Exception:
                _LOG.exception("the worker stopped")
        await asyncio.sleep(2.0)
