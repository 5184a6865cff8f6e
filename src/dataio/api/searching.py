"""Looking for datasets: the same for programs and for pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import Request

from dataio.api.paging import cursor
from dataio.api.services import services
from dataio.catalogue import datasets
from dataio.catalogue.access import Caller


@dataclass(frozen=True)
class Filters:
    """What datasets are narrowed by; ``None`` and empty ones do not narrow."""

    q: str | None = None
    collection: str | None = None
    category: str | None = None
    owner: str | None = None
    tag: Sequence[str] | None = None

    def given(self) -> dict[str, Any]:
        """Those that narrow, as parameters of :func:`dataio.catalogue.datasets.listing`."""
        values = {
            "q": self.q.strip() if self.q else None,
            "collection": self.collection,
            "category": self.category,
            "owner": self.owner,
            "tag": sorted({one.strip().lower() for one in self.tag if one.strip()}) if self.tag else None,
        }
        return {name: value for name, value in values.items() if value}


async def search(request: Request, caller: Caller, filters: Filters, limit: int, after: str | None) -> dict[str, Any]:
    """A page of datasets that the caller may see. Raises Problem 400 for a cursor of another list."""
    own = services(request)
    given = filters.given()
    ranked = "q" in given
    place = cursor(request, own.signer, limit, after, *((float, str) if ranked else (str,)))
    values = {**given, **caller.values, "row_limit": place.wanted}
    shape = set(given)
    if place.after is not None:
        shape.add("after")
        values["after_id"] = place.after[-1]
        if ranked:
            values["after_rank"] = place.after[0]
    found = await own.database.rows(datasets.listing(caller.kind, frozenset(shape)), values)
    return place.cut(found, lambda one: [one["rank"], one["ds_id"]] if ranked else [one["ds_id"]])


async def count(request: Request, caller: Caller, filters: Filters) -> int:
    """How many datasets the filters leave."""
    given = filters.given()
    row = await services(request).database.row(
        datasets.count(caller.kind, frozenset(given)), {**given, **caller.values, "row_limit": None}
    )
    return int(row["datasets"]) if row is not None else 0
