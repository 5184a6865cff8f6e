"""``kill -9`` of ``dataio schema apply`` itself: old or new, never between, and the next run goes on. Ctrl-C and
SIGTERM likewise, and the last words say which it is.

Where exactly an apply is killed is chosen in ``tests/integration/test_migrations_killed.py``; here the command is.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

from dataio.migrations.stopped import standing
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


def apply(work: Project, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "dataio", "schema", *(words or ("apply",)), "--yes"],
        cwd=work.folder,
        env={**os.environ, **work.cli.env},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        # As a terminal would start it: a shell's background jobs, and what they start, ignore the signal.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    )


def stopped(process: subprocess.Popen[str], number: signal.Signals) -> str:
    """What it says at its end."""
    process.send_signal(number)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 128 + number, err
    assert "Traceback" not in err
    return err


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
        process.communicate(timeout=30)
        blocker.rollback()
    wait_until(pending, OTHERS, 0)
    assert pending.execute(COLUMNS) == [(0,)]
    goes_on(pending)


def test_killed_at_any_moment(pending: Project) -> None:
    """From the start of Python to the end: whatever was reached, one run more is enough."""
    process = apply(pending)
    process.communicate(timeout=60)
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
        process.communicate(timeout=30)
        wait_until(pending, OTHERS, 0)
        version = pending.execute("select max(number) from dataio_meta.migration")[0][0]
        assert pending.execute(COLUMNS) == [(len(TABLES) if version == 2 else 0,)]
        if version == 1:
            pending.cli("schema", "apply", "--yes")
        assert pending.execute(COLUMNS) == [(len(TABLES),)]
    pending.settled()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stopped_while_a_statement_runs(pending: Project, number: signal.Signals) -> None:
    with connect(pending.target, autocommit=False) as blocker:
        blocker.execute(b"lock table two in access share mode")
        process = apply(pending)
        wait_until(pending, WAITING, 1)
        said = stopped(process, number)
        assert "migration 002 changed nothing; `dataio schema apply` begins there." in said
    assert pending.execute(COLUMNS) == [(0,)]
    goes_on(pending)


SLOW_COMMIT = """
    create function slow() returns trigger language plpgsql as $$
    begin perform pg_sleep(20); return null; exception when query_canceled then {} end $$;
    create constraint trigger slow after insert on dataio_meta.migration deferrable initially deferred
    for each row execute function slow();
"""
SLEEPS = "select count(*) from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize(
    ("then", "words", "version"),
    [
        ("raise exception 'no';", "migration 002 changed nothing", 1),
        ("return null;", "migration 002 was done, whole.", 2),
        ("perform pg_sleep(2); return null;", "migration 002 was done, whole.", 2),
    ],
)
def test_stopped_while_it_commits(
    pending: Project, number: signal.Signals, then: str, words: str, version: int
) -> None:
    """What the server makes of the COMMIT is waited for, and said."""
    pending.execute(SLOW_COMMIT.format(then).replace("function slow", "function dataio_meta.slow"))
    process = apply(pending)
    wait_until(pending, SLEEPS, 1)
    assert words in stopped(process, number)
    assert pending.execute("select max(number) from dataio_meta.migration") == [(version,)]


def test_stopped_between_phases(pending: Project) -> None:
    pending.schema.write_text(OLD + "CREATE INDEX one_id ON one (id DESC);\n")
    pending.cli("schema", "plan", "notes", "--online")
    with connect(pending.target, autocommit=False) as blocker:
        blocker.execute(b"lock table one in row exclusive mode")
        process = apply(pending)
        wait_until(pending, "select count(*) from pg_locks where not granted and locktype = 'virtualxid'", 1)
        said = stopped(process, signal.SIGINT)
    assert (
        "migration 002 is under way (1 of 3 phases committed and recorded); `dataio schema apply` goes on from there."
    ) in said
    status = pending.cli("schema", "status").out
    assert "drift:   not checked: the database is between two versions" in status
    assert "problem: migration 002 was interrupted after phase 1 of 3\nnext:    `dataio schema apply` goes on" in status
    assert "went on after phase 1 of 3, where it was interrupted" in pending.cli("schema", "apply", "--yes").err
    pending.settled()


def test_stopped_while_it_dumps_before(pending: Project) -> None:
    with connect(pending.target, autocommit=False) as blocker:
        blocker.execute(b"lock table two in access exclusive mode")
        process = apply(pending, "apply", "--dump-before")
        wait_until(pending, WAITING, 1)
        assert stopped(process, signal.SIGINT).endswith("interrupted\nnothing was changed\n")
    goes_on(pending)


def test_stopped_where_only_seeds_were_to_run(small: Project) -> None:
    assert standing(small.target, ()) == "No migration was to be run."


def test_stopped_on_the_way_back(pending: Project) -> None:
    pending.cli("schema", "apply", "--yes")
    with connect(pending.target, autocommit=False) as blocker:
        blocker.execute(b"lock table two in access share mode")
        process = apply(pending, "rollback", "--allow", "data-loss")
        wait_until(pending, WAITING, 1)
        said = stopped(process, signal.SIGTERM)
    assert "the rollback of migration 002 changed nothing; `dataio schema rollback` begins there." in said
