"""Triggers. https://www.postgresql.org/docs/current/sql-createtrigger.html"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from dataio.planner.native import wording
from dataio.planner.native.adapt import Adapting
from dataio.planner.native.relations.inheriting import links_up
from dataio.planner.native.step import REPLACE, Action, Answer, Context, Rule, Step
from dataio.planner.native.text.sql import ident, qualified
from dataio.snapshot.keys import Key
from dataio.snapshot.model import Fact, Value

STATE: Final = {
    "origin": "ENABLE",
    "disabled": "DISABLE",
    "replica": "ENABLE REPLICA",
    "always": "ENABLE ALWAYS",
}


class TriggerRule(Adapting):
    """Triggers on tables, foreign tables and views. Clones on partitions come and go with their parent's trigger."""

    kind = "trigger"

    def create(self, new: Fact, context: Context) -> Iterable[Step]:
        if not new["cloned"]:
            yield Step(wording.text(new, "definition", context), new.key, "create")
            if new["enabled"] != "origin":
                yield self._state(new)
        elif {new["enabled"], *self._parent_states(new, context)} != {"origin"}:
            yield self._state(new, self._parent(new, context) | _ties(new, context), "create")

    def drop(self, old: Fact, context: Context) -> Iterable[Step]:
        if not old["cloned"]:
            schema, table, name = old.key.path
            yield Step(f"DROP TRIGGER {ident(name)} ON {qualified(schema, table)}", old.key, "drop")

    def alter(self, old: Fact, new: Fact, context: Context) -> Answer:
        if old["cloned"] != new["cloned"]:
            return REPLACE
        if new["cloned"]:
            changed = old["enabled"] != new["enabled"] or (
                old["definition"] != new["definition"] and new["enabled"] != "origin"
            )
            return [self._state(new, after=self._parent(new, context))] if changed else []
        steps = []
        state = old["enabled"]
        if old["definition"] != new["definition"] or old["function"] != new["function"]:
            if old["constraint"] or new["constraint"] or context.major < 14 or _level(old) != _level(new):
                return REPLACE
            text = wording.text(new, "definition", context).removeprefix("CREATE")
            steps.append(Step(f"CREATE OR REPLACE{text}", new.key, "alter", rebuilds=True))
            state = "origin"
        if state != new["enabled"]:
            steps.append(self._state(new))
        return steps

    @staticmethod
    def _state(new: Fact, after: frozenset[Key] = frozenset(), action: Action = "alter") -> Step:
        # ONLY: clones on partitions have a state, and a fact, of their own
        schema, table, name = new.key.path
        sql = f"ALTER TABLE ONLY {qualified(schema, table)} {STATE[new.text('enabled')]} TRIGGER {ident(name)}"
        return Step(sql, new.key, action, after=after)

    @staticmethod
    def _parent(new: Fact, context: Context) -> frozenset[Key]:
        """The trigger of the partitioned parent that ``new`` is a clone of."""
        partition = context.b.facts.get(Key("partition", new.key.path[:2]))
        above = partition["parent"] if partition else None
        if not isinstance(above, tuple):
            return frozenset()
        key = Key("trigger", (str(above[0]), str(above[1]), new.key.path[2]))
        return frozenset({key}) if key in context.b.facts else frozenset()

    def _parent_states(self, new: Fact, context: Context) -> list[Value]:
        """What a new clone may start with: the state of one it comes down from, before or after that changes."""
        found, sides = list[Value](), (context.a, context.b)
        while parents := self._parent(new, context):
            (key,) = parents
            found += [side.facts[key]["enabled"] for side in sides if key in side.facts]
            new = context.b.facts[key]
        return found


def _level(trigger: Fact) -> str:
    """Whether it fires for each row or each statement. OR REPLACE leaves the clones that a row trigger has."""
    return trigger.text("definition").partition(" FOR EACH ")[2].partition(" ")[0]


def _ties(clone: Fact, context: Context) -> frozenset[Key]:
    """What ties its table to the one that has the trigger itself, where it is tied in this script."""
    table, found = (clone.key.path[0], clone.key.path[1]), set[Key]()
    while (links := [*links_up(context.new, table)]) and links[0][0].kind == "partition":
        link, table = links[0]
        found.add(link)
    return frozenset(found) & context.coming


RULES: tuple[Rule, ...] = (TriggerRule(),)
