"""Online plans are resumed from wherever they were killed: to the end, nothing built twice, nothing invalid left."""

from __future__ import annotations

import itertools
import os
import random
import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from support.migrations import Cutter
from support.online import LIMITS, Work, again, drop, indexes, online_work
from support.planning import execute

from dataio.errors import DataioError, Drifted
from dataio.migrations.history import read
from dataio.postgres.connection import connect
from dataio.postgres.conninfo import Target
from dataio.progress import Progress

Database = Callable[..., Target]

KILLS = 60
PATIENT = replace(LIMITS, reconnect=20.0)


def whole(work: Work) -> None:
    """It arrived: by the history, by the facts, and no index is invalid or left over."""
    with connect(work.target) as connection:
        past = read(connection)
    assert (past.version, past.segments) == (1, ())
    assert work.replan(work.target).empty
    found = indexes(work.target)
    assert all(valid for _, valid in found.values())
    assert not [name for name in found if "dataio" in name]


def progress(work: Work) -> int:
    """How many phases are recorded."""
    with connect(work.target) as connection:
        return len(read(connection).segments)


def exit_code(pid: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def built(work: Work, known: dict[str, int]) -> None:
    """What was valid once is never built again."""
    for name, (oid, valid) in indexes(work.target).items():
        if valid and name != "t_k":  # which is replaced by what was built as t_k_dataio_new
            assert known.setdefault(name, oid) == oid, f"{name} was rebuilt"


def test_runs_to_the_end_and_again_does_nothing(database: Database, tmp_path: Path) -> None:
    work = online_work(database, tmp_path)
    done = work.apply()
    assert done.statements == len(work.plan.statements)
    assert done.verified
    whole(work)
    assert work.apply().already


@pytest.fixture
def rounds(database: Database, tmp_path: Path) -> Iterator[Iterator[Work]]:
    """The same plan for one fresh database after the other: it is planned and proven once."""
    first = online_work(database, tmp_path)
    made: list[Work] = []

    def fresh() -> Iterator[Work]:
        for number in itertools.count():
            made.append(again(first, f"{first.target.dbname}_{number}"))
            yield made[-1]

    yield fresh()
    for work in made:
        drop(work)


def test_killed_between_and_inside_all_phases(rounds: Iterator[Work]) -> None:
    """SIGKILL of the process that applies: at the first, second, third … thing that it says, and in between."""
    kills = 0
    for work in rounds:
        known: dict[str, int] = {}
        die_at, done = 1, 0
        while (code := exit_code(work.fork(die_at))) != 0:
            assert code == -signal.SIGKILL
            kills += 1
            built(work, known)
            now = progress(work)
            die_at, done = (1, now) if now > done else (die_at + 1, done)
        whole(work)
        if kills >= KILLS:
            break


def test_connections_lost_between_and_inside_the_phases(rounds: Iterator[Work]) -> None:
    """The network goes: all connections are cut after the first, second, third … message of a run."""
    cuts = 0
    for work in rounds:
        known: dict[str, int] = {}
        step = 1
        with Cutter(work.target) as cutter:
            for attempt in itertools.count(1):
                cutter.after(step)
                try:
                    work.apply(cutter.target, limits=PATIENT)
                    break
                except DataioError:
                    built(work, known)
                    step += 1 + attempt // 4  # at last beyond the end of what is left to be done
            cuts += cutter.cuts
        whole(work)
        if cuts >= KILLS:
            break


def test_sessions_ended_inside_the_phases(rounds: Iterator[Work]) -> None:
    """All sessions of apply are ended by the server, at random moments while it runs."""
    work = next(rounds)
    chance = random.Random(5)
    known: dict[str, int] = {}
    cuts = 0
    for attempt in range(200):
        stop = threading.Timer(chance.uniform(0.02, 0.1 + attempt / 100), _cut, [work.target])
        stop.start()
        try:
            work.apply()
            break
        except DataioError:
            cuts += 1
            built(work, known)
        finally:
            stop.cancel()
            stop.join()
    whole(work)
    assert cuts


def _cut(target: Target) -> None:
    execute(
        target,
        "select pg_terminate_backend(pid) from pg_stat_activity"
        " where application_name like 'dataio apply%' and datname = current_database()",
    )


def test_killed_inside_a_concurrent_build(database: Database, tmp_path: Path) -> None:
    """A writer keeps the build waiting, so that an invalid index is there when apply is killed."""
    new = "create table t (id integer primary key, n integer); create index t_n on t (n);"
    work = online_work(
        database, tmp_path, old=new.split("create index", maxsplit=1)[0], new=new,
        rows="insert into t select i, i from generate_series(1, 100) i;",
    )  # fmt: skip
    for _ in range(3):
        with connect(work.target, autocommit=False) as writer:
            writer.execute("update t set n = n where id = 1")
            pid = work.fork()
            _until(lambda: "t_n" in indexes(work.target))
            assert indexes(work.target)["t_n"][1] is False
            os.kill(pid, signal.SIGKILL)
            assert exit_code(pid) == -signal.SIGKILL
            _cut(work.target)  # or the server would go on until it notices, and perhaps finish
            writer.rollback()
    work.apply()
    whole(work)


def test_the_next_run_waits_for_a_build_that_the_server_still_does(database: Database, tmp_path: Path) -> None:
    """The server has not noticed yet that its client was killed: what it builds is taken over, not built twice."""
    new = "create table t (id integer primary key, n integer); create index t_n on t (n);"
    work = online_work(
        database, tmp_path, old=new.split("create index", maxsplit=1)[0], new=new,
        rows="insert into t select i, i from generate_series(1, 100) i;",
    )  # fmt: skip
    assert exit_code(work.fork(2)) == -signal.SIGKILL  # the history is begun
    events: list[str] = []

    def heard(event: Progress) -> None:
        events.append(event.stage)

    with (
        connect(work.target, autocommit=False) as writer,
        connect(work.target, application_name="dataio apply 001 alone") as older,
    ):
        writer.execute("update t set n = n where id = 1")
        build = threading.Thread(target=lambda: older.execute("create index concurrently t_n on t (n)"))
        build.start()
        _until(lambda: "t_n" in indexes(work.target))
        oid = indexes(work.target)["t_n"][0]
        threading.Timer(0.5, writer.rollback).start()
        work.apply(on_progress=heard)
        build.join()
    assert {"wait", "resume"} <= set(events)
    assert indexes(work.target)["t_n"] == (oid, True)
    whole(work)


def test_a_database_that_changed_between_two_phases_stops_it(database: Database, tmp_path: Path) -> None:
    work = online_work(database, tmp_path)
    assert exit_code(work.fork(6)) == -signal.SIGKILL
    with connect(work.target) as connection:
        assert read(connection).segments
    execute(work.target, "alter table p add column surprise integer")
    with pytest.raises(Drifted, match="not what the script expects"):
        work.apply()
    execute(work.target, "alter table p drop column surprise")
    work.apply()
    whole(work)


def test_rows_that_violate_leave_the_phases_before_and_can_be_mended(database: Database, tmp_path: Path) -> None:
    work = online_work(database, tmp_path)
    execute(work.target, "insert into t values (5000, 1, 1, 1)")
    with pytest.raises(DataioError, match="could not create unique index"):
        work.apply()
    execute(work.target, "delete from t where id = 5000")
    work.apply()
    whole(work)


def _until(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.02)


def test_psql_runs_an_online_script_too(database: Database, tmp_path: Path) -> None:
    from dataio.planner.proof import run_script

    work = online_work(database, tmp_path)
    assert run_script(work.script.text, work.target) == ""
    whole(work)
    with pytest.raises(psycopg.errors.RaiseException), connect(work.target) as connection:
        connection.execute(work.script.segments[0][1].sql.encode())
