"""The plan as JSON: the document itself, so that what a tool reads is what ``schema apply PLAN`` takes."""

from __future__ import annotations

from dataio.plan.jsonio import to_json
from dataio.plan.model import Plan


def render(plan: Plan) -> str:
    """The plan document (``plan.schema.json``)."""
    return to_json(plan)
