"""Who is in a group, and which dataset in a resource group: pairs, that are put and taken away."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from dataio.api.auth import Administrator
from dataio.api.paging import After, Limit, Page, cursor
from dataio.api.problems import documented, not_found
from dataio.api.replies import changed, reply
from dataio.api.routing import PREFIX, StrictRoute
from dataio.api.services import services
from dataio.api.shapes.editing import GroupMemberRow, ResourceGroupMemberRow
from dataio.api.shapes.values import PathId
from dataio.catalogue import editing
from dataio.catalogue.models import GroupMember, ResourceGroupMember

router = APIRouter(
    prefix=PREFIX, route_class=StrictRoute, tags=["administration"], responses=documented(400, 401, 403, 422, 429, 503)
)
FullId = Annotated[str, Path(pattern=r"^[A-Z0-9]{8}[0-9]{4}$", examples=["EP0001DS0042"])]

_GROUP = ("group_id", "user_id", "added_at")
_RESOURCE = ("resource_group_id", "ds_id", "added_at")


@router.get("/groups/{group_id}/members", response_model=Page[GroupMemberRow])
async def list_group_members(
    request: Request, _: Administrator, group_id: PathId, limit: Limit = 100, after: After = None
) -> Response:
    """The users in a group."""
    own = services(request)
    place = cursor(request, own.signer, limit, after, int)
    query = editing.page(GroupMember, _GROUP, ("user_id",), where=("group_id",), after=place.after is not None)
    values = {"key_group_id": group_id, "row_limit": place.wanted}
    if place.after is not None:
        values["after_user_id"] = place.after[0]
    found = await own.database.rows(query, values)
    return reply(request, Page[GroupMemberRow], place.cut(found, lambda one: [one["user_id"]]))


@router.put("/groups/{group_id}/members/{user_id}", response_model=GroupMemberRow)
async def put_group_member(request: Request, _: Administrator, group_id: PathId, user_id: PathId) -> Response:
    """Put a user into a group; no harm where they are in it."""
    query = editing.put(GroupMember, (), ("group_id", "user_id"), _GROUP)
    found = await services(request).database.row(query, {"group_id": group_id, "user_id": user_id})
    return changed(GroupMemberRow, found)


@router.delete(
    "/groups/{group_id}/members/{user_id}", status_code=204, response_class=Response, responses=documented(404)
)
async def remove_group_member(request: Request, _: Administrator, group_id: PathId, user_id: PathId) -> Response:
    """Take a user out of a group: what it gave them is gone at once."""
    query = editing.remove(GroupMember, ("group_id", "user_id"))
    if await services(request).database.row(query, {"key_group_id": group_id, "key_user_id": user_id}) is None:
        raise not_found("member")
    return Response(status_code=204)


@router.get("/resource-groups/{resource_group_id}/members", response_model=Page[ResourceGroupMemberRow])
async def list_resource_group_members(
    request: Request, _: Administrator, resource_group_id: PathId, limit: Limit = 100, after: After = None
) -> Response:
    """The datasets in a resource group."""
    own = services(request)
    place = cursor(request, own.signer, limit, after, str)
    query = editing.page(
        ResourceGroupMember, _RESOURCE, ("ds_id",), where=("resource_group_id",), after=place.after is not None
    )
    values = {"key_resource_group_id": resource_group_id, "row_limit": place.wanted}
    if place.after is not None:
        values["after_ds_id"] = place.after[0]
    found = await own.database.rows(query, values)
    return reply(request, Page[ResourceGroupMemberRow], place.cut(found, lambda one: [one["ds_id"]]))


@router.put("/resource-groups/{resource_group_id}/members/{ds_id}", response_model=ResourceGroupMemberRow)
async def put_resource_group_member(
    request: Request, _: Administrator, resource_group_id: PathId, ds_id: FullId
) -> Response:
    """Put a dataset into a resource group; no harm where it is in it."""
    query = editing.put(ResourceGroupMember, (), ("resource_group_id", "ds_id"), _RESOURCE)
    values = {"resource_group_id": resource_group_id, "ds_id": ds_id}
    return changed(ResourceGroupMemberRow, await services(request).database.row(query, values))


@router.delete(
    "/resource-groups/{resource_group_id}/members/{ds_id}",
    status_code=204,
    response_class=Response,
    responses=documented(404),
)
async def remove_resource_group_member(
    request: Request, _: Administrator, resource_group_id: PathId, ds_id: FullId
) -> Response:
    """Take a dataset out of a resource group."""
    query = editing.remove(ResourceGroupMember, ("resource_group_id", "ds_id"))
    values = {"key_resource_group_id": resource_group_id, "key_ds_id": ds_id}
    if await services(request).database.row(query, values) is None:
        raise not_found("member")
    return Response(status_code=204)
