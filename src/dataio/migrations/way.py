"""Is the way clear? What would make a script wait, and others behind it, is found before its first statement.

A lock that waits for an old transaction makes everybody who comes later wait behind it, even readers. So where such a
transaction holds what a script needs, the script is not begun; or it is waited for from outside of the lock queue.
"""

from __future__ import annotations

import json
import time
from typing import Any, Final

import psycopg

from dataio.errors import MigrationError, Refused
from dataio.migrations.sql import query
from dataio.migrations.waiting import blocking
from dataio.plan.script import Script
from dataio.postgres.connection import connect
from dataio.postgres.conninfo import Target
from dataio.progress import OnProgress, report

_POLL: Final = 0.5


def clear(
    target: Target, script: Script, *, old: float | None, wait: float = 0.0, on_progress: OnProgress = None
) -> None:
    """Return when no transaction older than ``old`` seconds holds what the script locks (``None``: do not look).

    Waits ``wait`` seconds for that. Raises Refused (exit 3) with who it is, and MigrationError where a COMMIT would
    wait for a synchronous standby that is not there.
    """
    wanted = {
        hazard.subject: hazard.name == "lock/access-exclusive"
        for hazard in sorted(script.header.hazards, key=lambda hazard: hazard.name, reverse=True)
        if hazard.kind == "lock"
    }
    with connect(target, application_name="dataio apply (looking)") as connection:
        _standbys(connection, script)
        if old is None or not wanted:
            return
        until = time.monotonic() + wait
        while standing := _standing(connection, wanted, old):
            if time.monotonic() >= until:
                raise Refused(
                    f"{script.source}: would wait behind old transactions, and everybody else behind it",
                    detail="\n".join(standing),
                    hint="The script was not begun, nothing was locked. --wait TIME waits for them and blocks nobody; "
                    "pg_terminate_backend(pid) ends one.",
                )
            report(on_progress, "wait", f"{script.header.label} has not begun, for {standing[0]}")
            time.sleep(_POLL)


def _standing(connection: psycopg.Connection[Any], wanted: dict[str, bool], old: float) -> list[str]:
    values = {"age": old, "wanted": json.dumps(wanted)}
    return list(blocking(connection.execute(query("old_transactions"), values).fetchall()))


def _standbys(connection: psycopg.Connection[Any], script: Script) -> None:
    row = connection.execute(query("sync_standbys")).fetchone()
    if row is not None and row[0] and row[1] == 0:
        raise MigrationError(
            f"{script.source}: COMMIT would wait forever: synchronous_standby_names names standbys, and none of them "
            "is connected",
            hint="Nothing was changed. Bring a standby back, or take it out of synchronous_standby_names.",
        )
