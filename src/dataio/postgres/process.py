"""Running PostgreSQL's client programs: passwords by environment, errors mapped and redacted."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Final

from dataio.errors import DataioError
from dataio.postgres.binaries import Binaries
from dataio.postgres.connection import connection_failed
from dataio.postgres.conninfo import Target
from dataio.postgres.redact import redact

# psql without the user's ~/.psqlrc and without ever asking for a password.
PSQL: Final = ("-X", "-q", "-w")


class ToolFailed(DataioError):
    """A program of PostgreSQL's ended with an error; ``returncode`` and ``stderr`` (redacted) say how."""

    def __init__(self, message: str, *, returncode: int, stderr: str, hint: str = "") -> None:
        super().__init__(message, detail=stderr, hint=hint)
        self.returncode = returncode
        self.stderr = stderr


def run(
    binaries: Binaries,
    tool: str,
    arguments: Sequence[str],
    *,
    target: Target,
    input: str | None = None,  # noqa: A002  (subprocess.run's own word)
    timeout: float | None = None,
    settings: Mapping[str, str] = MappingProxyType({}),
    check: bool = True,
    cwd: Path | None = None,
    memory: int | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run ``tool`` against ``target``; text is UTF-8, bytes that are not survive as surrogates both ways.

    ``memory`` (bytes) limits the program's address space. ``settings`` are server settings for its session
    (``PGOPTIONS``), ``timeout`` is in seconds. The result's ``stderr`` is redacted. With ``check``,
    raises :class:`~dataio.errors.ConnectionFailed` when it could not connect and
    :class:`ToolFailed` when it failed otherwise; always :class:`ToolFailed` on a timeout.
    """
    environment = target.env()
    environment |= {"LC_ALL": "C", "PGCLIENTENCODING": "UTF8"}
    environment.setdefault("PGAPPNAME", "dataio")
    environment.setdefault("PGCONNECT_TIMEOUT", "10")
    options = [f"-c {key}={_escape(value)}" for key, value in settings.items()]
    environment["PGOPTIONS"] = " ".join([environment.get("PGOPTIONS", ""), *options]).strip()
    more = [f"--dbname={part}" for part in target.arguments()]
    limited = ["/bin/sh", "-c", f'ulimit -v {memory >> 10}; exec "$@"', "sh"] if memory is not None else []
    try:
        done = subprocess.run(
            [*limited, str(binaries.path(tool)), *more, *arguments],
            env=environment,
            input=input,
            stdin=subprocess.DEVNULL if input is None else None,
            capture_output=True,
            encoding="utf-8",
            errors="surrogateescape",
            timeout=timeout,
            check=False,
            cwd=cwd,
        )
    except subprocess.TimeoutExpired:
        raise ToolFailed(f"{tool} did not finish within {timeout:g} s", returncode=-1, stderr="") from None
    except OSError as error:
        raise ToolFailed(f"{tool} cannot be run: {error.strerror}", returncode=-1, stderr="") from None
    done.stderr = redact(done.stderr)
    if check and done.returncode:
        if is_connection_failure(done.stderr):
            raise connection_failed(target, done.stderr)
        first = next((line for line in done.stderr.splitlines() if line.strip()), f"exit code {done.returncode}")
        raise ToolFailed(
            f"{tool} failed on {target.describe()}: {first.removeprefix(f'{tool}: ').removeprefix('error: ')}",
            returncode=done.returncode,
            stderr=done.stderr.strip(),
        )
    return done


def is_connection_failure(stderr: str) -> bool:
    """Did libpq fail to connect? (Its own words, which ``LC_ALL=C`` keeps English.)"""
    return any(
        line.partition("error: ")[2].startswith(
            ("connection to server", "could not translate host", "connection failed")
        )
        for line in stderr.splitlines()
    )


def _escape(value: str) -> str:
    return value.replace("\\", "\\\\").replace(" ", "\\ ")
