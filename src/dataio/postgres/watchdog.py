"""A small detached process that stops a cluster when its owner has died, or when nobody has used it for a while.

Run as a script (``python -I -S watchdog.py …``) and therefore on the standard library alone; the functions on
processes and ``postmaster.pid`` are shared with :mod:`dataio.postgres.server`. A watchdog dies with its cluster. While
it lives it holds the lock ``<datadir>.watch``, by which others see that there is one.
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO

POLL_SECONDS = 1.0


@dataclass(frozen=True)
class Postmaster:
    """What ``postmaster.pid`` says (https://www.postgresql.org/docs/current/storage-file-layout.html)."""

    pid: int
    port: int
    socket_dir: str
    listen: str
    status: str


def read_postmaster(datadir: Path) -> Postmaster | None:
    """The cluster's ``postmaster.pid``; ``None`` where there is none, or not yet a whole one."""
    try:
        lines = [line.strip() for line in (datadir / "postmaster.pid").read_text("utf-8", "replace").splitlines()]
        return Postmaster(int(lines[0]), int(lines[3]), lines[4], lines[5], lines[7] if len(lines) > 7 else "")
    except (OSError, ValueError, IndexError):
        return None


def read_pid(datadir: Path) -> int | None:
    """The first line of ``postmaster.pid``, which is there before the others."""
    try:
        return int((datadir / "postmaster.pid").read_text("utf-8", "replace").partition("\n")[0])
    except (OSError, ValueError):
        return None


def socket_file(postmaster: Postmaster) -> str:
    return f"{postmaster.socket_dir}/.s.PGSQL.{postmaster.port}"


def listening(postmaster: Postmaster) -> bool:
    """Does a process take connections there? A stale ``postmaster.pid``, even with its pid in use again, does not."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(5)
        try:
            probe.connect(socket_file(postmaster))
        except OSError:
            return False
    return True


def process_stamp(pid: int) -> str:
    """When a process started, in the system's own terms; empty when it is gone (or a zombie).

    A pid alone may be in use again by another process; a pid with its stamp may not.
    """
    try:
        fields = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()
    except FileNotFoundError:
        if Path("/proc/self/stat").exists():
            return ""
        done = subprocess.run(
            ["ps", "-o", "lstart=", "-p", str(pid)],  # noqa: S607  (macOS and BSD: where ps is differs)
            capture_output=True,
            text=True,
            check=False,
        )
        return done.stdout.strip()
    except OSError:
        return ""
    return "" if fields[0] in "ZX" else fields[19]


def stop_postmaster(datadir: Path, *, timeout: float = 15.0) -> bool:
    """Stop the cluster, ever less politely (fast, immediate, kill); true when nothing runs there any more."""
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        pid, postmaster = read_pid(datadir), read_postmaster(datadir)
        if pid is None or not process_stamp(pid):
            return True
        if postmaster is not None and postmaster.status and not listening(postmaster):
            return True  # a stale file: that pid is somebody else
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            if not process_stamp(pid) or not (datadir / "postmaster.pid").exists():
                return True
            time.sleep(0.01)
    return False


def watch(datadir: Path, own: IO[str], *, owner: str, idle: float, remove: Path | None) -> None:
    """Wait for the owner's death (``pid:stamp``) or ``idle`` seconds without use; then stop the cluster.

    ``own`` is the open ``.watch``. It is let go while nobody can start the cluster: who does next starts a watchdog.
    """
    lock, use = (datadir.with_name(datadir.name + suffix) for suffix in (".lock", ".use"))
    while datadir.exists():
        time.sleep(min(POLL_SECONDS, idle) if idle else POLL_SECONDS)
        if owner:
            pid, _, stamp = owner.partition(":")
            if process_stamp(int(pid)) != stamp:
                stop_postmaster(datadir)
                break
            continue
        if _alive(datadir) and (not idle or time.time() - _modified(use) < idle):
            continue
        # Whoever uses the cluster holds .use (shared) and takes it while holding .lock: nobody slips in between.
        with lock.open("a") as lock_file, use.open("a") as use_file:
            fcntl.flock(lock_file, fcntl.LOCK_EX)
            try:
                fcntl.flock(use_file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            if not _alive(datadir) or time.time() - _modified(use) >= idle:
                stop_postmaster(datadir)
                own.close()
                return
    if remove is not None:
        shutil.rmtree(remove, ignore_errors=True)


def _alive(datadir: Path) -> bool:
    pid = read_pid(datadir)
    return pid is not None and bool(process_stamp(pid))


def _modified(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--datadir", type=Path, required=True)
    parser.add_argument("--owner", default="")
    parser.add_argument("--idle", type=float, default=0.0)
    parser.add_argument("--remove", type=Path)
    options = parser.parse_args()
    with options.datadir.with_name(options.datadir.name + ".watch").open("a") as own:
        try:
            fcntl.flock(own, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return 0
        # The parent returns now, the lock held by both; the child belongs to nobody and outlives a closed terminal.
        if os.fork():
            os._exit(0)
        os.setsid()
        os.chdir("/")
        watch(options.datadir, own, owner=options.owner, idle=options.idle, remove=options.remove)
    return 0


if __name__ == "__main__":
    sys.exit(main())
