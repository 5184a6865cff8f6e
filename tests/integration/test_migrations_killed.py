"""``kill -9`` of an applying process: the database is at the old or the new version, and the next run goes on.

A script in one transaction is killed before, during and after each of its statements, in its guard, at its record, at
COMMIT and after it; a script in several transactions likewise, where "old" is what its committed parts recorded.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from support.migrations import QUICK, checks, past, script_for, script_of, state
from support.plans import plan_of, statement

from dataio.migrations.executor import apply_script
from dataio.plan.model import Statement
from dataio.plan.script import LOCK, Script
from dataio.postgres.connection import connect
from dataio.postgres.conninfo import Target

Database = Callable[..., Target]

TESTS = Path(__file__).parent.parent

SETUP = """
    create table public.old (a int);
    create function public.slow() returns trigger language plpgsql as 'begin perform pg_sleep(1.5); return null; end';
"""


def gated(number: int, work: str) -> str:
    """A statement that can be stopped before and after its work, by who holds the advisory lock 10 or 20 + number."""
    return (
        f"DO $$ BEGIN PERFORM pg_advisory_xact_lock({10 + number}); {work}; "
        f"PERFORM pg_advisory_xact_lock({20 + number}); END $$"
    )


ONE: list[str | Statement] = [
    gated(1, "CREATE TABLE public.n (i int PRIMARY KEY)"),
    gated(2, "ALTER TABLE public.n ADD j int"),
    gated(3, "INSERT INTO public.n SELECT 1, 1"),
    gated(4, "ALTER TABLE public.old ADD k int"),
    gated(5, "ALTER TABLE public.old DROP a"),
]
SEVERAL: list[str | Statement] = [
    *ONE[:2],
    statement(str(ONE[2]), new_transaction=True),
    ONE[3],
    statement(str(ONE[4]), new_transaction=True),
]
SLOW_COMMIT = (
    "CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON public.n DEFERRABLE INITIALLY DEFERRED "
    "FOR EACH ROW EXECUTE FUNCTION public.slow()"
)


class Applier:
    """The process, stopped at its events."""

    def __init__(self, target: Target, script: Script, folder: Path) -> None:
        path = folder / "001_a_change.sql"
        path.write_bytes(script.text.encode())
        self.target = target
        self._process = subprocess.Popen(
            [sys.executable, "-m", "support.applier", target.dsn(), str(path)],
            cwd=TESTS,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def until(self, event: str) -> None:
        """Let it go on until it says ``event``; it waits there."""
        assert self._process.stdout is not None
        while True:
            said = self._process.stdout.readline().strip()
            if said == event:
                return
            assert said, self._process.communicate()[1]
            self.go_on()

    def go_on(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()

    def until_it_waits(self, query: str = "%") -> None:
        """Until its session is busy in the server, in a wait (a lock, a sleep)."""
        for _ in range(200):
            with connect(self.target) as connection:
                row = connection.execute(_BUSY, [query]).fetchone()
            if row is not None:
                return
            time.sleep(0.02)
        raise AssertionError("the applier never got there")

    def kill(self) -> None:
        os.kill(self._process.pid, signal.SIGKILL)
        self._process.communicate()

    def wait_until_the_server_noticed(self) -> None:
        for _ in range(500):
            with connect(self.target) as connection:
                row = connection.execute(_SESSIONS).fetchone()
            if row == (0,):
                return
            time.sleep(0.02)
        raise AssertionError("the server still runs the session of a dead client")


_BUSY = """
    select from pg_stat_activity
    where datname = current_database() and application_name = 'dataio apply 002' and state = 'active'
      and wait_event_type in ('Lock', 'Timeout') and query like %s
"""
_SESSIONS = """
    select count(*) from pg_stat_activity
    where datname = current_database() and application_name = 'dataio apply 002'
"""


@contextmanager
def locked(target: Target, *statements: str) -> Iterator[psycopg.Connection[Any]]:
    """Another session that holds locks."""
    with connect(target, application_name="in the way") as connection:
        connection.execute("begin")
        for text in statements:
            connection.execute(text.encode())
        yield connection


@pytest.fixture
def world(database: Database) -> Target:
    """A database at version 1."""
    target = database()
    with connect(target) as connection:
        connection.execute(SETUP)
    apply_script(target, script_of(plan_of(["SELECT 1"])))
    return target


def check_old_or_new(target: Target, script: Script) -> bool:
    """True where the script is applied as a whole, False where nothing of it is, or only what the history says."""
    history, now = past(target), state(target)
    if history.version == 2:
        assert history.interrupted is None
        assert history.migrations[1].checksum == script.header.checksum
        assert now == script.header.to_fingerprint
        return True
    assert history.version == 1
    if history.interrupted is None:
        assert now == script.header.from_fingerprint
    else:
        assert history.interrupted.checksum == script.header.checksum
        assert now == history.interrupted.fingerprint
    return False


def check_and_go_on(target: Target, script: Script, *, applied: bool | None = False, resumed: int = 0) -> None:
    """The database is where it should be; the next run says so, and finishes."""
    found = check_old_or_new(target, script)
    assert applied is None or found == applied
    again = apply_script(target, script, checks=checks(), limits=QUICK)
    assert (again.already, again.resumed) == (found, resumed)
    assert check_old_or_new(target, script)
    with connect(target) as connection:
        assert connection.execute("select * from public.n").fetchall() == [(1, 1)]


def killed_at(target: Target, script: Script, folder: Path, event: str) -> None:
    applier = Applier(target, script, folder)
    applier.until(event)
    applier.kill()
    applier.wait_until_the_server_noticed()


def killed_in(target: Target, script: Script, folder: Path, *, lock: str, query: str, after: str = "") -> None:
    """Killed while its session runs ``query``, for which another one holds ``lock``; from ``after`` on."""
    applier = Applier(target, script, folder)
    if after:
        applier.until(after)
    with locked(target, lock):
        if after:
            applier.go_on()
        applier.until_it_waits(query)
        applier.kill()
        applier.wait_until_the_server_noticed()  # while what it waits for is still locked


@pytest.mark.parametrize("number", range(1, 6))
def test_before_a_statement(world: Target, tmp_path: Path, number: int) -> None:
    script = script_for(world, ONE, number=2)
    killed_at(world, script, tmp_path, f"before [{number}/5]")
    check_and_go_on(world, script)


@pytest.mark.parametrize("number", range(1, 6))
@pytest.mark.parametrize("gate", [10, 20], ids=["before its work", "after its work"])
def test_during_a_statement(world: Target, tmp_path: Path, gate: int, number: int) -> None:
    script = script_for(world, ONE, number=2)
    lock = f"select pg_advisory_xact_lock({gate + number})"
    killed_in(world, script, tmp_path, lock=lock, query="DO %", after=f"before [{number}/5]")
    check_and_go_on(world, script)


def test_after_the_last_statement(world: Target, tmp_path: Path) -> None:
    script = script_for(world, ONE, number=2)
    killed_at(world, script, tmp_path, "reached")
    check_and_go_on(world, script)


def test_while_it_waits_for_its_turn(world: Target, tmp_path: Path) -> None:
    script = script_for(world, ONE, number=2)
    with locked(world, f"select pg_advisory_xact_lock({LOCK[0]}, {LOCK[1]})"):
        applier = Applier(world, script, tmp_path)
        applier.until("waiting")
        applier.kill()
        applier.wait_until_the_server_noticed()
    check_and_go_on(world, script)


def test_in_its_guard(world: Target, tmp_path: Path) -> None:
    script = script_for(world, ONE, number=2)
    with locked(world, "lock table dataio_meta.segment in share mode"):
        applier = Applier(world, script, tmp_path)
        applier.until_it_waits("SET LOCAL client_encoding%")
        applier.kill()
        applier.wait_until_the_server_noticed()
    check_and_go_on(world, script)


def test_at_its_record(world: Target, tmp_path: Path) -> None:
    script = script_for(world, ONE, number=2)
    lock = "lock table dataio_meta.migration in share mode"
    killed_in(world, script, tmp_path, lock=lock, query="INSERT INTO dataio_meta%", after="before [5/5]")
    check_and_go_on(world, script)


@pytest.mark.parametrize("patience", [0.0, 0.7, 1.3])
def test_during_commit(world: Target, tmp_path: Path, patience: float) -> None:
    script = script_for(world, [*ONE[:2], SLOW_COMMIT, *ONE[2:]], number=2)
    applier = Applier(world, script, tmp_path)
    applier.until("reached")
    applier.go_on()
    applier.until_it_waits("COMMIT%")
    time.sleep(patience)
    applier.kill()
    applier.wait_until_the_server_noticed()
    check_and_go_on(world, script, applied=None)


def test_after_commit(world: Target, tmp_path: Path) -> None:
    script = script_for(world, ONE, number=2)
    killed_at(world, script, tmp_path, "done")
    check_and_go_on(world, script, applied=True)


# ---- a script in three transactions: statements 1 and 2, 3 and 4, 5 --------------------------------------------------

_COMMITTED_BEFORE = {1: 0, 2: 0, 3: 1, 4: 1, 5: 2}


@pytest.mark.parametrize("number", range(1, 6))
def test_several_before_a_statement(world: Target, tmp_path: Path, number: int) -> None:
    script = script_for(world, SEVERAL, number=2)
    killed_at(world, script, tmp_path, f"before [{number}/5]")
    check_and_go_on(world, script, resumed=_COMMITTED_BEFORE[number])


@pytest.mark.parametrize("number", range(1, 6))
def test_several_during_a_statement(world: Target, tmp_path: Path, number: int) -> None:
    script = script_for(world, SEVERAL, number=2)
    lock = f"select pg_advisory_xact_lock({20 + number})"
    killed_in(world, script, tmp_path, lock=lock, query="DO %", after=f"before [{number}/5]")
    check_and_go_on(world, script, resumed=_COMMITTED_BEFORE[number])


@pytest.mark.parametrize("place", [1, 2, 3])
def test_several_before_each_commit(world: Target, tmp_path: Path, place: int) -> None:
    script = script_for(world, SEVERAL, number=2)
    applier = Applier(world, script, tmp_path)
    for _ in range(place - 1):
        applier.until("reached")
        applier.go_on()
    applier.until("reached")
    applier.kill()
    applier.wait_until_the_server_noticed()
    check_and_go_on(world, script, resumed=place - 1)


def test_several_after_the_last_commit(world: Target, tmp_path: Path) -> None:
    script = script_for(world, SEVERAL, number=2)
    killed_at(world, script, tmp_path, "done")
    check_and_go_on(world, script, applied=True)


def test_killed_again_and_again(world: Target, tmp_path: Path) -> None:
    """Five runs in a row are killed, each a little later; the sixth finishes what they left."""
    script = script_for(world, SEVERAL, number=2)
    for number in range(1, 6):
        killed_at(world, script, tmp_path, f"before [{number}/5]")
        assert not check_old_or_new(world, script)
    check_and_go_on(world, script, resumed=2)
