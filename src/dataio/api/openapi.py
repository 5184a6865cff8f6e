"""The OpenAPI document: what FastAPI derives, with who may ask and the problems' schema put right."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from dataio.api.auth import administrator, identify, known
from dataio.api.problems import ProblemDocument

_KEYS: Final[list[dict[str, list[str]]]] = [{"key": []}, {"bearer": []}]
_DESCRIPTION: Final = """
The catalogue of datasets, the schema of its database, and its dumps.

A key is shown as `X-API-Key: dio_…` or `Authorization: Bearer dio_…`; much can be read without one. Errors are problem
documents (RFC 9457). Lists are paged: follow `next`, or the `Link` header. Unknown query parameters are refused.
"""


def describe(app: FastAPI) -> None:
    """Let ``app.openapi()`` make our document, once."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _document(app)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def _document(app: FastAPI) -> dict[str, Any]:
    document = get_openapi(title=app.title, version=app.version, description=_DESCRIPTION, routes=app.routes)
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    problem = ProblemDocument.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas.update(problem.pop("$defs", {}))
    schemas["ProblemDocument"] = problem
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    components["securitySchemes"] = {
        "key": {"type": "apiKey", "in": "header", "name": "X-API-Key", "description": "`dio_…`"},
        "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "dio_…"},
    }
    routes = [route for route in app.routes if isinstance(route, APIRoute)]
    guarded = {(route.path_format, method): _guard(route) for route in routes for method in route.methods or ()}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            guard = guarded[path, method.upper()]
            if guard == "key":
                operation["security"] = _KEYS
            elif guard == "optional":
                operation["security"] = [{}, *_KEYS]
            _problems_only(operation)
    return document


def _problems_only(operation: dict[str, Any]) -> None:
    """FastAPI's own 422 is not what we answer, and where we document none there is none."""
    invalid = operation["responses"].get("422")
    if invalid and "application/problem+json" not in invalid.get("content", {}):
        operation["responses"].pop("422")
    elif invalid:
        invalid["content"].pop("application/json", None)


def _guard(route: APIRoute) -> str:
    calls = set(_calls(route.dependant))
    if administrator in calls or known in calls:
        return "key"
    return "optional" if identify in calls else ""


def _calls(dependant: Dependant) -> Iterator[Any]:
    for part in dependant.dependencies:
        yield part.call
        yield from _calls(part)
