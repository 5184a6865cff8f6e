"""What the phases of an online plan are made of. See :mod:`dataio.planner.online.changes`."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Final

import psycopg

from dataio.plan.model import Alone, ObjectRef, Statement
from dataio.planner.native.text.sql import literal, qualified
from dataio.planner.sql import query
from dataio.snapshot.keys import Key
from dataio.snapshot.model import Fact, Snapshot

_LONGEST: Final = 63
_TABLES: Final = ("table", "materialized_view")


@dataclass
class Phases:
    """One expansion. ``wanted``: a connection to the desired database, asked for the definitions of indexes.

    ``swap``: replace indexes and keys by building the new one beside the old, and go partition by partition; where
    that cannot be proven, a second try goes without.
    """

    now: Snapshot
    goal: Snapshot
    major: int
    wanted: psycopg.Connection[Any]
    swap: bool = True
    notes: list[str] = field(default_factory=list)

    def build(self, statement: Statement, text: str, schema: str, name: str, table: tuple[str, str]) -> Statement:
        for word in ("CREATE UNIQUE INDEX ", "CREATE INDEX "):
            if text.startswith(word):
                text = f"{word}CONCURRENTLY {text.removeprefix(word)}"
        index = qualified(schema, name)
        state = f"SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = to_regclass({literal(index)})"
        alone = Alone(
            qualified(*table),
            f"{state} AND indisvalid)",
            f"{state} AND NOT indisvalid)",
            f"DROP INDEX CONCURRENTLY {index}",
        )
        return replace(statement, sql=text, observation=None, alone=single(alone))

    def more(self, statement: Statement, text: str, *, joined: bool = False) -> Statement:
        """A phase; ``joined``: in the transaction of the one before it."""
        if joined:
            return replace(statement, sql=text, observation=None, hazards=(), new_transaction=True, author="native",
                           subject=_joined(statement.subject))  # fmt: skip
        return replace(statement, sql=text, observation=None, hazards=(), new_transaction=True)

    def stays(self, table: tuple[str, str]) -> bool:
        """Whether a relation is there before and after."""
        return any(Key(kind, table) in self.now.facts and Key(kind, table) in self.goal.facts for kind in _TABLES)

    def partitioned(self, table: tuple[str, str]) -> bool:
        fact = self.goal.facts.get(Key("table", table))
        return fact is not None and fact["partition_key"] is not None

    def index_behind(self, fact: Fact) -> str | None:
        """CREATE INDEX as it would make the index of a key; ``None`` where a key cannot take it over."""
        schema, table, name = fact.key.path
        self.wanted.execute("set search_path = ''")
        row = self.wanted.execute(query("index_behind"), {"table": qualified(schema, table), "name": name}).fetchone()
        return str(row[0]) if row else None

    def partitions(self, table: tuple[str, str]) -> list[tuple[str, str]] | None:
        """The partitions of a table that are there before and after; ``None`` where one has partitions itself."""
        found = [(one.key.path[0], one.key.path[1]) for one in self.goal.of_kind("partition") if one["parent"] == table]
        return None if any(not self.stays(one) or self.partitioned(one) for one in found) else found


@dataclass(frozen=True)
class Joined(ObjectRef):
    """The subject of a statement that belongs into the transaction of the one before it."""


def _joined(subject: ObjectRef) -> ObjectRef:
    return Joined(subject.kind, subject.path, subject.label)


def pair(value: object) -> tuple[str, str]:
    if not isinstance(value, tuple) or len(value) != len(("schema", "name")):
        raise TypeError(f"{value!r} is no qualified name")
    return str(value[0]), str(value[1])


def name_beside(name: str, word: str) -> str:
    """A name beside ``name``: cut, where both would be longer than PostgreSQL takes."""
    ending = f"_dataio_{word}"
    return name.encode()[: _LONGEST - len(ending)].decode(errors="ignore") + ending


def single(alone: Alone) -> Alone:
    """Each text on one line, as the script's comments need it: only a name can hold a line's end."""
    for text in (alone.done, alone.leftover, alone.cleanup):
        if len(text.splitlines()) > 1:
            raise ValueError(f"a name holds a line's end, and online plans cannot say it: {text!r}")
    return alone


def deferral(fact: Fact) -> str:
    if not fact["deferrable"]:
        return ""
    return " DEFERRABLE INITIALLY DEFERRED" if fact["deferred"] else " DEFERRABLE"
