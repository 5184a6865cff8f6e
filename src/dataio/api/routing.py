"""The class of all routes under ``/api/v1``: it refuses query parameters that a route does not declare."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Coroutine, Iterator
from typing import Any, Final
from urllib.parse import parse_qsl

from fastapi import Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from dataio.api.problems import Invalid, Problem

PREFIX: Final = "/api/v1"


class StrictRoute(APIRoute):
    """A misspelt filter must not quietly give everything."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()
        known = frozenset(_query_names(self.dependant))

        async def strict(request: Request) -> Response:
            if text := request.scope["query_string"]:
                _refuse_unknown(text, known)
            return await handle(request)

        return strict


def _query_names(dependant: Dependant) -> Iterator[str]:
    for field in dependant.query_params:
        yield field.alias
    for part in dependant.dependencies:
        yield from _query_names(part)


def _refuse_unknown(text: bytes, known: frozenset[str]) -> None:
    try:
        given = parse_qsl(text.decode("ascii"), keep_blank_values=True, max_num_fields=50, errors="strict")
    except ValueError:
        raise Problem(400, "the query string cannot be read", slug="bad-query") from None
    if unknown := sorted({name for name, _ in given} - known):
        near = difflib.get_close_matches(unknown[0], known, n=1)
        raise Problem(
            400,
            f"unknown query parameter {unknown[0][:100]!r}",
            hint=f"Did you mean {near[0]}?" if near else f"Known here: {', '.join(sorted(known)) or 'none'}.",
            slug="unknown-parameter",
            errors=[Invalid(where=f"query.{name[:100]}", message="unknown") for name in unknown],
        )
    if any("\0" in value for _, value in given):
        raise Problem(422, "a query parameter holds a null character")
