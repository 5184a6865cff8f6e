"""Routes that any table of the catalogue needs, for administrators: list, add, read, change, remove; made from a
description of the table, so that all of them answer alike."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from fastapi import APIRouter, Request
from pydantic import BaseModel
from starlette.responses import Response

from dataio.api.auth import Administrator
from dataio.api.paging import After, Limit, Page, cursor
from dataio.api.problems import documented, not_found
from dataio.api.replies import changed, check_unchanged, created, reply
from dataio.api.services import services
from dataio.api.shapes.values import CollectionPath, PathId
from dataio.catalogue import editing
from dataio.catalogue.access import Caller
from dataio.catalogue.database import Connection, Row, row
from dataio.catalogue.editing import Model

Verb: TypeAlias = Literal["list", "add", "get", "change", "remove"]
Add: TypeAlias = Callable[[Connection, Caller, dict[str, Any]], Awaitable[Row | None]]
After_: TypeAlias = Callable[[Connection], Awaitable[None]]
ALL: frozenset[Verb] = frozenset({"list", "add", "get", "change", "remove"})


@dataclass(frozen=True)
class Table:
    """A table as the API shows it. ``key`` is its one key column; ``parent`` a column that the path gives.

    ``add`` makes the row where a function of the schema does, ``more`` adds values of the caller's, ``after_change``
    checks what the table's neighbours demand, in the same transaction.
    """

    path: str
    name: str
    model: Model
    key: str
    row: type[BaseModel]
    new: type[BaseModel]
    patch: type[BaseModel]
    verbs: frozenset[Verb] = ALL
    parent: str | None = None
    add: Add | None = None
    more: Callable[[Caller], Mapping[str, Any]] = field(default=lambda _: {})
    after_change: After_ | None = None
    tag: str = "administration"

    @property
    def shown(self) -> tuple[str, ...]:
        return tuple(self.row.model_fields)

    def keys(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The parameters that find one row."""
        names = (self.parent, self.key) if self.parent else (self.key,)
        return {f"key_{name}": values[name] for name in names}

    @property
    def parents(self) -> tuple[str, ...]:
        return (self.parent,) if self.parent else ()

    @property
    def key_names(self) -> tuple[str, ...]:
        return (self.parent, self.key) if self.parent else (self.key,)


_PROBLEMS = (400, 401, 403, 422, 429, 503)


def add_routes(router: APIRouter, table: Table) -> None:
    """Put the routes of a table onto a router."""
    for verb, route in (("list", _list), ("add", _add), ("get", _get), ("change", _change), ("remove", _remove)):
        if verb in table.verbs:
            route(router, table)


def _declared(
    handler: Callable[..., Any], table: Table, verb: str, doc: str, *, keys: tuple[str, ...], body: Any = None
) -> Callable[..., Any]:
    """Give a handler its own name and documentation, and tell FastAPI of this table's path parameters and body."""
    handler.__name__ = f"{verb}_{table.name.replace(' ', '_')}"
    handler.__doc__ = doc
    if body is not None:
        handler.__annotations__["body"] = body
    signature = inspect.signature(handler, eval_str=True)
    own = [one for one in signature.parameters.values() if one.kind is not inspect.Parameter.VAR_KEYWORD]
    more = [
        inspect.Parameter(
            name,
            inspect.Parameter.KEYWORD_ONLY,
            annotation=CollectionPath if name == "collection_id" else PathId,
        )
        for name in keys
    ]
    handler.__signature__ = signature.replace(parameters=[*own, *more])  # type: ignore[attr-defined]
    return handler


def _paths(table: Table) -> tuple[str, str]:
    """The list's path and one row's. In both, keys are called by their columns' names."""
    return table.path, f"{table.path}/{{{table.key}}}"


def _list(router: APIRouter, table: Table) -> None:
    shape: Any = Page[table.row]  # type: ignore[name-defined]

    async def handler(
        request: Request, _: Administrator, limit: Limit = 50, after: After = None, **path: Any
    ) -> Response:
        own = services(request)
        kind = str if table.key == "collection_id" else int
        place = cursor(request, own.signer, limit, after, kind)
        query = editing.page(table.model, table.shown, (table.key,), where=table.parents, after=place.after is not None)
        values = {f"key_{name}": value for name, value in path.items()}
        if place.after is not None:
            values[f"after_{table.key}"] = place.after[0]
        found = await own.database.rows(query, {**values, "row_limit": place.wanted})
        return reply(request, shape, place.cut(found, lambda one: [one[table.key]]))

    _declared(handler, table, "list", f"All of the {table.name}s, by `{table.key}`.", keys=table.parents)
    router.get(
        _paths(table)[0],
        response_model=shape,
        tags=[table.tag],
        responses=documented(*_PROBLEMS),
    )(handler)


def _get(router: APIRouter, table: Table) -> None:
    async def handler(request: Request, _: Administrator, **path: Any) -> Response:
        query = editing.one(table.model, table.shown, table.key_names)
        found = await services(request).database.row(query, table.keys(path))
        if found is None:
            raise not_found(table.name)
        return reply(request, table.row, found)

    _declared(handler, table, "get", f"One {table.name}.", keys=table.key_names)
    router.get(_paths(table)[1], response_model=table.row, tags=[table.tag], responses=documented(*_PROBLEMS, 404))(
        handler
    )


def _add(router: APIRouter, table: Table) -> None:
    async def handler(request: Request, caller: Administrator, body: Any, **path: Any) -> Response:
        own = services(request)
        values = body.model_dump(exclude_unset=True)
        values |= path
        values |= table.more(caller)
        async with own.database.connection() as connection, connection.transaction():
            if table.add is not None:
                made = await table.add(connection, caller, values)
            else:
                made = await row(connection, editing.add(table.model, tuple(sorted(values)), table.shown), values)
        if made is None:
            raise not_found(table.name)
        return created(table.row, made, f"{request.url.path}/{made[table.key]}")

    _declared(handler, table, "add", f"Add a {table.name}.", keys=table.parents, body=table.new)
    router.post(
        _paths(table)[0],
        response_model=table.row,
        status_code=201,
        tags=[table.tag],
        responses=documented(*_PROBLEMS, 408, 409, 413, 404),
    )(handler)


def _change(router: APIRouter, table: Table) -> None:
    async def handler(request: Request, _: Administrator, body: Any, **path: Any) -> Response:
        values = body.model_dump(exclude_unset=True)
        keys = table.keys(path)
        async with services(request).database.connection() as connection, connection.transaction():
            found = await row(connection, editing.one(table.model, table.shown, table.key_names), keys)
            if found is None:
                raise not_found(table.name)
            check_unchanged(request, table.row, found)
            if values:
                query = editing.change(table.model, tuple(sorted(values)), table.key_names, table.shown)
                found = await row(connection, query, {**values, **keys})
                if table.after_change is not None:
                    await table.after_change(connection)
        if found is None:
            raise not_found(table.name)
        return changed(table.row, found)

    _declared(
        handler, table, "change", f"Change a {table.name}; honours `If-Match`.", keys=table.key_names, body=table.patch
    )
    router.patch(
        _paths(table)[1],
        response_model=table.row,
        tags=[table.tag],
        responses=documented(*_PROBLEMS, 404, 408, 409, 412, 413),
    )(handler)


def _remove(router: APIRouter, table: Table) -> None:
    async def handler(request: Request, _: Administrator, **path: Any) -> Response:
        keys = table.keys(path)
        async with services(request).database.connection() as connection, connection.transaction():
            gone = await row(connection, editing.remove(table.model, table.key_names), keys)
            if gone is None:
                raise not_found(table.name)
            if table.after_change is not None:
                await table.after_change(connection)
        return Response(status_code=204)

    _declared(handler, table, "remove", f"Remove a {table.name}. 409 where something needs it.", keys=table.key_names)
    router.delete(
        _paths(table)[1],
        status_code=204,
        response_class=Response,
        tags=[table.tag],
        responses=documented(*_PROBLEMS, 404, 409),
    )(handler)
