"""Event triggers. https://www.postgresql.org/docs/current/sql-createeventtrigger.html"""

from __future__ import annotations

from collections.abc import Iterable

from dataio.planner.native.rules.tables.triggers import STATE
from dataio.planner.native.step import REPLACE, Answer, Context, Rule, Step
from dataio.planner.native.text.sql import ident, literal
from dataio.snapshot.model import Fact


class EventTriggerRule(Rule):
    kind = "event_trigger"

    def create(self, new: Fact, context: Context) -> Iterable[Step]:
        tags = new["tags"]
        when = ""
        if isinstance(tags, tuple) and tags:
            when = f"\n    WHEN TAG IN ({', '.join(literal(str(tag)) for tag in tags)})"
        sql = (
            f"CREATE EVENT TRIGGER {ident(new.key.path[0])} ON {ident(new.text('event'))}{when}\n"
            f"    EXECUTE FUNCTION {new['function']}()"
        )
        yield Step(sql, new.key, "create")
        if new["enabled"] != "origin":
            yield self._state(new)

    def drop(self, old: Fact, context: Context) -> Iterable[Step]:
        yield Step(f"DROP EVENT TRIGGER {ident(old.key.path[0])}", old.key, "drop")

    def alter(self, old: Fact, new: Fact, context: Context) -> Answer:
        if any(old[name] != new[name] for name in ("event", "function", "tags")):
            return REPLACE
        return [self._state(new)]

    @staticmethod
    def _state(new: Fact) -> Step:
        sql = f"ALTER EVENT TRIGGER {ident(new.key.path[0])} {STATE[new.text('enabled')]}"
        return Step(sql, new.key, "alter")


RULES: tuple[Rule, ...] = (EventTriggerRule(),)
