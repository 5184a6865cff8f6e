"""``kill -9`` of ``dataio schema apply`` itself: old or new, never between, and the next run goes on.

Where exactly an apply is killed is chosen in ``tests/integration/test_migrations_killed.py``; here the command is.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

from dataio.postgres.connection import connect

from .conftest import Project

TABLES = ("one", "two", "three")
OLD = "".join(f"CREATE TABLE {name} (id bigint PRIMARY KEY);\n" for name in TABLES)
NEW = "".join(f"CREATE TABLE {name} (id bigint PRIMARY KEY, note text);\n" for name in TABLES)
COLUMNS = "select count(*) from information_schema.columns where table_schema = 'public' and column_name = 'note'"
OTHERS = "select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
WAITING = "select count(*) from pg_locks where not granted and relation is not null"


@pytest.fixture
def pending(small: Project) -> Project:
    """A database at version 001 and a pending script of three statements."""
    small.schema.write_text(OLD)
    small.cli("schema", "plan", "start")
    small.cli("schema", "apply", "--yes")
    small.schema.write_text(NEW)
    small.cli("schema", "plan", "notes")
    return small


def apply(work: Project) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "dataio", "schema", "apply", "--yes"],
        cwd=work.folder,
        env={**os.environ, **work.cli.env},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def wait_until(work: Project, query: str, wanted: int) -> None:
    deadline = time.monotonic() + 60
    while work.execute(query)[0][0] != wanted:
        assert time.monotonic() < deadline, query
        time.sleep(0.05)


def goes_on(work: Project) -> None:
    done = work.cli("schema", "apply", "--yes")
    assert "version 002" in done.out + done.err
    assert work.execute(COLUMNS) == [(len(TABLES),)]
    work.settled()


@pytest.mark.parametrize("table", TABLES)
def test_killed_while_a_statement_runs(pending: Project, table: str) -> None:
    with connect(pending.target, autocommit=False) as blocker:
        blocker.execute(f"lock table {table} in access share mode".encode())
        process = apply(pending)
        wait_until(pending, WAITING, 1)
        process.send_signal(signal.SIGKILL)
        process.wait(30)
        blocker.rollback()
    wait_until(pending, OTHERS, 0)
    assert pending.execute(COLUMNS) == [(0,)]
    goes_on(pending)


def test_killed_at_any_moment(pending: Project) -> None:
    """From the start of Python to the end: whatever was reached, one run more is enough."""
    process = apply(pending)
    process.wait(60)
    assert process.returncode == 0
    started = time.monotonic()
    pending.cli("schema", "status")
    whole = time.monotonic() - started
    for part in (0.2, 0.5, 0.8, 1.1):
        pending.execute("alter table one drop note; alter table two drop note; alter table three drop note;")
        pending.execute("delete from dataio_meta.migration where number = 2")
        process = apply(pending)
        time.sleep(whole * part)
        process.send_signal(signal.SIGKILL)
        process.wait(30)
        wait_until(pending, OTHERS, 0)
        version = pending.execute("select max(number) from dataio_meta.migration")[0][0]
        assert pending.execute(COLUMNS) == [(len(TABLES) if version == 2 else 0,)]
        if version == 1:
            pending.cli("schema", "apply", "--yes")
        assert pending.execute(COLUMNS) == [(len(TABLES),)]
    pending.settled()
