"""The class of all routes under ``/api/v1``: it refuses query parameters that a route does not declare, or that come
twice, and reads numbers in bodies as they are written."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from typing import Any, Final, get_origin
from urllib.parse import parse_qsl

from fastapi import Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from dataio.api.problems import Invalid, Problem
from dataio.catalogue import numerals

PREFIX: Final = "/api/v1"


class _ExactRequest(Request):
    """A request whose JSON body holds its numbers as they were written."""

    async def json(self) -> Any:
        return numerals.loads_given(await self.body())


class StrictRoute(APIRoute):
    """A misspelt filter must not quietly give everything, nor the second of two `limit`s what the first one did not."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()
        known = dict(_query_names(self.dependant))

        async def strict(request: Request) -> Response:
            if text := request.scope["query_string"]:
                _check_query(text, known)
            return await handle(_ExactRequest(request.scope, request.receive))

        return strict


def _query_names(dependant: Dependant) -> Iterator[tuple[str, bool]]:
    """The query parameters of a route, and whether each may come several times."""
    for field in dependant.query_params:
        kind = get_origin(field.field_info.annotation)
        yield field.alias, isinstance(kind, type) and issubclass(kind, Sequence)
    for part in dependant.dependencies:
        yield from _query_names(part)


def _check_query(text: bytes, known: Mapping[str, bool]) -> None:
    try:
        given = parse_qsl(text.decode("ascii"), keep_blank_values=True, max_num_fields=50, errors="strict")
    except ValueError:
        raise Problem(400, "the query string cannot be read", slug="bad-query") from None
    if unknown := sorted({name for name, _ in given} - known.keys()):
        near = difflib.get_close_matches(unknown[0], known, n=1)
        raise Problem(
            400,
            f"unknown query parameter {unknown[0][:100]!r}",
            hint=f"Did you mean {near[0]}?" if near else f"Known here: {', '.join(sorted(known)) or 'none'}.",
            slug="unknown-parameter",
            errors=[Invalid(where=f"query.{name[:100]}", message="unknown") for name in unknown],
        )
    names = [name for name, _ in given]
    if twice := sorted({name for name in names if names.count(name) > 1 and not known[name]}):
        raise Problem(
            422,
            f"query parameter {twice[0]!r} may be given once",
            errors=[Invalid(where=f"query.{name}", message="given more than once") for name in twice],
        )
    if any("\0" in value for _, value in given):
        raise Problem(422, "a query parameter holds a null character")
