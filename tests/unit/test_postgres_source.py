"""Schema files on disk: finding, reading, refusing what is not SQL text."""

from __future__ import annotations

from pathlib import Path

import pytest

from dataio.errors import SourceError
from dataio.postgres.source import adapted, find_files, read_file, read_files, source_hash, source_text

HEADER = """--
-- PostgreSQL database dump
--

\\restrict abCD12

SET statement_timeout = 0;
SET transaction_timeout = 0;
SET client_encoding = 'UTF8';
SELECT pg_catalog.set_config('search_path', '', false);

CREATE TABLE t ();
SET transaction_timeout = 0;
\\unrestrict abCD12
"""


def write(path: Path, text: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_folders_are_read_recursively_in_order(tmp_path: Path) -> None:
    for name in ("b/2.sql", "a/1.sql", "c.sql", ".git/x.sql", "notes.md"):
        write(tmp_path / name, "select 1;")
    assert [str(p.relative_to(tmp_path)) for p in find_files([tmp_path])] == ["a/1.sql", "b/2.sql", "c.sql"]


def test_included_files_come_with_their_includer(tmp_path: Path) -> None:
    write(tmp_path / "main.sql", "\\ir part/a.sql\n\\ir 'part/b.sql'\n")
    write(tmp_path / "part/a.sql", "select 1;")
    write(tmp_path / "part/b.sql", "select 2;")
    assert [file.path.name for file in read_files([tmp_path])] == ["main.sql"]
    before = source_hash([tmp_path])
    write(tmp_path / "part/b.sql", "select 3;")
    assert source_hash([tmp_path]) != before
    assert "\\ir part/a.sql" in source_text([tmp_path])


@pytest.mark.parametrize(
    ("content", "words", "line"),
    [
        (b"", "is empty", None),
        (b" \n\t\n", "is empty", None),
        (b"\xef\xbb\xbf\n", "is empty", None),
        (b"select 1;\n\0\x01\x02", "null byte", 2),
        (b"select 1;\n-- caf\xe9\n", "not UTF-8", 2),
        (b"PGDMP\x01\x10", "custom format", None),
        (b"\x1f\x8b\x08", "gzip", None),
        (b"\xff\xfes\0", "UTF-16", None),
        (b"create table t();\n\\connect prod\n", "\\connect", 2),
        (b"  \\c\n", "\\connect", 1),
    ],
)
def test_refused(tmp_path: Path, content: bytes, words: str, line: int | None) -> None:
    path = write(tmp_path / "schema.sql", content)
    with pytest.raises(SourceError) as caught:
        read_files([path])
    assert words in caught.value.message
    assert caught.value.line == line
    assert "schema.sql" in caught.value.message


def test_connect_in_an_included_file_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "schema.sql", "\\ir other.sql\n")
    write(tmp_path / "other.sql", "\n\\c prod\n")
    with pytest.raises(SourceError, match=r"other\.sql:2"):
        read_files([path])


def test_files_that_include_each_other_end(tmp_path: Path) -> None:
    path = write(tmp_path / "a.sql", "\\ir b.sql\n")
    write(tmp_path / "b.sql", "\\ir a.sql\n")
    assert read_files([path])[0].path == path
    assert source_hash([path])


def test_empty_can_be_allowed(tmp_path: Path) -> None:
    assert read_files([write(tmp_path / "schema.sql", "")], allow_empty=True) == []


def test_missing(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no such file or folder"):
        read_files([tmp_path / "nix.sql"])
    (tmp_path / "empty").mkdir()
    with pytest.raises(SourceError, match=r"no \.sql file"):
        read_files([tmp_path / "empty"])


def test_a_latin1_dump_says_what_it_is_and_is_taken(tmp_path: Path) -> None:
    path = write(tmp_path / "d.sql", b"SET client_encoding = 'LATIN1';\n\nCOMMENT ON SCHEMA public IS 'caf\xe9';\n")
    assert read_file(path).text.encode("utf-8", "surrogateescape") == path.read_bytes()


def test_a_dumps_header_is_adapted(tmp_path: Path) -> None:
    file = read_file(write(tmp_path / "d.sql", HEADER))
    assert adapted(file, 18, restricted=False) is None
    older = adapted(file, 16, restricted=False)
    assert older is not None
    # Only the header is pg_dump's; what the user wrote below it stays, even when it fails.
    assert older.count("transaction_timeout") == 1
    assert "\\restrict" in older
    assert older.count("\n") == HEADER.count("\n")
    untrusted = adapted(file, 18, restricted=True)
    assert untrusted is not None
    assert "restrict" not in untrusted
    assert untrusted.count("\n") == HEADER.count("\n")
