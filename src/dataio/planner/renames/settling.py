"""Renames on the way to a plan: settled one stage after the other, and run on a clone.

PostgreSQL itself renames everything that refers to a renamed thing, so what is left to plan starts from a snapshot that
was taken after the renames.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import psycopg

from dataio.errors import UsageError
from dataio.plan.model import Change, Statement
from dataio.planner.renames.pairs import Pairs, Unclear, consequences, constructors, one_to_one
from dataio.planner.renames.rename import STAGES, Rename, new_schema, schema_change, shown
from dataio.planner.renames.requests import Asked, Hint, hinted
from dataio.planner.scope import Scope
from dataio.planner.state import Side, Workshop
from dataio.postgres.connection import connect
from dataio.postgres.redact import redact
from dataio.snapshot.keys import Key
from dataio.snapshot.model import Snapshot
from dataio.snapshot.take import take

Ask: TypeAlias = Callable[[Rename], bool]

_LISTED = 3  # rivals named in a note


@dataclass(frozen=True)
class Renamed:
    """The renames that are done, and the target's facts after them (not restricted to what is managed).

    ``schemas`` are made before, as something goes there.
    """

    renames: tuple[Rename, ...]
    snapshot: Snapshot
    notes: tuple[str, ...] = ()
    schemas: tuple[str, ...] = ()

    @property
    def statements(self) -> list[Statement]:
        return [*map(new_schema, self.schemas), *(rename.statement for rename in self.renames)]

    @property
    def changes(self) -> list[Change]:
        return [*map(schema_change, self.schemas), *(rename.change for rename in self.renames)]


@dataclass
class Renaming:
    """What accepts renames in one run: flags, hints, and ``ask``, which asks a person (``None``: nobody is there)."""

    flags: Sequence[Asked]
    hints: Sequence[Hint]
    ask: Ask | None = None
    _done: list[Rename] = field(default_factory=list)
    _declined: set[Rename] = field(default_factory=set)
    _met: set[Asked | Hint] = field(default_factory=set)
    _unclear: set[Hint] = field(default_factory=set)
    _notes: list[str] = field(default_factory=list)
    _schemas: list[str] = field(default_factory=list)

    def nothing_to_do(self, current: Snapshot, desired: Snapshot) -> None:
        """Both sides are equal: raises UsageError where a flag asks for a rename even so."""
        for flag in self.flags:
            raise flag.refusal(current, desired)

    def run(self, workshop: Workshop, current: Side, scope: Scope, desired: Snapshot) -> Renamed:
        """Settle what is renamed between ``current`` and the ``desired`` facts, which ``scope`` has restricted.

        Raises UsageError for a flag that names no rename, or one that PostgreSQL refuses.
        """
        facts = current.snapshot
        with ExitStack() as stack:
            connection: psycopg.Connection[Any] | None = None
            pairs = Pairs.between(scope.restrict(facts), desired)
            for kinds in STAGES:
                while accepted := self._accepted(pairs.of_kinds(kinds)):
                    if connection is None:
                        database, target = workshop.clone(current, "renames")
                        stack.callback(workshop.scratch.drop, database)
                        connection = stack.enter_context(connect(target))
                    steps = [step for rename in accepted for step in rename.steps(facts.facts)]
                    for rename in steps:
                        self._make_place(connection, rename, facts)
                        if self._rename(connection, rename):
                            for follower in constructors(facts, rename):
                                self._rename(connection, follower)
                    facts = take(connection, self_role=current.snapshot.self_role)
                    pairs = Pairs.between(scope.restrict(facts), desired)
        for flag in self.flags:
            if flag not in self._met:
                raise flag.refusal(scope.restrict(current.snapshot), desired)
        self._notes += self._hint_notes(scope.restrict(current.snapshot), desired)
        self._notes += self._offers(pairs)
        return Renamed(tuple(self._done), facts, tuple(self._notes), tuple(self._schemas))

    def _make_place(self, connection: psycopg.Connection[Any], rename: Rename, facts: Snapshot) -> None:
        schema = rename.new.path[0]
        if rename.moves and Key("schema", (schema,)) not in facts.facts and schema not in self._schemas:
            connection.execute(new_schema(schema).sql.encode())
            self._schemas.append(schema)

    def _accepted(self, pairs: Pairs) -> list[Rename]:
        if not pairs.gone or not pairs.come:
            return []
        accepted: list[Rename] = []
        for flag in self.flags:
            if flag not in self._met and len(found := flag.found(pairs, self._done)) == 1:
                accepted += found
                self._met.add(flag)
        meant, unclear = hinted([hint for hint in self.hints if hint not in self._met], pairs, self._done)
        for hint, renames in meant.items():
            accepted += renames
            self._met.add(hint)
        self._unclear |= set(unclear)
        accepted += consequences(pairs, self._done)
        settled, rivals = one_to_one(one for one in accepted if one not in self._declined)
        if rivals:
            self._declined |= set(rivals)
            self._notes.append(f"asked for more than once, so not renamed: {', '.join(one.flag for one in rivals)}")
        return settled or self._answered(pairs)

    def _answered(self, pairs: Pairs) -> list[Rename]:
        if self.ask is None:
            return []
        accepted = []
        for rename in pairs.likely[0]:
            if rename in self._declined:
                continue
            if self.ask(rename):
                accepted.append(rename)
                told = f"-- dataio: renamed from {rename.flag.partition(':')[2].rpartition('=')[0]}"
                self._notes.append(f"{told} beside {shown(rename.new)} in the schema says so to everybody who plans")
            else:
                self._declined.add(rename)
        return accepted

    def _rename(self, connection: psycopg.Connection[Any], rename: Rename) -> bool:
        try:
            connection.execute(rename.statement.sql.encode())
        except psycopg.Error as error:
            said = redact(error.diag.message_primary or str(error))
            if any(flag.means(rename.old, self._done) for flag in self.flags):
                raise UsageError(f"--rename {rename.flag}: PostgreSQL refuses: {said}") from error
            self._declined.add(rename)
            self._notes.append(f"{rename.old} is not renamed to {shown(rename.new)}: PostgreSQL refuses: {said}")
            return False
        self._done.append(rename)
        return True

    def _hint_notes(self, current: Snapshot, desired: Snapshot) -> Iterator[str]:
        """Hints that did nothing, but for those whose rename has happened, and where nothing goes at all."""
        waiting = [hint for hint in self.hints if hint not in self._met]
        if not waiting:
            return
        pairs = Pairs.between(current, desired)
        for hint in waiting:
            if hint in self._unclear:
                meant = sorted(rename.flag for rename in pairs.possible(hint.old[-1]) if hint.means(rename))
                words = ", ".join(f"--rename {flag}" for flag in meant[:_LISTED])
                yield f"{hint.place}: renamed from {hint.name} may mean several things: say which, with {words}"
            elif pairs.gone and not hint.happened(current, desired):
                yield f"{hint.place}: renamed from {hint.name}: nothing of that name is dropped for what stands there"

    def _offers(self, pairs: Pairs) -> Iterator[str]:
        """What may be renames and was not asked about."""
        clear, unclear = pairs.likely
        for rename in clear:
            if self.ask is None and rename not in self._declined:
                yield f"{rename.question}: if that is a rename, say --rename {rename.flag}"
        for group in unclear:
            yield _rivals(group)


def _rivals(group: Unclear) -> str:
    olds, news = (", ".join(map(shown, keys[:_LISTED])) for keys in (group.olds, group.news))
    more = " …" if max(len(group.olds), len(group.news)) > _LISTED else ""
    example = Rename(group.olds[0], group.news[0]).flag
    what = group.olds[0].kind.replace("_", " ")
    return (
        f"of kind {what}, {olds} would go and {news} come{more}: if one is the other renamed, say which,"
        f" for example --rename {example}"
    )
