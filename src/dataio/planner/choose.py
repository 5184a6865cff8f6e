"""Which of the proven candidates wins: what it costs, as it was observed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from dataio.plan.model import Statement
from dataio.planner.delta import Delta
from dataio.planner.native.text.sql import qualified
from dataio.planner.observed.replay import LOCK_STRENGTH, strongest
from dataio.words import plural


class Cost(NamedTuple):
    """Cheaper is less, in this order: relations and columns lost, rewrites, the strongest lock, statements."""

    lost: int
    rewritten: int
    lock: int
    scanned: int
    statements: int

    def __str__(self) -> str:
        lock = LOCK_STRENGTH[self.lock - 1] if self.lock else "no lock"
        return (
            f"{self.lost} lost, {self.rewritten} rewritten, {lock}, {self.scanned} scanned,"
            f" {plural(self.statements, 'statement')}"
        )


def cost(statements: Sequence[Statement]) -> Cost:
    """What the replay of a candidate was seen to cost."""
    seen = [statement.observation for statement in statements if statement.observation is not None]
    modes = [mode for observation in seen if (mode := strongest(observation)) is not None]
    return Cost(
        lost=sum(len(observation.dropped) for observation in seen),
        rewritten=sum(len(observation.rewritten) for observation in seen),
        lock=max((LOCK_STRENGTH.index(mode) + 1 for mode in modes), default=0),
        scanned=sum(len(observation.scanned) for observation in seen),
        statements=len(statements),
    )


_WRITTEN_ANEW: Final = {
    "column": frozenset({"type", "collation", "generated", "expression"}),
    "table": frozenset({"persistence", "access_method", "tablespace"}),
    "materialized_view": frozenset({"definition", "columns", "access_method", "tablespace"}),
}


def avoidable(statements: Sequence[Statement], deltas: Sequence[Delta]) -> bool:
    """Whether another way might lose or rewrite less than these statements were seen to.

    ``deltas`` are what must happen. What is only on the old side has to go, whoever plans it; whoever changes the type
    of a column writes its table anew.
    """
    gone = {(delta.key.kind, delta.key.path) for delta in deltas if delta.new is None}
    anew = {
        qualified(*delta.key.path[:2])
        for delta in deltas
        if (needs := _WRITTEN_ANEW.get(delta.key.kind)) and (delta.old is None or needs.intersection(delta.changed))
    }
    seen = [statement.observation for statement in statements if statement.observation is not None]
    return any(
        not gone.issuperset((ref.kind, ref.path) for ref in one.dropped) or not anew.issuperset(one.rewritten)
        for one in seen
    )
