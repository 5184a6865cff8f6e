"""What a column has beside its type: default, NOT NULL, identity.

https://www.postgresql.org/docs/current/sql-altertable.html
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from dataio.planner.native import wording
from dataio.planner.native.inheriting import (
    cut_links,
    from_parents,
    kept_descendants,
    kept_parents,
    links_down,
    links_up,
    only,
    primary_keys,
    relation_of,
)
from dataio.planner.native.sequences import changes, options, value_within
from dataio.planner.native.sql import ident, literal, qualified
from dataio.planner.native.step import REPLACE, Action, Answer, Context, Rule, Step
from dataio.snapshot.kinds import Key
from dataio.snapshot.model import Fact

NAMED_NOT_NULL: Final = 18
"""The first major version whose NOT NULL is a constraint with a name."""

_WORDS: Final = {"view": "VIEW", "foreign_table": "FOREIGN TABLE", "materialized_view": "MATERIALIZED VIEW"}


def alter_table(table: tuple[str, str], context: Context, *, alone: bool = False) -> str:
    """``ALTER TABLE s.t``, with the word for what kind of relation it is; ``alone`` leaves its children out."""
    relation = context.new.relation(*table) or context.old.relation(*table)
    word = _WORDS.get(relation.kind, "TABLE") if relation else "TABLE"
    return f"ALTER {word} {only(context, table) if alone else ''}{qualified(*table)}"


def alter_column(key: Key, context: Context, *, alone: bool = False) -> str:
    return f"{alter_table(relation_of(key), context, alone=alone)} ALTER COLUMN {ident(key.path[2])}"


def default_clause(new: Fact, context: Context) -> str:
    return f"DEFAULT {wording.text(new, 'expression', context)}"


class DefaultRule(Rule):
    kind = "default"

    def create(self, new: Fact, context: Context) -> Iterable[Step]:
        yield self._set(new, context, "create")

    def drop(self, old: Fact, context: Context) -> Iterable[Step]:
        yield Step(f"{alter_column(old.key, context, alone=True)} DROP DEFAULT", old.key, "drop")

    def alter(self, old: Fact, new: Fact, context: Context) -> Answer:
        return [self._set(new, context, "alter")]

    def _set(self, new: Fact, context: Context, action: Action) -> Step:
        head = alter_column(new.key, context, alone=True)
        return Step(f"{head} SET {default_clause(new, context)}", new.key, action)


def is_usual_name(not_null: Fact, context: Context) -> bool:
    """Whether PostgreSQL would give the constraint its name itself, as nothing else has it."""
    schema, table, column = not_null.key.path
    name = f"{table}_{column}_not_null"
    if not_null["name"] != name or len(name.encode()) > 63:
        return False
    return context.new.constraint_names.get((schema, name)) == 1 and (
        context.old.constraint_names.get((schema, name), 0) <= int(not_null.key in context.a.facts)
    )


def not_null_clause(new: Fact, context: Context) -> str:
    """``NOT NULL`` as a column of CREATE TABLE has it, with its name where that is not the usual one."""
    name = new["name"]
    clause = "NOT NULL"
    if context.major >= NAMED_NOT_NULL and isinstance(name, str) and not is_usual_name(new, context):
        clause = f"CONSTRAINT {ident(name)} {clause}"
    return f"{clause} NO INHERIT" if new["no_inherit"] else clause


def made_by_key(new: Fact, context: Context) -> frozenset[Key]:
    """The primary key that is added and makes its column NOT NULL by itself, under the usual name."""
    table = relation_of(new.key)
    keys = primary_keys(new.key, context.new)
    if not keys <= context.coming or Key("table", table) in context.coming or new.key in context.replaced:
        return frozenset()
    related = any(
        True for side in (context.old, context.new) for links in (links_up, links_down) for _ in links(side, table)
    )
    special = new["no_inherit"] or not new["validated"] or not (new["name"] is None or is_usual_name(new, context))
    earlier = {Key("identity", new.key.path), Key("replica_identity", table)} & context.b.facts.keys()
    return frozenset() if related or special or earlier else keys


class NotNullRule(Rule):
    """NOT NULL: a flag before PostgreSQL 18, a named constraint since."""

    kind = "not_null"

    def create(self, new: Fact, context: Context) -> Iterable[Step]:
        parents = self._coming_from_parents(new.key, context)
        if parents and (new["name"] is None or (from_parents(new) and self._same_name(new, parents, context))):
            return
        if made_by_key(new, context):
            return
        if context.major >= NAMED_NOT_NULL and (parents or self._needs_a_name(new, context)):
            head = alter_table(relation_of(new.key), context)
            text = f"{head} ADD CONSTRAINT {ident(new.text('name'))} NOT NULL {ident(new.key.path[2])}"
            text += " NO INHERIT" if new["no_inherit"] else ""
            text += "" if new["validated"] else " NOT VALID"
        else:
            text = f"{alter_column(new.key, context)} SET NOT NULL"
        absorbs = frozenset(
            key
            for key in self._children(new.key, context, context.coming)
            if new["name"] is None or context.b.facts[key]["name"] == new["name"]
        )
        before = primary_keys(new.key, context.new) | frozenset(parents)
        below = kept_descendants(context, relation_of(new.key))
        after = frozenset(Key("column", (*child, new.key.path[2])) for child in below)
        yield Step(text, new.key, "create", absorbs=absorbs, before=before, after=after)

    def drop(self, old: Fact, context: Context) -> Iterable[Step]:
        if self._goes_with_parent(old, context):
            return
        yield Step(
            f"{alter_column(old.key, context)} DROP NOT NULL",
            old.key,
            "drop",
            absorbs=frozenset(
                key
                for key in self._children(old.key, context, context.going)
                if old["name"] is None or from_parents(context.a.facts[key])
            ),
            after=primary_keys(old.key, context.old),
        )

    def alter(self, old: Fact, new: Fact, context: Context) -> Answer:
        steps = []
        head = alter_table(relation_of(new.key), context)
        changed = {name for name in ("name", "no_inherit", "validated") if old[name] != new[name]}
        if not changed:
            return self._moved(old, new, head, context)
        if "validated" in changed and not new["validated"]:
            return REPLACE
        tied = any(kept_parents(context, relation_of(new.key)))
        if from_parents(old) and from_parents(new) and tied:
            return REPLACE if "name" in changed and not self._renamed_above(old, new, context) else ()
        if "name" in changed:
            steps += self._renamed(old, new, head, context)
        name = ident(new.text("name"))
        if "no_inherit" in changed:
            word = "NO INHERIT" if new["no_inherit"] else "INHERIT"
            steps.append(Step(f"{head} ALTER CONSTRAINT {name} {word}", new.key, "alter"))
        if "validated" in changed:
            steps.append(Step(f"{head} VALIDATE CONSTRAINT {name}", new.key, "alter"))
        return steps

    def displaced(self, old: Fact, new: Fact, gone: Key, context: Context) -> Answer:
        return ()

    def takes_along(self, old: Fact, context: Context) -> Iterable[Key]:
        """One that only parents declare goes with theirs."""
        if old["name"] is not None and from_parents(old) and old.key in context.b.facts:
            for parent in kept_parents(context, relation_of(old.key)):
                yield Key("not_null", (*parent, old.key.path[2]))

    def _moved(self, old: Fact, new: Fact, head: str, context: Context) -> list[Step]:
        """Declared here as well from now on: before the parent's may go, so that it stays."""
        if old["name"] is None or old["is_local"] or not new["is_local"]:
            return []
        parents = {
            Key("not_null", (*parent, new.key.path[2])) for parent in kept_parents(context, relation_of(new.key))
        }
        if not new["inherited"] and not parents & context.going:
            return []  # PostgreSQL itself made it local, when it cut the tie
        text = f"{head} ADD CONSTRAINT {ident(new.text('name'))} NOT NULL {ident(new.key.path[2])}"
        return [Step(text, new.key, "alter", before=frozenset(parents))]

    def _renamed_above(self, old: Fact, new: Fact, context: Context) -> bool:
        """Whether a parent's constraint of the old name gets the new one: children follow."""
        above = (Key("not_null", (*parent, new.key.path[2])) for parent in kept_parents(context, relation_of(new.key)))
        return any(
            context.kept(key)
            and context.a.facts[key]["name"] == old["name"]
            and context.b.facts[key]["name"] == new["name"]
            for key in above
        )

    def _renamed(self, old: Fact, new: Fact, head: str, context: Context) -> list[Step]:
        """While no parent's is tied to it: PostgreSQL renames none that is inherited."""
        text = f"{head} RENAME CONSTRAINT {ident(old.text('name'))} TO {ident(new.text('name'))}"
        after, before = cut_links(context, relation_of(new.key)), self._coming_from_parents(new.key, context)
        kept = self._kept_from_parents(old, head, context)
        going = frozenset().union(*(step.before for step in kept))
        return [*kept, Step(text, new.key, "alter", after=after | going, before=frozenset(before))]

    def _kept_from_parents(self, old: Fact, head: str, context: Context) -> list[Step]:
        """Declared here as well before a parent's goes, which would take one along that is only inherited."""
        above = (Key("not_null", (*parent, old.key.path[2])) for parent in kept_parents(context, relation_of(old.key)))
        going = frozenset(above) & context.going
        if old["is_local"] or not going:
            return []
        text = f"{head} ADD CONSTRAINT {ident(old.text('name'))} NOT NULL {ident(old.key.path[2])}"
        return [Step(text, old.key, "alter", before=going)]

    def _needs_a_name(self, new: Fact, context: Context) -> bool:
        special = bool(new["no_inherit"]) or not new["validated"]
        return isinstance(new["name"], str) and (special or not is_usual_name(new, context))

    def _children(self, key: Key, context: Context, moving: frozenset[Key]) -> frozenset[Key]:
        below = kept_descendants(context, relation_of(key))
        return frozenset(Key("not_null", (*child, key.path[2])) for child in below) & moving

    def _coming_from_parents(self, key: Key, context: Context) -> list[Key]:
        above = (Key("not_null", (*parent, key.path[2])) for parent in kept_parents(context, relation_of(key)))
        return [parent for parent in above if parent in context.coming]

    def _same_name(self, new: Fact, parents: list[Key], context: Context) -> bool:
        return all(context.b.facts[parent]["name"] == new["name"] for parent in parents)

    def _goes_with_parent(self, old: Fact, context: Context) -> bool:
        if old["name"] is not None and not from_parents(old):
            return False
        above = kept_parents(context, relation_of(old.key))
        return any(Key("not_null", (*parent, old.key.path[2])) in context.going for parent in above)


def default_identity_sequence(key: Key) -> tuple[str, str]:
    return key.path[0], f"{key.path[1]}_{key.path[2]}_seq"


def identity_clause(new: Fact) -> str:
    """``GENERATED … AS IDENTITY``, with the options of its sequence that are not the usual ones."""
    words = [word for word in options(new) if not word.startswith("AS ")]
    sequence = new["sequence"]
    if isinstance(sequence, tuple) and sequence != default_identity_sequence(new.key):
        words.insert(0, f"SEQUENCE NAME {qualified(*(str(part) for part in sequence))}")
    clause = f"GENERATED {new.text('generation').upper()} AS IDENTITY"
    return f"{clause} ({' '.join(words)})" if words else clause


class IdentityRule(Rule):
    kind = "identity"

    def create(self, new: Fact, context: Context) -> Iterable[Step]:
        after = frozenset({Key("not_null", new.key.path), Key("default", new.key.path)})
        yield Step(f"{alter_column(new.key, context)} ADD {identity_clause(new)}", new.key, "create", after=after)
        if Key("column", new.key.path) not in context.coming:
            yield self._past_the_rows(new)

    def drop(self, old: Fact, context: Context) -> Iterable[Step]:
        before = frozenset({Key("not_null", old.key.path), Key("default", old.key.path)})
        yield Step(f"{alter_column(old.key, context)} DROP IDENTITY", old.key, "drop", before=before)

    def alter(self, old: Fact, new: Fact, context: Context) -> Answer:
        actions = []
        if old["generation"] != new["generation"]:
            actions.append(f"SET GENERATED {new.text('generation').upper()}")
        # the type is the column's: PostgreSQL changes both at once
        actions += [f"SET {word}" for word in changes(old, new) if not word.startswith("AS ")]
        steps = []
        if actions:
            if isinstance(sequence := new["sequence"], tuple):
                name = qualified(*(str(part) for part in sequence))
                steps += [Step(text, new.key, "alter") for text in value_within(name, old, new)]
            steps.append(Step(f"{alter_column(new.key, context)} {' '.join(actions)}", new.key, "alter"))
        return [*self._sequence(old, new), *steps]

    def displaced(self, old: Fact, new: Fact, gone: Key, context: Context) -> Answer:
        return ()

    def _past_the_rows(self, new: Fact) -> Step:
        """A column that has values already: the new sequence goes on after them."""
        sequence = new["sequence"]
        name = qualified(*(str(part) for part in sequence)) if isinstance(sequence, tuple) else ""
        table, column = qualified(*relation_of(new.key)), ident(new.key.path[2])
        upwards = isinstance(new["increment"], int) and new["increment"] > 0
        edge = (
            f"GREATEST(max({column}) + 1, {new['start']})" if upwards else f"LEAST(min({column}) - 1, {new['start']})"
        )
        return Step(f"SELECT pg_catalog.setval({literal(name)}, {edge}, false) FROM {table}", new.key, "create")

    def _sequence(self, old: Fact, new: Fact) -> Iterable[Step]:
        was, becomes = old["sequence"], new["sequence"]
        if not isinstance(was, tuple) or not isinstance(becomes, tuple):
            return
        current = tuple(str(part) for part in was)
        wanted = tuple(str(part) for part in becomes)
        if current[1] != wanted[1]:
            text = f"ALTER SEQUENCE {qualified(*current)} RENAME TO {ident(wanted[1])}"
            yield Step(text, new.key, "alter")
        if old["persistence"] != new["persistence"]:
            word = "UNLOGGED" if new["persistence"] == "unlogged" else "LOGGED"
            text = f"ALTER SEQUENCE {qualified(current[0], wanted[1])} SET {word}"
            yield Step(text, new.key, "alter", after=frozenset({Key("table", new.key.path[:2])}))


RULES: tuple[Rule, ...] = (DefaultRule(), NotNullRule(), IdentityRule())
