"""Operators, casts, access methods and encoding conversions.

https://www.postgresql.org/docs/current/sql-createoperator.html,
https://www.postgresql.org/docs/current/sql-createcast.html,
https://www.postgresql.org/docs/current/sql-create-access-method.html,
https://www.postgresql.org/docs/current/sql-createconversion.html
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from dataio.planner.native.step import REPLACE, Answer, Context, Rule, Step
from dataio.planner.native.text.names import split_qualified
from dataio.planner.native.text.sql import ident, literal, qualified
from dataio.snapshot.keys import Key
from dataio.snapshot.model import Fact, Snapshot

_MARKS: Final = ("hashes", "merges")
_PARTNERS: Final = ("commutator", "negator")


def _name(key: Key) -> str:
    return f"{ident(key.path[0])}.{key.path[1]}"


def _signature(key: Key) -> str:
    return f"{_name(key)} ({key.path[2]}, {key.path[3]})"


def _partner(fact: Fact, role: str, snapshot: Snapshot) -> Fact | None:
    """The operator that is a fact's commutator or negator."""
    if fact[role] is None:
        return None
    schema, name = split_qualified(fact.text(role).removeprefix("OPERATOR(").removesuffix(")"))
    left, right = fact.key.path[2:] if role == "negator" else (fact.key.path[3], fact.key.path[2])
    return snapshot.facts.get(Key("operator", (schema.strip('"').replace('""', '"'), name, left, right)))


def _mutual(fact: Fact, partner: Fact, role: str, snapshot: Snapshot) -> bool:
    """Whether the partner names the operator, too: only then PostgreSQL writes both links at once."""
    back = _partner(partner, role, snapshot)
    return back is not None and back.key == fact.key


class OperatorRule(Rule):
    """An operator and its commutator or negator know each other as soon as either is created with the other's name."""

    kind = "operator"

    def create(self, new: Fact, context: Context) -> Iterable[Step]:
        parts = [f"FUNCTION = {new['function']}"]
        for side, type_name in (("LEFTARG", new.key.path[2]), ("RIGHTARG", new.key.path[3])):
            if type_name != "NONE":
                parts.append(f"{side} = {type_name}")
        parts += [f"{name.upper()} = {new[name]}" for name in (*_PARTNERS, "restrict", "join") if new[name]]
        parts += [mark.upper() for mark in _MARKS if new[mark]]
        listed = ",\n    ".join(parts)
        sql = f"CREATE OPERATOR {_name(new.key)} (\n    {listed}\n)"
        yield Step(sql, new.key, "create", before=frozenset(self._one_sided(new, context)))

    @staticmethod
    def _one_sided(new: Fact, context: Context) -> Iterable[Key]:
        """Partners that do not name the operator: were they there first, PostgreSQL would link them back to it."""
        for role in _PARTNERS:
            partner = _partner(new, role, context.b)
            if partner is not None and partner.key in context.coming and not _mutual(new, partner, role, context.b):
                yield partner.key

    def drop(self, old: Fact, context: Context) -> Iterable[Step]:
        yield Step(f"DROP OPERATOR {_signature(old.key)}", old.key, "drop")

    def alter(self, old: Fact, new: Fact, context: Context) -> Answer:
        changes: list[str] = []
        partners: set[Key] = set()
        for name in ("restrict", "join"):
            if old[name] != new[name]:
                changes.append(f"{name.upper()} = {new[name] or 'NONE'}")
        for role in _PARTNERS:
            if old[role] == new[role] or self._settled_elsewhere(old, new, role, context):
                continue
            partner = _partner(new, role, context.b)
            if old[role] is not None or context.major < 17 or (partner and not _mutual(new, partner, role, context.b)):
                return REPLACE
            changes.append(f"{role.upper()} = {new[role]}")
            if partner:
                partners.add(partner.key)
        for mark in _MARKS:
            if old[mark] != new[mark]:
                if old[mark] or context.major < 17:
                    return REPLACE
                changes.append(mark.upper())
        if old["function"] != new["function"]:
            return REPLACE
        if not changes:
            return ()
        sql = f"ALTER OPERATOR {_signature(new.key)} SET ({', '.join(changes)})"
        return [Step(sql, new.key, "alter", after=frozenset(partners))]

    @staticmethod
    def _settled_elsewhere(old: Fact, new: Fact, role: str, context: Context) -> bool:
        """Whether the drop of the old partner and a statement about the new one write the link here, too."""
        before, after = _partner(old, role, context.a), _partner(new, role, context.b)
        if old[role] is not None and (before is None or before.key not in context.going):
            return False
        if new[role] is None:
            return True
        if after is None or not _mutual(new, after, role, context.b):
            return False
        if after.key in context.coming:
            return True
        linked = context.a.facts[after.key][role] == after[role]
        return not linked and after.key < new.key  # one ALTER OPERATOR links both


class CastRule(Rule):
    kind = "cast"

    def create(self, new: Fact, context: Context) -> Iterable[Step]:
        source, target = new.key.path
        way = {"function": f"WITH FUNCTION {new['function']}", "inout": "WITH INOUT", "binary": "WITHOUT FUNCTION"}
        when = {"explicit": "", "assignment": " AS ASSIGNMENT", "implicit": " AS IMPLICIT"}
        sql = f"CREATE CAST ({source} AS {target}) {way[new.text('method')]}{when[new.text('context')]}"
        yield Step(sql, new.key, "create")

    def drop(self, old: Fact, context: Context) -> Iterable[Step]:
        source, target = old.key.path
        yield Step(f"DROP CAST ({source} AS {target})", old.key, "drop")

    def alter(self, old: Fact, new: Fact, context: Context) -> Answer:
        return REPLACE


class AccessMethodRule(Rule):
    kind = "access_method"

    def create(self, new: Fact, context: Context) -> Iterable[Step]:
        sql = f"CREATE ACCESS METHOD {ident(new.key.path[0])} TYPE {new.text('type').upper()} HANDLER {new['handler']}"
        yield Step(sql, new.key, "create")

    def drop(self, old: Fact, context: Context) -> Iterable[Step]:
        yield Step(f"DROP ACCESS METHOD {ident(old.key.path[0])}", old.key, "drop")

    def alter(self, old: Fact, new: Fact, context: Context) -> Answer:
        return REPLACE


class ConversionRule(Rule):
    kind = "conversion"

    def create(self, new: Fact, context: Context) -> Iterable[Step]:
        verb = "CREATE DEFAULT CONVERSION" if new["default"] else "CREATE CONVERSION"
        encodings = f"FOR {literal(new.text('source'))} TO {literal(new.text('destination'))}"
        yield Step(f"{verb} {qualified(*new.key.path)} {encodings} FROM {new['function']}", new.key, "create")

    def drop(self, old: Fact, context: Context) -> Iterable[Step]:
        yield Step(f"DROP CONVERSION {qualified(*old.key.path)}", old.key, "drop")

    def alter(self, old: Fact, new: Fact, context: Context) -> Answer:
        return REPLACE


RULES: tuple[Rule, ...] = (OperatorRule(), CastRule(), AccessMethodRule(), ConversionRule())
