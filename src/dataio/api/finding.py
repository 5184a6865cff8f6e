"""One dataset for one caller, or the problem that there is none that they may see."""

from __future__ import annotations

from typing import Any

from dataio.api.problems import Problem, not_found
from dataio.catalogue import datasets
from dataio.catalogue.access import Caller
from dataio.catalogue.database import Connection, row, rows


async def find_dataset(connection: Connection, caller: Caller, wanted: str) -> dict[str, Any]:
    """By full id or last four digits. Raises Problem 404, or 409 where several that they may see end so."""
    wanted = wanted.upper()
    short = len(wanted) == 4
    found = await rows(
        connection, datasets.detail(caller.kind, by_last_four=short), {"wanted": wanted, **caller.values}
    )
    if not found:
        raise not_found(f'dataset "{wanted}"')
    if len(found) > 1:
        raise Problem(
            409,
            f'several datasets end in "{wanted}"',
            hint="Give all 12 characters.",
            slug="ambiguous",
            candidates=[one["ds_id"] for one in found[:10]],
        )
    return found[0]


async def find_version(connection: Connection, ds_id: str, version_type: str) -> dict[str, Any]:
    """A version with its tables. Raises Problem 404."""
    found = await row(connection, datasets.versions(one=True), {"ds_id": ds_id, "version_type": version_type})
    if found is None:
        raise not_found(f"version {version_type} of {ds_id}")
    return found
