"""The settings of S3, from dataio.toml to the wire; and a bucket that goes away under a dump."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.dumping import content_of, databases
from support.s3 import KEY, SECRET, Fault, FaultyProxy, S3Server

from dataio.dumps.create import Options, create
from dataio.dumps.errors import StoreError
from dataio.dumps.listing import entries
from dataio.dumps.restore import restore
from dataio.dumps.s3 import S3Store
from dataio.operations.dumps import open_store, s3_options
from dataio.postgres.conninfo import Target
from dataio.settings import load


def opened(project: Path, toml: str) -> S3Store:
    (project / "dataio.toml").write_text(toml)
    settings = load(cwd=project, environ={})
    store = open_store(settings.store, root=project, options=s3_options(settings))
    assert isinstance(store, S3Store)
    return store


def test_every_setting_arrives(
    tmp_path: Path, s3: S3Server, proxy: FaultyProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Credentials come from a profile, and everything else from the file."""
    bucket = s3.bucket()
    profiles = tmp_path / "credentials"
    profiles.write_text(f"[writer]\naws_access_key_id = {KEY}\naws_secret_access_key = {SECRET}\n")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(profiles))
    store = opened(
        tmp_path,
        f"""
        store = "s3://{bucket}/some/prefix"
        s3_endpoint = "{proxy.endpoint}"
        s3_region = "eu-central-1"
        s3_profile = "writer"
        s3_addressing = "path"
        s3_encryption = "AES256"
        s3_checksum = "crc32"
        s3_storage_class = "STANDARD_IA"
        s3_attempts = 3
        """,
    )
    assert store.client.meta.region_name == "eu-central-1"
    proxy.faults = [Fault(lambda method, _: method == "PUT", times=2, status=503)]
    stored = store.put("a", b"x", {"k": "v"})  # the third attempt
    assert stored.checksum.startswith("crc32:")
    assert all(path.startswith(f"/{bucket}/some/prefix/a") for method, path in proxy.requests if method == "PUT")
    head = s3.client().head_object(Bucket=bucket, Key="some/prefix/a")
    assert (head["ServerSideEncryption"], head["StorageClass"]) == ("AES256", "STANDARD_IA")
    monkeypatch.setattr("dataio.dumps.s3.PAUSES", ())
    proxy.faults = [Fault(lambda method, _: method == "PUT", times=3, status=503)]
    with pytest.raises(StoreError, match="SlowDown"):
        store.put("b", b"x", {"k": "v"})


@pytest.mark.parametrize(("jobs", "after"), [(0, 0), (0, 2), (0, 4), (2, 1), (2, 3), (2, 7)])
def test_a_bucket_that_vanishes_under_a_dump(
    filled: Target, s3: S3Server, proxy: FaultyProxy, tmp_path: Path, jobs: int, after: int
) -> None:
    """After so many objects, be it all but the manifest, there is no such bucket: an error, and no dump."""
    bucket = s3.bucket()
    writes = 0

    def gone(method: str, _: str) -> bool:
        nonlocal writes
        writes += method == "PUT"
        return writes > after

    proxy.faults = [Fault(gone, times=100_000, status=404, code="NoSuchBucket")]
    with pytest.raises(StoreError, match=r"no bucket|it is not there"):
        create(filled, s3.store(bucket, endpoint=proxy.endpoint), Options(jobs=jobs), work=tmp_path)
    assert not any(entry.complete for entry in entries(s3.store(bucket)))
    assert list(tmp_path.iterdir()) == []


def test_a_bucket_that_vanishes_under_a_restore(
    filled: Target, s3: S3Server, proxy: FaultyProxy, tmp_path: Path
) -> None:
    bucket = s3.bucket()
    manifest = create(filled, s3.store(bucket), Options(jobs=2), work=tmp_path)
    before, names = content_of(filled), databases(filled)
    reads = 0

    def gone(method: str, path: str) -> bool:
        nonlocal reads
        reads += method == "GET" and ".dat.zst" in path
        return reads > 1

    proxy.faults = [Fault(gone, times=100_000, status=404, code="NoSuchBucket")]
    with pytest.raises(StoreError, match=r"no bucket|it is not there"):
        restore(filled, s3.store(bucket, endpoint=proxy.endpoint), manifest, work=tmp_path)
    assert content_of(filled) == before
    assert {name for name in databases(filled) - names if name.startswith(filled.dbname)} == set()
