"""What an S3 server really does of what dumps rely on: ``python tests/support/store_features.py`` prints the table that
docs/dumps.md shows, of moto and of versitygw where it is there; with an endpoint, of that server (credentials from the
environment; it makes and leaves a bucket).
"""

from __future__ import annotations

import base64
import hashlib
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final
from urllib.error import HTTPError
from urllib.request import urlopen

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

sys.path.insert(0, str(Path(__file__).parents[1]))
from support.s3 import KEY, SECRET, S3Server

MB: Final = 1 << 20
TAGGING: Final = "schema_v003=2026-11-22T10%3A00%3A00&own=x"
TAGS: Final = {"schema_v003": "2026-11-22T10:00:00", "own": "x"}


class Probe:
    """A bucket of a server, asked without any code of ours."""

    def __init__(self, server: S3Server) -> None:
        self.server, self.bucket = server, server.bucket()
        self.client = self._client(KEY, SECRET)

    def _client(self, key: str, secret: str) -> Any:
        plain: Any = {"request_checksum_calculation": "when_required", "response_checksum_validation": "when_required"}
        return boto3.session.Session(key, secret, region_name="us-east-1").client(
            "s3",
            endpoint_url=self.server.endpoint,
            config=Config(
                signature_version="s3v4", retries={"max_attempts": 1}, s3={"payload_signing_enabled": False}, **plain
            ),
        )

    def put(self, key: str, body: bytes = b"x", **more: Any) -> Any:
        return self.client.put_object(Bucket=self.bucket, Key=key, Body=body, **more)

    def multipart(self, key: str, *, complete: Mapping[str, str] | None = None, **more: Any) -> Any:
        where = {"Bucket": self.bucket, "Key": key}
        upload = self.client.create_multipart_upload(**where, **more)["UploadId"]
        parts = []
        for number, body in enumerate((bytes(5 * MB), b"end"), start=1):
            answer = self.client.upload_part(**where, UploadId=upload, PartNumber=number, Body=body)
            parts.append({"PartNumber": number, "ETag": answer["ETag"]})
        wanted: Any = {"Parts": parts}
        return self.client.complete_multipart_upload(
            **where, UploadId=upload, MultipartUpload=wanted, **(complete or {})
        )

    def tags(self, key: str) -> dict[str, str]:
        answer = self.client.get_object_tagging(Bucket=self.bucket, Key=key)
        return {tag["Key"]: tag["Value"] for tag in answer.get("TagSet", ())}


def refused(request: Callable[[], object], *codes: int) -> bool:
    """Does the server refuse, with one of these statuses?"""
    try:
        request()
    except ClientError as error:
        return error.response["ResponseMetadata"]["HTTPStatusCode"] in codes
    except HTTPError as error:
        return error.code in codes
    return False


def sha256(body: bytes) -> str:
    return base64.b64encode(hashlib.sha256(body).digest()).decode()


def tags_of_put(probe: Probe) -> bool:
    probe.put("tagged", Tagging=TAGGING)
    return probe.tags("tagged") == TAGS


def tags_of_multipart(probe: Probe) -> bool:
    probe.multipart("tagged-parts", Tagging=TAGGING)
    return probe.tags("tagged-parts") == TAGS


def put_if_none_match(probe: Probe) -> bool:
    probe.put("once")
    return refused(lambda: probe.put("once", b"y", IfNoneMatch="*"), 412)


def complete_if_none_match(probe: Probe) -> bool:
    probe.put("once-parts")
    return refused(lambda: probe.multipart("once-parts", complete={"IfNoneMatch": "*"}), 412)


def checksum_is_kept(probe: Probe) -> bool:
    probe.put("hashed", ChecksumSHA256=sha256(b"x"))
    head = probe.client.head_object(Bucket=probe.bucket, Key="hashed", ChecksumMode="ENABLED")
    return bool(head.get("ChecksumSHA256") == sha256(b"x"))


def wrong_checksum(probe: Probe) -> bool:
    return refused(lambda: probe.put("wrong", ChecksumSHA256=sha256(b"y")), 400)


def wrong_checksum_of_a_part(probe: Probe) -> bool:
    where = {"Bucket": probe.bucket, "Key": "wrong-part"}
    upload = probe.client.create_multipart_upload(**where, ChecksumAlgorithm="SHA256")["UploadId"]
    wrong: Any = {"PartNumber": 1, "Body": b"x", "ChecksumSHA256": sha256(b"y")}
    return refused(lambda: probe.client.upload_part(**where, UploadId=upload, **wrong), 400)


def wrong_secret(probe: Probe) -> bool:
    client = probe._client(KEY, SECRET[::-1])
    return refused(lambda: client.list_objects_v2(Bucket=probe.bucket), 403)


def presigned(probe: Probe) -> bool:
    probe.put("linked", b"content")
    where = {"Bucket": probe.bucket, "Key": "linked"}
    with urlopen(probe.client.generate_presigned_url("get_object", Params=where, ExpiresIn=60), timeout=30) as answer:
        return bool(answer.read() == b"content")


def presigned_expires(probe: Probe) -> bool:
    probe.put("linked", b"content")
    where = {"Bucket": probe.bucket, "Key": "linked"}
    link = probe.client.generate_presigned_url("get_object", Params=where, ExpiresIn=1)
    time.sleep(2.1)
    return refused(lambda: urlopen(link, timeout=30), 403)


def versions(probe: Probe) -> bool:
    bucket = probe.server.bucket(versioned=True)
    first = probe.client.put_object(Bucket=bucket, Key="a", Body=b"first")["VersionId"]
    probe.client.put_object(Bucket=bucket, Key="a", Body=b"second")
    answer = probe.client.get_object(Bucket=bucket, Key="a", VersionId=first)
    return bool(answer["Body"].read() == b"first")


def ranges(probe: Probe) -> bool:
    etag = probe.put("ranged", b"0123456789")["ETag"]
    where: Any = {"Bucket": probe.bucket, "Key": "ranged", "Range": "bytes=4-"}
    whole = probe.client.get_object(**where, IfMatch=etag)["Body"].read() == b"456789"
    return whole and refused(lambda: probe.client.get_object(**where, IfMatch='"other"'), 412)


def pages(probe: Probe) -> bool:
    for number in range(5):
        probe.put(f"page/{number}")
    first = probe.client.list_objects_v2(Bucket=probe.bucket, Prefix="page/", MaxKeys=3)
    token = first.get("NextContinuationToken", "")
    rest = probe.client.list_objects_v2(Bucket=probe.bucket, Prefix="page/", ContinuationToken=token)
    return [part["Key"] for part in (*first["Contents"], *rest["Contents"])] == [f"page/{n}" for n in range(5)]


def uploads_are_listed_and_aborted(probe: Probe) -> bool:
    where = {"Bucket": probe.bucket, "Key": "dangling"}
    upload = probe.client.create_multipart_upload(**where)["UploadId"]
    listed = probe.client.list_multipart_uploads(Bucket=probe.bucket, Prefix="dangling").get("Uploads", ())
    probe.client.abort_multipart_upload(**where, UploadId=upload)
    after = probe.client.list_multipart_uploads(Bucket=probe.bucket, Prefix="dangling").get("Uploads", ())
    return [part["UploadId"] for part in listed] == [upload] and not after


def missing_bucket(probe: Probe) -> bool:
    return refused(lambda: probe.client.list_objects_v2(Bucket="no-such-bucket-at-all"), 404)


FEATURES: Final[Mapping[str, Callable[[Probe], bool]]] = {
    "tags with PutObject": tags_of_put,
    "tags with CreateMultipartUpload": tags_of_multipart,
    "`If-None-Match: *` on PutObject": put_if_none_match,
    "`If-None-Match: *` on CompleteMultipartUpload": complete_if_none_match,
    "SHA-256 kept and given back": checksum_is_kept,
    "wrong SHA-256 refused": wrong_checksum,
    "wrong SHA-256 of a part refused": wrong_checksum_of_a_part,
    "wrong secret key refused": wrong_secret,
    "presigned URLs": presigned,
    "presigned URLs expire": presigned_expires,
    "versioned buckets": versions,
    "ranges with `If-Match`": ranges,
    "listing by pages": pages,
    "uploads listed and aborted": uploads_are_listed_and_aborted,
    "missing bucket is 404": missing_bucket,
}


def seen(server: S3Server) -> dict[str, bool]:
    """What the server was seen to do."""
    probe = Probe(server)
    found = {}
    for name, ask in FEATURES.items():
        try:
            found[name] = ask(probe)
        except (ClientError, HTTPError):
            found[name] = False
    return found


def table(columns: Mapping[str, Mapping[str, bool]]) -> str:
    """As Markdown."""
    lines = [f"| | {' | '.join(columns)} |", "|---|" + "---|" * len(columns)]
    lines += [
        f"| {name} | {' | '.join('yes' if column[name] else 'no' for column in columns.values())} |"
        for name in FEATURES
    ]
    return "\n".join(lines)


def main() -> None:
    from moto.server import ThreadedMotoServer

    from support import versitygw

    columns = {}
    if len(sys.argv) > 1:
        name, _, number = sys.argv[1].removeprefix("http://").partition(":")
        columns[sys.argv[1]] = seen(S3Server(name, int(number or 80)))
    else:
        moto = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        moto.start()
        columns["moto"] = seen(S3Server(*moto.get_host_and_port()))
        if versitygw.find() is not None:
            with versitygw.running(KEY, SECRET) as (host, port, _process):
                columns["versitygw"] = seen(S3Server(host, port))
    print(table(columns))


if __name__ == "__main__":
    main()
