"""The catalogue for people: browse and search, a dataset, collections."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from starlette.responses import RedirectResponse, Response

from dataio.api.finding import find_dataset
from dataio.api.pages.base import ViewerOf, page
from dataio.api.problems import Problem
from dataio.api.routers.catalogue import links_to
from dataio.api.searching import Filters, count, search
from dataio.api.services import services
from dataio.catalogue import browsing, datasets
from dataio.catalogue.database import rows
from dataio.catalogue.models import VersionType

router = APIRouter(include_in_schema=False)
PER_PAGE = 20
Word = Annotated[str, Query(max_length=300)]


@router.get("/")
async def browse(
    request: Request,
    who: ViewerOf,
    q: Word = "",
    collection: Word = "",
    category: Word = "",
    owner: Word = "",
    tag: Annotated[list[str] | None, Query(max_length=20)] = None,
    after: Annotated[str | None, Query(max_length=2000)] = None,
) -> Response:
    filters = Filters(q, collection, category, owner, tag)
    own = services(request)
    caller = who.caller
    found, total, categories, collections, tags = await asyncio.gather(
        search(request, caller, filters, PER_PAGE, after),
        count(request, caller, filters),
        own.database.rows(browsing.categories(caller.kind), caller.values),
        own.database.rows(browsing.collections(caller.kind), {**caller.values, "row_limit": 100}),
        own.database.rows(browsing.tags(caller.kind), {**caller.values, "row_limit": 500}),
    )
    chosen = {"q": q, "collection": collection, "category": category, "owner": owner, "tag": sorted(set(tag or ()))}
    values = {
        "items": found["items"],
        "next": found["next"],
        "total": total,
        "whole": max(total, sum(one["datasets"] for one in categories)),
        "chosen": chosen,
        "categories": [one for one in categories if one["datasets"]],
        "collections": [one for one in collections if one["datasets"]],
        "tags": sorted((one for one in tags if one["datasets"]), key=lambda one: (-one["datasets"], one["name"]))[:24],
        "link": lambda **changes: _link(chosen, changes),
        "first": after is None,
    }
    partial = request.headers.get("hx-request") == "true" and request.headers.get("hx-target") == "results"
    return page(request, who, "results.html" if partial else "browse.html", values)


def _link(chosen: dict[str, Any], changes: dict[str, Any]) -> str:
    """The address of the list with some filters changed; a tag that is chosen is taken away, another one added."""
    merged = dict(chosen)
    for name, value in changes.items():
        if name == "tag":
            tags = set(chosen["tag"])
            merged["tag"] = sorted(tags - {value} if value in tags else tags | {value})
        else:
            merged[name] = "" if chosen[name] == value else value
    query = [
        (name, one) for name, value in merged.items() for one in ([value] if isinstance(value, str) else value) if one
    ]
    return f"/?{urlencode(query)}" if query else "/"


@router.get("/datasets/{dataset}")
async def dataset_page(request: Request, who: ViewerOf, dataset: str) -> Response:
    if not (dataset.isascii() and dataset.isalnum() and len(dataset) in (4, 12)):
        raise Problem(404, "There is no such dataset that you may see.")
    async with services(request).database.connection() as connection:
        found = await find_dataset(connection, who.caller, dataset)
        if found["ds_id"] != dataset:
            return RedirectResponse(f"/datasets/{found['ds_id']}", 303)
        versions = await rows(connection, datasets.versions(), {"ds_id": found["ds_id"]})
    return page(request, who, "dataset.html", {"dataset": found, "versions": versions})


@router.get("/datasets/{dataset}/{version_type}/{table_id}")
async def download(request: Request, who: ViewerOf, dataset: str, version_type: VersionType, table_id: int) -> Response:
    """Off to the file, by a link made for this click."""
    for link in await links_to(request, who.caller, dataset, version_type):
        if link["table_id"] == table_id:
            return RedirectResponse(link["url"], 303, headers={"Cache-Control": "no-store"})
    raise Problem(404, "There is no such table in this version.")


@router.get("/collections")
async def collections_page(request: Request, who: ViewerOf) -> Response:
    caller = who.caller
    found = await services(request).database.rows(
        browsing.collections(caller.kind), {**caller.values, "row_limit": 1000}
    )
    by_category: dict[str, list[dict[str, Any]]] = {}
    for one in found:
        by_category.setdefault(one["category"], []).append(one)
    return page(request, who, "collections.html", {"by_category": dict(sorted(by_category.items()))})
