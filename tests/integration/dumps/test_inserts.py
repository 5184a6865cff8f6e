"""Data inserts: kinds of files, their order, one transaction, errors with file and line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Server

from dataio.dumps.inserts import insert
from dataio.errors import SourceError
from dataio.postgres.connection import connect
from dataio.postgres.conninfo import Target


@pytest.fixture
def catalogue(database: Callable[..., Target]) -> Target:
    target = database()
    with connect(target) as connection:
        connection.execute("""
            create table owner (id int generated always as identity primary key, name text not null);
            create table dataset (id serial primary key, owner_id int not null references owner (id), tags text[],
                                  about jsonb, made timestamptz default '2020-01-01Z');
            create table link (a int references dataset (id) deferrable initially deferred, b int);
        """)
    return target


def write(folder: Path, **files: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / name.replace("__", ".")).write_text(text, "utf-8")
    return folder


def test_all_kinds_in_the_order_of_the_tables(catalogue: Target, tmp_path: Path) -> None:
    folder = write(
        tmp_path / "data",
        dataset__jsonl='{"id": 7, "owner_id": 2, "tags": ["a", "b,c"], "about": {"x": [1]}}\n\n{"owner_id": 1}\n',
        owner__csv='id,name\n1,"multi\nline"\n2,b\n',
        public__link__csv="b,a\n1,7\n",
        zz__sql="update owner set name = upper(name);\n",
    )
    done = insert(catalogue, folder)
    assert [path.name for path in done.files] == ["owner.csv", "dataset.jsonl", "public.link.csv", "zz.sql"]
    with connect(catalogue) as connection:
        assert connection.execute("select id, name from owner order by 1").fetchall() == [(1, "MULTI\nLINE"), (2, "B")]
        rows = connection.execute("select owner_id, tags, about, made is not null from dataset order by 1").fetchall()
        assert rows == [(1, None, None, True), (2, ["a", "b,c"], {"x": [1]}, True)]
        assert connection.execute("insert into owner (name) values ('c') returning id").fetchone() == (3,)
        assert connection.execute("insert into dataset (owner_id) values (1) returning id").fetchone() == (8,)


def test_numbered_files_come_first(catalogue: Target, tmp_path: Path) -> None:
    folder = write(tmp_path / "data")
    (folder / "02_dataset.jsonl").write_text('{"owner_id": 1}\n')
    (folder / "01_owner.sql").write_text("insert into owner (name) values ('a');\n")
    (folder / "owner.jsonl").write_text('{"name": "z"}\n')
    done = insert(catalogue, folder)
    assert [path.name for path in done.files] == ["01_owner.sql", "02_dataset.jsonl", "owner.jsonl"]
    assert done.rows == {"public.owner": 2, "public.dataset": 1}


@pytest.mark.parametrize("encoding", ["UTF8", "LATIN1"])
def test_numbers_of_jsonl_keep_their_digits(
    pg18: Server, database: Callable[..., Target], tmp_path: Path, encoding: str
) -> None:
    target = database()
    pg18.execute(f'drop database "{target.dbname}"')
    pg18.execute(f"create database \"{target.dbname}\" template template0 encoding '{encoding}' locale 'C'")
    with connect(target) as connection:
        connection.execute("create table odd (n numeric, f float8, b jsonb, j json, many numeric[], t text)")
    huge = "9" * 5000
    rows = (
        '{"n": 123456789012345678901234567890.123, "f": 0.1, "t": "fa\u00e7ade \\u00e9 \\\\ \\" \'"}\n'
        '{"n": 1.10, "b": {"a": 0.12345678901234567890123}, "j": {"z": 1.10, "a":  1e2}, "many": [1.10, 2.000]}\n'
        f'{{"n": {huge}}}\n'
    )
    insert(target, write(tmp_path / "data", odd__jsonl=rows))
    with connect(target) as connection:
        found = connection.execute("select n::text, f, b::text, j::text, many::text, t from odd").fetchall()
    assert found == [
        ("123456789012345678901234567890.123", 0.1, None, None, None, "façade é \\ \" '"),
        ("1.10", None, '{"a": 0.12345678901234567890123}', '{"z": 1.10, "a":  1e2}', "{1.10,2.000}", None),
        (huge, None, None, None, None, None),
    ]


@pytest.mark.parametrize(
    ("name", "text", "line", "words"),
    [
        ("owner.csv", "id,name\n1,a\n2,b\nx,c\n", 4, "invalid input syntax"),
        ("owner.csv", "id,nome\n1,a\n", None, "nome"),
        ("owner.jsonl", '{"name": "a"}\n{"name": null}\n', 2, "null value"),
        ("owner.jsonl", '{"name": "a"}\n{"name": \n', 2, "not JSON"),
        ("dataset.jsonl", '{"owner_id": 99}\n', 1, "foreign key"),
        ("a.sql", "insert into owner (name) values ('a');\ninsert into nowhere values (1);\n", 2, "nowhere"),
        ("link.csv", "a,b\n99,1\n", None, "foreign key"),
        ("unknown.csv", "a\n1\n", None, "no table"),
        ("b.sql", "-- all of it\nBEGIN;\ninsert into owner (name) values ('b');\nCOMMIT;\n", 2, "BEGIN in a file"),
        ("b.sql", "insert into owner (name) values ('b');\nCommit work;\n", 2, "COMMIT in a file"),
        ("b.sql", "\\ir included\ninsert into owner (name) values ('after');\n", 2, "read-only transaction"),
    ],
)
def test_errors_have_a_place_and_nothing_stays(
    catalogue: Target, tmp_path: Path, name: str, text: str, line: int | None, words: str
) -> None:
    folder = write(tmp_path / "data")
    (folder / "00_first.sql").write_text("insert into owner (name) values ('before');\n")
    (folder / name).write_text(text)
    (folder / "included").write_text("rollback;\n")
    with pytest.raises(SourceError, match=words) as caught:
        insert(catalogue, folder)
    assert caught.value.line == line
    if name != "link.csv":  # a deferred constraint fails when all files are in
        assert caught.value.file.endswith(name)
    with connect(catalogue) as connection:
        assert connection.execute("select count(*) from owner").fetchone() == (0,)
