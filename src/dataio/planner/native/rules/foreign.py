"""Foreign data wrappers, servers and user mappings.

https://www.postgresql.org/docs/current/sql-createforeigndatawrapper.html,
https://www.postgresql.org/docs/current/sql-createserver.html,
https://www.postgresql.org/docs/current/sql-createusermapping.html
"""

from __future__ import annotations

from collections.abc import Iterable

from dataio.planner.native.rules.access.roles import role_text
from dataio.planner.native.step import REPLACE, Answer, Context, Rule, Step
from dataio.planner.native.text.options import fdw_changes, fdw_options
from dataio.planner.native.text.sql import ident, literal
from dataio.snapshot.model import Fact


class WrapperRule(Rule):
    kind = "foreign_data_wrapper"

    def create(self, new: Fact, context: Context) -> Iterable[Step]:
        functions = "".join(f" {name.upper()} {new[name]}" for name in ("handler", "validator") if new[name])
        sql = f"CREATE FOREIGN DATA WRAPPER {ident(new.key.path[0])}{functions}{fdw_options(new['options'])}"
        yield Step(sql, new.key, "create")

    def drop(self, old: Fact, context: Context) -> Iterable[Step]:
        yield Step(f"DROP FOREIGN DATA WRAPPER {ident(old.key.path[0])}", old.key, "drop")

    def alter(self, old: Fact, new: Fact, context: Context) -> Answer:
        text = ""
        for name in ("handler", "validator"):
            if old[name] != new[name]:
                text += f" {name.upper()} {new[name]}" if new[name] else f" NO {name.upper()}"
        text += fdw_changes(old["options"], new["options"])
        return [Step(f"ALTER FOREIGN DATA WRAPPER {ident(new.key.path[0])}{text}", new.key, "alter")]


class ServerRule(Rule):
    kind = "server"

    def create(self, new: Fact, context: Context) -> Iterable[Step]:
        texts = "".join(f" {name.upper()} {literal(new.text(name))}" for name in ("type", "version") if new[name])
        sql = (
            f"CREATE SERVER {ident(new.key.path[0])}{texts} FOREIGN DATA WRAPPER {ident(new.text('wrapper'))}"
            f"{fdw_options(new['options'])}"
        )
        yield Step(sql, new.key, "create")

    def drop(self, old: Fact, context: Context) -> Iterable[Step]:
        yield Step(f"DROP SERVER {ident(old.key.path[0])}", old.key, "drop")

    def alter(self, old: Fact, new: Fact, context: Context) -> Answer:
        if old["type"] != new["type"] or old["wrapper"] != new["wrapper"]:
            return REPLACE
        text = ""
        if old["version"] != new["version"]:
            text += f" VERSION {literal(new.text('version')) if new['version'] is not None else 'NULL'}"
        text += fdw_changes(old["options"], new["options"])
        return [Step(f"ALTER SERVER {ident(new.key.path[0])}{text}", new.key, "alter")]


class UserMappingRule(Rule):
    kind = "user_mapping"

    def create(self, new: Fact, context: Context) -> Iterable[Step]:
        sql = f"CREATE USER MAPPING FOR {self._for(new)}{fdw_options(new['options'])}"
        yield Step(sql, new.key, "create")

    def drop(self, old: Fact, context: Context) -> Iterable[Step]:
        yield Step(f"DROP USER MAPPING FOR {self._for(old)}", old.key, "drop")

    def alter(self, old: Fact, new: Fact, context: Context) -> Answer:
        changes = fdw_changes(old["options"], new["options"])
        return [Step(f"ALTER USER MAPPING FOR {self._for(new)}{changes}", new.key, "alter")]

    @staticmethod
    def _for(fact: Fact) -> str:
        server, user = fact.key.path
        return f"{role_text(user)} SERVER {ident(server)}"


RULES: tuple[Rule, ...] = (WrapperRule(), ServerRule(), UserMappingRule())
