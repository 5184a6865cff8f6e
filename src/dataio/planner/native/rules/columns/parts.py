"""What a column has beside its type: default, NOT NULL, identity.

https://www.postgresql.org/docs/current/sql-altertable.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from dataio.planner.native import wording
from dataio.planner.native.relations.inheriting import (
    links_down,
    links_up,
    only,
    primary_keys,
    relation_of,
)
from dataio.planner.native.relations.persistence import follows_table, sequence_persistence
from dataio.planner.native.rules.tables.sequences import (
    changes,
    default_bounds,
    is_narrower,
    options,
    retyped,
    value_within,
)
from dataio.planner.native.side import claims
from dataio.planner.native.step import REPLACE, Action, Answer, Context, Rule, Step
from dataio.planner.native.text.sql import ident, literal, qualified
from dataio.snapshot.keys import Key
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


def default_identity_sequence(key: Key) -> tuple[str, str]:
    return key.path[0], f"{key.path[1]}_{key.path[2]}_seq"


def identity_clause(new: Fact, context: Context) -> str:
    """``GENERATED … AS IDENTITY``, with the options of its sequence that are not the usual ones."""
    words = [word for word in options(_as_made(new, context)) if not word.startswith("AS ")]
    sequence = new["sequence"]
    if isinstance(sequence, tuple) and sequence != default_identity_sequence(new.key):
        words.insert(0, f"SEQUENCE NAME {qualified(*(str(part) for part in sequence))}")
    clause = f"GENERATED {new.text('generation').upper()} AS IDENTITY"
    return f"{clause} ({' '.join(words)})" if words else clause


def _as_made(new: Fact, context: Context) -> Fact:
    """An identity as it can be made: its sequence has the column's type then (LIKE gives it bigint)."""
    column = context.b.facts[Key("column", new.key.path)].text("type")
    if new["type"] == column:
        return new
    low, high = default_bounds(column, new["increment"])
    start = min(max(int(str(new["start"])), low), high)  # the value that comes first, so no other one will do
    return new.replace(type=column, minimum=low, maximum=high, start=start)


def identity_details(new: Fact, context: Context) -> Iterator[Step]:
    """What an identity cannot be given when it is made: the sequence starts as lasting as its table, of the column's
    type.
    """
    table = context.new.get("table", *relation_of(new.key))
    sequence = new["sequence"]
    if table is None or not isinstance(sequence, tuple):
        return
    name = qualified(*(str(part) for part in sequence))
    if table["persistence"] != new["persistence"]:
        yield sequence_persistence(new, sequence, "create", after=frozenset({table.key}))
    if words := changes(_as_made(new, context), new):
        yield Step(f"ALTER SEQUENCE {name} {' '.join(words)}", new.key, "create", after=frozenset({table.key}))


class IdentityRule(Rule):
    kind = "identity"

    def create(self, new: Fact, context: Context) -> Iterable[Step]:
        after = frozenset({Key("not_null", new.key.path), Key("default", new.key.path)})
        clause = identity_clause(new, context)
        yield Step(f"{alter_column(new.key, context)} ADD {clause}", new.key, "create", after=after)
        yield from identity_details(new, context)
        if Key("column", new.key.path) not in context.coming:
            yield self._past_the_rows(new)

    def drop(self, old: Fact, context: Context) -> Iterable[Step]:
        before = frozenset({Key("not_null", old.key.path), Key("default", old.key.path)})
        yield Step(f"{alter_column(old.key, context)} DROP IDENTITY", old.key, "drop", before=before)

    def alter(self, old: Fact, new: Fact, context: Context) -> Answer:
        if self._closes_ring(new, context):
            return REPLACE
        steps = [*self._sequence(old, new, context)]
        turned = [f"SET GENERATED {new.text('generation').upper()}"] if old["generation"] != new["generation"] else []
        # PostgreSQL changes the type of a column's sequence along with the column's, if its bounds allow that.
        column = Key("column", new.key.path)
        was, becomes = (side.facts[column].text("type") for side in (context.a, context.b))
        if was == becomes:
            return [*steps, *self._options(old, new, context, turned)]
        if is_narrower(becomes, was):
            settled = new.replace(type=old["type"])
            first = [replace(step, before=frozenset({column})) for step in self._options(old, settled, context)]
            return [*steps, *first, *self._options(new.replace(type=becomes), new, context, turned)]
        return [*steps, *self._options(retyped(old, becomes), new, context, turned)]

    def _options(self, old: Fact, new: Fact, context: Context, actions: Sequence[str] = ()) -> Iterable[Step]:
        """What else differs; ``actions`` of ALTER COLUMN go along."""
        words, sequence = changes(old, new), new["sequence"]
        if words and isinstance(sequence, tuple):
            name = qualified(*(str(part) for part in sequence))
            for text in value_within(name, old, new):
                yield Step(text, new.key, "alter")
            if old["type"] == new["type"]:
                actions = [*actions, *(f"SET {word}" for word in words)]
            else:
                yield Step(f"ALTER SEQUENCE {name} {' '.join(words)}", new.key, "alter")
        if actions:
            yield Step(f"{alter_column(new.key, context)} {' '.join(actions)}", new.key, "alter")

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

    def _closes_ring(self, new: Fact, context: Context) -> bool:
        """Whether sequences that stay are to swap their names: then one of them goes, so that there is one to spare."""
        holders = {fact["sequence"]: fact.key for fact in context.a.of_kind("identity")}
        ring, key = [new.key], holders.get(new["sequence"])
        while key is not None and key not in ring and context.kept(key):
            ring.append(key)
            key = holders.get(context.b.facts[key]["sequence"])
        return key == new.key and len(ring) > 1 and new.key == min(ring)

    def _sequence(self, old: Fact, new: Fact, context: Context) -> Iterable[Step]:
        was, becomes = old["sequence"], new["sequence"]
        if not isinstance(was, tuple) or not isinstance(becomes, tuple):
            return
        current = tuple(str(part) for part in was)
        wanted = tuple(str(part) for part in becomes)
        if current[1] != wanted[1]:
            text = f"ALTER SEQUENCE {qualified(*current)} RENAME TO {ident(wanted[1])}"
            holders, takers = (
                frozenset(fact.key for fact in side.facts.values() if ("relation", *name) in claims(fact))
                for side, name in ((context.a, wanted), (context.b, current))
            )
            yield Step(
                text,
                new.key,
                "alter",
                after=holders - context.going,
                before=takers - context.going - {new.key},
                displaces=(holders | takers) & context.going,
            )
        if old["persistence"] != new["persistence"] and not follows_table(new.key, context):
            yield sequence_persistence(new, (current[0], wanted[1]), "alter")


RULES: tuple[Rule, ...] = (DefaultRule(), IdentityRule())
