"""The schema, for administrators: where it is, how it came there, what is in it, whether it drifted."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from dataio.api.auth import Administrator
from dataio.api.problems import Problem, documented, not_found
from dataio.api.replies import reply
from dataio.api.routers.jobs import accepted, put_job
from dataio.api.routing import PREFIX, StrictRoute
from dataio.api.services import Services, services
from dataio.api.shapes.work import JobResult, MigrationOut, NewApply, RelationDetailOut, RelationOut, SchemaOut
from dataio.catalogue.database import Unavailable
from dataio.errors import MigrationError
from dataio.migrations import files, history
from dataio.operations import explore
from dataio.operations.state import scope_of
from dataio.postgres.connection import connect, server_info
from dataio.postgres.conninfo import Target
from dataio.settings import Settings
from dataio.snapshot.take import take

router = APIRouter(
    prefix=f"{PREFIX}/schema",
    route_class=StrictRoute,
    tags=["schema"],
    responses=documented(400, 401, 403, 422, 429, 502, 503),
)
Number = Annotated[int, Path(ge=1, le=999_999)]
Word = Annotated[str, Path(min_length=1, max_length=63, pattern=r"^[^\u0000/]+$")]


def target_of(own: Services) -> Target:
    """Where the database is. Raises Unavailable while nobody knows."""
    if own.database.target is None:
        raise Unavailable(own.database.failure, hint="Try again in a moment.")
    return own.database.target


def look(target: Target, settings: Settings) -> dict[str, Any]:
    """Where the database is, read at once; takes a while, so call it in a thread."""
    with connect(target, read_only=True) as connection:
        known = history.read(connection)
        info = server_info(connection)
        snapshot = take(connection)
    scripts: tuple[files.ScriptFile, ...] = ()
    pending: list[str] = []
    with suppress(MigrationError):
        scripts = files.scan(settings.migrations)
        pending = [one.path.name for one in files.pending(scripts, known)]
    if (last := next((one for one in scripts if one.number == known.version), None)) is not None:
        snapshot = scope_of(last.header).restrict(snapshot)  # what its own fingerprints cover
    return {
        "database": f"{info.database} @ .dataio" if settings.target.embedded else target.describe(),
        "server_version": info.version_text,
        "version": known.version,
        "label": known.label,
        "fingerprint": snapshot.fingerprint,
        "last": asdict(known.last) if known.last else None,
        "pending": pending,
    }


def past(target: Target) -> list[dict[str, Any]]:
    """The applied migrations, the newest first."""
    with connect(target, read_only=True) as connection:
        return [asdict(one) for one in reversed(history.read(connection).migrations)]


def script_of(settings: Settings, number: int) -> files.ScriptFile | None:
    """A numbered script, where the project's folder has it."""
    return next((one for one in files.scan(settings.migrations) if one.number == number), None)


@router.get("", response_model=SchemaOut)
async def get_schema(request: Request, _: Administrator) -> Response:
    """The schema's version and its fingerprint, read from the live database."""
    own = services(request)
    return reply(request, SchemaOut, await asyncio.to_thread(look, target_of(own), own.settings))


@router.get("/history", response_model=list[MigrationOut])
async def get_history(request: Request, _: Administrator) -> Response:
    """The applied migrations, the newest first."""
    return reply(request, list[MigrationOut], await asyncio.to_thread(past, target_of(services(request))))


@router.get(
    "/history/{number}/script",
    response_class=Response,
    responses={200: {"description": "The script", "content": {"application/sql": {}}}, **documented(404)},
)
async def get_script(request: Request, _: Administrator, number: Number) -> Response:
    """The script of a migration, as it stands in the project's folder."""
    found = await asyncio.to_thread(script_of, services(request).settings, number)
    if found is None:
        raise not_found(f"script {number:03d}")
    return Response(found.script.text, media_type="application/sql")


def _relation(one: explore.Relation) -> dict[str, Any]:
    return {**asdict(one), "schema_name": one.schema}


@router.get("/tables", response_model=list[RelationOut])
async def list_tables(request: Request, _: Administrator) -> Response:
    """Tables and views with estimated rows and bytes."""
    found = await asyncio.to_thread(explore.relations, target_of(services(request)))
    return reply(request, list[RelationOut], [_relation(one) for one in found])


@router.get("/tables/{schema_name}/{table_name}", response_model=RelationDetailOut, responses=documented(404))
async def get_table(request: Request, _: Administrator, schema_name: Word, table_name: Word) -> Response:
    """A table or view: columns, constraints, indexes, who refers to it."""
    found = await asyncio.to_thread(explore.relation, target_of(services(request)), schema_name, table_name)
    if found is None:
        raise not_found("table")
    detail = {name: value for name, value in asdict(found).items() if name != "relation"}
    detail["column_list"] = detail.pop("columns")
    return reply(request, RelationDetailOut, {**_relation(found.relation), **detail})


@router.post("/drift", response_model=JobResult, status_code=202, responses=documented(409))
async def start_drift(request: Request, _: Administrator) -> Response:
    """Compare the database with what its history says it should be: a job."""
    job = await put_job(services(request), "drift", {})
    return accepted(JobResult, job, f"/api/v1/jobs/{job['job_id']}")


@router.post("/apply", response_model=JobResult, status_code=202, responses=documented(408, 409, 413))
async def start_apply(request: Request, _: Administrator, body: NewApply) -> Response:
    """Apply pending scripts: a job. 403 unless `api_apply` of the settings allows it over HTTP."""
    own = services(request)
    if not own.settings.api_apply:
        raise Problem(403, "scripts are not applied over HTTP here", hint="dataio schema apply does it.")
    job = await put_job(own, "apply", body.model_dump())
    return accepted(JobResult, job, f"/api/v1/jobs/{job['job_id']}")
