"""What was seen on copies before: the same statements, on the same copy, towards the same state, are not tried twice.

Copies that stay on a server of dataio's are read only and never made anew under the same OID, so their OIDs stand for
what is in them. What was noted holds for that server, role and release of dataio (:meth:`Workshop.noted`), and is gone
with the cache. Only what arrived is noted: a failure is always tried again.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from hashlib import sha256
from itertools import dropwhile
from typing import Any

from dataio.plan.model import Lock, ObjectRef, Observation, Proof, Statement
from dataio.planner.scope import Scope
from dataio.planner.state import Side, Workshop


class Memory:
    """What is known of the ways from one cached copy to another; of nothing, where a side is not cached."""

    def __init__(self, workshop: Workshop, current: Side, wanted: Side, scope: Scope) -> None:
        self._workshop = workshop
        self._sides = (current, wanted)
        self._scope = scope

    @cached_property
    def _where(self) -> str:
        databases = self._workshop.identity(*(side.database for side in self._sides))
        roles = [side.snapshot.self_role for side in self._sides]
        return json.dumps([databases, roles, sorted(self._scope.aspects), self._scope.ignored]) if databases else ""

    def _key(self, what: str, text: str) -> str:
        return f"{what} {sha256(f'{self._where}{text}'.encode()).hexdigest()}" if self._where else ""

    def replayed(self, statements: Sequence[Statement]) -> tuple[Statement, ...] | None:
        """The statements with what was observed of each, where just these were seen to arrive."""
        known = self._workshop.recalled(self._key("replay", _texts(statements)))
        if known is None:
            return None
        observed = zip(statements, json.loads(known), strict=True)
        return tuple(replace(statement, observation=_observation(*seen)) for statement, seen in observed)

    def note_replay(self, statements: Sequence[Statement]) -> None:
        """Keep what was observed of statements that arrived."""
        seen = [statement.observation for statement in statements]
        if all(seen):
            text = json.dumps([_plain(observation) for observation in seen if observation is not None])
            self._workshop.note(self._key("replay", _texts(statements)), text)

    def proven(self, script: str) -> Proof | None:
        """The proof of a script whose statements were proven before, whatever its header says."""
        known = self._workshop.recalled(self._key("proof", _body(script)))
        return Proof(**json.loads(known)) if known is not None else None

    def note_proof(self, script: str, proof: Proof) -> None:
        """Keep a proof that holds."""
        if proof.holds:
            self._workshop.note(self._key("proof", _body(script)), json.dumps(vars(proof)))


def _texts(statements: Sequence[Statement]) -> str:
    return json.dumps([(statement.sql, statement.new_transaction) for statement in statements])


def _body(script: str) -> str:
    """A script without its header, which tells of the target's figures and of the commit."""
    return "".join(dropwhile(lambda line: line.startswith("--"), script.splitlines(keepends=True)))


def _plain(observation: Observation) -> list[Any]:
    return [
        [(lock.relation, lock.mode) for lock in observation.locks],
        observation.rewritten,
        observation.scanned,
        [(ref.kind, ref.path, ref.label) for ref in observation.dropped],
        observation.seconds,
    ]


def _observation(
    locks: list[list[str]], rewritten: list[str], scanned: list[str], dropped: list[Any], seconds: float
) -> Observation:
    gone = tuple(ObjectRef(kind, tuple(path), label) for kind, path, label in dropped)
    return Observation(tuple(Lock(*lock) for lock in locks), tuple(rewritten), tuple(scanned), gone, seconds)
