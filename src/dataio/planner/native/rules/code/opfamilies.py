"""Operator families, operator classes, and the members that belong to a family but to no class.

https://www.postgresql.org/docs/current/sql-createopclass.html,
https://www.postgresql.org/docs/current/sql-alteropfamily.html
"""

from __future__ import annotations

from collections.abc import Iterable

from dataio.planner.native.step import REPLACE, Answer, Context, Rule, Step
from dataio.planner.native.text.sql import ident, qualified
from dataio.snapshot.keys import Key
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
    """PostgreSQL only renames a class; what is in it stays, or comes from its family."""

    kind = "operator_class"

    def create(self, new: Fact, context: Context) -> Iterable[Step]:
        schema, name, method = new.key.path
        default = " DEFAULT" if new["default"] else ""
        family = new["family"]
        parts = f" FAMILY {qualified(*map(str, family))}" if isinstance(family, tuple) else ""
        items = _items(new)
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
        """Members of a btree or hash class that are added to its family become the class's."""
        method = new.key.path[2]
        before, after = _items(old), _items(new)
        same = all(old[attribute] == new[attribute] for attribute in ("type", "default", "family", "storage"))
        if not same or method not in ("btree", "hash") or not set(before) <= set(after):
            return REPLACE
        added = [item for item in after if item not in before]
        family = new["family"]
        if not isinstance(family, tuple) or not all(_of_type(item, new.text("type")) for item in added):
            return REPLACE
        using = _using(str(family[0]), str(family[1]), method)
        return [Step(f"ALTER OPERATOR FAMILY {using} ADD\n    " + ",\n    ".join(added), new.key, "alter")]


def _items(fact: Fact) -> list[str]:
    members = fact["members"]
    return [str(item) for item in members] if isinstance(members, tuple) else []


def _of_type(item: str, type_name: str) -> bool:
    """Whether a member is for the class's own type on both sides: ``OPERATOR 1 s.<(t, t)``, ``FUNCTION 1 (t, t) …``."""
    both = f"({type_name}, {type_name})"
    return item.split(" ", 2)[2].startswith(both) if item.startswith("FUNCTION") else item.endswith(both)


class FamilyMemberRule(Rule):
    kind = "family_member"

    def create(self, new: Fact, context: Context) -> Iterable[Step]:
        schema, family, method, *_ = new.key.path
        sql = f"ALTER OPERATOR FAMILY {_using(schema, family, method)} ADD {new['item']}"
        yield Step(sql, new.key, "create", displaces=frozenset(self._classes(new, context)))

    @staticmethod
    def _classes(new: Fact, context: Context) -> Iterable[Key]:
        """The family's classes that are created, too: had they come before, the member might become theirs."""
        family, method = new.key.path[:2], new.key.path[2]
        for fact in context.b.of_kind("operator_class"):
            if fact["family"] == family and fact.key.path[2] == method and fact.key in context.coming:
                yield fact.key

    def drop(self, old: Fact, context: Context) -> Iterable[Step]:
        schema, family, method, variety, number, left, right = old.key.path
        item = f"{variety.upper()} {number} ({left}, {right})"
        yield Step(f"ALTER OPERATOR FAMILY {_using(schema, family, method)} DROP {item}", old.key, "drop")

    def alter(self, old: Fact, new: Fact, context: Context) -> Answer:
        return REPLACE


RULES: tuple[Rule, ...] = (OperatorFamilyRule(), OperatorClassRule(), FamilyMemberRule())
