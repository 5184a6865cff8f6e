"""Enum types, and where a transaction must end because a new value is used.

https://www.postgresql.org/docs/current/sql-altertype.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from dataio.planner.native.step import REPLACE, Answer, Context, Rule, Step
from dataio.planner.native.text.sql import literal, qualified
from dataio.snapshot.keys import Key
from dataio.snapshot.kinds import KINDS
from dataio.snapshot.model import Fact


def labels(fact: Fact) -> tuple[str, ...]:
    value = fact["labels"]
    return tuple(str(label) for label in value) if isinstance(value, tuple) else ()


def added(old: Fact, new: Fact) -> tuple[str, ...] | None:
    """The labels that ALTER TYPE … ADD VALUE must add; ``None`` where the old ones do not stay in their order."""
    before, after = labels(old), labels(new)
    if tuple(label for label in after if label in before) != before:
        return None
    return tuple(label for label in after if label not in before)


class EnumRule(Rule):
    """Values are added in place. Removed or reordered ones take a new type, to which the columns move."""

    kind = "enum"

    def create(self, new: Fact, context: Context) -> Iterable[Step]:
        values = ", ".join(literal(label) for label in labels(new))
        yield Step(f"CREATE TYPE {qualified(*new.key.path)} AS ENUM ({values})", new.key, "create")

    def drop(self, old: Fact, context: Context) -> Iterable[Step]:
        yield Step(f"DROP TYPE {qualified(*old.key.path)}", old.key, "drop")

    def alter(self, old: Fact, new: Fact, context: Context) -> Answer:
        values = added(old, new)
        return REPLACE if values is None else self._add(new, set(labels(old)), values)

    @staticmethod
    def _add(new: Fact, there: set[str], values: Iterable[str]) -> Iterable[Step]:
        order = labels(new)
        for value in values:
            position = order.index(value)
            where = ""
            if position == 0:
                following = next((label for label in order if label in there), None)
                where = f" BEFORE {literal(following)}" if following else ""
            elif any(label in there for label in order[position + 1 :]):
                where = f" AFTER {literal(order[position - 1])}"
            yield Step(f"ALTER TYPE {qualified(*new.key.path)} ADD VALUE {literal(value)}{where}", new.key, "alter")
            there.add(value)


def split_transactions(steps: Iterable[Step], context: Context) -> list[Step]:
    """The same steps; where one uses a value that the plan adds to an enum, such values come first and are committed.

    PostgreSQL (12 and later) adds values in a transaction block, but refuses to use them before it committed. All that
    is not an ADD VALUE stays in one transaction.
    """
    ordered = list(steps)
    grown = {
        fact.key: values
        for fact in context.b.of_kind("enum")
        if context.kept(fact.key) and (values := added(context.a.facts[fact.key], fact))
    }
    uses = _Uses(grown, context)
    used: set[Key] = set()
    for step in ordered:
        if step.action != "drop" and step.key not in grown:
            used |= uses.of(step)
    if not used:
        return ordered
    first = [step for step in ordered if step.key in used and step.action == "alter"]
    rest = [step for step in ordered if step not in first]
    return [*first, replace(rest[0], new_transaction=True), *rest[1:]]


class _Uses:
    """Which enums' new values stand in the expressions and bounds behind a step."""

    def __init__(self, grown: Mapping[Key, tuple[str, ...]], context: Context) -> None:
        self.grown = grown
        self.context = context
        self.types = {key: self._types(key) for key in grown}

    def _types(self, enum: Key) -> tuple[str, ...]:
        """The enum's name and that of the domains over it, as deparsed literals are cast to them."""
        name = qualified(*enum.path)
        domains = (qualified(*fact.key.path) for fact in self.context.b.of_kind("domain") if fact["type"] == name)
        return (name, *domains)

    def of(self, step: Step) -> set[Key]:
        facts = [self.context.b.facts.get(key) for key in {step.key, *step.absorbs}]
        return {key for key in self.grown for fact in facts if fact is not None and self._in(fact, key)}

    def _in(self, fact: Fact, enum: Key) -> bool:
        kind = KINDS[fact.key.kind]
        texts = [str(fact[name]) for name in kind.expressions if fact[name] is not None]
        for value in self.grown[enum]:
            if fact.key.kind == "partition":
                if self._partitioned_by(fact, enum) and any(literal(value) in text for text in texts):
                    return True
                continue
            for name in self.types[enum]:
                if any(f"{literal(value)}::{name}" in text for text in texts):
                    return True
                if any(f"::{name}[]" in text and value in text for text in texts):
                    return True
        return False

    def _partitioned_by(self, fact: Fact, enum: Key) -> bool:
        parent = fact["parent"]
        if not isinstance(parent, tuple):
            return False
        columns = self.context.b.children(Key("table", (str(parent[0]), str(parent[1]))))
        return any(column.key.kind == "column" and column["type"] in self.types[enum] for column in columns)


RULES: tuple[Rule, ...] = (EnumRule(),)
