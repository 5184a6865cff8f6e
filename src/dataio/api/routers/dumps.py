"""Dumps, for administrators: what is in the store, links to it, and whether it can still be read."""

from __future__ import annotations

import asyncio
import json
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from dataio.api.auth import Administrator
from dataio.api.problems import documented, not_found
from dataio.api.replies import reply
from dataio.api.routers.jobs import accepted, put_job
from dataio.api.routing import PREFIX, StrictRoute
from dataio.api.services import services
from dataio.api.shapes.work import DumpDetail, DumpDownload, DumpOut, JobResult, NewVerify
from dataio.dumps.listing import Entry
from dataio.dumps.manifest import Manifest
from dataio.operations import dumps
from dataio.settings import Settings

router = APIRouter(
    prefix=f"{PREFIX}/dumps",
    route_class=StrictRoute,
    tags=["dumps"],
    responses=documented(400, 401, 403, 422, 429, 502, 503),
)
Version = Annotated[str, Path(pattern=r"^schema_v[0-9]{3,6}$", examples=["schema_v003"])]
Time = Annotated[str, Path(pattern=r"^[0-9TZ:.+-]{8,40}$", examples=["2026-05-04T06-00-00Z"])]


def entries(settings: Settings) -> list[Entry]:
    """The dumps of the store, the newest first."""
    store = dumps.open_store(settings.store, root=settings.root, options=dumps.s3_options(settings))
    return list(reversed(dumps.list_dumps(store)))


def find(settings: Settings, dump_id: str) -> tuple[Entry, Manifest]:
    """A dump with its manifest. Raises Problem 404."""
    entry = next((one for one in entries(settings) if one.id == dump_id), None)
    if entry is None:
        raise not_found(f"dump {dump_id}")
    store = dumps.open_store(settings.store, root=settings.root, options=dumps.s3_options(settings))
    return entry, dumps.find_dump(store, dump_id)


def seen(entry: Entry) -> dict[str, Any]:
    """A dump in the API's words."""
    names = ("version", "time", "taken_at", "size", "objects", "content", "partial", "rows", "fingerprint")
    return {**{name: getattr(entry, name) for name in names}, "dump_id": entry.id, "tags": dict(entry.tags)}


@router.get("", response_model=list[DumpOut])
async def list_dumps(request: Request, _: Administrator) -> Response:
    """The dumps of the store, the newest first."""
    found = await asyncio.to_thread(entries, services(request).settings)
    return reply(request, list[DumpOut], [seen(one) for one in found])


@router.get("/{version}/{time}", response_model=DumpDetail, responses=documented(404))
async def get_dump(request: Request, _: Administrator, version: Version, time: Time) -> Response:
    """One dump with its manifest: what it holds, and the checksums."""
    entry, manifest = await asyncio.to_thread(find, services(request).settings, f"{version}/{time}")
    return reply(request, DumpDetail, {**seen(entry), "manifest": json.loads(manifest.to_json())})


@router.get("/{version}/{time}/download", response_model=list[DumpDownload], responses=documented(404))
async def download_dump(request: Request, _: Administrator, version: Version, time: Time) -> Response:
    """Short-lived links to all objects of a dump."""
    own = services(request)
    entry, manifest = await asyncio.to_thread(find, own.settings, f"{version}/{time}")
    found = [
        {
            "name": one.name,
            "url": await own.links.to_dump(entry.folder + one.name),
            "expires_in": own.links.lifetime,
            "size": one.size,
            "sha256": one.sha256,
        }
        for one in manifest.objects
    ]
    answer = reply(request, list[DumpDownload], found)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@router.post(
    "/{version}/{time}/verify", response_model=JobResult, status_code=202, responses=documented(404, 408, 409, 413)
)
async def verify_dump(request: Request, _: Administrator, version: Version, time: Time, body: NewVerify) -> Response:
    """Read every byte of a dump again: a job."""
    own = services(request)
    entry, _manifest = await asyncio.to_thread(find, own.settings, f"{version}/{time}")
    job = await put_job(own, "verify", {"dump": entry.id, "restore": body.restore})
    return accepted(JobResult, job, f"/api/v1/jobs/{job['job_id']}")
