"""Every error that dataio raises on purpose.

    DataioError            exit  1   something failed
    ├── UsageError         exit 64   the command line or a setting makes no sense
    ├── ConfigError        exit 64   a setting is missing or contradicts another
    ├── ConnectionFailed   exit  1   a server could not be reached or refused us
    ├── ToolMissing        exit  1   a binary (pg_dump, psql, initdb …) was not found or is too old
    ├── ScratchUnavailable exit  1   nowhere to make a scratch database, with what was tried
    ├── SourceError        exit  1   schema.sql does not load; carries file, line, column and a caret
    ├── UnknownObject      exit  1   the database holds something no fact accounts for
    ├── MigrationError     exit  1   generated_migrations/ is inconsistent, or a script failed
    ├── Differences        exit  2   a check found differences
    ├── Refused            exit  3   a hazard was not allowed, or the target is protected
    ├── Drifted            exit  4   the target is not what the plan expects
    └── Unproven           exit  5   no candidate could be proven

A message says what failed and where; ``hint`` says what to do next. Neither ever holds a password: what comes from a
driver or a subprocess passes through :func:`dataio.postgres.redact.redact` where it enters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ClassVar


class DataioError(Exception):
    """Base of all errors that dataio raises on purpose.

    ``message`` is one line; ``detail`` may be several lines (a source excerpt, a list of differences); ``hint`` says
    what to do next. ``exit_code`` is what the command line returns (``docs/cli.md``).
    """

    exit_code: ClassVar[int] = 1
    sqlstate: str = ""
    """PostgreSQL's code, where it was PostgreSQL that refused something."""

    def __init__(self, message: str, *, detail: str = "", hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.detail = detail
        self.hint = hint

    def __str__(self) -> str:
        return "\n".join(part for part in (self.message, self.detail, self.hint) if part)


class UsageError(DataioError):
    """The command line makes no sense."""

    exit_code = 64


class ConfigError(UsageError):
    """A setting is missing, malformed or contradicts another."""


class ConnectionFailed(DataioError):
    """A server could not be reached or refused us."""


class ToolMissing(DataioError):
    """A PostgreSQL binary was not found, or is older than the server it must talk to."""


class ScratchUnavailable(DataioError):
    """There is nowhere to make a scratch database; ``detail`` lists what was tried and why it failed."""


class SourceError(DataioError):
    """A schema file does not load.

    ``file``, ``line`` and ``column`` (both from 1; ``None`` where PostgreSQL gave no position) name the place;
    ``detail`` shows the line with a caret, then PostgreSQL's DETAIL and HINT. ``lacks`` is what the server would need.
    """

    def __init__(
        self,
        message: str,
        *,
        file: str,
        line: int | None = None,
        column: int | None = None,
        sqlstate: str = "",
        detail: str = "",
        hint: str = "",
        lacks: str = "",
    ) -> None:
        place = ":".join(str(part) for part in (file, line, column) if part is not None)
        super().__init__(f"{place}: {message}", detail=detail, hint=hint)
        self.file = file
        self.line = line
        self.column = column
        self.sqlstate = sqlstate
        self.lacks = lacks


class UnknownObject(DataioError):
    """The database holds an object that no fact accounts for; going on would miss it in silence."""


class MigrationError(DataioError):
    """``generated_migrations/`` is inconsistent, or one of its scripts failed."""


class Differences(DataioError):
    """A check was asked to fail on differences, and found some."""

    exit_code = 2


class Refused(DataioError):
    """A hazard was not allowed, or the target is protected."""

    exit_code = 3


class Drifted(DataioError):
    """The target is not what the plan or the script expects."""

    exit_code = 4


class Unproven(DataioError):
    """No candidate could be proven to lead to the desired state."""

    exit_code = 5


@contextmanager
def told_when_stopped(words: Callable[[], str]) -> Iterator[None]:
    """Ctrl-C and SIGTERM (KeyboardInterrupt, SystemExit) take ``words`` along from here, as a note: what is left."""
    try:
        yield
    except (KeyboardInterrupt, SystemExit) as stop:
        stop.add_note(words())
        raise
