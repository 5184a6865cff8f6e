"""The way back: from the state that a plan made to the one that was there before, proven like the plan itself.

What was dropped on the way there comes back as structure only; what that is stands in the rollback's ``lost``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

import psycopg

from dataio.errors import DataioError, Unproven
from dataio.plan.model import Hazard, Plan, Rollback
from dataio.plan.render.sql import render_rollback
from dataio.plan.script import checksum
from dataio.planner.proof import expected
from dataio.planner.renames.rename import Rename
from dataio.planner.renames.settling import Renamed
from dataio.planner.state import Side
from dataio.planner.work import Engine, Work
from dataio.postgres.connection import connect
from dataio.postgres.quoting import qualified
from dataio.snapshot.keys import Key
from dataio.snapshot.model import Snapshot
from dataio.snapshot.take import take

_LOST: Final = {
    "data-loss/drop-column": "column {} comes back without its values",
    "data-loss/drop-table": "table {} comes back without its rows",
    "data-loss/narrow-type": "the values of {} stay what the narrower type made of them",
    "data-loss/drop-enum-value": "rows that held a value of {} which is gone keep what they became",
    "irreversible/drop-sequence": "sequence {} starts anew",
}


def with_rollback(plan: Plan, there: Work, after: Side, script: str, connection: psycopg.Connection[Any]) -> Plan:
    """The plan with its rollback, or with a note why there is none.

    ``there`` is the work that made the plan, ``after`` a copy of the target on which ``script``, the plan's, was run
    (the rollback is run there, too), ``connection`` leads to the target.
    """
    try:
        with there.clock.stage("rollback"):
            return replace(plan, rollback=_rollback(plan, there, after, checksum(script), connection))
    except (DataioError, psycopg.Error, ValueError, KeyError) as error:
        why = error.message if isinstance(error, DataioError) else f"{type(error).__name__}: {error}"
        detail = error.detail.partition("\n")[0] if isinstance(error, DataioError) else ""
        note = f"there is no way back that could be proven, so no rollback script: {why}"
        return replace(plan, notes=(*plan.notes, f"{note}: {detail}" if detail else note))


def _rollback(plan: Plan, there: Work, after: Side, applied: str, connection: psycopg.Connection[Any]) -> Rollback:
    before = there.current.snapshot
    reached = expected(there.wanted.snapshot, there.renamed.snapshot, there.scope)
    after = replace(after, snapshot=reached)
    engine: Engine = "native" if there.engine == "auto" else there.engine
    back = replace(there, current=after, wanted=there.current, engine=engine, roles=())  # made roles stay
    renamed = _renamed_back(back, there.renamed.renames)
    goal = there.scope.restrict(before)
    back = replace(back, renamed=renamed, now=there.scope.restrict(renamed.snapshot), goal=goal)
    try:
        winner, _ = back.candidates()
    except Unproven:
        if there.engine != "auto":
            raise
        winner, _ = replace(back, engine="migra").candidates()
    figures = back.figures(winner.statements, connection)
    statements, checks = back.assessed(winner.statements, figures)
    rollback = Rollback(statements, tuple(_lost(plan, there.now)), tuple(checks))
    text = render_rollback(replace(plan, rollback=rollback), undoes=applied)
    return replace(rollback, proof=back.proven(text, after.target))


def _renamed_back(back: Work, renames: tuple[Rename, ...]) -> Renamed:
    """The renames of the way there, the last one first, under the names that they gave."""
    turned = tuple(Rename(rename.new, rename.old) for rename in reversed(renames))
    if not turned:
        return Renamed((), back.current.snapshot)
    places = dict.fromkeys(rename.new.path[0] for rename in turned if rename.moves)
    schemas = tuple(name for name in places if Key("schema", (name,)) not in back.current.snapshot.facts)
    renamed = Renamed(turned, back.current.snapshot, schemas=schemas)
    with back.trial("renames") as copy, connect(copy.target) as connection:
        for statement in renamed.statements:
            connection.execute(statement.sql.encode())
        return replace(renamed, snapshot=take(connection, self_role=back.current.snapshot.self_role))


def _lost(plan: Plan, before: Snapshot) -> Iterator[str]:
    """What data the way back cannot bring back."""
    lost = (hazard for hazard in plan.hazards if hazard.name in _LOST)
    yield from dict.fromkeys(_LOST[one.name].format(one.subject) + _unless(one, before) for one in lost)


def _unless(hazard: Hazard, before: Snapshot) -> str:
    """A column that comes back must not be null, and there is nothing to put into the rows that are there."""
    if hazard.name != "data-loss/drop-column":
        return ""
    paths = (fact.key.path for fact in before.of_kind("not_null") if qualified(*fact.key.path) == hazard.subject)
    if (path := next(paths, None)) is None or any(Key(kind, path) in before.facts for kind in ("default", "identity")):
        return ""
    return ", and it is NOT NULL without a default: rolling back fails unless the table is empty"
