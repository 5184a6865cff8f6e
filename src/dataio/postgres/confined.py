"""A server for a stranger's schema: its own, thrown away afterwards, with little memory and little time.

What a schema says is run more than once on the way to a plan, and not only when it is loaded: a materialized view that
is replayed calls its functions again. So nothing of an untrusted run ever connects as a superuser: the scratch server
is worked through a role that may make databases there and nothing else. There is nobody else's database on it.
"""

from __future__ import annotations

import contextlib
import threading
from typing import Final

from psycopg import sql

from dataio.errors import DataioError
from dataio.postgres import server, watchdog
from dataio.postgres.binaries import Binaries
from dataio.postgres.connection import connect
from dataio.postgres.locale import Locale
from dataio.postgres.scratch_server import Scratch

ROLE: Final = "dataio_untrusted"
SECONDS: Final = 600.0
"""For the whole of an untrusted run, from loading to proof."""
MEMORY: Final = 2 << 30
"""Bytes of address space of one server process."""
FILE: Final = 512 << 20
"""Bytes of one file that a server process may write."""

_LIMITS: Final = f"ulimit -v {MEMORY >> 10} && ulimit -f {FILE >> 9} && ulimit -c 0"
_SETTINGS: Final = {
    **server.NOT_DURABLE,
    "shared_buffers": "64MB",
    "max_connections": "30",
    "temp_file_limit": "256MB",
    "max_parallel_workers": "0",
    "max_parallel_maintenance_workers": "0",
    "max_locks_per_transaction": "256",
    "autovacuum": "off",
}


def confined_scratch(
    binaries: Binaries, *, locale: Locale | None, refused: tuple[str, ...], seconds: float = SECONDS
) -> Scratch:
    """Start the server; closing the scratch removes it. After ``seconds`` it is stopped, whatever it does, and leaving
    the scratch's context raises :class:`~dataio.errors.DataioError` that says so.
    """
    cluster = server.make_temporary(binaries, settings=_SETTINGS, limits=_LIMITS)
    timer: threading.Timer | None = None

    def end() -> None:
        if timer is not None:
            timer.cancel()
        server.remove_temporary(cluster)

    try:
        admin = cluster.target()
        with connect(admin) as connection:
            connection.execute(
                sql.SQL("create role {} login createdb nosuperuser nocreaterole noreplication nobypassrls").format(
                    sql.Identifier(ROLE)
                )
            )
            connection.execute(sql.SQL("alter role {} set statement_timeout = '60s'").format(sql.Identifier(ROLE)))
        scratch = Scratch(
            cluster.target(user=ROLE),
            origin=f"a server of its own for the untrusted schema (PostgreSQL {binaries.major})",
            locale=locale,
            refused=refused,
            on_close=end,
            admin=admin,
        )

        def expire() -> None:
            scratch.expired = f"the untrusted schema took longer than {seconds:g} s, and was stopped"
            with contextlib.suppress(DataioError, OSError):
                watchdog.stop_postmaster(cluster.datadir)

        timer = threading.Timer(seconds, expire)
        timer.daemon = True
        timer.start()
    except BaseException:
        end()
        raise
    return scratch
