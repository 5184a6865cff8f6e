"""What is displaced only where the desired state still needs what goes away."""

from __future__ import annotations

from dataio.planner.native.step import REPLACE, Answer, Context, Rule
from dataio.snapshot.kinds import Key
from dataio.snapshot.model import Fact


class Adapting(Rule):
    """A rule whose ``alter`` can let go of what a fact depended on: CREATE OR REPLACE, ALTER POLICY.

    Where the desired fact no longer needs what goes, altering it (before the drop) is enough.
    """

    def displaced(self, old: Fact, new: Fact, gone: Key, context: Context) -> Answer:
        if gone in context.new.needs(new.key) or old.values == new.values:
            return REPLACE
        return ()
