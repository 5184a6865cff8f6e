"""A real S3 server: versitygw (Apache 2.0), which keeps objects as files. ``make versitygw`` builds it, with Go.

Unlike moto it checks signatures and checksums, and keeps what it is given when it is killed.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path


def find() -> str | None:
    """Beside this Python, or on the path."""
    beside = Path(sys.executable).parent / "versitygw"
    return str(beside) if beside.exists() else shutil.which("versitygw")


@contextlib.contextmanager
def running(key: str, secret: str, *, below: Path | None = None) -> Iterator[tuple[str, int, int]]:
    """Host, port and process of a server with one account; it and its objects are gone afterwards."""
    program = find()
    if program is None:
        raise RuntimeError("there is no versitygw: make versitygw")
    with tempfile.TemporaryDirectory(prefix="dataio-versitygw-", dir=below) as home:
        for name in ("objects", "versions"):
            (Path(home) / name).mkdir()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port: int = free.getsockname()[1]
        with (Path(home) / "log").open("w+b") as log:
            server = subprocess.Popen(
                [program, "--port", f"127.0.0.1:{port}", "--quiet", "--keep-alive", "posix",
                 "--versioning-dir", f"{home}/versions", f"{home}/objects"],
                env={**os.environ, "ROOT_ACCESS_KEY": key, "ROOT_SECRET_KEY": secret},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )  # fmt: skip
            try:
                deadline = time.monotonic() + 30
                while not _listens(port):
                    if server.poll() is not None or time.monotonic() > deadline:
                        log.seek(0)
                        raise RuntimeError(f"versitygw does not start: {log.read().decode()}")
                    time.sleep(0.05)
                yield "127.0.0.1", port, server.pid
            finally:
                server.terminate()
                try:
                    server.wait(10)
                except subprocess.TimeoutExpired:
                    server.kill()
                    server.wait(10)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
