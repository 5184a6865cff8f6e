"""A plan for people: as values for a page, and as a page of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dataio.plan.model import Change, Plan
from dataio.plan.render.sql import render as render_script
from dataio.plan.render.tree import blocks


@dataclass(frozen=True)
class Row:
    """One attribute of a change, before and after."""

    name: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Part:
    """A change within its block: its sign, what it is called there, and what it changes."""

    sign: str
    kind: str
    name: str
    rows: tuple[Row, ...]


def shown(plan: Plan) -> dict[str, Any]:
    """What templates show of a plan."""
    tree = []
    for block in blocks(plan.changes):
        head = _part(block.head, block.title) if block.head is not None else None
        tree.append(
            {"title": block.title, "head": head, "parts": [_part(change, name) for change, name in block.parts]}
        )
    return {
        "plan": plan,
        "tree": tree,
        "counts": {sign: sum(_sign(change) == sign for change in plan.changes) for sign in "+~-"},
        "hazards": sorted(
            ((number, hazard) for number, one in enumerate(plan.statements, 1) for hazard in one.hazards),
            key=lambda found: (not found[1].refused, found[0]),
        ),
        "script": render_script(plan),
    }


_SIGNS = {"create": "+", "drop": "-"}


def _sign(change: Change) -> str:
    return _SIGNS.get(change.action, "~")


def _part(change: Change, name: str) -> Part:
    before, after = dict(change.before), dict(change.after)
    rows = tuple(Row(key, before.get(key), after.get(key)) for key in dict.fromkeys([*before, *after]))
    return Part(_sign(change), change.subject.kind, name, rows)


def as_html(plan: Plan) -> str:
    """A page that stands alone: style and all in one file."""
    from dataio.api.pages.base import asset_text, templates

    return templates().get_template("plan_document.html").render({**shown(plan), "style": asset_text("app.css")})
