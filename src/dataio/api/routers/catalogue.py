"""The catalogue, for reading: datasets, their versions and files, and what stands around them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import StringConstraints
from starlette.responses import Response

from dataio.api.auth import CallerOf, count
from dataio.api.context import CONTEXT
from dataio.api.finding import find_dataset, find_version
from dataio.api.paging import After, Limit, Page, cursor
from dataio.api.problems import Problem, documented, not_found
from dataio.api.replies import reply
from dataio.api.routing import PREFIX, StrictRoute
from dataio.api.searching import Filters, search
from dataio.api.services import services
from dataio.api.shapes import catalogue as shapes
from dataio.api.shapes.values import CollectionPath, DatasetPath, PathId
from dataio.catalogue import browsing, datasets
from dataio.catalogue.access import Caller
from dataio.catalogue.database import row, rows
from dataio.catalogue.models import VersionType

router = APIRouter(prefix=PREFIX, route_class=StrictRoute, responses=documented(400, 401, 422, 429, 503))
_LISTED = documented(400)
_ONE = documented(404)
_DATASETS = Page[shapes.DatasetSummary]  # looked up once: asking a generic class for it is slow

Words = Annotated[str, StringConstraints(max_length=300)]
Narrow = Annotated[str | None, Query(min_length=1, max_length=300)]


@router.get("/datasets", response_model=Page[shapes.DatasetSummary], tags=["datasets"], responses=_LISTED)
async def list_datasets(
    request: Request,
    caller: CallerOf,
    tag: Annotated[Sequence[Words], Query(max_length=20, description="Carrying all of these tags.")] = (),
    q: Annotated[
        str | None,
        Query(max_length=300, description='Words to look for, best first; `"a phrase"`, `or`, `-without`.'),
    ] = None,
    collection: Annotated[str | None, Query(max_length=300, description="Id or name of a collection.")] = None,
    category: Narrow = None,
    owner: Annotated[str | None, Query(max_length=300, description="Name of a data owner.")] = None,
    limit: Limit = 20,
    after: After = None,
) -> Response:
    """Datasets that you may see, by id, or with `q` the best matches first."""
    filters = Filters(q, collection, category, owner, tag)
    page = await search(request, caller, filters, limit, after)
    return reply(request, _DATASETS, page)


@router.get(
    "/datasets/{dataset}", response_model=shapes.DatasetDetail, tags=["datasets"], responses=documented(404, 409)
)
async def get_dataset(request: Request, caller: CallerOf, dataset: DatasetPath) -> Response:
    """One dataset. Four digits will do where only one dataset that you may see ends so (409 else)."""
    async with services(request).database.connection() as connection:
        found = await find_dataset(connection, caller, dataset)
    return reply(request, shapes.DatasetDetail, found)


@router.get(
    "/datasets/{dataset}/versions",
    response_model=list[shapes.Version],
    tags=["datasets"],
    responses=documented(404, 409),
)
async def list_versions(request: Request, caller: CallerOf, dataset: DatasetPath) -> Response:
    """The versions of a dataset with their tables."""
    async with services(request).database.connection() as connection:
        found = await find_dataset(connection, caller, dataset)
        versions = await rows(connection, datasets.versions(), {"ds_id": found["ds_id"]})
    return reply(request, list[shapes.Version], versions)


@router.get(
    "/datasets/{dataset}/versions/{version_type}",
    response_model=shapes.Version,
    tags=["datasets"],
    responses=documented(404, 409),
)
async def get_version(request: Request, caller: CallerOf, dataset: DatasetPath, version_type: VersionType) -> Response:
    """One version of a dataset with its tables."""
    async with services(request).database.connection() as connection:
        found = await find_dataset(connection, caller, dataset)
        version = await find_version(connection, found["ds_id"], version_type)
    return reply(request, shapes.Version, version)


async def links_to(request: Request, caller: Caller, dataset: str, version_type: str) -> list[dict[str, Any]]:
    """Links to all files of a version. Raises Problem 404, 403 for one who may only look, 429."""
    own = services(request)
    await count(own, "download", caller, CONTEXT.get().client)
    async with own.database.connection() as connection:
        found = await find_dataset(connection, caller, dataset)
        if found["access"] != "DOWNLOAD":
            raise Problem(403, f"you may see {found['ds_id']}, but not download it", hint="Ask its data owner.")
        await find_version(connection, found["ds_id"], version_type)
        files = await rows(connection, datasets.files(), {"ds_id": found["ds_id"], "version_type": version_type})
    return [{**one, "url": await own.links.to_table(one), "expires_in": own.links.lifetime} for one in files]


@router.get(
    "/datasets/{dataset}/versions/{version_type}/download",
    response_model=list[shapes.Download],
    tags=["datasets"],
    responses=documented(403, 404, 409),
)
async def download_version(
    request: Request, caller: CallerOf, dataset: DatasetPath, version_type: VersionType
) -> Response:
    """Short-lived links to all files of a version. Seeing a dataset is not enough for it."""
    found = await links_to(request, caller, dataset, version_type)
    answer = reply(request, list[shapes.Download], found)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@router.get("/collections", response_model=Page[shapes.CollectionOut], tags=["around datasets"], responses=_LISTED)
async def list_collections(request: Request, caller: CallerOf, limit: Limit = 50, after: After = None) -> Response:
    """Collections by id."""
    own = services(request)
    place = cursor(request, own.signer, limit, after, str)
    values = {**caller.values, "row_limit": place.wanted, "after_id": place.after[0] if place.after else None}
    found = await own.database.rows(browsing.collections(caller.kind, after=place.after is not None), values)
    return reply(request, Page[shapes.CollectionOut], place.cut(found, lambda one: [one["collection_id"]]))


@router.get(
    "/collections/{collection_id}", response_model=shapes.CollectionOut, tags=["around datasets"], responses=_ONE
)
async def get_collection(request: Request, caller: CallerOf, collection_id: CollectionPath) -> Response:
    """One collection."""
    found = await services(request).database.row(
        browsing.collections(caller.kind, one=True), {**caller.values, "wanted": collection_id}
    )
    if found is None:
        raise not_found(f"collection {collection_id}")
    return reply(request, shapes.CollectionOut, found)


@router.get("/categories", response_model=list[shapes.CategoryOut], tags=["around datasets"])
async def list_categories(request: Request, caller: CallerOf) -> Response:
    """The categories of collections."""
    found = await services(request).database.rows(browsing.categories(caller.kind), caller.values)
    return reply(request, list[shapes.CategoryOut], found)


@router.get("/tags", response_model=Page[shapes.TagOut], tags=["around datasets"], responses=_LISTED)
async def list_tags(request: Request, caller: CallerOf, limit: Limit = 100, after: After = None) -> Response:
    """Tags by name. Datasets that you may not see are not counted."""
    own = services(request)
    place = cursor(request, own.signer, limit, after, str)
    values = {**caller.values, "row_limit": place.wanted, "after_name": place.after[0] if place.after else None}
    found = await own.database.rows(browsing.tags(caller.kind, after=place.after is not None), values)
    return reply(request, Page[shapes.TagOut], place.cut(found, lambda one: [one["name"]]))


@router.get("/data-owners", response_model=Page[shapes.DataOwnerOut], tags=["around datasets"], responses=_LISTED)
async def list_data_owners(request: Request, caller: CallerOf, limit: Limit = 50, after: After = None) -> Response:
    """Data owners by id."""
    own = services(request)
    place = cursor(request, own.signer, limit, after, int)
    values = {**caller.values, "row_limit": place.wanted, "after_id": place.after[0] if place.after else None}
    found = await own.database.rows(browsing.owners(caller.kind, after=place.after is not None), values)
    return reply(request, Page[shapes.DataOwnerOut], place.cut(found, lambda one: [one["data_owner_id"]]))


@router.get(
    "/data-owners/{data_owner_id}", response_model=shapes.DataOwnerOut, tags=["around datasets"], responses=_ONE
)
async def get_data_owner(request: Request, caller: CallerOf, data_owner_id: PathId) -> Response:
    """One data owner."""
    found = await services(request).database.row(
        browsing.owners(caller.kind, one=True), {**caller.values, "wanted": data_owner_id}
    )
    if found is None:
        raise not_found(f"data owner {data_owner_id}")
    return reply(request, shapes.DataOwnerOut, found)


@router.get("/raw-datasets", response_model=Page[shapes.RawDatasetOut], tags=["around datasets"], responses=_LISTED)
async def list_raw_datasets(request: Request, caller: CallerOf, limit: Limit = 50, after: After = None) -> Response:
    """Raw datasets that a dataset is made from which you may see; for administrators all."""
    own = services(request)
    place = cursor(request, own.signer, limit, after, int)
    values = {**caller.values, "row_limit": place.wanted, "after_id": place.after[0] if place.after else None}
    found = await own.database.rows(browsing.raw_datasets(caller.kind, after=place.after is not None), values)
    return reply(request, Page[shapes.RawDatasetOut], place.cut(found, lambda one: [one["raw_dataset_id"]]))


@router.get(
    "/raw-datasets/{raw_dataset_id}", response_model=shapes.RawDatasetOut, tags=["around datasets"], responses=_ONE
)
async def get_raw_dataset(request: Request, caller: CallerOf, raw_dataset_id: PathId) -> Response:
    """One raw dataset."""
    async with services(request).database.connection() as connection:
        found = await row(
            connection, browsing.raw_datasets(caller.kind, one=True), {**caller.values, "wanted": raw_dataset_id}
        )
    if found is None:
        raise not_found(f"raw dataset {raw_dataset_id}")
    return reply(request, shapes.RawDatasetOut, found)
