"""Everything that administrators keep: owners, tags, users, groups, permissions, limits, buckets."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from psycopg import sql

from dataio.api.problems import Problem
from dataio.api.routers.rows import Table, Verb, add_routes
from dataio.api.routing import PREFIX, StrictRoute
from dataio.api.shapes import editing as shapes
from dataio.catalogue import editing, models
from dataio.catalogue.access import Caller
from dataio.catalogue.database import Connection, Row, row

router = APIRouter(prefix=PREFIX, route_class=StrictRoute)


def _granted_by(caller: Caller) -> dict[str, Any]:
    return {"granted_by": caller.user_id}


async def _somebody_stays(connection: Connection) -> None:
    """The last active administrator cannot be taken away: nobody could give the right back."""
    cursor = await connection.execute(
        sql.SQL("SELECT EXISTS (SELECT FROM public.users WHERE is_admin AND is_active) AS stays")
    )
    found = await cursor.fetchone()
    if found is None or not found["stays"]:
        raise Problem(409, "this would leave no active administrator", hint="Make somebody else one first.")


async def _add_raw_dataset(connection: Connection, _: Caller, values: dict[str, Any]) -> Row | None:
    """By the schema's own function: it knows owners by name."""
    names = ("name", "data_owner", "description", "source_url", "licence", "received_on")
    cursor = await connection.execute(
        sql.SQL("SELECT public.add_raw_dataset({}) AS made").format(
            sql.SQL(", ").join(sql.Placeholder(name) for name in names)
        ),
        {name: values.get(name) for name in names},
    )
    made = await cursor.fetchone()
    shown = tuple(shapes.RawDatasetRow.model_fields)
    key = {"key_raw_dataset_id": made["made"]} if made is not None else {}
    return await row(connection, editing.one(models.RawDataset, shown, ("raw_dataset_id",)), key)


_WRITE: frozenset[Verb] = frozenset({"add", "change", "remove"})

TABLES = (
    Table("/collections", "collection", models.Collection, "collection_id", shapes.CollectionRow,
          shapes.NewCollection, shapes.CollectionPatch, _WRITE, tag="around datasets"),
    Table("/tags", "tag", models.Tag, "tag_id", shapes.TagRow, shapes.NewTag, shapes.TagPatch, _WRITE,
          tag="around datasets"),
    Table("/data-owners", "data owner", models.DataOwner, "data_owner_id", shapes.DataOwnerRow, shapes.NewDataOwner,
          shapes.DataOwnerPatch, _WRITE, tag="around datasets"),
    Table("/data-owners/{data_owner_id}/contacts", "contact", models.DataOwnerContact, "contact_id", shapes.ContactRow,
          shapes.NewContact, shapes.ContactPatch, parent="data_owner_id"),
    Table("/raw-datasets", "raw dataset", models.RawDataset, "raw_dataset_id", shapes.RawDatasetRow,
          shapes.NewRawDataset, shapes.RawDatasetPatch, _WRITE, add=_add_raw_dataset, tag="around datasets"),
    Table("/buckets", "bucket", models.Bucket, "bucket_id", shapes.BucketRow, shapes.NewBucket, shapes.BucketPatch),
    Table("/users", "user", models.User, "user_id", shapes.UserRow, shapes.NewUser, shapes.UserPatch,
          after_change=_somebody_stays),
    Table("/groups", "group", models.Group, "group_id", shapes.GroupRow, shapes.NewGroup, shapes.GroupPatch),
    Table("/resource-groups", "resource group", models.ResourceGroup, "resource_group_id", shapes.ResourceGroupRow,
          shapes.NewGroup, shapes.GroupPatch),
    Table("/user-permissions", "user permission", models.UserPermission, "permission_id", shapes.UserPermissionRow,
          shapes.NewUserPermission, shapes.PermissionPatch, more=_granted_by),
    Table("/group-permissions", "group permission", models.GroupPermission, "permission_id",
          shapes.GroupPermissionRow, shapes.NewGroupPermission, shapes.PermissionPatch, more=_granted_by),
    Table("/rate-limits", "rate limit", models.RateLimit, "rate_limit_id", shapes.RateLimitRow, shapes.NewRateLimit,
          shapes.RateLimitPatch),
)  # fmt: skip

for _table in TABLES:
    add_routes(router, _table)
