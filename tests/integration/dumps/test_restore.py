"""Restoring: beside the target, compared, swapped in; and everything that must leave the target as it was."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from psycopg import sql
from support.dumping import content_of, own_databases
from support.s3 import Fault, FaultyProxy, S3Server

from dataio.dumps import swap
from dataio.dumps.create import Options, create
from dataio.dumps.errors import Damaged, DumpError, StoreError
from dataio.dumps.folder import FolderStore
from dataio.dumps.held import Selection
from dataio.dumps.listing import entries, read_manifest
from dataio.dumps.manifest import ARCHIVE_FILE, Manifest
from dataio.dumps.restore import Options as RestoreOptions
from dataio.dumps.restore import restore
from dataio.dumps.stage import passing
from dataio.dumps.verify import verify
from dataio.errors import DataioError, Refused, UsageError
from dataio.operations.dumps import create_dump, verify_dump
from dataio.operations.restore import schema_archive
from dataio.operations.target import Place
from dataio.postgres.connection import connect
from dataio.postgres.conninfo import Target
from dataio.postgres.process import ToolFailed


@pytest.fixture
def folder(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "store")


def _place(target: Target) -> Place:
    return Place(target, target.dbname, "18", 18)


@pytest.fixture(autouse=True)
def unchanged(filled: Target) -> Iterator[None]:
    """No test leaves a database in the making; what restores kept is dropped."""
    before = own_databases(filled)
    yield
    left = own_databases(filled) - before
    with connect(filled.with_dbname("postgres")) as connection:
        for name in left:
            connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))
    assert not [name for name in left if "_restoring_" in name]


def change(target: Target) -> dict[str, str]:
    with connect(target) as connection:
        connection.execute("update account set balance = balance + 1; insert into nothing values (1)")
    return content_of(target)


def test_the_target_is_replaced_and_kept(filled: Target, folder: FolderStore, tmp_path: Path) -> None:
    manifest = create(filled, folder, Options(hashes=True))
    dumped, changed = content_of(filled), change(filled)
    with connect(filled.with_dbname("postgres")) as connection:
        name = sql.Identifier(filled.dbname)
        connection.execute(sql.SQL("comment on database {} is 'ours'").format(name))
        connection.execute(sql.SQL('alter database {} set search_path = a, "B c", public').format(name))
        connection.execute(sql.SQL("alter database {} set work_mem = '7MB'").format(name))
        connection.execute(sql.SQL("revoke connect on database {} from public").format(name))
    restored = restore(filled, folder, manifest, work=tmp_path / "work")
    assert content_of(filled) == dumped
    assert content_of(filled.with_dbname(restored.kept_as)) == changed
    with connect(filled) as connection:
        assert connection.execute("show search_path").fetchone() == ('a, "B c", public',)
        assert connection.execute("show work_mem").fetchone() == ("7MB",)
        row = connection.execute(
            "select shobj_description(oid, 'pg_database'), datacl::text from pg_database "
            "where datname = current_database()"
        ).fetchone()
        assert row is not None
        assert row[0] == "ours"
        assert "=Tc/" not in row[1].replace("postgres=CTc/", "")
        statistics = connection.execute("select count(*) from pg_statistic s join pg_class c on c.oid = starelid "
                                        "where relname = 'account'").fetchone()  # fmt: skip
        assert statistics is not None
        assert statistics[0] > 0
    assert not any((tmp_path / "work").iterdir())


def test_the_old_one_can_go(filled: Target, folder: FolderStore, tmp_path: Path) -> None:
    manifest = create(filled, folder)
    before = own_databases(filled)
    assert restore(filled, folder, manifest, RestoreOptions(keep=False), work=tmp_path).kept_as == ""
    assert own_databases(filled) == before


def test_sessions_on_the_target(filled: Target, folder: FolderStore, tmp_path: Path) -> None:
    manifest = create(filled, folder)
    before = content_of(filled)
    with connect(filled, application_name="an app") as session:
        with pytest.raises(Refused, match="1 session is connected") as caught:
            restore(filled, folder, manifest, work=tmp_path)
        assert "an app" in caught.value.detail
        assert session.execute("select 1").fetchone() == (1,)
        restore(filled, folder, manifest, RestoreOptions(disconnect=True), work=tmp_path)
    assert content_of(filled) == before


def test_a_database_that_is_not_there_yet(filled: Target, folder: FolderStore, tmp_path: Path) -> None:
    manifest = create(filled, folder)
    new = filled.with_dbname(f"{filled.dbname}_new")
    assert restore(new, folder, manifest, work=tmp_path).kept_as == ""
    assert content_of(new) == content_of(filled)
    with pytest.raises(UsageError, match="already"):
        restore(filled, folder, manifest, RestoreOptions(into=new.dbname), work=tmp_path)


def damage(path: Path, how: str) -> None:
    raw = path.read_bytes()
    match how:
        case "flipped":
            at = len(raw) // 2
            path.write_bytes(raw[:at] + bytes([raw[at] ^ 4]) + raw[at + 1 :])
        case "truncated":
            path.write_bytes(raw[: len(raw) * 2 // 3])
        case "missing":
            path.unlink()
        case "longer":
            path.write_bytes(raw + b"\0")


@pytest.mark.parametrize("jobs", [0, 2])
@pytest.mark.parametrize("how", ["flipped", "truncated", "missing", "longer"])
def test_damaged_objects(filled: Target, folder: FolderStore, tmp_path: Path, how: str, jobs: int) -> None:
    manifest = create(filled, folder, Options(jobs=jobs), work=tmp_path)
    before = content_of(filled)
    for stored in manifest.objects:
        path = folder.root / manifest.id / stored.name
        raw = path.read_bytes()
        damage(path, how)
        with pytest.raises(Damaged) as caught:
            verify(folder, manifest)
        assert stored.name in caught.value.detail
        if "globals" not in stored.name:
            with pytest.raises(Damaged, match=r"truncated|changed|missing|too long|goes on|damaged") as caught:
                restore(filled, folder, manifest, work=tmp_path / "work")
            assert f"`dataio dump verify {manifest.id}`" in caught.value.hint
            assert caught.value.hint.endswith(f"The database {filled.dbname} is as it was.")
        path.write_bytes(raw)
    assert content_of(filled) == before


@pytest.mark.parametrize("how", ["flipped", "truncated", "missing", "newer", "edited", "moved"])
def test_damaged_manifests(filled: Target, folder: FolderStore, how: str) -> None:
    manifest = create(filled, folder)
    path = folder.root / manifest.id / "manifest.json"
    body = json.loads(path.read_text())
    words = "damaged|changed|no dump"
    match how:
        case "newer":
            path.write_text(json.dumps({**body, "format": "dataio.dump/2"}))
            words = "dataio.dump/2"
        case "edited":
            body["tables"][1]["rows"] += 1
            path.write_text(json.dumps(body))
        case "moved":
            other = folder.root / "schema_v000/2020-01-01T00:00:00"
            path.parent.rename(other)
            manifest = replace(manifest, time="2020-01-01T00:00:00")
            words = "another dump"
        case _:
            damage(path, how)
    with pytest.raises(DumpError, match=words) as caught:
        read_manifest(folder, manifest.id)
    if how == "newer":
        assert "upgrade" in caught.value.hint


def forged(manifest: Manifest, folder: FolderStore, **parts: object) -> Manifest:
    """A manifest that is whole and does not tell the truth."""
    wrong = replace(manifest, **parts)  # type: ignore[arg-type]
    (folder.root / manifest.id / "manifest.json").write_bytes(wrong.to_json())
    return read_manifest(folder, manifest.id)


def test_what_is_restored_is_compared(filled: Target, folder: FolderStore, tmp_path: Path) -> None:
    manifest = create(filled, folder, Options(hashes=True))
    before = content_of(filled)
    table = next(table for table in manifest.tables if table.name == "account")
    others = tuple(other for other in manifest.tables if other is not table)
    lies: dict[str, dict[str, object]] = {
        "has 500 rows, the manifest says 501": {"tables": (replace(table, rows=501), *others)},
        "the content of table public.account": {"tables": (replace(table, content="1"), *others)},
        "table public.account is in no dump": {"tables": others},
        "names no table at all": {"tables": ()},
        "table public.gone is missing": {"tables": (replace(table, name="gone"), *manifest.tables)},
        "the manifest says 501": {"sequences": (replace(manifest.sequences[0], last_value=501),)},
        "large objects, the manifest says 2": {"large_objects": 2},
    }
    for words, parts in lies.items():
        with pytest.raises(Damaged) as caught:
            restore(filled, folder, forged(manifest, folder, **parts), work=tmp_path)
        assert words in caught.value.detail
    assert content_of(filled) == before


def test_roles_that_the_server_lacks(
    filled: Target, folder: FolderStore, tmp_path: Path, role: Callable[..., str]
) -> None:
    keeper = role("nologin")
    with connect(filled) as connection:
        connection.execute(sql.SQL("alter table account owner to {}").format(sql.Identifier(keeper)))
    manifest = create(filled, folder)
    assert keeper in manifest.roles
    lacking = forged(manifest, folder, roles=(*manifest.roles, "nobody_of_that_name"))
    with pytest.raises(DumpError, match="nobody_of_that_name") as caught:
        restore(filled, folder, lacking, work=tmp_path)
    assert "--no-owner" in caught.value.hint
    new = filled.with_dbname(f"{filled.dbname}_mine")
    restore(new, folder, lacking, RestoreOptions(no_owner=True), work=tmp_path)
    with connect(new) as connection:
        owners = connection.execute("select distinct tableowner from pg_tables where schemaname = 'public'").fetchall()
    assert owners == [("postgres",)]


def test_a_role_without_rights(filled: Target, folder: FolderStore, tmp_path: Path, role: Callable[..., str]) -> None:
    manifest = create(filled, folder)
    plain = filled.with_user(role("login"))
    with pytest.raises(DumpError, match="may not make databases"):
        restore(plain, folder, manifest, work=tmp_path)
    with pytest.raises(DumpError, match="permission denied") as caught:
        create(plain, folder)
    assert "pg_read_all_data" in caught.value.hint


def test_without_a_superuser(
    pg18: object, folder: FolderStore, tmp_path: Path, role: Callable[..., str], database: Callable[..., Target]
) -> None:
    owner = role("login createdb")
    target = database(owner=owner).with_user(owner)
    with connect(target) as connection:
        connection.execute("create table t (id serial primary key, v text); insert into t (v) values ('a'), ('b')")
    manifest = create(target, folder, Options(hashes=True))
    change_it = "update t set v = 'changed'"
    with connect(target) as connection:
        connection.execute(change_it)
    restored = restore(target, folder, manifest, RestoreOptions(keep=False), work=tmp_path)
    assert restored.compared.content
    with connect(target) as connection:
        assert connection.execute("select v from t order by id").fetchall() == [("a",), ("b",)]


def test_some_tables(filled: Target, folder: FolderStore, tmp_path: Path) -> None:
    manifest = create(filled, folder, Options(selection=Selection(tables=("Odd*",))))
    assert manifest.partial
    with pytest.raises(UsageError, match="some of the tables"):
        restore(filled, folder, manifest, work=tmp_path)
    into = filled.with_dbname(f"{filled.dbname}_part")
    restore(filled, folder, manifest, RestoreOptions(into=into.dbname), work=tmp_path)
    before, after = content_of(filled), content_of(into)
    assert after['public.Odd "name" x.y'] == before['public.Odd "name" x.y']
    with connect(into) as connection:
        assert connection.execute("select count(*) from account").fetchone() == (0,)
    without = create(filled, folder, Options(selection=Selection(exclude_tables=("nothing",), exclude_data=("Odd*",))))
    rows = {table.name: table.rows for table in without.tables}
    assert rows == {"account": 500, 'Odd "name" x.y': None}
    with pytest.raises(UsageError, match="no such table"):
        create(filled, folder, Options(selection=Selection(tables=("nope",))))
    with pytest.raises(UsageError, match="without rows"):
        create(filled, folder, Options(content="schema", selection=Selection(tables=("account",))))


_TYPED = """
    create schema sales;
    create type mood as enum ('low', 'high');
    create domain sales.amount as numeric check (value > 0);
    create type pair as (a sales.amount, b mood);
    create function sales.twice(x numeric) returns numeric language sql immutable as 'select x * 2';
    create table owner (id int primary key);
    create table item (id int primary key, owner int not null constraint "of an owner" references owner, feels mood,
                       costs sales.amount, both_of pair, doubled numeric generated always as (sales.twice(id)) stored);
    comment on constraint "of an owner" on item is 'said of a foreign key';
    create view owners as select * from owner;
    create materialized view counted as select count(*) from owners;
    insert into owner values (1);
    insert into item values (1, 1, 'low', 2.5, row(1, 'high'));
    select lo_from_bytea(0, '\\x00');
"""


@pytest.mark.parametrize("jobs", [0, 2])
@pytest.mark.parametrize(
    ("selection", "rows"),
    [
        (Selection(tables=("item",)), {"owner": None, "item": 1}),
        (Selection(exclude_tables=("owner",)), {"item": 1}),
        (Selection(exclude_data=("owner",)), {"owner": None, "item": 1}),
    ],
)
def test_some_tables_with_all_that_they_need(
    filled: Target,
    database: Callable[..., Target],
    folder: FolderStore,
    tmp_path: Path,
    selection: Selection,
    rows: dict[str, int | None],
    jobs: int,
) -> None:
    """Types, domains and functions come along; foreign keys are left out, which is said; views of what is not there."""
    target = database()
    with connect(target) as connection:
        connection.execute(_TYPED.encode())
    manifest = create(target, folder, Options(selection=selection, jobs=jobs, hashes=True), work=tmp_path)
    assert {table.name: table.rows for table in manifest.tables} == rows
    assert ("view public.owners was left out, as it reads a table that is" in manifest.warnings) == (
        "owner" not in rows
    )
    into = target.with_dbname(f"{filled.dbname}_part")
    restored = restore(target, folder, manifest, RestoreOptions(into=into.dbname), work=tmp_path)
    assert "1 foreign key left out: the rows that they lead to may not be in the dump" in restored.notes
    assert content_of(into)["public.item"] == content_of(target)["public.item"]
    place = _place(target)
    verified = verify_dump(folder, manifest, work=tmp_path, by_restore=True, place=place)
    assert verified.restored is not None
    assert verified.restored.rows == 1


def test_some_tables_in_the_schema_of_files(
    filled: Target, database: Callable[..., Target], folder: FolderStore, tmp_path: Path
) -> None:
    target = database()
    with connect(target) as connection:
        connection.execute(_TYPED.encode())
    manifest = create(target, folder, Options(selection=Selection(tables=("item",))))
    source = tmp_path / "schema.sql"
    source.write_text(_TYPED.partition("insert into")[0])
    into = target.with_dbname(f"{filled.dbname}_part")
    with schema_archive(_place(target), [source], root=tmp_path, migrations=tmp_path / "none") as archived:
        options = RestoreOptions(into=into.dbname, schema_archive=archived.path)
        restored = restore(target, folder, manifest, options, work=tmp_path)
    assert restored.compared.rows == 1
    assert any(note.startswith("1 foreign key left out") for note in restored.notes)


def test_an_upload_that_breaks_is_sent_again_alone(
    filled: Target, s3: S3Server, proxy: FaultyProxy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With --jobs: whatever boto3 has given up on; a refusal is no reason to try again."""
    monkeypatch.setattr("dataio.dumps.directory.PAUSES", (0.05, 0.05))
    store = s3.store(endpoint=proxy.endpoint, attempts=1)

    def is_rows(method: str, path: str) -> bool:
        return method == "PUT" and ".dat.zst" in path and "tagging" not in path

    proxy.faults = [Fault(is_rows, times=1, status=503), Fault(is_rows, times=1, drop_request=True)]
    manifest = create(filled, store, Options(jobs=2), work=tmp_path)
    verify(store, manifest)
    sent = [path for method, path in proxy.requests if is_rows(method, path)]
    assert len(sent) == len(set(sent)) + 2
    proxy.faults = [Fault(is_rows, times=100, status=503)]
    with pytest.raises(StoreError, match="SlowDown"):
        create(filled, store, Options(jobs=2), work=tmp_path)
    proxy.faults, proxy.requests = [Fault(is_rows, times=100, status=403, code="AccessDenied")], []
    with pytest.raises(StoreError, match="access denied"):
        create(filled, store, Options(jobs=2), work=tmp_path)
    sent = [path for method, path in proxy.requests if is_rows(method, path)]
    assert len(sent) == len(set(sent))
    assert [entry.id for entry in entries(store)] == [manifest.id]


@pytest.mark.parametrize("jobs", [0, 2])
def test_one_table_of_a_whole_dump(filled: Target, s3: S3Server, proxy: FaultyProxy, tmp_path: Path, jobs: int) -> None:
    """Its rows, all definitions, and of a dump with --jobs nobody else's object is fetched."""
    bucket = s3.bucket()
    with connect(filled) as connection:
        connection.execute("create table account_more as select 1 as x")  # whose line begins as that of account
    manifest = create(filled, s3.store(bucket), Options(jobs=jobs, hashes=True), work=tmp_path)
    through = s3.store(bucket, endpoint=proxy.endpoint)
    into = filled.with_dbname(f"{filled.dbname}_one")
    for wrong, words in (
        (RestoreOptions(tables=("account",)), "whole database"),
        (RestoreOptions(into=into.dbname, tables=("gone",)), "no such table"),
    ):
        with pytest.raises(UsageError, match=words):
            restore(filled, through, manifest, wrong, work=tmp_path / "work")
    options = RestoreOptions(into=into.dbname, tables=("public.account",))
    restored = restore(filled, through, manifest, options, work=tmp_path / "work")
    assert restored.compared.rows == 500
    assert restored.compared.content
    before, after = content_of(filled), content_of(into)
    assert after["public.account"] == before["public.account"]
    with connect(into) as connection:
        for name in ("account_more", 'Odd "name" x.y', "nothing"):
            number = connection.execute(sql.SQL("select count(*) from {}").format(sql.Identifier(name))).fetchone()
            assert number == (0,)
        assert connection.execute("insert into account (name) values ('next') returning id").fetchone() == (501,)
    read = {path.partition("?")[0].rpartition("/")[2] for method, path in proxy.requests if method == "GET"}
    own = next(table.object for table in manifest.tables if table.name == "account")
    assert {name for name in read if name.endswith(".dat.zst")} == ({own.rpartition("/")[2]} if own else set())


def test_an_interrupted_download_goes_on(filled: Target, s3: S3Server, proxy: FaultyProxy, tmp_path: Path) -> None:
    bucket = s3.bucket()
    with connect(filled) as connection:
        connection.execute("create table big as select g, md5(g::text) || md5((-g)::text) v "
                           "from generate_series(1, 60000) g")  # fmt: skip
    manifest = create(filled, s3.store(bucket))
    through = s3.store(bucket, endpoint=proxy.endpoint, attempts=1)
    proxy.faults = [Fault(lambda method, path: method == "GET" and ARCHIVE_FILE in path, times=50, cut_after=1_500_000)]
    before = content_of(filled)
    with pytest.raises(StoreError) as caught:
        restore(filled, through, manifest, work=tmp_path)
    assert "goes on where it stopped" in caught.value.hint
    assert content_of(filled) == before
    proxy.faults, proxy.requests = [], []
    sent = proxy.requests
    assert restore(filled, through, manifest, work=tmp_path).compared.rows == manifest.rows
    assert len([path for method, path in sent if method == "GET" and ARCHIVE_FILE in path]) == 1
    assert not any(tmp_path.iterdir())


def test_a_full_disk(filled: Target, folder: FolderStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    manifest = create(filled, folder)
    before = content_of(filled)
    small = tmp_path / "small"
    small.mkdir()
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("usage", (), {"free": 100})())
    with pytest.raises(DumpError, match="needs"):
        restore(filled, folder, manifest, work=small)
    with pytest.raises(StoreError, match="disk has 0 MB left"):
        create(filled, FolderStore(small / "store"))
    assert content_of(filled) == before


def test_interrupted_restores_are_told_of(filled: Target, folder: FolderStore, tmp_path: Path) -> None:
    manifest = create(filled, folder)
    new = swap.in_making(filled.dbname)
    with connect(filled.with_dbname("postgres")) as connection:
        connection.execute(sql.SQL("create database {}").format(sql.Identifier(new)))
        connection.execute(
            sql.SQL("comment on database {} is 'dataio restore: of something'").format(sql.Identifier(new))
        )
        assert [left.name for left in swap.leftovers(connection)] == [new]
        restored = restore(filled, folder, manifest, work=tmp_path)
        assert any(new in note and "--remove-leftovers" in note for note in restored.notes)
        swap.drop(connection, new)


def test_a_failing_restore_drops_what_it_made(filled: Target, folder: FolderStore, tmp_path: Path) -> None:
    manifest = create(filled, folder)
    before, names = content_of(filled), own_databases(filled)

    def fail(_: Target) -> Sequence[str]:
        raise ToolFailed("the migration failed", returncode=1, stderr="")

    with pytest.raises(ToolFailed, match="the migration failed"):
        restore(filled, folder, manifest, RestoreOptions(then=(fail,)), work=tmp_path)
    assert content_of(filled) == before
    assert own_databases(filled) == names


@pytest.mark.parametrize("server", ["pg15", "pg18"])
@pytest.mark.parametrize("jobs", [0, 2])
def test_large_objects_in_another_schema(
    request: pytest.FixtureRequest, folder: FolderStore, tmp_path: Path, filled: Target, server: str, jobs: int,
    database: Callable[..., Target],
) -> None:  # fmt: skip
    """No schema has them, and in archives of PostgreSQL up to 16 they are definitions."""
    target = database(request.getfixturevalue(server))
    with connect(target) as connection:
        connection.execute("create table t (x int); select lo_from_bytea(71234, '\\x00de')")
        connection.execute("comment on large object 71234 is 'said'; grant select on large object 71234 to public")
    manifest = create(target, folder, Options(jobs=jobs), work=tmp_path)
    (source := tmp_path / "schema.sql").write_text("create table t (x int);")
    place = Place(target, target.dbname, server[2:], int(server[2:]))
    with schema_archive(place, [source], root=tmp_path, migrations=tmp_path / "none") as archived:
        restore(target, folder, manifest, RestoreOptions(schema_archive=archived.path, keep=False), work=tmp_path)
    with connect(target) as connection:
        found = connection.execute(
            "select loid, data, obj_description(loid, 'pg_largeobject'), lomacl::text like '%=r/%' "
            "from pg_largeobject l join pg_largeobject_metadata m on m.oid = loid"
        ).fetchall()
    assert found == [(71234, b"\x00\xde", "said", True)]


def test_two_restores_of_a_dump_at_a_time(filled: Target, s3: S3Server, tmp_path: Path) -> None:
    """Each has a folder of its own; one that is left is taken up again."""
    store = s3.store()
    manifest = create(filled, store)
    first, second = (f"{filled.dbname}_{number}" for number in (1, 2))
    names: list[str] = []

    def meanwhile(_: Target) -> Sequence[str]:
        names.extend(path.name for path in tmp_path.iterdir())
        restore(filled, store, manifest, RestoreOptions(into=second), work=tmp_path)
        return ["another was restored meanwhile"]

    restored = restore(filled, store, manifest, RestoreOptions(into=first, then=(meanwhile,)), work=tmp_path)
    assert "another was restored meanwhile" in restored.notes
    assert not any(tmp_path.iterdir())
    with passing(tmp_path, manifest) as one, passing(tmp_path, manifest) as other:
        assert [one.name, other.name] == [names[0], f"{names[0]}-2"]
    with passing(tmp_path, manifest) as again:
        assert again == one


def test_a_verification_that_cannot_be_made_leaves_the_dump_and_says_so(
    filled: Target, folder: FolderStore, tmp_path: Path
) -> None:
    """Of rows only it is refused before anything is dumped."""
    place, work = _place(filled), tmp_path / "work"
    with pytest.raises(UsageError, match="cannot be restored alone"):
        create_dump(place, folder, root=tmp_path, work=work, content="data", depths=["restore"])
    assert entries(folder) == []
    unreachable = "postgresql://nobody@127.0.0.1:9/nowhere"
    with pytest.raises(DataioError) as caught:
        create_dump(place, folder, root=tmp_path, work=work, depths=["restore"], scratch_url=unreachable)
    (left,) = entries(folder)
    assert f"The dump {left.id} is in the store" in caught.value.hint
