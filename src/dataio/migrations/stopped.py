"""What a run that is stopped (Ctrl-C, SIGTERM) leaves: asked of the history, once no transaction is at work."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any, Final

import psycopg

from dataio.errors import DataioError
from dataio.migrations import history
from dataio.migrations.failures import sessions
from dataio.migrations.history import History
from dataio.migrations.sql import query
from dataio.plan.script import LOCK, Script
from dataio.postgres.connection import connect
from dataio.postgres.conninfo import Target
from dataio.words import plural

_PATIENCE: Final = 10.0  # seconds that a COMMIT under way, or a session that is being ended, may take
_POLL: Final = 0.1
_TELLS: Final = "`dataio schema status` tells, once the server answers; going on is safe either way."


def standing(target: Target, scripts: Sequence[Script]) -> str:
    """Where a database stands after a run of ``scripts`` was stopped, and what to do: words for a person.

    A stop during COMMIT leaves that to the server, so that the lock of the migrations is waited for: who has it knows
    that nothing is under way. Without ``scripts`` (only seeds were to run) nobody is asked.
    """
    if not scripts:
        return "No migration was to be run."
    try:
        with connect(target, read_only=True, application_name="dataio (stopped)", connect_timeout=5) as connection:
            connection.execute("BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY")  # each query sees what is committed
            other = _at_work(connection)
            past = history.read(connection)
    except (DataioError, psycopg.Error) as error:
        reason = str(error).partition("\n")[0]
        return f"where the database stands could not be looked up: {reason}. {_TELLS}"
    except (KeyboardInterrupt, SystemExit):  # once more: then without an answer
        return f"where the database stands was not looked up. {_TELLS}"
    unsure = f" A session is still at work, which may change that: {other}. {_TELLS}" if other else ""
    return _words(past, scripts) + unsure


def _at_work(connection: psycopg.Connection[Any]) -> str:
    """Who still holds the lock of the migrations when patience has ended; nobody, mostly."""
    until = time.monotonic() + _PATIENCE
    while not _free(connection):
        if time.monotonic() > until:
            return "; ".join(sessions(connection.execute(query("lock_holder"), LOCK).fetchall()))
        time.sleep(_POLL)
    return ""


def _free(connection: psycopg.Connection[Any]) -> bool:
    row = connection.execute(query("lock"), LOCK).fetchone()
    return row is not None and bool(row[0])


def _words(past: History, scripts: Sequence[Script]) -> str:
    done = [script for script in scripts if _whole(past, script)]
    left = [script for script in scripts if not _whole(past, script)]
    command = f"`dataio schema {'rollback' if scripts[0].header.takes_back else 'apply'}`"
    said = [f"{_named(done)} {'was' if len(done) == 1 else 'were'} done, whole"] if done else []
    if not left:
        return f"{said[0]}."
    begun = past.done_segments(left[0].header)
    if begun:
        parts = f"{begun} of {plural(len(left[0].segments), left[0].header.part)}"
        said.append(f"{_named(left[:1])} is under way ({parts} committed and recorded); {command} goes on from there.")
    else:
        said.append(f"{_named(left[:1])} changed nothing; {command} begins there.")
    return ", and ".join(said)


def _named(scripts: Sequence[Script]) -> str:
    """``migration 003``, ``the rollback of migrations 004, 003``."""
    back = "the rollback of " if scripts[0].header.takes_back else ""
    labels = ", ".join(script.header.label for script in scripts)
    return f"{back}migration{'s' if len(scripts) > 1 else ''} {labels}"


def _whole(past: History, script: Script) -> bool:
    header = script.header
    found = past.find(header.number or 0)
    if header.takes_back:
        return found is None
    return found is not None and found.checksum == header.checksum
