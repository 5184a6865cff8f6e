"""Errors as problem documents (RFC 9457, ``application/problem+json``): one shape for all, and what maps to what.

``type`` is a URI reference into the documentation, ``/problems#not-found``; ``request_id`` is in the log, too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

import psycopg
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.responses import Response

from dataio.api.context import CONTEXT
from dataio.catalogue.database import Unavailable
from dataio.errors import DataioError, Drifted, Refused, UsageError
from dataio.postgres.redact import redact

MEDIA_TYPE: Final = "application/problem+json"
_TITLES: Final = {413: "Content too large", 422: "Unprocessable content"}  # older Pythons call them otherwise


class Invalid(BaseModel):
    """One thing that is wrong with a request."""

    where: str = Field(examples=["query.limit"])
    message: str = Field(examples=["Input should be less than or equal to 100"])


class ProblemDocument(BaseModel):
    """What went wrong (RFC 9457)."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "type": "/problems#not-found",
                    "title": "Not found",
                    "status": 404,
                    "detail": 'there is no dataset "EP0001DS0042" that you may see',
                    "request_id": "5f0c8f3d9a514b9b",
                }
            ]
        }
    )
    type: str
    title: str
    status: int
    detail: str
    hint: str | None = None
    request_id: str
    errors: list[Invalid] | None = None
    candidates: list[str] | None = None


class Problem(Exception):
    """Ends a request with a problem document."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        hint: str = "",
        slug: str = "",
        headers: Mapping[str, str] | None = None,
        errors: list[Invalid] | None = None,
        candidates: list[str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.hint = hint
        self.slug = slug
        self.headers = dict(headers or {})
        self.errors = errors
        self.candidates = candidates

    @property
    def title(self) -> str:
        return _TITLES.get(self.status) or HTTPStatus(self.status).phrase.capitalize()


def not_found(what: str) -> Problem:
    """404; the same words whether it is not there or may not be seen."""
    return Problem(404, f"there is no {what} that you may see")


def response(request: Request, problem: Problem) -> Response:
    """A problem as the browser or the program asks for it: pages for people under ``/``, JSON under ``/api``."""
    pages = getattr(request.app.state, "problem_page", None)
    if pages is not None and _wants_page(request):
        page: Response = pages(request, problem)
        return page
    body = document(problem, CONTEXT.get().request_id)
    return Response(body, problem.status, headers=problem.headers, media_type=MEDIA_TYPE)


def document(problem: Problem, request_id: str) -> bytes:
    """The JSON text."""
    slug = problem.slug or re.sub(r"[^a-z]+", "-", problem.title.lower())
    found: dict[str, Any] = {
        "type": f"/problems#{slug}",
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
        "request_id": request_id,
    }
    if problem.hint:
        found["hint"] = problem.hint
    if problem.errors is not None:
        found["errors"] = [{"where": one.where, "message": one.message} for one in problem.errors]
    if problem.candidates is not None:
        found["candidates"] = problem.candidates
    return json.dumps(found).encode()


def _wants_page(request: Request) -> bool:
    return not request.url.path.startswith("/api/") and "text/html" in request.headers.get("accept", "")


def from_database(error: psycopg.Error) -> Problem:
    """What the schema's rules and functions refuse, in their own words."""
    said = error.diag.message_primary or str(error).partition("\n")[0]
    hint = error.diag.message_hint or ""
    match error:
        case psycopg.errors.UniqueViolation():
            return Problem(409, _own_words(error, said, "there is already one like it"), hint=hint)
        case psycopg.errors.ForeignKeyViolation() if "still referenced" in (error.diag.message_detail or ""):
            return Problem(409, f"it is in use by {error.diag.table_name}", hint=hint)
        case psycopg.errors.RestrictViolation():
            return Problem(409, f"it is in use by {error.diag.table_name}", hint=hint)
        case psycopg.errors.ForeignKeyViolation():
            column = re.search(r"Key \((.+?)\)", error.diag.message_detail or "")
            return Problem(422, f"{column[1] if column else 'a value'} names something that is not there", hint=hint)
        case psycopg.errors.CheckViolation():
            rule = error.diag.constraint_name or "of the schema"
            return Problem(422, f"a value breaks the rule {rule}", hint=hint)
        case psycopg.errors.NotNullViolation():
            return Problem(422, f"{error.diag.column_name} must not be null")
        case psycopg.errors.NoDataFound() | psycopg.errors.TooManyRows() | psycopg.errors.InvalidParameterValue():
            return Problem(422, said, hint=hint)
        case psycopg.errors.SequenceGeneratorLimitExceeded():
            return Problem(409, said, hint=hint)
        case psycopg.errors.SerializationFailure() | psycopg.errors.DeadlockDetected():
            return Problem(503, "the database was busy with the same rows", headers={"Retry-After": "1"})
        case psycopg.errors.UndefinedTable() | psycopg.errors.UndefinedFunction() | psycopg.errors.UndefinedColumn():
            return Problem(
                503,
                "the database does not hold the catalogue's schema, or another version of it",
                hint="dataio schema plan and apply bring it there.",
                headers={"Retry-After": "30"},
            )
        case psycopg.DataError():
            return Problem(422, f"the database cannot take a value: {redact(said)}")
        case _:
            raise error


def _own_words(error: psycopg.Error, said: str, otherwise: str) -> str:
    """A function's own message; PostgreSQL's would name indexes only."""
    if said.startswith("duplicate key"):
        values = re.search(r"Key \((.+?)\)=\((.*)\)", error.diag.message_detail or "")
        return f"{otherwise}: {values[1]} {values[2]!r}" if values else otherwise
    return said


def from_dataio(error: DataioError) -> Problem:
    """The errors of operations."""
    detail = redact(error.message)
    if isinstance(error, Unavailable):
        return Problem(503, detail, hint=error.hint, headers={"Retry-After": "2"})
    if isinstance(error, UsageError):
        return Problem(422, detail, hint=error.hint)
    if isinstance(error, Refused | Drifted):
        return Problem(409, detail, hint=error.hint)
    return Problem(502, detail, hint=error.hint)


def install(app: FastAPI) -> None:
    """Every exception that can leave a handler becomes a problem; what nobody foresaw is a 500 without details."""

    async def on_problem(request: Request, error: Exception) -> Response:
        assert isinstance(error, Problem)  # noqa: S101 - registered for it
        return response(request, error)

    async def on_invalid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)  # noqa: S101
        found = [
            Invalid(where=".".join(str(part) for part in one["loc"]), message=_message(one)) for one in error.errors()
        ]
        return response(request, Problem(422, "the request is not of the form that is documented", errors=found))

    async def on_http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101
        words = {404: "there is nothing at this address", 405: f"{request.method} is not for this address"}
        detail = words.get(error.status_code, str(error.detail))
        return response(request, Problem(error.status_code, detail, headers=error.headers))

    async def on_database(request: Request, error: Exception) -> Response:
        assert isinstance(error, psycopg.Error)  # noqa: S101
        return response(request, from_database(error))

    async def on_dataio(request: Request, error: Exception) -> Response:
        assert isinstance(error, DataioError)  # noqa: S101
        return response(request, from_dataio(error))

    async def on_unicode(request: Request, _: Exception) -> Response:
        return response(request, Problem(422, "a text is not Unicode that can be written as UTF-8"))

    app.add_exception_handler(Problem, on_problem)
    app.add_exception_handler(RequestValidationError, on_invalid)
    app.add_exception_handler(HTTPException, on_http)
    app.add_exception_handler(psycopg.Error, on_database)
    app.add_exception_handler(DataioError, on_dataio)
    app.add_exception_handler(UnicodeEncodeError, on_unicode)


def _message(found: Mapping[str, Any]) -> str:
    """What is wrong with a value; with JSON, why it cannot be read."""
    cause = f": {found['ctx']['error']}" if found["type"] == "json_invalid" else ""
    return f"{found['msg']}{cause}".replace("\0", "\\0")


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """``responses`` of a route: the problems that it may answer with."""
    words = {
        400: "The query or a cursor makes no sense",
        401: "The key is unknown, expired or revoked",
        403: "The key may not do this",
        404: "There is none that the key may see",
        408: "The body took too long to arrive",
        409: "It contradicts what is there",
        412: "It has changed since (`If-Match`)",
        413: "The body is too large",
        422: "A value is not of its documented form, or breaks a rule of the schema",
        429: "Too many requests; `Retry-After` says when to come back",
        502: "A store or server behind the API failed",
        503: "The database cannot be reached; `Retry-After` says when to try again",
    }
    return {
        status: {"description": words[status], "content": {MEDIA_TYPE: {"schema": _REFERENCE}}} for status in statuses
    }


_REFERENCE: Final = {"$ref": "#/components/schemas/ProblemDocument"}
