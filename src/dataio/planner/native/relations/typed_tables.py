"""Tables OF a type, whose constraints PostgreSQL does not rename: they are of none for a moment.

https://www.postgresql.org/docs/current/sql-altertable.html (``OF``)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, TypeAlias

from dataio.planner.native.relations.inherited_names import Claims, followers
from dataio.planner.native.relations.inheriting import relation_of
from dataio.planner.native.relations.partitioning import columns_of
from dataio.planner.native.side import Side
from dataio.planner.native.step import Context, Step
from dataio.planner.native.text.sql import ident, qualified
from dataio.snapshot.keys import Key
from dataio.snapshot.model import Fact, Snapshot

_Renamed: TypeAlias = tuple[Fact, list[Fact]]
_LONGEST: Final = 50  # of a name: what is added to it must fit


def is_typed(part: Key, snapshot: Snapshot) -> bool:
    """Whether a part of a table (or the table) is one of a typed table's."""
    table = snapshot.facts.get(Key("table", part.path[:2]))
    return table is not None and table["of_type"] is not None


def stays_of(part: Key, context: Context) -> str | None:
    """The type that a table is of, if it stays so and the type is not touched: for a moment it may be of none."""
    table = Key("table", part.path[:2])
    if not context.kept(table) or context.a.facts[table]["of_type"] != context.b.facts[table]["of_type"]:
        return None
    of_type = context.b.facts[table]["of_type"]
    types = [key for key in context.old.needs(table) if key.kind == "composite" and qualified(*key.path) == of_type]
    whole = [key for type_key in types for key in (type_key, *context.old.contents(type_key))]
    still = all(context.kept(key) and context.a.facts[key] == context.b.facts[key] for key in whole)
    return str(of_type) if of_type is not None and whole and still else None


def out_of_order(table: Fact, context: Context) -> list[Key]:
    """Columns that a table has already but that follow others in the type that it comes to be of, or that is made anew.

    PostgreSQL wants them in the type's order, and moves none: they are added again, and take the values over.
    """
    old = context.a.facts.get(table.key)
    if old is None or not context.kept(table.key) or not table["of_type"]:
        return []
    types = (key for key in context.new.needs(table.key) if key.kind == "composite")
    anew = any(key in context.coming and qualified(*key.path) == table["of_type"] for key in types)
    if old["of_type"] == table["of_type"] and not anew:
        return []
    found: list[Key] = []
    last, in_order = 0, True
    for column in columns_of(context.new, table.key):
        was = context.a.facts.get(column.key)
        place = 0 if was is None or column.key in context.replaced else int(str(was.get_info("position")))
        in_order = in_order and place > last
        last = place
        if was is not None and not in_order and not was["generated"]:
            found.append(column.key)
    return found


def is_added_again(column: Key, context: Context) -> bool:
    table = context.b.facts.get(Key("table", relation_of(column)))
    return column in context.replaced and table is not None and column in out_of_order(table, context)


def renamed_not_nulls(side: Side, desired: Snapshot, taken: Claims) -> tuple[list[Step], Snapshot]:
    """Steps that rename NOT NULLs of tables that are typed before or after, and the current state after them."""
    current = side.snapshot
    typed = {fact.key for both in (current, desired) for fact in both.of_kind("table") if fact["of_type"] is not None}
    steps, changed = [], dict[Key, Fact]()
    for table in sorted(typed):
        found = {fact.text("name"): (fact, along) for fact, along in _renamable(table, side, desired, taken)}
        for old, along, was, name in _in_turn(found, desired):
            head = f"ALTER TABLE {qualified(*table.path)}"
            steps.append(Step(f"{head} RENAME CONSTRAINT {ident(was)} TO {ident(name)}", old.key, "alter"))
            changed.update((fact.key, fact.replace(name=name)) for fact in (old, *along))
    if not changed:
        return [], current
    facts = {key: changed.get(key, fact) for key, fact in current.facts.items()}
    return steps, Snapshot(facts, current.edges, current.major, current.self_role, current.notes, current.wording)


def _renamable(table: Key, side: Side, desired: Snapshot, taken: Claims) -> list[_Renamed]:
    """The NOT NULLs of a table that get other names, which nothing has, or only others of them; and their followers."""
    found: list[_Renamed] = []
    for new in desired.of_kind("not_null"):
        old = side.facts.get(new.key)
        if new.key.path[:2] == table.path and old is not None and old["name"] != new["name"]:
            along = followers(old, new.text("name"), side, desired, taken)
            if along is not None:
                found.append((old, along))
    while True:
        leaving = {("constraint", *table.path, old["name"]) for old, _ in found}
        names = {old.key: ("constraint", *table.path, desired.facts[old.key].text("name")) for old, _ in found}
        free = [one for one in found if names[one[0].key] not in taken or names[one[0].key] in leaving]
        if len(free) == len(found):
            return found
        found = free


def _in_turn(found: dict[str, _Renamed], desired: Snapshot) -> Iterator[tuple[Fact, list[Fact], str, str]]:
    """What is renamed from which name to which: each after what has its name; one of a circle steps aside first."""
    while found:
        for was, (old, along) in sorted(found.items()):
            name = desired.facts[old.key].text("name")
            if name not in found:
                del found[was]
                yield old, along, was, name
                break
        else:
            was, one = min(found.items())
            del found[was]
            aside = f"{was[:_LONGEST]}__old"
            found[aside] = one
            yield *one, was, aside


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
