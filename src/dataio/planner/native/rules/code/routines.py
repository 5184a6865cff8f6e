"""Functions and procedures.

https://www.postgresql.org/docs/current/sql-createfunction.html,
https://www.postgresql.org/docs/current/sql-createprocedure.html
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from dataio.planner.native import wording
from dataio.planner.native.adapt import Adapting
from dataio.planner.native.step import REPLACE, Answer, Context, Rule, Step
from dataio.planner.native.text.address import address
from dataio.planner.native.text.names import split_list
from dataio.snapshot.model import Fact

_MODES: Final = ("INOUT ", "OUT ", "VARIADIC ", "IN ")


class Argument(NamedTuple):
    mode: str
    name: str
    text: str
    """Name and type, without mode and default."""


def arguments(fact: Fact) -> list[Argument]:
    """The arguments of a routine in their order; columns of RETURNS TABLE are none."""
    listed = fact["argument_names"]
    names = [str(name or "") for name in listed] if isinstance(listed, tuple) else []
    found = []
    for position, item in enumerate(split_list(fact.text("signature"))):
        mode = next((mode for mode in _MODES if item.startswith(mode)), "")
        text = item.removeprefix(mode).split(" DEFAULT ")[0]
        found.append(Argument(mode.strip() or "IN", names[position] if position < len(names) else "", text))
    return found


def _outputs(fact: Fact) -> list[str]:
    return [argument.text for argument in arguments(fact) if argument.mode in ("OUT", "INOUT")]


def _inputs(fact: Fact) -> list[str]:
    return [argument.name for argument in arguments(fact) if argument.mode != "OUT"]


def replaceable(old: Fact, new: Fact) -> bool:
    """Whether CREATE OR REPLACE may turn one into the other.

    It keeps the result and the names of the input arguments (an unnamed one may get a name), and takes no default away.
    """
    if _outputs(old) != _outputs(new):
        return False
    renamed = any(before and before != after for before, after in zip(_inputs(old), _inputs(new), strict=False))
    return not renamed and int(str(new["defaults"] or 0)) >= int(str(old["defaults"] or 0))


def definition(fact: Fact, context: Context) -> str:
    """``CREATE OR REPLACE …``, as PostgreSQL prints it."""
    if fact["atomic"]:
        return wording.text(fact, "definition", context).strip()
    return fact.text("definition").strip()


class _RoutineRule(Adapting):
    def create(self, new: Fact, context: Context) -> Iterable[Step]:
        text = definition(new, context).removeprefix("CREATE OR REPLACE ")
        yield Step(f"CREATE {text}", new.key, "create")

    def drop(self, old: Fact, context: Context) -> Iterable[Step]:
        yield Step(f"DROP {address(old.key)}", old.key, "drop")


class FunctionRule(_RoutineRule):
    kind = "function"

    def alter(self, old: Fact, new: Fact, context: Context) -> Answer:
        if old["result"] != new["result"] or old["window"] != new["window"] or not replaceable(old, new):
            return REPLACE
        return [Step(definition(new, context), new.key, "alter", rebuilds=True)]


class ProcedureRule(_RoutineRule):
    kind = "procedure"

    def alter(self, old: Fact, new: Fact, context: Context) -> Answer:
        return [Step(definition(new, context), new.key, "alter", rebuilds=True)] if replaceable(old, new) else REPLACE


RULES: tuple[Rule, ...] = (FunctionRule(), ProcedureRule())
