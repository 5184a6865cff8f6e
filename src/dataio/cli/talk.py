"""What dataio says to the person: everything on stderr, nothing of it secret. stdout belongs to the data."""

from __future__ import annotations

import contextlib
import os
import sys
import traceback
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from dataio.errors import DataioError, UsageError
from dataio.postgres.redact import redact

if TYPE_CHECKING:
    from rich.status import Status

    from dataio.progress import Progress


class Talk:
    """stderr, with how much was asked for. ``quiet`` leaves errors and questions only."""

    def __init__(self, *, quiet: bool = False, verbose: bool = False) -> None:
        self.quiet = quiet
        self.verbose = verbose
        self._live: Status | None = None

    def say(self, text: str) -> None:
        """A line of talk; silent with ``--quiet``."""
        if not self.quiet:
            self.insist(text)

    def note(self, text: str) -> None:
        self.say(f"note: {text}")

    def warn(self, text: str) -> None:
        self.say(f"warning: {text}")

    def insist(self, text: str) -> None:
        """A line that is shown even with ``--quiet``."""
        print(redact(text), file=sys.stderr, flush=True)

    @contextlib.contextmanager
    def progress(self) -> Iterator[Callable[[Progress], None] | None]:
        """A callback for an operation: a live line on a terminal; plain lines with ``--verbose``; else only
        whom it waits for.
        """
        if self.quiet:
            yield None
        elif self.verbose:
            yield lambda event: self.say(_line(event))
        elif sys.stderr.isatty():
            from rich.console import Console

            with Console(stderr=True).status("", spinner="dots") as status:
                self._live = status
                yield lambda event: status.update(_markup_free(_line(event)))
            self._live = None
        else:
            yield lambda event: self.say(_line(event)) if event.stage == "wait" else None

    # Questions --------------------------------------------------------------------------------------------------------

    def wonder(self, question: str) -> bool:
        """Yes or no in the middle of the work (no by default); the live line steps aside for it."""
        if self._live is not None:
            self._live.stop()
        try:
            return self.ask(f"{question} [y/N]").lower() in {"y", "yes"}
        finally:
            if self._live is not None:
                self._live.start()

    @staticmethod
    def can_ask() -> bool:
        return sys.stdin.isatty() and sys.stderr.isatty()

    def ask(self, question: str) -> str:
        """One line from the terminal; the question goes to stderr."""
        print(redact(question), end=" ", file=sys.stderr, flush=True)
        line = sys.stdin.readline()
        if not line:
            raise EOFError
        return line.strip()

    def confirm(self, question: str, *, yes: bool, needs: str = "--yes") -> bool:
        """Yes or no on a terminal; without one ``yes`` must have been given, else
        :class:`~dataio.errors.UsageError`.
        """
        if yes:
            return True
        if not self.can_ask():
            raise UsageError(f"{question} There is no terminal to ask on.", hint=f"Give {needs} to go on.")
        return self.ask(f"{question} [y/N]").lower() in {"y", "yes"}

    # Errors -----------------------------------------------------------------------------------------------------------

    def error(self, error: DataioError) -> None:
        """``error: message``, the detail indented, ``hint: what to do``."""
        self.insist(f"error: {error.message}")
        if error.detail:
            self.insist("\n".join(f"  {line}".rstrip() for line in error.detail.splitlines()))
        if error.hint:
            self.insist(f"hint: {error.hint}")

    def traceback(self, error: BaseException) -> None:
        self.insist("".join(traceback.format_exception(error)).rstrip())


def _line(event: Progress) -> str:
    count = f" {event.done}/{event.total}" if event.done is not None and event.total is not None else ""
    return redact(f"{event.stage}{count}" + (f": {event.detail}" if event.detail else ""))


def _markup_free(text: str) -> str:
    from rich.markup import escape

    return escape(text)


def write(text: str) -> None:
    """Data to stdout, as it is, ending in a line feed."""
    sys.stdout.write(text if text.endswith("\n") or not text else text + "\n")
    sys.stdout.flush()


def wants_colour() -> bool:
    """Whether stdout is a terminal that may be coloured (https://no-color.org)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")
