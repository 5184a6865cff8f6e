"""A plan for people: as values for a page, as a page of its own, as markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from dataio.plan.model import Change, Hazard, Plan
from dataio.plan.render.sql import render as render_script
from dataio.plan.render.text import size
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


def as_markdown(plan: Plan) -> str:
    """The plan for an issue or a comment."""
    return "\n".join(_markdown(plan)) + "\n"


def _markdown(plan: Plan) -> Iterator[str]:
    yield f"## Plan for {_code(plan.target.description)}"
    yield ""
    if plan.empty:
        yield "Nothing to do: the database is what the schema says."
        return
    values = shown(plan)
    counts = values["counts"]
    yield f"{counts['+']} to create, {counts['~']} to alter, {counts['-']} to drop; {len(plan.statements)} statements."
    if plan.proof is not None:
        verdict = "Proven" if plan.proof.holds else "NOT proven"
        yield f"{verdict} on a copy ({_code(plan.proof.server)})."
    yield ""
    for block in values["tree"]:
        head = block["head"]
        yield f"- {head.sign + ' ' if head else ''}{_code(block['title'])}"
        for part in block["parts"]:
            yield f"  - {part.sign} {part.kind} {_code(part.name)}"
    if values["hazards"]:
        yield ""
        yield "### Hazards"
        yield ""
        for number, hazard in values["hazards"]:
            yield f"- statement {number}: {_hazard(hazard)}"
    yield ""
    yield "### Script"
    yield ""
    fence = _fence(values["script"])
    yield f"{fence}sql\n{values['script'].rstrip()}\n{fence}"


def _hazard(hazard: Hazard) -> str:
    figures = [f"{hazard.rows:,} rows"] if hazard.rows is not None else []
    figures += [size(hazard.bytes)] if hazard.bytes is not None else []
    refused = " **refused unless allowed**" if hazard.refused else ""
    told = f" ({', '.join(figures)})" if figures else ""
    return f"{_code(hazard.name)} {_code(hazard.subject)}: {_code(hazard.message)}{told}{refused}"


def _code(text: str) -> str:
    """Text that markdown leaves alone, whatever is in it."""
    flat = " ".join(text.split()) or " "
    ticks = "`" * (max((len(run) for run in re.findall(r"`+", flat)), default=0) + 1)
    pad = " " if flat.startswith("`") or flat.endswith("`") else ""
    return f"{ticks}{pad}{flat}{pad}{ticks}"


def _fence(text: str) -> str:
    return "`" * max(3, max((len(run) for run in re.findall(r"`+", text)), default=0) + 1)
