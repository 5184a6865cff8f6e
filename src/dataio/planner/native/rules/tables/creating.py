"""CREATE TABLE, with all that a person would write into it.

https://www.postgresql.org/docs/current/sql-createtable.html, https://www.postgresql.org/docs/current/sql-createforeigntable.html
"""

from __future__ import annotations

from collections.abc import Iterator

from dataio.planner.native.relations.inheriting import from_parents, links_up
from dataio.planner.native.relations.partitioning import (
    brought_by_link,
    columns_moving,
    columns_of,
    comes_along,
    complete,
    inherits,
    link_of,
    partition_of,
    partitions,
)
from dataio.planner.native.relations.persistence import changing
from dataio.planner.native.rules.columns import text as column_text
from dataio.planner.native.rules.columns.parts import (
    alter_column,
    alter_table,
    default_clause,
    identity_details,
    is_usual_name,
)
from dataio.planner.native.rules.tables.constraints import clause
from dataio.planner.native.rules.tables.unchecked import checked_again
from dataio.planner.native.side import above
from dataio.planner.native.step import Context, Step
from dataio.planner.native.text.options import access_method, fdw_options, in_order, with_clause
from dataio.planner.native.text.sql import ident, qualified
from dataio.snapshot.keys import Key
from dataio.snapshot.model import Fact

_KEYS = frozenset({"primary key", "unique"})
_ORDER = {"primary key": 0, "unique": 1, "exclude": 2, "check": 3, "foreign key": 4}


class _Table:
    """One CREATE TABLE in the making: its lines, and the facts that it settles."""

    def __init__(self, new: Fact, context: Context) -> None:
        self.new, self.context = new, context
        self.name = (new.key.path[0], new.key.path[1])
        self.of_type = new["of_type"] if new.key.kind == "table" else None
        self.columns = columns_of(context.new, new.key)
        self.settled: set[Key] = {fact.key for fact in self.columns}
        self.lines: list[str] = []
        self.parent = partition_of(self.name, context)
        self.parents = inherits(self.name, context)

    def _parts(self, kind: str) -> list[Fact]:
        return [self.context.b.facts[key] for key in self.context.new.contents(self.new.key) if key.kind == kind]

    def add_columns(self) -> None:
        """Columns in full; of a typed table or a partition only what is more than its type or parent has."""
        for fact in self.columns:
            if self.parent is not None or self.of_type is not None:
                self._column_options(fact)
            elif not (self.parents and from_parents(fact)):
                text, settled = column_text.definition(fact, self.context, bool(self.parents))
                self.settled |= settled
                if self.parents and fact["inherited"] and Key("default", fact.key.path) not in self.context.b.facts:
                    text += " DEFAULT NULL" if self._inherited_default(fact.key) else ""
                self.lines.append(text)

    def _column_options(self, fact: Fact) -> None:
        words, settled = column_text.constraints(fact, self.context)
        self.settled |= settled
        if self.parent is not None:
            words = []
            if (default := Key("default", fact.key.path)) in settled:
                own = self.context.b.facts[default]
                inherited = self.context.new.get("default", *self.parent, fact.key.path[2])
                if inherited is None or inherited.values != own.values:
                    words.append(default_clause(own, self.context))
            not_null = self.context.new.get("not_null", *fact.key.path)
            if not_null is not None and not_null.key in settled and self._is_own(not_null):
                name = f"CONSTRAINT {ident(not_null.text('name'))} " if not_null["name"] is not None else ""
                words.append(f"{name}NOT NULL")
        if words:
            self.lines.append(
                f"{ident(fact.key.path[2])} {'WITH OPTIONS ' if self.parent is None else ''}{' '.join(words)}"
            )

    def _is_own(self, not_null: Fact) -> bool:
        """Whether a partition has a NOT NULL that is not only its parent's."""
        above_it = self.context.new.get("not_null", *self.parent, not_null.key.path[2]) if self.parent else None
        return above_it is None or above_it["name"] != not_null["name"]

    def _is_of_parents(self, not_null: Fact) -> bool:
        return not self._is_own(not_null) if self.parent is not None else from_parents(not_null)

    def _inherited_default(self, key: Key) -> bool:
        above_it = [parent for _, parent in links_up(self.context.new, self.name)]
        return any(self.context.new.get("default", *parent, key.path[2]) for parent in above_it)

    def add_not_nulls(self) -> None:
        """NOT NULLs that columns do not carry: inherited, or declared here for an inherited column."""
        if self.parent is None and not self.parents:
            return
        for fact in self._parts_of_columns("not_null"):
            if fact.key in self.settled:
                continue
            if from_parents(fact):
                self.settled.add(fact.key)
            elif self.parents and fact["validated"] and isinstance(fact["name"], str):
                named = not is_usual_name(fact, self.context)
                prefix = f"CONSTRAINT {ident(fact.text('name'))} " if named else ""
                self.lines.append(f"{prefix}NOT NULL {ident(fact.key.path[2])}")
                self.settled.add(fact.key)

    def _parts_of_columns(self, kind: str) -> list[Fact]:
        found = (self.context.new.get(kind, *fact.key.path) for fact in self.columns)
        return [fact for fact in found if fact is not None]

    def add_constraints(self) -> None:
        keys: set[str] = set()
        for fact in sorted(self._parts("constraint"), key=lambda fact: (_ORDER[fact.text("type")], fact.key)):
            if fact.key in self.context.apart or (not fact["validated"] and fact["enforced"]):
                continue
            key = fact.text("definition").removeprefix("PRIMARY KEY ").removeprefix("UNIQUE ")
            if fact["type"] in _KEYS:
                if key in keys:
                    continue  # within one CREATE TABLE PostgreSQL would take the two for one
                keys.add(key)
            if (self.parents or self.parent) and from_parents(fact) and above(fact) is None:
                self.settled.add(fact.key)
            elif not comes_along(fact, self.context) and not self._later(fact):
                self.lines.append(clause(fact, self.context))
                self.settled.add(fact.key)

    def _later(self, fact: Fact) -> bool:
        """A key of a partitioned table that not all partitions have: made apart, without them. And a primary key over
        columns whose NOT NULL is the parent's: beside it PostgreSQL would give them one of their own.
        """
        if fact["type"] == "primary key" and (self.parent is not None or self.parents):
            columns = fact["columns"] if isinstance(fact["columns"], tuple) else ()
            not_nulls = (self.context.new.get("not_null", *self.name, str(column)) for column in columns)
            if any(one is not None and one["name"] is not None and self._is_of_parents(one) for one in not_nulls):
                return True
        if fact["type"] not in {"primary key", "unique", "exclude"}:
            return False
        return any(partitions(self.context.new, self.name)) and not complete(self.context.new, fact)

    def add_link(self) -> None:
        if self.parent is not None:
            link = link_of(self.context.new, self.name)
            self.settled.update({link} if link else ())
            self.settled.update(brought_by_link(self.name, self.context))
        self.settled.update(link for link, _ in self.parents)

    def of_parents(self) -> frozenset[Key]:
        """The columns and defaults that parents get in the same script: first there, then here."""
        parents = [parent for _, parent in self.parents] + ([self.parent] if self.parent else [])
        names = [fact.key.path[2] for fact in self.columns]
        defaults = frozenset(Key("default", (*parent, name)) for parent in parents for name in names)
        moving = columns_moving(parents, self.context)
        return frozenset(key for key in moving if not self._comes_later(key)) | defaults

    def _comes_later(self, key: Key) -> bool:
        """A parent's NOT NULL that is NOT VALID here, too, or merges here with one of another name."""
        own = self.context.new.get("not_null", *self.name, key.path[2]) if key.kind == "not_null" else None
        if own is None or not own["validated"]:
            return own is not None
        theirs = self.context.b.facts.get(key)
        return theirs is not None and not theirs["validated"] and own["name"] != theirs["name"]

    def referenced(self) -> frozenset[Key]:
        """The tables that foreign keys within CREATE TABLE wait for."""
        keys = (fact for fact in self._parts("constraint") if fact.key in self.settled)
        return frozenset().union(*(changing(fact, self.context) for fact in keys))

    def head(self) -> str:
        unlogged = "UNLOGGED " if self.new["persistence"] == "unlogged" else ""
        text = f"CREATE {unlogged}TABLE {qualified(*self.name)}"
        if self.parent is not None:
            text += f" PARTITION OF {qualified(*self.parent)}"
        elif self.of_type is not None:
            text += f" OF {self.new['of_type']}"
        return text

    def tail(self) -> str:
        words = []
        if self.parent is not None:
            words.append(bound(self.name, self.context))
        if self.parents:
            names = ", ".join(qualified(*parent) for _, parent in self.parents)
            words.append(f"INHERITS ({names})")
        if self.new["partition_key"]:
            words.append(f"PARTITION BY {self.new['partition_key']}")
        if (method := access_method(self.new)) and method != self._usual_method():
            words.append(f"USING {method}")
        if self.new["options"]:
            words.append(with_clause(in_order(self.new)).strip())
        parent = self.context.new.get("table", *self.parent) if self.parent else None
        if self.new["tablespace"] != (parent["tablespace"] if parent else None):
            words.append(f"TABLESPACE {ident(str(self.new['tablespace'] or 'pg_default'))}")
        return "".join(f"\n{word}" for word in words)

    def _usual_method(self) -> str:
        """The access method that it gets where none is named: the one for its parent's partitions, if that has any."""
        parent = self.context.new.get("table", *self.parent) if self.parent else None
        return (access_method(parent) if parent else "") or ("" if self.new["partition_key"] else "heap")

    def sql(self) -> str:
        body = " (\n    " + ",\n    ".join(self.lines) + "\n)" if self.lines else ""
        if not self.lines and self.parent is None and self.of_type is None:
            body = " ()"
        return f"{self.head()}{body}{self.tail()}"

    def after(self) -> Iterator[Step]:
        """What CREATE TABLE cannot say."""
        yield from checked_again(self.settled, self.new.key, self.context)
        if self.new.key.kind == "table" and not access_method(self.new) and self._usual_method():
            head = alter_table(self.name, self.context)
            yield Step(f"{head} SET ACCESS METHOD DEFAULT", self.new.key, "create")
        for fact in self.columns:
            plain = self.parent is None and not (self.parents and from_parents(fact)) and not self.of_type
            identity = self.context.new.get("identity", *fact.key.path)
            if identity is not None and identity.key in self.settled:
                yield from identity_details(identity, self.context)
            yield from column_text.finishing(fact, self.context, inherited=not plain)
            default = Key("default", fact.key.path)
            if not plain and default not in self.context.b.facts and self._inherited_default(fact.key):
                head = alter_column(fact.key, self.context, alone=True)
                yield Step(f"{head} DROP DEFAULT", fact.key, "create")


def bound(table: tuple[str, str], context: Context) -> str:
    """``FOR VALUES …`` or ``DEFAULT``."""
    fact = context.new.get("partition", *table)
    return fact.text("bound") if fact is not None else ""


def create_table(new: Fact, context: Context) -> Iterator[Step]:
    """CREATE TABLE and what must follow it at once."""
    from dataio.planner.native.rules.tables.tables import row_security

    table = _Table(new, context)
    table.add_columns()
    table.add_not_nulls()
    table.add_constraints()
    table.add_link()
    yield Step(
        table.sql(),
        new.key,
        "create",
        absorbs=frozenset(table.settled & context.coming),
        after=table.of_parents() | table.referenced(),
    )
    yield from row_security(None, new, context, "create")
    yield from table.after()  # of columns, whose steps come after all of the table's


def create_foreign_table(new: Fact, context: Context) -> Iterator[Step]:
    table = _Table(new, context)
    table.add_columns()
    table.add_not_nulls()
    table.add_constraints()
    table.add_link()
    lines = " (\n    " + ",\n    ".join(table.lines) + "\n)" if table.lines else " ()"
    names = ", ".join(qualified(*parent) for _, parent in table.parents)
    inheritance = f"\nINHERITS ({names})" if names else ""
    server = f"\nSERVER {ident(new.text('server'))}{fdw_options(new['options'])}"
    sql = f"CREATE FOREIGN TABLE {qualified(*table.name)}{lines}{inheritance}{server}"
    absorbs = frozenset(table.settled & context.coming)
    yield Step(sql, new.key, "create", absorbs=absorbs, after=table.of_parents())
    yield from table.after()
