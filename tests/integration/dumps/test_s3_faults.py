"""S3 as it really is: refusals, storms, broken connections, lost answers; each over HTTP."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from support.s3 import Fault, FaultyProxy, S3Server

from dataio.dumps.errors import AlreadyThere, NotThere, StoreError
from dataio.dumps.s3 import S3Store
from dataio.errors import UsageError

MB = 1 << 20
BIG = 18 * MB


def is_put(method: str, path: str) -> bool:
    return method == "PUT" and "tagging" not in path


def is_part(method: str, path: str) -> bool:
    return method == "PUT" and "partNumber" in path


def is_complete(method: str, path: str) -> bool:
    return method == "POST" and "uploadId" in path


def is_get(method: str, path: str) -> bool:
    return method == "GET" and "tagging" not in path and "list-type" not in path


@pytest.fixture
def through(s3: S3Server, proxy: FaultyProxy) -> S3Store:
    """A store behind the proxy."""
    return s3.store(endpoint=proxy.endpoint, read_timeout=2.0)


def big(store: S3Store, key: str = "big") -> None:
    with store.writer(key, {"k": "v"}) as writer:
        for _ in range(BIG // MB):
            writer.write(bytes(MB))
        writer.commit()


def uploads(store: S3Store) -> list[str]:
    answer = store.client.list_multipart_uploads(Bucket=store.bucket)
    return [upload["Key"] for upload in answer.get("Uploads", ())]


@pytest.mark.parametrize("status", [500, 503])
def test_storms_are_sat_out(through: S3Store, proxy: FaultyProxy, status: int) -> None:
    proxy.faults = [Fault(lambda _m, _p: True, times=2, status=status) for _ in range(1)]
    through.put("a", b"x", {"k": "v"})
    proxy.faults = [Fault(is_part, times=2, status=status), Fault(is_complete, times=1, status=status)]
    big(through)
    proxy.faults = [Fault(is_get, times=2, status=status)]
    assert through.read("a") == b"x"
    assert through.tags("big") == {"k": "v"}


def test_a_storm_without_an_end(through: S3Store, proxy: FaultyProxy) -> None:
    proxy.faults = [Fault(is_part, times=10_000, status=503)]
    with pytest.raises(StoreError, match=r"SlowDown|no \(") as caught:
        big(through)
    assert "try again later" in caught.value.hint
    proxy.faults = []
    assert list(through.list()) == []
    assert uploads(through) == []


def test_a_server_that_is_away_is_waited_for_once_something_was_written(
    through: S3Store, proxy: FaultyProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """boto's tries are used up within seconds; a wrong endpoint is told of at once all the same."""
    monkeypatch.setattr("dataio.dumps.s3.PAUSES", (0.05, 0.05, 0.05))
    store = S3Store(through.bucket, through.prefix, replace(through.options, attempts=2))
    proxy.faults = [Fault(is_part, times=7, drop_request=True)]
    big(store)
    assert b"".join(store.chunks("big")) == bytes(BIG)
    proxy.faults = [Fault(is_complete, times=7, status=503)]
    big(store, "again")
    proxy.faults, proxy.requests = [Fault(is_part, times=100, drop_request=True)], []
    with pytest.raises(StoreError):
        big(store, "lost")
    store = S3Store(through.bucket, through.prefix, replace(through.options, attempts=1))
    proxy.faults, proxy.requests = [Fault(lambda _m, _p: True, times=100, status=503)], []
    with pytest.raises(StoreError):
        store.put("first", b"x", {})
    assert len(proxy.requests) == 1


def test_dropped_connections(through: S3Store, proxy: FaultyProxy) -> None:
    proxy.faults = [Fault(is_part, times=2, drop_request=True)]
    big(through)
    proxy.faults = [Fault(is_get, times=3, cut_after=5 * MB)]
    assert b"".join(through.chunks("big")) == bytes(BIG)
    ranges = [path for method, path in proxy.requests if is_get(method, path)]
    assert len(ranges) >= 4


def test_a_download_that_never_gets_further(through: S3Store, proxy: FaultyProxy) -> None:
    big(through)
    proxy.faults = [Fault(is_get, times=10_000, cut_after=0)]
    with pytest.raises(StoreError, match="connection"):
        b"".join(through.chunks("big"))


def test_a_slow_server(through: S3Store, proxy: FaultyProxy) -> None:
    proxy.faults = [Fault(is_put, times=1, delay=3.0)]  # the read timeout is 2 s
    through.put("slow", b"body", {})
    assert through.read("slow") == b"body"


@pytest.mark.parametrize("body", [b"small", None])
def test_an_answer_that_is_lost_is_no_conflict(through: S3Store, proxy: FaultyProxy, body: bytes | None) -> None:
    """The server has taken the object, its answer never came, and the retry meets the object: it is our own."""
    proxy.faults = [Fault(is_put if body else is_complete, times=1, lose_answer=True)]
    if body is not None:
        through.put("object", body, {"k": "v"})
        assert through.read("object") == body
    else:
        big(through, "object")
        assert through.look("object").size == BIG
    assert through.tags("object") == {"k": "v"}


def test_tags_that_the_server_drops_are_put_again(through: S3Store, proxy: FaultyProxy) -> None:
    """radosgw 16 and others forget Tagging on CreateMultipartUpload."""
    proxy.faults = [
        Fault(lambda method, path: method == "POST" and "uploads" in path, without_headers=("x-amz-tagging",)),
        Fault(is_put, without_headers=("x-amz-tagging",), times=1),
    ]
    big(through)
    assert through.tags("big") == {"k": "v"}


def test_the_condition_holds_where_the_server_ignores_it(through: S3Store, proxy: FaultyProxy) -> None:
    through.put("a", b"first", {})
    proxy.faults = [Fault(lambda _m, _p: True, times=10_000, without_headers=("if-none-match",))]
    with pytest.raises(AlreadyThere):
        through.put("a", b"second", {})
    with pytest.raises(AlreadyThere):
        big(through, "a")
    assert through.read("a") == b"first"
    assert uploads(through) == []


def test_conditions_on_the_wire(s3: S3Server, proxy: FaultyProxy) -> None:
    """Where the look before finds nothing, the server itself refuses: two writers at the same moment."""
    store = s3.store(endpoint=proxy.endpoint)
    store.put("a", b"first", {})
    proxy.faults = [Fault(lambda method, _p: method == "HEAD", times=1, status=404, code="NotFound")]
    with pytest.raises(AlreadyThere):
        store.put("a", b"second", {})
    proxy.faults = [Fault(lambda method, _p: method == "HEAD", times=1, status=404, code="NotFound")]
    with pytest.raises(AlreadyThere):
        big(store, "a")
    assert store.read("a") == b"first"


@pytest.mark.parametrize("code", ["AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken"])
def test_access_denied(through: S3Store, proxy: FaultyProxy, code: str) -> None:
    proxy.faults = [Fault(lambda _m, _p: True, times=10_000, status=403, code=code)]
    for attempt in (lambda: through.put("a", b"x", {}), lambda: list(through.list()), lambda: through.read("a")):
        with pytest.raises(StoreError, match="access denied") as caught:
            attempt()
        assert caught.value.hint
        assert "testing-secret" not in str(caught.value)


def test_wrong_credentials(real: S3Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Answers to HEAD have no words: the reason is asked for. versitygw says 404 of a key that it does not know."""
    bucket = real.bucket()
    for variable, words, hint in (
        ("AWS_SECRET_ACCESS_KEY", "SignatureDoesNotMatch", "secret key is wrong"),
        ("AWS_ACCESS_KEY_ID", "XAdminUserNotFound", "does not know this access key"),
    ):
        with monkeypatch.context() as patch:
            patch.setenv(variable, "wrong")
            store = real.store(bucket)
            for attempt in (partial(store.put, "a", b"x", {}), lambda store=store: list(store.list())):
                with pytest.raises(StoreError, match=words) as caught:
                    attempt()
                assert hint in caught.value.hint


def test_a_bucket_that_is_not_there(s3: S3Server) -> None:
    store = s3.store("no-such-bucket-at-all")
    for attempt in (lambda: list(store.list()), lambda: store.put("a", b"x", {}), lambda: big(store)):
        with pytest.raises(StoreError, match="no bucket"):
            attempt()


def test_a_bucket_that_vanishes(s3: S3Server) -> None:
    bucket = s3.bucket()
    store = s3.store(bucket)
    with pytest.raises(StoreError), store.writer("big", {}) as writer:  # noqa: PT012
        for number in range(40):
            writer.write(bytes(MB))
            if number == 20:
                client = s3.client()
                for upload in client.list_multipart_uploads(Bucket=bucket).get("Uploads", ()):
                    client.abort_multipart_upload(Bucket=bucket, Key=upload["Key"], UploadId=upload["UploadId"])
                client.delete_bucket(Bucket=bucket)
        writer.commit()


def test_a_server_that_is_not_there(s3: S3Server) -> None:
    store = s3.store("bucket", endpoint="http://127.0.0.1:9", attempts=2)
    with pytest.raises(StoreError, match="cannot be reached") as caught:
        store.read("a")
    assert "endpoint" in caught.value.hint


def test_missing_credentials(s3: S3Server, monkeypatch: pytest.MonkeyPatch) -> None:
    bucket = s3.bucket()
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    with pytest.raises(StoreError, match="no credentials"):
        s3.store(bucket).read("a")


def test_a_profile_that_is_not_there(s3: S3Server) -> None:
    with pytest.raises(UsageError, match="nobody"):
        s3.store("bucket", profile="nobody")


@pytest.mark.parametrize("checksum", ["sha256", "crc32", "none"])
def test_checksums(s3: S3Server, checksum: str) -> None:
    store = s3.store(checksum=checksum)
    small = store.put("small", b"body", {})
    with store.writer("big", {}) as writer:
        for _ in range(BIG // MB):
            writer.write(bytes(MB))
        writer.commit()
    assert store.look("big").size == BIG
    if checksum != "none":
        assert small.checksum.startswith(checksum)
    head = store.client.head_object(Bucket=store.bucket, Key=f"{store.prefix}small", ChecksumMode="ENABLED")
    if checksum == "sha256":  # the server keeps what we computed
        assert head["ChecksumSHA256"] == small.checksum.partition(":")[2]


def test_encryption_is_asked_for(s3: S3Server) -> None:
    store = s3.store(encryption="aws:kms", kms_key="alias/dumps", storage_class="STANDARD_IA")
    store.put("small", b"x", {})
    big(store)
    for key in ("small", "big"):
        head = store.client.head_object(Bucket=store.bucket, Key=store.prefix + key)
        assert head["ServerSideEncryption"] == "aws:kms"
        assert head["SSEKMSKeyId"].endswith("alias/dumps")
        assert head["StorageClass"] == "STANDARD_IA"


def test_links_expire_and_name_their_version(s3: S3Server) -> None:
    bucket = s3.bucket(versioned=True)
    store = s3.store(bucket)
    store.put("a", b"first", {})
    link = store.link("a", seconds=60)
    assert "versionId=" in link
    s3.client().put_object(Bucket=bucket, Key=f"{store.prefix}a", Body=b"overwritten by somebody else")
    with urlopen(link, timeout=60) as answer:
        assert answer.read() == b"first"
    with pytest.raises(NotThere):
        store.link("b", seconds=60)
    with pytest.raises(HTTPError), urlopen(link.replace("dumps/a", "dumps/c"), timeout=60):
        pass


def test_versioned_buckets(s3: S3Server) -> None:
    store = s3.store(s3.bucket(versioned=True))
    store.put("a", b"first", {"k": "v"})
    with pytest.raises(AlreadyThere):
        store.put("a", b"second", {})
    store.delete(["a"])
    with pytest.raises(NotThere):
        store.read("a")
    store.put("a", b"third", {"k": "w"})
    assert store.tags("a") == {"k": "w"}


def test_uploads_of_dead_runs_are_abandoned(s3: S3Server) -> None:
    store = s3.store()
    store.client.create_multipart_upload(Bucket=store.bucket, Key=f"{store.prefix}schema_v001/x/data")
    store.client.create_multipart_upload(Bucket=store.bucket, Key="somebody/else")
    now = datetime.now(UTC)
    assert store.abandon("", before=datetime(2000, 1, 1, tzinfo=UTC)) == 0  # moto: all began in 2010

    assert store.abandon("", before=now + timedelta(days=1)) == 1
    assert uploads(store) == ["somebody/else"]


def test_a_server_without_tags(s3: S3Server, proxy: FaultyProxy) -> None:
    proxy.faults = [Fault(lambda _m, path: "tagging" in path, times=10_000, status=501, code="NotImplemented")]
    with pytest.raises(StoreError, match="does not know this request") as caught:
        s3.store(endpoint=proxy.endpoint).put("a", b"x", {"k": "v"})
    assert "s3_tagging = false" in caught.value.hint
    store = s3.store(endpoint=proxy.endpoint, tagging=False)
    store.put("b", b"x", {"k": "v"})
    assert store.tags("b") == {}


def test_a_listing_of_many_pages(s3: S3Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dataio.dumps.s3.PAGE", 4)
    store = s3.store()
    client = s3.client()
    for number in range(30):
        client.put_object(Bucket=store.bucket, Key=f"{store.prefix}{number:05d}", Body=b"")
    assert [listed.key for listed in store.list()] == [f"{number:05d}" for number in range(30)]
    store.delete([f"{number:05d}" for number in range(30)])
    assert list(store.list()) == []


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """boto's pauses between attempts, shortened."""
    monkeypatch.setattr("botocore.retries.standard.ExponentialBackoff._MAX_BACKOFF", 0.05, raising=False)
    monkeypatch.setattr("botocore.retries.standard.ExponentialBackoff.delay_amount", lambda *_: 0.01)
