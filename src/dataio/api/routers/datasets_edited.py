"""Datasets, their versions and tables, for administrators: by the schema's own function, names included."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from psycopg import sql
from starlette.responses import Response

from dataio.api.auth import Administrator
from dataio.api.finding import find_dataset, find_version
from dataio.api.problems import Problem, documented, not_found
from dataio.api.replies import changed, check_unchanged, created
from dataio.api.routing import PREFIX, StrictRoute
from dataio.api.services import services
from dataio.api.shapes import catalogue as shapes
from dataio.api.shapes.editing import DatasetPatch, NewDataset, NewTable, VersionPut
from dataio.api.shapes.values import DatasetPath, PathId
from dataio.catalogue import editing
from dataio.catalogue.database import Connection, row
from dataio.catalogue.models import Dataset, DatasetVersion, VersionTable, VersionType

router = APIRouter(
    prefix=PREFIX, tags=["datasets"], route_class=StrictRoute, responses=documented(400, 401, 403, 422, 429, 503)
)
_BODY = documented(404, 408, 409, 413)
_COLUMNS = (
    "title", "description", "public_access", "spatial_coverage", "spatial_resolution", "temporal_coverage_start",
    "temporal_coverage_end", "temporal_resolution", "additional_metadata",
)  # fmt: skip
_ADD = sql.SQL(
    "SELECT public.add_dataset({title}, {collection}, {data_owner}, {tags}, {raw_datasets}, {description},"
    " {public_access}::public.access_level, {ds_id}) AS made"
).format(
    **{
        name: sql.Placeholder(name)
        for name in (
            "title", "collection", "data_owner", "tags", "raw_datasets", "description", "public_access", "ds_id",
        )
    }
)  # fmt: skip


@router.post("/datasets", response_model=shapes.DatasetDetail, status_code=201, responses=_BODY)
async def add_dataset(request: Request, caller: Administrator, body: NewDataset) -> Response:
    """Add a dataset by the names of its collection, owner, tags and raw datasets (`add_dataset()` of the schema)."""
    values = body.model_dump()
    rest = tuple(name for name in _COLUMNS[3:] if name in body.model_fields_set)
    async with services(request).database.connection() as connection, connection.transaction():
        cursor = await connection.execute(_ADD, {**values, "additional_metadata": None})
        made = await cursor.fetchone()
        ds_id = made["made"] if made is not None else ""
        if rest:
            query = editing.change(Dataset, rest, ("ds_id",), ("ds_id",))
            await row(connection, query, {**{name: values[name] for name in rest}, "key_ds_id": ds_id})
        found = await find_dataset(connection, caller, ds_id)
    return created(shapes.DatasetDetail, found, f"{request.url.path}/{ds_id}")


@router.patch("/datasets/{dataset}", response_model=shapes.DatasetDetail, responses=_BODY | documented(412))
async def change_dataset(request: Request, caller: Administrator, dataset: DatasetPath, body: DatasetPatch) -> Response:
    """Change what is given; honours `If-Match`. Lists of tags and raw datasets replace what was there."""
    values = body.model_dump(exclude_unset=True)
    async with services(request).database.connection() as connection, connection.transaction():
        found = await find_dataset(connection, caller, dataset)
        check_unchanged(request, shapes.DatasetDetail, found)
        ds_id = found["ds_id"]
        for name, function in (("collection", "find_collection"), ("data_owner", "find_data_owner")):
            if name in values:
                values[f"{name}_id"] = await _find(connection, function, values.pop(name))
        for name in ("tags", "raw_datasets"):
            if name in values:
                await _replace(connection, name, ds_id, values.pop(name))
        if values:
            query = editing.change(Dataset, tuple(sorted(values)), ("ds_id",), ("ds_id",))
            await row(connection, query, {**values, "key_ds_id": ds_id})
        found = await find_dataset(connection, caller, ds_id)
    return changed(shapes.DatasetDetail, found)


async def _find(connection: Connection, function: str, name: str) -> Any:
    cursor = await connection.execute(
        sql.SQL("SELECT public.{}({}) AS found").format(sql.Identifier(function), sql.Placeholder()), [name]
    )
    found = await cursor.fetchone()
    return found["found"] if found is not None else None


_LISTS = {
    "tags": ("dataset_tags", "tags", "tag_id"),
    "raw_datasets": ("dataset_raw_datasets", "raw_datasets", "raw_dataset_id"),
}


async def _replace(connection: Connection, name: str, ds_id: str, names: list[str]) -> None:
    """Give a dataset exactly these tags or raw datasets, by name. Raises Problem 422 for one that is not there."""
    link, table, key = (sql.Identifier(part) for part in _LISTS[name])
    wanted = sorted({one.strip().lower() for one in names})
    cursor = await connection.execute(
        sql.SQL("SELECT {key} AS id, lower(name) AS name FROM public.{table} WHERE lower(name) = ANY (%s)").format(
            key=key, table=table
        ),
        [wanted],
    )
    found = {one["name"]: one["id"] for one in await cursor.fetchall()}
    if unknown := [one for one in wanted if one not in found]:
        raise Problem(422, f"there is no {name.removesuffix('s').replace('_', ' ')} {', '.join(map(repr, unknown))}")
    ids = list(found.values())
    await connection.execute(
        sql.SQL("DELETE FROM public.{link} WHERE ds_id = %s AND {key} <> ALL (%s)").format(link=link, key=key),
        [ds_id, ids],
    )
    await connection.execute(
        sql.SQL(
            "INSERT INTO public.{link} (ds_id, {key}) SELECT %s, unnest(%s::bigint[]) ON CONFLICT DO NOTHING"
        ).format(link=link, key=key),
        [ds_id, ids],
    )


@router.delete("/datasets/{dataset}", status_code=204, response_class=Response, responses=documented(404, 409))
async def remove_dataset(request: Request, caller: Administrator, dataset: DatasetPath) -> Response:
    """Remove a dataset with its versions and permissions. Its id never comes back; its files stay where they are."""
    async with services(request).database.connection() as connection, connection.transaction():
        found = await find_dataset(connection, caller, dataset)
        await row(connection, editing.remove(Dataset, ("ds_id",)), {"key_ds_id": found["ds_id"]})
    return Response(status_code=204)


@router.put("/datasets/{dataset}/versions/{version_type}", response_model=shapes.Version, responses=_BODY)
async def put_version(
    request: Request, caller: Administrator, dataset: DatasetPath, version_type: VersionType, body: VersionPut
) -> Response:
    """Add a version, or change the one of this type; without `bucket_id` a new one is in the default bucket."""
    values = body.model_dump(exclude_unset=True)
    async with services(request).database.connection() as connection, connection.transaction():
        found = await find_dataset(connection, caller, dataset)
        key = {"key_ds_id": found["ds_id"], "key_version_type": version_type}
        there = await row(connection, editing.one(DatasetVersion, ("bucket_id",), ("ds_id", "version_type")), key)
        if values.get("bucket_id") is None:
            values["bucket_id"] = there["bucket_id"] if there is not None else await _default_bucket(connection)
        query = editing.put(DatasetVersion, tuple(sorted(values)), ("ds_id", "version_type"), ("version_id",))
        await row(connection, query, {**values, "ds_id": found["ds_id"], "version_type": version_type})
        version = await find_version(connection, found["ds_id"], version_type)
    return changed(shapes.Version, version)


async def _default_bucket(connection: Connection) -> int:
    cursor = await connection.execute(sql.SQL("SELECT bucket_id FROM public.buckets WHERE is_default"))
    found = await cursor.fetchone()
    if found is None:
        raise Problem(409, "no bucket is the default one", hint="Give bucket_id, or make a bucket the default.")
    return int(found["bucket_id"])


@router.delete(
    "/datasets/{dataset}/versions/{version_type}",
    status_code=204,
    response_class=Response,
    responses=documented(404, 409),
)
async def remove_version(
    request: Request, caller: Administrator, dataset: DatasetPath, version_type: VersionType
) -> Response:
    """Remove a version with its tables; the files stay where they are."""
    async with services(request).database.connection() as connection, connection.transaction():
        found = await find_dataset(connection, caller, dataset)
        key = {"key_ds_id": found["ds_id"], "key_version_type": version_type}
        if await row(connection, editing.remove(DatasetVersion, ("ds_id", "version_type")), key) is None:
            raise not_found(f"version {version_type} of {found['ds_id']}")
    return Response(status_code=204)


_TABLE = tuple(shapes.VersionTableOut.model_fields)


@router.post(
    "/datasets/{dataset}/versions/{version_type}/tables",
    response_model=shapes.VersionTableOut,
    status_code=201,
    responses=_BODY,
)
async def add_table(
    request: Request, caller: Administrator, dataset: DatasetPath, version_type: VersionType, body: NewTable
) -> Response:
    """Add a table, whose file is in the version's bucket already."""
    async with services(request).database.connection() as connection, connection.transaction():
        found = await find_dataset(connection, caller, dataset)
        key = {"key_ds_id": found["ds_id"], "key_version_type": version_type}
        version = await row(connection, editing.one(DatasetVersion, ("version_id",), ("ds_id", "version_type")), key)
        if version is None:
            raise not_found(f"version {version_type} of {found['ds_id']}")
        values = {**body.model_dump(), "version_id": version["version_id"]}
        made = await row(connection, editing.add(VersionTable, tuple(sorted(values)), _TABLE), values)
    return created(shapes.VersionTableOut, made, f"{request.url.path}/{made['table_id'] if made else ''}")


@router.delete(
    "/datasets/{dataset}/versions/{version_type}/tables/{table_id}",
    status_code=204,
    response_class=Response,
    responses=documented(404, 409),
)
async def remove_table(
    request: Request, caller: Administrator, dataset: DatasetPath, version_type: VersionType, table_id: PathId
) -> Response:
    """Take a table out of a version; its file stays where it is."""
    async with services(request).database.connection() as connection, connection.transaction():
        found = await find_dataset(connection, caller, dataset)
        version = await find_version(connection, found["ds_id"], version_type)
        if not any(one["table_id"] == table_id for one in version["tables"]):
            raise not_found(f"table {table_id}")
        await row(connection, editing.remove(VersionTable, ("table_id",)), {"key_table_id": table_id})
    return Response(status_code=204)
