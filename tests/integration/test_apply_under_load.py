"""Apply among others: old transactions, locks, poolers, standbys that are gone, servers that are restarted."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from support.online import LIMITS, Work, indexes, online_work
from support.planning import execute, planning

from dataio.errors import DataioError, MigrationError, Refused
from dataio.migrations.executor import Limits, apply_script
from dataio.migrations.history import stand_at
from dataio.migrations.way import clear
from dataio.plan.render.sql import render
from dataio.plan.script import Script, parse
from dataio.postgres import server
from dataio.postgres.account import service_account
from dataio.postgres.binaries import embedded
from dataio.postgres.connection import connect, pooled
from dataio.postgres.conninfo import Target

Database = Callable[..., Target]

T = "create table t (id integer primary key, n integer);"
BOUNCER = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin")


@pytest.fixture
def plain(database: Database, tmp_path: Path) -> tuple[Target, Script]:
    """A target, and a script that needs ACCESS EXCLUSIVE on its table."""
    work = planning(database, tmp_path, T)
    plan = work.plan(T.replace("n integer", "n integer default 5"), number=1, name="x")
    return work.target, parse(render(plan), source="001_x.sql")


def test_an_old_transaction_is_not_queued_behind(plain: tuple[Target, Script]) -> None:
    target, script = plain
    with connect(target, autocommit=False, application_name="a report") as reader:
        reader.execute("select from t")
        with pytest.raises(Refused, match="would wait behind old transactions") as caught:
            clear(target, script, old=0.0)
        assert caught.value.exit_code == 3
        assert "a report" in caught.value.detail
        assert "idle in transaction" in caught.value.detail
        clear(target, script, old=60.0)  # not old enough to matter
        waits: list[str] = []
        threading.Timer(0.8, reader.rollback).start()
        clear(target, script, old=0.0, wait=20, on_progress=lambda event: waits.append(event.detail))
    assert "a report" in waits[0]


def test_readers_do_not_stand_in_the_way_of_what_lets_them_read(database: Database, tmp_path: Path) -> None:
    work = planning(database, tmp_path, T)
    plan = work.plan(T + "create index on t (n);", number=1, name="x")
    script = parse(render(plan))
    with connect(work.target, autocommit=False) as other:
        other.execute("select from t")
        clear(work.target, script, old=0.0)
        other.execute("delete from t")
        with pytest.raises(Refused):
            clear(work.target, script, old=0.0)


def test_a_lock_timeout_gives_way_says_who_and_tries_again(plain: tuple[Target, Script]) -> None:
    target, script = plain
    waits: list[str] = []
    limits = Limits(lock=0.6, attempts=8, pause=0.05, longest_pause=0.1)
    with connect(target, autocommit=False, application_name="holder") as holder:
        holder.execute("select from t")
        threading.Timer(1.5, holder.rollback).start()
        done = apply_script(target, script, limits=limits, on_progress=lambda event: waits.append(event.detail))
    assert done.attempts > 1
    assert [one for one in waits if "waits for pid" in one and "holder" in one and "select from t" in one]


def test_a_commit_that_would_wait_for_ever_is_not_begun(tmp_path: Path) -> None:
    with server.temporary(embedded(18), settings={"fsync": "off"}) as cluster:
        target = cluster.target()
        execute(target, T)
        work = planning(lambda: target, tmp_path, "select 1")
        plan = work.plan(T.replace("n integer", "n bigint"), number=1, name="x")
        execute(target, "alter system set synchronous_standby_names = 'gone'")
        execute(target, "select pg_reload_conf()")
        time.sleep(0.3)
        with pytest.raises(MigrationError, match="COMMIT would wait forever"):
            clear(target, parse(render(plan)), old=None)


def test_idle_in_transaction_timeouts_do_not_end_an_online_plan(database: Database, tmp_path: Path) -> None:
    work = _index_work(database, tmp_path)
    execute(work.target, f"alter database {work.target.dbname} set idle_in_transaction_session_timeout = '150ms'")
    with connect(work.target, autocommit=False) as writer:
        writer.execute("set local idle_in_transaction_session_timeout = 0")
        writer.execute("update t set n = n where id = 1")
        threading.Timer(0.8, writer.rollback).start()
        work.apply()
    assert indexes(work.target)["t_n"][1]


def test_a_restart_of_the_server_is_survived(tmp_path: Path) -> None:
    """The server goes down hard while an index is built; what it left is cleaned, and the plan goes on."""
    with server.temporary(embedded(18)) as cluster:
        target = cluster.target("restarted")
        execute(cluster.target(), "create database restarted")
        work = _index_work(lambda: target, tmp_path)
        with contextlib.suppress(psycopg.OperationalError), connect(target, autocommit=False) as writer:
            writer.execute("update t set n = n where id = 1")
            failed: list[DataioError] = []
            run = threading.Thread(target=_failing, args=(work, failed))
            run.start()
            until = time.monotonic() + 20
            while "t_n" not in indexes(target) and time.monotonic() < until:
                time.sleep(0.05)
            cluster.stop()
            run.join()
            cluster.start()
        assert "lost" in failed[0].message
        work.apply()
        assert indexes(target)["t_n"][1]


def _failing(work: Work, failed: list[DataioError]) -> None:
    try:
        work.apply()
    except DataioError as error:
        failed.append(error)


def _index_work(database: Callable[..., Target], folder: Path) -> Work:
    rows = "insert into t select i, i from generate_series(1, 100) i;"
    return online_work(database, folder, old=T, new=T + "create index t_n on t (n);", rows=rows)


# ---- pgbouncer -------------------------------------------------------------------------------------------------------


@contextmanager
def bouncer(target: Target, folder: Path) -> Iterator[Target]:
    """pgbouncer in transaction mode before a server, with two sessions there."""
    assert BOUNCER is not None
    account = service_account() if os.geteuid() == 0 else None
    run = folder
    (run / "users.txt").write_text(f'"{target.user}" ""\n')
    (run / "pgbouncer.ini").write_text(
        f"[databases]\n* = host={target.host} port={target.port}\n[pgbouncer]\nlisten_addr =\nunix_socket_dir = {run}\n"
        f"listen_port = 6432\nauth_type = trust\nauth_file = {run}/users.txt\npool_mode = transaction\n"
        f"default_pool_size = 2\nlogfile =\npidfile =\nignore_startup_parameters = extra_float_digits\n"
    )
    run.chmod(0o777)
    command = [BOUNCER, "-q", str(run / "pgbouncer.ini")]
    user = {"user": account.uid, "group": account.gid, "extra_groups": []} if account else {}
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **user)  # type: ignore[call-overload]
    try:
        until = time.monotonic() + 10
        while not (run / ".s.PGSQL.6432").exists():
            assert process.poll() is None, "pgbouncer did not start"
            assert time.monotonic() < until
            time.sleep(0.05)
        yield Target({**target.conninfo, "host": str(run), "port": "6432"})
    finally:
        process.terminate()
        process.wait(10)


def _at_one(copy: Target) -> None:
    with connect(copy) as connection:
        stand_at(connection, 1)


@pytest.mark.skipif(BOUNCER is None, reason="no pgbouncer on this machine")
def test_behind_pgbouncer(database: Database, tmp_path: Path) -> None:
    target = database()
    execute(target, T)
    work = planning(lambda: target, tmp_path, "select 1")
    new = T.replace("n integer", "n integer default 5")
    with tempfile.TemporaryDirectory(prefix="dio") as run, bouncer(target, Path(run)) as through:
        with connect(through) as connection, connect(target) as direct:
            assert pooled(connection)
            assert not pooled(direct)
        # what reads leaves nothing behind that others would meet on the same session
        with connect(through, read_only=True) as reader:
            reader.execute("select from t")
        with connect(through) as writer:
            writer.execute("insert into t values (1, 1)")
        plan = planning(lambda: through, tmp_path, "select 1").plan(new, number=1, name="x")
        assert plan.proof is not None
        assert apply_script(through, parse(render(plan)), limits=LIMITS).statements == 1
        online = work.plan(new + "create index t_n on t (n);", number=2, name="y", online=True, prepare=_at_one)
        with pytest.raises(MigrationError, match="a pooler stands between") as caught:
            apply_script(through, parse(render(online)), limits=LIMITS)
        assert "Nothing was begun." in caught.value.hint
        assert execute(target, "select count(*) from dataio_meta.segment") == [(0,)]
    assert "t_n" not in indexes(target)
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(through.dsn())
