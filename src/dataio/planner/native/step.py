"""What a rule answers with: steps, or the wish to be replaced."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, Protocol, TypeAlias

from dataio.snapshot.kinds import Key
from dataio.snapshot.model import Fact, Snapshot


@dataclass(frozen=True)
class Step:
    """One statement and the facts it settles.

    ``key``: the fact it is about. ``action``: how the graph orders it: a 'create' comes after the creates of what the
    desired state says ``key`` needs; a 'drop' before the drops of what the current state says it needs; an 'alter'
    after the creates of what ``key`` newly needs and before the drops of what it needed.
    ``absorbs``: other facts that this same statement settles, so that no step of their own is made for them
    (CREATE TABLE and its columns; DROP TABLE and its constraints and comments).
    ``after`` and ``before``: further facts whose steps must come earlier or later.
    """

    sql: str
    key: Key
    action: Literal["create", "alter", "drop"]
    absorbs: frozenset[Key] = frozenset()
    after: frozenset[Key] = frozenset()
    before: frozenset[Key] = frozenset()
    new_transaction: bool = False


class Replace:
    """Answer of ``alter``: no way in place exists; drop it and make it again, with all that depends on it."""


REPLACE: Final = Replace()

Answer: TypeAlias = "Iterable[Step] | Replace"


@dataclass(frozen=True)
class Context:
    """Both sides, and what was decided so far. ``major`` is the version of the target, whose syntax is written."""

    a: Snapshot
    b: Snapshot
    major: int
    self_role: str = ""
    replaced: frozenset[Key] = frozenset()
    options: Mapping[str, str] = field(default_factory=dict)


class Rule(Protocol):
    """How facts of one kind are created, altered and dropped. Pure: facts in, steps out, no database."""

    kind: str

    def create(self, new: Fact, context: Context) -> Iterable[Step]: ...

    def drop(self, old: Fact, context: Context) -> Iterable[Step]: ...

    def alter(self, old: Fact, new: Fact, context: Context) -> Answer: ...
