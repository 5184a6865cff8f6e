"""Jobs and plans, for administrators: what runs long is put into the queue and followed."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from dataio.api.auth import Administrator
from dataio.api.jobs_seen import find_job, list_jobs
from dataio.api.paging import After, Limit, Page, cursor
from dataio.api.problems import Problem, documented
from dataio.api.replies import body_of, reply
from dataio.api.routing import PREFIX, StrictRoute
from dataio.api.services import Services, services
from dataio.api.shapes.values import PathId
from dataio.api.shapes.work import Job, JobKind, JobResult, NewPlan, PlanOut
from dataio.api.streams import last_event, stream
from dataio.catalogue import numerals
from dataio.plan.jsonio import from_json
from dataio.plan.model import Plan

router = APIRouter(
    prefix=PREFIX, route_class=StrictRoute, tags=["schema"], responses=documented(400, 401, 403, 422, 429, 503)
)
DocumentFormat = Literal["json", "text", "sql", "markdown", "html"]
MEDIA: Final[dict[str, str]] = {
    "json": "application/json",
    "text": "text/plain; charset=utf-8",
    "sql": "application/sql",
    "markdown": "text/markdown; charset=utf-8",
    "html": "text/html; charset=utf-8",
}


_MARKDOWN: Final = 50_000_000  # bytes: nothing is left out here, as it is of a comment


async def put_job(own: Services, kind: JobKind, arguments: dict[str, Any]) -> dict[str, Any]:
    """Put a job in and read it back."""
    job_id = await own.jobs.put(kind, arguments)
    return await find_job(own.database, job_id)


def accepted(model: Any, job: dict[str, Any], location: str) -> Response:
    """202 with where to look."""
    return Response(
        body_of(model, job),
        202,
        headers={"Location": location, "Cache-Control": "no-store"},
        media_type="application/json",
    )


@router.get("/jobs", response_model=Page[Job])
async def get_jobs(
    request: Request,
    _: Administrator,
    kind: Annotated[JobKind | None, Query(description="Only of this kind.")] = None,
    limit: Limit = 20,
    after: After = None,
) -> Response:
    """Jobs, the newest first."""
    own = services(request)
    place = cursor(request, own.signer, limit, after, int)
    found = await list_jobs(own.database, kind, place.after[0] if place.after else None, place.wanted)
    return reply(request, Page[Job], place.cut(found, lambda one: [one["job_id"]]))


@router.get("/jobs/{job_id}", response_model=JobResult, responses=documented(404))
async def get_job(request: Request, _: Administrator, job_id: PathId) -> Response:
    """A job with what came of it."""
    return reply(request, JobResult, await find_job(services(request).database, job_id))


@router.get(
    "/jobs/{job_id}/events",
    response_class=Response,
    responses={200: {"description": "Server-sent events", "content": {"text/event-stream": {}}}, **documented(404)},
)
async def get_job_events(request: Request, _: Administrator, job_id: PathId) -> Response:
    """What a job says while it works, as server-sent events: `progress`, and `end` when it is over."""
    own = services(request)
    await find_job(own.database, job_id)
    return stream(request, own.database, job_id, last_event(request))


@router.post("/plans", response_model=PlanOut, status_code=202, responses=documented(408, 409, 413))
async def start_plan(request: Request, _: Administrator, body: NewPlan) -> Response:
    """Start a plan from the database to the schema files: a job. Nothing is written, nothing is applied."""
    job = await put_job(services(request), "plan", body.model_dump())
    location = f"{request.url.path}/{job['job_id']}"
    return accepted(PlanOut, _seen(job, location), location)


@router.get("/plans/{job_id}", response_model=PlanOut, responses=documented(404))
async def get_plan(request: Request, _: Administrator, job_id: PathId) -> Response:
    """A plan: how far it is, or what it amounts to."""
    job = await find_job(services(request).database, job_id, "plan")
    return reply(request, PlanOut, _seen(job, request.url.path))


@router.get(
    "/plans/{job_id}/document",
    response_class=Response,
    responses={
        200: {"description": "The plan", "content": {one.partition(";")[0]: {} for one in MEDIA.values()}},
        **documented(404, 409),
    },
)
async def get_plan_document(
    request: Request,
    _: Administrator,
    job_id: PathId,
    format: Annotated[DocumentFormat, Query(description="What it is written in.")] = "json",  # noqa: A002
) -> Response:
    """The whole plan: as the JSON document that `schema apply` takes, as text, the script, markdown, or a page."""
    job = await find_job(services(request).database, job_id, "plan")
    text = rendered(plan_of(job), format)
    headers = {"Cache-Control": "private, no-cache"}
    if format == "html":  # it stands alone, its style in it
        headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
    return Response(text, media_type=MEDIA[format], headers=headers)


def plan_of(job: dict[str, Any]) -> Plan:
    """The plan that a job made. Raises Problem 409 where it has not, yet or ever."""
    if not job["result"]:
        raise Problem(409, f"there is no plan: the job is {job['state']}", slug="no-result")
    return from_json(numerals.dumps(job["result"]["plan"]), source=f"job {job['job_id']}")


def rendered(plan: Plan, kind: DocumentFormat) -> str:
    """A plan as text of one kind."""
    if kind == "json":
        from dataio.plan.jsonio import to_json

        return to_json(plan)
    if kind == "sql":
        from dataio.plan.render import sql

        return sql.render(plan)
    if kind == "text":
        from dataio.plan.render import text

        return text.render(plan)
    if kind == "markdown":
        from dataio.plan.render import markdown

        return markdown.render(plan, limit=_MARKDOWN)
    from dataio.api.plan_documents import as_html

    return as_html(plan)


def _seen(job: dict[str, Any], location: str) -> dict[str, Any]:
    summary, documents = None, {}
    if job["result"]:
        plan = plan_of(job)
        summary = {
            "empty": plan.empty,
            "statements": len(plan.statements),
            "changes": len(plan.changes),
            "refused": sorted({hazard.name for hazard in plan.refused}),
            "proven": plan.empty or (plan.proof is not None and plan.proof.holds),
            "from_fingerprint": plan.from_fingerprint,
            "to_fingerprint": plan.to_fingerprint,
        }
        documents = {kind: f"{location}/document?format={kind}" for kind in MEDIA}
    notes = job["result"]["notes"] if job["result"] else []
    return {**job, "summary": summary, "notes": notes, "documents": documents}
