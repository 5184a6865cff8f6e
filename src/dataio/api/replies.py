"""From rows to answers: through the declared model, so that no column leaves that is not in it; with an ETag."""

from __future__ import annotations

import hashlib
from functools import cache
from typing import Any

from fastapi import Request
from pydantic import TypeAdapter
from starlette.responses import Response

from dataio.api.problems import Problem
from dataio.catalogue import numerals


@cache
def _adapter(model: Any) -> TypeAdapter[Any]:
    return TypeAdapter(model)


def body_of(model: Any, value: Any) -> bytes:
    """``value`` as JSON of the model; what the model does not declare is left out."""
    adapter = _adapter(model)
    return numerals.unmarked(adapter.dump_json(adapter.validate_python(value), fallback=numerals.marked))


def etag(body: bytes) -> str:
    """A strong validator of these very bytes."""
    return f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'


def reply(request: Request, model: Any, value: Any) -> Response:
    """The answer to a GET: 200 with an ETag, or 304 where the client has the same already."""
    body = body_of(model, value)
    tag = etag(body)
    headers = {"ETag": tag, "Cache-Control": "private, no-cache", "Vary": "X-API-Key, Authorization"}
    if given := request.headers.get("if-none-match"):
        known = [one.strip().removeprefix("W/") for one in given.split(",")]
        if tag in known or "*" in known:
            return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type="application/json")


def created(model: Any, value: Any, location: str) -> Response:
    """201 with where it is."""
    body = body_of(model, value)
    headers = {"Location": location, "ETag": etag(body), "Cache-Control": "no-store"}
    return Response(body, 201, headers=headers, media_type="application/json")


def changed(model: Any, value: Any) -> Response:
    """200 with what it became."""
    body = body_of(model, value)
    return Response(body, headers={"ETag": etag(body), "Cache-Control": "no-store"}, media_type="application/json")


def check_unchanged(request: Request, model: Any, now: Any) -> None:
    """Honour ``If-Match``. Raises Problem 412 where the row is not the one that the client knows."""
    given = request.headers.get("if-match")
    if given is None or given.strip() == "*":
        return
    if etag(body_of(model, now)) not in [one.strip() for one in given.split(",")]:
        raise Problem(412, "it has changed since you read it", hint="Read it again, and send its ETag as If-Match.")
