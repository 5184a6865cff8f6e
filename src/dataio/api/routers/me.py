"""Who the key says one is, and what one may do."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from dataio.api.auth import Known
from dataio.api.paging import After, Limit, Page, cursor
from dataio.api.problems import Problem, documented
from dataio.api.replies import reply
from dataio.api.routing import PREFIX, StrictRoute
from dataio.api.services import services
from dataio.api.shapes.catalogue import Me, MyPermission
from dataio.catalogue import browsing

router = APIRouter(
    prefix=f"{PREFIX}/me", tags=["me"], route_class=StrictRoute, responses=documented(400, 401, 422, 429, 503)
)


@router.get("", response_model=Me)
async def get_me(request: Request, caller: Known) -> Response:
    """Who you are: the user or group of the key."""
    values = {"caller_user": caller.user_id, "caller_group": caller.group_id, "caller_key": caller.key_id}
    found = await services(request).database.row(browsing.me(), values)
    if found is None:
        raise Problem(401, "the key has just gone", headers={"WWW-Authenticate": 'Bearer realm="dataio"'})
    return reply(request, Me, found)


@router.get("/permissions", response_model=Page[MyPermission])
async def list_my_permissions(request: Request, caller: Known, limit: Limit = 50, after: After = None) -> Response:
    """Every dataset that you may see, with what you may do and by which permissions."""
    own = services(request)
    place = cursor(request, own.signer, limit, after, str)
    values = {
        "caller_user": caller.user_id,
        "caller_group": caller.group_id,
        "row_limit": place.wanted,
        "after_id": place.after[0] if place.after else None,
    }
    found = await own.database.rows(browsing.my_permissions(caller.kind, after=place.after is not None), values)
    return reply(request, Page[MyPermission], place.cut(found, lambda one: [one["ds_id"]]))
