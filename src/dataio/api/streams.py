"""Server-sent events of a job: what it says while it works, and how it ended
(https://html.spec.whatwg.org/multipage/server-sent-events.html)."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import StreamingResponse

from dataio.api.jobs_seen import OVER, events, find_job
from dataio.catalogue.database import Database, Unavailable

PAUSE: Final = 0.5
KEEPALIVE: Final = 15.0
LONGEST: Final = 3600.0


def stream(request: Request, database: Database, job_id: int, after: int) -> StreamingResponse:
    """The events of a job after the one numbered ``after``, until it is over.

    A browser that lost the connection goes on where it was (``Last-Event-ID``).
    """
    return StreamingResponse(
        _events(request, database, job_id, after),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


def last_event(request: Request) -> int:
    """``Last-Event-ID``, 0 where there is none or it is no number of ours."""
    given = request.headers.get("last-event-id", "0")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 19 else 0


async def _events(request: Request, database: Database, job_id: int, after: int) -> AsyncIterator[str]:
    yield "retry: 2000\n\n"
    loop = asyncio.get_running_loop()
    began = quiet_since = loop.time()
    while loop.time() - began < LONGEST and not await request.is_disconnected():
        try:
            job = await find_job(database, job_id)
            found = await events(database, job_id, after)
        except Unavailable:  # the database restarts; the job goes on
            found, job = [], {"state": "running"}
        for event in found:
            after = event["event_id"]
            body = {name: event[name] for name in ("stage", "detail", "done", "total")}
            yield _event("progress", {**body, "at": event["at"].isoformat()}, after)
            quiet_since = loop.time()
        if job["state"] in OVER and not found:
            yield _event("end", {"state": job["state"], "problem": job.get("problem")}, after)
            return
        if loop.time() - quiet_since > KEEPALIVE:
            yield ": still there\n\n"
            quiet_since = loop.time()
        await asyncio.sleep(PAUSE if job["state"] not in OVER else 0)


def _event(name: str, data: dict[str, Any], event_id: int) -> str:
    return f"id: {event_id}\nevent: {name}\ndata: {json.dumps(data)}\n\n"
