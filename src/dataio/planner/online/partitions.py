"""Online phases of partitioned tables: partition by partition, and the parent last."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from dataio.plan.model import Alone, Statement
from dataio.planner.native.text.sql import ident, literal, qualified
from dataio.planner.online.phases import Phases, deferral, name_beside, pair, single
from dataio.planner.sql import query
from dataio.snapshot.keys import Key
from dataio.snapshot.model import Fact


@dataclass
class PartitionPhases(Phases):
    """What goes partition by partition."""

    def partitioned_index(self, statement: Statement, fact: Fact, table: tuple[str, str]) -> Iterator[Statement]:
        """The parent's alone, the partitions' concurrently, then attached: with the last it becomes valid."""
        children = [one for one in self.goal.of_kind("index") if one["parent"] == fact.key.path]
        if not self._one_each({pair(one["table"]) for one in children}, table):
            return
        if any(one.key in self.now.facts for one in children):
            return
        text = statement.sql.replace(" ON ONLY ", " ON ", 1).replace(" ON ", " ON ONLY ", 1)
        yield replace(statement, sql=text, new_transaction=True, observation=None)
        for child in children:
            schema, name = child.key.path
            yield self.build(statement, child.text("definition"), schema, name, pair(child["table"]))
            parent = qualified(*fact.key.path)
            yield self.more(statement, f"ALTER INDEX {parent} ATTACH PARTITION {qualified(schema, name)}")

    def _one_each(self, tables: set[tuple[str, str]], parent: tuple[str, str]) -> bool:
        """Whether these are the partitions of a table, all there before and after, and none partitioned itself."""
        partitions = self.partitions(parent)
        return bool(tables) and partitions is not None and tables == set(partitions)

    def partition_keys(self, fact: Fact) -> list[tuple[Fact, str]]:
        """What a key of a partitioned table is in each partition, with the index behind it; empty where not known."""
        found = []
        for child in self._of_partitions(fact):
            text = self.index_behind(child)
            if text is None:
                return []
            found.append((child, text))
        return found

    def _of_partitions(self, fact: Fact) -> list[Fact]:
        """The constraints of the partitions that come with one of their parent; empty where they do not all come."""
        children = [one for one in self.goal.of_kind("constraint") if one["parent"] == fact.key.path]
        tables = {(one.key.path[0], one.key.path[1]) for one in children}
        parent = (fact.key.path[0], fact.key.path[1])
        if not self.swap or not self._one_each(tables, parent) or any(one.key in self.now.facts for one in children):
            return []
        return children

    def partitioned_key(self, statement: Statement, fact: Fact, keys: list[tuple[Fact, str]]) -> Iterator[Statement]:
        """The parent's alone, not valid yet; each partition's over an index built concurrently, then attached."""
        schema, table, name = fact.key.path
        head = f"ALTER TABLE ONLY {qualified(schema, table)} ADD CONSTRAINT"
        yield self.more(statement, f"{head} {ident(name)} {fact.text('definition')}")
        word = fact.text("type").upper()
        for child, text in keys:
            where, own = (child.key.path[0], child.key.path[1]), child.key.path[2]
            yield self.build(statement, text, where[0], own, where)
            using = f"ADD CONSTRAINT {ident(own)} {word} USING INDEX {ident(own)}{deferral(child)}"
            yield self.more(statement, f"ALTER TABLE {qualified(*where)} {using}")
            attach = f"ALTER INDEX {qualified(schema, name)} ATTACH PARTITION {qualified(where[0], own)}"
            yield self.more(statement, attach, joined=True)

    def partitioned_reference(self, statement: Statement, fact: Fact) -> Iterator[Statement]:
        """Before PostgreSQL 18: each partition's foreign key in two steps; the parent's then takes them over."""
        children = self._of_partitions(fact)
        for child in children:
            head, name = f"ALTER TABLE {qualified(*child.key.path[:2])}", ident(child.key.path[2])
            yield self.more(statement, f"{head} ADD CONSTRAINT {name} {child.text('definition')} NOT VALID")
            yield self.more(statement, f"{head} VALIDATE CONSTRAINT {name}")
        if children:
            yield self.more(statement, statement.sql)

    def attach(self, statement: Statement, fact: Fact) -> Iterator[Statement]:
        """What the bound asks is made a CHECK and validated first, so that the rows are not read under the lock."""
        child, parent = (fact.key.path[0], fact.key.path[1]), pair(fact["parent"])
        if not self.swap or not self.stays(child) or not self.stays(parent):
            return
        self.wanted.execute("set search_path = ''")
        row = self.wanted.execute(query("partition_rule"), {"table": qualified(*child)}).fetchone()
        rule = str(row[0]) if row and row[0] else ""
        if not rule or "satisfies_hash_partition" in rule:
            return
        checked = [(child, rule)]
        for one in self.now.of_kind("partition"):
            default = (one.key.path[0], one.key.path[1])
            if one["parent"] == parent and one["bound"] == "DEFAULT" and default != child and self.stays(default):
                checked.append((default, f"NOT ({rule})"))
        name = ident(name_beside(child[1], "bound"))
        for table, condition in checked:
            head = f"ALTER TABLE {qualified(*table)}"
            yield self.more(statement, f"{head} ADD CONSTRAINT {name} CHECK ({condition}) NOT VALID")
            yield self.more(statement, f"{head} VALIDATE CONSTRAINT {name}")
        yield self.more(statement, statement.sql)
        for table, _ in checked:
            yield self.more(statement, f"ALTER TABLE {qualified(*table)} DROP CONSTRAINT {name}", joined=True)

    def detach(self, statement: Statement, key: Key) -> Iterator[Statement]:
        fact = self.now.facts[key]
        parent, child = pair(fact["parent"]), (key.path[0], key.path[1])
        default = any(one["parent"] == parent and one["bound"] == "DEFAULT" for one in self.now.of_kind("partition"))
        if default or not self.stays(parent) or not self.stays(child):
            return
        head, name = f"ALTER TABLE {qualified(*parent)} DETACH PARTITION", qualified(*child)
        state = f"SELECT EXISTS (SELECT FROM pg_catalog.pg_inherits WHERE inhrelid = to_regclass({literal(name)})"
        alone = Alone(
            qualified(*parent), f"{state.replace('EXISTS', 'NOT EXISTS', 1)})", f"{state} AND inhdetachpending)",
            f"{head} {name} FINALIZE",
        )  # fmt: skip
        yield replace(statement, sql=f"{head} {name} CONCURRENTLY", observation=None, alone=single(alone))
