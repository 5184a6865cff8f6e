"""Files that are kept in S3: links are presigned, and go to the bucket itself."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator

import httpx
import pytest
from moto.server import ThreadedMotoServer
from support.api import Served
from support.s3 import KEY, SECRET, S3Server

V1 = "/api/v1"
CONTENT = b"week,cases\n1,2\n"


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[S3Server]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield S3Server(host, port)
    stopping = threading.Thread(target=server.stop, daemon=True)  # moto may wait for its own thread without an end
    stopping.start()
    stopping.join(10)


def test_a_file_in_a_bucket_comes_by_a_presigned_link(serve: Callable[..., Served], bucket: S3Server) -> None:
    served = serve(DATAIO_S3_ADDRESSING="path", DATAIO_API_LINK_LIFETIME="2s")
    name = bucket.bucket()
    bucket.client().put_object(Bucket=name, Key="prefix/one/cases.csv", Body=CONTENT)
    served.rows("INSERT INTO collections (collection_id, name, category) VALUES ('PP0001', 'Plain', 'Plain')")
    served.rows("INSERT INTO data_owners (name) VALUES ('Owner')")
    served.rows(
        "INSERT INTO buckets (name, url, region, endpoint_url) VALUES ('s3', %s, 'us-east-1', %s)",
        [f"s3://{name}/prefix", bucket.endpoint],
    )
    served.rows("SELECT add_dataset('One', 'PP0001', 'Owner', p_public_access => 'DOWNLOAD')")
    served.rows(
        "INSERT INTO dataset_versions (ds_id, version_type, bucket_id)"
        " SELECT 'PP0001DS0001', 'STANDARDISED', bucket_id FROM buckets"
    )
    served.rows(
        "INSERT INTO version_tables (version_id, name, object_key, byte_size, sha256)"
        " SELECT version_id, 'cases', 'one/cases.csv', %s, %s FROM dataset_versions",
        [len(CONTENT), hashlib.sha256(CONTENT).hexdigest()],
    )
    (link,) = served.get(f"{V1}/datasets/PP0001DS0001/versions/STANDARDISED/download").json()
    assert link["url"].startswith(bucket.endpoint)
    assert "X-Amz-Expires=2" in link["url"]
    assert SECRET not in link["url"]
    assert httpx.get(link["url"]).content == CONTENT
