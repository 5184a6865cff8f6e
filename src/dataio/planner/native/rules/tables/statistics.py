"""Extended statistics.

https://www.postgresql.org/docs/current/sql-createstatistics.html
"""

from __future__ import annotations

from collections.abc import Iterable

from dataio.planner.native import wording
from dataio.planner.native.step import REPLACE, Action, Answer, Context, Rule, Step
from dataio.planner.native.text.sql import qualified
from dataio.snapshot.model import Fact


class StatisticsRule(Rule):
    kind = "statistics"

    def create(self, new: Fact, context: Context) -> Iterable[Step]:
        yield Step(wording.text(new, "definition", context), new.key, "create")
        if new["target"] is not None:
            yield target(new, "create")

    def drop(self, old: Fact, context: Context) -> Iterable[Step]:
        yield Step(f"DROP STATISTICS {qualified(*old.key.path)}", old.key, "drop")

    def alter(self, old: Fact, new: Fact, context: Context) -> Answer:
        if old["definition"] != new["definition"] or old["table"] != new["table"]:
            return REPLACE
        return [target(new, "alter")]


def target(new: Fact, action: Action) -> Step:
    value = -1 if new["target"] is None else new["target"]
    return Step(f"ALTER STATISTICS {qualified(*new.key.path)} SET STATISTICS {value}", new.key, action)


RULES: tuple[Rule, ...] = (StatisticsRule(),)
