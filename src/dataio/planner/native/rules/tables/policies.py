"""Policies of row level security. https://www.postgresql.org/docs/current/sql-createpolicy.html"""

from __future__ import annotations

from collections.abc import Iterable

from dataio.planner.native import wording
from dataio.planner.native.adapt import Adapting
from dataio.planner.native.rules.access.roles import role_text
from dataio.planner.native.step import REPLACE, Answer, Context, Rule, Step
from dataio.planner.native.text.constraint_text import in_parentheses
from dataio.planner.native.text.sql import ident, qualified
from dataio.snapshot.model import Fact


def _roles(fact: Fact) -> str:
    roles = fact["roles"]
    return ", ".join(role_text(str(role)) for role in roles) if isinstance(roles, tuple) and roles else "PUBLIC"


def _expression(fact: Fact, name: str, keyword: str, context: Context) -> str:
    if fact[name] is None:
        return ""
    return f" {keyword} {in_parentheses(wording.text(fact, name, context))}"


class PolicyRule(Adapting):
    kind = "policy"

    def create(self, new: Fact, context: Context) -> Iterable[Step]:
        schema, table, name = new.key.path
        kind = "" if new["permissive"] else " AS RESTRICTIVE"
        command = "" if new["command"] == "all" else f" FOR {new.text('command').upper()}"
        roles = "" if _roles(new) == "PUBLIC" else f" TO {_roles(new)}"
        yield Step(
            f"CREATE POLICY {ident(name)} ON {qualified(schema, table)}{kind}{command}{roles}"
            f"{_expression(new, 'using', 'USING', context)}{_expression(new, 'check', 'WITH CHECK', context)}",
            new.key,
            "create",
        )

    def drop(self, old: Fact, context: Context) -> Iterable[Step]:
        schema, table, name = old.key.path
        yield Step(f"DROP POLICY {ident(name)} ON {qualified(schema, table)}", old.key, "drop")

    def alter(self, old: Fact, new: Fact, context: Context) -> Answer:
        if old["command"] != new["command"] or old["permissive"] != new["permissive"]:
            return REPLACE
        if any(old[name] is not None and new[name] is None for name in ("using", "check")):
            return REPLACE
        schema, table, name = new.key.path
        roles = f" TO {_roles(new)}" if old["roles"] != new["roles"] else ""
        using = _expression(new, "using", "USING", context) if old["using"] != new["using"] else ""
        check = _expression(new, "check", "WITH CHECK", context) if old["check"] != new["check"] else ""
        sql = f"ALTER POLICY {ident(name)} ON {qualified(schema, table)}{roles}{using}{check}"
        return [Step(sql, new.key, "alter")]


RULES: tuple[Rule, ...] = (PolicyRule(),)
