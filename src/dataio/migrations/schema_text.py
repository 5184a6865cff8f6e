"""A tidy ``schema.sql`` out of the statements that make a schema from nothing.

The statements come in an order that works; here they are put in one that reads well and works too: by section, then by
object, each with what belongs to it (its indexes, its comments), as far as dependencies allow.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, TypeAlias

from dataio.plan.model import Statement
from dataio.plan.render.sql import terminated
from dataio.plan.script import one_line
from dataio.snapshot.kinds import ATTACHMENTS, Key, attached_to, parent
from dataio.snapshot.model import Snapshot

_SECTIONS: Final[tuple[tuple[str, str], ...]] = (
    ("Roles", "role membership"),
    ("Extensions", "extension language access_method foreign_data_wrapper server user_mapping"),
    ("Schemas", "schema"),
    ("Types", "enum composite attribute domain domain_constraint range shell_type base_type collation"),
    ("Sequences", "sequence"),
    ("Functions", "function procedure aggregate"),
    ("Operators and casts", "operator operator_family operator_class family_member cast transform conversion"),
    ("Text search", "ts_parser ts_template ts_dictionary ts_configuration"),
    ("Tables", "table foreign_table column default not_null identity constraint index statistics owned_by partition"
               " inheritance replica_identity clustered_on"),
    ("Views", "view materialized_view rule"),
    ("Triggers", "trigger event_trigger"),
    ("Row security", "policy"),
    ("Replication", "publication publication_table publication_schema subscription"),
    ("Owners and privileges", "owner default_privilege privilege security_label"),
)  # fmt: skip
_RANK: Final[Mapping[str, int]] = {kind: rank for rank, (_, kinds) in enumerate(_SECTIONS) for kind in kinds.split()}
_TABLES: Final = next(rank for rank, (title, _) in enumerate(_SECTIONS) if title == "Tables")
_LAST: Final = len(_SECTIONS) - 1
_WIDTH: Final = 120

_Place: TypeAlias = tuple[int, tuple[str, ...]]


@dataclass(frozen=True)
class _Item:
    """A statement with its place: the section, and the object (unit) that it belongs to."""

    statement: Statement
    section: int
    unit: tuple[str, ...]
    index: int

    @property
    def place(self) -> _Place:
        return (self.section, self.unit)


def schema_text(statements: Sequence[Statement], snapshot: Snapshot, *, title: str) -> str:
    """The text of a schema file. ``statements`` make ``snapshot`` from an empty database, in an order that works.

    ``title`` says where it comes from, without secrets. That the text makes the same schema is for the caller to check:
    it must plan empty against its source.
    """
    items = [_item(index, statement, snapshot) for index, statement in enumerate(statements)]
    lines = list(_head(title))
    if any(key.kind in {"function", "procedure"} for key in snapshot.facts):
        lines += ["", "-- Functions may use what comes after them.", "SET check_function_bodies = off;"]
    previous: _Item | None = None
    for item in _ordered(items, snapshot):
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


def _item(index: int, statement: Statement, snapshot: Snapshot) -> _Item:
    key = Key(statement.subject.kind, statement.subject.path)
    if _RANK.get(key.kind) == _LAST:
        return _Item(statement, _LAST, (), index)
    while key.kind in ATTACHMENTS:
        key = attached_to(key)
    section = _RANK.get(key.kind, _TABLES)
    return _Item(statement, section, _unit(key, snapshot), index)


def _unit(key: Key, snapshot: Snapshot) -> tuple[str, ...]:
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


def _ordered(items: Sequence[_Item], snapshot: Snapshot) -> Iterator[_Item]:
    """A topological order that stays with the object, then with the section, that it is in as long as it can."""
    before, after = _dependencies(items, snapshot)
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


class _Ready:
    """The statements that may come next; :meth:`take` gives the one that reads best after ``here``."""

    def __init__(self) -> None:
        self.here: _Item | None = None
        self._sections: dict[int, list[_Place]] = {}
        self._units: dict[_Place, list[tuple[int, _Item]]] = {}

    def add(self, item: _Item) -> None:
        waiting = self._units.setdefault(item.place, [])
        heapq.heappush(waiting, (item.index, item))
        heapq.heappush(self._sections.setdefault(item.section, []), item.place)

    def take(self) -> _Item | None:
        if self.here is not None and self._units.get(self.here.place):
            return heapq.heappop(self._units[self.here.place])[1]
        sections = sorted(self._sections)
        if self.here is not None and self.here.section in self._sections:
            sections.insert(0, self.here.section)
        for section in sections:
            places = self._sections[section]
            while places and not self._units[places[0]]:
                heapq.heappop(places)
            if places:
                return heapq.heappop(self._units[places[0]])[1]
        return None


def _dependencies(items: Sequence[_Item], snapshot: Snapshot) -> tuple[list[set[int]], list[set[int]]]:
    """For each statement those that must come before it, and those that must come after."""
    makers: dict[Key, list[int]] = {}
    for item in items:
        makers.setdefault(Key(item.statement.subject.kind, item.statement.subject.path), []).append(item.index)
    before: list[set[int]] = [set() for _ in items]

    def maker(key: Key | None) -> list[int]:
        while key is not None and key not in makers:
            key = parent(key, snapshot.relations)
        return makers[key] if key is not None else []

    for dependent, referenced in snapshot.edges:
        for one in maker(dependent):
            before[one].update(other for other in maker(referenced) if other != one)
    for key, own in makers.items():
        for earlier, later in pairwise(own):
            before[later].add(earlier)
        for one in own:
            before[one].update(other for other in maker(parent(key, snapshot.relations)) if other not in own)
    last = [item.index for item in items if item.section == _LAST]
    for earlier, later in pairwise(last):
        before[later].add(earlier)
    after: list[set[int]] = [set() for _ in items]
    for index, earlier_ones in enumerate(before):
        for earlier in earlier_ones:
            after[earlier].add(index)
    return before, after


def _space(previous: _Item | None, item: _Item) -> Iterator[str]:
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
