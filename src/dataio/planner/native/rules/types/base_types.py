"""Base types, and types that are only declared (shells). https://www.postgresql.org/docs/current/sql-createtype.html"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from dataio.planner.native.step import REPLACE, Answer, Context, Rule, Step
from dataio.planner.native.text.sql import ident, literal, qualified
from dataio.snapshot.keys import Key
from dataio.snapshot.model import Fact

_FUNCTIONS: Final = {
    "input": "INPUT",
    "output": "OUTPUT",
    "receive": "RECEIVE",
    "send": "SEND",
    "typmod_in": "TYPMOD_IN",
    "typmod_out": "TYPMOD_OUT",
    "analyze": "ANALYZE",
    "subscript": "SUBSCRIPT",
}
WITH_FUNCTIONS: Final = frozenset({"base_type", "range"})
"""Types that may need functions which need them."""

_ALTERABLE: Final = frozenset({"receive", "send", "typmod_in", "typmod_out", "analyze", "subscript", "storage"})


def shell(key: Key) -> Step:
    """``CREATE TYPE t;``, for the functions that the type itself needs."""
    return Step(f"CREATE TYPE {qualified(*key.path)}", Key("shell_type", key.path), "create")


def own_functions(key: Key, context: Context) -> frozenset[Key]:
    """The functions that the type needs and that need the type: they cannot go but together."""
    around = context.old.needs(key) & context.old.needed_by(key)
    return frozenset(function for function in around if function.kind == "function")


def drop_with_functions(old: Fact, context: Context) -> Step:
    functions = own_functions(old.key, context)
    aside = old.key not in context.a.facts and (old.key.kind == "base_type" or bool(old["canonical"]))
    cascade = " CASCADE" if functions or aside else ""
    return Step(f"DROP TYPE {qualified(*old.key.path)}{cascade}", old.key, "drop", absorbs=functions)


class ShellTypeRule(Rule):
    kind = "shell_type"

    def create(self, new: Fact, context: Context) -> Iterable[Step]:
        yield shell(new.key)

    def drop(self, old: Fact, context: Context) -> Iterable[Step]:
        yield Step(f"DROP TYPE {qualified(*old.key.path)}", old.key, "drop")

    def alter(self, old: Fact, new: Fact, context: Context) -> Answer:
        return ()


class BaseTypeRule(Rule):
    kind = "base_type"

    def create(self, new: Fact, context: Context) -> Iterable[Step]:
        yield shell(new.key)
        parts = ",\n    ".join(self._parts(new))
        yield Step(f"CREATE TYPE {qualified(*new.key.path)} (\n    {parts}\n)", new.key, "create")

    @staticmethod
    def _parts(new: Fact) -> Iterable[str]:
        for name, word in _FUNCTIONS.items():
            if new[name]:
                yield f"{word} = {new[name]}"
        yield f"INTERNALLENGTH = {'VARIABLE' if new['length'] == -1 else new['length']}"
        if new["by_value"]:
            yield "PASSEDBYVALUE"
        yield f"ALIGNMENT = {new['alignment']}"
        yield f"STORAGE = {new['storage']}"
        if new["category"]:
            yield f"CATEGORY = {literal(new.text('category'))}"
        if new["preferred"]:
            yield "PREFERRED = true"
        if new["default"] is not None:
            yield f"DEFAULT = {literal(new.text('default'))}"
        if new["element"]:
            yield f"ELEMENT = {new['element']}"
        if new["delimiter"]:
            yield f"DELIMITER = {literal(new.text('delimiter'))}"
        if new["collatable"]:
            yield "COLLATABLE = true"

    def drop(self, old: Fact, context: Context) -> Iterable[Step]:
        yield drop_with_functions(old, context)

    def aside(self, old: Fact, name: str, context: Context) -> Iterable[Step]:
        """Its functions go with it in the end; those whose names come again make room at once.

        Also for other arguments: CREATE TYPE names its input functions without them.
        """
        functions = own_functions(old.key, context)
        coming = {qualified(*key.path[:2]) for key in context.coming if key.kind == "function"}
        alike = coming & {old["input"], old["receive"]}
        for function in sorted(functions):
            if function not in context.coming and qualified(*function.path[:2]) not in alike:
                continue
            schema, function_name, arguments = function.path
            text = f"ALTER FUNCTION {qualified(schema, function_name)}({arguments})"
            text += f" RENAME TO {ident(f'{function_name[:50]}__old')}"
            yield Step(text, old.key, "drop", absorbs=functions)
        for step in super().aside(old, name, context):
            yield replace(step, absorbs=functions)

    def alter(self, old: Fact, new: Fact, context: Context) -> Answer:
        changed = [name for name in old.attributes if old[name] != new[name]]
        toasts = (old["storage"] == "plain") != (new["storage"] == "plain")
        if not _ALTERABLE.issuperset(changed) or toasts:
            return REPLACE
        settings = ", ".join(f"{name.upper()} = {new[name] or 'NONE'}" for name in changed)
        return [Step(f"ALTER TYPE {qualified(*new.key.path)} SET ({settings})", new.key, "alter")]


RULES: tuple[Rule, ...] = (ShellTypeRule(), BaseTypeRule())
