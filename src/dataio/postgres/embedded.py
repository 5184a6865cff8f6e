"""The servers dataio keeps for a user: a project's development database, and the shared scratch server.

The scratch server is one per installation of PostgreSQL and per user. It is started on demand (about a second the first
time), shared by all runs, gives no durability, and stops when nobody has used it for a while.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import IO, Final, Self

from psycopg import sql

from dataio.postgres.account import place, private_tmp, reachable, service_account, shared_state
from dataio.postgres.binaries import NEWEST, Binaries, embedded
from dataio.postgres.connection import connect
from dataio.postgres.conninfo import Target
from dataio.postgres.server import NOT_DURABLE, Cluster, ServerError

DEVELOPMENT_NAME: Final = "dataio development"
SCRATCH_NAME: Final = "dataio scratch"
IDLE_SECONDS: Final = 600.0

# A laptop's crash must not cost the development data, a crash of a session may cost its last half second.
DEVELOPMENT_SETTINGS: Final = {
    "synchronous_commit": "off",
    "shared_buffers": "64MB",
    "max_locks_per_transaction": "512",  # a big schema is made in one transaction
}
SCRATCH_SETTINGS: Final = {
    **NOT_DURABLE,
    "max_connections": "100",
    "max_locks_per_transaction": "512",  # a big schema is loaded, replayed or dumped in one transaction
    "shared_buffers": "64MB",
    "wal_level": "logical",  # else CREATE PUBLICATION warns, and a subscription's checks differ
    "max_wal_size": "2GB",
    "autovacuum": "off",
    "max_prepared_transactions": "8",
}


def default_cache_dir() -> Path:
    """Where scratch servers live unless told otherwise: ``$DATAIO_CACHE_DIR``, else the user's cache directory.

    Root's is ``/var/lib/dataio``, which the account that root's servers run as can enter. Falls back to
    ``/tmp/dataio-<uid>`` where the usual place cannot be written.
    """
    # With settings the only reader of the environment: the place must hold also where nobody loaded settings.
    if named := os.environ.get("DATAIO_CACHE_DIR"):
        return Path(named)
    if service_account() is not None:
        return shared_state()
    base = os.environ.get("XDG_CACHE_HOME", "")
    path = (Path(base) if base.startswith("/") else Path.home() / ".cache") / "dataio"
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError:
        return private_tmp()
    return path if os.access(path, os.W_OK) else private_tmp()


def dev_server(project_dir: Path, major: int = NEWEST) -> Cluster:
    """The project's development cluster, ``.dataio/pg<major>``; not started yet (:func:`start_dev_server`).

    Where the server's account cannot reach the project, its data is elsewhere: ``.dataio/pg<major>.location`` has it.
    """
    return Cluster(place(project_dir / ".dataio" / f"pg{major}"), embedded(major), name=DEVELOPMENT_NAME)


def start_dev_server(
    project_dir: Path, dbname: str = "postgres", *, major: int = NEWEST, tcp: bool | int = False
) -> Target:
    """Start the development server unless it runs, make the database ``dbname`` unless it is there; how to connect.

    Raises :class:`~dataio.postgres.server.ServerError`.
    """
    home = project_dir / ".dataio"
    home.mkdir(parents=True, exist_ok=True)
    ignore = home / ".gitignore"
    if not ignore.exists():
        ignore.write_text("*\n", "utf-8")
    cluster = dev_server(project_dir, major)
    cluster.start(DEVELOPMENT_SETTINGS, tcp=tcp)
    with connect(cluster.target()) as connection:
        if connection.execute("select from pg_catalog.pg_database where datname = %s", [dbname]).fetchone() is None:
            connection.execute(sql.SQL("create database {}").format(sql.Identifier(dbname)))
    return cluster.target(dbname)


@dataclass
class Lease:
    """The scratch server, running and kept from stopping until :meth:`close` (or the end of this process)."""

    cluster: Cluster
    _use: IO[str]

    def close(self) -> None:
        if not self._use.closed:
            _touch(self.cluster)
            self._use.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


def scratch_cluster(binaries: Binaries | None = None, *, cache_dir: Path | None = None) -> Cluster:
    """The scratch cluster of an installation (default: the newest embedded one), running or not."""
    binaries = binaries or embedded()
    wanted = cache_dir if cache_dir is not None else default_cache_dir()
    kind = "" if binaries.origin == "embedded" else f"-{sha256(str(binaries.bindir).encode()).hexdigest()[:6]}"
    datadir = wanted / f"scratch{binaries.major}{kind}"
    return Cluster(datadir if reachable(datadir, service_account()) else place(datadir), binaries, name=SCRATCH_NAME)


def use_scratch_server(
    binaries: Binaries | None = None, *, cache_dir: Path | None = None, idle: float = IDLE_SECONDS
) -> Lease:
    """Start the scratch server unless it runs, and keep it from stopping until the lease is closed.

    It stops ``idle`` seconds after its last use. A data directory that no longer starts (it has no durability) is
    made anew. Raises :class:`~dataio.postgres.server.ServerError`.
    """
    cluster = scratch_cluster(binaries, cache_dir=cache_dir)
    if service_account() is not None and not cluster.datadir.parent.exists():
        cluster.datadir.parent.mkdir(mode=0o711, parents=True)
    with cluster.locked():
        if cluster.running() and not _program_exists(cluster):
            cluster.stop_locked()  # of a virtual environment that was removed since: it can load no library any more
        try:
            cluster.start_locked(SCRATCH_SETTINGS)
        except ServerError:
            cluster.destroy_locked()
            cluster.start_locked(SCRATCH_SETTINGS)
        use = cluster.beside(".use").open("a")
        fcntl.flock(use, fcntl.LOCK_SH)
        _touch(cluster)
        cluster.watch(idle=idle)
    return Lease(cluster, use)


def _touch(cluster: Cluster) -> None:
    with contextlib.suppress(OSError):
        os.utime(cluster.beside(".use"))


def _program_exists(cluster: Cluster) -> bool:
    try:
        program = (cluster.datadir / "postmaster.opts").read_text("utf-8", "replace").split(' "', 1)[0].strip()
    except OSError:
        return True
    return Path(program).exists()


def stop_scratch_server(*, cache_dir: Path | None = None, remove: bool = False) -> list[Path]:
    """Stop this user's scratch servers, used or not, and with ``remove`` delete their data; the directories stopped."""
    base = cache_dir if cache_dir is not None else default_cache_dir()
    datadirs = {path.parent for path in base.glob("scratch*/PG_VERSION")}
    datadirs |= {Path(pointer.read_text("utf-8").strip()) for pointer in base.glob("scratch*.location")}
    stopped = []
    for datadir in sorted(datadirs):
        cluster = Cluster(datadir)
        if not cluster.initialised:
            continue
        if cluster.running():
            stopped.append(datadir)
        if remove:
            cluster.destroy()
        else:
            cluster.stop()
    return stopped
