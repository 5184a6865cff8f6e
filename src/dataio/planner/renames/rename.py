"""One rename: something under another name, or in another schema, and the statements that make it so."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from typing import Final

from dataio.plan.model import Change, Hazard, ObjectRef, Statement
from dataio.planner.native.text.address import address
from dataio.planner.native.text.sql import ident, literal, qualified
from dataio.snapshot.keys import Key

ENUM_VALUE: Final = "enum_value"
"""Not a kind of facts: a label of an enum, with the path (schema, enum, label)."""

ROUTINES: Final = frozenset({"function", "procedure", "aggregate"})

STAGES: Final[tuple[frozenset[str], ...]] = (
    frozenset({"schema"}),
    frozenset({"table", "foreign_table", "enum", "composite", "domain", "range", "collation"}),
    frozenset({"column", "attribute", ENUM_VALUE, "constraint", "domain_constraint", "index"}) | ROUTINES,
    frozenset({"view", "materialized_view", "sequence", "domain_constraint"}),
)
"""What is renamed when: what others are part of first, so that their paths are settled; last what refers to columns."""

KINDS: Final = frozenset().union(*STAGES)
MOVABLE: Final = STAGES[1] | ROUTINES | {"view", "materialized_view", "sequence", "multirange"}
"""What can go from one schema to another, with all that is part of it."""


def name_of(key: Key) -> str:
    """The part of a path that a rename changes."""
    return key.path[1] if key.kind in ROUTINES else key.path[-1]


def named(key: Key, name: str) -> Key:
    """The same thing under another name."""
    path = list(key.path)
    path[1 if key.kind in ROUTINES else -1] = name
    return Key(key.kind, tuple(path))


def placed(key: Key, schema: str) -> Key:
    """The same thing in another schema."""
    return Key(key.kind, (schema, *key.path[1:]))


@dataclass(frozen=True, order=True)
class Rename:
    """``old`` becomes ``new``: keys of one kind (or of :data:`ENUM_VALUE`) that differ in name or schema only."""

    old: Key
    new: Key

    @property
    def flag(self) -> str:
        """What accepts it on the command line, without ``--rename``."""
        new = qualified(*self.new.path[:2]) if self.moves else _word(self.new)
        return f"{self.old.kind}:{shown(self.old)}={new}"

    @property
    def moves(self) -> bool:
        """Whether it goes to another schema."""
        return self.old.kind in MOVABLE and self.old.path[0] != self.new.path[0]

    def steps(self, taken: Container[Key]) -> list[Rename]:
        """Two where it gets both another schema and another name, by way of a name that is not taken."""
        if not self.moves or name_of(self.old) == name_of(self.new):
            return [self]
        between = placed(self.old, self.new.path[0])
        if between in taken:
            between = named(self.old, name_of(self.new))
        return [Rename(self.old, between), Rename(between, self.new)]

    @property
    def question(self) -> str:
        verb = "made" if self.old.kind in ROUTINES else "added"
        return f"{self.old} is dropped and {shown(self.new)} {verb}"

    @property
    def statement(self) -> Statement:
        """The statement that does it, with the hazard that clients know the old name."""
        hazard = Hazard("dependency/rename", shown(self.old), "clients and function bodies that use the old name break")
        return Statement(
            _sql(self.old, self.new, f"SET SCHEMA {ident(self.new.path[0])}" if self.moves else ""),
            "alter",
            self._subject,
            "native",
            hazards=(hazard,),
        )

    @property
    def change(self) -> Change:
        if self.moves:
            return Change("alter", self._subject, (("schema", self.old.path[0]),), (("schema", self.new.path[0]),))
        return Change("alter", self._subject, (("name", name_of(self.old)),), (("name", name_of(self.new)),))

    @property
    def _subject(self) -> ObjectRef:
        return ObjectRef(self.old.kind, self.old.path, str(self.old))


def shown(key: Key) -> str:
    """A path as ``--rename`` takes it: ``public.t.a``, ``public.f(integer)``, ``public.status.'on hold'``."""
    if key.kind in ROUTINES:
        return f"{qualified(*key.path[:2])}({key.path[2]})"
    if key.kind == ENUM_VALUE:
        return f"{qualified(*key.path[:2])}.{_word(key)}"
    return qualified(*key.path)


def _word(key: Key) -> str:
    name = name_of(key)
    if key.kind == ENUM_VALUE:
        return name if name.replace("_", "").isalnum() else literal(name)
    return ident(name)


_WORDS: Final = {
    "foreign_table": "FOREIGN TABLE",
    "materialized_view": "MATERIALIZED VIEW",
    "enum": "TYPE",
    "composite": "TYPE",
    "range": "TYPE",
    "multirange": "TYPE",
}


def _sql(old: Key, new: Key, action: str = "") -> str:
    path, name = old.path, ident(name_of(new))
    match old.kind:
        case "column":
            return f"ALTER TABLE {qualified(*path[:2])} RENAME COLUMN {ident(path[2])} TO {name}"
        case "constraint":
            return f"ALTER TABLE {qualified(*path[:2])} RENAME CONSTRAINT {ident(path[2])} TO {name}"
        case "domain_constraint":
            return f"ALTER DOMAIN {qualified(*path[:2])} RENAME CONSTRAINT {ident(path[2])} TO {name}"
        case "attribute":
            return f"ALTER TYPE {qualified(*path[:2])} RENAME ATTRIBUTE {ident(path[2])} TO {name} CASCADE"
        case "enum_value":
            return f"ALTER TYPE {qualified(*path[:2])} RENAME VALUE {literal(path[2])} TO {literal(new.path[2])}"
        case "function" | "procedure" | "aggregate":
            return f"ALTER {address(old)} {action or f'RENAME TO {name}'}"
    return f"ALTER {_WORDS.get(old.kind, old.kind.upper())} {qualified(*path)} {action or f'RENAME TO {name}'}"


def new_schema(name: str) -> Statement:
    """The schema that something goes to, and that is not there yet."""
    return Statement(f"CREATE SCHEMA {ident(name)}", "create", _schema(name), "native")


def schema_change(name: str) -> Change:
    return Change("create", _schema(name), (), ())


def _schema(name: str) -> ObjectRef:
    return ObjectRef("schema", (name,), f"schema {ident(name)}")
