"""kill -9, at points by chance and at every stage: never a dump that looks whole and is not, never a changed target."""

from __future__ import annotations

import os
import random
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path

import pytest
from psycopg import sql
from support.dumping import content_of, databases, keys, one_run

from dataio.dumps import retention, swap
from dataio.dumps.create import Options, create
from dataio.dumps.errors import Damaged, DumpError
from dataio.dumps.folder import FolderStore
from dataio.dumps.listing import entries, read_manifest
from dataio.dumps.restore import Options as RestoreOptions
from dataio.dumps.restore import restore
from dataio.dumps.resume import resume, unfinished
from dataio.dumps.store import Store
from dataio.dumps.verify import verify
from dataio.postgres.connection import connect
from dataio.postgres.conninfo import Target

SERVER = get_context("forkserver")  # a run costs no start of Python: the imports are there already
SERVER.set_forkserver_preload(["dataio.dumps.create", "dataio.dumps.restore", "dataio.dumps.s3", "support.dumping"])


def run(what: str, target: Target, store: Store, work: Path, *, after: float | None = None, stop_at: str = "",
        jobs: int = 0, dump: str = "") -> bool:  # fmt: skip
    """One run, killed ``after`` seconds of work or at a stage; whether it came to its end before that."""
    endpoint = getattr(getattr(store, "options", None), "endpoint", "") or ""
    work.mkdir(exist_ok=True)
    said = work.parent / "said"
    said.unlink(missing_ok=True)
    arguments = (what, target.dsn(), store.location, endpoint, str(work), jobs, stop_at, dump, str(said))
    process = SERVER.Process(target=one_run, args=arguments, daemon=True)
    process.start()
    try:
        for _ in range(6000):
            if said.exists() or process.exitcode is not None:
                break
            time.sleep(0.01)
        if after is not None:
            time.sleep(after)
            process.kill()
        process.join(120)
        assert process.exitcode is not None, f"a {what} to be killed at {stop_at or after} goes on and on"
    finally:
        if process.exitcode is None:
            process.kill()
            process.join(10)
    assert process.exitcode in (0, -signal.SIGKILL), said.read_text()
    return process.exitcode == 0


@pytest.fixture
def target(database: Callable[..., Target]) -> Iterator[Target]:
    target = database(label="killed")
    with connect(target) as connection:
        connection.execute("create table t as select g id, md5(g::text) v from generate_series(1, 60000) g")
        connection.execute("alter table t add primary key (id)")
        connection.execute("create table u as select g id, repeat(md5(g::text), 9) v from generate_series(1, 20000) g")
        connection.execute("create table w (id int references t (id)); insert into w select generate_series(1, 100)")
    yield target
    with connect(target.with_dbname("postgres")) as connection:
        wait_until_alone(target)
        for name in databases(target):
            if name.startswith(target.dbname + "_"):
                connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))


def wait_until_alone(target: Target) -> None:
    """The programs of a killed run end on their own."""
    for _ in range(200):
        with connect(target.with_dbname("postgres")) as connection:
            row = connection.execute(
                "select count(*) from pg_stat_activity where application_name like 'dataio-%%' and datname like %s",
                [target.dbname + "%"],
            ).fetchone()
            if row == (0,):
                return
        time.sleep(0.05)
    raise AssertionError("the programs of a killed run go on")


STAGES = ("lock", "schema", "dump", "count", "done")


def kills(store: Store) -> int:
    """For each layout, of dumps and of restores: 40 in all. TEST_KILLS asks for more."""
    return int(os.environ.get("TEST_KILLS", "6" if isinstance(store, FolderStore) else "4"))


@pytest.mark.parametrize("jobs", [0, 2])
def test_killed_dumps(store: Store, target: Target, tmp_path: Path, jobs: int) -> None:
    """Both stores, both layouts."""
    chance = random.Random(f"{jobs}{type(store).__name__}")
    before = content_of(target)
    begun = time.monotonic()
    assert run("create", target, store, tmp_path / "work", jobs=jobs)
    whole = time.monotonic() - begun
    finished, killed = 1, 0
    while killed < kills(store):
        number = killed
        stop_at = STAGES[number] if number < len(STAGES) - 1 else ""
        after = None if stop_at else chance.uniform(0.0, whole * 0.8)
        ended = run("create", target, store, tmp_path / "work", after=after, stop_at=stop_at, jobs=jobs)
        assert not (ended and stop_at), f"a dump never says that it is at {stop_at!r}"
        finished += ended
        killed += not ended
        if ended:
            whole *= 0.8
        found = entries(store)
        complete = [entry for entry in found if entry.complete]
        assert finished <= len(complete) <= finished + killed  # one may be whole although its maker died just after
        for entry in complete:
            verify(store, read_manifest(store, entry.id))
    assert content_of(target) == before
    complete_ids = {entry.id for entry in entries(store) if entry.complete}
    later = datetime.now(UTC) + timedelta(days=1)
    for entry in retention.decide(entries(store), None, unfinished_before=later).unfinished:
        retention.remove(store, entry)
    store.abandon("", before=later)
    assert {entry.id for entry in entries(store)} == complete_ids
    assert all("/".join(key.split("/")[:2]) in complete_ids for key in keys(store))
    assert list((tmp_path / "work-passing").iterdir()) == []


def test_killed_dumps_are_finished(store: Store, target: Target, tmp_path: Path) -> None:
    """By the next process, once their pg_dump had ended: nothing that is stored is sent again, and it is whole."""
    work, other = tmp_path / "work", target.with_dbname(f"{target.dbname}_other")
    with connect(target) as connection:
        connection.execute("select lo_from_bytea(0, '\\x00ff00'::bytea)")
        for number in range(4):
            connection.execute(sql.SQL("create table {} as select 1 as x").format(sql.Identifier(f"s{number}")))
    dumped = content_of(target)
    before = ["lock", "schema", "dump", "count"][0 if isinstance(store, FolderStore) else 3 :]
    points = ["store", *(f"journal {side} {number}" for number in (5, 8) for side in ("before", "after"))]
    resumed = 0
    for point in (*before, *points):
        assert not run("create", target, store, work, jobs=2, stop_at=point)
        wait_until_alone(target)
        there = {key: store.look(key).modified for key in keys(store)}
        assert resume(store, work, database="another") is None
        manifest = resume(store, work, database=target.describe())
        if point in before:
            assert manifest is None
        elif point == "store" or point.endswith("8"):  # all eight are stored: pg_dump has ended before that
            assert manifest is not None
        assert list(work.iterdir()) == []
        if manifest is None:
            continue
        resumed += 1
        verify(store, read_manifest(store, manifest.id))
        sent = [s.name for s in manifest.objects if there.get(f"{manifest.id}/{s.name}") is None]
        known = [s.name for s in manifest.objects if f"{manifest.id}/{s.name}" in there]
        assert {"schema.sql", "globals.sql"} <= set(known)
        if point == "journal after 8":
            assert sent == []
    assert resumed >= 3
    last = read_manifest(store, [entry.id for entry in entries(store) if entry.complete][-1])
    restore(other, store, last, RestoreOptions(analyze=False), work=work)
    assert content_of(other) == dumped


def test_what_cannot_be_finished(store: Store, target: Target, tmp_path: Path) -> None:
    """A file that was changed, an object that is gone, a place that was pruned: no dump comes of them."""
    work = tmp_path / "work"

    def killed() -> tuple[Path, str]:
        assert not run("create", target, store, work, jobs=2, stop_at="store")
        wait_until_alone(target)
        (place,) = work.iterdir()
        (left,) = unfinished(store, work, database=target.describe())
        return place, left.id

    place, dump = killed()
    with (place / "data" / "toc.dat").open("ab") as file:
        file.write(b"more")
    with pytest.raises(DumpError, match=r"toc.dat had .* bytes when pg_dump ended"):
        resume(store, work, database=target.describe())
    shutil.rmtree(place)
    place, dump = killed()
    store.delete([key for key in keys(store) if key.startswith(dump) and key.endswith("globals.sql")])
    with pytest.raises(Damaged, match="when it was stored, and has 0"):
        resume(store, work, database=target.describe())
    shutil.rmtree(place)
    place, dump = killed()
    retention.remove_by_id(store, dump)
    assert resume(store, work, database=target.describe()) is None
    assert list(work.iterdir()) == []
    assert not [entry for entry in entries(store) if entry.complete]


@pytest.mark.parametrize("jobs", [0, 2])
def test_killed_restores(store: Store, target: Target, tmp_path: Path, jobs: int) -> None:
    """Both stores, both layouts."""
    chance = random.Random(f"{jobs}{type(store).__name__}")
    manifest = create(target, store, Options(jobs=jobs), work=tmp_path / "work")
    dumped = content_of(target)
    with connect(target) as connection:
        connection.execute("update u set v = 'changed' where id < 100; delete from w")
    changed = content_of(target)
    stages = ("fetch", "restore", "verify", "analyze", "swap")
    killed, whole = 0, 2.5
    while killed < kills(store):
        stop_at = stages[killed] if killed < len(stages) else ""
        after = None if stop_at else chance.uniform(0.0, whole)
        ended = run("restore", target, store, tmp_path / "work", after=after, stop_at=stop_at, dump=manifest.id)
        wait_until_alone(target)
        now = content_of(target)
        assert now in (dumped, changed)
        if stop_at:
            assert not ended
            assert now == changed
        if ended:
            assert now == dumped
            whole *= 0.8
        if now == dumped:
            with connect(target) as connection:
                connection.execute("update u set v = 'changed' where id < 100; delete from w")
            assert content_of(target) == changed
        killed += not ended
        with connect(target.with_dbname("postgres")) as connection:
            for left in swap.leftovers(connection):
                if left.name.startswith(target.dbname):
                    swap.drop(connection, left.name)
    assert run("restore", target, store, tmp_path / "work", dump=manifest.id)
    assert content_of(target) == dumped
    strays = {name for name in databases(target) if "_restoring_" in name and name.startswith(target.dbname)}
    assert strays == set()
    assert list((tmp_path / "work-passing").iterdir()) == []


@pytest.mark.parametrize("jobs", [0, 2])
def test_a_pg_dump_that_dies(
    store: Store, target: Target, tmp_path: Path, jobs: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The pipe just ends; only the exit status tells. Nothing stays in the store."""
    from dataio.dumps import create as module
    from dataio.dumps.tool import Tool
    from dataio.errors import DataioError

    class Dying(Tool):
        def __init__(self, *arguments: object, **keywords: object) -> None:
            super().__init__(*arguments, **keywords)  # type: ignore[arg-type]
            time.sleep(0 if jobs else 0.3)  # a directory of a small database is whole within that time
            os.kill(self.process.pid, signal.SIGKILL)

    monkeypatch.setattr(module, "Tool", Dying)
    monkeypatch.setattr("dataio.dumps.directory.Tool", Dying)
    with pytest.raises(DataioError, match=r"SIGKILL|failed"):
        create(target, store, Options(jobs=jobs), work=tmp_path)
    assert keys(store) == []
    assert store.abandon("", before=datetime.now(UTC) + timedelta(days=1)) == 0
