"""The same change in phases that keep nobody waiting: what takes long is done apart from what takes a strong lock.

Given the statements of a proven plan, :func:`online` gives those that arrive at the same end with many transactions and
lone statements: indexes are built and dropped ``CONCURRENTLY``, constraints come ``NOT VALID`` and are validated,
unique and primary keys take over an index that is there, a column with a volatile default comes empty and is filled in
batches. What has no such way stays as it was. Whether they arrive is proven, as ever, by whoever asked.

https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import psycopg

from dataio.plan.model import Alone, ObjectRef, Statement
from dataio.planner.figures import query
from dataio.planner.native.column_parts import NAMED_NOT_NULL, default_clause
from dataio.planner.native.column_text import definition
from dataio.planner.native.sql import ident, literal, qualified
from dataio.planner.native.step import Context
from dataio.snapshot.kinds import Key
from dataio.snapshot.model import Fact, Snapshot

_VALIDATES_PARTITIONED_KEYS: Final = 18  # NOT VALID foreign keys of partitioned tables
_LONGEST: Final = 63
_BATCH_PAGES: Final = 32


@dataclass
class Online:
    """One expansion. ``wanted``: a connection to the desired database, asked for the definitions of indexes.

    ``swap``: replace indexes and keys by building the new one beside the old; where that cannot be proven, a second
    try goes without.
    """

    now: Snapshot
    goal: Snapshot
    major: int
    wanted: psycopg.Connection[Any]
    swap: bool = True
    notes: list[str] = field(default_factory=list)
    _planned: set[Key] = field(default_factory=set)

    def expand(self, statements: Sequence[Statement]) -> list[Statement]:
        """First, in one transaction where that goes, what is short; then, phase by phase, what takes long."""
        self._planned.update(_key(one) for one in statements if one.action == "create")
        drops = {_key(one): one for one in statements if one.action == "drop"} if self.swap else {}
        first: list[Statement] = []
        late: list[Statement] = []
        kept: set[Key] = set()
        for statement in statements:
            key = _key(statement)
            old = drops.get(key) if statement.action == "create" else None
            split = list(self._split(statement, old))
            if split:
                if old is not None and old in first:
                    first.remove(old)
                first += [one for one in split if not one.new_transaction and one.alone is None]
                late += [one for one in split if one.new_transaction or one.alone is not None]
                kept.add(key)
            elif self._follows(statement, kept):
                late.append(statement)
                kept.add(key)
            else:
                first.append(statement)
        return [*first, *_apart(late, first=not first)]

    def _follows(self, statement: Statement, kept: set[Key]) -> bool:
        """Whether a statement is about something that needs what comes late."""
        if not kept or statement.action == "drop":
            return False
        waiting, seen = [_key(statement)], set()
        while waiting:
            key = waiting.pop()
            if key in kept:
                return True
            if key not in seen:
                seen.add(key)
                waiting += self.goal.needs.get(key, frozenset())
                waiting += [above] if (above := _attached_to(key, self.goal)) else []
        return False

    # ---- one statement, by what it is about ------------------------------------------------------------------------

    def _split(self, statement: Statement, old: Statement | None) -> Iterable[Statement]:
        key, fact = _key(statement), self.goal.facts.get(_key(statement))
        kind, action = statement.subject.kind, statement.action
        if kind == "index" and action == "create" and fact is not None and statement.sql.startswith("CREATE "):
            return self._index(statement, fact, old)
        if kind == "index" and action == "drop" and statement.sql.startswith("DROP INDEX "):
            return self._drop_index(statement, key)
        if kind == "constraint" and action == "create" and fact is not None and " ADD CONSTRAINT " in statement.sql:
            return self._constraint(statement, fact, old)
        if kind == "constraint" and statement.sql.endswith(f" VALIDATE CONSTRAINT {ident(key.path[-1])}"):
            return [replace(statement, new_transaction=True, observation=None)]
        if kind == "not_null" and action == "create" and fact is not None and fact["validated"]:
            return self._not_null(statement, fact)
        if kind == "column" and action == "create" and fact is not None and " ADD COLUMN " in statement.sql:
            return self._column(statement, fact)
        if kind == "partition" and action == "drop" and " DETACH PARTITION " in statement.sql:
            return self._detach(statement, key)
        return ()

    def _index(self, statement: Statement, fact: Fact, old: Statement | None) -> Iterator[Statement]:
        table = _pair(fact["table"])
        if not self._stays(table):
            return
        if self._partitioned(table):
            if old is None:
                yield from self._partitioned_index(statement, fact, table)
            return
        schema, name = fact.key.path
        if Key("index", fact.key.path) not in self.now.facts:
            yield self._build(statement, statement.sql, schema, name, table)
            return
        if old is None:
            return
        aside = _name(name, "new")
        text = statement.sql.replace(f" {ident(name)} ON ", f" {ident(aside)} ON ", 1)
        yield self._build(statement, text, schema, aside, table)
        yield replace(old, new_transaction=True, observation=None)
        yield self._more(statement, f"ALTER INDEX {qualified(schema, aside)} RENAME TO {ident(name)}", joined=True)

    def _partitioned_index(self, statement: Statement, fact: Fact, table: tuple[str, str]) -> Iterator[Statement]:
        """The parent's alone, the partitions' concurrently, then attached: with the last it becomes valid."""
        children = [one for one in self.goal.of_kind("index") if one["parent"] == fact.key.path]
        tables = {_pair(one["table"]) for one in children}
        partitions = {
            (one.key.path[0], one.key.path[1]) for one in self.goal.of_kind("partition") if one["parent"] == table
        }
        if tables != partitions or any(not self._stays(one) or self._partitioned(one) for one in tables):
            return
        if any(one.key in self.now.facts for one in children):
            return
        text = statement.sql.replace(" ON ONLY ", " ON ", 1).replace(" ON ", " ON ONLY ", 1)
        yield replace(statement, sql=text, new_transaction=True, observation=None)
        for child in children:
            schema, name = child.key.path
            yield self._build(statement, child.text("definition"), schema, name, _pair(child["table"]))
            parent = qualified(*fact.key.path)
            yield self._more(statement, f"ALTER INDEX {parent} ATTACH PARTITION {qualified(schema, name)}")

    def _build(self, statement: Statement, text: str, schema: str, name: str, table: tuple[str, str]) -> Statement:
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
        return replace(statement, sql=text, observation=None, alone=_single(alone))

    def _drop_index(self, statement: Statement, key: Key) -> Iterator[Statement]:
        fact = self.now.facts.get(key)
        if fact is None or fact["parent"] is not None or key in self.goal.facts:
            return
        table = _pair(fact["table"])
        if not self._stays(table) or self._partitioned(table):
            return
        name = qualified(*key.path)
        alone = Alone(qualified(*table), f"SELECT to_regclass({literal(name)}) IS NULL")
        yield replace(statement, sql=f"DROP INDEX CONCURRENTLY {name}", observation=None, alone=_single(alone))

    def _constraint(self, statement: Statement, fact: Fact, old: Statement | None) -> Iterator[Statement]:
        schema, table, name = fact.key.path
        if not self._stays((schema, table)) or not fact["validated"] or fact["enforced"] is False:
            return
        head = f"ALTER TABLE {qualified(schema, table)}"
        match fact["type"]:
            case "check" | "foreign key":
                partitioned = self._partitioned((schema, table))
                if fact["type"] == "foreign key" and partitioned and self.major < _VALIDATES_PARTITIONED_KEYS:
                    self.notes.append(f"{statement.subject}: a partitioned table's foreign key comes in one step")
                    return
                if old is not None:
                    yield replace(old, new_transaction=True, observation=None)
                yield self._more(statement, f"{statement.sql} NOT VALID", joined=old is not None)
                yield self._more(statement, f"{head} VALIDATE CONSTRAINT {ident(name)}")
            case "unique" | "primary key" if not self._partitioned((schema, table)):
                text = self._index_behind(fact)
                if text is None:
                    return
                index = _name(name, "new") if old is not None else name
                text = text.replace(f" {ident(name)} ON ", f" {ident(index)} ON ", 1)
                yield from self._brought(statement, fact)
                yield self._build(statement, text, schema, index, (schema, table))
                if old is not None:
                    yield replace(old, new_transaction=True, observation=None)
                word = fact.text("type").upper()
                using = f"{head} ADD CONSTRAINT {ident(name)} {word} USING INDEX {ident(index)}{_deferral(fact)}"
                yield self._more(statement, using, joined=old is not None)

    def _brought(self, statement: Statement, fact: Fact) -> Iterator[Statement]:
        """The NOT NULL that a primary key would bring by itself, reading all rows under its lock."""
        if fact["type"] != "primary key":
            return
        for column in fact.names("columns"):
            key = Key("not_null", (*fact.key.path[:2], column))
            added = Key("column", key.path) not in self.now.facts
            if key in self.goal.facts and key not in self.now.facts and key not in self._planned and not added:
                yield from self._not_null(statement, self.goal.facts[key])

    def _index_behind(self, fact: Fact) -> str | None:
        """CREATE INDEX as it would make the index of a key; ``None`` where a key cannot take it over."""
        schema, table, name = fact.key.path
        self.wanted.execute("set search_path = ''")
        row = self.wanted.execute(query("index_behind"), {"table": qualified(schema, table), "name": name}).fetchone()
        return str(row[0]) if row else None

    def _not_null(self, statement: Statement, fact: Fact) -> Iterator[Statement]:
        schema, table, column = fact.key.path
        if not self._stays((schema, table)) or fact["no_inherit"]:
            return
        head = f"ALTER TABLE {qualified(schema, table)}"
        if self.major >= NAMED_NOT_NULL and isinstance(fact["name"], str):
            name = ident(fact.text("name"))
            yield self._more(statement, f"{head} ADD CONSTRAINT {name} NOT NULL {ident(column)} NOT VALID")
            yield self._more(statement, f"{head} VALIDATE CONSTRAINT {name}")
            return
        name = ident(_name(f"{table}_{column}", "not_null"))
        yield self._more(statement, f"{head} ADD CONSTRAINT {name} CHECK ({ident(column)} IS NOT NULL) NOT VALID")
        yield self._more(statement, f"{head} VALIDATE CONSTRAINT {name}")
        yield self._more(statement, f"{head} ALTER COLUMN {ident(column)} SET NOT NULL")
        yield self._more(statement, f"{head} DROP CONSTRAINT {name}", joined=True)

    def _column(self, statement: Statement, fact: Fact) -> Iterator[Statement]:
        """A column whose default makes PostgreSQL write the table anew: empty first, then the default, then rows."""
        schema, table, column = fact.key.path
        relation = qualified(schema, table)
        seen = statement.observation
        default = self.goal.facts.get(Key("default", fact.key.path))
        if seen is None or relation not in seen.rewritten or default is None or fact["generated"]:
            return
        if not self._stays((schema, table)) or Key("identity", fact.key.path) in self.goal.facts:
            return
        not_null = self.goal.facts.get(Key("not_null", fact.key.path))
        apart = frozenset({default.key, *({not_null.key} if not_null else ())})
        context = Context(self.now, self.goal, self.major, self.goal.self_role, apart=apart)
        text, _ = definition(fact, context)
        head = f"ALTER TABLE {relation}"
        yield replace(statement, sql=f"{head} ADD COLUMN {text}", observation=None)
        change = f"{head} ALTER COLUMN {ident(column)} SET {default_clause(default, context)}"
        yield replace(statement, action="alter", sql=change, observation=None, hazards=())
        yield self._backfill(statement, relation, column)
        if not_null is not None:
            yield from self._not_null(statement, not_null)

    def _backfill(self, statement: Statement, relation: str, column: str) -> Statement:
        self.notes.append(f"{relation}.{column} is filled in batches: triggers on UPDATE see that")
        fill = query("backfill").format(
            relation=relation, name=literal(relation), column=ident(column), pages=_BATCH_PAGES
        )
        name = ident(column)
        alone = Alone(relation, f"SELECT NOT EXISTS (SELECT FROM {relation} WHERE {name} IS NULL)")
        return replace(
            statement, action="alter", sql=fill.rstrip().rstrip(";"), observation=None, hazards=(), alone=_single(alone)
        )

    def _detach(self, statement: Statement, key: Key) -> Iterator[Statement]:
        fact = self.now.facts[key]
        parent, child = _pair(fact["parent"]), (key.path[0], key.path[1])
        default = any(one["parent"] == parent and one["bound"] == "DEFAULT" for one in self.now.of_kind("partition"))
        if default or not self._stays(parent) or not self._stays(child):
            return
        head, name = f"ALTER TABLE {qualified(*parent)} DETACH PARTITION", qualified(*child)
        state = f"SELECT EXISTS (SELECT FROM pg_catalog.pg_inherits WHERE inhrelid = to_regclass({literal(name)})"
        alone = Alone(
            qualified(*parent), f"{state.replace('EXISTS', 'NOT EXISTS', 1)})", f"{state} AND inhdetachpending)",
            f"{head} {name} FINALIZE",
        )  # fmt: skip
        yield replace(statement, sql=f"{head} {name} CONCURRENTLY", observation=None, alone=_single(alone))

    # ---- small things ----------------------------------------------------------------------------------------------

    def _more(self, statement: Statement, text: str, *, joined: bool = False) -> Statement:
        """A phase; ``joined``: in the transaction of the one before it."""
        if joined:
            return replace(statement, sql=text, observation=None, hazards=(), new_transaction=True, author="native",
                           subject=_joined(statement.subject))  # fmt: skip
        return replace(statement, sql=text, observation=None, hazards=(), new_transaction=True)

    def _stays(self, table: tuple[str, str]) -> bool:
        """Whether a relation is there before and after."""
        return any(Key(kind, table) in self.now.facts and Key(kind, table) in self.goal.facts for kind in _TABLES)

    def _partitioned(self, table: tuple[str, str]) -> bool:
        fact = self.goal.facts.get(Key("table", table))
        return fact is not None and fact["partition_key"] is not None


_TABLES: Final = ("table", "materialized_view")


@dataclass(frozen=True)
class _Joined(ObjectRef):
    """The subject of a statement that belongs into the transaction of the one before it."""


def _joined(subject: ObjectRef) -> ObjectRef:
    return _Joined(subject.kind, subject.path, subject.label)


def _apart(late: Iterable[Statement], *, first: bool) -> Iterator[Statement]:
    """Where transactions begin: at each phase, but not at what is joined to the one before it."""
    before: Statement | None = None
    for statement in late:
        joined = isinstance(statement.subject, _Joined)
        subject = ObjectRef(statement.subject.kind, statement.subject.path, statement.subject.label)
        begins = statement.new_transaction and not joined and statement.alone is None
        begins = begins and not (first and before is None)
        before = replace(statement, subject=subject, new_transaction=begins)
        yield before


def _key(statement: Statement) -> Key:
    return Key(statement.subject.kind, statement.subject.path)


def _attached_to(key: Key, snapshot: Snapshot) -> Key | None:
    from dataio.snapshot.kinds import parent

    return parent(key, snapshot.relations)


def _pair(value: object) -> tuple[str, str]:
    if not isinstance(value, tuple) or len(value) != len(("schema", "name")):
        raise TypeError(f"{value!r} is no qualified name")
    return str(value[0]), str(value[1])


def _name(name: str, word: str) -> str:
    """A name beside ``name``: cut, where both would be longer than PostgreSQL takes."""
    ending = f"_dataio_{word}"
    return name.encode()[: _LONGEST - len(ending)].decode(errors="ignore") + ending


def _single(alone: Alone) -> Alone:
    """Each text on one line, as the script's comments need it: only a name can hold a line's end."""
    for text in (alone.done, alone.leftover, alone.cleanup):
        if len(text.splitlines()) > 1:
            raise ValueError(f"a name holds a line's end, and online plans cannot say it: {text!r}")
    return alone


def _deferral(fact: Fact) -> str:
    if not fact["deferrable"]:
        return ""
    return " DEFERRABLE INITIALLY DEFERRED" if fact["deferred"] else " DEFERRABLE"
