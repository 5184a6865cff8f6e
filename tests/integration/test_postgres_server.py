"""Clusters of our own, on real binaries."""

from __future__ import annotations

from collections.abc import Callable

from conftest import Server

from dataio.postgres.connection import connect, server_info
from dataio.postgres.conninfo import Target


def test_fixture_servers(pg18: Server, pg16: Server, pg15: Server, database: Callable[..., Target]) -> None:
    for host in (pg18, pg16, pg15):
        target = database(host)
        with connect(target) as connection:
            info = server_info(connection)
        assert info.major == host.major
        assert info.database == target.dbname
        assert info.is_superuser
