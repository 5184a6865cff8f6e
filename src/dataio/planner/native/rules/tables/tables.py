"""Tables and foreign tables as a whole, and the marks on them: replica identity, CLUSTER ON.

https://www.postgresql.org/docs/current/sql-createtable.html, https://www.postgresql.org/docs/current/sql-altertable.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dataio.planner.native.relations.partitioning import columns_moving
from dataio.planner.native.relations.persistence import persistence
from dataio.planner.native.relations.typed_tables import out_of_order
from dataio.planner.native.rules.columns.parts import alter_table
from dataio.planner.native.rules.columns.row_holders import rewriting
from dataio.planner.native.rules.tables.creating import create_foreign_table, create_table
from dataio.planner.native.side import Side
from dataio.planner.native.step import REPLACE, Action, Answer, Context, Rule, Step
from dataio.planner.native.text.options import access_method, fdw_changes, in_order, set_and_reset
from dataio.planner.native.text.sql import ident, qualified
from dataio.snapshot.keys import Key
from dataio.snapshot.model import Fact, Value


def owned_sequences(table: Key, context: Context) -> Iterator[Key]:
    """The sequences that PostgreSQL drops along with a table, and their parts."""
    for column in context.old.contents(table):
        for dependent in context.old.needed_by(column):
            if dependent.kind == "owned_by" and (sequence := Key("sequence", dependent.path)) in context.going:
                yield dependent
                yield sequence
                yield from context.old.everything_in(sequence)


def dropped_along(table: Key, context: Context) -> frozenset[Key]:
    published = (key for key in context.old.needed_by(table) if key.kind == "publication_table")
    return frozenset((*owned_sequences(table, context), *published)) & context.going - context.apart


class TableRule(Rule):
    kind = "table"

    def create(self, new: Fact, context: Context) -> Iterable[Step]:
        return create_table(new, context)

    def drop(self, old: Fact, context: Context) -> Iterable[Step]:
        name = (old.key.path[0], old.key.path[1])
        absorbs = dropped_along(old.key, context)
        yield Step(f"DROP TABLE {qualified(*name)}", old.key, "drop", absorbs=absorbs)

    def alter(self, old: Fact, new: Fact, context: Context) -> Answer:
        if old["partition_key"] != new["partition_key"]:
            return REPLACE
        head = alter_table((new.key.path[0], new.key.path[1]), context)
        anew = []
        if old["access_method"] != new["access_method"]:
            anew.append(Step(f"{head} SET ACCESS METHOD {access_method(new) or 'DEFAULT'}", new.key, "alter"))
        actions = []
        if old["tablespace"] != new["tablespace"]:
            actions.append(f"SET TABLESPACE {ident(str(new['tablespace'] or 'pg_default'))}")
        actions += set_and_reset(in_order(old), in_order(new))
        # toast options need a TOAST table, which the first wide column brings
        wide = any(option.startswith("toast.") for option in map(str, _tuple(new["options"])))
        after = columns_moving([(new.key.path[0], new.key.path[1])], context) if wide else frozenset()
        steps = [Step(f"{head} {action}", new.key, "alter", after=after) for action in actions]
        typed = _typed(old, new, head, context)
        lasting = [*persistence(old, new, head, context)]
        anew = [rewriting(step, context) if step.key == new.key else step for step in (*lasting, *anew)]
        return [*typed, *anew, *steps, *row_security(old, new, context, "alter")]

    def unties(self, old: Fact, new: Fact, context: Context) -> Iterable[Key]:
        return out_of_order(new, context)

    def displaced(self, old: Fact, new: Fact, gone: Key, context: Context) -> Answer:
        if gone.kind == "composite" and old["of_type"] and old["of_type"] == new["of_type"]:
            head = alter_table((new.key.path[0], new.key.path[1]), context)
            columns = _columns(old.key, context)
            loose = Key("table", (*old.key.path[:1], f"{old.key.path[1]}__loose"))  # needs nothing that comes
            return [
                Step(f"{head} NOT OF", loose, "alter", before=columns | {gone}),
                Step(f"{head} OF {new['of_type']}", new.key, "alter", after=columns | {gone}),
            ]
        return ()


def _columns(table: Key, context: Context) -> frozenset[Key]:
    """The columns that a table has before or after."""
    parts = (part.key for side in (context.a, context.b) for part in side.children(table))
    return frozenset(key for key in parts if key.kind == "column")


def _tuple(value: Value) -> tuple[Value, ...]:
    return value if isinstance(value, tuple) else ()


def _typed(old: Fact, new: Fact, head: str, context: Context) -> Iterator[Step]:
    """NOT OF before anything happens to the columns, OF when they are as the attributes of the type."""
    if old["of_type"] == new["of_type"]:
        return
    if old["of_type"]:
        yield Step(f"{head} NOT OF", new.key, "alter", before=_matching(old, context.old, context))
    if new["of_type"]:
        yield Step(f"{head} OF {new['of_type']}", new.key, "alter", after=_matching(new, context.new, context))


def _matching(table: Fact, side: Side, context: Context) -> frozenset[Key]:
    """The columns of a typed table and the attributes of its type, before and after."""
    types = [key for key in side.needs(table.key) if qualified(*key.path) == table["of_type"]]
    wholes = (table.key, *types)
    parts = (key for both in (context.old, context.new) for whole in wholes for key in both.contents(whole))
    return frozenset(key for key in parts if key.kind in {"column", "attribute"})


def row_security(old: Fact | None, new: Fact, context: Context, action: Action) -> Iterator[Step]:
    """ENABLE and FORCE ROW LEVEL SECURITY, each way."""
    head = alter_table((new.key.path[0], new.key.path[1]), context)
    for name, on, off in (("row_security", "ENABLE", "DISABLE"), ("force_row_security", "FORCE", "NO FORCE")):
        before = bool(old[name]) if old is not None else False
        if before != bool(new[name]):
            yield Step(f"{head} {on if new[name] else off} ROW LEVEL SECURITY", new.key, action)


class ForeignTableRule(Rule):
    kind = "foreign_table"

    def create(self, new: Fact, context: Context) -> Iterable[Step]:
        return create_foreign_table(new, context)

    def drop(self, old: Fact, context: Context) -> Iterable[Step]:
        absorbs = dropped_along(old.key, context)
        yield Step(f"DROP FOREIGN TABLE {qualified(*old.key.path)}", old.key, "drop", absorbs=absorbs)

    def alter(self, old: Fact, new: Fact, context: Context) -> Answer:
        if old["server"] != new["server"]:
            return REPLACE
        options = fdw_changes(old["options"], new["options"])
        return [Step(f"ALTER FOREIGN TABLE {qualified(*new.key.path)}{options}", new.key, "alter")] if options else ()


class ReplicaIdentityRule(Rule):
    kind = "replica_identity"

    def create(self, new: Fact, context: Context) -> Iterable[Step]:
        yield self._set(new, context, "create")

    def drop(self, old: Fact, context: Context) -> Iterable[Step]:
        if old.key not in context.replaced:
            head = alter_table((old.key.path[0], old.key.path[1]), context)
            yield Step(f"{head} REPLICA IDENTITY DEFAULT", old.key, "drop")

    def alter(self, old: Fact, new: Fact, context: Context) -> Answer:
        return [self._set(new, context, "alter")]

    def _set(self, new: Fact, context: Context, action: Action) -> Step:
        head = alter_table((new.key.path[0], new.key.path[1]), context)
        word = f"USING INDEX {ident(new.text('index'))}" if new["index"] else new.text("identity").upper()
        return Step(f"{head} REPLICA IDENTITY {word}", new.key, action)


class ClusteredOnRule(Rule):
    kind = "clustered_on"

    def create(self, new: Fact, context: Context) -> Iterable[Step]:
        yield self._set(new, context, "create")

    def drop(self, old: Fact, context: Context) -> Iterable[Step]:
        if old.key not in context.replaced:
            head = alter_table((old.key.path[0], old.key.path[1]), context)
            yield Step(f"{head} SET WITHOUT CLUSTER", old.key, "drop")

    def alter(self, old: Fact, new: Fact, context: Context) -> Answer:
        return [self._set(new, context, "alter")]

    def _set(self, new: Fact, context: Context, action: Action) -> Step:
        head = alter_table((new.key.path[0], new.key.path[1]), context)
        return Step(f"{head} CLUSTER ON {ident(new.text('index'))}", new.key, action)


RULES: tuple[Rule, ...] = (TableRule(), ForeignTableRule(), ReplicaIdentityRule(), ClusteredOnRule())
