"""A tidy ``schema.sql`` out of the statements that make a schema from nothing.

The statements come in an order that works; here they are put in one that reads well and works too: by section, then by
object, each with what belongs to it (its indexes, its comments), as far as dependencies allow.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final, TypeAlias

from dataio.plan.model import Statement
from dataio.plan.render.sql import terminated
from dataio.plan.script import one_line
from dataio.snapshot.keys import ATTACHMENTS, Key, attached_to, parent
from dataio.snapshot.model import Snapshot

_SECTIONS: Final[tuple[tuple[str, str], ...]] = (
    ("Roles", "role membership"),
    ("Extensions", "extension language access_method foreign_data_wrapper server user_mapping"),
    ("Schemas", "schema"),
    ("Types", "enum composite attribute domain domain_constraint range shell_type base_type collation"),
    ("Sequences", "sequence"),
    ("Functions that others are made with", "function procedure aggregate"),
    ("Operators and casts", "operator operator_family operator_class family_member cast transform conversion"),
    ("Text search", "ts_parser ts_template ts_dictionary ts_configuration"),
    ("Tables", "table foreign_table column default not_null identity constraint index statistics owned_by partition"
               " inheritance replica_identity clustered_on"),
    ("Functions", ""),
    ("Views", "view materialized_view rule"),
    ("Triggers", "trigger event_trigger"),
    ("Row security", "policy"),
    ("Replication", "publication publication_table publication_schema subscription"),
    ("Owners and privileges", "owner default_privilege privilege security_label"),
)  # fmt: skip
_RANK: Final[Mapping[str, int]] = {kind: rank for rank, (_, kinds) in enumerate(_SECTIONS) for kind in kinds.split()}
_TABLES: Final = _RANK["table"]
_NEEDED_FUNCTIONS: Final = _RANK["function"]
_FUNCTIONS: Final = next(rank for rank, (title, _) in enumerate(_SECTIONS) if title == "Functions")
_LAST: Final = len(_SECTIONS) - 1
_WIDTH: Final = 120

_Place: TypeAlias = tuple[int, tuple[str, ...]]


@dataclass(frozen=True)
class Item:
    """A statement with its place: the section, the object (unit) that it belongs to, and its place there."""

    statement: Statement
    section: int
    unit: tuple[str, ...]
    within: tuple[int, int]
    index: int

    @property
    def place(self) -> _Place:
        return (self.section, self.unit)


def schema_text(statements: Sequence[Statement], snapshot: Snapshot, *, title: str) -> str:
    """The text of a schema file. ``statements`` make ``snapshot`` from an empty database, in an order that works.

    ``title`` says where it comes from, without secrets. That the text makes the same schema is for the caller to check:
    it must plan empty against its source.
    """
    items = items_of(statements, snapshot)
    lines = list(_head(title))
    if any(key.kind in {"function", "procedure"} for key in snapshot.facts):
        lines += ["", "-- Functions may use what comes after them.", "SET check_function_bodies = off;"]
    previous: Item | None = None
    for item in in_order(items, snapshot):
        lines += _space(previous, item)
        lines.append(terminated(item.statement.sql))
        previous = item
    return "\n".join(lines) + "\n"


def dump_text(dump: str, *, title: str) -> str:
    """The same out of ``pg_dump --schema-only``: less tidy, and whatever it holds."""
    return "\n".join([*_head(title), "", dump.strip()]) + "\n"


def _head(title: str) -> Iterator[str]:
    yield f"-- {one_line(title)}"
    yield "--"
    yield "-- This file is the truth about the database: edit it, then let `dataio schema plan` find the way there."


def items_of(statements: Sequence[Statement], snapshot: Snapshot) -> list[Item]:
    """The statements with their places."""
    return [_item(index, statement, snapshot) for index, statement in enumerate(statements)]


def _item(index: int, statement: Statement, snapshot: Snapshot) -> Item:
    key = Key(statement.subject.kind, statement.subject.path)
    if _RANK.get(key.kind) == _LAST:
        return Item(statement, _LAST, (), (0, 0), index)
    within = (0, 0) if key.kind not in ATTACHMENTS else (2, 0)
    while key.kind in ATTACHMENTS:
        key = attached_to(key)
    if key.kind in ("index", "statistics"):
        within = max(within, (1, 0))
    elif key.kind == "column" and within[0] == 2:
        within = (2, _position(key, snapshot))
    section, unit = _RANK.get(key.kind, _TABLES), unit_of(key, snapshot)
    if key.kind in ("sequence", "owned_by") and (table := owning_table(key, snapshot)):
        section, unit = _TABLES, table
        within = (-1, 0) if key.kind == "sequence" else within
    if (root := partitioned_root(unit, snapshot)) is not None:
        return Item(statement, section, root, (2, 0) if within[0] == 2 else (0, 0), index)
    if section == _TABLES and len(unit) == 2 and (relation := snapshot.relations.get((unit[0], unit[1]))):
        section = _RANK.get(relation.kind, _TABLES)
    return Item(statement, section, unit, within, index)


def partitioned_root(unit: tuple[str, ...], snapshot: Snapshot) -> tuple[str, ...] | None:
    """The top of a partitioned table's tree, whose statements stay in the order given.

    What an index on a partitioned table does depends on which partitions and indexes are there already.
    """
    table = snapshot.facts.get(Key("table", unit))
    if table is None or (Key("partition", unit) not in snapshot.facts and table["partition_key"] is None):
        return None
    while (partition := snapshot.facts.get(Key("partition", unit))) is not None:
        match partition["parent"]:
            case (str(schema), str(name)):
                unit = (schema, name)
            case _:
                break
    return unit


def owning_table(key: Key, snapshot: Snapshot) -> tuple[str, str] | None:
    """The table whose column owns a sequence (serial), which is then made beside it."""
    fact = snapshot.facts.get(Key("owned_by", key.path))
    match fact["column"] if fact is not None else None:
        case (str(schema), str(table), _):
            return schema, table
    return None


def _position(key: Key, snapshot: Snapshot) -> int:
    """Where a column stands in its table, so that comments follow the columns."""
    fact = snapshot.facts.get(key)
    position = fact.get_info("position") if fact is not None else None
    return position if isinstance(position, int) else 0


def unit_of(key: Key, snapshot: Snapshot) -> tuple[str, ...]:
    """The path of the object that a thing is shown with: its table, its type, its function; else its own."""
    if key.kind == "index":
        fact = snapshot.facts.get(key)
        table = fact["table"] if fact is not None else None
        if isinstance(table, tuple):
            return tuple(str(part) for part in table)
    above: Key | None = key
    while above is not None and above.kind != "schema":
        key, above = above, parent(above, snapshot.relations)
    return key.path


def in_order(items: Sequence[Item], snapshot: Snapshot) -> Iterator[Item]:
    """A topological order that stays with the object, then with the section, that it is in as long as it can."""
    before, after = dependencies(items, snapshot)
    items = _with_functions_late(items, before)
    missing = {item.index: len(before[item.index]) for item in items}
    ready = _Ready()
    for item in items:
        if not missing[item.index]:
            ready.add(item)
    given = iter(items)
    while missing:
        here = ready.take()
        while here is None or here.index not in missing:
            here = ready.take() or next(given)  # a cycle: the given order works
        del missing[here.index]
        ready.here = here
        yield here
        for follower in after[here.index]:
            if follower in missing:
                missing[follower] -= 1
                if not missing[follower]:
                    ready.add(items[follower])


def _with_functions_late(items: Sequence[Item], before: Sequence[set[int]]) -> Sequence[Item]:
    """Functions come after the tables, but for those that something up to the tables is made with."""
    needed: set[int] = set()
    to_see = [item.index for item in items if _NEEDED_FUNCTIONS < item.section <= _TABLES]
    while to_see:
        for earlier in before[to_see.pop()] - needed:
            needed.add(earlier)
            to_see.append(earlier)
    units = {items[index].unit for index in needed if items[index].section == _NEEDED_FUNCTIONS}
    return [
        replace(item, section=_FUNCTIONS) if item.section == _NEEDED_FUNCTIONS and item.unit not in units else item
        for item in items
    ]


class _Ready:
    """The statements that may come next; :meth:`take` gives the one that reads best after ``here``."""

    def __init__(self) -> None:
        self.here: Item | None = None
        self._sections: dict[int, list[_Place]] = {}
        self._units: dict[_Place, list[tuple[tuple[int, int], int, Item]]] = {}

    def add(self, item: Item) -> None:
        waiting = self._units.setdefault(item.place, [])
        heapq.heappush(waiting, (item.within, item.index, item))
        heapq.heappush(self._sections.setdefault(item.section, []), item.place)

    def take(self) -> Item | None:
        if self.here is not None and self._units.get(self.here.place):
            return heapq.heappop(self._units[self.here.place])[2]
        sections = sorted(self._sections)
        if self.here is not None and self.here.section in self._sections:
            sections.insert(0, self.here.section)
        for section in sections:
            places = self._sections[section]
            while places and not self._units[places[0]]:
                heapq.heappop(places)
            if places:
                return heapq.heappop(self._units[places[0]])[2]
        return None


def dependencies(
    items: Sequence[Item], snapshot: Snapshot, *, privileges_in_order: bool = True
) -> tuple[list[set[int]], list[set[int]]]:
    """For each statement those that must come before it, and those that must come after.

    Owners and privileges stay in the order given, unless each stays with its object (``privileges_in_order`` False).
    """
    makers: dict[Key, int] = {}
    subjects: dict[Key, list[int]] = {}
    for item in items:
        key = Key(item.statement.subject.kind, item.statement.subject.path)
        subjects.setdefault(key, []).append(item.index)
        if item.statement.action == "create":
            makers.setdefault(key, item.index)
    before: list[set[int]] = [set() for _ in items]

    def maker(key: Key | None) -> int | None:
        while key is not None and key not in makers:
            key = parent(key, snapshot.relations)
        return makers[key] if key is not None else None

    def follows(one: int | None, other: int | None) -> None:
        if one is None or other is None or one == other:
            return
        if items[one].place == items[other].place:  # a later statement may finish what an earlier one made
            one, other = max(one, other), min(one, other)
        before[one].add(other)

    for dependent, referenced in snapshot.edges.pairs():
        follows(maker(dependent), maker(referenced))
    for key, own in subjects.items():
        for earlier, later in pairwise(own):
            follows(later, earlier)
        above = maker(key) if key not in makers else maker(parent(key, snapshot.relations))
        for one in own:
            follows(one, above)
    for check, child in _not_validated(snapshot):
        follows(makers.get(check), maker(child))
    for item in items:
        if item.within < (0, 0):  # a serial's sequence waits with its table for what that needs
            table = maker(Key("table", item.unit))
            for other in before[table] if table is not None else ():
                if items[other].place != item.place:
                    follows(item.index, other)
    last = [item.index for item in items if item.section == _LAST] if privileges_in_order else []
    for earlier, later in pairwise(last):
        before[later].add(earlier)
    after: list[set[int]] = [set() for _ in items]
    for index, earlier_ones in enumerate(before):
        for earlier in earlier_ones:
            after[earlier].add(index)
    return before, after


def _not_validated(snapshot: Snapshot) -> Iterator[tuple[Key, Key]]:
    """Checks of parents that are not validated, with the children that have them: a later child's would be."""
    for fact in snapshot.of_kind("constraint"):
        if fact["inherited"] and not fact["validated"]:
            child = Key("table", fact.key.path[:2])
            for tie in snapshot.children(child):
                if tie.key.kind == "inheritance":
                    yield Key("constraint", (*tie.key.path[2:], fact.key.path[2])), child


def _space(previous: Item | None, item: Item) -> Iterator[str]:
    """What stands between two statements: a heading, blank lines, nothing between comments of one object."""
    if previous is None or previous.section != item.section:
        heading = f"-- {_SECTIONS[item.section][0]} "
        yield from ["", "", heading.ljust(_WIDTH, "-"), ""]
        return
    if previous.unit != item.unit and item.section == _TABLES:
        yield from ["", ""]
        return
    kinds = (previous.statement.subject.kind, item.statement.subject.kind)
    several = "\n" in previous.statement.sql or "\n" in item.statement.sql
    if several or kinds[0] != kinds[1] or (previous.unit != item.unit and kinds[0] != "privilege"):
        yield ""
