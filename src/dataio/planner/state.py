"""The two states of a plan, made to speak through one server: what is desired, and what the target holds now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from dataio.planner.delta import Delta, diff
from dataio.postgres.connection import ServerInfo, connect
from dataio.postgres.conninfo import Target
from dataio.postgres.dump import copy_schema
from dataio.postgres.load import load_schema, source_hash
from dataio.postgres.scratch import Scratch, ScratchDatabase
from dataio.snapshot.kinds import ATTACHMENTS, PUBLIC, SELF
from dataio.snapshot.model import Snapshot
from dataio.snapshot.take import take


@dataclass(frozen=True)
class Side:
    """One state, in a scratch database that nobody writes to, and its facts."""

    database: ScratchDatabase
    snapshot: Snapshot


def desired(scratch: Scratch, sources: Sequence[Path], *, untrusted: bool = False) -> Side:
    """Load the schema files into a scratch database (or find them loaded: the content's hash is the key).

    Raises SourceError where they do not load, UnknownObject where they hold something that no fact covers.
    """
    key = f"schema:{source_hash(sources)}:{'untrusted' if untrusted else 'trusted'}"

    def build(database: ScratchDatabase) -> None:
        load_schema(database.target, sources, binaries=scratch.binaries, untrusted=untrusted, origin=scratch.origin)

    return _side(scratch, key, build, "schema")


def copy(scratch: Scratch, target: Target, live: Snapshot) -> Side:
    """A copy of the target's schema on the scratch server; ``live`` is what the target holds.

    The key is the live fingerprint, so that a state already copied is found again.
    """
    if not scratch.own_server:
        scratch.ensure_roles(sorted(roles(live)))
    key = f"state:{live.fingerprint}:{live.self_role}"

    def build(database: ScratchDatabase) -> None:
        copy_schema(target, database)

    return _side(scratch, key, build, "copy")


def _side(scratch: Scratch, key: str, build: object, label: str) -> Side:
    database = scratch.cached(key, build, label)  # type: ignore[arg-type]
    return Side(database, snapshot_of(database.target))


def snapshot_of(target: Target) -> Snapshot:
    """The facts of one database."""
    with connect(target, read_only=True) as connection:
        return take(connection)


def roles(snapshot: Snapshot) -> set[str]:
    """Every role that the facts of a schema mention, but not the own one."""
    found: set[str] = set()
    for key, fact in snapshot.facts.items():
        match key.kind:
            case "owner":
                found.add(fact.text("role"))
            case "privilege":
                found.update(key.path[-2:])
            case "default_privilege":
                found.update((key.path[0], key.path[3]))
            case "policy":
                found.update(fact.names("roles"))
            case "user_mapping":
                found.add(key.path[1])
    return found - {SELF, PUBLIC, ""}


def unfaithful(live: Snapshot, copied: Snapshot) -> list[Delta]:
    """Where a copy is not what it was copied from. Both must come from servers of one major version."""
    return diff(live, copied)


def only_attachments(deltas: Sequence[Delta]) -> bool:
    """Whether only owners, privileges, comments or labels differ."""
    return all(delta.key.kind in ATTACHMENTS for delta in deltas)


def speaks_for(scratch: Scratch, info: ServerInfo) -> bool:
    """Whether facts of the target itself and of the scratch server compare: one major version."""
    return scratch.major == info.major
