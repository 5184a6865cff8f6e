"""Rows that wait beside their table while it is made again, plain or partitioned, and then move back: on request.

PostgreSQL turns no plain table into a partitioned one, nor the other way round. With the option ``move_rows`` the rows
go into a table of their own before the old one is dropped, and into the new one before anything can stop or change them
(triggers, rules); partitions that stay are detached with theirs. A row that fits no partition ends the script.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from dataio.plan.model import Statement
from dataio.planner.native.relations.partitioning import partitions
from dataio.planner.native.side import Side
from dataio.planner.native.step import Context, Step
from dataio.planner.native.text.sql import ident, literal, qualified
from dataio.snapshot.keys import Key
from dataio.snapshot.model import Fact, Snapshot

OPTION: Final = "move_rows"

_Name = tuple[str, str]
_AFTER: Final = frozenset({"trigger", "rule", "view", "materialized_view"})
_LONGEST: Final = 50  # of a table's name: what is added to it must fit


def moves(context: Context) -> Iterator[Sequence[Step]]:
    """The chains that save rows, and bring them back."""
    if OPTION not in context.options:
        return
    for table in _remade(context.a, context.b):
        if table in context.replaced:
            yield from _Move(table, context).chains()


def moved(statements: Iterable[Statement], current: Snapshot, desired: Snapshot) -> frozenset[tuple[str, ...]]:
    """The paths of tables that statements drop, but whose rows they have saved."""
    subjects = {statement.subject.path for statement in statements}
    side = Side(current)
    found: set[tuple[str, ...]] = set()
    for table in _remade(current, desired):
        if waiting(table, current, desired) in subjects:
            found |= {table.path, *_below(side, _name(table))}
    return frozenset(found)


def waiting(table: Key, current: Snapshot, desired: Snapshot) -> _Name:
    """Where the rows of a table wait: a name that nothing has."""
    schema, name = _name(table)
    for number in range(1, len(current.relations) + len(desired.relations) + 2):
        found = (schema, f"{name[:_LONGEST]}__rows{number if number > 1 else ''}")
        if found not in current.relations and found not in desired.relations:
            break
    return found


def _remade(current: Snapshot, desired: Snapshot) -> Iterator[Key]:
    """The tables that change their partitioning, but for those below another one."""
    changed = [
        fact.key
        for fact in desired.of_kind("table")
        if fact.key in current.facts and current.facts[fact.key]["partition_key"] != fact["partition_key"]
    ]
    if not changed:
        return
    side = Side(current)
    below = {path for table in changed for path in _below(side, _name(table))}
    yield from (table for table in changed if table.path not in below)


def _name(table: Key) -> _Name:
    return (table.path[0], table.path[1])


def _below(side: Side, table: _Name) -> Iterator[_Name]:
    """Its partitions, at any depth."""
    for child in partitions(side, table):
        yield child
        yield from _below(side, child)


class _Move:
    def __init__(self, table: Key, context: Context) -> None:
        self.table, self.context = table, context
        self.rows = waiting(table, context.a, context.b)
        self.columns = [(old, new) for old, new in self._columns() if new["generated"] is None]
        identities = (Key("identity", old.key.path) for old, _ in self.columns)
        self.identities = [key.path[2] for key in identities if key in context.a.facts and key in context.b.facts]

    def _columns(self) -> Iterator[tuple[Fact, Fact]]:
        """The columns of both, in the order of the old table's."""
        parts = [part for part in self.context.a.children(self.table) if part.key.kind == "column"]
        for old in sorted(parts, key=lambda part: int(str(part.get_info("position")))):
            new = self.context.b.facts.get(old.key)
            if new is not None:
                yield old, new

    def chains(self) -> Iterator[Sequence[Step]]:
        """Saving and bringing back, and where in the order of things they come."""
        context, here = self.context, Key("table", self.rows)
        before = [Key("table", child) for child in _below(context.old, _name(self.table))]
        kept = {Key("partition", key.path) for key in before if key not in context.going}
        going = {self.table, *(key for key in before if key in context.going)}
        yield [Step(text, here, "alter", after=frozenset(kept), before=frozenset(going)) for text in self._saving()]
        now = [Key("table", child) for child in _below(context.new, _name(self.table))]
        there = {self.table, *now, *(Key("partition", key.path) for key in now)}
        after = {key for table in (self.table, *now) for key in self._once_filled(table)}
        back = Key("table", (self.rows[0], f"{self.rows[1]}__back"))
        yield [
            Step(text, back, "create", after=frozenset({*there, here}), before=frozenset(after))
            for text in self._bringing_back()
        ]

    def _once_filled(self, table: Key) -> Iterator[Key]:
        """What must not be there yet when rows come in: it would act on them, or miss them."""
        side = self.context.new
        yield from side.referencing.get(_name(table), ())
        for part in (table, *side.everything_in(table)):
            yield from (key for key in side.needed_by(part) if key.kind in _AFTER and key in self.context.coming)

    @property
    def _positions(self) -> str:
        return qualified(self.rows[0], f"{self.rows[1]}__ids")

    def _sequence(self, column: str) -> str:
        return f"pg_catalog.pg_get_serial_sequence({literal(qualified(*self.table.path))}, {literal(column)})"

    def _unforced(self, side: Snapshot) -> Iterator[str]:
        """Row security would hide rows from the role that moves them; better it fails."""
        fact = side.facts[self.table]
        if fact["row_security"]:
            yield "SET LOCAL row_security = off"
        if fact["force_row_security"]:
            yield f"ALTER TABLE {qualified(*self.table.path)} NO FORCE ROW LEVEL SECURITY"

    def _saving(self) -> Iterator[str]:
        yield from self._unforced(self.context.a)
        names = ", ".join(ident(old.key.path[2]) for old, _ in self.columns)
        yield f"CREATE TABLE {qualified(*self.rows)} AS SELECT {names} FROM {qualified(*self.table.path)}"
        if self.identities:
            last = ", ".join(
                f"pg_catalog.pg_sequence_last_value({self._sequence(column)}::pg_catalog.regclass) AS {ident(column)}"
                for column in self.identities
            )
            yield f"CREATE TABLE {self._positions} AS SELECT {last}"

    def _bringing_back(self) -> Iterator[str]:
        names = ", ".join(ident(new.key.path[2]) for _, new in self.columns)
        values = ", ".join(
            ident(old.key.path[2])
            if old["type"] == new["type"]
            else f"CAST({ident(old.key.path[2])} AS {new.text('type')})"
            for old, new in self.columns
        )
        table, rows = qualified(*self.table.path), qualified(*self.rows)
        yield from self._unforced(self.context.b)
        yield f"""DO $dataio$
DECLARE
    moved bigint;
BEGIN
    INSERT INTO {table} ({names}) OVERRIDING SYSTEM VALUE
    SELECT {values} FROM {rows};
    GET DIAGNOSTICS moved = ROW_COUNT;
    IF moved <> (SELECT count(*) FROM {rows}) THEN
        RAISE EXCEPTION 'rows of % did not arrive: only % did', {literal(table)}, moved;
    END IF;
END
$dataio$"""
        if self.context.b.facts[self.table]["force_row_security"]:
            yield f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY"
        yield f"DROP TABLE {rows}"
        if self.identities:
            for column in self.identities:
                yield (
                    f"SELECT pg_catalog.setval({self._sequence(column)}, {ident(column)})"
                    f" FROM {self._positions} WHERE {ident(column)} IS NOT NULL"
                )
            yield f"DROP TABLE {self._positions}"
