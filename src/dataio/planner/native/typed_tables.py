"""Tables OF a type, whose constraints PostgreSQL does not rename: they are of none for a moment.

https://www.postgresql.org/docs/current/sql-altertable.html (``OF``)
"""

from __future__ import annotations

from collections.abc import Sequence

from dataio.planner.native.inherited_names import Claims, followers
from dataio.planner.native.side import Side
from dataio.planner.native.sql import ident, qualified
from dataio.planner.native.step import Step
from dataio.snapshot.keys import Key
from dataio.snapshot.model import Fact, Snapshot


def is_typed(part: Key, snapshot: Snapshot) -> bool:
    """Whether a part of a table (or the table) is one of a typed table's."""
    table = snapshot.facts.get(Key("table", part.path[:2]))
    return table is not None and table["of_type"] is not None


def renamed_not_nulls(side: Side, desired: Snapshot, taken: Claims) -> tuple[list[Step], Snapshot]:
    """Steps that rename NOT NULLs of tables that are typed before or after, and the current state after them."""
    current = side.snapshot
    typed = {fact.key for both in (current, desired) for fact in both.of_kind("table") if fact["of_type"] is not None}
    steps, changed = [], dict[Key, Fact]()
    for new in desired.of_kind("not_null") if typed else ():
        old = current.facts.get(new.key)
        if Key("table", new.key.path[:2]) not in typed or old is None or old["name"] == new["name"]:
            continue
        name, was = new.text("name"), old.text("name")
        along = followers(old, name, side, desired, taken)
        if along is None or ("constraint", *new.key.path[:2], name) in taken:
            continue
        head = f"ALTER TABLE {qualified(*new.key.path[:2])}"
        steps.append(Step(f"{head} RENAME CONSTRAINT {ident(was)} TO {ident(name)}", new.key, "alter"))
        changed.update((fact.key, fact.replace(name=name)) for fact in (old, *along))
    if not changed:
        return [], current
    facts = {key: changed.get(key, fact) for key, fact in current.facts.items()}
    return steps, Snapshot(facts, current.edges, current.major, current.self_role, current.notes, current.wording)


def loosened(steps: Sequence[Step], current: Snapshot) -> list[Step]:
    """The same steps; those that a typed table refuses stand together, between NOT OF and OF."""
    refused = dict.fromkeys(Key("table", step.key.path[:2]) for step in steps if _refused(step, current))
    done = [step for step in steps if Key("table", step.key.path[:2]) not in refused]
    for table in refused:
        head = f"ALTER TABLE {qualified(*table.path)}"
        done.append(Step(f"{head} NOT OF", table, "alter"))
        done += [step for step in steps if step.key.path[:2] == table.path]
        done.append(Step(f"{head} OF {current.facts[table]['of_type']}", table, "alter"))
    return done


def _refused(step: Step, current: Snapshot) -> bool:
    return (
        step.key.kind in ("constraint", "not_null")
        and " RENAME CONSTRAINT " in step.sql
        and is_typed(step.key, current)
    )
