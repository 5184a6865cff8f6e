"""Operator families, operator classes, and the members that belong to a family but to no class.

https://www.postgresql.org/docs/current/sql-createopclass.html,
https://www.postgresql.org/docs/current/sql-alteropfamily.html
"""

from __future__ import annotations

from collections.abc import Iterable

from dataio.planner.native.sql import ident, qualified
from dataio.planner.native.step import REPLACE, Answer, Context, Rule, Step
from dataio.snapshot.model import Fact


def _using(schema: str, name: str, method: str) -> str:
    return f"{qualified(schema, name)} USING {ident(method)}"


class OperatorFamilyRule(Rule):
    kind = "operator_family"

    def create(self, new: Fact, context: Context) -> Iterable[Step]:
        yield Step(f"CREATE OPERATOR FAMILY {_using(*new.key.path)}", new.key, "create")

    def drop(self, old: Fact, context: Context) -> Iterable[Step]:
        yield Step(f"DROP OPERATOR FAMILY {_using(*old.key.path)}", old.key, "drop")

    def alter(self, old: Fact, new: Fact, context: Context) -> Answer:
        return ()


class OperatorClassRule(Rule):
    """A class is as it was created: PostgreSQL only renames it."""

    kind = "operator_class"

    def create(self, new: Fact, context: Context) -> Iterable[Step]:
        schema, name, method = new.key.path
        default = " DEFAULT" if new["default"] else ""
        family = new["family"]
        parts = f" FAMILY {qualified(*map(str, family))}" if isinstance(family, tuple) else ""
        members = new["members"]
        items = [str(item) for item in members] if isinstance(members, tuple) else []
        if new["storage"]:
            items.append(f"STORAGE {new['storage']}")
        if not items:  # a class must list something; naming the type it stores anyway changes nothing
            items.append(f"STORAGE {new['type']}")
        listed = ",\n    ".join(items)
        yield Step(
            f"CREATE OPERATOR CLASS {qualified(schema, name)}{default} FOR TYPE {new['type']}"
            f" USING {ident(method)}{parts} AS\n    {listed}",
            new.key,
            "create",
        )

    def drop(self, old: Fact, context: Context) -> Iterable[Step]:
        yield Step(f"DROP OPERATOR CLASS {_using(*old.key.path)}", old.key, "drop")

    def alter(self, old: Fact, new: Fact, context: Context) -> Answer:
        return REPLACE


class FamilyMemberRule(Rule):
    kind = "family_member"

    def create(self, new: Fact, context: Context) -> Iterable[Step]:
        schema, family, method, *_ = new.key.path
        yield Step(f"ALTER OPERATOR FAMILY {_using(schema, family, method)} ADD {new['item']}", new.key, "create")

    def drop(self, old: Fact, context: Context) -> Iterable[Step]:
        schema, family, method, variety, number, left, right = old.key.path
        item = f"{variety.upper()} {number} ({left}, {right})"
        yield Step(f"ALTER OPERATOR FAMILY {_using(schema, family, method)} DROP {item}", old.key, "drop")

    def alter(self, old: Fact, new: Fact, context: Context) -> Answer:
        return REPLACE


RULES: tuple[Rule, ...] = (OperatorFamilyRule(), OperatorClassRule(), FamilyMemberRule())
