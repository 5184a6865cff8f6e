"""An S3 server over HTTP, started by the suite, and databases worth dumping."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from moto.server import ThreadedMotoServer
from support import versitygw
from support.s3 import KEY, SECRET, FaultyProxy, S3Server

from dataio.dumps.folder import FolderStore
from dataio.dumps.store import Store
from dataio.postgres.connection import connect
from dataio.postgres.conninfo import Target


def _within(seconds: float, work: Callable[[], None]) -> bool:
    """moto waits for its own thread without an end: not so we."""
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(seconds)
    return not thread.is_alive()


@pytest.fixture(scope="session")
def s3() -> Iterator[S3Server]:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # a line per request, kept by pytest, helps nobody
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    assert _within(120, server.start), "moto's server does not start"
    host, port = server.get_host_and_port()
    yield S3Server(host, port)
    _within(10, server.stop)


@pytest.fixture(autouse=True)
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nonexistent")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent")


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Servers that are away are not waited for as long as they would be."""
    monkeypatch.setattr("dataio.dumps.s3.PAUSES", (0.05, 0.1))


@pytest.fixture
def proxy(s3: S3Server) -> Iterator[FaultyProxy]:
    proxy = FaultyProxy((s3.host, s3.port))
    yield proxy
    proxy.close()


@pytest.fixture(scope="session")
def real() -> Iterator[S3Server]:
    """A real server; only where ``make versitygw`` has built it."""
    if versitygw.find() is None:
        pytest.skip("no versitygw here: make versitygw builds it")
    with versitygw.running(KEY, SECRET) as (host, port, _):
        yield S3Server(host, port, "versitygw")


STORES = ["folder", "s3", *(["real"] if versitygw.find() is not None else [])]


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """Each kind of store, empty: a folder, moto's server, and a real one where it is there."""
    if request.param == "folder":
        return FolderStore(tmp_path / "store")
    server: S3Server = request.getfixturevalue(request.param)
    return server.store()


@pytest.fixture
def filled(database: Callable[..., Target]) -> Target:
    """A small database: keys, a sequence, odd names, a large object, an empty table."""
    target = database()
    with connect(target) as connection:
        connection.execute("""
            create table account (id bigserial primary key, name text not null, balance numeric not null default 0);
            insert into account (name, balance) select 'n' || g, g from generate_series(1, 500) g;
            create table "Odd ""name"" x.y" (id int references account (id), body jsonb);
            insert into "Odd ""name"" x.y" values (1, '{"a": [1, 2]}');
            create table nothing (x int);
            select lo_from_bytea(0, '\\x00ff00'::bytea);
        """)
    return target
