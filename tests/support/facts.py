"""A database to create things in, and the facts that a snapshot then tells of it."""

from __future__ import annotations

from typing import Any

from psycopg import Connection

from dataio.postgres.connection import connect
from dataio.postgres.conninfo import Target
from dataio.snapshot.model import Snapshot
from dataio.snapshot.take import take


class World:
    """``World(database()).run("create …")`` changes the database; ``told("enum")`` reads facts of a kind."""

    def __init__(self, target: Target) -> None:
        self.target = target

    def connect(self) -> Connection[tuple[Any, ...]]:
        return connect(self.target)

    def run(self, text: str) -> World:
        with self.connect() as connection:
            connection.execute(text.encode())
        return self

    def snapshot(self, connection: Connection[tuple[Any, ...]] | None = None) -> Snapshot:
        """Taken on a connection of its own, or on the one given (as the role that is set there)."""
        if connection is not None:
            return take(connection)
        with self.connect() as own:
            return take(own)

    def told(self, *kinds: str) -> dict[Any, dict[str, Any]]:
        """Facts by path (by kind and path, of several kinds) with their attributes, those left out that are None,
        False or an empty tuple."""
        snapshot = self.snapshot()
        return {
            fact.key.path if len(kinds) == 1 else (kind, *fact.key.path): {
                name: value for name, value in fact.attributes.items() if not _is_nothing(value)
            }
            for kind in kinds
            for fact in snapshot.of_kind(kind)
        }

    def one(self, kind: str) -> dict[str, Any]:
        """What the only fact of a kind tells."""
        (attributes,) = self.told(kind).values()
        return attributes


def _is_nothing(value: object) -> bool:
    return value is None or value is False or value == ()
