"""Files that pg_dump wrote without us: every format, restored with the same care; and what is no dump."""

from __future__ import annotations

import gzip
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import zstandard
from psycopg import sql
from support.dumping import content_of, databases

from dataio.dumps.errors import Damaged, DumpError
from dataio.dumps.foreign import restore_foreign
from dataio.dumps.restore import Options
from dataio.postgres.binaries import embedded
from dataio.postgres.connection import connect
from dataio.postgres.conninfo import Target
from dataio.postgres.process import ToolFailed

FORMATS = ["custom", "directory", "plain", "plain.gz", "plain.zst", "custom.gz"]


def dumped(target: Target, format_: str, place: Path) -> Path:
    kind, _, packed = format_.partition(".")
    command = [str(embedded(18).path("pg_dump")), f"--format={kind}", f"--file={place}", target.dbname]
    subprocess.run(command, env=target.env(), check=True, timeout=120)
    if packed:
        raw = place.read_bytes()
        place.write_bytes(gzip.compress(raw) if packed == "gz" else zstandard.compress(raw))
    return place


@pytest.fixture
def new(filled: Target) -> Iterator[Target]:
    """A database that is not there yet, and is gone afterwards."""
    target = filled.with_dbname(f"{filled.dbname}_new")
    yield target
    assert not [name for name in databases(filled) if name.startswith(f"{target.dbname}_restoring_")]
    with connect(filled.with_dbname("postgres")) as connection:
        connection.execute(sql.SQL("drop database if exists {}").format(sql.Identifier(target.dbname)))


@pytest.mark.parametrize("format_", FORMATS)
def test_every_format(filled: Target, new: Target, tmp_path: Path, format_: str) -> None:
    path = dumped(filled, format_, tmp_path / "there")
    restored = restore_foreign(new, path, Options(), work=tmp_path / "work")
    assert content_of(new) == content_of(filled)
    assert any("no manifest" in note for note in restored.notes)
    assert not any((tmp_path / "work").iterdir())


def test_a_script_runs_no_programs(new: Target, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    script = tmp_path / "evil.sql"
    script.write_text(f"\\restrict abc\ncreate table t (x int);\n\\unrestrict abc\n\\! touch {mark}\n")
    with pytest.raises(ToolFailed, match=r"evil\.sql:4.*restricted"):
        restore_foreign(new, script, Options(), work=tmp_path / "work")
    assert not mark.exists()
    assert new.dbname not in databases(new)


def damaged(path: Path, how: str) -> None:
    raw = path.read_bytes()
    path.write_bytes(raw[: len(raw) // 2] if how == "truncated" else b"\x7fELF" + bytes(100))


@pytest.mark.parametrize("format_", ["custom", "plain.gz", "plain.zst"])
@pytest.mark.parametrize("how", ["truncated", "something else"])
def test_what_is_no_dump(filled: Target, new: Target, tmp_path: Path, format_: str, how: str) -> None:
    path = dumped(filled, format_, tmp_path / "there")
    damaged(path, how)
    with pytest.raises((DumpError, Damaged, ToolFailed)) as caught:
        restore_foreign(new, path, Options(), work=tmp_path / "work")
    assert "there" in caught.value.message or "end of file" in caught.value.message
    assert new.dbname not in databases(filled)


@pytest.mark.timeout(60)
def test_a_pipe_is_not_waited_for(filled: Target, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(DumpError, match="neither a file nor a folder"):
        restore_foreign(filled, tmp_path / "pipe", Options(), work=tmp_path / "work")


def test_a_store_is_told_from_a_dump(filled: Target, tmp_path: Path) -> None:
    place = tmp_path / "store" / "schema_v001" / "2026-11-22T10:00:00"
    place.mkdir(parents=True)
    (place / "manifest.json").touch()
    with pytest.raises(DumpError, match="is no dump") as caught:
        restore_foreign(filled, tmp_path / "store", Options(), work=tmp_path / "work")
    assert "--store" in caught.value.hint
