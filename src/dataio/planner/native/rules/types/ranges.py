"""Range types and their multiranges. https://www.postgresql.org/docs/current/sql-createtype.html"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from dataio.planner.native.rules.types.base_types import drop_with_functions, own_functions, shell
from dataio.planner.native.step import REPLACE, Answer, Context, Rule, Step
from dataio.planner.native.text.names import multirange, split_qualified, usual_multirange
from dataio.planner.native.text.sql import ident, qualified
from dataio.snapshot.keys import Key
from dataio.snapshot.model import Fact


def multirange_again(gone: Key, context: Context) -> bool:
    """Whether a range of another name comes whose multirange is called as that of one that goes."""
    if gone.kind != "range" or context.major < 14:
        return False
    name = multirange(context.a.facts[gone])
    coming = (key for key in context.coming if key.kind == "range" and key != gone)
    return any(multirange(context.b.facts[key]) == name for key in coming)


class RangeRule(Rule):
    kind = "range"

    def create(self, new: Fact, context: Context) -> Iterable[Step]:
        if new["canonical"]:
            yield shell(new.key)
        sql = f"CREATE TYPE {qualified(*new.key.path)} AS RANGE ({', '.join(self._parts(new))})"
        yield Step(sql, new.key, "create")

    @staticmethod
    def _parts(new: Fact) -> Iterable[str]:
        yield f"SUBTYPE = {new['subtype']}"
        if new["opclass"]:
            yield f"SUBTYPE_OPCLASS = {new['opclass']}"
        if new["collation"]:
            yield f"COLLATION = {new['collation']}"
        if new["canonical"]:
            yield f"CANONICAL = {new['canonical']}"
        if new["subtype_diff"]:
            yield f"SUBTYPE_DIFF = {new['subtype_diff']}"
        if new["multirange"]:
            yield f"MULTIRANGE_TYPE_NAME = {new['multirange']}"

    def drop(self, old: Fact, context: Context) -> Iterable[Step]:
        yield drop_with_functions(old, context)

    def alter(self, old: Fact, new: Fact, context: Context) -> Answer:
        if any(old[name] != new[name] for name in ("subtype", "opclass", "collation", "canonical", "subtype_diff")):
            return REPLACE
        before, after = split_qualified(multirange(old)), split_qualified(multirange(new))
        steps = []
        if before[1] != after[1]:
            sql = f"ALTER TYPE {'.'.join(before)} RENAME TO {after[1]}"
            steps.append(Step(sql, new.key, "alter"))
        if before[0] != after[0]:
            sql = f"ALTER TYPE {before[0]}.{after[1]} SET SCHEMA {after[0]}"
            steps.append(Step(sql, new.key, "alter"))
        return steps

    def aside(self, old: Fact, name: str, context: Context) -> Iterable[Step]:
        """The constructors keep their names when a type is renamed, and would be in the way of the new type's."""
        functions = own_functions(old.key, context)
        for step in super().aside(old, name, context):
            yield replace(step, absorbs=functions)
        schema, range_name = old.key.path
        moves: list[tuple[str, str, str]] = []
        if context.major >= 14:
            many = multirange(old)
            function = f"{ident(schema)}.{split_qualified(many)[1]}()"  # in the schema of the range
            moves = [("TYPE", many, usual_multirange(name)), ("FUNCTION", function, f"{name}_multirange")]
        again = context.b.facts.get(old.key)
        if again is not None and old["subtype"] == again["subtype"]:
            subtype = old["subtype"]
            function = qualified(schema, range_name)
            moves.append(("FUNCTION", f"{function}({subtype}, {subtype})", name))
            moves.append(("FUNCTION", f"{function}({subtype}, {subtype}, text)", name))
        for word, what, new_name in moves:
            yield Step(f"ALTER {word} {what} RENAME TO {ident(new_name)}", old.key, "drop", absorbs=functions)


RULES: tuple[Rule, ...] = (RangeRule(),)
