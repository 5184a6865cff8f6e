"""Connections that fail, each with its reason and without a password."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest
from conftest import Server

from dataio.errors import ConnectionFailed
from dataio.postgres import dump
from dataio.postgres.binaries import embedded
from dataio.postgres.connection import connect, server_info
from dataio.postgres.conninfo import Target, parse_target
from dataio.postgres.process import ToolFailed, run

Database = Callable[..., Target]
Role = Callable[..., str]


@pytest.fixture
def ann(role: Role, pg18: Server) -> Target:
    return pg18.tcp_target.with_user(role("login", password="anns-secret"), "anns-secret")


def failure(target: Target) -> ConnectionFailed:
    with pytest.raises(ConnectionFailed) as caught:
        connect(target, connect_timeout=2)
    with pytest.raises((ConnectionFailed, ToolFailed)) as by_tool:
        dump.dump_schema(target, binaries=embedded(18))
    assert isinstance(by_tool.value, ConnectionFailed), by_tool.value
    assert by_tool.value.message == caught.value.message
    for error in (caught.value, by_tool.value):
        assert "anns-secret" not in str(error)
        assert "wrong-secret" not in str(error)
        assert error.__cause__ is None
    return caught.value


def test_reasons(ann: Target, pg18: Server) -> None:
    connect(ann).close()
    assert "wrong password for role" in failure(ann.with_user(ann.user, "wrong-secret")).message
    assert "needs a password" in failure(ann.with_user(ann.user)).message
    assert "database nowhere does not exist" in failure(ann.with_dbname("nowhere")).message
    assert "wrong password" in failure(ann.with_user("nobody-like-that", "wrong-secret")).message
    assert "nothing listens" in failure(ann.with_parameters(port="1")).message
    assert "cannot be resolved" in failure(ann.with_parameters(host="no.such.host.invalid")).message
    assert "no server on the socket" in failure(parse_target("host=/nonexistent dbname=x user=y")).message


def test_read_only(database: Database) -> None:
    with connect(database(), read_only=True) as connection, pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        connection.execute("create table a ()")


def test_what_a_role_may_do(ann: Target) -> None:
    with connect(ann) as connection:
        info = server_info(connection)
    assert info.user == ann.user
    assert [info.is_superuser, info.can_createdb, info.can_createrole, info.in_recovery] == [False] * 4


def test_passwords_travel_by_environment_only(ann: Target) -> None:
    done = run(embedded(18), "psql", ["-XqAtw", "-c", "select current_user"], target=ann)
    assert done.stdout.strip() == ann.user
    with pytest.raises(ToolFailed) as caught:
        run(embedded(18), "psql", ["-Xqw", "-c", "select 'anns-secret'::int"], target=ann)
    assert "anns-secret" not in str(caught.value)
    with pytest.raises(ToolFailed, match="did not finish"):
        run(embedded(18), "psql", ["-Xqw", "-c", "select pg_sleep(10)"], target=ann, timeout=0.5)
