"""Which rows of the target stand in the way: for every step whose success depends on data, a query that finds them.

The queries only read. They are made from the facts and from what the desired database says of its constraints; the
rows are seen as they will be (:mod:`dataio.planner.rows.source`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property

import psycopg

from dataio.plan.model import NEW_COLUMN, RowCheck
from dataio.planner.delta import Delta
from dataio.planner.native.casts import bare
from dataio.planner.native.inside import Inside
from dataio.planner.native.text.sql import ident, literal, qualified
from dataio.planner.renames.rename import Rename
from dataio.planner.rows.fit import Fit, changed_types, condition
from dataio.planner.rows.rules import Rule, Rules
from dataio.planner.rows.source import Source
from dataio.planner.sql import query
from dataio.snapshot.keys import Key
from dataio.snapshot.model import Fact, Snapshot

_REMADE = ("type", "collation", "expression")  # what of a column makes PostgreSQL check its constraints again


class Rows:
    """One planning run. ``now``: the facts after the renames; ``major``: the target's version.

    ``wanted``: a connection to the desired database.
    """

    def __init__(
        self,
        now: Snapshot,
        goal: Snapshot,
        deltas: Sequence[Delta],
        renames: Sequence[Rename],
        wanted: psycopg.Connection[object],
        major: int,
    ) -> None:
        self.now = now
        self.goal = goal
        self.deltas = deltas
        self.wanted = wanted
        self.fit = Fit(now, goal, major, changed_types(now, goal))
        self.source = Source(now, goal, renames, self.fit)
        self._columns: dict[RowCheck, Key] = {}  # checks of a type's values: they fail where the column changes

    def checks(self) -> dict[RowCheck, Key]:
        """The checks, each thing once, in the order of the facts; and which fact, as it becomes, asks for each."""
        found: dict[RowCheck, Key] = {}
        for delta in self.deltas:
            for check in self._of(delta):
                if check is not None:
                    found.setdefault(check, self._columns.get(check, delta.key))
        for check, key in self._checked_again():
            found.setdefault(check, key)
        return found

    def _of(self, delta: Delta) -> Iterator[RowCheck | None]:
        new, old = delta.new, delta.old
        if new is None:
            return
        match delta.key.kind:
            case "not_null" if new["is_local"] and new["validated"] and (old is None or not old["validated"]):
                yield self._not_null(new)
            case "constraint" if new["validated"] and new["enforced"] is not False and not _inherited(new):
                if old is None or old["definition"] != new["definition"]:
                    yield self._constraint(new.key.path, new.text("definition"))
            case "index" if new["unique"] and new["parent"] is None and (old is None or _differs(old, new)):
                yield self._constraint((*_pair(new["table"]), new.key.path[1]), "")
            case "column" if new["generated"] is None and not (new["inherited"] and not new["is_local"]):
                yield from self._column(old, new)
            case "enum" if old is not None:
                yield from self._enum(old, new)
            case "attribute" if old is not None and "type" in delta.changed:
                yield from self._attribute(old, new)
            case "domain" if old is not None:
                yield from self._domain(old, new)
            case "domain_constraint" if new["validated"] and (old is None or old.values != new.values):
                yield from self._domain_constraint(new)
            case "partition" if old is None or "bound" in delta.changed or "parent" in delta.changed:
                yield from self._partition(new)

    # ---- columns ---------------------------------------------------------------------------------------------------

    def _not_null(self, new: Fact) -> RowCheck | None:
        schema, table, column = new.key.path
        made = Key("column", new.key.path) not in self.now.facts
        if made and Key("identity", new.key.path) in self.goal.facts:
            return None
        if any(Key("not_null", (*parent, column)) in self._new_not_nulls for parent in self._parents((schema, table))):
            return None  # the parent's question reads these rows, too
        unset = f"{ident(column)} IS NOT DISTINCT FROM NULL"  # a composite of NULLs is no NULL
        rule = NEW_COLUMN if made else "NOT NULL"
        return self._check("constraint/not-null", (schema, table), column, rule, unset, only=bool(new["no_inherit"]))

    @cached_property
    def _new_not_nulls(self) -> frozenset[Key]:
        return frozenset(d.key for d in self.deltas if d.key.kind == "not_null" and d.new is not None and d.old is None)

    def _parents(self, table: tuple[str, str]) -> Iterator[tuple[str, str]]:
        partition = self.goal.facts.get(Key("partition", table))
        if partition is not None:
            yield _pair(partition["parent"])
        for fact in self.goal.of_kind("inheritance"):
            if fact.key.path[:2] == table:
                yield fact.key.path[2], fact.key.path[3]

    def _column(self, old: Fact | None, new: Fact) -> Iterator[RowCheck | None]:
        schema, table, name = new.key.path
        becomes = new.text("type")
        if old is None:
            domain = Inside(self.goal).domains.get(bare(becomes))
            if domain is not None and Key("identity", new.key.path) not in self.goal.facts:
                wrong = self.fit.violated(ident(name), domain.text("type"), becomes)
                if wrong:
                    yield self._check("constraint/domain", (schema, table), name, becomes, wrong)
            return
        was = old.text("type")
        if was == becomes:
            return
        wrong = self.fit.violated(ident(name), was, becomes)
        if wrong:
            yield self._check("constraint/cast", (schema, table), name, f"{was} to {becomes}", wrong, keep=name)

    # ---- types -----------------------------------------------------------------------------------------------------

    def _values(self, kind: str, type_name: str, rule: str, meets: Callable[[str], str]) -> Iterator[RowCheck | None]:
        """Ask every column that is of a type, or holds values of it inside."""
        for column in self.now.of_kind("column"):
            if column["inherited"] and not column["is_local"]:
                continue
            *where, name = column.key.path
            after = self.goal.facts.get(column.key)
            if after is None or after["generated"]:
                continue
            wrong = self._inside.holds(ident(name), column.text("type"), type_name, meets)
            if wrong and bare(after.text("type")) == bare(column.text("type")):
                check = self._check(kind, (where[0], where[1]), name, rule, wrong, keep=name)
                if check is not None:
                    self._columns[check] = column.key
                    yield check

    @cached_property
    def _inside(self) -> Inside:
        return Inside(self.now)

    def _enum(self, old: Fact, new: Fact) -> Iterator[RowCheck | None]:
        gone = [label for label in old.names("labels") if label not in new.names("labels")]
        if gone:
            labels = ", ".join(literal(label) for label in gone)
            yield from self._values(
                "constraint/enum-value", qualified(*old.key.path), f"without {labels}",
                lambda value: f"{value}::text IN ({labels})",
            )  # fmt: skip

    def _attribute(self, old: Fact, new: Fact) -> Iterator[RowCheck | None]:
        """An attribute of a composite type: the values of columns move to it through text."""
        name, was, becomes = ident(new.key.path[2]), old.text("type"), new.text("type")
        if not self.fit.violated("x", was, becomes):
            return
        yield from self._values(
            "constraint/cast", qualified(*new.key.path[:2]), f"{name} {was} to {becomes}",
            lambda value: self.fit.violated(f"({value}).{name}::text", "text", becomes),
        )  # fmt: skip

    def _domain(self, old: Fact, new: Fact) -> Iterator[RowCheck | None]:
        name = qualified(*new.key.path)
        if old["type"] != new["type"]:
            was = old.text("type")
            if self.fit.violated("x", was, new.text("type")):
                yield from self._values(
                    "constraint/cast", name, f"{was} to {new['type']}",
                    lambda value: self.fit.violated(f"{value}::text", "text", new.text("type")),
                )  # fmt: skip
        if new["not_null"] and not old["not_null"]:
            yield from self._values(
                "constraint/domain", name, "NOT NULL", lambda value: f"{value} IS NOT DISTINCT FROM NULL"
            )

    def _domain_constraint(self, new: Fact) -> Iterator[RowCheck | None]:
        domain = self.goal.facts.get(Key("domain", new.key.path[:2]))
        before = self.now.facts.get(Key("domain", new.key.path[:2]))
        if domain is None or before is None or domain["type"] != before["type"]:
            return
        yield from self._values(
            "constraint/domain", qualified(*new.key.path[:2]), new.text("definition"),
            lambda value: f"(SELECT NOT {condition(new)} FROM (SELECT ({value})::{domain['type']} AS value) d_v)",
        )  # fmt: skip

    # ---- partitions ------------------------------------------------------------------------------------------------

    def _partition(self, new: Fact) -> Iterator[RowCheck | None]:
        where = (new.key.path[0], new.key.path[1])
        rule = self._bound(where)
        if not rule:
            return
        yield self._check("constraint/partition-bound", where, "", new.text("bound"), f"NOT ({rule})")
        for fact in self.goal.of_kind("partition"):
            if fact["parent"] == new["parent"] and fact["bound"] == "DEFAULT" and fact.key != new.key:
                default = (fact.key.path[0], fact.key.path[1])
                yield self._check("constraint/partition-bound", default, "", f"not {new.text('bound')}", rule)

    def _bound(self, where: tuple[str, str]) -> str:
        """What a partition asks of its rows. Those of hash partitions name their parent, by its OID over there."""
        row = self.wanted.execute(query("partition_rule"), {"table": qualified(*where)}).fetchone()
        if row is None or row[0] is None:  # type: ignore[index]
            return ""
        rule, above = str(row[0]), row[1] or {}  # type: ignore[index]
        for oid, (schema, name) in above.items():
            parent = self.source.before(Key("table", (schema, name)))
            here = f"{literal(qualified(*parent.path))}::regclass"
            rule = rule.replace(f"satisfies_hash_partition('{oid}'::oid", f"pg_catalog.satisfies_hash_partition({here}")
        return rule

    # ---- constraints and unique indexes ----------------------------------------------------------------------------

    @cached_property
    def _rules(self) -> Rules:
        named = []
        for delta in self.deltas:
            if delta.new is not None and delta.key.kind == "constraint":
                named.append(delta.key.path)
            elif delta.new is not None and delta.key.kind == "index" and delta.new["unique"]:
                named.append((*_pair(delta.new["table"]), delta.key.path[1]))
        named = [path for path in named if path[:2] in self.now.relations]
        return Rules.read(self.wanted, named, [column.key.path for column in self._remade])

    @cached_property
    def _remade(self) -> list[Fact]:
        """Columns whose values become others, so that what held for the old ones may not hold any more."""
        found = []
        for delta in self.deltas:
            if delta.key.kind == "column" and delta.old is not None and delta.new is not None:
                old, new = delta.old, delta.new
                other = "collation" in delta.changed or "expression" in delta.changed
                if other or ("type" in delta.changed and not self.fit.same(old.text("type"), new.text("type"))):
                    found.append(new)
        return found

    def _checked_again(self) -> Iterator[tuple[RowCheck, Key]]:
        """Constraints that stay, on columns that become others: two values may become one, or fail a CHECK."""
        if not self._remade:
            return
        new = {delta.key for delta in self.deltas if delta.new is not None}
        for rule in self._rules.depending:
            table = (rule.schema, rule.table)
            facts = [Key("constraint", (*table, rule.name)), Key("index", (rule.schema, rule.name))]
            there = [key for key in facts if key in self.goal.facts]
            if not there or there[0] in new or there[0] not in self.now.facts:
                continue
            fact = self.goal.facts[there[0]]
            if fact["parent"] is None and not (
                there[0].kind == "constraint" and (_inherited(fact) or not fact["validated"])
            ):
                check = self._ruled(rule, fact.text("definition"))
                remade = next((column.key for column in self._remade if column.key.path[:2] == table), there[0])
                if check is not None:
                    yield check, remade

    def _constraint(self, path: tuple[str, ...], text: str) -> RowCheck | None:
        rule = self._rules.named.get((path[0], path[1], path[2]))
        return self._ruled(rule, text) if rule is not None else None

    def _ruled(self, rule: Rule, text: str) -> RowCheck | None:
        where = (rule.schema, rule.table)
        match rule.type:
            case "check":
                wrong = f"NOT ({rule.expression})"
                return self._check("constraint/check", where, rule.name, text, wrong, only=rule.no_inherit)
            case "foreign key":
                return self._reference(where, rule, text)
            case "unique" | "primary key" if rule.operators is None:
                return self._keys(where, rule)
        return self._exclude(where, rule, text)

    def _keys(self, where: tuple[str, str], rule: Rule) -> RowCheck | None:
        """All rows of one key but the first."""
        hazard = "constraint/primary-key" if rule.type == "primary key" else "constraint/unique"
        words = f"{rule.type.upper()} ({', '.join(rule.keys)})"
        rows = self.source.rows(where, only=True)
        if rows is None:
            return None
        known = " AND ".join(f"({key}) IS DISTINCT FROM NULL" for key in rule.keys)
        counted = [] if rule.nulls_not_distinct else [known]  # NULLs in a primary key are found as those of NOT NULL
        counted += [rule.predicate] if rule.predicate else []
        met = " AND ".join(f"({one})" for one in counted) or "true"
        if rule.equal is None:
            number = f"pg_catalog.row_number() OVER (PARTITION BY {', '.join(rule.grouped)} ORDER BY d_row)"
            numbered = f"(SELECT d_key, {number} AS d_number FROM {rows} WHERE {met}) t"
            sql = f"SELECT d_key AS key FROM {numbered} WHERE d_number > 1"
        else:
            sql = self._pairs(rule, rows, met, rule.equal, "a.d_row > b.d_row")
        return RowCheck(hazard, qualified(*where, rule.name), words, sql)

    def _exclude(self, where: tuple[str, str], rule: Rule, text: str) -> RowCheck | None:
        """Rows that meet another one; for WITHOUT OVERLAPS empty ranges, too."""
        rows = self.source.rows(where, only=True)
        if rows is None or rule.operators is None:
            return None
        name = {"exclude": "constraint/exclude", "unique": "constraint/unique"}.get(rule.type, "constraint/primary-key")
        sql = self._pairs(rule, rows, rule.predicate or "true", rule.operators, "a.d_row <> b.d_row")
        if rule.type != "exclude":
            sql += f" OR pg_catalog.isempty(a.d_{len(rule.keys) - 1})"
        return RowCheck(name, qualified(*where, rule.name), text, sql)

    @staticmethod
    def _pairs(rule: Rule, rows: str, met: str, operators: Sequence[str], other: str) -> str:
        keys = ", ".join(f"{key} AS d_{i}" for i, key in enumerate(rule.grouped))
        inner = f"(SELECT {keys}, d_key, d_row FROM {rows} WHERE {met})"
        meets = " AND ".join(f"a.d_{i} {operator} b.d_{i}" for i, operator in enumerate(operators))
        return f"SELECT a.d_key AS key FROM {inner} a WHERE EXISTS (SELECT FROM {inner} b WHERE {other} AND {meets})"

    def _reference(self, where: tuple[str, str], rule: Rule, text: str) -> RowCheck | None:
        """Rows that refer to something that is not there; by MATCH FULL also those that are NULL in part."""
        known = " AND ".join(f"t.{column} IS DISTINCT FROM NULL" for column in rule.columns)
        there = self.source.rows((rule.ref_schema or "", rule.ref_table or ""), only=True)
        wrong = known
        if there is not None:
            wrong = f"{known} AND NOT {self._found(rule, there)}"
        if rule.match_full and len(rule.columns) > 1:
            some = " OR ".join(f"t.{column} IS DISTINCT FROM NULL" for column in rule.columns)
            wrong = f"({wrong}) OR (({some}) AND NOT ({known}))"
        return self._check("constraint/foreign-key", where, rule.name, text, wrong, only=True)

    @staticmethod
    def _found(rule: Rule, there: str) -> str:
        """Whether what a row refers to is there; of a period, whether all of it is covered."""
        columns = list(zip(rule.referenced, rule.equal or (), rule.columns, strict=True))
        rows = there.removesuffix(" t") + " r"
        if not rule.period:
            same = " AND ".join(f"r.{pk} {operator} t.{fk}" for pk, operator, fk in columns)
            return f"EXISTS (SELECT FROM {rows} WHERE {same})"
        *scalars, (pk, _, fk) = columns
        same = " AND ".join([*(f"r.{a} {operator} t.{b}" for a, operator, b in scalars), f"r.{pk} && t.{fk}"])
        return f"EXISTS (SELECT FROM {rows} WHERE {same} HAVING t.{fk} <@ pg_catalog.range_agg(r.{pk}))"

    def _check(
        self,
        name: str,
        where: tuple[str, str],
        what: str,
        rule: str,
        wrong: str,
        *,
        keep: str = "",
        only: bool = False,
    ) -> RowCheck | None:
        rows = self.source.rows(where, keep=(keep,), only=only)
        if rows is None:
            return None
        subject = qualified(*where, what) if what else qualified(*where)
        return RowCheck(name, subject, rule, f"SELECT d_key AS key FROM {rows} WHERE {wrong}")


def _pair(value: object) -> tuple[str, str]:
    if not isinstance(value, tuple) or len(value) != len(("schema", "name")):
        raise TypeError(f"{value!r} is no qualified name")
    return str(value[0]), str(value[1])


def _differs(old: Fact, new: Fact) -> bool:
    return any(old[name] != new[name] for name in ("definition", "unique", "table"))


def _inherited(fact: Fact) -> bool:
    """Whether a parent's check covers it: its query reads the children, too."""
    return fact["parent"] is not None or (bool(fact["inherited"]) and not fact["is_local"])
