"""Real servers for tests.

``pg18``, ``pg16`` (embedded) and ``pg15`` (the system's; skipped where there is none) are :class:`Server` objects: one
throw-away cluster each per test run, started by whoever needs it first, shared by all xdist workers, durability off,
reached through a socket (superuser ``postgres``) and a loopback port (password roles). They end with the run: the
controller stops them, and should it be killed, their watchdogs do.

``database`` makes empty databases: ``target = database()``, or ``database(pg16)``; each is dropped after its test.
"""

from __future__ import annotations

import contextlib
import fcntl
import itertools
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql
from support.browser import browser, new_page, page  # noqa: F401  (fixtures)

from dataio.errors import ToolMissing
from dataio.postgres import server, watchdog
from dataio.postgres.binaries import SERVER_TOOLS, Binaries, all_installations, embedded
from dataio.postgres.connection import connect
from dataio.postgres.conninfo import Target

_SETTINGS = {
    **server.NOT_DURABLE,
    "max_connections": "250",
    "max_locks_per_transaction": "256",
    "wal_level": "logical",
    "max_wal_size": "2GB",
    "shared_buffers": "64MB",
    "autovacuum": "off",
}

# The tests' own world: nothing of the developer's shell, and no scratch server shared with their daily work.
_CONTROLLER = os.getppid() if "PYTEST_XDIST_WORKER" in os.environ else os.getpid()
_HOME = Path(tempfile.gettempdir()) / f"dataio-tests-{_CONTROLLER}"
for _variable in list(os.environ):
    if _variable.startswith(("PG", "DATAIO_", "DB_")) or _variable == "DATABASE_URL":
        del os.environ[_variable]
os.environ["DATAIO_CACHE_DIR"] = str(_HOME / "cache")
os.environ["PGPASSFILE"] = str(_HOME / "no-pgpass")


@dataclass(frozen=True)
class Server:
    """A running test server. ``target`` is its database ``postgres`` as superuser, through the socket."""

    cluster: server.Cluster
    major: int

    @property
    def target(self) -> Target:
        return self.cluster.target()

    @property
    def tcp_target(self) -> Target:
        """The loopback port: roles need passwords there (the superuser has none, so it cannot log in)."""
        return self.cluster.target(tcp=True)

    def execute(self, text: str, dbname: str = "postgres") -> list[tuple[Any, ...]]:
        """Run SQL of the test itself as superuser; returns the rows, if any."""
        with connect(self.cluster.target(dbname)) as connection:
            cursor = connection.execute(text.encode())
            return cursor.fetchall() if cursor.description else []


def _start(binaries: Binaries) -> Server:
    _HOME.mkdir(mode=0o711, exist_ok=True)
    state = _HOME / f"pg{binaries.major}"
    with state.with_suffix(".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not state.exists():
            cluster = server.make_temporary(binaries, settings=_SETTINGS, tcp=True, owner=_CONTROLLER)
            state.write_text(str(cluster.datadir))
    return Server(server.Cluster(Path(state.read_text()), binaries), binaries.major)


@pytest.fixture(scope="session")
def pg18() -> Server:
    return _start(embedded(18))


@pytest.fixture(scope="session")
def pg16() -> Server:
    return _start(embedded(16))


@pytest.fixture(scope="session")
def pg15() -> Server:
    for binaries in all_installations():
        if binaries.major == 15 and binaries.origin == "system" and binaries.has(*SERVER_TOOLS):
            return _start(binaries)
    pytest.skip("no PostgreSQL 15 on this machine")


_numbers = itertools.count(1)


def _name(kind: str) -> str:
    return f"{kind}_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{os.getpid()}_{next(_numbers)}"


@pytest.fixture
def database(request: pytest.FixtureRequest, role: Callable[..., str]) -> Iterator[Callable[..., Target]]:
    """Factory: ``database(server=pg18, *, label="", owner=None)`` makes an empty database and returns its Target.

    It asks for ``role`` only so that databases go before the roles that own something in them.
    """
    made: list[tuple[Server, str]] = []

    def make(on: Server | None = None, *, label: str = "", owner: str | None = None) -> Target:
        host: Server = on if on is not None else request.getfixturevalue("pg18")
        name = _name("t") + (label and f"_{label}")
        with connect(host.target) as connection:
            connection.execute(
                sql.SQL("create database {} template template0 strategy file_copy {}").format(
                    sql.Identifier(name),
                    sql.SQL("owner {}").format(sql.Identifier(owner)) if owner else sql.SQL(""),
                )
            )
        made.append((host, name))
        return host.cluster.target(name)

    yield make
    for host, name in made:
        with contextlib.suppress(psycopg.errors.InvalidCatalogName), connect(host.target) as connection:
            connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


_OF_ROLE = """
select datname from pg_database d join pg_roles r on r.oid = d.datdba where r.rolname = %(name)s
union
select datname from pg_shdepend s join pg_database d on d.oid = s.dbid join pg_roles r on r.oid = s.refobjid
where r.rolname = %(name)s and datname like 'dataio\\_cache\\_%%'
"""
"""The databases that a role owns, and the cached copies of those in which it owns something."""


@pytest.fixture
def role(request: pytest.FixtureRequest) -> Iterator[Callable[..., str]]:
    """Factory: ``role("login createdb", server=pg18, password=None)`` makes a role and returns its name; dropped after,
    with the databases it owns.
    """
    made: list[tuple[Server, str]] = []

    def make(attributes: str = "login", on: Server | None = None, *, password: str | None = None) -> str:
        host: Server = on if on is not None else request.getfixturevalue("pg18")
        name = _name("r")
        secret = sql.SQL(" password {}").format(sql.Literal(password)) if password else sql.SQL("")
        with connect(host.target) as connection:
            statement = sql.SQL("create role {} {}{}")
            connection.execute(statement.format(sql.Identifier(name), sql.SQL(attributes), secret))
        made.append((host, name))
        return name

    yield make
    for host, name in made:
        with connect(host.target) as connection:
            owned = connection.execute(_OF_ROLE, {"name": name})
            for (dbname,) in owned.fetchall():
                connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(dbname)))
            connection.execute(sql.SQL("drop owned by {}").format(sql.Identifier(name)))
            connection.execute(sql.SQL("drop role if exists {}").format(sql.Identifier(name)))


def pytest_configure(config: pytest.Config) -> None:
    if hasattr(config, "workerinput"):
        return
    _HOME.mkdir(mode=0o711, exist_ok=True)
    for home in _HOME.parent.glob("dataio-tests-*"):  # of runs that were killed
        pid = home.name.rpartition("-")[2]
        if pid.isdigit() and home.stat().st_uid == os.geteuid() and not watchdog.process_stamp(int(pid)):
            _remove(home)


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        _remove(_HOME)


def _remove(home: Path) -> None:
    for state in home.glob("pg??"):
        with contextlib.suppress(OSError, ToolMissing, subprocess.SubprocessError):
            server.remove_temporary(server.Cluster(Path(state.read_text())))
    for version in home.glob("cache/**/PG_VERSION"):
        if not version.parent.joinpath("base").is_dir():
            continue
        watchdog.stop_postmaster(version.parent)
    shutil.rmtree(home, ignore_errors=True)
