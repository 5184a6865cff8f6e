"""``dataio schema diff --no-prove``: what the native rules say of two databases, tried nowhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dataio.errors import UsageError
from dataio.operations.sides import DiffSide
from dataio.plan.model import Plan
from dataio.planner.bare import bare_plan


def bare_diff(
    before: DiffSide,
    after: DiffSide,
    *,
    manage: frozenset[str] = frozenset({"auto"}),
    ignore: tuple[str, ...] = (),
    renames: Sequence[str] = (),
    move_rows: bool = False,
) -> Plan:
    """The plan between two databases by the native rules, nothing copied or run. Neither is written to.

    Raises UsageError where a side is no database or a rename is asked for, and what
    :func:`dataio.planner.bare.bare_plan` raises.
    """
    if before.target is None or after.target is None:
        label = before.label if before.target is None else after.label
        raise UsageError(
            f"--no-prove compares two databases, and {label} is none",
            hint="What files make is only known after they were loaded into a scratch database.",
        )
    if renames:
        raise UsageError("--rename needs a copy to run the renames on, and --no-prove makes none")
    plan = bare_plan(before.target, after.target, manage=manage, ignore=ignore, move_rows=move_rows)
    target = replace(plan.target, environment=before.environment, protected=before.protected)
    return replace(plan, target=target, sources=(after.label,))
