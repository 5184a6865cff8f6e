"""Whether the process lives, and whether it can serve."""

from __future__ import annotations

import asyncio
from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel
from starlette.responses import JSONResponse, Response

from dataio.api.services import services
from dataio.catalogue.compiled import Query
from dataio.catalogue.database import Unavailable

router = APIRouter(tags=["health"])
_LOOK = Query(b"SELECT pg_catalog.to_regclass('public.dataset_search') IS NOT NULL AS catalogue", {}, frozenset())


class Health(BaseModel):
    """The process lives."""

    status: str = "ok"


class Readiness(BaseModel):
    """What is there, and what is missing."""

    status: str
    missing: list[str]


@router.get("/healthz", response_model=Health)
async def healthz() -> Response:
    """The process lives. Says nothing of the database."""
    return JSONResponse({"status": "ok"})


@router.get("/readyz", response_model=Readiness, responses={503: {"model": Readiness, "description": "Not ready"}})
async def readyz(request: Request) -> Response:
    """Whether requests can be served: the database answers and holds the catalogue."""
    own = services(request)
    missing: list[str] = []
    try:
        async with asyncio.timeout(3.0):
            found: dict[str, Any] | None = await own.database.row(_LOOK)
        if not found or not found["catalogue"]:
            missing.append("the database does not hold the catalogue")
    except Unavailable as error:
        missing.append(f"database: {error.message}")
    except TimeoutError:
        missing.append("database: no answer in 3 s")
    if missing:
        return JSONResponse({"status": "not ready", "missing": missing}, 503, headers={"Retry-After": "2"})
    return JSONResponse({"status": "ready", "missing": []})
