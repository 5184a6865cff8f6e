"""schema.sql into a real database, and where it says that it does not load."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Server

from dataio.errors import ScratchUnavailable, SourceError
from dataio.postgres import dump
from dataio.postgres.binaries import dump_binaries, embedded
from dataio.postgres.connection import connect
from dataio.postgres.conninfo import Target
from dataio.postgres.load import load_schema, missing_roles

Database = Callable[..., Target]
Role = Callable[..., str]


def write(path: Path, text: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def tables(target: Target) -> list[str]:
    with connect(target) as connection:
        rows = connection.execute(
            "select tablename::text from pg_tables where schemaname !~ '^(pg_|information)' order by 1"
        )
        return [name for (name,) in rows]


def failing(target: Target, path: Path, **options: object) -> SourceError:
    with pytest.raises(SourceError) as caught:
        load_schema(target, [path], **options)  # type: ignore[arg-type]
    return caught.value


def test_syntax_error_on_line_412_of_500(database: Database, tmp_path: Path) -> None:
    lines = [f"create table t{n} (a int);" for n in range(1, 501)]
    lines[411] = "create tabel t412 (a int);"
    error = failing(database(), write(tmp_path / "schema.sql", "\n".join(lines)))
    assert (error.line, error.column, error.sqlstate) == (412, 8, "42601")
    assert error.message.endswith('schema.sql:412:8: syntax error at or near "tabel"')
    assert error.detail == "  412 | create tabel t412 (a int);\n      |        ^"


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("create view v as\nselect 1;\n  create\n view w as select *\nfrom nix;\n", 5, 6),
        ("create table t (a int);\r\ncreate table u (\r\n  b nix\r\n);\r\n", 3, 5),
        ("\n\n/* c\n */ -- d\nselect 1,\n  äöü.nix", 6, 3),
        ("create function f() returns int language plpgsql as $$\nbegin\n  retrn 1;\nend $$;\n", 3, 3),
        ("create table c (a int);\ncopy c from stdin;\n1\nx\n3\n\\.\nselect 1;\n", 4, None),
        ("select 1;\n\ndo $$\nbegin\n  perform nix from pg_class;\nend $$;\n", 3, 1),
        ("select 'unterminated\n;\n\n", 1, 8),
        ("select 1;\n\\i nowhere.sql\n", 2, None),
        ("select 1;\n\n\\frobnicate\n", 3, None),
        ("create table t (a int references nix);", 1, None),
    ],
)
def test_places(database: Database, tmp_path: Path, text: str, line: int, column: int | None) -> None:
    error = failing(database(), write(tmp_path / "schema.sql", text))
    assert (error.line, error.column) == (line, column or error.column), str(error)
    assert f"  {line} | " in error.detail


def test_an_error_in_an_included_file(database: Database, tmp_path: Path) -> None:
    path = write(tmp_path / "schema.sql", "create schema s;\n\\ir parts/t.sql\n")
    write(tmp_path / "parts/t.sql", "create table s.t (\n  a nix\n);\n")
    error = failing(database(), path)
    assert error.file.endswith("parts/t.sql")
    assert (error.line, error.column) == (2, 5)


def test_detail_hint_and_context_are_shown(database: Database, tmp_path: Path) -> None:
    text = "create table t (a int primary key);\ninsert into t values (1), (1);"
    assert "DETAIL: Key (a)=(1) already exists." in failing(database(), write(tmp_path / "a.sql", text)).detail
    text = "select lenth('x');"
    assert "HINT: No function matches" in failing(database(), write(tmp_path / "b.sql", text)).detail


def test_what_cannot_run_in_a_transaction_works(database: Database, tmp_path: Path) -> None:
    target = database()
    text = "create table t (a int);\ncreate index concurrently i on t (a);\ncreate type e as enum ('a');\n"
    load_schema(target, [write(tmp_path / "a.sql", text + "alter type e add value 'b'; select 'b'::e;")])
    folder = tmp_path / "folder"
    write(folder / "a.sql", "create index concurrently j on u (a);")
    write(folder / "b.sql", "create table u (a int);")
    report = load_schema(target, [folder])
    assert [file.name for file in report.files] == ["b.sql", "a.sql"]


def test_a_warning_with_an_sqlstate_of_errors_is_no_error(database: Database, tmp_path: Path) -> None:
    """CREATE PUBLICATION says 55000 where ``wal_level`` is not ``logical``, as on most servers."""
    target = database()
    warned = "do $$ begin raise warning using errcode = '55000', message = 'wal_level is insufficient'; end $$;\n"
    text = f"set client_min_messages = warning;\n{warned}create table t (a int);\n"
    load_schema(target, [write(tmp_path / "schema.sql", text)])
    assert tables(target) == ["t"]
    wrong = failing(database(), write(tmp_path / "schema.sql", f"{text}nix;\n"))
    assert (wrong.line, wrong.sqlstate) == (4, "42601")


def test_a_folder_loads_in_the_order_that_works(database: Database, tmp_path: Path) -> None:
    target = database()
    write(tmp_path / "1_view.sql", "create table s.half (); create view s.v as select * from s.t, s.f();")
    write(
        tmp_path / "2_function.sql", "create function s.f() returns s.e language sql begin atomic select 'a'::s.e; end;"
    )
    write(tmp_path / "3_type.sql", "set search_path = s; create type e as enum ('a');")
    write(tmp_path / "4_table.sql", "create table s.t (e s.e); comment on table s.t is 't';")
    write(tmp_path / "z/schema.sql", "create schema s;")
    report = load_schema(target, [tmp_path])
    assert report.files[0].name == "schema.sql"
    assert report.files[-1].name == "1_view.sql"
    assert report.rounds >= 3
    assert tables(target) == ["half", "t"]


def test_a_key_may_come_from_another_file(database: Database, tmp_path: Path) -> None:
    write(tmp_path / "a.sql", "create table a (id int); alter table a add foreign key (id) references b (id);")
    write(tmp_path / "b.sql", "create table b (id int);")
    write(tmp_path / "c.sql", "alter table b add unique (id);")
    assert load_schema(database(), [tmp_path]).files[-1].name == "a.sql"


def test_a_folder_that_gets_stuck_names_every_file(database: Database, tmp_path: Path) -> None:
    write(tmp_path / "a.sql", "create view a as select * from b;")
    write(tmp_path / "b.sql", "create view b as select * from a;")
    write(tmp_path / "c.sql", "create table c ();")
    error = failing(database(), tmp_path)
    assert error.file.endswith("a.sql")
    assert 'b.sql: relation "a" does not exist' in error.detail


def test_a_real_error_in_a_folder_is_not_put_off(database: Database, tmp_path: Path) -> None:
    write(tmp_path / "a.sql", "create table a ();")
    write(tmp_path / "b.sql", "\n create tabel b ();")
    error = failing(database(), tmp_path)
    assert error.file.endswith("b.sql")
    assert (error.line, error.column) == (2, 9)


def test_errors_that_the_script_tells_psql_to_ignore_are_errors(database: Database, tmp_path: Path) -> None:
    path = write(tmp_path / "a.sql", "\\set ON_ERROR_STOP 0\ncreate tabel a;\nselect 1;\n")
    assert failing(database(), path).line == 2


def test_a_connect_in_the_middle_of_a_line_is_noticed(database: Database, tmp_path: Path) -> None:
    path = write(tmp_path / "a.sql", "create table a (); \\connect template1\n")
    assert "left the scratch database for template1" in str(failing(database(), path))


@pytest.mark.parametrize("server", ["pg15", "pg16", "pg18"])
def test_a_dump_loads_everywhere(
    server: str, database: Database, tmp_path: Path, request: pytest.FixtureRequest, pg18: Server
) -> None:
    source = database(pg18)
    text = "create table t (a int primary key, b text);\ninsert into t values (1, E'a\\tb\\\\'), (2, null);\n"
    load_schema(source, [write(tmp_path / "s.sql", text)])
    from dataio.postgres.process import run

    dumped = run(dump_binaries(18), "pg_dump", ["--no-owner"], target=source).stdout
    assert "\\restrict" in dumped
    assert "transaction_timeout" in dumped
    path = write(tmp_path / "dump.sql", dumped)
    for untrusted in (False, True):
        target = database(request.getfixturevalue(server))
        load_schema(target, [path], untrusted=untrusted)
        with connect(target) as connection:
            assert connection.execute("select * from t order by a").fetchall() == [(1, "a\tb\\"), (2, None)]


def test_missing_extension_says_what_to_do(database: Database, tmp_path: Path) -> None:
    error = failing(
        database(), write(tmp_path / "a.sql", "create extension postgis;"), server="the embedded scratch server"
    )
    assert error.line == 1
    for words in ("postgis", "the embedded scratch server", "Install it there"):
        assert words in error.hint


def test_missing_extension_on_an_older_server(database: Database, tmp_path: Path, pg15: Server) -> None:
    error = failing(database(pg15), write(tmp_path / "a.sql", "create extension nothing_like_it;"))
    assert "the extension nothing_like_it" in error.hint


def test_missing_icu_says_what_to_do(database: Database, tmp_path: Path) -> None:
    error = failing(database(), write(tmp_path / "a.sql", "create collation de (provider = icu, locale = 'de');"))
    assert "ICU" in error.hint
    assert error.lacks


def test_a_full_disk_is_the_servers_fault(database: Database, tmp_path: Path) -> None:
    text = "do $$ begin raise exception 'could not extend file' using errcode = 'disk_full'; end $$;"
    with pytest.raises(ScratchUnavailable, match="disk of the scratch server is full"):
        load_schema(database(), [write(tmp_path / "a.sql", text)])


def test_a_big_file(database: Database, tmp_path: Path) -> None:
    columns = ", ".join(f"column_{n} text default 'some text to fill the file'" for n in range(40))
    body = "".join(f"create table t{n} (id int primary key, {columns});\n" for n in range(600))
    filler = "".join(f"comment on table t{n} is '{'x' * 7000}';\n" for n in range(600))
    path = write(tmp_path / "big.sql", body + filler)
    assert path.stat().st_size > 5_000_000
    started = time.monotonic()
    target = database()
    load_schema(target, [path])
    assert len(tables(target)) == 600
    assert time.monotonic() - started < 60


def test_a_role_without_rights_loads(database: Database, role: Role, tmp_path: Path, pg18: Server) -> None:
    name = role("login", password="some-password-1")
    target = database(owner=name)
    plain = pg18.tcp_target.with_dbname(target.dbname).with_user(name, "some-password-1")
    load_schema(plain, [write(tmp_path / "a.sql", "create table a ();")])
    error = failing(plain, write(tmp_path / "b.sql", "create tabel b ();"))
    assert (error.line, error.column) == (1, 8)
    assert "some-password-1" not in str(error)


PWNED = [
    "\\! touch {0}",
    "select 1; \\copy (select 1) to program 'touch {0}'",
    "select 1 \\g |touch {0}",
    "\\o |touch {0}\nselect 1;",
    "\\set x `touch {0}`",
    "copy (select 1) to program 'touch {0}';",
    "\\i /etc/passwd",
    "\\unrestrict guess\n\\! touch {0}",
    "\\connect postgres\n",
    "select 1; \\c postgres",
    "do $$ begin create role evil superuser; end $$;",
    "do $$ begin alter role current_user superuser; end $$;",
    "reset session authorization; copy (select 1) to program 'touch {0}';",
    "set role postgres; copy (select 1) to program 'touch {0}';",
    "select pg_read_file('/etc/passwd');",
    "do $$ begin alter database template1 set work_mem = '1GB'; end $$;",
    "select pg_sleep(30);",
]


@pytest.mark.parametrize("text", PWNED)
def test_untrusted_files_run_nothing_but_plain_sql(text: str, database: Database, tmp_path: Path) -> None:
    trace = Path("/tmp") / f"dataio-pwned-{os.getpid()}"
    path = write(tmp_path / "a.sql", f"create table a ();\n{text.format(trace)}\n")
    error = failing(database(), path, untrusted=True, statement_timeout="1s")
    assert error.line in (2, 3)
    assert not trace.exists()


SERVER_WIDE = """create role evil superuser; create table a ();
alter role current_user superuser;
create database evil;
drop database template1; alter system set work_mem = '1GB';
grant pg_monitor to public_enemy; create table b ();
"""


@pytest.mark.parametrize("untrusted", [True, False])
def test_nothing_is_done_to_the_server(untrusted: bool, database: Database, tmp_path: Path, pg18: Server) -> None:
    def state() -> list[tuple[object, ...]]:  # of what the file names: other tests work on this server meanwhile
        return pg18.execute(
            "select 'role', rolname::text, rolsuper from pg_roles where rolname ~ '^evil|^public_enemy|^postgres'"
            " union all select 'database', datname::text, true from pg_database where datname in ('evil', 'template1')"
            " union all select 'setting', setting, true from pg_file_settings where name = 'work_mem'"
            " order by 1, 2"
        )

    target = database()
    before = state()
    report = load_schema(target, [write(tmp_path / "a.sql", SERVER_WIDE)], untrusted=untrusted)
    assert state() == before
    with connect(report.target) as connection:
        row = connection.execute("select to_regclass('a') is not null, to_regclass('b') is not null").fetchone()
    assert row == (True, True)


def test_an_included_file_must_do_without(database: Database, tmp_path: Path) -> None:
    write(tmp_path / "deep.sql", "\n\ncreate role evil;\n")
    write(tmp_path / "roles.sql", "\\ir deep.sql\n")
    error = failing(database(), write(tmp_path / "a.sql", "\\ir roles.sql\ncreate table a ();\n"))
    assert "create role evil changes the whole server" in error.message
    assert (Path(error.file).name, error.line) == ("deep.sql", 3)


def test_untrusted_owner(database: Database, tmp_path: Path, pg18: Server) -> None:
    target = database()
    report = load_schema(target, [write(tmp_path / "a.sql", "create schema s; create table s.a ();")], untrusted=True)
    with connect(report.target) as connection:
        row = connection.execute(
            "select r.rolname = current_user, r.rolsuper or r.rolcreatedb or r.rolcreaterole"
            " from pg_roles r join pg_class c on c.relowner = r.oid where c.relname = 'a'"
        ).fetchone()
    assert row == (True, False)
    pg18.execute(f'drop database "{target.dbname}" with (force)')
    pg18.execute(f'drop role "{report.target.user}"')


def test_untrusted_files_may_name_owners_that_are_mere_names(
    database: Database, role: Role, tmp_path: Path, pg18: Server
) -> None:
    name = role("nologin")
    text = "create schema s; grant create on schema s to {0}; create table s.a (); alter table s.a owner to {0};"
    path = write(tmp_path / "a.sql", text.format(name))
    load_schema(database(), [path], untrusted=True)
    powerful = role("nologin createdb")
    path = write(tmp_path / "a.sql", text.format(powerful))
    assert failing(database(), path, untrusted=True).sqlstate == "42501"


def test_missing_roles_are_found_all_at_once(database: Database, tmp_path: Path) -> None:
    text = "create table a ();\ngrant select on a to r_one;\ngrant select on a to r_two;\n"
    text += 'alter table a owner to "R three";\n'
    path = write(tmp_path / "a.sql", text)
    assert missing_roles(database(), [path]) == ("r_one", "r_two", "R three")
    error = failing(database(), path)
    assert "CREATE ROLE" in error.hint


def test_schema_dump_is_stable(database: Database, tmp_path: Path) -> None:
    target = database()
    load_schema(
        target,
        [write(tmp_path / "a.sql", "create schema dataio_meta; create table dataio_meta.m (); create table a ();")],
    )
    one = dump.dump_schema(target)
    assert one == dump.dump_schema(target, binaries=embedded(18))
    assert "restrict" not in one
    assert "dataio_meta" not in one
    assert "CREATE TABLE public.a" in one


def test_copy_keeps_owners_and_privileges(
    database: Database, role: Role, tmp_path: Path, pg18: Server, pg15: Server
) -> None:
    owner, reader = role("nologin"), role("nologin")
    source = database()
    text = f"create table a (); alter table a owner to {owner}; grant select on a to {reader}; drop schema if exists x;"
    load_schema(source, [write(tmp_path / "a.sql", text)])
    with connect(source) as connection:
        assert set(dump.referenced_roles(connection)) >= {owner, reader}
    copy = database()
    dump.copy_schema(source, copy)
    assert dump.dump_schema(copy) == dump.dump_schema(source)
    with pytest.raises(SourceError, match=r"role .* does not exist"):
        dump.copy_schema(source, database(pg15))
    older = database(pg15)
    dump.copy_schema(source, older, owners=False, privileges=False)
    assert tables(older) == ["a"]


def test_a_dropped_public_schema_stays_dropped(database: Database) -> None:
    source, copy = database(), database()
    with connect(source) as connection:
        connection.execute("drop schema public")
    dump.copy_schema(source, copy)
    with connect(copy) as connection:
        assert connection.execute("select to_regnamespace('public')").fetchone() == (None,)
