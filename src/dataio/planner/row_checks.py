"""Which rows of the target stand in the way: for every step whose success depends on data, a query that finds them.

The queries only read. They are made from the facts and from what the desired database says of its constraints; the
rows are seen as they will be named (renamed columns by their new names, new columns by their defaults).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import psycopg
from psycopg.rows import dict_row

from dataio.plan.model import RowCheck
from dataio.planner.delta import Delta
from dataio.planner.figures import query
from dataio.planner.native.casts import bare
from dataio.planner.native.sql import ident, literal, qualified
from dataio.planner.renames import Rename
from dataio.snapshot.kinds import Key
from dataio.snapshot.model import Fact, Snapshot

_VALID_INPUT: Final = 16  # the first version that can say whether a text is a value of a type
_STRINGS: Final = frozenset({"character varying", "character"})
_INTEGERS: Final = {"smallint": 1 << 15, "integer": 1 << 31, "bigint": 1 << 63}


@dataclass(frozen=True)
class Rows:
    """What the queries are made from. ``now``: the facts after the renames; ``major``: the target's version.

    ``wanted``: a connection to the desired database.
    """

    now: Snapshot
    goal: Snapshot
    deltas: Sequence[Delta]
    renames: Sequence[Rename]
    wanted: psycopg.Connection[Any]
    major: int

    def checks(self) -> tuple[RowCheck, ...]:
        """The checks, each thing once, in the order of the facts."""
        return tuple(dict.fromkeys(check for delta in self.deltas for check in self._of(delta) if check is not None))

    def _of(self, delta: Delta) -> Iterator[RowCheck | None]:
        new, old = delta.new, delta.old
        if new is None:
            return
        match delta.key.kind:
            case "not_null" if new["is_local"] and new["validated"] and (old is None or not old["validated"]):
                yield self._not_null(new)
            case "constraint" if new["validated"] and new["enforced"] is not False and not _inherited(new):
                yield self._constraint(new, old)
            case "index" if new["unique"] and new["parent"] is None and (old is None or self._differs(old, new)):
                yield self._keys(_pair(new["table"]), new.key.path[1], "unique")
            case "column" if old is not None and "type" in delta.changed and new["generated"] is None:
                yield self._cast(old, new)
            case "enum" if old is not None:
                yield from self._enum(old, new)
            case "domain_constraint" if new["validated"]:
                yield from self._domain(new)
            case "domain" if old is not None and new["not_null"] and not old["not_null"]:
                yield from self._domain_not_null(new)
            case "partition" if old is None or "bound" in delta.changed:
                yield from self._partition(new)

    # ---- one kind each ---------------------------------------------------------------------------------------------

    def _not_null(self, new: Fact) -> RowCheck | None:
        schema, table, column = new.key.path
        made = self.goal.facts.get(Key("column", new.key.path))
        if made is None or made["generated"] or Key("identity", new.key.path) in self.goal.facts:
            return None
        return self._check("constraint/not-null", (schema, table), column, "NOT NULL", f"{ident(column)} IS NULL")

    def _constraint(self, new: Fact, old: Fact | None) -> RowCheck | None:
        if old is not None and old["definition"] == new["definition"]:
            return None
        schema, table, name = new.key.path
        rule = self._rules.get((schema, table, name))
        if rule is None:
            return None
        where, text = (schema, table), new.text("definition")
        match new["type"]:
            case "check":
                return self._check("constraint/check", where, name, text, f"NOT ({rule['expression']})")
            case "foreign key" if not rule["period"]:
                return self._reference(where, name, text, rule)
            case "unique" | "primary key" if rule["operators"] is None:
                return self._keys(where, name, new.text("type"))
            case "unique" | "primary key" | "exclude":
                return self._exclude(where, name, text, rule)
        return None

    def _keys(self, where: tuple[str, str], name: str, kind: str) -> RowCheck | None:
        rule = self._rules.get((*where, name))
        if rule is None:
            return None
        keys = rule["keys"]
        known = " AND ".join(f"({key}) IS NOT NULL" for key in keys)
        counted = "true" if rule["nulls_not_distinct"] else known
        if rule["predicate"]:
            counted = f"({counted}) AND ({rule['predicate']})"
        number = f"row_number() OVER (PARTITION BY {counted}, {', '.join(keys)})"
        condition = "d_counts AND d_number > 1"  # NULLs in a primary key are found as those of its NOT NULLs
        word = f"{kind.upper()} ({', '.join(keys)})"
        hazard = "constraint/primary-key" if kind == "primary key" else "constraint/unique"
        return self._check(
            hazard, where, name, word, condition, extra=f", ({counted}) AS d_counts, {number} AS d_number"
        )

    def _exclude(self, where: tuple[str, str], name: str, text: str, rule: dict[str, Any]) -> RowCheck | None:
        found = self._source(where)
        if found is None:
            return None
        source, key = found
        keys = [f"{expression} AS d_{i}" for i, expression in enumerate(rule["keys"])]
        inner = f"SELECT {', '.join(keys)}, {key} AS d_key, d_row FROM {source}"
        if rule["predicate"]:
            inner += f" WHERE {rule['predicate']}"
        meets = " AND ".join(f"a.d_{i} {operator} b.d_{i}" for i, operator in enumerate(rule["operators"]))
        sql = (
            f"SELECT a.d_key AS key FROM ({inner}) a"
            f" WHERE EXISTS (SELECT FROM ({inner}) b WHERE a.d_row <> b.d_row AND {meets})"
        )
        return RowCheck("constraint/exclude", qualified(*where, name), text, sql)

    def _reference(self, where: tuple[str, str], name: str, text: str, rule: dict[str, Any]) -> RowCheck | None:
        other = self._source((rule["ref_schema"], rule["ref_table"]))
        known = " AND ".join(f"{column} IS NOT NULL" for column in rule["columns"])
        if other is None:
            return self._check("constraint/foreign-key", where, name, text, known)
        columns = zip(rule["columns"], rule["referenced"], strict=True)
        same = " AND ".join(f"r.{there} = t.{here}" for here, there in columns)
        condition = f"{known} AND NOT EXISTS (SELECT FROM {other[0].removesuffix(' t')} r WHERE {same})"
        return self._check("constraint/foreign-key", where, name, text, condition)

    def _cast(self, old: Fact, new: Fact) -> RowCheck | None:
        schema, table, column = new.key.path
        was, becomes = old.text("type"), new.text("type")
        if bare(was) == bare(becomes) == "numeric" and self.major < _VALID_INPUT:
            return None
        name = ident(column)
        target = bare(becomes)
        if target in _STRINGS:
            length = becomes.partition("(")[2].rstrip(")")
            condition = f"char_length({name}::text) > {length}" if length else ""
        elif target in _INTEGERS and bare(was) in {*_INTEGERS, "numeric"}:
            limit = _INTEGERS[target]
            condition = f"{name} NOT BETWEEN -{limit} AND {limit - 1}"
            if target == "bigint" and bare(was) in _INTEGERS:
                condition = ""
        elif self.major >= _VALID_INPUT and target != "text" and self._known_type(becomes):
            condition = f"NOT pg_catalog.pg_input_is_valid({name}::text, {literal(becomes)})"
        else:
            condition = ""
        if not condition:
            return None
        return self._check(
            "constraint/cast", (schema, table), column, f"{was} to {becomes}", condition, types={column: ""}
        )

    def _known_type(self, text: str) -> bool:
        """Whether the target has the type already: one that is made or changed by the plan cannot be asked."""
        changed = {qualified(*delta.key.path) for delta in self.deltas if delta.key.kind in ("enum", "domain", "range")}
        return bare(text).removesuffix("[]") not in changed

    def _enum(self, old: Fact, new: Fact) -> Iterator[RowCheck | None]:
        gone = [label for label in old.names("labels") if label not in new.names("labels")]
        if not gone:
            return
        name = qualified(*old.key.path)
        labels = ", ".join(literal(label) for label in gone)
        for column, array in self._columns_of(name):
            value = ident(column.path[2])
            condition = f"{value}::text[] && ARRAY[{labels}]" if array else f"{value}::text IN ({labels})"
            yield self._check(
                "constraint/enum-value", column.path[:2], column.path[2], f"without {labels}", condition,
                types={column.path[2]: ""},
            )  # fmt: skip

    def _domain(self, new: Fact) -> Iterator[RowCheck | None]:
        text = new.text("definition").removeprefix("CHECK ")
        for column, array in self._columns_of(qualified(*new.key.path[:2])):
            if not array:
                condition = f"(SELECT NOT {text} FROM (SELECT {ident(column.path[2])} AS value) v)"
                yield self._check(
                    "constraint/domain", column.path[:2], column.path[2], new.text("definition"), condition
                )

    def _domain_not_null(self, new: Fact) -> Iterator[RowCheck | None]:
        for column, array in self._columns_of(qualified(*new.key.path)):
            if not array:
                condition = f"{ident(column.path[2])} IS NULL"
                yield self._check("constraint/domain", column.path[:2], column.path[2], "NOT NULL", condition)

    def _partition(self, new: Fact) -> Iterator[RowCheck | None]:
        where = (new.key.path[0], new.key.path[1])
        row = self.wanted.execute(query("partition_rule"), {"table": qualified(*where)}).fetchone()
        rule = row[0] if row else None
        if not rule or "satisfies_hash_partition" in rule:
            return
        yield self._check("constraint/partition-bound", where, "", new.text("bound"), f"NOT ({rule})")
        for fact in self.goal.of_kind("partition"):
            if fact["parent"] == new["parent"] and fact["bound"] == "DEFAULT" and fact.key != new.key:
                default = (fact.key.path[0], fact.key.path[1])
                yield self._check("constraint/partition-bound", default, "", f"not {new.text('bound')}", rule)

    # ---- rows as they will be --------------------------------------------------------------------------------------

    def _check(
        self,
        name: str,
        where: tuple[str, ...],
        what: str,
        rule: str,
        condition: str,
        *,
        extra: str = "",
        types: dict[str, str] | None = None,
    ) -> RowCheck | None:
        found = self._source((where[0], where[1]), types=types)
        if found is None:
            return None
        source, key = found
        if extra:
            source = f"(SELECT t.*{extra} FROM {source}) t"
        subject = qualified(*where[:2], what) if what else qualified(*where[:2])
        return RowCheck(name, subject, rule, f"SELECT {key} AS key FROM {source} WHERE {condition}")

    def _source(self, where: tuple[str, str], *, types: dict[str, str] | None = None) -> tuple[str, str] | None:
        """A table of the target with its rows as they will be, and the text that tells one from another.

        ``None`` where it is not there yet. Columns in ``types`` keep the type they have.
        """
        table = Key("table", where)
        if table not in self.now.facts:
            return None
        columns, names = [], set()
        for fact in self.now.children(table):
            if fact.key.kind == "column":
                name = fact.key.path[2]
                names.add(name)
                columns.append(self._column(fact, keep=bool(types and name in types)))
        for fact in self.goal.children(table):
            if fact.key.kind == "column" and fact.key.path[2] not in names and not fact["generated"]:
                default = self.goal.facts.get(Key("default", fact.key.path))
                value = default.text("expression") if default else "NULL"
                columns.append(f"({value})::{fact['type']} AS {ident(fact.key.path[2])}")
        columns.append("(tableoid, ctid)::text AS d_row")
        old = self._before(Key("table", where)).path
        keys = self._primary_key(where)
        key = " || ', ' || ".join(f"{literal(f'{name}=')} || {ident(name)}::text" for name in keys)
        return f"(SELECT {', '.join(columns)} FROM {qualified(*old)}) t", key or "'row ' || d_row"

    def _column(self, fact: Fact, *, keep: bool) -> str:
        old = ident(self._before(fact.key).path[2])
        name = ident(fact.key.path[2])
        becomes = self.goal.facts.get(fact.key)
        if becomes is not None and becomes["type"] != fact["type"] and not keep:
            type_text = becomes.text("type")
            return f"{old}::{type_text} AS {name}" if self._known_type(type_text) else f"{old} AS {name}"
        return old if old == name else f"{old} AS {name}"

    def _primary_key(self, where: tuple[str, str]) -> tuple[str, ...]:
        for fact in self.now.children(Key("table", where)):
            if fact.key.kind == "constraint" and fact["type"] == "primary key":
                return fact.names("columns")
        return ()

    def _before(self, key: Key) -> Key:
        """What a thing is called on the target, before the renames."""
        path = key.path
        for rename in reversed(self.renames):
            new = rename.new.path
            if rename.old.kind in ("schema", "table", "column") and path[: len(new)] == new:
                path = rename.old.path + path[len(new) :]
        return Key(key.kind, path)

    def _columns_of(self, type_name: str) -> Iterator[tuple[Key, bool]]:
        """The columns that have a type, or arrays of it."""
        for fact in self.now.of_kind("column"):
            if fact["inherited"] and not fact["is_local"]:
                continue
            bare_type = bare(fact.text("type"))
            if bare_type.removesuffix("[]") == type_name:
                yield fact.key, bare_type.endswith("[]")

    def _differs(self, old: Fact, new: Fact) -> bool:
        return any(old[name] != new[name] for name in ("definition", "unique", "table"))

    @cached_property
    def _rules(self) -> dict[tuple[str, str, str], dict[str, Any]]:
        """What the desired database says of the constraints and unique indexes that are new."""
        wanted = []
        for delta in self.deltas:
            if delta.new is not None and delta.key.kind == "constraint":
                wanted.append(delta.key.path)
            elif delta.new is not None and delta.key.kind == "index" and delta.new["unique"]:
                wanted.append((*_pair(delta.new["table"]), delta.key.path[1]))
        if not wanted:
            return {}
        with self.wanted.cursor(row_factory=dict_row) as cursor:
            self.wanted.execute("set search_path = ''")
            rows = cursor.execute(query("row_rules"), {"wanted": json.dumps(wanted)}).fetchall()
        return {(row["schema"], row["table"], row["name"]): row for row in rows}


def _pair(value: object) -> tuple[str, str]:
    if not isinstance(value, tuple) or len(value) != len(("schema", "name")):
        raise TypeError(f"{value!r} is no qualified name")
    return str(value[0]), str(value[1])


def _inherited(fact: Fact) -> bool:
    """Whether a parent's check covers it: its query reads the children, too."""
    return fact["parent"] is not None or (bool(fact["inherited"]) and not fact["is_local"])
