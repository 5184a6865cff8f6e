"""What a rule answers with: steps, or the wish to be replaced."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, Literal, Protocol, TypeAlias

from dataio.planner.native.side import Side
from dataio.planner.native.text.sql import qualified
from dataio.snapshot.keys import Key
from dataio.snapshot.model import Fact, Snapshot

Action: TypeAlias = Literal["create", "alter", "drop"]


@dataclass(frozen=True)
class Step:
    """One statement and the facts it settles.

    ``key``: the fact it is about. ``action``: how the graph orders it: a 'create' comes after the creates of what the
    desired state says ``key`` needs; a 'drop' before the drops of what the current state says it needs; an 'alter'
    after the creates of what ``key`` newly needs and before the drops of what it needed.
    ``absorbs``: other facts that this same statement settles, so that no step of their own is made for them
    (CREATE TABLE and its columns; DROP TABLE and its constraints and comments).
    ``carries``: facts that it changes on the way, whose other changes have steps of their own (a column of a child).
    ``rebuilds``: PostgreSQL builds anew what depends on the column, or what is replaced, and forgets some of it
    (:mod:`.rebuilt`).
    ``rewrites``: PostgreSQL writes the table anew, or checks as if it did, and refuses where a column holds rows of it
    (:mod:`.row_holders`).
    ``joins``: the head and the action that it consists of, where it may be one statement with others of that head.
    ``after`` and ``before``: further facts whose steps must come earlier or later.
    ``displaces``: facts of the current state that must be away while the statement runs: they are dropped before it
    and, where the desired state has them, made again after it, with all that depends on them.
    """

    sql: str
    key: Key
    action: Action
    absorbs: frozenset[Key] = frozenset()
    after: frozenset[Key] = frozenset()
    before: frozenset[Key] = frozenset()
    new_transaction: bool = False
    displaces: frozenset[Key] = frozenset()
    carries: frozenset[Key] = frozenset()
    rebuilds: bool = False
    rewrites: bool = False
    joins: tuple[str, str] | None = None


class Replace:
    """Answer of ``alter``: no way in place exists; drop it and make it again, with all that depends on it."""


REPLACE: Final = Replace()

Answer: TypeAlias = "Iterable[Step] | Replace"


@dataclass(frozen=True)
class Context:
    """Both sides, and what was decided so far. ``major`` is the version of the target, whose syntax is written.

    ``going``: facts of ``a`` that are dropped (``replaced`` included); ``coming``: facts of ``b`` that are created
    (``replaced`` included). ``apart``: facts that what they are part of must not create or drop along with itself,
    because a cycle of dependencies would come of it.
    """

    a: Snapshot
    b: Snapshot
    major: int
    self_role: str = ""
    replaced: frozenset[Key] = frozenset()
    options: Mapping[str, str] = field(default_factory=dict)
    going: frozenset[Key] = frozenset()
    coming: frozenset[Key] = frozenset()
    apart: frozenset[Key] = frozenset()
    sides: tuple[Side, Side] | None = field(default=None, repr=False, compare=False)

    @cached_property
    def old(self) -> Side:
        """The current state, indexed."""
        return self.sides[0] if self.sides else Side(self.a)

    @cached_property
    def new(self) -> Side:
        """The desired state, indexed."""
        return self.sides[1] if self.sides else Side(self.b)

    def kept(self, key: Key) -> bool:
        """Whether the thing is there before and after, and never away between."""
        return key in self.a.facts and key in self.b.facts and key not in self.replaced


class Rule(Protocol):
    """How facts of one kind are created, altered and dropped. Pure: facts in, steps out, no database."""

    kind: str

    def create(self, new: Fact, context: Context) -> Iterable[Step]: ...

    def drop(self, old: Fact, context: Context) -> Iterable[Step]: ...

    def alter(self, old: Fact, new: Fact, context: Context) -> Answer: ...

    def displaced(self, old: Fact, new: Fact, gone: Key, context: Context) -> Answer:
        """What becomes of a fact when ``gone``, which it depends on in the current state, is dropped or replaced.

        REPLACE: it is dropped before and made again after. Steps: it adapts in place. Nothing: it does not mind.
        """
        return REPLACE

    def takes_along(self, old: Fact, context: Context) -> Iterable[Key]:
        """What must go, too, for a fact to be able to go, though it does not depend on it."""
        return ()

    def remakes(self, new: Fact, context: Context) -> Iterable[Key]:
        """What is there already but must be made again for a new fact to come out as it must be."""
        return ()

    def unties(self, old: Fact, new: Fact, context: Context) -> Iterable[Key]:
        """What goes and comes again, as that is what turns one fact into the other, or it stands in the way of that."""
        return ()

    def aside(self, old: Fact, name: str, context: Context) -> Iterable[Step]:
        """Rename a type that is replaced, so that its columns can move from the old one to the new one."""
        word = "DOMAIN" if old.key.kind == "domain" else "TYPE"
        yield Step(f"ALTER {word} {qualified(*old.key.path[:2])} RENAME TO {qualified(name)}", old.key, "drop")
