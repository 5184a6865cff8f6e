"""Domains and their constraints. https://www.postgresql.org/docs/current/sql-alterdomain.html"""

from __future__ import annotations

from collections.abc import Iterable

from dataio.planner.native import wording
from dataio.planner.native.inside import Inside
from dataio.planner.native.rules.types.composites import collate
from dataio.planner.native.side import MOVABLE
from dataio.planner.native.step import REPLACE, Action, Answer, Context, Rule, Step
from dataio.planner.native.text.sql import ident, literal, qualified
from dataio.snapshot.keys import Key
from dataio.snapshot.model import Fact


def _default(fact: Fact, context: Context) -> str:
    return wording.text(fact, "default", context)


def _not_null_name(fact: Fact, context: Context) -> str | None:
    """The name of the NOT NULL constraint (17 and later) where it is not the one PostgreSQL would choose.

    It chooses one that nothing in the schema has, and a domain of that name may still be there, out of the way.
    """
    schema, domain = fact.key.path
    name, usual = fact["not_null_name"], f"{domain}_not_null"
    was = context.a.facts.get(fact.key)
    own = int(was is not None and was["not_null_name"] == usual)
    before, after = (side.constraint_names[schema, usual] for side in (context.old, context.new))
    taken = before > own or after > int(name == usual)
    return str(name) if name is not None and (name != usual or taken or fact.key in context.going) else None


def _said(new: Fact, action: Action) -> Step:
    """The comment on the constraint that NOT NULL is, which is a part of the domain."""
    text = "NULL" if new["not_null_comment"] is None else literal(new.text("not_null_comment"))
    on = f"{ident(new.text('not_null_name'))} ON DOMAIN {qualified(*new.key.path)}"
    return Step(f"COMMENT ON CONSTRAINT {on} IS {text}", new.key, action)


class DomainRule(Rule):
    kind = "domain"

    def create(self, new: Fact, context: Context) -> Iterable[Step]:
        text = f"CREATE DOMAIN {qualified(*new.key.path)} AS {new['type']}{collate(new)}"
        if new["default"] is not None:
            text += f" DEFAULT {_default(new, context)}"
        if new["not_null"]:
            name = _not_null_name(new, context)
            text += f" CONSTRAINT {ident(name)} NOT NULL" if name else " NOT NULL"
        checks = [
            fact
            for fact in context.b.children(new.key)
            if fact.key.kind == "domain_constraint" and fact["validated"] and fact.key not in context.apart
        ]
        for check in checks:
            text += f"\n    CONSTRAINT {ident(check.key.path[2])} {wording.text(check, 'definition', context)}"
        yield Step(text, new.key, "create", absorbs=frozenset(check.key for check in checks))
        if new["not_null_comment"] is not None:
            yield _said(new, "create")

    def drop(self, old: Fact, context: Context) -> Iterable[Step]:
        checks = {fact.key for fact in context.a.children(old.key) if fact.key.kind == "domain_constraint"}
        absorbed = frozenset(checks - context.apart)
        yield Step(f"DROP DOMAIN {qualified(*old.key.path)}", old.key, "drop", absorbs=absorbed)

    def alter(self, old: Fact, new: Fact, context: Context) -> Answer:
        if old["type"] != new["type"] or old["collation"] != new["collation"]:
            return REPLACE
        changes = []
        if old["default"] != new["default"]:
            changes.append("DROP DEFAULT" if new["default"] is None else f"SET DEFAULT {_default(new, context)}")
        if old["not_null"] != new["not_null"]:
            if not new["not_null"]:
                changes.append("DROP NOT NULL")
            elif _inside_of_others(new.key, context):
                return REPLACE
            elif name := _not_null_name(new, context):
                changes.append(f"ADD CONSTRAINT {ident(name)} NOT NULL")
            else:
                changes.append("SET NOT NULL")
        elif old["not_null_name"] != new["not_null_name"]:
            changes.append(
                f"RENAME CONSTRAINT {ident(str(old['not_null_name']))} TO {ident(str(new['not_null_name']))}"
            )
        steps = [Step(f"ALTER DOMAIN {qualified(*new.key.path)} {change}", new.key, "alter") for change in changes]
        if new["not_null_name"] is not None and old["not_null_comment"] != new["not_null_comment"]:
            steps.append(_said(new, "alter"))
        return steps

    def displaced(self, old: Fact, new: Fact, gone: Key, context: Context) -> Answer:
        """A type that goes takes the domain with it; a function goes from its default only."""
        if gone.kind not in ("function", "sequence", "table", "view") or old["default"] is None:
            return REPLACE
        name = qualified(*new.key.path)
        steps = [Step(f"ALTER DOMAIN {name} DROP DEFAULT", old.key, "drop")]
        if new["default"] is not None:
            steps.append(Step(f"ALTER DOMAIN {name} SET DEFAULT {_default(new, context)}", new.key, "create"))
        return steps

    def aside(self, old: Fact, name: str, context: Context) -> Iterable[Step]:
        """What goes must not be held by the old domain while columns still are of it."""
        head = f"ALTER DOMAIN {qualified(*old.key.path)}"
        for check in context.old.contents(old.key):
            if check.kind == "domain_constraint" and _uses_what_goes(check, context):
                yield Step(f"{head} DROP CONSTRAINT {ident(check.path[2])}", old.key, "drop")
        if old["default"] is not None and _uses_what_goes(old.key, context):
            yield Step(f"{head} DROP DEFAULT", old.key, "drop")
        yield from super().aside(old, name, context)


def _uses_what_goes(key: Key, context: Context) -> bool:
    return any(need in context.going and need.kind not in MOVABLE for need in context.old.needs(key))


class DomainConstraintRule(Rule):
    kind = "domain_constraint"

    def create(self, new: Fact, context: Context) -> Iterable[Step]:
        schema, domain, name = new.key.path
        text = wording.text(new, "definition", context)
        yield Step(f"ALTER DOMAIN {qualified(schema, domain)} ADD CONSTRAINT {ident(name)} {text}", new.key, "create")

    def drop(self, old: Fact, context: Context) -> Iterable[Step]:
        schema, domain, name = old.key.path
        yield Step(f"ALTER DOMAIN {qualified(schema, domain)} DROP CONSTRAINT {ident(name)}", old.key, "drop")

    def remakes(self, new: Fact, context: Context) -> Iterable[Key]:
        domain = Key("domain", new.key.path[:2])
        return [domain] if new["validated"] and _inside_of_others(domain, context) else []

    def alter(self, old: Fact, new: Fact, context: Context) -> Answer:
        if _checked(old) != _checked(new) or (old["validated"] and not new["validated"]):
            return REPLACE
        if _inside_of_others(Key("domain", new.key.path[:2]), context):
            return REPLACE  # VALIDATE looks no further than columns of the domain, and refuses
        schema, domain, name = new.key.path
        sql = f"ALTER DOMAIN {qualified(schema, domain)} VALIDATE CONSTRAINT {ident(name)}"
        return [Step(sql, new.key, "alter")]


def _inside_of_others(domain: Key, context: Context) -> bool:
    """Whether columns hold the domain inside of arrays, composites or ranges: ALTER DOMAIN will not check those."""
    if domain not in context.a.facts:
        return False
    inside, name = Inside(context.a), qualified(*domain.path)
    return any(inside.within(column.text("type"), name) for column in context.a.of_kind("column"))


def _checked(fact: Fact) -> str:
    return fact.text("definition").removesuffix(" NOT VALID")


RULES: tuple[Rule, ...] = (DomainRule(), DomainConstraintRule())
