"""Work for people: plans and their viewer, drift, dumps; jobs with what they say while they run."""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import APIRouter, Path, Request
from starlette.responses import RedirectResponse, Response

from dataio.api.jobs_seen import find_job, list_jobs
from dataio.api.pages.base import AdministratorOf, checked_form, page
from dataio.api.plan_documents import shown
from dataio.api.problems import Problem
from dataio.api.routers import dumps
from dataio.api.routers.jobs import plan_of, put_job
from dataio.api.routers.schema import look, target_of
from dataio.api.services import services
from dataio.api.shapes.values import PathId
from dataio.api.streams import last_event, stream

router = APIRouter(include_in_schema=False)


@router.get("/plans")
async def plans_page(request: Request, who: AdministratorOf) -> Response:
    own = services(request)
    jobs = await list_jobs(own.database, "plan", None, 30)
    return page(request, who, "plans.html", {"jobs": jobs, "worker": own.settings.api_worker})


@router.post("/plans")
async def start_plan(request: Request, who: AdministratorOf) -> Response:
    await checked_form(request, who)
    job = await put_job(services(request), "plan", {})
    return RedirectResponse(f"/plans/{job['job_id']}", 303)


@router.get("/plans/{job_id}")
async def plan_page(request: Request, who: AdministratorOf, job_id: PathId) -> Response:
    job = await find_job(services(request).database, job_id, "plan")
    if not job["result"]:
        return page(request, who, "job.html", {"job": job, "title": f"Plan {job_id}", "back": ("/plans", "Plans")})
    drawing = job["result"].get("drawing")
    values = {"job": job, "notes": job["result"]["notes"], "drawing": drawing, **shown(plan_of(job))}
    return page(request, who, "plan.html", values)


@router.get("/drift")
async def drift_page(request: Request, who: AdministratorOf) -> Response:
    own = services(request)
    now = await asyncio.to_thread(look, target_of(own), own.settings)
    jobs = await list_jobs(own.database, "drift", None, 10)
    latest = await find_job(own.database, jobs[0]["job_id"]) if jobs else None
    return page(request, who, "drift.html", {"now": now, "jobs": jobs, "latest": latest})


@router.post("/drift")
async def start_drift(request: Request, who: AdministratorOf) -> Response:
    await checked_form(request, who)
    job = await put_job(services(request), "drift", {})
    return RedirectResponse(f"/jobs/{job['job_id']}", 303)


@router.get("/jobs/{job_id}")
async def job_page(request: Request, who: AdministratorOf, job_id: PathId) -> Response:
    job = await find_job(services(request).database, job_id)
    if job["kind"] == "plan":
        return RedirectResponse(f"/plans/{job_id}", 303)
    if job["kind"] == "drift" and job["result"]:
        return RedirectResponse("/drift", 303)
    back = ("/drift", "Drift") if job["kind"] == "drift" else ("/dumps", "Dumps")
    return page(request, who, "job.html", {"job": job, "title": f"{job['kind'].capitalize()} {job_id}", "back": back})


@router.get("/jobs/{job_id}/events")
async def job_events(request: Request, _: AdministratorOf, job_id: PathId) -> Response:
    own = services(request)
    await find_job(own.database, job_id)
    return stream(request, own.database, job_id, last_event(request))


@router.get("/dumps")
async def dumps_page(request: Request, who: AdministratorOf) -> Response:
    settings = services(request).settings
    found = await asyncio.to_thread(dumps.entries, settings)
    return page(request, who, "dumps.html", {"dumps": found, "store": settings.store})


Version = Annotated[str, Path(pattern=r"^schema_v[0-9]{3,6}$")]
Time = Annotated[str, Path(pattern=r"^[0-9TZ:.+-]{8,40}$")]


@router.get("/dumps/{version}/{time}")
async def dump_page(request: Request, who: AdministratorOf, version: Version, time: Time) -> Response:
    entry, manifest = await asyncio.to_thread(dumps.find, services(request).settings, f"{version}/{time}")
    jobs = await list_jobs(services(request).database, "verify", None, 50)
    mine = [one for one in jobs if one["arguments"].get("dump") == entry.id]
    return page(request, who, "dump.html", {"dump": entry, "manifest": manifest, "jobs": mine})


@router.post("/dumps/{version}/{time}/verify")
async def verify(request: Request, who: AdministratorOf, version: Version, time: Time) -> Response:
    await checked_form(request, who)
    own = services(request)
    entry, _manifest = await asyncio.to_thread(dumps.find, own.settings, f"{version}/{time}")
    job = await put_job(own, "verify", {"dump": entry.id, "restore": False})
    return RedirectResponse(f"/jobs/{job['job_id']}", 303)


@router.get("/dumps/{version}/{time}/{name:path}")
async def fetch(request: Request, _: AdministratorOf, version: Version, time: Time, name: str) -> Response:
    """Off to one object of a dump, by a link made for this click."""
    own = services(request)
    entry, manifest = await asyncio.to_thread(dumps.find, own.settings, f"{version}/{time}")
    if not any(one.name == name for one in manifest.objects):
        raise Problem(404, f"There is no {name} in this dump.")
    return RedirectResponse(await own.links.to_dump(entry.folder + name), 303, headers={"Cache-Control": "no-store"})
