"""An S3 bucket as a store: AWS, and servers that speak its protocol. The only importer of boto3.

Uploads are our own multipart uploads, since ``upload_fileobj`` takes no condition: nothing is ever overwritten
(``If-None-Match: *``). Checksums are computed here and sent as plain headers: servers that know none ignore them.
"""

from __future__ import annotations

import base64
import contextlib
import io
import random
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from hashlib import sha256
from threading import BoundedSemaphore, Event
from typing import IO, TYPE_CHECKING, Any, Final, Literal, TypeAlias, TypeVar

import boto3
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    HTTPClientError,
    IncompleteReadError,
    NoCredentialsError,
    PartialCredentialsError,
    ProfileNotFound,
    ReadTimeoutError,
    ResponseStreamingError,
)

from dataio.dumps import s3_errors
from dataio.dumps.errors import AlreadyThere, NotThere, StoreError, Unreachable
from dataio.dumps.store import Listed, Stored
from dataio.dumps.tags import header
from dataio.errors import UsageError
from dataio.words import plural

if TYPE_CHECKING:
    from dataio.dumps.s3_upload import S3Writer

Checksum: TypeAlias = Literal["sha256", "crc32", "none"]
Result = TypeVar("Result")

CHUNK: Final = 1 << 20
PAGE = 1000  # keys per answer, of a listing and of a removal; as many as there may be
PAUSES = (1.0, 2.0, 4.0, 8.0, 15.0, 30.0)  # seconds, after all of boto's attempts, once something was written
_BROKEN: Final = (ConnectTimeoutError, HTTPClientError, IncompleteReadError, ReadTimeoutError, ResponseStreamingError)


@dataclass(frozen=True)
class S3Options:
    """How to talk to the bucket; credentials come from boto3's own places (environment, profile, instance)."""

    endpoint: str | None = None
    region: str | None = None
    profile: str | None = None
    addressing: Literal["auto", "path", "virtual"] = "auto"
    encryption: str | None = None  # AES256, aws:kms, aws:kms:dsse
    kms_key: str | None = None
    checksum: Checksum = "sha256"
    tagging: bool = True  # some servers know no tags (Cloudflare's R2): then only manifest and labels hold them
    storage_class: str | None = None
    attempts: int = 8
    connect_timeout: float = 10.0
    read_timeout: float = 60.0
    threads: int = 4
    max_parts: int = 900  # some providers take 1,000; AWS 10,000


class S3Store:
    """A :class:`~dataio.dumps.store.Store` below ``prefix`` in ``bucket``."""

    def __init__(self, bucket: str, prefix: str = "", options: S3Options | None = None) -> None:
        self.bucket = bucket
        self.prefix = prefix.strip("/") + "/" if prefix.strip("/") else ""
        self.options = options or S3Options()
        try:
            session = boto3.session.Session(profile_name=self.options.profile, region_name=self.options.region)
            self.client: Any = session.client(
                "s3",
                endpoint_url=self.options.endpoint,
                config=Config(
                    signature_version="s3v4",  # boto3 still presigns by version 2, which servers refuse
                    retries={"mode": "standard", "total_max_attempts": self.options.attempts},
                    connect_timeout=self.options.connect_timeout,
                    read_timeout=self.options.read_timeout,
                    max_pool_connections=self.options.threads + 4,
                    request_checksum_calculation="when_required",
                    response_checksum_validation="when_required",
                    # A checksum of ours, which is signed, goes with every body: to hash it once more for the signature
                    # costs time on both ends.
                    s3={
                        "addressing_style": self.options.addressing,
                        "payload_signing_enabled": None if self.options.checksum == "none" else False,
                    },
                ),
            )
        except ProfileNotFound as error:
            raise UsageError(str(error), hint="Profiles stand in ~/.aws/config; --s3-profile names one.") from None
        except (BotoCoreError, ValueError) as error:
            raise UsageError(f"the settings for S3 make no sense: {error}") from None

        self._patient, self._hurried = False, Event()
        self.slots = BoundedSemaphore(self.options.threads)  # parts under way, of all writers together

    @cached_property
    def pool(self) -> ThreadPoolExecutor:
        """The threads that send parts."""
        return ThreadPoolExecutor(self.options.threads, thread_name_prefix="dataio-upload")

    def __repr__(self) -> str:
        return f"S3Store({self.location!r})"

    @property
    def location(self) -> str:
        return f"s3://{self.bucket}/{self.prefix}".rstrip("/")

    def address(self, key: str) -> str:
        return f"s3://{self.bucket}/{self.prefix}{key}"

    def where(self, key: str) -> dict[str, str]:
        """``Bucket`` and ``Key`` of a request."""
        return {"Bucket": self.bucket, "Key": self.prefix + key}

    def creation(self, tags: Mapping[str, str]) -> dict[str, Any]:
        """What every new object is given."""
        given: dict[str, Any] = {}
        if tags and self.options.tagging:
            given["Tagging"] = header(tags)
        if self.options.encryption:
            given["ServerSideEncryption"] = self.options.encryption
        if self.options.kms_key:
            given["SSEKMSKeyId"] = self.options.kms_key
        if self.options.storage_class:
            given["StorageClass"] = self.options.storage_class
        return given

    def checksum(self, body: IO[bytes]) -> dict[str, str]:
        """The checksum of a request's body, which the server compares. Leaves ``body`` at its beginning."""
        body.seek(0)
        if self.options.checksum == "none":
            return {}
        digest, crc = sha256(), 0
        while block := body.read(CHUNK):
            if self.options.checksum == "sha256":
                digest.update(block)
            else:
                crc = zlib.crc32(block, crc)
        body.seek(0)
        if self.options.checksum == "sha256":
            return {"ChecksumSHA256": base64.b64encode(digest.digest()).decode()}
        return {"ChecksumCRC32": base64.b64encode(crc.to_bytes(4, "big")).decode()}

    def call(self, what: str, request: Callable[[], Result]) -> Result:
        """Run one request. Once something was written, a server that is away for a minute is waited for: there is a
        dump to lose. Maps every error of boto3.
        """
        for pause in PAUSES if self._patient else ():
            with contextlib.suppress(Unreachable):
                return self._tried(what, request)
            if self._hurried.wait(pause):
                break
        try:
            return self._tried(what, request)
        except Unreachable:
            self.hurry()
            raise

    def hurry(self) -> None:
        """Nothing waits for a server that is away, until something is written again: an upload was given up."""
        self._patient = False
        self._hurried.set()

    def written(self) -> None:
        """Something is in the bucket now."""
        self._hurried.clear()
        self._patient = True

    def _tried(self, what: str, request: Callable[[], Result]) -> Result:
        """One request; a 409 (two conditional writes at once) is tried again."""
        for attempt in range(1, 6):
            try:
                return request()
            except ClientError as error:
                if s3_errors.conflict(error) and attempt < 5:
                    time.sleep(attempt * random.uniform(0.1, 0.4))  # noqa: S311  (spreads retries)
                    continue
                raise s3_errors.mapped(what, error, self.bucket) from None
            except (NoCredentialsError, PartialCredentialsError):
                raise StoreError(
                    f"{what}: no credentials for S3",
                    hint="Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a profile with --s3-profile.",
                ) from None
            except EndpointConnectionError as error:
                raise s3_errors.unreachable(what, error, self.options.endpoint) from None
            except (BotoCoreError, *_BROKEN) as error:
                raise s3_errors.broken(what, error) from None
        raise AssertionError("unreachable")

    def put(self, key: str, body: bytes, tags: Mapping[str, str]) -> Stored:
        what = f"cannot write {self.address(key)}"
        self._refuse_existing(key, what)
        given = {**self.creation(tags), **self.checksum(io.BytesIO(body))}
        if self.options.checksum != "none":
            given["ChecksumAlgorithm"] = self.options.checksum.upper()
        conditional = {"IfNoneMatch": "*"}
        try:
            answer = self.call(
                what, lambda: self.client.put_object(**self.where(key), Body=body, **given, **conditional)
            )
        except s3_errors.NotImplementedThere:
            answer = self.call(what, lambda: self.client.put_object(**self.where(key), Body=body, **given))
        except AlreadyThere:
            # A connection that broke after the server had taken the object: the retry then meets our own.
            if not self._is_ours(key, body):
                raise
            answer = {}
        self.written()
        self.settle(key, len(body), tags)
        return Stored(len(body), s3_errors.checksum_of(answer) or s3_errors.checksum_of(given))

    def _refuse_existing(self, key: str, what: str) -> None:
        """Servers that ignore the condition are asked first; that leaves only the moment between."""
        try:
            self.look(key)
        except NotThere:
            return
        raise AlreadyThere(f"{what}: it is there already", hint="Dumps are never overwritten.")

    def _is_ours(self, key: str, body: bytes) -> bool:
        with contextlib.suppress(StoreError):
            return self.look(key).size == len(body) and self.read(key) == body
        return False

    def settle(self, key: str, size: int, tags: Mapping[str, str]) -> None:
        """After an upload: the size is right, and the tags are there; some servers drop them in silence."""
        found = self.look(key).size
        if found != size:
            raise StoreError(f"{self.address(key)} has {found} bytes after the upload of {size}")
        if tags and self.options.tagging and self.tags(key) != dict(tags):
            self.set_tags(key, tags)
            if self.tags(key) != dict(tags):
                raise StoreError(
                    f"{self.address(key)} does not keep its tags",
                    hint="If this server knows no tags, say so: s3_tagging = false. Manifest and labels hold them too.",
                )

    def writer(self, key: str, tags: Mapping[str, str], *, expected: int = 0) -> S3Writer:
        from dataio.dumps.s3_upload import S3Writer

        self._refuse_existing(key, f"cannot write {self.address(key)}")
        return S3Writer(self, key, tags, expected=expected)

    def read(self, key: str) -> bytes:
        return b"".join(self.chunks(key))

    def chunks(self, key: str, *, offset: int = 0) -> Iterator[bytes]:
        what = f"cannot read {self.address(key)}"
        etag, size, failures = "", -1, 0
        while True:
            extra: dict[str, str] = {"Range": f"bytes={offset}-"} if offset else {}
            if etag:
                extra["IfMatch"] = etag  # never one object's beginning with another's end
            try:
                answer = self.call(what, lambda: self.client.get_object(**self.where(key), **extra))  # noqa: B023
            except s3_errors.OutOfRange:
                return
            etag = answer.get("ETag", "")
            size = offset + int(answer["ContentLength"])
            body = answer["Body"]
            try:
                while chunk := body.read(CHUNK):
                    offset += len(chunk)
                    failures = 0
                    yield chunk
            except (*_BROKEN, OSError) as error:
                failures += 1
                if failures >= self.options.attempts:
                    raise s3_errors.broken(what, error) from None
            else:
                if offset >= size:
                    return
                failures += 1
                if failures >= self.options.attempts:
                    raise StoreError(f"{what}: the connection ends at {offset} of {size} bytes")
            finally:
                body.close()
            time.sleep(min(0.2 * 2**failures, 10.0))

    def look(self, key: str) -> Listed:
        what = f"cannot look at {self.address(key)}"
        try:
            answer = self.call(what, lambda: self.client.head_object(**self.where(key)))
        except s3_errors.Denied:  # without a word why, as answers to HEAD have no body
            asked = self.call(what, lambda: self.client.get_object(**self.where(key), Range="bytes=0-0"))
            asked["Body"].close()
            raise
        return Listed(key, answer["ContentLength"], answer["LastModified"])

    def list(self, prefix: str = "") -> Iterator[Listed]:
        what, given = f"cannot list {self.location}", dict[str, Any](Bucket=self.bucket, MaxKeys=PAGE)
        given["Prefix"] = self.prefix + prefix
        while True:
            answer: Any = self.call(what, lambda: self.client.list_objects_v2(**given))
            for part in answer.get("Contents", ()):
                yield Listed(part["Key"][len(self.prefix) :], part["Size"], part["LastModified"])
            before, token = given.get("ContinuationToken"), answer.get("NextContinuationToken")
            if not answer.get("IsTruncated") or not token:
                return
            if token == before:
                raise StoreError(f"{what}: the server gives the same page again and again")
            given["ContinuationToken"] = token

    def tags(self, key: str) -> dict[str, str]:
        if not self.options.tagging:
            return {}
        what = f"cannot read the tags of {self.address(key)}"
        answer = self.call(what, lambda: self.client.get_object_tagging(**self.where(key)))
        return {tag["Key"]: tag["Value"] for tag in answer.get("TagSet", ())}

    def set_tags(self, key: str, tags: Mapping[str, str]) -> None:
        if not self.options.tagging:
            return
        if not tags:
            what = f"cannot take the tags of {self.address(key)}"
            self.call(what, lambda: self.client.delete_object_tagging(**self.where(key)))
            return
        tag_set = [{"Key": name, "Value": value} for name, value in tags.items()]
        self.call(
            f"cannot tag {self.address(key)}",
            lambda: self.client.put_object_tagging(**self.where(key), Tagging={"TagSet": tag_set}),
        )

    def delete(self, keys: Iterable[str]) -> None:
        waiting = [self.prefix + key for key in keys]
        for start in range(0, len(waiting), PAGE):
            batch: Any = {"Objects": [{"Key": key} for key in waiting[start : start + PAGE]], "Quiet": True}
            answer = self.call(
                f"cannot remove objects from {self.location}",
                lambda: self.client.delete_objects(Bucket=self.bucket, Delete=batch),  # noqa: B023
            )
            if failed := answer.get("Errors"):
                first = failed[0]
                raise StoreError(
                    f"cannot remove {plural(len(failed), 'object')} from {self.location}: {first.get('Code')} on "
                    f"{first.get('Key')}",
                    hint=s3_errors.HINTS.get(first.get("Code", ""), ""),
                )

    def abandon(self, prefix: str, *, before: datetime) -> int:
        what, given = f"cannot tidy {self.location}", dict[str, Any](Bucket=self.bucket)
        given["Prefix"] = self.prefix + prefix
        stale: list[tuple[str, str]] = []
        while True:
            answer: Any = self.call(what, lambda: self.client.list_multipart_uploads(**given))
            found = answer.get("Uploads", ())
            stale += [(part["Key"], part["UploadId"]) for part in found if part["Initiated"] < before]
            before_this = given.get("KeyMarker"), given.get("UploadIdMarker")
            given["KeyMarker"], given["UploadIdMarker"] = answer.get("NextKeyMarker"), answer.get("NextUploadIdMarker")
            after_this = given["KeyMarker"], given["UploadIdMarker"]
            if not answer.get("IsTruncated") or None in after_this or after_this == before_this:
                break
        for key, upload in stale:
            with contextlib.suppress(NotThere):
                self.abort(key[len(self.prefix) :], upload)
        return len(stale)

    def abort(self, key: str, upload: str) -> None:
        """Take back a multipart upload with all its parts."""
        self.call(
            f"cannot take back the upload of {self.address(key)}",
            lambda: self.client.abort_multipart_upload(**self.where(key), UploadId=upload),
        )

    def link(self, key: str, *, seconds: int) -> str:
        what = f"cannot link to {self.address(key)}"
        parameters: dict[str, Any] = self.where(key)
        answer = self.call(what, lambda: self.client.head_object(**self.where(key)))
        if (version := answer.get("VersionId")) and version != "null":
            parameters["VersionId"] = version
        url: str = self.call(
            what,
            lambda: self.client.generate_presigned_url("get_object", Params=parameters, ExpiresIn=seconds),
        )
        return url
