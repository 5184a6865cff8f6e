"""Sequences, their options and the columns that own them. Altering never touches the value.

https://www.postgresql.org/docs/current/sql-createsequence.html, https://www.postgresql.org/docs/current/sql-altersequence.html
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from dataio.planner.native.relations.persistence import follows_table, sequence_persistence
from dataio.planner.native.step import REPLACE, Answer, Context, Rule, Step
from dataio.planner.native.text.sql import literal, qualified
from dataio.snapshot.keys import Key
from dataio.snapshot.model import Fact, Value

_BOUNDS: Final = {"smallint": 2**15, "integer": 2**31, "bigint": 2**63}


def default_bounds(type_: str, increment: Value) -> tuple[int, int]:
    """The lowest and the highest value of a sequence of which nothing else is said."""
    limit = _BOUNDS.get(type_, 2**63)
    return (-limit, -1) if isinstance(increment, int) and increment < 0 else (1, limit - 1)


def is_narrower(type_: str, other: str) -> bool:
    return _BOUNDS.get(type_, 2**63) < _BOUNDS.get(other, 2**63)


def retyped(old: Fact, type_: str) -> Fact:
    """A sequence after a change of its type alone."""
    low, high = _retyped_bounds(old, type_)
    return old.replace(type=type_, minimum=low, maximum=high)


def options(fact: Fact) -> list[str]:
    """The options of a sequence that are not the default ones, as CREATE SEQUENCE words them."""
    increment = _number(fact, "increment")
    minimum, maximum = default_bounds(fact.text("type"), increment)
    written = []
    if fact["type"] != "bigint":
        written.append(f"AS {fact['type']}")
    if increment != 1:
        written.append(f"INCREMENT BY {increment}")
    if fact["minimum"] != minimum:
        written.append(f"MINVALUE {fact['minimum']}")
    if fact["maximum"] != maximum:
        written.append(f"MAXVALUE {fact['maximum']}")
    if fact["start"] != (fact["minimum"] if increment > 0 else fact["maximum"]):
        written.append(f"START WITH {fact['start']}")
    if fact["cache"] != 1:
        written.append(f"CACHE {fact['cache']}")
    if fact["cycle"]:
        written.append("CYCLE")
    return written


def changes(old: Fact, new: Fact) -> list[str]:
    """What ALTER SEQUENCE must say."""
    written = []
    if old["type"] != new["type"]:
        written.append(f"AS {new['type']}")
    if old["increment"] != new["increment"]:
        written.append(f"INCREMENT BY {new['increment']}")
    minimum, maximum = _retyped_bounds(old, new.text("type"))
    if new["minimum"] != minimum:
        written.append(f"MINVALUE {new['minimum']}")
    if new["maximum"] != maximum:
        written.append(f"MAXVALUE {new['maximum']}")
    if old["start"] != new["start"]:
        written.append(f"START WITH {new['start']}")
    if old["cache"] != new["cache"]:
        written.append(f"CACHE {new['cache']}")
    if old["cycle"] != new["cycle"]:
        written.append("CYCLE" if new["cycle"] else "NO CYCLE")
    return written


def _retyped_bounds(old: Fact, type_: str) -> tuple[int, int]:
    """The bounds after a change of type alone: one that is the old type's limit becomes the new one's."""
    before, after = (_BOUNDS.get(name, 2**63) for name in (old.text("type"), type_))
    minimum, maximum = _number(old, "minimum"), _number(old, "maximum")
    return -after if minimum == -before else minimum, after - 1 if maximum == before - 1 else maximum


def _number(fact: Fact, name: str) -> int:
    value = fact[name]
    if not isinstance(value, int):
        raise TypeError(f"{fact.key}: {name} is {value!r}, not a number")
    return value


def value_within(sequence: str, old: Fact, new: Fact) -> list[str]:
    """Statements that bring the value of a sequence within its new bounds, where its old start lies outside of them.

    A value that already is within them stays. setval() minds the old bounds, so these are widened first.
    """
    low, high, start = (_number(new, name) for name in ("minimum", "maximum", "start"))
    if low <= _number(old, "start") <= high:
        return []
    written = []
    old_low, old_high = _number(old, "minimum"), _number(old, "maximum")
    if not old_low <= start <= old_high:
        wider = is_narrower(old.text("type"), new.text("type"))
        wide = f"AS {new['type']} " if wider else ""
        written.append(f"ALTER SEQUENCE {sequence} {wide}MINVALUE {min(low, old_low)} MAXVALUE {max(high, old_high)}")
    written.append(
        f"SELECT pg_catalog.setval({literal(sequence)}, {start}, false) FROM {sequence}"
        f" WHERE last_value NOT BETWEEN {low} AND {high}"
    )
    return written


class SequenceRule(Rule):
    kind = "sequence"

    def create(self, new: Fact, context: Context) -> Iterable[Step]:
        unlogged = "UNLOGGED " if new["persistence"] == "unlogged" else ""
        parts = [f"CREATE {unlogged}SEQUENCE {qualified(*new.key.path)}", *options(new)]
        yield Step(" ".join(parts), new.key, "create")

    def drop(self, old: Fact, context: Context) -> Iterable[Step]:
        yield Step(f"DROP SEQUENCE {qualified(*old.key.path)}", old.key, "drop")

    def alter(self, old: Fact, new: Fact, context: Context) -> Answer:
        steps = []
        name = qualified(*new.key.path)
        words = changes(old, new)
        if words:
            steps += [Step(text, new.key, "alter") for text in value_within(name, old, new)]
            steps.append(Step(f"ALTER SEQUENCE {name} {' '.join(words)}", new.key, "alter"))
        if old["persistence"] != new["persistence"] and not follows_table(new.key, context):
            steps.append(sequence_persistence(new, new.key.path, "alter"))
        return steps

    def displaced(self, old: Fact, new: Fact, gone: Key, context: Context) -> Answer:
        return ()


class OwnedByRule(Rule):
    """``OWNED BY``: the sequence goes when its column goes, so it is cut loose before, where the sequence stays."""

    kind = "owned_by"

    def create(self, new: Fact, context: Context) -> Iterable[Step]:
        column = new["column"]
        if isinstance(column, tuple):
            path = tuple(str(part) for part in column)
            sequence_owner = Key("owner", ("sequence", *new.key.path))
            table_owner = Key("owner", ("table", *path[:2]))
            fresh = Key("table", path[:2]) in context.coming
            yield Step(
                f"ALTER SEQUENCE {qualified(*new.key.path)} OWNED BY {qualified(*path)}",
                new.key,
                "create",
                after=frozenset({Key("column", path)} if fresh else {Key("column", path), sequence_owner, table_owner}),
                before=frozenset({sequence_owner, table_owner} if fresh else ()),
            )

    def drop(self, old: Fact, context: Context) -> Iterable[Step]:
        column = old["column"]
        before = {Key("column", tuple(str(part) for part in column))} if isinstance(column, tuple) else set()
        sql = f"ALTER SEQUENCE {qualified(*old.key.path)} OWNED BY NONE"
        yield Step(sql, old.key, "drop", before=frozenset(before))

    def alter(self, old: Fact, new: Fact, context: Context) -> Answer:
        going, coming = (_table(side) for side in (old, new))
        if going in context.going and coming in context.coming:
            return REPLACE  # names of the one may have to be free before the other is made
        return [Step(step.sql, step.key, "alter", after=step.after) for step in self.create(new, context)]


def _table(fact: Fact) -> Key:
    """The table of the column that owns a sequence."""
    column = fact["column"]
    return Key("table", tuple(str(part) for part in column[:2]) if isinstance(column, tuple) else ())


RULES: tuple[Rule, ...] = (SequenceRule(), OwnedByRule())
