"""What the native rules would run between two live databases, and nothing else: no copy, no replay, no proof."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from dataio import __version__
from dataio.errors import Unproven, UsageError
from dataio.plan.model import Plan, PlannedTarget
from dataio.planner import proposers
from dataio.planner.changes import changes
from dataio.planner.column_order import column_order_notes
from dataio.planner.delta import diff
from dataio.planner.scope import decide
from dataio.postgres.connection import ServerInfo, connect, server_info
from dataio.postgres.conninfo import Target
from dataio.snapshot.garbage import collector_paused
from dataio.snapshot.model import Snapshot
from dataio.snapshot.take import take

_UNPROVEN = "nothing was run: that these statements work, what they lock and what they lose is not known"


def bare_plan(
    current: Target, desired: Target, *, manage: frozenset[str], ignore: tuple[str, ...], move_rows: bool = False
) -> Plan:
    """The unproven plan from one database to another; both are only read, side by side.

    Raises UsageError where their major versions differ (PostgreSQL words the same thing differently then), Unproven
    where the rules give up, ConnectionFailed, UnknownObject.
    """
    with collector_paused():
        return _planned(current, desired, manage, ignore, move_rows=move_rows)


def _planned(
    current: Target, desired: Target, manage: frozenset[str], ignore: tuple[str, ...], *, move_rows: bool
) -> Plan:
    with ThreadPoolExecutor(1) as pool:
        other = pool.submit(_look, desired)
        info, live = _look(current)
        goal_info, facts = other.result()
    if info.major != goal_info.major:
        raise UsageError(
            f"PostgreSQL {info.major} and {goal_info.major} word the same schema differently",
            hint="Without --no-prove both are copied to one server first.",
        )
    scope = decide(manage, ignore, facts)
    now, goal = scope.restrict(live), scope.restrict(facts)
    deltas = diff(now, goal)
    try:
        statements = proposers.native(now, goal, major=info.major, move_rows=move_rows) if deltas else []
    except proposers.ProposerFailed as failed:
        raise Unproven("the native rules found no way", detail=str(failed)) from failed
    return Plan(
        target=PlannedTarget(current.describe(), info.database, info.version_text, info.major),
        sources=(),
        from_fingerprint=now.fingerprint,
        to_fingerprint=goal.fingerprint,
        statements=tuple(statements),
        changes=changes(deltas),
        managed=tuple(sorted(scope.aspects)),
        ignored=scope.ignored,
        notes=(*scope.notes, *scope.left_alone(live), *((_UNPROVEN,) if statements else column_order_notes(now, goal))),
        tools=(("dataio", __version__),),
        created_at=datetime.now(UTC).isoformat(timespec="seconds"),
    )


def _look(target: Target) -> tuple[ServerInfo, Snapshot]:
    with connect(target, read_only=True) as connection:
        return server_info(connection), take(connection)
