"""The API, described from its own OpenAPI document; and what its problems mean."""

from __future__ import annotations

from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from dataio.api.pages.base import ViewerOf, page

router = APIRouter(include_in_schema=False)

PROBLEMS: Final = (
    ("bad-request", 400, "The query or a cursor makes no sense."),
    ("bad-cursor", 400, "`after` is not a cursor of this list. Follow `next` as it was given."),
    ("unknown-parameter", 400, "The query has a parameter that this list does not know; the hint names the nearest."),
    ("bad-query", 400, "The query string is not form-encoded UTF-8, or has more than fifty parameters."),
    ("unauthorized", 401, "There is no key, or it is unknown, expired or revoked."),
    ("forbidden", 403, "The key may not do this; or a link has run out."),
    ("not-found", 404, "It is not there, or you may not see it: the two cannot be told apart."),
    ("method-not-allowed", 405, "The address is there, but not for this method; `Allow` says for which."),
    ("request-timeout", 408, "The body took too long to arrive."),
    ("conflict", 409, "It contradicts what is there: a name in use, something that others need."),
    ("ambiguous", 409, "Four digits fit several datasets; `candidates` lists them."),
    ("no-result", 409, "The job has no result, yet or ever."),
    ("precondition-failed", 412, "It has changed since you read it."),
    ("content-too-large", 413, "The body is larger than the API takes."),
    ("unprocessable-content", 422, "A value is not of its documented form, or breaks a rule of the schema."),
    ("too-many-requests", 429, "Come back after `Retry-After` seconds."),
    ("internal-server-error", 500, "A fault of ours: the log has it under `request_id`."),
    ("bad-gateway", 502, "A store or server behind the API failed."),
    ("service-unavailable", 503, "The database cannot be reached. Try again after `Retry-After` seconds."),
)


@router.get("/docs")
async def docs() -> Response:
    """Where ``fastapi dev`` says that the documentation is."""
    return RedirectResponse("/reference", 307)


@router.get("/reference")
async def reference_page(request: Request, who: ViewerOf) -> Response:
    document = request.app.openapi()
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            groups.setdefault(operation.get("tags", ["other"])[0], []).append(
                {
                    "method": method.upper(),
                    "path": path,
                    "said": operation.get("description", ""),
                    "parameters": operation.get("parameters", []),
                    "answers": sorted(operation["responses"].items()),
                    "key": operation.get("security", [{}])[0] != {},
                }
            )
    return page(request, who, "reference.html", {"groups": groups})


@router.get("/problems")
async def problems_page(request: Request, who: ViewerOf) -> Response:
    return page(request, who, "problems.html", {"problems": PROBLEMS})
