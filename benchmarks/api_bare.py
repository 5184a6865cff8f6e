"""The bare endpoints that benchmarks/api.py measures the API against: FastAPI, a psycopg pool, the same SQL.

And nothing else: no keys, no limits, no cursors that are signed, no ETags, no log.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI, HTTPException
from psycopg import AsyncConnection
from psycopg.rows import DictRow, dict_row
from psycopg_pool import AsyncConnectionPool

from dataio.api.paging import Page
from dataio.api.shapes.catalogue import DatasetDetail, DatasetSummary
from dataio.catalogue import datasets

_SIZE = int(os.environ.get("BENCHMARK_POOL", "10"))
_POOL = AsyncConnectionPool[AsyncConnection[DictRow]](
    os.environ["BENCHMARK_DSN"],
    kwargs={"autocommit": True, "row_factory": dict_row},
    min_size=2,
    max_size=_SIZE,
    open=False,
)


@asynccontextmanager
async def _lifespan(_: FastAPI) -> AsyncIterator[None]:
    await _POOL.open()
    yield
    await _POOL.close()


app = FastAPI(lifespan=_lifespan)


async def _rows(query: Any, values: dict[str, Any]) -> list[dict[str, Any]]:
    async with _POOL.connection() as connection:
        cursor = await connection.execute(query.text, query.values(values))
        return await cursor.fetchall()


@app.get("/datasets", response_model=Page[DatasetSummary])
async def list_datasets(limit: int = 20, after_id: str | None = None) -> Any:
    shape = frozenset({"after"}) if after_id else frozenset[str]()
    values = {"row_limit": limit + 1, **({"after_id": after_id} if after_id else {})}
    rows = await _rows(datasets.listing("anyone", shape), values)
    return {"items": rows[:limit], "next": rows[limit - 1]["ds_id"] if len(rows) > limit else None}


@app.get("/datasets/{ds_id}", response_model=DatasetDetail)
async def get_dataset(ds_id: str) -> Any:
    rows = await _rows(datasets.detail("anyone"), {"wanted": ds_id})
    if not rows:
        raise HTTPException(404)
    return rows[0]
