"""Jobs as the API shows them, read from the queue's tables through the pool."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from dataio.api.problems import not_found
from dataio.catalogue.compiled import Query
from dataio.catalogue.database import Database
from dataio.operations.jobs.sql import query

_STATES: Final = {
    "todo": "queued", "doing": "running", "succeeded": "succeeded", "failed": "failed", "cancelled": "cancelled",
    "aborting": "running", "aborted": "cancelled",
}  # fmt: skip
OVER: Final = frozenset({"succeeded", "failed", "cancelled"})


def _query(name: str) -> Query:
    return Query(query(name).encode(), {}, frozenset())


async def there(database: Database) -> bool:
    """Whether the queue's tables are there: before the first job they need not be."""
    found = await database.row(_query("there"))
    return bool(found and found["queue"] and found["reports"])


async def find_job(database: Database, job_id: int, *kinds: str) -> dict[str, Any]:
    """One job with its result. Raises Problem 404."""
    found = await database.row(_query("job"), {"job_id": job_id}) if await there(database) else None
    if found is None or (kinds and found["kind"] not in kinds):
        raise not_found("job")
    return seen(found)


async def list_jobs(database: Database, kind: str | None, before: int | None, limit: int) -> list[dict[str, Any]]:
    """The newest jobs first, without results."""
    if not await there(database):
        return []
    found = await database.rows(_query("jobs"), {"kind": kind, "before": before, "row_limit": limit})
    return [seen(one) for one in found]


async def events(database: Database, job_id: int, after: int) -> list[dict[str, Any]]:
    """What a job has said after the event ``after``."""
    return await database.rows(_query("events"), {"job_id": job_id, "after": after})


def seen(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of the queue in the API's words."""
    return {**row, "state": _STATES[row["status"]], "outcome": _outcome(row)}


def _outcome(row: Mapping[str, Any]) -> str | None:
    """What a plan amounts to, in a few words. A list has it counted by the database; one job has the plan itself."""
    if result := row.get("result"):
        statements = result.get("plan", {}).get("statements")
        if statements is None:
            return None
        made, refused = len(statements), sum(bool(one["refused"]) for each in statements for one in each["hazards"])
    elif amounts := row.get("amounts"):
        made, refused = amounts["statements"], amounts["refused"]
    else:
        return None
    if not made:
        return "nothing to change"
    told = f"{made:,} statement{'s' if made != 1 else ''}"
    return f"{told}, {refused:,} hazard{'s' if refused != 1 else ''} refused unless allowed" if refused else told
