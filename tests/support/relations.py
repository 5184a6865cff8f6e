"""``fixtures/snapshot/relations.sql`` in a database of its own, once per test module and server."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from conftest import Server
from psycopg import Connection, sql

from dataio.postgres.connection import connect
from dataio.postgres.conninfo import Target
from dataio.snapshot.model import Snapshot
from dataio.snapshot.take import take

RELATIONS = Path(__file__).parents[1] / "fixtures" / "snapshot" / "relations.sql"

READER = "dataio_reader"
"""The role that relations.sql grants to; stands for one that is only this database's."""

_numbers = itertools.count(1)


class Loaded:
    """A database with relations.sql, a connection to it (superuser, autocommit) and its snapshot."""

    def __init__(self, server: Server, target: Target, connection: Connection[tuple[Any, ...]], reader: str) -> None:
        self.server = server
        self.target = target
        self.connection = connection
        self.reader = reader
        connection.execute(self.text(RELATIONS.read_text()).encode())
        self.snapshot: Snapshot = take(connection)

    def text(self, text: str) -> str:
        """Text of a test with the role's real name."""
        return text.replace(READER, self.reader)


@contextmanager
def loaded(server: Server) -> Iterator[Loaded]:
    name = f"relations_{os.getpid()}_{next(_numbers)}"
    reader, database = sql.Identifier(f"{name}_reader"), sql.Identifier(name)
    with connect(server.target) as admin:
        admin.execute(sql.SQL("create role {}").format(reader))
        admin.execute(sql.SQL("create database {} template template0").format(database))
        try:
            target = server.cluster.target(name)
            with connect(target) as connection:
                yield Loaded(server, target, connection, f"{name}_reader")
        finally:
            admin.execute(sql.SQL("drop database {} with (force)").format(database))
            admin.execute(sql.SQL("drop role {}").format(reader))
