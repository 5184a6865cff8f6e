"""Scratch databases: where, how quickly, and that nothing else is ever touched."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from conftest import Server

from dataio.errors import ConnectionFailed, DataioError, ScratchUnavailable, SourceError
from dataio.postgres import build, dump
from dataio.postgres.binaries import Binaries
from dataio.postgres.connection import connect
from dataio.postgres.conninfo import Target
from dataio.postgres.scratch import Scratch, ScratchDatabase, provider_for
from dataio.postgres.server import ServerError
from dataio.postgres.source import extensions_made

Database = Callable[..., Target]
Role = Callable[..., str]


def databases(server: Server, prefix: str = "dataio_scratch_") -> set[str]:
    rows = server.execute("select datname::text from pg_database")
    return {name for (name,) in rows if name.startswith(prefix)}


def on(server: Server) -> Scratch:
    return Scratch(server.target, origin="the test server")


def test_create_clone_drop(pg18: Server) -> None:
    with on(pg18) as scratch:
        one = scratch.create("Label: of a kind!")
        assert one.name.endswith("_1_label_of_a_kind")
        with connect(one.target) as connection:
            connection.execute("create table t as select 42 as a")
        two = scratch.clone(one, "two")
        with connect(two.target) as connection:
            assert connection.execute("select a from t").fetchone() == (42,)
            scratch.drop(two)  # connected or not
        assert databases(pg18) >= {one.name}
        assert two.name not in databases(pg18)
    assert one.name not in databases(pg18)


def test_quick(pg18: Server) -> None:
    with Scratch(pg18.target, origin="ours", ours=True) as scratch:
        scratch.create("warm")
        started = time.monotonic()
        for _ in range(5):
            scratch.clone(scratch.create("a"), "b")
        assert (time.monotonic() - started) / 10 < 2  # about 0.03 s on a quiet machine; this one may be anything but


def test_nothing_else_is_ever_dropped(pg18: Server, database: Database) -> None:
    precious = database()
    with on(pg18) as scratch, pytest.raises(DataioError, match="not a scratch database"):
        scratch.drop(ScratchDatabase(precious, precious.dbname, 18))
    assert precious.dbname in databases(pg18, "t_")


def test_leftovers_of_the_dead_are_swept_those_of_the_living_are_not(pg18: Server) -> None:
    code = f"""
import os, sys, time
from dataio.postgres.conninfo import parse_target
from dataio.postgres.scratch import Scratch
scratch = Scratch(parse_target({pg18.target.url(None)!r}), origin="x")
print(scratch.create("other").name, flush=True)
time.sleep(60)
"""
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        name = other.stdout.readline().strip()
        with on(pg18) as scratch:
            assert name not in scratch.sweep()
        assert name in databases(pg18)
        os.kill(other.pid, signal.SIGKILL)
        other.wait()
    deadline = time.monotonic() + 10
    while name in databases(pg18) and time.monotonic() < deadline:
        with on(pg18):  # the server needs a moment to notice that its client is gone
            pass
    assert name not in databases(pg18)


def test_untrusted_roles_go_with_their_databases(pg18: Server, tmp_path: Path) -> None:
    path = tmp_path / "a.sql"
    path.write_text("create table a ();")
    with on(pg18) as scratch:
        db, report = build.load_into(scratch, [path], untrusted=True)
        role = report.target.user
        clone = scratch.clone(db, "clone")
        with connect(clone.target.with_user(role, None)) as connection:
            connection.execute("drop table a")
        assert pg18.execute(f"select 1 from pg_roles where rolname = '{role}'")
    assert not pg18.execute(f"select 1 from pg_roles where rolname = '{role}'")


def test_cached_templates_outlive_a_run_on_our_servers_only(pg18: Server) -> None:
    built: list[str] = []

    def make(db: ScratchDatabase) -> None:
        built.append(db.name)
        with connect(db.target) as connection:
            connection.execute("create table t ()")

    key = f"key {time.time()}"
    for _ in range(2):
        with Scratch(pg18.target, origin="ours", ours=True) as scratch:
            db = scratch.cached(key, make, "cached")
            assert scratch.cached(key, make, "cached") is db
            with connect(db.target) as connection, pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
                connection.execute("drop table t")
            with connect(scratch.clone(db, "clone").target) as connection:
                connection.execute("drop table t")
    assert len(built) == 1
    with on(pg18) as scratch:
        scratch.cached(key, make, "cached")
        scratch.cached(key, make, "cached")
    assert len(built) == 2
    assert built[1] not in databases(pg18)


def test_a_cached_template_is_its_makers(pg18: Server, role: Role) -> None:
    """Another role may not even note that it uses one: it makes its own."""
    key, made = f"key {time.time()}", []
    other = pg18.tcp_target.with_user(role("login createdb", password="just-enough-3"), "just-enough-3")
    for target in (pg18.target, other, pg18.target):
        with Scratch(target, origin="ours", ours=True) as scratch:
            made.append(scratch.cached(key, lambda _: None, "cached").name)
    assert made[0] == made[2] != made[1]


def test_cached_templates_are_bounded(pg18: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dataio.postgres.scratch_server.CACHED_TEMPLATES", 2)
    made = []
    for number in range(4):
        with Scratch(pg18.target, origin="ours", ours=True) as scratch:
            made.append(scratch.cached(f"{number} {time.time()}", lambda _: None, "c").name)
    # Other tests use this server, too, and keep what they hold.
    assert not databases(pg18, "dataio_cache_") & set(made[:2])
    assert made[3] in databases(pg18, "dataio_cache_")


def test_a_cached_template_in_use_is_kept(pg18: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also from a run that works through another database of the server."""
    pg18.execute("create database elsewhere")
    try:
        with Scratch(pg18.target, origin="ours", ours=True) as scratch:
            used = scratch.cached(f"used {time.time()}", lambda _: None, "c").name
            monkeypatch.setattr("dataio.postgres.scratch_server.CACHED_TEMPLATES", 0)
            with Scratch(pg18.cluster.target("elsewhere"), origin="ours", ours=True) as other:
                other.cached(f"other {time.time()}", lambda _: None, "c")
                assert used in databases(pg18, "dataio_cache_")
        with Scratch(pg18.cluster.target("elsewhere"), origin="ours", ours=True) as other:
            other.cached(f"more {time.time()}", lambda _: None, "c")
            assert used not in databases(pg18, "dataio_cache_")
    finally:
        pg18.execute("drop database elsewhere with (force)")


def test_a_failed_build_leaves_nothing(pg18: Server) -> None:
    def fail(db: ScratchDatabase) -> None:
        raise RuntimeError(db.name)

    with Scratch(pg18.target, origin="ours", ours=True) as scratch, pytest.raises(RuntimeError) as failed:
        scratch.cached("fails", fail, "c")
    assert str(failed.value) not in databases(pg18, "dataio_")
    with Scratch(pg18.target, origin="ours", ours=True) as scratch, pytest.raises(RuntimeError):
        scratch.cached("fails", fail, "c")  # and nothing was kept under its name


def test_the_targets_encoding_and_locale(pg18: Server, pg15: Server) -> None:
    pg15.execute("create database latin template template0 encoding 'LATIN1' lc_collate 'C' lc_ctype 'C'")
    pg15.execute("create database icu template template0 encoding 'UTF8' locale_provider icu icu_locale 'de'")
    question = "select pg_encoding_to_char(encoding), datlocprovider::text from pg_database where datname = %s"
    try:
        for dbname, expected in (("latin", ("LATIN1", "c")), ("icu", ("UTF8", "i"))):
            with provider_for(pg15.cluster.target(dbname)) as scratch:
                assert scratch.own_server
                db = scratch.create("same")
                with connect(db.target) as connection:
                    assert connection.execute(question, [db.name]).fetchone() == expected
        with provider_for(pg15.cluster.target("icu"), scratch_url=pg18.target.url(None)) as scratch:
            scratch.create("other")  # no ICU there: the server's own way
            assert "ICU" in scratch.notes[0]
        with provider_for(pg15.cluster.target("latin"), scratch_url=pg18.target.url(None)) as scratch:
            db = scratch.create("other")
            with connect(db.target) as connection:
                assert connection.execute(question, [db.name]).fetchone() == ("LATIN1", "c")
    finally:
        pg15.execute("drop database latin")
        pg15.execute("drop database icu")


def test_the_order_of_servers(
    pg18: Server, pg16: Server, database: Database, role: Role, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = database(pg16)
    with provider_for(target, scratch_url=pg18.target.url(None)) as scratch:
        assert (scratch.major, scratch.own_server) == (18, False)
    with provider_for(target) as scratch:
        assert (scratch.major, scratch.own_server) == (16, True)
    poor = role("login", pg16, password="not-much-1")
    plain = pg16.tcp_target.with_dbname(target.dbname).with_user(poor, "not-much-1")
    with provider_for(plain) as scratch:
        assert (scratch.major, scratch.own_server) == (16, False)
        assert "may not make databases" in scratch.refused[0]
        assert "embedded" in scratch.origin
    for options, words in (({"protected": True}, "protected"), ({"untrusted": True}, "untrusted")):
        with provider_for(target, **options) as scratch:  # type: ignore[arg-type]
            assert words in scratch.refused[0]
            assert not scratch.own_server
    with provider_for(None) as scratch:
        assert scratch.major == 18
    with provider_for(None, major=16) as scratch:
        assert scratch.major == 16
    with provider_for(target, needs_extensions=["vector"]) as scratch:
        assert scratch.own_server
    with pytest.raises(ScratchUnavailable) as caught:
        provider_for(target, needs_extensions=["postgis"])
    assert "target's own server: it lacks postgis" in caught.value.detail
    assert "embedded server" in caught.value.detail
    assert "--scratch-url" in caught.value.hint
    with pytest.raises(ScratchUnavailable, match="may not make databases"):
        provider_for(target, scratch_url=plain.url(None))
    with pytest.raises(ConnectionFailed):
        provider_for(target, scratch_url="postgresql://127.0.0.1:1/x")


def test_a_local_installation_of_the_targets_version(pg15: Server, database: Database) -> None:
    with provider_for(database(pg15), protected=True) as scratch:
        assert scratch.major == 15
        words = f"a scratch server of our own (PostgreSQL 15 from {pg15.cluster.binaries.bindir}, "
        assert scratch.origin.startswith(words)


def test_files_alone_choose_the_installation_that_has_their_extensions(pg15: Server, tmp_path: Path) -> None:
    path = tmp_path / "a.sql"
    path.write_text(
        '/* x */ create extension if not exists "btree_gist"; create extension Vector; -- create extension no;'
    )
    assert extensions_made([path]) == {"btree_gist", "vector"}
    with provider_for(None, wants_extensions=["btree_gist"]) as scratch:
        assert str(pg15.cluster.binaries.bindir) in scratch.origin
    for none_has_it in (["vector", "btree_gist"], ["postgis"]):
        with provider_for(None, wants_extensions=none_has_it) as scratch:
            assert "embedded" in scratch.origin
            assert "install PostgreSQL's server programs" in scratch.ways_out


def test_reasons_when_there_is_nowhere(pg16: Server, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(binaries: Binaries, **_: object) -> None:
        raise ServerError(f"no {binaries.major} today")

    monkeypatch.setattr("dataio.postgres.scratch.use_scratch_server", fails)
    with pytest.raises(ScratchUnavailable) as caught:
        provider_for(database(pg16), protected=True)
    assert "protected" in caught.value.detail
    assert "a local PostgreSQL 16: none" in caught.value.detail
    assert "no 16 today" in caught.value.detail


def test_a_role_with_createdb_is_enough(pg18: Server, database: Database, role: Role, tmp_path: Path) -> None:
    name = role("login createdb", password="just-enough-1")
    source = database(owner=name)
    target = pg18.tcp_target.with_dbname(source.dbname).with_user(name, "just-enough-1")
    with connect(target) as connection:
        connection.execute("create table a (id int primary key); grant select on a to public; create schema s")
    path = tmp_path / "a.sql"
    path.write_text("create table b ();")
    with provider_for(target) as scratch:
        assert scratch.own_server
        assert scratch.ensure_roles(["somebody"]) == []
        copy = build.copy_into(scratch, target)
        assert dump.dump_schema(copy.target) == dump.dump_schema(target)
        db, _ = build.load_into(scratch, [path])
        scratch.clone(db, "clone")
        name_of_run = db.name
    assert name_of_run not in databases(pg18)


def test_roles_that_a_schema_names_are_made(pg18: Server, tmp_path: Path) -> None:
    path = tmp_path / "a.sql"
    names = [f"r_named_{os.getpid()}_{letter}" for letter in "ab"]
    path.write_text("".join(f"create table {n} (); grant select on {n} to {n};\n" for n in names))
    with on(pg18) as scratch:
        build.load_into(scratch, [path])
        assert len(pg18.execute(f"select 1 from pg_roles where rolname in ('{names[0]}', '{names[1]}')")) == 2
    assert not pg18.execute(f"select 1 from pg_roles where rolname in ('{names[0]}', '{names[1]}')")
    with (
        Scratch(pg18.target, origin="own", own_server=True) as scratch,
        pytest.raises(SourceError, match="does not exist"),
    ):
        build.load_into(scratch, [path])


def test_a_lost_connection_at_the_end_is_no_error(pg18: Server) -> None:
    with on(pg18) as scratch:
        name = scratch.create("a").name
        scratch._connection.close()
    with on(pg18):
        pass
    assert name not in databases(pg18)
