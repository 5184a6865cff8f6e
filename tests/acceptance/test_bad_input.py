"""Bad input: a clear message, the right exit code, and nothing changed."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Server

from acceptance.conftest import SECRET, Cli, Project, project
from dataio.postgres.connection import connect
from dataio.postgres.conninfo import Target

MANY = "".join(f"CREATE TABLE t{n} (id int);\n" for n in range(1, 501))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _nothing_changed(made: Project) -> None:
    assert made.scripts == []
    assert made.execute("SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace") == [(0,)]
    assert made.execute("SELECT to_regnamespace('dataio_meta')") == [(None,)]


def test_unreachable_host(small: Project) -> None:
    url = f"postgresql://u:{SECRET}@127.0.0.1:{_free_port()}/d"
    failed = small.cli("schema", "plan", "--target", url, code=1)
    assert failed.err.startswith("error: cannot connect to d @ 127.0.0.1:")
    assert "nothing listens" in failed.err
    assert "hint: " in failed.err
    assert failed.out == ""


def test_host_name_that_does_not_resolve(small: Project) -> None:
    failed = small.cli("schema", "plan", "--target", f"postgresql://u:{SECRET}@no-such-host.invalid/d", code=1)
    assert "no-such-host.invalid" in failed.err
    assert "hint: " in failed.err


def test_wrong_password(small: Project, pg18: Server, role: Callable[..., str]) -> None:
    name = role("login", password="the right one")
    target = pg18.tcp_target.with_user(name, SECRET)
    failed = small.cli("schema", "plan", "--target", target.url(None), code=1)
    assert "wrong password" in failed.err
    assert name in failed.err


def test_database_that_does_not_exist(small: Project) -> None:
    failed = small.cli("schema", "plan", "--target", small.target.with_dbname("no_such_db").url(None), code=1)
    assert "database no_such_db does not exist" in failed.err
    assert "hint: " in failed.err


def test_role_without_createdb_is_planned_elsewhere(
    tmp_path: Path, pg18: Server, role: Callable[..., str], database: Callable[..., Target]
) -> None:
    name = role("login", password=SECRET)
    target = database(owner=name)
    url = pg18.tcp_target.with_dbname(target.dbname).with_user(name, SECRET).url(None)
    made = project(tmp_path, target, "CREATE TABLE thing (id bigint PRIMARY KEY);\n")
    made.cli.env["DATAIO_DATABASE_URL"] = url
    made.cli("schema", "plan", "first")
    made.cli("schema", "apply", "--yes")
    made.settled()
    assert made.execute("SELECT rolname FROM pg_class JOIN pg_roles r ON r.oid = relowner WHERE relname = 'thing'") == [
        (name,)
    ]
    stopped = made.cli("schema", "plan", "--scratch-url", url, code=1)
    assert "may not make databases" in stopped.err
    assert "CREATEDB" in stopped.err


def test_no_schema_file(cli: Cli, small: Project) -> None:
    small.schema.unlink()
    failed = small.cli("schema", "plan", code=64)
    assert "there is no schema.sql" in failed.err
    assert "hint: " in failed.err


def test_empty_file_against_an_empty_database_is_no_change(small: Project) -> None:
    small.schema.write_text("")
    assert "No changes" in small.cli("schema", "plan").out
    _nothing_changed(small)


def test_empty_file_against_a_full_database_is_refused(small: Project) -> None:
    small.cli("schema", "plan", "first")
    small.cli("schema", "apply", "--yes")
    small.schema.write_text("")
    small.cli("schema", "plan", "drop_all")
    refused = small.cli("schema", "apply", "--yes", code=3)
    assert "data-loss/drop-table" in refused.err
    assert small.execute("SELECT to_regclass('public.thing')::text") == [("thing",)]


def test_syntax_error_names_the_line(small: Project) -> None:
    lines = MANY.splitlines()
    lines[411] = "CREATE TABEL t412 (id int);"
    small.schema.write_text("\n".join(lines) + "\n")
    failed = small.cli("schema", "plan", code=1)
    assert "schema.sql:412:8: " in failed.err
    assert 'syntax error at or near "TABEL"' in failed.err
    assert "CREATE TABEL t412 (id int);" in failed.err
    assert "       ^" in failed.err
    _nothing_changed(small)


def test_missing_extension_names_the_ways_out(small: Project) -> None:
    small.schema.write_text("CREATE EXTENSION no_such_extension;\n")
    failed = small.cli("schema", "plan", code=1)
    assert "no_such_extension" in failed.err
    assert "schema.sql:1" in failed.err
    assert "The target cannot have it either" in failed.err
    assert "CREATEDB" not in failed.err
    alone = small.cli("schema", "check", "--offline", code=1).err
    assert "--scratch-url" in alone
    assert "target" not in alone
    _nothing_changed(small)


def test_binary_garbage(small: Project) -> None:
    small.schema.write_bytes(os.urandom(4096))
    failed = small.cli("schema", "plan", code=1)
    assert "schema.sql" in failed.err
    _nothing_changed(small)


def test_five_megabytes(small: Project) -> None:
    rows = "".join(f"-- {'x' * 1000} {n}\n" for n in range(5 * 1024))
    small.schema.write_text(rows + "CREATE TABLE thing (id bigint PRIMARY KEY);\n")
    small.cli("schema", "plan", "big")
    assert small.scripts == ["001_big.sql"]


def test_full_disk_of_the_scratch_server(small: Project) -> None:
    """PostgreSQL's own error of a full disk, raised while schema.sql is loaded."""
    full = "could not extend file: No space left on device"
    small.schema.write_text(f"DO $$ BEGIN RAISE EXCEPTION '{full}' USING ERRCODE = 'disk_full'; END $$;\n")
    failed = small.cli("schema", "plan", code=1)
    assert "disk of the scratch server" in failed.err
    assert "hint: " in failed.err
    _nothing_changed(small)


def test_target_in_recovery(small: Project, standby: Target) -> None:
    planned = small.cli("schema", "plan", "--no-write", "--target", standby.url(None))
    assert "thing" in planned.out
    small.cli("schema", "plan", "first")
    failed = small.cli("schema", "apply", "--yes", "--target", standby.url(None), code=1)
    assert "recovery" in failed.err or "read-only" in failed.err


def test_script_edited_after_it_was_planned(small: Project) -> None:
    small.cli("schema", "plan", "first")
    script = small.folder / "generated_migrations" / "001_first.sql"
    script.write_text(script.read_text().replace("name text NOT NULL", "name text"))
    failed = small.cli("schema", "apply", "--yes", code=1)
    assert "edited since it was planned" in failed.err
    assert small.execute("SELECT to_regclass('public.thing')") == [(None,)]


def test_duplicate_numbers(small: Project) -> None:
    small.cli("schema", "plan", "first")
    script = small.folder / "generated_migrations" / "001_first.sql"
    script.with_name("001_second.sql").write_text(script.read_text())
    failed = small.cli("schema", "apply", "--yes", code=1)
    assert "001 is there more than once" in failed.err


def test_plan_file_that_is_no_plan(small: Project) -> None:
    (small.folder / "plan.json").write_text(json.dumps({"format": "something else"}))
    failed = small.cli("schema", "apply", "plan.json", "--yes", code=64)
    assert "plan.json" in failed.err
    small.cli("schema", "apply", "no-such-plan.json", "--yes", code=64)


def test_target_url_that_makes_no_sense(small: Project) -> None:
    failed = small.cli("schema", "plan", "--target", f"mysql://u:{SECRET}@h/d", code=64)
    assert "mysql:// is not a PostgreSQL connection" in failed.err
    small.cli("schema", "plan", "--target", f"postgresql://u:{SECRET}@h:notaport/d", code=64)
    for unescaped in (
        f"postgresql://u:a@{SECRET}@h/d",
        f"postgresql://u:{SECRET}/b@h/d",
        f"postgresql://u:1/{SECRET}@h/d",
    ):
        assert "%40 for @" in small.cli("schema", "plan", "--target", unescaped, code=64).err
    for headless in (f"u:{SECRET}@h:1/d", f"postgres:/u:{SECRET}@h:1/d"):
        assert "A URL begins with postgresql://" in small.cli("schema", "status", "--target", headless, code=64).err
        assert "begin with postgresql://" in small.cli("schema", "status", DATAIO_DATABASE_URL=headless, code=64).err
        assert "one of the two sides is no" in small.cli("schema", "diff", headless, "schema.sql", code=64).err
    misspelt = small.cli("schema", "plan", "--target", "prodd", code=64)
    assert "no environment 'prodd'" in misspelt.err


def test_setting_that_nobody_knows(small: Project) -> None:
    (small.folder / "dataio.toml").write_text('schem = "x.sql"\n')
    failed = small.cli("schema", "plan", code=64)
    assert "unknown setting 'schem' in dataio.toml" in failed.err
    assert "hint: Did you mean schema?" in failed.err


def test_file_of_a_stranger_cannot_run_a_shell(small: Project) -> None:
    witness = small.folder / "owned"
    small.schema.write_text(f"CREATE TABLE thing (id int);\n\\! touch {witness}\n")
    failed = small.cli("schema", "plan", "--untrusted", code=1)
    assert "schema.sql:2" in failed.err
    assert not witness.exists()
    small.schema.write_text("CREATE ROLE intruder SUPERUSER;\n")
    left = small.cli("schema", "plan", "--untrusted", "--no-write").out
    assert "left to the server, not run: CREATE ROLE intruder (schema.sql:1)" in left
    with connect(small.target) as connection:
        assert connection.execute("select from pg_roles where rolname = 'intruder'").fetchone() is None
    small.schema.write_text("DO $$ BEGIN CREATE ROLE intruder SUPERUSER; END $$;\n")
    failed = small.cli("schema", "plan", "--untrusted", code=1)
    assert "permission denied" in failed.err


def test_a_database_with_subscriptions_is_not_recreated(small: Project) -> None:
    with small.schema.open("a") as file:
        file.write("create subscription s connection 'host=127.0.0.1 port=1' publication p;\n")
    built = small.cli("db", "recreate", "--from", "schema", "--yes")
    assert "subscriptions of schema.sql are made disabled, and without a slot on the publisher" in built.err
    refused = small.cli("db", "recreate", "--from", "schema", "--yes", code=1)
    assert "has subscriptions, so it cannot be dropped: s" in refused.err
    assert "DROP SUBSCRIPTION first" in refused.err
    with connect(small.target) as connection:
        connection.execute("alter subscription s set (slot_name = none)")
        connection.execute("drop subscription s")
    small.cli("db", "recreate", "--from", "schema", "--yes")
    with connect(small.target) as connection:
        connection.execute("alter subscription s set (slot_name = none)")
        connection.execute("drop subscription s")
        beside = "select datname from pg_database where starts_with(datname, %s)"
        assert connection.execute(beside, [f"{small.target.dbname[:40]}_dataio_"]).fetchall() == []


def test_a_database_built_from_the_schema_says_what_was_left_to_the_server(small: Project) -> None:
    with small.schema.open("a") as file:
        file.write("CREATE ROLE nobody_made_me LOGIN PASSWORD 'unseen';\n")
    built = small.cli("db", "recreate", "--from", "schema", "--yes")
    assert "left to the server, not run: CREATE ROLE nobody_made_me (schema.sql:2)" in built.err
    assert "unseen" not in built.out + built.err
    with connect(small.target) as connection:
        found = connection.execute(
            "select to_regclass('thing') is not null, exists (select from pg_roles where rolname = 'nobody_made_me')"
        ).fetchone()
    assert found == (True, False)


@pytest.mark.parametrize("command", [("schema", "apply"), ("db", "recreate")])
def test_protected_target_wants_its_name(small: Project, command: tuple[str, ...]) -> None:
    (small.folder / "dataio.toml").write_text('[env.prod]\nurl_env = "PROD_URL"\nprotected = true\n')
    small.cli.env["PROD_URL"] = small.cli.env.pop("DATAIO_DATABASE_URL")
    planned = small.cli("schema", "plan", "first", "--target", "prod")
    assert ", env prod, protected)" in planned.err
    for given in (("--yes",), ("--confirm", "other", "--yes")):
        refused = small.cli(*command, "--target", "prod", *given, code=3)
        assert "is protected" in refused.err
        assert f"--confirm {small.target.dbname}" in refused.err
    # the same database by its URL is still protected
    by_url = small.cli(*command, "--target", small.target.url(None), "--yes", code=3)
    assert "env prod, protected" in by_url.err
    assert small.execute("SELECT to_regclass('public.thing')") == [(None,)]
    small.cli(*command, "--target", "prod", "--confirm", small.target.dbname)
    assert small.execute("SELECT to_regclass('public.thing')::text") == [("thing",)]


def test_dotenv_that_contradicts_the_shell_is_named(small: Project) -> None:
    (small.folder / ".env").write_text(f"DATAIO_DATABASE_URL=postgresql://u:{SECRET}@elsewhere/d\n")
    planned = small.cli("schema", "plan", "first")
    assert "warning: DATAIO_DATABASE_URL differs between the shell and .env" in planned.err
    assert small.target.dbname in planned.err
    # what changes a database wants to know which one is meant
    refused = small.cli("schema", "apply", "--yes", code=64)
    assert "leads to one database in the shell and to another in .env" in refused.err
    assert small.execute("SELECT to_regclass('public.thing')") == [(None,)]
    small.cli("schema", "apply", "--confirm", small.target.dbname)


def test_no_password_in_any_file(
    tmp_path: Path, pg18: Server, role: Callable[..., str], database: Callable[..., Target]
) -> None:
    name = role("login createdb", password=SECRET)
    target = database(owner=name)
    url = pg18.tcp_target.with_dbname(target.dbname).with_user(name, SECRET).url(None)
    made = project(tmp_path, target, "CREATE TABLE thing (id bigint PRIMARY KEY);\n")
    made.cli.env["DATAIO_DATABASE_URL"] = url
    made.cli("schema", "plan", "first", "--verbose", "--out", "plan.json")
    made.cli("schema", "apply", "--yes", "--verbose")
    made.cli("schema", "status", "--format", "json")
    made.cli("db", "url")
    made.cli("schema", "plan", "--schema", "no.sql", "--verbose", code=64)
    made.cli("schema", "diff", url, "schema.sql")
    cache = Path(os.environ["DATAIO_CACHE_DIR"])
    for path in [*tmp_path.rglob("*"), *cache.rglob("*.snapshot"), *cache.rglob("*.log"), *cache.rglob("*.conf")]:
        if path.is_file():
            assert SECRET.encode() not in path.read_bytes(), path
