"""Scripts, toy fingerprints and a meddling proxy for the tests of ``dataio.migrations``."""

from __future__ import annotations

import contextlib
import hashlib
import shutil
import socket
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

import psycopg

from dataio.migrations.executor import Checks, Limits
from dataio.migrations.history import History, read
from dataio.plan.model import Plan, Statement
from dataio.plan.render.sql import render, split
from dataio.plan.script import Header, Script, parse
from dataio.postgres.connection import connect
from dataio.postgres.conninfo import Target
from support.plans import plan_of

QUICK = Limits(lock=2.0, turn=10.0, reconnect=10.0, attempts=3, pause=0.05, longest_pause=0.1)

_COLUMNS = """
    select coalesce(string_agg(format('%s.%s.%s %s', table_schema, table_name, column_name, data_type), e'\\n'
                               order by table_schema, table_name, column_name), '')
    from information_schema.columns where table_schema not in ('pg_catalog', 'information_schema', 'dataio_meta')
"""


def columns(connection: psycopg.Connection[Any]) -> str:
    row = connection.execute(_COLUMNS).fetchone()
    assert row is not None
    return str(row[0])


def fingerprint(connection: psycopg.Connection[Any]) -> str:
    """A fingerprint that sees tables and columns and nothing else: enough here, and quick."""
    return "pg18:" + hashlib.sha256(columns(connection).encode()).hexdigest()


def state(target: Target) -> str:
    with connect(target) as connection:
        return fingerprint(connection)


def past(target: Target) -> History:
    with connect(target) as connection:
        return read(connection)


def checks(on_reached: Callable[[], None] = lambda: None) -> Checks:
    def reached(connection: psycopg.Connection[Any], header: Header) -> str:
        got = fingerprint(connection)
        on_reached()
        return got

    return Checks(
        current=lambda connection, header: fingerprint(connection),
        explain=lambda connection, header: f"now:\n{columns(connection)}",
        reached=reached,
    )


def script_for(
    target: Target, statements: Sequence[str | Statement], *, number: int = 1, source: str = "", **more: Any
) -> Script:
    """A script with true fingerprints: ``target`` tells what it is, and what the statements make of it."""
    plan = plan_of(statements, number=number, **more)
    with connect(target) as connection:
        before = fingerprint(connection)
        connection.execute("begin")
        connection.execute("set local check_function_bodies = off")
        for segment in split(plan.statements):
            for statement in segment:
                connection.execute(statement.sql.encode())
        after = fingerprint(connection)
        connection.execute("rollback")
    plan = replace(plan, from_fingerprint=before, to_fingerprint=after)
    return parse(render(plan), source=source or f"{number:03d}_a_change.sql")


def script_of(plan: Plan) -> Script:
    return parse(render(plan), source="script.sql")


class Proxy:
    """Sits on a socket before a server and cuts the connection at ``COMMIT``.

    ``mode``: 'before' (the server never sees the COMMIT), 'after' (it does, the client never hears of it), 'deaf'
    (as 'after', and nobody gets through any more), 'off'.
    """

    def __init__(self, target: Target) -> None:
        self._real = f"{target.host}/.s.PGSQL.{target.port}"
        self._folder = Path(tempfile.mkdtemp(prefix="dio"))
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(self._folder / ".s.PGSQL.5432"))
        self._listener.listen()
        self.mode = "off"
        self.cuts = 0
        self.linger = 0.3  # seconds that the server's end stays open after a cut
        self.target = Target({**target.conninfo, "host": str(self._folder), "port": "5432"})
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.close()
        shutil.rmtree(self._folder)

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                if self.mode == "silent":
                    client.close()
                    continue
                server = socket.socket(socket.AF_UNIX)
                server.connect(self._real)
                threading.Thread(target=self._to_server, args=(client, server), daemon=True).start()
                threading.Thread(target=self._to_client, args=(client, server), daemon=True).start()

    def _to_server(self, client: socket.socket, server: socket.socket) -> None:
        for data in _chunks(client):
            if data.startswith(b"Q") and b"COMMIT" in data and self.mode in ("before", "after", "deaf"):
                mode, self.mode = self.mode, "silent" if self.mode == "deaf" else "off"
                self.cuts += 1
                if mode != "before":
                    client.shutdown(socket.SHUT_RDWR)
                    server.sendall(data)
                break
            server.sendall(data)
        _shut(client if self.cuts else server)
        if self.cuts:
            threading.Timer(self.linger, _shut, [server]).start()

    def _to_client(self, client: socket.socket, server: socket.socket) -> None:
        for data in _chunks(server):
            with contextlib.suppress(OSError):
                client.sendall(data)
        _shut(client)


class Cutter:
    """Sits on a socket before a server and cuts all connections when the client has sent a number of messages."""

    def __init__(self, target: Target) -> None:
        self._real = f"{target.host}/.s.PGSQL.{target.port}"
        self._folder = Path(tempfile.mkdtemp(prefix="dio"))
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(self._folder / ".s.PGSQL.5432"))
        self._listener.listen()
        self._open: list[socket.socket] = []
        self._lock = threading.Lock()
        self._left = 0
        self.cuts = 0
        self.target = Target({**target.conninfo, "host": str(self._folder), "port": "5432"})
        threading.Thread(target=self._accept, daemon=True).start()

    def after(self, messages: int) -> None:
        """Cut once, after so many more messages; 0: not."""
        with self._lock:
            self._left = messages

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.close()
        self._cut()
        shutil.rmtree(self._folder)

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.socket(socket.AF_UNIX)
                server.connect(self._real)
                with self._lock:
                    self._open += [client, server]
                threading.Thread(target=self._pass, args=(client, server), daemon=True).start()
                threading.Thread(target=self._pass, args=(server, client, False), daemon=True).start()

    def _pass(self, source: socket.socket, sink: socket.socket, count: bool = True) -> None:
        for data in _chunks(source):
            if count and self._is_last():
                self.cuts += 1
                self._cut()
                return
            with contextlib.suppress(OSError):
                sink.sendall(data)
        _shut(sink)

    def _is_last(self) -> bool:
        with self._lock:
            self._left -= 1
            return self._left == 0

    def _cut(self) -> None:
        with self._lock:
            sockets, self._open = self._open, []
        for one in sockets:
            _shut(one)


def _chunks(connection: socket.socket) -> Iterator[bytes]:
    with contextlib.suppress(OSError):
        while data := connection.recv(65536):
            yield data


def _shut(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()
