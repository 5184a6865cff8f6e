"""PostgreSQL's programs as streams: bytes move through pipes, and a stream only ends well if its program did.

That a pipe is at its end says nothing: ``pg_dump`` may have died. Its exit status is asked for before the reader hears
of the end. What it says on stderr counts as failure only with an exit status to match.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType, TracebackType
from typing import Final, Self

from psycopg.conninfo import make_conninfo

from dataio.postgres.binaries import Binaries
from dataio.postgres.connection import connection_failed
from dataio.postgres.conninfo import Target
from dataio.postgres.process import ToolFailed, is_connection_failure
from dataio.postgres.redact import redact

CHUNK: Final = 1 << 20
_PATIENCE: Final = 300.0  # seconds between the end of a program's output and its own; it only has to say goodbye
_F_SETPIPE_SZ: Final = 1031  # Linux; 64 KiB, the default, costs pg_dump a context switch for each
_HINTS: Final = (
    ("server version mismatch", "That pg_dump is too old for the server: install the server's own version."),
    ("permission denied", "The role needs SELECT on every table and sequence: GRANT pg_read_all_data TO it."),
    ("row-level security", "The role must see all rows: give it BYPASSRLS, or dump as the tables' owner."),
    ("lock timeout", "Another session holds a lock on the table (pg_blocking_pids tells which); try again later."),
    ("could not access file", "The extension's library is not installed on that server."),
    ("is not available", "The extension is not installed on that server."),
    ("No space left on device", "The disk is full: free some room and try again."),
    ("must be member of role", "Give --no-owner, or connect as a member of that role."),
    ("must be able to SET ROLE", "Give --no-owner, or connect as a member of that role."),
)


SETTINGS: Final[Mapping[str, str]] = MappingProxyType({"lc_monetary": "C"})
"""What pg_dump leaves to the server, though its text depends on it: amounts of money would be in the server's words."""


class Tool:
    """A running program. A context manager: it never outlives the block."""

    def __init__(
        self,
        binaries: Binaries,
        tool: str,
        arguments: Sequence[str],
        *,
        target: Target,
        settings: Mapping[str, str] = MappingProxyType({}),
        application: str = "dataio",
        pipe: bool = True,
        name_database: bool = False,
        given: bytes = b"",
    ) -> None:
        """``given`` is what it finds on its standard input, which it may also open as ``/dev/stdin``."""
        self.name, self.target = tool, target
        self._stderr = tempfile.TemporaryFile()  # noqa: SIM115  (closed in __exit__)
        more = [f"--dbname={part}" for part in target.arguments()]
        if name_database:
            more = [f"--dbname={make_conninfo(next(iter(target.arguments()), ''), dbname=target.dbname)}"]
        try:
            with _input(given) as stdin:
                self.process = subprocess.Popen(
                    [str(binaries.path(tool)), *more, *arguments],
                    env=environment_of(target, settings, application),
                    stdin=stdin,
                    stdout=subprocess.PIPE if pipe else subprocess.DEVNULL,
                    stderr=self._stderr,
                    start_new_session=True,  # its workers are one group with it; Ctrl-C is ours to handle
                )
        except OSError as error:
            self._stderr.close()
            raise ToolFailed(f"{tool} cannot be run: {error.strerror}", returncode=-1, stderr="") from None
        if self.process.stdout is not None:
            with contextlib.suppress(OSError):
                fcntl.fcntl(self.process.stdout.fileno(), _F_SETPIPE_SZ, CHUNK)

    def chunks(self) -> Iterator[bytes]:
        """What it writes; at its end raises as :meth:`finish` does."""
        if self.process.stdout is None:
            raise ValueError("the program has no pipe")
        descriptor = self.process.stdout.fileno()
        while chunk := os.read(descriptor, CHUNK):
            yield chunk
        self.finish(_PATIENCE)

    def finish(self, patience: float | None = None) -> None:
        """Wait for its end. Raises ConnectionFailed and ToolFailed where it did not end well (within ``patience``
        seconds), and ends what it leaves running.
        """
        try:
            returncode = self.process.wait(patience)
        except subprocess.TimeoutExpired:
            raise ToolFailed(
                f"{self.name} has ended its output on {self.target.describe()}, and does not end",
                returncode=-1,
                stderr="",
            ) from None
        if returncode == 0:
            return
        self._signal(signal.SIGKILL)  # workers that have lost their leader notice only when their own work is done
        text = self.stderr()
        if is_connection_failure(text):
            raise connection_failed(self.target, text)
        lines = [line for line in text.splitlines() if line.strip()]
        first = next((line for line in lines if "error:" in line), lines[0] if lines else "")
        first = first.removeprefix(f"{self.name}: ").removeprefix("error: ")
        if not first:
            how = f"was ended by {signal.Signals(-returncode).name}" if returncode < 0 else f"exit code {returncode}"
            first = how
        raise ToolFailed(
            f"{self.name} failed on {self.target.describe()}: {first}",
            returncode=returncode,
            stderr="\n".join(lines[-20:]),
            hint=next((hint for words, hint in _HINTS if words in text), ""),
        )

    def stderr(self) -> str:
        """What it has said so far, without passwords."""
        size = self._stderr.seek(0, os.SEEK_END)
        self._stderr.seek(max(0, size - 100_000))
        return redact(self._stderr.read().decode("utf-8", "replace"))

    def warnings(self) -> list[str]:
        """Lines of talk of a program that ended well."""
        return [line.removeprefix(f"{self.name}: ") for line in self.stderr().splitlines() if line.strip()]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self.process.stdout is not None:
            self.process.stdout.close()
        if self.process.poll() is None:
            for number in (signal.SIGTERM, signal.SIGKILL):
                self._signal(number)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    self.process.wait(10)
                    break
        self._stderr.close()

    def _signal(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, number)


@contextlib.contextmanager
def _input(given: bytes) -> Iterator[int]:
    """A descriptor to read ``given`` from: a file without a name, so that nothing is left where we are killed."""
    if not given:
        yield subprocess.DEVNULL
        return
    with tempfile.TemporaryFile() as file:
        file.write(given)
        file.seek(0)
        yield file.fileno()


def environment_of(target: Target, settings: Mapping[str, str], application: str) -> dict[str, str]:
    """The environment of a program: the connection, its settings, and data in the database's own encoding."""
    environment = target.env()
    environment.pop("PGCLIENTENCODING", None)
    environment |= {"LC_ALL": "C", "PGAPPNAME": application}
    environment.setdefault("PGCONNECT_TIMEOUT", "10")
    options = [f"-c {key}={value}".replace("\\", "\\\\") for key, value in settings.items()]
    environment["PGOPTIONS"] = " ".join([environment.get("PGOPTIONS", ""), *options]).strip()
    return environment
