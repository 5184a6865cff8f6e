"""Who keeps us waiting, said while we wait: a second connection asks the server, as the first one cannot."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from types import TracebackType
from typing import Any, Final, Self

import psycopg

from dataio.errors import DataioError
from dataio.migrations.failures import sessions
from dataio.migrations.sql import query
from dataio.plan.script import one_line
from dataio.postgres.connection import connect
from dataio.postgres.conninfo import Target
from dataio.postgres.redact import redact
from dataio.progress import OnProgress, report

_FIRST_LOOK: Final = 0.3  # seconds; what ends sooner costs no connection
_INTERVAL: Final = 1.0
_SHOWN: Final = 80  # characters of what the other session runs


class Waiting:
    """While it is entered: reports ``wait`` events that name the sessions for which ``pid`` waits.

    ``seen`` keeps the last of them, for the message of a lock timeout.
    """

    def __init__(self, target: Target, pid: int, on_progress: OnProgress, what: str) -> None:
        self._target = target
        self._pid = pid
        self._on_progress = on_progress
        self._what = what
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None
        self.seen: tuple[str, ...] = ()

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        if self._thread is not None:
            self._thread.join(_INTERVAL)

    def _watch(self) -> None:
        if self._ended.wait(_FIRST_LOOK):
            return
        try:
            with connect(self._target, application_name="dataio apply (watching)", connect_timeout=2) as connection:
                while not self._ended.is_set():
                    self._look(connection)
                    self._ended.wait(_INTERVAL)
        except (DataioError, psycopg.Error):
            return  # nobody to say it; the statement itself will tell how it ends

    def _look(self, connection: psycopg.Connection[Any]) -> None:
        rows = connection.execute(query("waits_for"), [self._pid]).fetchall()
        if rows and not self._ended.is_set():
            self.seen = tuple(blocking(rows))
            report(self._on_progress, "wait", f"{self._what} waits for {'; '.join(self.seen)}")


def blocking(rows: Iterable[tuple[Any, ...]]) -> Iterable[str]:
    """``pid 4711, alice, psql, in a transaction since …, idle in transaction, for 12 s: UPDATE …``."""
    for *session, state, text, seconds in rows:
        who = sessions([tuple(session)])[0]
        running = f": {redact(one_line(text))[:_SHOWN]}" if text else ""
        yield f"{who}, {state}, for {seconds:.0f} s{running}"
