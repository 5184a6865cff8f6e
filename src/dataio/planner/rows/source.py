"""The rows of the target as they will be: renamed columns by their new names, changed ones by their new types, new ones
by their defaults, generated ones by their expressions.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from dataio.planner.native.casts import bare, using
from dataio.planner.native.inside import Inside
from dataio.planner.native.side import Side
from dataio.planner.native.text.sql import ident, literal, qualified
from dataio.planner.renames.rename import Rename
from dataio.planner.rows.fit import Fit
from dataio.snapshot.keys import Key
from dataio.snapshot.model import Fact, Snapshot

_RENAMED: Final = ("schema", "table", "column", "materialized_view")


@dataclass(frozen=True)
class Source:
    """Makes the FROM items of checks. ``now``: the facts after the renames."""

    now: Snapshot
    goal: Snapshot
    renames: Sequence[Rename]
    fit: Fit

    def before(self, key: Key) -> Key:
        """What a thing is called on the target, before the renames."""
        path = key.path
        for rename in reversed(self.renames):
            new = rename.new.path
            if rename.old.kind in _RENAMED and path[: len(new)] == new:
                path = rename.old.path + path[len(new) :]
        return Key(key.kind, path)

    def rows(self, where: tuple[str, str], *, keep: Collection[str] = (), only: bool = False) -> str | None:
        """A subquery of a table's rows, called ``t``; ``None`` where the table is not there yet.

        Columns in ``keep`` have the type they have now. ``only``: not those of its children, where they are not its
        partitions. ``d_row`` tells one row from another, ``d_key`` says to a person which it is.
        """
        table = next((Key(kind, where) for kind in ("table", "materialized_view") if self._there(kind, where)), None)
        if table is None:
            return None
        fact = self.now.facts[table]
        word = "ONLY " if only and table.kind == "table" and fact["partition_key"] is None else ""
        columns, names = self._columns(table, keep)
        columns += self._new_columns(table, names)
        columns += ["(tableoid, ctid) AS d_row", f"{self._key(where)} AS d_key", "tableoid"]
        inner = f"(SELECT {', '.join(columns)} FROM {word}{qualified(*self.before(table).path)}) t"
        generated = [fact for fact in self.goal.children(table) if fact.key.kind == "column" and fact["expression"]]
        if not generated:
            return inner
        made = [f"({fact['expression']})::{fact['type']} AS {ident(fact.key.path[2])}" for fact in generated]
        return f"(SELECT t.*, {', '.join(made)} FROM {inner}) t"

    def _there(self, kind: str, where: tuple[str, str]) -> bool:
        """Whether a relation is on the target now, and is not made anew."""
        fact = self.now.facts.get(Key(kind, where))
        if fact is None or kind == "table":
            return fact is not None
        after = self.goal.facts.get(fact.key)
        return after is not None and after["definition"] == fact["definition"]

    def _columns(self, table: Key, keep: Collection[str]) -> tuple[list[str], set[str]]:
        if table.kind == "materialized_view":
            columns = self.now.facts[table]["columns"]
            listed = columns if isinstance(columns, tuple) else ()
            return [ident(str(column[0])) for column in listed if isinstance(column, tuple)], set()
        found, names = [], set()
        for fact in self.now.children(table):
            if fact.key.kind != "column":
                continue
            name = fact.key.path[2]
            names.add(name)
            becomes = self.goal.facts.get(fact.key)
            if becomes is None or becomes["expression"] is None:
                found.append(self._column(fact, keep=name in keep))
        return found, names

    def _column(self, fact: Fact, *, keep: bool) -> str:
        old = ident(self.before(fact.key).path[2])
        name = ident(fact.key.path[2])
        becomes = self.goal.facts.get(fact.key)
        if becomes is not None and becomes["type"] != fact["type"] and not keep:
            was, type_text = self._plain(self.now, fact), self._plain(self.goal, becomes)
            if self.fit.known(type_text):
                value = using(old, was, type_text, Side(self.now), Side(self.goal)) or f"{old}::{type_text}"
                return f"{value} AS {name}"
        return old if old == name else f"{old} AS {name}"

    def _new_columns(self, table: Key, names: Collection[str]) -> list[str]:
        found = []
        for fact in self.goal.children(table):
            if fact.key.kind == "column" and fact.key.path[2] not in names and not fact["generated"]:
                default = self.goal.facts.get(Key("default", fact.key.path))
                value = default.text("expression") if default else self._domain_default(fact)
                found.append(f"({value})::{self._plain(self.goal, fact)} AS {ident(fact.key.path[2])}")
        return found

    def _domain_default(self, column: Fact) -> str:
        domain = Inside(self.goal).domains.get(bare(column.text("type")))
        return str(domain["default"]) if domain is not None and domain["default"] is not None else "NULL"

    @staticmethod
    def _plain(snapshot: Snapshot, column: Fact) -> str:
        """A column's type; of a domain what that is over, so that reading a row does not fail at its rules."""
        domains = Inside(snapshot).domains
        text = column.text("type")
        while (domain := domains.get(bare(text))) is not None:
            text = domain.text("type")
        return text

    def _key(self, where: tuple[str, str]) -> str:
        """The primary key as the target has it."""
        for fact in self.now.children(Key("table", where)):
            if fact.key.kind == "constraint" and fact["type"] == "primary key":
                pairs = [(name, self.before(Key("column", (*where, name))).path[2]) for name in fact.names("columns")]
                return " || ', ' || ".join(f"{literal(f'{name}=')} || {ident(old)}::text" for name, old in pairs)
        return "'row ' || (tableoid, ctid)::text"
