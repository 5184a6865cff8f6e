"""Schemas and extensions.

https://www.postgresql.org/docs/current/sql-createschema.html, https://www.postgresql.org/docs/current/sql-createextension.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from dataio.planner.native.step import REPLACE, Answer, Context, Rule, Step
from dataio.planner.native.text.sql import ident, literal
from dataio.snapshot.keys import Key
from dataio.snapshot.model import Fact


class SchemaRule(Rule):
    kind = "schema"

    def create(self, new: Fact, context: Context) -> Iterable[Step]:
        yield Step(f"CREATE SCHEMA {ident(new.key.path[0])}", new.key, "create")

    def drop(self, old: Fact, context: Context) -> Iterable[Step]:
        yield Step(f"DROP SCHEMA {ident(old.key.path[0])}", old.key, "drop")

    def alter(self, old: Fact, new: Fact, context: Context) -> Answer:
        return ()

    def displaced(self, old: Fact, new: Fact, gone: Key, context: Context) -> Answer:
        return ()


class ExtensionRule(Rule):
    """Extensions as a whole. Their members are theirs and are never touched."""

    kind = "extension"

    def create(self, new: Fact, context: Context) -> Iterable[Step]:
        name, schema = new.key.path[0], new.text("schema")
        where = f" SCHEMA {ident(schema)}" if schema != "pg_catalog" else ""
        needs = frozenset({Key("schema", (schema,))} & context.b.facts.keys())
        text = f"CREATE EXTENSION {ident(name)}{where} VERSION {literal(new.text('version'))}"
        yield Step(text, new.key, "create", after=needs)

    def drop(self, old: Fact, context: Context) -> Iterable[Step]:
        before = frozenset({Key("schema", (old.text("schema"),))})
        yield Step(f"DROP EXTENSION {ident(old.key.path[0])}", old.key, "drop", before=before)

    def alter(self, old: Fact, new: Fact, context: Context) -> Answer:
        name = ident(new.key.path[0])
        steps = []
        if old["schema"] != new["schema"]:
            if not old.get_info("relocatable"):
                return REPLACE
            schema = Key("schema", (new.text("schema"),))
            steps.append(
                Step(
                    f"ALTER EXTENSION {name} SET SCHEMA {ident(new.text('schema'))}",
                    new.key,
                    "alter",
                    after=frozenset({schema} & context.b.facts.keys()),
                )
            )
        if old["version"] != new["version"] and self._is_downgrade(old, new) and not self._has_columns(old, context):
            return REPLACE  # few extensions have scripts for the way back
        if old["version"] != new["version"]:
            steps.append(Step(f"ALTER EXTENSION {name} UPDATE TO {literal(new.text('version'))}", new.key, "alter"))
        return steps

    def displaced(self, old: Fact, new: Fact, gone: Key, context: Context) -> Answer:
        return () if gone.kind == "schema" else REPLACE

    def _is_downgrade(self, old: Fact, new: Fact) -> bool:
        was, becomes = ([int(number) for number in re.findall(r"\d+", fact.text("version"))] for fact in (old, new))
        return becomes < was

    def _has_columns(self, old: Fact, context: Context) -> bool:
        return any(key.kind in {"column", "attribute"} for key in context.old.needed_by(old.key))


RULES: tuple[Rule, ...] = (SchemaRule(), ExtensionRule())
