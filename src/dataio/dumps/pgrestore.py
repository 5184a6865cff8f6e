"""Running ``pg_restore``: parallel, stopping at the first error, on any version of the server.

``pg_restore`` 17 and later begin with ``SET transaction_timeout``, which older servers do not know. Where such a one
must read an archive for an older server, its script goes through psql without that line, in one stream.
"""

from __future__ import annotations

import contextlib
import secrets
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Final

from dataio.dumps.tool import Tool, environment_of
from dataio.postgres.binaries import Binaries, all_installations, find, load_binaries
from dataio.postgres.conninfo import Target
from dataio.postgres.process import PSQL, ToolFailed, run
from dataio.postgres.redact import redact

_TIMEOUT_LINE: Final = b"SET transaction_timeout = 0;\n"
_TOOLS: Final = ("pg_restore", "psql")
_HEAD: Final = 64 << 10
_SETTINGS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "synchronous_commit": "off",
        "statement_timeout": "0",
        "lock_timeout": "0",
        "array_nulls": "on",  # pg_dump relies on these two, and leaves them to the server
        "transform_null_equals": "off",
    }
)


def restore_binaries(server_major: int, archive_major: int) -> Binaries:
    """A ``pg_restore`` that can read what ``pg_dump`` of ``archive_major`` wrote, the best for the server.

    Raises :class:`~dataio.errors.ToolMissing`.
    """
    usable = [b for b in all_installations() if b.major >= archive_major and b.has(*_TOOLS)]
    if not usable:
        return find(at_least=archive_major, tools=_TOOLS)
    fitting = [b for b in usable if not _needs_script(b, server_major)] or usable
    return min(fitting, key=lambda b: (abs(b.major - max(server_major, archive_major)), b.major))


def _needs_script(binaries: Binaries, server_major: int) -> bool:
    return binaries.major >= 17 > server_major


class PgRestore:
    """Runs of ``pg_restore`` into one database, which nobody else uses; several may go on at once."""

    def __init__(
        self,
        target: Target,
        *,
        binaries: Binaries,
        server_major: int,
        settings: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """``settings``: those of the session that wrote the archive, which its text depends on."""
        self.application = f"dataio-restore-{secrets.token_hex(6)}"
        self._target, self._binaries = target, binaries
        self._settings = {**_SETTINGS, **settings}
        self._script = _needs_script(binaries, server_major)

    def listing(self, archive: Path) -> list[str]:
        """Its table of contents, an entry per line, and comments."""
        return run(self._binaries, "pg_restore", ["--list", str(archive)], target=self._target).stdout.splitlines()

    def run(
        self,
        archive: Path,
        arguments: Sequence[str],
        *,
        entries: Sequence[str] | None = None,
        jobs: int = 1,
        on_wait: Callable[[], None] = lambda: None,
    ) -> None:
        """Restore of ``archive`` what ``arguments`` choose, and of that only ``entries`` (lines of its listing, in
        their order). Raises ToolFailed at the first error, and as ``on_wait``, which is asked now and then.
        """
        given = b""
        if entries is not None:
            arguments = ["--use-list=/dev/stdin", *arguments]
            given = "\n".join([*entries, ""]).encode("utf-8", "surrogateescape")
        if self._script:
            _by_script(self._target, archive, arguments, self._binaries, given, self._settings)
            return
        workers = [f"--jobs={jobs}"] if jobs > 1 else []
        command = ["--exit-on-error", "--no-password", *workers, *arguments, str(archive)]
        with Tool(
            self._binaries,
            "pg_restore",
            command,
            target=self._target,
            application=self.application,
            settings=self._settings,
            pipe=False,
            name_database=True,  # without --dbname it writes a script; PGDATABASE does not count
            given=given,
        ) as tool:
            while True:
                try:
                    tool.process.wait(0.2)
                    break
                except subprocess.TimeoutExpired:
                    on_wait()
            tool.finish()


def _by_script(
    target: Target,
    archive: Path,
    arguments: Sequence[str],
    binaries: Binaries,
    given: bytes,
    settings: Mapping[str, str],
) -> None:
    psql = [str(load_binaries().path("psql")), *PSQL, "--set=ON_ERROR_STOP=1", "--output=/dev/null", "--file=-"]
    with (
        Tool(binaries, "pg_restore", [*arguments, "--file=-", str(archive)], target=target, given=given) as tool,
        tempfile.TemporaryFile() as errors,
        subprocess.Popen(
            [*psql, *target.arguments()],
            env=environment_of(target, settings, "dataio-restore"),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            bufsize=0,
        ) as loader,
    ):
        assert loader.stdin is not None  # noqa: S101  (it is a pipe)
        try:
            for chunk in _without_timeout(tool.chunks()):
                loader.stdin.write(chunk)
        except BrokenPipeError:
            pass  # psql has stopped, and says why
        except BaseException:
            loader.kill()
            raise
        finally:
            with contextlib.suppress(OSError):
                loader.stdin.close()
        returncode = loader.wait()
        errors.seek(0)
        text = redact(errors.read().decode("utf-8", "replace")).strip()
    if returncode:
        first = next(iter(text.splitlines()), f"exit code {returncode}")
        raise ToolFailed(f"psql failed on {target.describe()}: {first}", returncode=returncode, stderr=text[-4000:])


def _without_timeout(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """A script without the one line of its head that older servers do not know."""
    head = b""
    for chunk in chunks:
        head += chunk
        if len(head) >= _HEAD:
            break
    yield head.replace(_TIMEOUT_LINE, b"", 1)
    yield from chunks
