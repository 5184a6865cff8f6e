"""What is large, what is many, and what is full: five million rows, ten thousand dumps, a disk without room."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.s3.models import s3_backends
from psycopg import sql
from support.dumping import content_of, keys, own_databases
from support.s3 import FaultyProxy, S3Server

from dataio.dumps.create import Options, create
from dataio.dumps.errors import DumpError, StoreError
from dataio.dumps.fetch import fetch
from dataio.dumps.folder import FolderStore
from dataio.dumps.listing import entries, parse_wanted, read_manifest, select
from dataio.dumps.restore import Options as RestoreOptions
from dataio.dumps.restore import restore
from dataio.dumps.verify import verify
from dataio.postgres.connection import connect
from dataio.postgres.conninfo import Target
from dataio.postgres.process import ToolFailed


@pytest.fixture
def tiny(tmp_path: Path) -> Iterator[Path]:
    """A file system of one megabyte."""
    if os.geteuid() != 0:
        pytest.skip("only root may mount a file system that is really full")
    place = tmp_path / "tiny"
    place.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(place)],
                          capture_output=True, check=False)  # fmt: skip
    if done.returncode:
        pytest.skip(f"no file system can be mounted here: {done.stderr.decode().strip()}")
    place.chmod(0o777)
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


@pytest.fixture
def bulky(database: Callable[..., Target]) -> Target:
    """Four megabytes that do not compress well."""
    target = database()
    with connect(target) as connection:
        connection.execute("create table t as select g id, md5(g::text) || md5((-g)::text) v "
                           "from generate_series(1, 60000) g")  # fmt: skip
    return target


def files(place: Path) -> list[Path]:
    return [path for path in place.rglob("*") if path.is_file()]


def test_a_dump_onto_a_full_disk(bulky: Target, tiny: Path, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"No space left on device|disk has") as caught:
        create(bulky, FolderStore(tiny / "store"))
    assert "room" in caught.value.hint or "Free" in caught.value.hint
    assert files(tiny) == []
    store = FolderStore(tmp_path / "store")
    with pytest.raises(ToolFailed, match="No space left on device") as failed:
        create(bulky, store, Options(jobs=2), work=tiny)
    assert "disk is full" in failed.value.hint
    assert keys(store) == []
    assert files(tiny) == []


@pytest.mark.parametrize("jobs", [0, 2])
def test_a_restore_and_a_fetch_onto_a_full_disk(
    bulky: Target, tiny: Path, s3: S3Server, tmp_path: Path, jobs: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The room is there when it is asked for, and gone when it is needed."""
    store = s3.store()
    manifest = create(bulky, store, Options(jobs=jobs), work=tmp_path)
    with connect(bulky) as connection:
        connection.execute("delete from t where id > 10")
    before, names = content_of(bulky), own_databases(bulky)
    with pytest.raises(DumpError, match=r"needs .* for passing files"):
        restore(bulky, store, manifest, work=tiny)
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("usage", (), {"free": 1 << 40})())
    with pytest.raises(DumpError, match="No space left on device") as caught:
        restore(bulky, store, manifest, work=tiny)
    assert "room" in caught.value.hint
    assert content_of(bulky) == before
    assert own_databases(bulky) == names
    with pytest.raises(StoreError, match="No space left on device") as failed:
        fetch(store, manifest, FolderStore(tiny / "copy"))
    assert "room" in failed.value.hint
    assert not any(entry.complete for entry in entries(FolderStore(tiny / "copy")))
    fetch(store, manifest, FolderStore(tmp_path / "copy"))
    verify(FolderStore(tmp_path / "copy"), read_manifest(FolderStore(tmp_path / "copy"), manifest.id))


def test_five_million_rows_and_none(database: Callable[..., Target], tmp_path: Path) -> None:
    target, store = database(), FolderStore(tmp_path / "store")
    with connect(target) as connection:
        connection.execute("create unlogged table many as select g::int as x from generate_series(1, 5000000) g")
        connection.execute("create table none (x int)")
    manifest = create(target, store, Options(jobs=2), work=tmp_path)
    assert {table.name: table.rows for table in manifest.tables} == {"many": 5_000_000, "none": 0}
    back = target.with_dbname(f"{target.dbname}_back")
    try:
        assert restore(back, store, manifest, RestoreOptions(analyze=False), work=tmp_path).compared.rows == 5_000_000
        with connect(back) as connection:
            row = connection.execute("select count(*), sum(x), (select count(*) from none) from many").fetchone()
        assert row == (5_000_000, 5_000_000 * 5_000_001 // 2, 0)
    finally:
        with connect(target.with_dbname("postgres")) as connection:
            connection.execute(sql.SQL("drop database if exists {}").format(sql.Identifier(back.dbname)))


def test_ten_thousand_dumps_in_a_bucket(s3: S3Server, proxy: FaultyProxy) -> None:
    """20,000 objects: 20 requests of one listing and none per dump, whatever is asked of it."""
    bucket = s3.bucket()
    backend, begin = s3_backends[DEFAULT_ACCOUNT_ID]["aws"], datetime(2020, 1, 1, tzinfo=UTC)
    for number in range(10_000):
        time_name = f"{begin + timedelta(hours=6 * number):%Y-%m-%dT%H:%M:%S}"
        folder = f"dumps/schema_v{number // 1000 + 1:03d}/{time_name}"
        for name in (f"labels/tag/number={number}", "manifest.json"):
            backend.put_object(bucket, f"{folder}/{name}", b"")
    store = s3.store(bucket, endpoint=proxy.endpoint)
    begun = time.monotonic()
    found = entries(store)
    seconds = time.monotonic() - begun
    assert len(found) == 10_000
    assert select(found, parse_wanted("number=4711"), where="here").version == 5
    assert len(proxy.requests) == 20
    assert {method for method, _ in proxy.requests} == {"GET"}
    assert seconds < 120, seconds  # moto looks through all objects for every page; it takes 5 s on a quiet machine
    proxy.requests.clear()
    assert len(entries(store, version=3)) == 1000
    assert len(proxy.requests) == 2
