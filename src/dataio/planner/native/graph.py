"""One graph over all steps, and the order that it allows.

Creates come after what they need (in the desired state), drops before what they need (in the current one), alters
between the two. Where that leaves a choice, steps stand in the order of :mod:`dataio.planner.native.order`, each
preceded by what it needs: a script that reads as a person would write it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from dataio.errors import Unproven
from dataio.planner.native.components import components
from dataio.planner.native.joined import join
from dataio.planner.native.order import rank
from dataio.planner.native.rules.tables.views import stand_in
from dataio.planner.native.side import Side, occupied
from dataio.planner.native.step import Context, Step
from dataio.planner.native.text.sql import ident, qualified
from dataio.snapshot.keys import Key

HARD = 9
"""Edges weaker than this only say what reads or runs better; a cycle may break them, the weakest first."""

_BY_COLUMN = 4
"""A column goes for the name of its NOT NULL, but not while a view is to move from it to the one that gets the name."""

_LEFT = 5
"""What is made again is left first by what no longer needs it."""

_BY_NAME = 1
"""A join by column names (USING) may be ambiguous as long as a column is there that goes without having been named."""

_LONGEST = 50
"""Of a name: what is added to it must fit."""

_QUERIES = frozenset({"view", "materialized_view", "rule", "function", "procedure"})
"""What may hold such a join, in its definition."""

_TIES = frozenset({"partition", "inheritance"})
"""Between their cut and the next tie is where children can be altered by themselves."""


class Graph:
    """Steps and what must come before what. ``chains`` are steps whose order among themselves is given."""

    def __init__(self, chains: Sequence[Sequence[Step]], context: Context, aside: frozenset[Key] = frozenset()) -> None:
        """``aside``: types that are only renamed when they are dropped, as columns leave them after that."""
        self.steps = [step for chain in chains for step in chain]
        self._context, self._old, self._new = context, context.old, context.new
        self._staying, self._aside = context.coming | aside, aside
        self._before: list[dict[int, int]] = [{} for _ in self.steps]
        self._by: dict[str, dict[Key, list[int]]] = {"create": {}, "alter": {}, "drop": {}}
        self._columns_going: dict[tuple[str, ...], list[int]] = {}
        self._holders: dict[tuple[str, ...], Key] = {}
        self._by_name: dict[tuple[int, int], set[tuple[str, ...]]] = {}
        """For a drop and a create that waits for it: the names that the one has and the other takes."""
        for number, step in enumerate(self.steps):
            for key in (step.key, *step.absorbs, *step.carries):
                self._by[step.action].setdefault(key, []).append(number)
            if step.action == "drop" and step.key.kind == "column":
                self._columns_going.setdefault(step.key.path[:2], []).append(number)
        start = 0
        for chain in chains:
            for number in range(start + 1, start + len(chain)):
                self._edge(number - 1, number)
            start += len(chain)
        if len(self.steps) > 1:
            for number, step in enumerate(self.steps):
                self._connect(number, step)
            self._connect_names()

    def _edge(self, earlier: int, later: int, weight: int = HARD) -> None:
        if earlier != later:
            known = self._before[later]
            known[earlier] = max(weight, known.get(earlier, 0))

    def _steps_on(self, key: Key, *actions: str) -> Iterable[int]:
        for action in actions or ("create", "alter", "drop"):
            yield from self._by[action].get(key, ())

    def _connect(self, number: int, step: Step) -> None:
        keys = {step.key, *step.absorbs}
        match step.action:
            case "create":
                for need in self._needs(self._new.needs_in_order, keys, self._new):
                    self._after_all(number, self._steps_on(need, "create"))
                    self._after_all(number, self._altered(need), 3)
                for key in keys:
                    self._after_all(number, self._steps_on(key, "drop"))
            case "drop":
                for need in self._needs(self._old.needs_to_go, keys, self._old):
                    self._before_all(number, self._steps_on(need, "drop"))
                    self._before_all(number, self._steps_on(need, "alter"), 1)
            case "alter":
                for need in self._new.needs(step.key):
                    self._after_all(number, self._steps_on(need, "create"))
                    self._after_all(number, self._altered(need), 2)
                kept = self._new.needs(step.key)
                for need in self._old.needs(step.key):
                    if need not in self._staying:
                        self._before_all(number, self._steps_on(need, "drop"))
                    elif need not in kept and need not in self._aside:
                        self._before_all(number, self._steps_on(need, "drop"), _LEFT)
        if self._columns_going and step.action != "drop" and self._joins_by_name(step.key):
            for table in {need.path[:2] for need in self._new.needs(step.key) if need.kind == "column"}:
                self._after_all(number, self._columns_going.get(table, ()), _BY_NAME)
        # a drop never waits for what comes, and nothing that comes precedes a drop
        earlier = ("alter", "drop") if step.action == "drop" and step.key in self._old.facts else ()
        later = ("create", "alter") if step.action == "create" else ()
        for key in step.after:
            between = step.action == "alter" and key.kind in _TIES
            self._after_all(number, self._steps_on(key, *(("drop",) if between else earlier)))
        for key in step.before:
            self._before_all(number, self._steps_on(key, *later))
        for key in step.displaces:
            self._after_all(number, self._steps_on(key, "drop"))
            self._before_all(number, self._steps_on(key, "create"))

    def _altered(self, need: Key) -> Iterable[int]:
        """What is done to a type, before it is used: then PostgreSQL neither retypes attributes nor adds checks."""
        yield from self._steps_on(need, "alter")
        if need.kind in {"composite", "domain"}:
            for part in self._new.contents(need):
                if part.kind == "attribute":
                    yield from self._steps_on(part, "alter")
                elif part.kind == "domain_constraint":
                    yield from self._steps_on(part, "create", "alter")

    def _needs(self, needs: Callable[[Key], frozenset[Key]], keys: set[Key], side: Side) -> set[Key]:
        return set().union(*(needs(key) for key in keys if key in side.facts)) - keys

    def _joins_by_name(self, key: Key) -> bool:
        fact = self._new.facts.get(key) if key.kind in _QUERIES else None
        return fact is not None and " USING (" in fact.text("definition")

    def _after_all(self, number: int, others: Iterable[int], weight: int = HARD) -> None:
        for other in others:
            self._edge(other, number, weight)

    def _before_all(self, number: int, others: Iterable[int], weight: int = HARD) -> None:
        for other in others:
            self._edge(number, other, weight)

    def _connect_names(self) -> None:
        freed: dict[tuple[str, ...], list[int]] = {}
        for key, numbers in self._by["drop"].items():
            if key in self._old.facts:
                for claim in occupied(self._old.facts[key]):
                    freed.setdefault(claim, []).extend(numbers)
                    self._holders[claim] = key
        for key, numbers in self._by["create"].items():
            fact = self._new.facts.get(key)
            names = occupied(fact) if fact is not None else [("type", *key.path)] if key.kind == "shell_type" else []
            for claim in names:
                for number in numbers:
                    self._after_all(number, freed.get(claim, ()), _BY_COLUMN if key.kind == "not_null" else HARD)
                    for other in freed.get(claim, ()):
                        self._by_name.setdefault((other, number), set()).add(claim)

    def ordered(self) -> list[Step]:
        """The steps in a stable order that respects every edge.

        Raises Unproven, naming the steps, where hard edges go round in a circle.
        """
        self._break_cycles()
        places = [rank(step, self._old, self._new) for step in self.steps]
        done = join(self.steps, self._before, places, self._new)
        result: list[Step] = []
        for first in sorted(range(len(self.steps)), key=places.__getitem__):
            stack = [(first, False)]
            while stack:
                number, ready = stack.pop()
                if number in done:
                    continue
                if ready:
                    done.add(number)
                    result.append(self.steps[number])
                    continue
                stack.append((number, True))
                waiting = [other for other in self._before[number] if other not in done]
                stack.extend((other, False) for other in sorted(waiting, key=places.__getitem__, reverse=True))
        return result

    def _break_cycles(self) -> None:
        while True:
            circles = [c for c in components(range(len(self.steps)), self._before.__getitem__) if len(c) > 1]
            if not circles:
                return
            for circle in circles:
                self._weaken(set(circle))

    def _weaken(self, circle: set[int]) -> None:
        inside = [(self._before[later][earlier], earlier, later) for later in circle for earlier in self._before[later]]
        inside = [edge for edge in inside if edge[1] in circle]
        weakest = min(weight for weight, _, _ in inside)
        if weakest == HARD:
            if self._make_room(circle) or self._split(circle):
                return
            names = "\n".join(
                f"  {self.steps[n].action} {self.steps[n].key}: {self.steps[n].sql}" for n in sorted(circle)
            )
            raise Unproven(
                "these statements each need another of them to run first",
                detail=names,
                hint="this is a shortcoming of the native planner: please report it with both schemas",
            )
        for weight, earlier, later in inside:
            if weight == weakest:
                del self._before[later][earlier]

    def _make_room(self, circle: set[int]) -> bool:
        """Break a circle where a create waits for a drop only for the names of parts: these get other names first."""
        for (drop, create), names in self._by_name.items():
            if not {drop, create} <= circle or drop not in self._before[create]:
                continue
            keys = {self._holders[name] for name in names}
            steps = [self._aside_step(key) for key in sorted(keys)]
            if self.steps[drop].key in keys or not self._is_for_names(drop, create) or None in steps:
                continue
            del self._before[create][drop]
            for step in filter(None, steps):
                self.steps.append(step)
                self._before.append({})
                self._edge(len(self.steps) - 1, create)
                self._edge(len(self.steps) - 1, drop)
            return True
        return False

    def _is_for_names(self, drop: int, create: int) -> bool:
        """Whether nothing else has a create wait for a drop."""
        going, coming = self.steps[drop], self.steps[create]
        old, new = {going.key, *going.absorbs}, {coming.key, *coming.absorbs}
        return not (old & new or old & (coming.after | coming.displaces) or new & going.before)

    def _aside_step(self, key: Key) -> Step | None:
        """Another name for what goes with its table; nothing for what no statement renames by itself."""
        schema, name = key.path[0], f"{key.path[-1][:_LONGEST]}__old"
        match key.kind:
            case "constraint":
                text = f"ALTER TABLE {qualified(*key.path[:2])} RENAME CONSTRAINT {ident(key.path[2])} TO {ident(name)}"
            case "index" | "sequence":
                text = f"ALTER {key.kind.upper()} {qualified(schema, key.path[1])} RENAME TO {ident(name)}"
            case _:
                return None
        return Step(text, key, "drop")

    def _split(self, circle: set[int]) -> bool:
        """Break a circle at a view: what needs it is served by one that has its columns only."""
        for number in sorted(circle):
            parts = stand_in(self.steps[number], self._context)
            if parts is None:
                continue
            first, self.steps[number] = parts
            self.steps.append(first)
            stub = len(self.steps) - 1
            self._before.append({n: weight for n, weight in self._before[number].items() if n not in circle})
            for other in circle - {number}:
                if number in self._before[other]:
                    self._before[other][stub] = self._before[other].pop(number)
            self._before[number][stub] = HARD
            return True
        return False
