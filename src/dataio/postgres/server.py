"""Clusters that dataio runs itself: initialise, start, stop, throw away.

One class, :class:`Cluster`, over ``initdb`` and ``pg_ctl``. What runs where is read from ``postmaster.pid``; there are
no state files of ours to go stale. Connections go through a unix socket inside the data directory (mode 0700: nobody
else can reach it, so no password is needed); TCP, where asked for, is loopback only and wants passwords.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import Final

from dataio.errors import DataioError
from dataio.postgres import watchdog
from dataio.postgres.account import Account, give, private_tmp, reachable, runnable, service_account
from dataio.postgres.binaries import Binaries, embedded
from dataio.postgres.conninfo import Target
from dataio.postgres.redact import redact

SUPERUSER: Final = "postgres"
MAX_SOCKET_DIR: Final = 80  # sun_path holds 107 bytes (103 on macOS), of which the socket's name takes up to 19
TEMPORARY_PREFIX: Final = "dataio-tmp-"

# A server whose data nobody will miss: https://www.postgresql.org/docs/current/non-durability.html
NOT_DURABLE: Final[Mapping[str, str]] = MappingProxyType(
    {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
)


class ServerError(DataioError):
    """A cluster could not be initialised, started or stopped."""


class Cluster:
    """One data directory and the server that runs on it.

    ``datadir`` must be reachable for the account the server runs as (:func:`dataio.postgres.account.place`).
    ``name`` becomes ``cluster_name``, by which dataio recognises its own servers over a connection. ``limits`` are
    commands for the shell that starts it (``ulimit -v …``).
    """

    def __init__(
        self, datadir: Path, binaries: Binaries | None = None, *, name: str = "dataio", limits: str = ""
    ) -> None:
        self.datadir = Path(os.path.abspath(datadir))  # noqa: PTH100  (links stay: socket paths must stay short)
        self.binaries = binaries if binaries is not None else embedded()
        self.name = name
        self._limits = limits

    def __repr__(self) -> str:
        return f"Cluster({str(self.datadir)!r}, PostgreSQL {self.major})"

    @property
    def major(self) -> int:
        """Of the data directory, where there is one already; else of the binaries."""
        try:
            return int((self.datadir / "PG_VERSION").read_text("ascii"))
        except (OSError, ValueError):
            return self.binaries.major

    @cached_property
    def _account(self) -> Account | None:
        return service_account()

    @cached_property
    def _server_binaries(self) -> Binaries:
        return runnable(self.binaries)

    @property
    def log_file(self) -> Path:
        return self.datadir / "server.log"

    @property
    def initialised(self) -> bool:
        return (self.datadir / "PG_VERSION").exists()

    def beside(self, suffix: str) -> Path:
        """A file beside the data directory: ``.lock`` (start and stop), ``.use`` (in use), ``.watch`` (watchdog)."""
        return self.datadir.with_name(self.datadir.name + suffix)

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the lock under which the cluster is initialised, started and stopped. Not re-entrant."""
        try:
            self.datadir.parent.mkdir(parents=True, exist_ok=True)
            file = self.beside(".lock").open("a")
        except OSError as error:
            raise ServerError(f"cannot write to {self.datadir.parent}: {error.strerror}") from None
        with file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def init(self) -> None:
        """Make the data directory, unless there is one: UTF-8, a locale that is the same everywhere, no sync to disk.

        An interrupted one leaves nothing: it is made beside and renamed. Raises :class:`ServerError`.
        """
        with self.locked():
            self._init()

    def _init(self) -> None:
        if self.initialised:
            return
        if not reachable(self.datadir, self._account):
            raise ServerError(f"the account {self._account} cannot reach {self.datadir}")
        making = Path(tempfile.mkdtemp(prefix=f".{self.datadir.name}.new-", dir=self.datadir.parent))
        try:
            give(making, self._account)
            arguments = [f"--pgdata={making}", f"--username={SUPERUSER}", "--no-sync", "--no-instructions"]
            arguments += ["--encoding=UTF8", "--auth-local=trust", "--auth-host=scram-sha-256"]
            if self.binaries.major >= 17:
                arguments += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
            else:
                arguments += ["--locale=C.UTF-8" if _has_locale("C.UTF-8") else "--locale=C"]
            if self.binaries.major >= 18:
                arguments += ["--no-data-checksums"]
            self._run("initdb", arguments, cwd=making)
            with (making / "postgresql.conf").open("a") as file:
                file.write("\ninclude_if_exists = 'dataio.conf'\n")
            if self.datadir.exists():
                self.datadir.rmdir()  # an empty one is fine; anything else is not ours to remove
            making.rename(self.datadir)
        except OSError as error:
            raise ServerError(f"cannot make the data directory {self.datadir}: {error.strerror}") from None
        finally:
            shutil.rmtree(making, ignore_errors=True)

    def start(
        self, settings: Mapping[str, str] = MappingProxyType({}), *, tcp: bool | int = False, timeout: float = 60.0
    ) -> None:
        """Initialise where needed and start, unless it runs already; returns when it takes connections.

        ``settings`` are server settings; ``tcp`` adds a loopback port (true: a free one) for roles with passwords.
        Raises :class:`ServerError` with the end of the server's log.
        """
        with self.locked():
            self.start_locked(settings, tcp=tcp, timeout=timeout)

    def start_locked(
        self, settings: Mapping[str, str] = MappingProxyType({}), *, tcp: bool | int = False, timeout: float = 60.0
    ) -> None:
        """:meth:`start` for a caller that holds :meth:`locked` already."""
        if self.running():
            return
        self._init()
        for attempt in range(6):
            port = tcp if type(tcp) is int else _free_port() if tcp else 5432
            self._configure(settings, port, tcp=bool(tcp))
            if self._launch(timeout):
                return
            log = self._log_tail()
            if "shared memory block" in log or "lock file" in log:
                time.sleep(0.2 * (attempt + 1))  # a killed postmaster or its children are still on their way out
            elif "could not bind" not in log or type(tcp) is int:
                break  # a port that was taken in the meantime is worth another try, nothing else is
        raise ServerError(
            f"PostgreSQL {self.major} did not start on {self.datadir}",
            detail=self._log_tail(),
            hint=f"Its log is {self.log_file}.",
        )

    def _configure(self, settings: Mapping[str, str], port: int, *, tcp: bool) -> None:
        socket_dir = self._socket_dir()
        values = {
            "cluster_name": self.name,
            "listen_addresses": "127.0.0.1" if tcp else "",
            "port": str(port),
            "unix_socket_directories": str(socket_dir),
            "unix_socket_permissions": "0700",
            "logging_collector": "off",
            "log_destination": "stderr",
            **settings,
        }
        text = "".join(f"{key} = '{_quote(value)}'\n" for key, value in values.items())
        path = self.datadir / "dataio.conf"
        path.write_text(f"# written by dataio at every start\n{text}", "utf-8")
        give(path, self._account)

    def _socket_dir(self) -> Path:
        """The data directory itself; a short private one elsewhere when its path is too long for a socket."""
        if len(os.fsencode(self.datadir)) <= MAX_SOCKET_DIR and "," not in str(self.datadir):
            return self.datadir
        short = private_tmp() / sha256(os.fsencode(self.datadir)).hexdigest()[:12]
        short.mkdir(mode=0o700, exist_ok=True)
        give(short, self._account)
        return short

    def _launch(self, timeout: float) -> bool:
        with contextlib.suppress(FileNotFoundError):
            self.log_file.unlink()
        self._disown_dead_postmaster()
        arguments = ["start", "-W", "-s", "-D", str(self.datadir), "-l", str(self.log_file)]
        self._run("pg_ctl", arguments, cwd=self.datadir)
        end = time.monotonic() + timeout
        appeared = False
        while time.monotonic() < end:
            postmaster = watchdog.read_postmaster(self.datadir)
            if postmaster is not None and postmaster.status == "ready" and watchdog.listening(postmaster):
                return True
            pid = watchdog.read_pid(self.datadir)
            if pid is not None and watchdog.process_stamp(pid):  # else a stale file, or one that a crash left
                appeared = True
            elif appeared or re.search("FATAL|PANIC", self._log_tail()):
                return False
            time.sleep(0.005)
        return False

    def _disown_dead_postmaster(self) -> None:
        """Where nobody reaps the dead (many containers), a killed postmaster's pid stays taken, and PostgreSQL would
        believe it alive. A pid that nobody has makes it look closer: at the shared memory, which tells for certain.
        """
        postmaster = watchdog.read_postmaster(self.datadir)
        if postmaster is not None and not watchdog.process_stamp(postmaster.pid):
            for path in (self.datadir / "postmaster.pid", Path(f"{watchdog.socket_file(postmaster)}.lock")):
                if path.exists():
                    path.write_text(f"{1 << 30}\n" + path.read_text("utf-8").partition("\n")[2], "utf-8")

    def running(self) -> bool:
        """Does the server take connections?"""
        postmaster = watchdog.read_postmaster(self.datadir)
        return postmaster is not None and postmaster.status == "ready" and watchdog.listening(postmaster)

    def stop(self) -> None:
        """Stop the server, ending its connections; nothing happens when it does not run."""
        with self.locked():
            self.stop_locked()

    def stop_locked(self) -> None:
        """:meth:`stop` for a caller that holds :meth:`locked` already."""
        if not watchdog.stop_postmaster(self.datadir):
            raise ServerError(f"PostgreSQL on {self.datadir} does not stop", hint=f"Its log is {self.log_file}.")

    def destroy(self) -> None:
        """Stop the server and remove its data directory."""
        with self.locked():
            self.destroy_locked()

    def destroy_locked(self) -> None:
        """:meth:`destroy` for a caller that holds :meth:`locked` already."""
        self.stop_locked()
        if (short := self._socket_dir()) != self.datadir:
            shutil.rmtree(short, ignore_errors=True)
        shutil.rmtree(self.datadir, ignore_errors=True)

    def target(self, dbname: str = "postgres", *, user: str = SUPERUSER, tcp: bool = False) -> Target:
        """How to connect: through the socket, or with ``tcp`` through the loopback port (which wants a password).

        Raises :class:`ServerError` when the server does not run.
        """
        postmaster = watchdog.read_postmaster(self.datadir)
        if postmaster is None or (tcp and not postmaster.listen):
            raise ServerError(f"no server runs on {self.datadir}" + (" with a TCP port" if tcp else ""))
        host = "127.0.0.1" if tcp else postmaster.socket_dir
        return Target({"host": host, "port": str(postmaster.port), "user": user, "dbname": dbname})

    def watch(self, *, owner: int | None = None, idle: float | None = None, remove: Path | None = None) -> None:
        """Start a watchdog unless one watches already: it stops the server when process ``owner`` has died (and
        removes ``remove``), or when nobody used it for ``idle`` seconds.
        """
        if self.watched():
            return
        command = [sys.executable, "-I", "-S", watchdog.__file__, "--datadir", str(self.datadir)]
        if owner is not None:
            command += ["--owner", f"{owner}:{watchdog.process_stamp(owner)}"]
        if idle is not None:
            command += ["--idle", str(idle)]
        if remove is not None:
            command += ["--remove", str(remove)]
        # Its first process returns once the second one is on its own.
        subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            check=False,
        )

    def watched(self) -> bool:
        """Is there a live watchdog for this cluster?"""
        with self.beside(".watch").open("a") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False

    def _run(self, tool: str, arguments: list[str], *, cwd: Path) -> None:
        account = self._account
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("PG", "LC_", "LANG", "LD_PRELOAD"))}
        environment["LC_ALL"] = "C"
        limited = self._limits and tool == "pg_ctl"
        shell = ["/bin/sh", "-c", f'{self._limits}; exec "$@"', "sh"] if limited else []
        done = subprocess.run(
            [*shell, str(self._server_binaries.path(tool)), *arguments],
            env=environment,
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            umask=0o077,
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
        )
        if done.returncode and tool == "initdb":
            raise ServerError(
                f"initdb of PostgreSQL {self.binaries.major} failed on {self.datadir}",
                detail=redact((done.stderr or done.stdout).strip()),
            )

    def _log_tail(self, lines: int = 20) -> str:
        try:
            text = self.log_file.read_text("utf-8", "replace")
        except OSError:
            return ""
        return redact("\n".join(text.splitlines()[-lines:]))


@contextlib.contextmanager
def temporary(
    binaries: Binaries | None = None,
    *,
    settings: Mapping[str, str] = NOT_DURABLE,
    tcp: bool | int = False,
    owner: int | None = None,
) -> Iterator[Cluster]:
    """A throw-away cluster, running; gone at exit, and gone soon after process ``owner`` (default: this one) dies.

    A watchdog sees to the second; should it be killed too, the next call of this function removes what is left.
    """
    cluster = make_temporary(binaries, settings=settings, tcp=tcp, owner=owner)
    try:
        yield cluster
    finally:
        remove_temporary(cluster)


def make_temporary(
    binaries: Binaries | None = None,
    *,
    settings: Mapping[str, str] = NOT_DURABLE,
    tcp: bool | int = False,
    owner: int | None = None,
    limits: str = "",
) -> Cluster:
    """:func:`temporary` without its end: the cluster goes when ``owner`` dies, or by :func:`remove_temporary`."""
    sweep_temporary()
    owner = owner if owner is not None else os.getpid()
    home = Path(tempfile.mkdtemp(prefix=TEMPORARY_PREFIX, dir=_temporary_dir()))
    cluster = Cluster(home / "data", binaries, name="dataio temporary", limits=limits)
    try:
        home.chmod(0o711 if service_account() else 0o700)
        (home / "owner").write_text(f"{owner}:{watchdog.process_stamp(owner)}", "utf-8")
        cluster.init()
        cluster.watch(owner=owner, remove=home)
        cluster.start(settings, tcp=tcp)
    except BaseException:
        remove_temporary(cluster)
        raise
    return cluster


def remove_temporary(cluster: Cluster) -> None:
    """End a cluster of :func:`make_temporary`: stop it and remove its directory."""
    watchdog.stop_postmaster(cluster.datadir)
    shutil.rmtree(cluster.datadir.parent, ignore_errors=True)


def sweep_temporary() -> None:
    """Remove throw-away clusters whose owner, and whose watchdog, died."""
    for home in _temporary_dir().glob(f"{TEMPORARY_PREFIX}*"):
        try:
            if home.lstat().st_uid != os.geteuid():
                continue
            pid, _, stamp = (home / "owner").read_text("utf-8").partition(":")
            if watchdog.process_stamp(int(pid)) == stamp:
                continue
        except (OSError, ValueError):
            continue
        watchdog.stop_postmaster(home / "data")
        shutil.rmtree(home, ignore_errors=True)


def _temporary_dir() -> Path:
    usual = Path(tempfile.gettempdir())
    return usual if reachable(usual / "x", service_account()) else private_tmp()


def _has_locale(name: str) -> bool:
    done = subprocess.run(["locale", "-a"], capture_output=True, text=True, check=False)  # noqa: S607
    return name.lower().replace("-", "") in done.stdout.lower().replace("-", "").split()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _quote(value: str) -> str:
    return value.replace("\\", "\\\\").replace("'", "''")
