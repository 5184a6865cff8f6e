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
from typing import Final

from dataio.plan.model import Alone, ObjectRef, Statement
from dataio.planner.native.rules.columns.parts import NAMED_NOT_NULL, default_clause
from dataio.planner.native.rules.columns.text import definition
from dataio.planner.native.step import Context
from dataio.planner.native.text.sql import ident, literal, qualified
from dataio.planner.online.partitions import PartitionPhases
from dataio.planner.online.phases import Joined, deferral, name_beside, pair, single
from dataio.planner.sql import query
from dataio.snapshot.keys import Key
from dataio.snapshot.model import Fact, Snapshot

_VALIDATES_PARTITIONED_KEYS: Final = 18  # NOT VALID foreign keys of partitioned tables
_LONGEST: Final = 63
_BATCH_PAGES: Final = 32


@dataclass
class Online(PartitionPhases):
    """One expansion of the statements of a proven plan."""

    _planned: set[Key] = field(default_factory=set)

    def expand(self, statements: Sequence[Statement]) -> list[Statement]:
        """First, in one transaction where that goes, what is short; then, phase by phase, what takes long."""
        self._planned.update(_key(one) for one in statements if one.action == "create")
        drops = {_key(one): one for one in statements if one.action == "drop"} if self.swap else {}
        for key in self._away_for_detach(statements):
            drops.pop(key, None)
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
                self._tell_what_stays(statement)
        return [*first, *_apart(late, first=not first)]

    def _away_for_detach(self, statements: Sequence[Statement]) -> Iterator[Key]:
        """Foreign keys of partitioned tables that must not be there while what they refer to is detached."""
        ties = [one for one in statements if one.subject.kind == "partition" and one.action == "drop"]
        detached = {one.subject.path[:2] for one in ties if " DETACH PARTITION " in one.sql}
        gone = [self.now.facts.get(_key(one)) for one in statements if one.action == "drop"]
        keys = [fact for fact in gone if fact is not None and fact.key.kind == "constraint" and fact["references"]]
        for fact in keys:
            if pair(fact["references"]) in detached and self.partitioned((fact.key.path[0], fact.key.path[1])):
                yield fact.key

    def _tell_what_stays(self, statement: Statement) -> None:
        """Say of what has no way online that it takes long under a lock, and what that is."""
        seen = statement.observation
        if seen is None:
            return
        readers = {lock.relation for lock in seen.locks if lock.blocks_reads}
        blocks = {lock.relation: "reads and writes" if lock.relation in readers else "writes" for lock in seen.locks
                  if lock.blocks_writes}  # fmt: skip
        for relation in dict.fromkeys((*seen.rewritten, *seen.scanned)):
            if relation in blocks:
                verb = "written anew" if relation in seen.rewritten else "read from end to end"
                what = f"{relation} is {verb} under a lock that blocks {blocks[relation]}"
                hint = "PostgreSQL has no other way; how to go there in steps: dataio's documentation, Online plans"
                self.notes.append(f"{statement.subject}: not online: {what}, and {hint}")

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
            return self.detach(statement, key)
        if kind == "partition" and action == "create" and fact is not None and " ATTACH PARTITION " in statement.sql:
            return self.attach(statement, fact)
        return ()

    def _index(self, statement: Statement, fact: Fact, old: Statement | None) -> Iterator[Statement]:
        table = pair(fact["table"])
        if not self.stays(table):
            return
        if self.partitioned(table):
            if old is None:
                yield from self.partitioned_index(statement, fact, table)
            return
        schema, name = fact.key.path
        if Key("index", fact.key.path) not in self.now.facts:
            yield self.build(statement, statement.sql, schema, name, table)
            return
        if old is None:
            return
        aside = name_beside(name, "new")
        text = statement.sql.replace(f" {ident(name)} ON ", f" {ident(aside)} ON ", 1)
        yield self.build(statement, text, schema, aside, table)
        yield replace(old, new_transaction=True, observation=None)
        yield self.more(statement, f"ALTER INDEX {qualified(schema, aside)} RENAME TO {ident(name)}", joined=True)

    def _drop_index(self, statement: Statement, key: Key) -> Iterator[Statement]:
        fact = self.now.facts.get(key)
        if fact is None or fact["parent"] is not None or key in self.goal.facts:
            return
        table = pair(fact["table"])
        if not self.stays(table) or self.partitioned(table):
            return
        name = qualified(*key.path)
        alone = Alone(qualified(*table), f"SELECT to_regclass({literal(name)}) IS NULL")
        yield replace(statement, sql=f"DROP INDEX CONCURRENTLY {name}", observation=None, alone=single(alone))

    def _constraint(self, statement: Statement, fact: Fact, old: Statement | None) -> Iterator[Statement]:
        schema, table, name = fact.key.path
        if not self.stays((schema, table)) or not fact["validated"] or fact["enforced"] is False:
            return
        head = f"ALTER TABLE {qualified(schema, table)}"
        match fact["type"]:
            case "check" | "foreign key":
                partitioned = self.partitioned((schema, table))
                if fact["type"] == "foreign key" and partitioned and self.major < _VALIDATES_PARTITIONED_KEYS:
                    yield from self.partitioned_reference(statement, fact) if old is None else ()
                    return
                if old is not None:
                    yield replace(old, new_transaction=True, observation=None)
                yield self.more(statement, f"{statement.sql} NOT VALID", joined=old is not None)
                yield self.more(statement, f"{head} VALIDATE CONSTRAINT {ident(name)}")
            case "unique" | "primary key" if not self.partitioned((schema, table)):
                text = self.index_behind(fact)
                if text is None:
                    return
                index = name_beside(name, "new") if old is not None else name
                text = text.replace(f" {ident(name)} ON ", f" {ident(index)} ON ", 1)
                yield from self._brought(statement, fact)
                yield self.build(statement, text, schema, index, (schema, table))
                if old is not None:
                    yield replace(old, new_transaction=True, observation=None)
                word = fact.text("type").upper()
                using = f"{head} ADD CONSTRAINT {ident(name)} {word} USING INDEX {ident(index)}{deferral(fact)}"
                yield self.more(statement, using, joined=old is not None)
            case "unique" | "primary key" if old is None and (keys := self.partition_keys(fact)):
                yield from self._brought(statement, fact)
                yield from self.partitioned_key(statement, fact, keys)

    def _brought(self, statement: Statement, fact: Fact) -> Iterator[Statement]:
        """The NOT NULL that a primary key would bring by itself, reading all rows under its lock."""
        if fact["type"] != "primary key":
            return
        for column in fact.names("columns"):
            key = Key("not_null", (*fact.key.path[:2], column))
            added = Key("column", key.path) not in self.now.facts
            if key in self.goal.facts and key not in self.now.facts and key not in self._planned and not added:
                yield from self._not_null(statement, self.goal.facts[key])

    def _not_null(self, statement: Statement, fact: Fact) -> Iterator[Statement]:
        schema, table, column = fact.key.path
        if not self.stays((schema, table)) or fact["no_inherit"]:
            return
        head = f"ALTER TABLE {qualified(schema, table)}"
        if self.major >= NAMED_NOT_NULL and isinstance(fact["name"], str):
            name = ident(fact.text("name"))
            yield self.more(statement, f"{head} ADD CONSTRAINT {name} NOT NULL {ident(column)} NOT VALID")
            yield self.more(statement, f"{head} VALIDATE CONSTRAINT {name}")
            return
        name = ident(name_beside(f"{table}_{column}", "not_null"))
        yield self.more(statement, f"{head} ADD CONSTRAINT {name} CHECK ({ident(column)} IS NOT NULL) NOT VALID")
        yield self.more(statement, f"{head} VALIDATE CONSTRAINT {name}")
        yield self.more(statement, f"{head} ALTER COLUMN {ident(column)} SET NOT NULL")
        yield self.more(statement, f"{head} DROP CONSTRAINT {name}", joined=True)

    def _column(self, statement: Statement, fact: Fact) -> Iterator[Statement]:
        """A column whose default makes PostgreSQL write the table anew: empty first, then the default, then rows."""
        schema, table, column = fact.key.path
        relation = qualified(schema, table)
        seen = statement.observation
        default = self.goal.facts.get(Key("default", fact.key.path))
        if seen is None or relation not in seen.rewritten or default is None or fact["generated"]:
            return
        if not self.stays((schema, table)) or Key("identity", fact.key.path) in self.goal.facts:
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
            statement, action="alter", sql=fill.rstrip().rstrip(";"), observation=None, hazards=(), alone=single(alone)
        )


def _apart(late: Iterable[Statement], *, first: bool) -> Iterator[Statement]:
    """Where transactions begin: at each phase, but not at what is joined to the one before it."""
    before: Statement | None = None
    for statement in late:
        joined = isinstance(statement.subject, Joined)
        subject = ObjectRef(statement.subject.kind, statement.subject.path, statement.subject.label)
        begins = statement.new_transaction and not joined and statement.alone is None
        begins = begins and not (first and before is None)
        before = replace(statement, subject=subject, new_transaction=begins)
        yield before


def _key(statement: Statement) -> Key:
    return Key(statement.subject.kind, statement.subject.path)


def _attached_to(key: Key, snapshot: Snapshot) -> Key | None:
    from dataio.snapshot.keys import parent

    return parent(key, snapshot.relations)
