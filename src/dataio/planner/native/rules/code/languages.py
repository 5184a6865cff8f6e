"""Procedural languages that no extension brought, and transforms.

https://www.postgresql.org/docs/current/sql-createlanguage.html,
https://www.postgresql.org/docs/current/sql-createtransform.html
"""

from __future__ import annotations

from collections.abc import Iterable

from dataio.planner.native.step import Action, Answer, Context, Rule, Step
from dataio.planner.native.text.sql import ident
from dataio.snapshot.model import Fact


class LanguageRule(Rule):
    kind = "language"

    def create(self, new: Fact, context: Context) -> Iterable[Step]:
        yield self._create(new, "CREATE", "create")

    @staticmethod
    def _create(new: Fact, verb: str, action: Action) -> Step:
        trusted = " TRUSTED" if new["trusted"] else ""
        text = f"{verb}{trusted} LANGUAGE {ident(new.key.path[0])}"
        for name in ("handler", "inline", "validator"):
            if new[name]:
                text += f" {name.upper()} {new[name]}"
        return Step(text, new.key, action)

    def drop(self, old: Fact, context: Context) -> Iterable[Step]:
        yield Step(f"DROP LANGUAGE {ident(old.key.path[0])}", old.key, "drop")

    def alter(self, old: Fact, new: Fact, context: Context) -> Answer:
        return [self._create(new, "CREATE OR REPLACE", "alter")]


class TransformRule(Rule):
    kind = "transform"

    def create(self, new: Fact, context: Context) -> Iterable[Step]:
        yield self._create(new, "CREATE", "create")

    @staticmethod
    def _create(new: Fact, verb: str, action: Action) -> Step:
        type_name, language = new.key.path
        parts = []
        if new["from_sql"]:
            parts.append(f"FROM SQL WITH FUNCTION {new['from_sql']}")
        if new["to_sql"]:
            parts.append(f"TO SQL WITH FUNCTION {new['to_sql']}")
        sql = f"{verb} TRANSFORM FOR {type_name} LANGUAGE {ident(language)} ({', '.join(parts)})"
        return Step(sql, new.key, action)

    def drop(self, old: Fact, context: Context) -> Iterable[Step]:
        type_name, language = old.key.path
        yield Step(f"DROP TRANSFORM FOR {type_name} LANGUAGE {ident(language)}", old.key, "drop")

    def alter(self, old: Fact, new: Fact, context: Context) -> Answer:
        return [self._create(new, "CREATE OR REPLACE", "alter")]


RULES: tuple[Rule, ...] = (LanguageRule(), TransformRule())
