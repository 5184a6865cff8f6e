"""Dumps: one moment, under writers and schema changes; versions, tags, retention, content kinds."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from conftest import Server
from psycopg import sql
from support.dumping import databases, keys
from support.s3 import Fault, FaultyProxy, S3Server

from dataio.dumps import held as held_module
from dataio.dumps.create import Options, create
from dataio.dumps.errors import DumpError, StoreError
from dataio.dumps.fetch import fetch
from dataio.dumps.folder import FolderStore
from dataio.dumps.listing import entries, parse_wanted, read_manifest, select
from dataio.dumps.restore import Options as RestoreOptions
from dataio.dumps.restore import restore
from dataio.dumps.retention import Policy, decide
from dataio.dumps.store import Store
from dataio.dumps.stores import keep_out_of_git
from dataio.dumps.tagging import change_tags
from dataio.dumps.verify import verify
from dataio.errors import Refused, UsageError
from dataio.postgres.connection import connect
from dataio.postgres.conninfo import Target
from dataio.progress import Progress
from dataio.snapshot.take import take


def test_whom_a_dump_waits_for(filled: Target, tmp_path: Path) -> None:
    said: list[str] = []

    def on_progress(event: Progress) -> None:
        if event.stage == "wait":
            said.append(event.detail)
            other.rollback()

    with connect(filled, autocommit=False, application_name="a migration") as other:
        other.execute("lock table account in access exclusive mode")
        create(filled, FolderStore(tmp_path / "store"), on_progress=on_progress)
    assert said[0].startswith("the dump waits for pid ")
    assert "a migration" in said[0]


def test_what_is_left_of_a_failed_dump_is_said(
    filled: Target, s3: S3Server, proxy: FaultyProxy, tmp_path: Path
) -> None:
    store = s3.store(endpoint=proxy.endpoint, attempts=1)
    proxy.faults = [Fault(lambda method, path: method == "PUT" and "data.dump" in path, times=99, status=403)]
    with pytest.raises(StoreError) as caught:
        create(filled, store)
    assert "Nothing of this dump is left in the store." in caught.value.hint
    assert keys(store) == []
    proxy.faults += [Fault(lambda method, path: method == "POST" and "delete" in path, times=99, status=503)]
    with pytest.raises(StoreError) as caught:
        create(filled, store)
    assert store.address("schema_v000/") in caught.value.hint
    assert "dataio dump prune --unfinished" in caught.value.hint
    assert any(key.endswith("schema.sql") for key in keys(store))

    def interrupt(event: Progress) -> None:
        if event.stage == "count":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt) as ended:
        create(filled, FolderStore(tmp_path / "store"), on_progress=interrupt)
    assert ended.value.__notes__ == ["Nothing of this dump is left in the store."]


def test_over_tcp(pg18: Server, filled: Target, role: Callable[..., str], tmp_path: Path) -> None:
    """Where connections are kept alive, by words that PostgreSQL's programs take as an argument only."""
    name = role("login superuser", password="over-tcp-1")
    target = pg18.tcp_target.with_dbname(filled.dbname).with_user(name, "over-tcp-1")
    manifest = create(target, FolderStore(tmp_path / "store"))
    assert manifest.tools["pg_dump"].startswith("18.")
    assert restore(target, FolderStore(tmp_path / "store"), manifest, work=tmp_path).compared.rows == manifest.rows


@pytest.mark.parametrize("jobs", [0, 2])
def test_every_dump_balances(database: Callable[..., Target], tmp_path: Path, jobs: int) -> None:
    """Writers move money between two tables all the time; the sum over both is the same in every dump."""
    target, store = database(label="money"), FolderStore(tmp_path / "store")
    with connect(target) as connection:
        for table in ("a_from", "z_to"):
            connection.execute(
                sql.SQL(
                    "create table {} as select g id, 1000::bigint v, repeat('x', 300) pad "
                    "from generate_series(1, 4000) g"
                ).format(sql.Identifier(table))
            )
            connection.execute(sql.SQL("alter table {} add primary key (id)").format(sql.Identifier(table)))
    total = 2 * 4000 * 1000
    stop = threading.Event()
    moves = 0

    def move() -> None:
        nonlocal moves
        with connect(target) as writer:
            while not stop.is_set():
                with writer.transaction():
                    writer.execute("update a_from set v = v - 7 where id between 1 and 60")
                    writer.execute("update z_to set v = v + 7 where id between 1 and 60")
                moves += 1

    thread = threading.Thread(target=move)
    thread.start()
    try:
        for _ in range(3):
            manifest = create(target, store, Options(jobs=jobs, hashes=True), work=tmp_path)
            back = target.with_dbname(f"{target.dbname}_back")
            restore(back, store, manifest, RestoreOptions(keep=False, analyze=False), work=tmp_path)
            with connect(back) as connection:
                row = connection.execute("select (select sum(v) from a_from) + (select sum(v) from z_to)").fetchone()
            assert row == (total,)
    finally:
        stop.set()
        thread.join(60)
        with connect(target.with_dbname("postgres")) as connection:
            connection.execute(
                sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(f"{target.dbname}_back"))
            )
    assert moves > 10


@pytest.mark.parametrize("change", ["truncate account", "alter table account alter column id type numeric"])
def test_what_rewrites_a_table_waits(filled: Target, tmp_path: Path, change: str) -> None:
    """Between the exported snapshot and pg_dump, a TRUNCATE would leave 0 rows and exit 0: it has to wait."""
    store = FolderStore(tmp_path)
    outcome: list[str] = []

    def interfere() -> None:
        with connect(filled) as connection:
            connection.execute("set lock_timeout = '300ms'")
            try:
                connection.execute(change.encode())
                outcome.append("done")
            except psycopg.errors.LockNotAvailable:
                outcome.append("waited")

    with held_module.Held(filled, held_module.Selection()) as held:
        thread = threading.Thread(target=interfere)
        thread.start()
        thread.join(60)
        assert held.connection.execute("select count(*) from public.account").fetchone() == (500,)
    assert outcome == ["waited"]
    assert {table.name: table.rows for table in create(filled, store).tables}["account"] == 500


def test_tables_that_come_and_go(filled: Target, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A table made between the list and the snapshot, or dropped before it is locked: all starts over."""
    genuine = held_module.Held._list
    made: list[bool] = []

    def listing(self: held_module.Held) -> tuple[held_module.Relation, ...]:
        found = genuine(self)
        if not made:
            made.append(True)
            with connect(filled) as connection:
                connection.execute("create table new_one as select 1 as x; drop table nothing")
        return found

    monkeypatch.setattr(held_module.Held, "_list", listing)
    manifest = create(filled, FolderStore(tmp_path))
    assert {table.name for table in manifest.tables} == {"account", 'Odd "name" x.y', "new_one"}


def test_version_tags_and_layout(filled: Target, store: Store) -> None:
    with connect(filled) as connection:
        connection.execute(
            "create schema dataio_meta; create table dataio_meta.migration (number int primary key);"
            "insert into dataio_meta.migration values (1), (2), (3)"
        )
    manifest = create(filled, store, Options(tags={"env": "prod", "a.b": "x/y: z"}), git_commit="abc")
    assert manifest.version == 3
    assert manifest.id == f"schema_v003/{manifest.time}"
    for key in keys(store):
        assert store.tags(key) == {"schema_v003": manifest.time, "env": "prod", "a.b": "x/y: z"}
    (entry,) = entries(store, version=3)
    assert (entry.tags, entry.rows, entry.content) == ({"env": "prod", "a.b": "x/y: z"}, manifest.rows, "all")
    assert entries(store, version=4) == []
    second = create(filled, store)  # perhaps of the same second
    assert second.id != manifest.id
    assert select(entries(store), parse_wanted("3"), where="here").id == second.id
    assert select(entries(store), parse_wanted("env=prod"), where="here").id == manifest.id
    change_tags(store, entry, add={"env": "test", "long": "v" * 256}, remove=["a.b"])
    (changed,) = [found for found in entries(store) if found.id == manifest.id]
    assert changed.tags == {"env": "test", "long": "v" * 256}
    assert store.tags(f"{manifest.id}/manifest.json") == {"schema_v003": manifest.time, **changed.tags}
    verify(store, manifest)


def test_other_buckets(filled: Target, store: Store, tmp_path: Path) -> None:
    manifest = create(filled, store, Options(tags={"k": "v"}))
    into = FolderStore(tmp_path / "other")
    for _ in range(2):  # the second time there is nothing to do
        fetch(store, manifest, into)
        assert read_manifest(into, manifest.id) == manifest
        verify(into, manifest)
    assert entries(into)[0].tags == {"k": "v"}
    assert sorted(keys(into)) == sorted(keys(store))


def test_an_empty_database_is_no_backup(database: Callable[..., Target], store: Store) -> None:
    with pytest.raises(DumpError, match="no tables"):
        create(database(), store)
    assert keys(store) == []


def test_tags_are_checked_before_anything_is_stored(filled: Target, store: Store) -> None:
    for tags in ({"k": "é"}, {"k" * 129: "v"}, {"k": "v" * 257}, {"schema_v001": "x"}, {str(n): "" for n in range(10)}):
        with pytest.raises(UsageError):
            create(filled, store, Options(tags=tags))
    assert keys(store) == []


def test_schema_only_keeps_the_history(filled: Target, tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "store")
    with connect(filled) as connection:
        connection.execute("create schema dataio_meta; create table dataio_meta.migration as select 7 as number")
    manifest = create(filled, store, Options(content="schema"))
    new = filled.with_dbname(f"{filled.dbname}_schema")
    try:
        restore(new, store, manifest, work=tmp_path / "work")
        with connect(new) as connection:
            assert connection.execute("select number from dataio_meta.migration").fetchone() == (7,)
            assert connection.execute("select count(*) from account").fetchone() == (0,)
            assert connection.execute("select last_value from account_id_seq").fetchone() == (1,)
    finally:
        with connect(filled.with_dbname("postgres")) as connection:
            connection.execute(sql.SQL("drop database if exists {}").format(sql.Identifier(new.dbname)))
    assert not [name for name in databases(filled) if name.startswith(f"{filled.dbname}_")]


def test_ten_thousand_dumps(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    begin = datetime(2020, 1, 1, tzinfo=UTC)
    for number in range(10_000):
        folder = (
            tmp_path / f"schema_v{number // 1000 + 1:03d}" / f"{begin + timedelta(hours=6 * number):%Y-%m-%dT%H:%M:%S}"
        )
        folder.mkdir(parents=True)
        (folder / "manifest.json").touch()
    begun = time.process_time()  # of a busy machine the clock tells nothing
    found = entries(store)
    decision = decide(found, Policy(last=3, daily=7, weekly=4, monthly=6))
    seconds = time.process_time() - begun
    assert len(found) == 10_000
    assert len(decision.keep) + len(decision.remove) == 10_000
    newest = {entry.version: entry.id for entry in found}
    assert set(newest.values()) <= {entry.id for entry, _ in decision.keep}
    assert seconds < 10


def test_git_never_gets_a_dump(tmp_path: Path) -> None:
    import subprocess

    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    keep_out_of_git(tmp_path / ".dataio" / "dumps", root=tmp_path)
    with pytest.raises(Refused, match="git would track"):
        keep_out_of_git(tmp_path / "dumps", root=tmp_path)
    (tmp_path / ".gitignore").write_text("/dumps/\n")
    keep_out_of_git(tmp_path / "dumps", root=tmp_path)
    keep_out_of_git(tmp_path.parent, root=tmp_path)


def test_whoever_waits_between_our_locks_goes_first(
    filled: Target, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A TRUNCATE that comes after our lock and before pg_dump's waits for us, and pg_dump for it: no server sees that
    circle. The moment is let go of, the TRUNCATE gets its turn, and the dump is one of what is there then.
    """
    monkeypatch.setattr("dataio.dumps.create._QUEUED_MS", 500)
    genuine, waiting = held_module.Held._hold, list[threading.Thread]()

    def truncate() -> None:
        with connect(filled) as connection:
            connection.execute("truncate nothing, account cascade")

    def hold(self: held_module.Held) -> None:
        genuine(self)
        if not waiting:
            waiting.append(threading.Thread(target=truncate, daemon=True))
            waiting[0].start()
            with connect(filled) as connection:
                for _ in range(200):
                    row = connection.execute("select count(*) from pg_locks where not granted").fetchone()
                    if row != (0,):
                        return
                    time.sleep(0.02)
            raise AssertionError("nobody waits")

    monkeypatch.setattr(held_module.Held, "_hold", hold)
    store = FolderStore(tmp_path)
    manifest = create(filled, store)
    waiting[0].join(10)
    assert not waiting[0].is_alive()
    assert {table.name: table.rows for table in manifest.tables}["account"] == 0
    assert [entry.id for entry in entries(store)] == [manifest.id]


@pytest.mark.parametrize("jobs", [0, 2])
def test_the_fingerprint_is_of_the_same_moment(filled: Target, tmp_path: Path, jobs: int) -> None:
    """A function that is made after the snapshot is neither in the schema nor in the fingerprint."""
    with connect(filled) as connection:
        before = take(connection).fingerprint

    def late(connection: psycopg.Connection[object]) -> str:
        with connect(filled) as another:
            another.execute("create function later() returns int language sql as 'select 1'")
        return take(connection).fingerprint

    store = FolderStore(tmp_path / "store")
    manifest = create(filled, store, Options(jobs=jobs), fingerprint=late, work=tmp_path)
    assert manifest.fingerprint == before
    assert b"later" not in store.read(f"{manifest.id}/schema.sql")
    with connect(filled) as connection:
        assert take(connection).fingerprint != before


@pytest.mark.parametrize("jobs", [0, 2])
def test_what_counting_fails_of_fails_the_dump(filled: Target, tmp_path: Path, jobs: int) -> None:
    def fail(_: object) -> str:
        raise DumpError("the catalogue cannot be read")

    store = FolderStore(tmp_path / "store")
    with pytest.raises(DumpError, match="the catalogue cannot be read"):
        create(filled, store, Options(jobs=jobs), fingerprint=fail, work=tmp_path)
    assert keys(store) == []
