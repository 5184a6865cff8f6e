"""The schema for people: the explorer with its diagram, table pages, history."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from dataio.api.pages.base import AdministratorOf, page
from dataio.api.problems import Problem
from dataio.api.routers.schema import look, past, script_of, target_of
from dataio.api.services import services
from dataio.diagram.drawing import Drawing, drawing
from dataio.diagram.model import Table
from dataio.operations import explore
from dataio.postgres.conninfo import Target

router = APIRouter(include_in_schema=False)


def _address(table: Table) -> str:
    from urllib.parse import quote

    return f"/schema/tables/{quote(table.schema, safe='')}/{quote(table.name, safe='')}"


def _explored(target: Target, focus: str, steps: int) -> tuple[list[explore.Relation], Drawing | None, str]:
    """Relations, the diagram, and what is wrong with the focus, if anything."""
    relations = explore.relations(target)
    diagram = explore.diagram(target)
    wrong = ""
    if focus:
        keys = [table.key for table in diagram.tables if focus in (".".join(table.key), table.label)]
        if keys:
            diagram = diagram.around(keys, steps)
        else:
            wrong = f"There is no table called {focus}."
    return relations, drawing(diagram, title="Tables and foreign keys", href=_address) if diagram else None, wrong


@router.get("/schema")
async def schema_page(
    request: Request,
    who: AdministratorOf,
    table: Annotated[str, Query(max_length=200)] = "",
    steps: Annotated[int, Query(ge=0, le=5)] = 1,
) -> Response:
    target = target_of(services(request))
    relations, shown, wrong = await asyncio.to_thread(_explored, target, table.strip(), steps)
    values = {"relations": relations, "drawing": shown, "wrong": wrong, "focus": table, "steps": steps}
    return page(request, who, "schema.html", values)


def _detail(target: Target, schema: str, name: str) -> tuple[explore.RelationDetail | None, Drawing | None]:
    found = explore.relation(target, schema, name)
    if found is None:
        return None, None
    diagram = explore.diagram(target)
    if (schema, name) not in {table.key for table in diagram.tables}:
        return found, None
    near = diagram.around([(schema, name)], 1)
    return found, drawing(near, title=f"{schema}.{name} and its neighbours", href=_address)


@router.get("/schema/tables/{schema}/{name}")
async def table_page(request: Request, who: AdministratorOf, schema: str, name: str) -> Response:
    if "\0" in schema + name:
        raise Problem(404, "There is no such table.")
    found, shown = await asyncio.to_thread(_detail, target_of(services(request)), schema, name)
    if found is None:
        raise Problem(404, f"There is no table {schema}.{name}.")
    return page(request, who, "table.html", {"found": found, "relation": found.relation, "drawing": shown})


@router.get("/history")
async def history_page(request: Request, who: AdministratorOf) -> Response:
    own = services(request)
    target = target_of(own)
    now, applied = await asyncio.gather(asyncio.to_thread(look, target, own.settings), asyncio.to_thread(past, target))
    return page(request, who, "history.html", {"now": {**now, "drifted": _drifted(now)}, "applied": applied})


def _drifted(now: dict[str, Any]) -> bool:
    """Whether the fingerprint is another than the last migration promised, in the same major version's words."""
    promised = now["last"]["to_fingerprint"] if now["last"] else now["fingerprint"]
    same_words = promised.partition(":")[0] == now["fingerprint"].partition(":")[0]
    return bool(same_words and promised != now["fingerprint"])


@router.get("/history/{number}")
async def script_page(request: Request, who: AdministratorOf, number: int) -> Response:
    own = services(request)
    applied: list[dict[str, Any]] = await asyncio.to_thread(past, target_of(own))
    found = next((one for one in applied if one["number"] == number), None)
    script = await asyncio.to_thread(script_of, own.settings, number)
    if found is None and script is None:
        raise Problem(404, f"There is no migration {number:03d}.")
    values = {
        "number": number,
        "migration": found,
        "name": script.slug if script else "",
        "text": script.script.text if script else None,
    }
    return page(request, who, "script.html", values)
