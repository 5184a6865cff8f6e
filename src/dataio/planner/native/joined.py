"""Several actions on one table in one statement: PostgreSQL then locks it, and writes it anew, once for all of them.

https://www.postgresql.org/docs/current/sql-altertable.html
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dataio.planner.native.order import Place
from dataio.planner.native.relations.inheriting import relation_of
from dataio.planner.native.side import Side
from dataio.planner.native.step import Step


def join(steps: list[Step], before: Sequence[dict[int, int]], places: Sequence[Place], new: Side) -> set[int]:
    """Make one step of those that may be one and need not be apart; returns the numbers of those that are no more.

    ``before`` has for each step those that come earlier, without circles. What came before or after one of the joined
    comes before or after the one. Actions stand in the order of ``places``.
    """
    alike: dict[str, list[int]] = {}
    for number, step in enumerate(steps):
        if step.joins is not None:
            alike.setdefault(step.joins[0], []).append(number)
    groups = [sorted(numbers, key=places.__getitem__) for numbers in alike.values() if len(numbers) > 1]
    if not groups:
        return set()
    after: list[set[int]] = [set() for _ in steps]
    for number, earlier_ones in enumerate(before):
        for earlier in earlier_ones:
            after[earlier].add(number)
    gone: set[int] = set()
    for first, *others in groups:
        actions = []
        for other in others:
            if _leads(first, other, before) or _leads(other, first, before):
                continue
            before[first].update(before[other])
            for later in after[other]:
                before[later][first] = before[later].pop(other)
            after[first] |= after[other]
            for earlier in before[other]:
                after[earlier].discard(other)
                after[earlier].add(first)
            gone.add(other)
            actions.append(steps[other])
        if actions:
            steps[first] = _one(steps[first], actions, new)
    return gone


def _leads(earlier: int, later: int, before: Sequence[dict[int, int]]) -> bool:
    """Whether the one must come before the other, by whatever is between them."""
    seen, todo = {later}, [later]
    while todo:
        for number in before[todo.pop()]:
            if number == earlier:
                return True
            if number not in seen:
                seen.add(number)
                todo.append(number)
    return False


def _one(first: Step, others: Sequence[Step], new: Side) -> Step:
    """Their actions under the head that they share; the step is about the table."""
    steps = (first, *others)
    head = next(step.joins[0] for step in steps if step.joins)
    actions = [step.joins[1] for step in steps if step.joins]
    settled = frozenset(key for step in steps for key in (step.key, *step.absorbs))
    table = new.relation(*relation_of(first.key))
    return replace(
        first,
        sql=",\n    ".join((f"{head}\n    {actions[0]}", *actions[1:])),
        key=table or first.key,
        absorbs=settled,
        joins=None,
    )
