"""Keys, for administrators: issue, rotate, revoke. The key itself is in one answer only, that of its making."""

from __future__ import annotations

import asyncio
from typing import Any

from fastapi import APIRouter, Request
from psycopg import sql
from starlette.responses import Response

from dataio.api.auth import Administrator
from dataio.api.paging import After, Limit, Page, cursor
from dataio.api.problems import Problem, documented, not_found
from dataio.api.replies import created, reply
from dataio.api.routing import PREFIX, StrictRoute
from dataio.api.services import services
from dataio.api.shapes.editing import IssuedKey, KeyRow, NewKey
from dataio.api.shapes.values import PathId
from dataio.catalogue import editing
from dataio.catalogue.database import Connection, row
from dataio.catalogue.keys import new_key
from dataio.catalogue.models import ApiKey

router = APIRouter(
    prefix=f"{PREFIX}/keys",
    tags=["administration"],
    route_class=StrictRoute,
    responses=documented(400, 401, 403, 422, 429, 503),
)
_SHOWN = tuple(KeyRow.model_fields)


@router.get("", response_model=Page[KeyRow])
async def list_keys(request: Request, _: Administrator, limit: Limit = 50, after: After = None) -> Response:
    """All keys, revoked ones too; none can be used from what is shown."""
    own = services(request)
    place = cursor(request, own.signer, limit, after, int)
    query = editing.page(ApiKey, _SHOWN, ("key_id",), after=place.after is not None)
    values = {"row_limit": place.wanted, **({"after_key_id": place.after[0]} if place.after else {})}
    found = await own.database.rows(query, values)
    return reply(request, Page[KeyRow], place.cut(found, lambda one: [one["key_id"]]))


@router.get("/{key_id}", response_model=KeyRow, responses=documented(404))
async def get_key(request: Request, _: Administrator, key_id: PathId) -> Response:
    """One key, without what makes it one."""
    found = await services(request).database.row(editing.one(ApiKey, _SHOWN, ("key_id",)), {"key_key_id": key_id})
    if found is None:
        raise not_found("key")
    return reply(request, KeyRow, found)


@router.post("", response_model=IssuedKey, status_code=201, responses=documented(408, 409, 413))
async def issue_key(request: Request, _: Administrator, body: NewKey) -> Response:
    """Issue a key to a user or a group. It is in this answer and nowhere else."""
    async with services(request).database.connection() as connection, connection.transaction():
        made = await _issue(connection, body.model_dump(exclude_unset=True))
    return created(IssuedKey, made, f"{request.url.path}/{made['key_id']}")


@router.post("/{key_id}/rotate", response_model=IssuedKey, status_code=201, responses=documented(404, 409))
async def rotate_key(request: Request, _: Administrator, key_id: PathId) -> Response:
    """Issue a key like this one to the same holder, and revoke this one."""
    async with services(request).database.connection() as connection, connection.transaction():
        old = await _revoke(connection, key_id)
        if old is None:
            raise await _why_not(connection, key_id)
        same = {name: old[name] for name in ("user_id", "group_id", "label", "expires_at") if old[name] is not None}
        made = await _issue(connection, same)
    return created(IssuedKey, made, request.url.path.replace(f"/{key_id}/rotate", f"/{made['key_id']}"))


@router.delete("/{key_id}", status_code=204, response_class=Response, responses=documented(404, 409))
async def revoke_key(request: Request, _: Administrator, key_id: PathId) -> Response:
    """Revoke a key: it is refused from now on. It stays in the list."""
    async with services(request).database.connection() as connection, connection.transaction():
        if await _revoke(connection, key_id) is None:
            raise await _why_not(connection, key_id)
    return Response(status_code=204)


async def _issue(connection: Connection, values: dict[str, Any]) -> dict[str, Any]:
    key = await asyncio.to_thread(new_key)
    given = {**values, "key_prefix": key.prefix, "hashed_key": key.hashed}
    made = await row(connection, editing.add(ApiKey, tuple(sorted(given)), _SHOWN), given)
    return {**(made or {}), "key": key.text}


async def _revoke(connection: Connection, key_id: int) -> dict[str, Any] | None:
    cursor = await connection.execute(
        sql.SQL(
            "UPDATE public.api_keys SET revoked_at = now() WHERE key_id = {} AND revoked_at IS NULL RETURNING *"
        ).format(sql.Placeholder()),
        [key_id],
    )
    return await cursor.fetchone()


async def _why_not(connection: Connection, key_id: int) -> Problem:
    found = await row(connection, editing.one(ApiKey, _SHOWN, ("key_id",)), {"key_key_id": key_id})
    return not_found("key") if found is None else Problem(409, "the key was revoked already")
