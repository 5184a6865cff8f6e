"""Views, materialized views and rules.

https://www.postgresql.org/docs/current/sql-createview.html,
https://www.postgresql.org/docs/current/sql-creatematerializedview.html,
https://www.postgresql.org/docs/current/sql-createrule.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from dataio.planner.native import wording
from dataio.planner.native.adapt import Adapting
from dataio.planner.native.rules.columns.facts import default_storage
from dataio.planner.native.step import REPLACE, Answer, Context, Rule, Step
from dataio.planner.native.text.options import in_order, pairs, set_and_reset, with_clause
from dataio.planner.native.text.sql import ident, qualified
from dataio.snapshot.model import Fact, Value


def query(fact: Fact, context: Context) -> str:
    """The query of a view or a rule's CREATE, without the semicolon that PostgreSQL ends it with."""
    return wording.text(fact, "definition", context).rstrip().removesuffix(";")


def create_view(new: Fact, context: Context, *, or_replace: bool = False) -> str:
    """CREATE [OR REPLACE] VIEW. The options of a replaced view are those written here, not those it had."""
    verb = "CREATE OR REPLACE VIEW" if or_replace else "CREATE VIEW"
    return f"{verb} {qualified(*new.key.path)}{with_clause(in_order(new))} AS\n{query(new, context)}"


def _columns(fact: Fact) -> tuple[Value, ...]:
    columns = fact["columns"]
    return columns if isinstance(columns, tuple) else ()


def extends(old: Fact, new: Fact) -> bool:
    """Whether CREATE OR REPLACE VIEW may do it: the old columns stay as they are, new ones come after them."""
    before = _columns(old)
    return _columns(new)[: len(before)] == before


def stand_in(step: Step, context: Context) -> tuple[Step, Step] | None:
    """A view that is in a circle with what it needs: one of the same columns and no content, and the step after it.

    PostgreSQL has views that call functions that take the view's rows. They are made, and go, as pg_dump does it. One
    that moves from a table that must go first to one that comes then, as names are taken, lets go meanwhile.
    Nothing for other steps.
    """
    replaces = step.sql.startswith("CREATE OR REPLACE VIEW ")
    if step.key.kind != "view" or (step.action == "alter" and not replaces):
        return None
    creating = step.action == "create"
    fact = (context.b if creating else context.a).facts[step.key]
    columns = (column for column in _columns(fact) if isinstance(column, tuple))
    listed = ",\n    ".join(f"NULL::{type_name}{_collate(c)} AS {ident(str(name))}" for name, type_name, c in columns)
    verb = "CREATE VIEW" if creating else "CREATE OR REPLACE VIEW"
    first = Step(f"{verb} {qualified(*step.key.path)} AS\n SELECT {listed}", step.key, step.action)
    return first, replace(step, sql=create_view(fact, context, or_replace=True)) if creating else step


def _collate(collation: Value) -> str:
    return f" COLLATE {qualified(*map(str, collation))}" if isinstance(collation, tuple) else ""


class ViewRule(Adapting):
    kind = "view"

    def create(self, new: Fact, context: Context) -> Iterable[Step]:
        yield Step(create_view(new, context), new.key, "create")

    def drop(self, old: Fact, context: Context) -> Iterable[Step]:
        yield Step(f"DROP VIEW {qualified(*old.key.path)}", old.key, "drop")

    def alter(self, old: Fact, new: Fact, context: Context) -> Answer:
        if not extends(old, new):
            return REPLACE
        if old["definition"] != new["definition"] or old["columns"] != new["columns"]:
            return [Step(create_view(new, context, or_replace=True), new.key, "alter")]
        name = qualified(*new.key.path)
        return [
            Step(f"ALTER VIEW {name} {action}", new.key, "alter")
            for action in set_and_reset(in_order(old), in_order(new))
        ]


class MaterializedViewRule(Rule):
    kind = "materialized_view"

    def create(self, new: Fact, context: Context) -> Iterable[Step]:
        method = f" USING {ident(str(new['access_method']))}" if new["access_method"] else ""
        tablespace = f" TABLESPACE {ident(str(new['tablespace']))}" if new["tablespace"] else ""
        old = context.a.facts.get(new.key)
        populated = any(fact is not None and fact.get_info("populated") for fact in (old, new))
        yield Step(
            f"CREATE MATERIALIZED VIEW {qualified(*new.key.path)}{method}{with_clause(in_order(new))}{tablespace} AS\n"
            f"{query(new, context)}" + ("" if populated else "\nWITH NO DATA"),
            new.key,
            "create",
        )
        yield from self._columns(new, {}, context)

    def drop(self, old: Fact, context: Context) -> Iterable[Step]:
        yield Step(f"DROP MATERIALIZED VIEW {qualified(*old.key.path)}", old.key, "drop")

    def alter(self, old: Fact, new: Fact, context: Context) -> Answer:
        if old["definition"] != new["definition"] or old["columns"] != new["columns"]:
            return REPLACE
        if old["access_method"] != new["access_method"] and context.major < 15:
            return REPLACE
        actions = set_and_reset(in_order(old), in_order(new))
        if old["access_method"] != new["access_method"]:
            actions.append(f"SET ACCESS METHOD {ident(str(new['access_method'] or 'heap'))}")
        if old["tablespace"] != new["tablespace"]:
            actions.append(f"SET TABLESPACE {ident(str(new['tablespace'] or 'pg_default'))}")
        name = qualified(*new.key.path)
        return [
            *(Step(f"ALTER MATERIALIZED VIEW {name} {action}", new.key, "alter") for action in actions),
            *self._columns(new, _column_options(old), context),
        ]

    @staticmethod
    def _columns(fact: Fact, old: Mapping[str, Mapping[str, str]], context: Context) -> Iterable[Step]:
        key, new = fact.key, _column_options(fact)
        storage = {}
        if context.major < 16:  # which do not know the word DEFAULT
            listed = [column for column in _columns(fact) if isinstance(column, tuple)]
            storage = {str(column[0]): default_storage(str(column[1])) for column in listed}
        for column in {**old, **new}:
            reset = {**_RESET, "storage": storage.get(column, "DEFAULT")}
            before, after = old.get(column, {}), new.get(column, {})
            for action in _column_actions(before, after, reset):
                sql = f"ALTER MATERIALIZED VIEW {qualified(*key.path)} ALTER COLUMN {ident(column)} {action}"
                yield Step(sql, key, "alter")


def _column_options(fact: Fact) -> dict[str, dict[str, str]]:
    """``{column: {option: value}}`` of a materialized view."""
    found: dict[str, dict[str, str]] = {}
    listed = fact["column_options"]
    for entry in listed if isinstance(listed, tuple) else ():
        column, *options = entry if isinstance(entry, tuple) else (entry,)
        found.setdefault(str(column), {}).update(pairs(tuple(options)))
    return found


_RESET = {"storage": "DEFAULT", "compression": "default", "statistics": "-1"}


def _column_actions(old: Mapping[str, str], new: Mapping[str, str], resets: Mapping[str, str]) -> Iterable[str]:
    for name, reset in resets.items():
        if old.get(name) != new.get(name):
            value = new.get(name, reset)
            yield f"SET {name.upper()} {value.upper() if name == 'storage' else value}"
    before = tuple(f"{name}={value}" for name, value in old.items() if name not in _RESET)
    after = tuple(f"{name}={value}" for name, value in new.items() if name not in _RESET)
    yield from set_and_reset(before, after)


_RULE_STATE = {
    "origin": "ENABLE RULE",
    "disabled": "DISABLE RULE",
    "replica": "ENABLE REPLICA RULE",
    "always": "ENABLE ALWAYS RULE",
}


class RuleRule(Adapting):
    """Rules of the rewriter; not the one that makes a view a view."""

    kind = "rule"

    def create(self, new: Fact, context: Context) -> Iterable[Step]:
        yield Step(query(new, context), new.key, "create")
        if new["enabled"] != "origin":
            yield self._state(new)

    def drop(self, old: Fact, context: Context) -> Iterable[Step]:
        schema, table, name = old.key.path
        yield Step(f"DROP RULE {ident(name)} ON {qualified(schema, table)}", old.key, "drop")

    def alter(self, old: Fact, new: Fact, context: Context) -> Answer:
        steps = []
        if old["definition"] != new["definition"]:
            text = query(new, context).removeprefix("CREATE RULE")
            steps.append(Step(f"CREATE OR REPLACE RULE{text}", new.key, "alter"))
        if old["enabled"] != new["enabled"]:
            steps.append(self._state(new))
        return steps

    @staticmethod
    def _state(new: Fact) -> Step:
        schema, table, name = new.key.path
        sql = f"ALTER TABLE {qualified(schema, table)} {_RULE_STATE[new.text('enabled')]} {ident(name)}"
        return Step(sql, new.key, "alter")


RULES: tuple[Rule, ...] = (ViewRule(), MaterializedViewRule(), RuleRule())
