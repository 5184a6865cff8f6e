"""Dumps as a user makes and restores them: the team's routine, through the command line."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from psycopg import sql

from acceptance.conftest import Project
from dataio.postgres.connection import connect


def test_the_routine(small: Project) -> None:
    """Script, schema and tagged dump move together; an old dump comes back and is brought up to today's schema."""
    cli = small.cli
    subprocess.run(["git", "init", "-q", str(small.folder)], check=True)
    cli("schema", "plan", "things")
    done = cli("schema", "apply", "--yes", "--dump-before", "--dump-after")
    assert "nothing to dump before" in done.err
    assert "dumped schema_v001/" in done.err
    small.execute("insert into thing select g, 'n' || g from generate_series(1, 100) g")
    first = cli("dump", "create", "--verify", "content", "--tag", "env=dev").out.strip()
    assert first.startswith("schema_v001/")

    small.schema.write_text(small.schema.read_text().replace("name text NOT NULL", "name text NOT NULL, size int"))
    cli("schema", "plan", "sizes")
    cli("schema", "apply", "--yes", "--dump-before", "--dump-after")
    listed = json.loads(cli("dump", "list", "--format", "json").out)["dumps"]
    assert [dump["version"] for dump in listed] == [1, 1, 1, 2]
    assert "*" in cli("dump", "list", "--version", "2", "--live").out

    cli("dump", "tag", "latest", "env=dev", "--move")
    assert json.loads(cli("dump", "show", "env=dev", "--format", "json").out)["dump"]["version"] == 2
    assert "all as the manifest says" in cli("dump", "verify", first).err
    assert "content as the manifest says" in cli("dump", "verify", first, "--restore").err

    small.execute("delete from thing where id > 10")
    restored = cli("restore", "--dump", first, "--yes", "--then-apply", "--drop-old")
    assert "content compared" in restored.err
    assert small.execute("select count(*), count(size) from thing") == [(100, 0)]
    assert "002" in cli("schema", "status").out
    small.settled()

    out = cli("dump", "prune", "--keep-last", "1").out
    assert out.count("remove ") == 2
    assert len(json.loads(cli("dump", "list", "--format", "json").out)["dumps"]) == 4
    cli("dump", "prune", "--keep-last", "1", "--yes")
    assert len(json.loads(cli("dump", "list", "--format", "json").out)["dumps"]) == 2


def commit(project: Project) -> None:
    for words in (["add", "-A"], ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "1"]):
        subprocess.run(["git", "-C", str(project.folder), *words], check=True)


def test_the_schema_of_a_commit(small: Project) -> None:
    """With the history of the commit's scripts, where they make its schema: it goes on from there."""
    cli = small.cli
    subprocess.run(["git", "init", "-q", str(small.folder)], check=True)
    commit(small)
    cli("schema", "plan", "things")
    cli("schema", "apply", "--yes")
    small.execute("insert into thing values (1, 'a')")
    small.execute("select lo_from_bytea(0, '\\x00de')")
    small.execute("create index by_hand on thing (name)")
    cli("dump", "create")
    into = f"{small.target.dbname}_at"
    at = small.target.with_dbname(into)

    def restore(*words: str) -> str:
        with connect(small.target.with_dbname("postgres")) as connection:
            connection.execute(sql.SQL("drop database if exists {}").format(sql.Identifier(into)))
        return cli("restore", "--latest", "--into", into, *words).err

    try:
        assert "no history of migrations: there are no scripts" in restore("--git-ref", "HEAD")
        with connect(at) as connection:
            assert connection.execute("select name from thing").fetchall() == [("a",)]
            assert connection.execute("select to_regclass('by_hand')").fetchone() == (None,)
            assert connection.execute("select data from pg_largeobject").fetchall() == [(b"\x00\xde",)]
        refused = cli("restore", "--latest", "--yes", "--git-ref", "HEAD", "--then-apply", code=64).err
        assert "would not know what is pending" in refused

        commit(small)
        assert "version 001, which was registered" in restore("--git-ref", "HEAD")
        assert "version: 001" in cli("schema", "status", "--target", at.url(None)).out
        small.schema.write_text(small.schema.read_text().replace("name text NOT NULL", "name text NOT NULL, size int"))
        small.execute("drop index by_hand")
        cli("schema", "plan", "sizes")
        assert "then applied 002 sizes" in restore("--git-ref", "HEAD", "--then-apply")
        with connect(at) as connection:
            assert connection.execute("select name, size from thing").fetchall() == [("a", None)]
        assert "drift:   none" in cli("schema", "status", "--target", at.url(None)).out
        cli("schema", "apply", "--yes")
        cli("dump", "create")
        newer = cli("restore", "--latest", "--into", f"{into}_no", "--git-ref", "HEAD", code=1).err
        assert "Take a dump of its version. Nothing was replaced." in newer
        some = cli("dump", "create", "--table", "thing").out.strip()
        refused = cli("restore", "--dump", some, "--into", f"{into}_no", "--then-apply", code=64).err
        assert "needs all tables" in refused
        for script in (small.folder / "generated_migrations").glob("002_*"):
            script.unlink()
        assert "is of version 002, and generated_migrations goes to 001 only" in restore()
    finally:
        with connect(small.target.with_dbname("postgres")) as connection:
            connection.execute(sql.SQL("drop database if exists {}").format(sql.Identifier(into)))


def test_refusals(small: Project, tmp_path: Path) -> None:
    cli = small.cli
    assert "no tables" in cli("dump", "create", code=1).err
    assert "say which dump" in cli("restore", code=64).err
    assert "dataio dump create" in cli("restore", "--latest", "--yes", code=1).err
    assert "no such file" in cli("restore", "--from", "nowhere", code=64).err
    assert "not a time" in cli("dump", "list", "--since", "yesterday", code=64).err
    assert "key=value" in cli("dump", "create", "--tag", "x", code=64).err
    small.execute("create table thing (id int)")
    subprocess.run(["git", "init", "-q", str(small.folder)], check=True)
    assert "git would track" in cli("dump", "create", "--store", "dumps", code=3).err
    cli("dump", "create", "--schema-only")
    assert "of the schema only" in cli("restore", "latest", "--yes", code=1).err
    assert "of schema version 0" in cli("dump", "show", "7", code=1).err
    assert "in one way" in cli("restore", "latest", "--dump", "3", code=64).err
    assert "--into" in cli("restore", "latest", "--table", "thing", code=64).err
    assert "--store" in cli("restore", "--from", ".dataio/dumps", "--yes", code=1).err
    assert "--yes" in cli("restore", "--from", cli("dump", "create").out and _first(small.folder), code=64).err
    cli("schema", "plan", "things", code=None)
    down = cli("schema", "apply", "--yes", "--dump-before", "--store", "s3://nowhere/x", "--allow", "data-loss", code=3,
               DATAIO_S3_ENDPOINT="http://127.0.0.1:9", AWS_ACCESS_KEY_ID="a", AWS_SECRET_ACCESS_KEY="b",
               DATAIO_S3_ATTEMPTS="1")  # fmt: skip
    assert "nothing was applied" in down.err


@pytest.mark.parametrize(("number", "how"), [(signal.SIGINT, "interrupted"), (signal.SIGTERM, "ended by SIGTERM")])
def test_what_an_interruption_leaves_is_said(small: Project, number: signal.Signals, how: str) -> None:
    """Of a dump nothing, of a restore its target; both wait here for whoever holds a table."""
    small.execute("create table thing (id int)")
    dump = small.cli("dump", "create").out.strip()
    with connect(small.target, autocommit=False) as other:
        other.execute("lock table thing in access exclusive mode")
        code, said = _stopped(small, number, "dump", "create")
    assert code == 128 + number
    assert how in said[-2:]
    (small.folder / "plain.sql").write_text("select pg_sleep(300);\n")
    code, said = _stopped(small, number, "restore", "--from", "plain.sql", "--yes", until="pg_sleep")
    assert code == 128 + number
    assert said[-2:] == [how, f"The database {small.target.dbname} is as it was."]
    assert dump in small.cli("dump", "list").out


def _stopped(project: Project, number: signal.Signals, *words: str, until: str = "lock table") -> tuple[int, list[str]]:
    """Send the signal once a session of the server runs ``until``; exit code and stderr."""
    command = [sys.executable, "-m", "dataio", *words]
    started = subprocess.Popen(
        command,
        cwd=project.folder,
        env=os.environ | project.cli.env,
        stderr=subprocess.PIPE,
        text=True,
        # As a terminal would start it: a shell's background jobs, and what they start, ignore the signal.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    )
    with connect(project.target.with_dbname("postgres")) as connection:
        for _ in range(600):
            found = connection.execute(
                "select from pg_stat_activity where query ilike %s and state = 'active' and datname like %s "
                "and application_name not like '%%test%%' and pid <> pg_backend_pid()",
                [f"%{until}%", f"{project.target.dbname[:40]}%"],
            ).fetchall()
            if found:
                break
            time.sleep(0.05)
    started.send_signal(number)
    _, err = started.communicate(timeout=60)
    return started.returncode, err.splitlines()


def test_dumps_for_programs(small: Project) -> None:
    """The ID that the other commands take, objects as the manifest counts them, links with which a dump can be read."""
    cli = small.cli
    small.execute("create table thing (id int)")
    dump = cli("dump", "create", "--tag", "a=b").out.strip()
    listed = json.loads(cli("dump", "list", "--format", "json").out)["dumps"][0]
    shown = json.loads(cli("dump", "show", "--format", "json").out)["dump"]
    assert listed["dump_id"] == shown["dump_id"] == dump
    assert listed["objects"] == len(shown["objects"])
    links = json.loads(cli("dump", "show", "--link", "60", "--format", "json").out)["links"]
    assert links.keys() == {"manifest.json", *(stored["name"] for stored in shown["objects"])}
    assert "manifest.json  file:" in cli("dump", "show", "--link", "60").out
    (small.folder / ".dataio" / "dumps" / dump / "manifest.json").unlink()
    assert "1 unfinished dump not listed: give --unfinished" in cli("dump", "list").err
    assert cli("dump", "list", "--unfinished").out.count("unfinished") == 1
    assert f"There is {dump}, but it is unfinished" in cli("restore", "--latest", "--yes", code=1).err
    subprocess.run(["git", "init", "-q", str(small.folder)], check=True)
    assert "a folder of its own" in cli("dump", "create", "--store", ".", code=3).err


def test_what_is_empty_is_refused(small: Project) -> None:
    """``--into "$UNSET"`` is no ``restore`` into the target."""
    cli = small.cli
    small.execute("create table thing (id int)")
    cli("dump", "create")
    for option in ("--into", "--owner", "--git-ref", "--store", "--target", "--work", "--table", "--schema"):
        assert f"{option} is empty" in cli("restore", "--latest", option, "", code=64).err
    for words in (("--from",), ("--dump",), ("--at",)):
        assert f"{words[-1]} is empty" in cli("restore", *words, "", code=64).err
    for command, option in (("create", "--tag"), ("create", "--store"), ("list", "--since"), ("fetch", "--to")):
        assert f"{option} is empty" in cli("dump", command, option, "", code=64).err
    assert "DUMP is empty" in cli("restore", "", code=64).err
    assert "63 bytes" in cli("restore", "--latest", "--into", "é" * 32, code=64).err


def _first(folder: Path) -> str:
    """The folder of a whole dump."""
    return str(max((folder / ".dataio" / "dumps").glob("schema_v*/*")))


def test_recreated_with_data(small: Project) -> None:
    cli = small.cli
    cli("schema", "plan", "things")
    data = small.folder / "inserts"
    data.mkdir()
    (data / "thing.csv").write_text("id,name\n1,a\n2,b\n")
    cli("db", "recreate", "--yes", "--with-data", "inserts")
    assert small.execute("select name from thing order by id") == [("a",), ("b",)]
    (data / "thing.csv").write_text("id,name\n1,a\n1,b\n")
    failed = cli("db", "recreate", "--yes", "--with-data", "inserts", code=1)
    assert "thing.csv:3" in failed.err
    assert small.execute("select count(*) from thing") == [(2,)]
