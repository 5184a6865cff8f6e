"""The state of a target as scripts record it: canonical fingerprints, and what differs from the history, by name.

A script's fingerprints say which major version's words they are in (``pg18:…``) and its header which part of the
database they cover. A target of that version is read live, another one is copied to a scratch server first.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import psycopg

from dataio.errors import MigrationError
from dataio.migrations import history, replay
from dataio.migrations.executor import Checks
from dataio.migrations.files import ScriptFile
from dataio.migrations.history import History
from dataio.operations.target import Place
from dataio.plan.script import Header, label
from dataio.planner.changes import wholes
from dataio.planner.delta import Delta, diff
from dataio.planner.scope import Scope
from dataio.planner.state import Side, Workshop, roles
from dataio.postgres.connection import server_info
from dataio.postgres.conninfo import Target
from dataio.postgres.scratch import Scratch, provider_for
from dataio.progress import OnProgress
from dataio.snapshot.model import Snapshot
from dataio.snapshot.shown import value_text
from dataio.snapshot.take import take
from dataio.words import changed_lines

LISTED: Final = 40


@dataclass(frozen=True)
class Observatory:
    """How to look at one target. ``scripts`` are those of the folder, in order."""

    place: Place
    scripts: Sequence[ScriptFile]
    scratch_url: str | None = None
    on_progress: OnProgress = None

    def checks(self) -> Checks:
        """What apply asks before and after each script."""
        return Checks(current=self._current, explain=self._explain, reached=self._reached)

    def _current(self, connection: psycopg.Connection[Any], header: Header) -> str:
        return scope_of(header).restrict(self.now(connection, _major(header, self.place))).fingerprint

    def _reached(self, connection: psycopg.Connection[Any], header: Header) -> str | None:
        if _major(header, self.place) != self.place.major:
            return None
        return scope_of(header).restrict(take(connection)).fingerprint

    def _explain(self, connection: psycopg.Connection[Any], header: Header) -> str:
        last = header.number if header.takes_back or header.number is None else header.number - 1
        before = [one for one in self.scripts if last is None or one.number <= last]
        try:
            lines = worded(self.drift(connection, before, header), old="the scripts", new="the database")
        except MigrationError as error:
            return f"what differs cannot be told: {error.message}"
        hand = another_hand(history.read(connection), connection)
        return "\n".join((*shortened(lines), *((hand,) if hand else ())))

    def now(self, connection: psycopg.Connection[Any], major: int) -> Snapshot:
        """What the target holds, in the words of ``major``."""
        live = take(connection)
        if major == self.place.major:
            return live
        with self._scratch(major) as scratch:
            return Workshop(scratch, server_info(connection)).copy(self.place.target, live).snapshot

    def drift(self, connection: psycopg.Connection[Any], applied: Sequence[ScriptFile], header: Header) -> list[Delta]:
        """What differs between the state that the scripts ``applied`` make and the target, in the header's scope."""
        live = take(connection)
        scope = scope_of(header)
        with self._scratch(_major(header, self.place)) as scratch:
            workshop = Workshop(scratch, server_info(connection))
            scratch.ensure_roles(sorted(roles(live)))
            made = replayed(workshop, applied, on_progress=self.on_progress).snapshot
            same_words = scratch.major == self.place.major
            now = live if same_words else workshop.copy(self.place.target, live).snapshot
        return diff(scope.restrict(made), scope.restrict(now))

    def _scratch(self, major: int) -> Scratch:
        return provider_for(
            self.place.target, scratch_url=self.scratch_url, protected=self.place.protected, major=major
        )


def replayed(workshop: Workshop, scripts: Sequence[ScriptFile], *, on_progress: OnProgress = None) -> Side:
    """The state that scripts make, run in order in an empty scratch database; every hazard is allowed there.

    Raises MigrationError where one fails or was edited; who reads that must know that it was no database of theirs.
    """
    for one in scripts:
        one.verify()
    content = hashlib.sha256("\0".join(one.script.text for one in scripts).encode()).hexdigest()

    def build(target: Target) -> None:
        try:
            replay.build(target, scripts, on_progress=on_progress)
        except MigrationError as error:
            failed = MigrationError(
                f"the scripts do not run from the first to the last on an empty scratch database: {error.message}",
                detail=error.detail,
                hint="No database of yours was touched. Until this is mended, none can be built from these scripts: "
                "bring the folder back as it was applied, or, where this script was applied nowhere, remove it and "
                "plan again. What it needs from outside of the scripts must be on the scratch server, too "
                "(--scratch-url).",
            )
            failed.sqlstate = error.sqlstate  # what lacks a right is tried again with more
            raise failed from error

    return workshop.made(f"replay:{content}", build, "replay")


def scope_of(header: Header) -> Scope:
    """What a script's fingerprints cover."""
    return Scope(frozenset(header.managed), header.ignored)


def another_hand(known: History, connection: psycopg.Connection[Any]) -> str:
    """What to say where another role than the one that connects applied the last migration; else nothing."""
    last, user = known.last, connection.info.user
    if last is None or last.applied_by == user:
        return ""
    return (
        f"connected as {user}; migration {label(last.number)} was applied by {last.applied_by}, to whom its own"
        " privileges and default privileges look otherwise: connect as that role"
    )


def worded(deltas: Sequence[Delta], *, old: str, new: str) -> tuple[str, ...]:
    """Differences for people, one text each (of lines, where bodies differ).

    ``old`` is the side that should be, ``new`` the one that is.

    So ``-`` is what is missing, ``+`` what is there besides. A part of what only one side has is not named again.
    """
    lines = []
    for delta in wholes(deltas):
        if delta.old is None:
            lines.append(f"+ {delta.key}: only in {new}")
        elif delta.new is None:
            lines.append(f"- {delta.key}: only in {old}")
        else:
            said = [
                (name, value_text(name, delta.old[name]), value_text(name, delta.new[name])) for name in delta.changed
            ]
            texts = sorted((f"{name} {_differing(a, b, old=old, new=new)}" for name, a, b in said), key=_of_lines)
            lines.append(f"~ {delta.key}: {'; '.join(texts)}")
    return tuple(lines)


def _differing(a: str, b: str, *, old: str, new: str) -> str:
    if "\n" not in a + b:
        return f"is {a or '(none)'} in {old}, {b or '(none)'} in {new}"
    return "\n".join([f"differs (- {old}, + {new}):", *(f"      {line}" for line in changed_lines(a, b))])


def _of_lines(text: str) -> bool:
    return "\n" in text


def shortened(lines: Sequence[str]) -> list[str]:
    """The first of many lines, and how many more there are."""
    more = [f"… and {len(lines) - LISTED} more"] if len(lines) > LISTED else []
    return [*lines[:LISTED], *more]


def _major(header: Header, place: Place) -> int:
    digits = (header.to_fingerprint or header.from_fingerprint).partition(":")[0].removeprefix("pg")
    return int(digits) if digits.isdigit() else place.major
