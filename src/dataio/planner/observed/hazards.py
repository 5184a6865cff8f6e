"""From what a replay observed to what a reviewer must know, with the target's figures beside it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import psycopg

from dataio.plan.model import Blocks, Hazard, Lock, Statement
from dataio.plan.policy import Policy
from dataio.plan.render.sql import split
from dataio.planner.delta import Delta
from dataio.planner.native.text.sql import qualified
from dataio.planner.observed.culprit import Culprits
from dataio.planner.observed.figures import Figures, Size
from dataio.planner.observed.losses import lost
from dataio.snapshot.keys import Key
from dataio.snapshot.model import Snapshot

_LOCK_HAZARDS: Final[Mapping[str, tuple[str, Blocks]]] = {
    "AccessExclusiveLock": ("lock/access-exclusive", "reads and writes"),
    "ExclusiveLock": ("lock/exclusive", "writes"),
    "ShareRowExclusiveLock": ("lock/share-row-exclusive", "writes"),
    "ShareLock": ("lock/share", "writes"),
}


def touched(statements: Iterable[Statement]) -> set[str]:
    """The relations that existed before and that some statement was seen to lock, rewrite, scan or drop."""
    names: set[str] = set()
    for statement in statements:
        if (seen := statement.observation) is not None:
            names.update(lock.relation for lock in seen.locks)
            names.update(seen.rewritten, seen.scanned)
    return names


@dataclass(frozen=True)
class Sides:
    """Between which two states a plan leads, and what differs. ``scratch``: a copy, asked about casts between types.

    ``moved``: the tables that are dropped, but whose rows are saved.
    """

    current: Snapshot
    goal: Snapshot
    deltas: Sequence[Delta]
    scratch: psycopg.Connection[Any]
    moved: frozenset[tuple[str, ...]] = frozenset()


def assess(
    statements: Sequence[Statement], sides: Sides, figures: Figures, policy: Policy | None = None
) -> tuple[Statement, ...]:
    """The statements with their hazards, beside those that they have; ``policy`` says which are refused."""
    judge = policy or Policy()
    found = [[*statement.hazards, *_observed(statement, sides, figures)] for statement in statements]
    for position, hazard in _locked(statements, sides, figures):
        found[position].append(hazard)
    dropped = {item.path for statement in statements if statement.observation for item in statement.observation.dropped}
    culprits = Culprits(statements)
    for delta, hazard in lost(sides.deltas, sides.goal, dropped, sides.scratch):
        found[culprits.of(delta.key)].append(hazard)
    return tuple(
        replace(statement, hazards=tuple(judge.judged(hazard) for hazard in dict.fromkeys(hazards)))
        for statement, hazards in zip(statements, found, strict=True)
    )


def _observed(statement: Statement, sides: Sides, figures: Figures) -> Iterator[Hazard]:
    """What is dropped, written anew and read from end to end."""
    seen = statement.observation
    if seen is None:
        return
    for item in seen.dropped:
        name = qualified(*item.path)
        size = figures.sizes.get(_relation(item.path))
        if item.kind == "column":
            fact = sides.current.facts.get(Key("column", item.path))
            if fact is not None and fact["generated"] is None:
                yield _hazard("data-loss/drop-column", name, "the column and its values are gone", size)
        elif item.kind == "table" and item.path in sides.moved:
            message = "its rows are written into a table beside it, and from there into what takes its place"
            yield _hazard("rewrite/table", name, message, size)
            yield from _columns_gone(item.path, sides)
        elif item.kind == "table":
            again = Key("table", item.path) in sides.goal.facts
            how = ": it is made again, empty (--move-rows keeps its rows)" if again else ""
            yield _hazard("data-loss/drop-table", name, f"the table and its rows are gone{how}", size)
    for relation in seen.rewritten:
        hazard = _hazard("rewrite/table", relation, "the relation is written anew", figures.sizes.get(relation))
        yield _with_estimate(hazard, statement, sides, figures)
    for relation in seen.scanned:
        if relation not in seen.rewritten:
            hazard = _hazard("scan/table", relation, "every row is read", figures.sizes.get(relation))
            yield _with_estimate(hazard, statement, sides, figures)


def _columns_gone(table: tuple[str, ...], sides: Sides) -> Iterator[Hazard]:
    """The columns that a table made again does not have any more."""
    if Key("table", table) not in sides.goal.facts:
        return
    for part in sides.current.children(Key("table", table)):
        if part.key.kind == "column" and part["generated"] is None and part.key not in sides.goal.facts:
            yield _hazard(
                "data-loss/drop-column", qualified(*part.key.path), "the column and its values are gone", None
            )


def work_of(statement: Statement, relation: str, goal: Snapshot) -> str | None:
    """What a statement was seen to do on a relation; ``None`` where it only changes the catalogue.

    One of the words of :meth:`dataio.planner.observed.figures.Speed.estimate`.
    """
    seen = statement.observation
    if seen is None:
        return None
    if relation in seen.rewritten:
        return "rewrite"
    if relation not in seen.scanned:
        return None
    if statement.subject.kind == "index":
        return "index"
    fact = goal.facts.get(Key("constraint", statement.subject.path)) if statement.subject.kind == "constraint" else None
    kind = fact["type"] if fact is not None else ""
    if kind in ("primary key", "unique", "exclude"):
        return "index"
    return str(kind) if kind in ("check", "foreign key") else "scan"


def _estimate(statement: Statement, relation: str, sides: Sides, figures: Figures) -> tuple[float, str] | None:
    work, size = work_of(statement, relation, sides.goal), figures.sizes.get(relation)
    if work is None or size is None:
        return None
    return figures.speed.estimate(work, size.bytes if work == "rewrite" or size.heap is None else size.heap)


def _with_estimate(hazard: Hazard, statement: Statement, sides: Sides, figures: Figures) -> Hazard:
    size = figures.sizes.get(hazard.subject)
    if hazard.kind == "scan" and size is not None and size.heap is not None:
        hazard = replace(hazard, bytes=size.heap)
    estimate = _estimate(statement, hazard.subject, sides, figures)
    return replace(hazard, seconds=_rounded(estimate[0]), basis=estimate[1]) if estimate else hazard


def _locked(statements: Sequence[Statement], sides: Sides, figures: Figures) -> Iterator[tuple[int, Hazard]]:
    """The locks that keep others waiting: each once, where it is taken, with how long it lasts."""
    start = 0
    groups = split(statements)
    for group in groups:
        end = "at its end, for a moment" if group[0].alone is not None else "from here until this transaction commits"
        end = "from here until the script commits" if len(groups) == 1 and group[0].alone is None else end
        gone: set[str] = set()
        rest = _to_the_end(group, sides, figures)
        for position, statement in enumerate(group):
            seen = statement.observation
            gone |= {_relation(item.path) for item in (seen.dropped if seen else ()) if item.kind != "column"}
            for lock in seen.locks if seen else ():
                if lock.mode in _LOCK_HAZARDS and lock.relation not in gone:
                    yield start + position, _lock_hazard(lock, end, rest[position], figures)
        start += len(group)


def _to_the_end(group: Sequence[Statement], sides: Sides, figures: Figures) -> list[tuple[float, str]]:
    """For each statement of a transaction: the seconds of work from it to COMMIT, and what the first estimate is on."""
    rest: list[tuple[float, str]] = []
    seconds, basis = 0.0, "nothing is read or written while it is held"
    for statement in reversed(group):
        for relation in sorted(touched([statement]), reverse=True):
            if (found := _estimate(statement, relation, sides, figures)) is not None:
                seconds, basis = seconds + found[0], found[1]
        rest.append((seconds, basis))
    return rest[::-1]


def _lock_hazard(lock: Lock, end: str, rest: tuple[float, str], figures: Figures) -> Hazard:
    """``end``: until when; ``rest``: the seconds of work from taking the lock to COMMIT, and their basis."""
    name, blocks = _LOCK_HAZARDS[lock.mode]
    hazard = _hazard(name, lock.relation, f"blocks {blocks} {end}", figures.sizes.get(lock.relation))
    queue = [one for one in figures.load.transactions if lock.relation in one.holds]
    if queue:
        oldest = max(queue, key=lambda one: one.seconds)
        hazard = replace(hazard, message=f"{hazard.message}; now it would queue behind {who(oldest.pid, oldest.user)}")
    return replace(hazard, blocks=blocks, seconds=_rounded(rest[0]), basis=rest[1])


def who(pid: int, user: str) -> str:
    return f"pid {pid} ({user})" if user else f"pid {pid}"


def _rounded(seconds: float) -> float:
    return float(f"{seconds:.2g}")


def _hazard(name: str, subject: str, message: str, size: Size | None) -> Hazard:
    return Hazard(name, subject, message, size.rows if size else None, size.bytes if size else None)


def _relation(path: tuple[str, ...]) -> str:
    return qualified(*path[:2])
