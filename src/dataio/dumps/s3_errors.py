"""What S3 servers and boto3 say, as our errors: reason, place, what to do; never a key or a signature."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from botocore.exceptions import ClientError

from dataio.dumps.errors import AlreadyThere, NotThere, StoreError, Unreachable

HINTS: Final[Mapping[str, str]] = {
    "AccessDenied": "The credentials lack a right: docs/dumps.md lists what writers, readers and restorers need.",
    "AllAccessDisabled": "The bucket's owner has disabled it.",
    "ExpiredToken": "The credentials have expired: log in again.",
    "XAdminUserNotFound": "The server does not know this access key: check AWS_ACCESS_KEY_ID or --s3-profile.",
    "InvalidAccessKeyId": "The server does not know this access key: check AWS_ACCESS_KEY_ID or --s3-profile.",
    "SignatureDoesNotMatch": "The secret key is wrong, or the endpoint or region is another one than signed for.",
    "NoSuchBucket": "Check the bucket in --store and the endpoint and region; dataio makes no buckets.",
    "PermanentRedirect": "The bucket is in another region: name it with --s3-region.",
    "AuthorizationHeaderMalformed": "The bucket is in another region: name it with --s3-region.",
    "RequestTimeTooSkewed": "The clock of this machine is wrong.",
    "SlowDown": "The server is overloaded; try again later.",
    "ServiceUnavailable": "The server is overloaded; try again later.",
    "BadDigest": "What arrived is not what was sent; try again.",
    "XAmzContentSHA256Mismatch": "What arrived is not what was sent; try again.",
    "EntityTooLarge": "The object is larger than this server takes.",
    "KMS.NotFoundException": "Check s3_kms_key.",
    "QuotaExceeded": "The bucket's quota is used up: prune dumps, or raise it.",
}


_NOT_THERE: Final = ("", "404", "NotFound", "NoSuchKey", "NoSuchVersion")
_LATER: Final = ("SlowDown", "RequestTimeout", "Throttling", "ThrottlingException", "TooManyRequests")


class Denied(StoreError):
    """Access was denied, without a word why."""


class NotImplementedThere(StoreError):
    """The server does not know this request or one of its headers."""


class OutOfRange(StoreError):
    """A range that begins at the object's end, or after it."""


def code(error: ClientError) -> str:
    """``NoSuchKey``; the HTTP status where a server gave no code (answers to HEAD have no body)."""
    return str(error.response.get("Error", {}).get("Code", ""))


def status(error: ClientError) -> int:
    return int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))


def conflict(error: ClientError) -> bool:
    """Two conditional writes at once: the loser is to try again."""
    return status(error) == 409 and code(error) in ("ConditionalRequestConflict", "OperationAborted")


def mapped(what: str, error: ClientError, bucket: str) -> StoreError:
    """``what`` failed: "cannot read s3://…"."""
    name, number = code(error), status(error)
    words = str(error.response.get("Error", {}).get("Message", "")).strip().rstrip(".")
    if name == "NoSuchBucket":
        return StoreError(f"{what}: there is no bucket {bucket}", hint=HINTS["NoSuchBucket"])
    if name == "NoSuchUpload":
        return NotThere(f"{what}: the upload was taken back by somebody else")
    if number == 404 and name in _NOT_THERE:
        return NotThere(f"{what}: it is not there")
    if number == 412:
        return AlreadyThere(f"{what}: it is there already", hint="Dumps are never overwritten.")
    if number == 416:
        return OutOfRange(f"{what}: the object is shorter than that")
    if number == 501 or name in ("NotImplemented", "MethodNotAllowed"):
        return NotImplementedThere(
            f"{what}: the server does not know this request ({words or name})",
            hint="If it is about tags or checksums: s3_tagging = false, s3_checksum = none.",
        )
    if number == 403:
        hint = HINTS.get(name, HINTS["AccessDenied"])
        if name in ("", "403"):
            return Denied(f"{what}: access denied", hint=hint)
        return StoreError(f"{what}: access denied ({name})", hint=hint)
    kind = Unreachable if number >= 500 or name in _LATER else StoreError
    return kind(f"{what}: {words or 'the server says'} ({name or number})", hint=HINTS.get(name, ""))


def unreachable(what: str, error: Exception, endpoint: str | None) -> StoreError:
    return Unreachable(
        f"{what}: the server {endpoint or 'of S3'} cannot be reached",
        detail=_tidy(error),
        hint="Check the endpoint (--s3-endpoint), the region and the network.",
    )


def broken(what: str, error: Exception) -> StoreError:
    return Unreachable(
        f"{what}: the connection broke, and did so again at every attempt",
        detail=_tidy(error),
        hint="Try again; a download goes on where it stopped.",
    )


def _tidy(error: Exception) -> str:
    """The driver's words without what a signed URL carries."""
    return re.sub(r"\?[^\s\"']*", "?…", str(error))


def checksum_of(answer: Mapping[str, Any]) -> str:
    """The checksum that the server keeps of an object, as it gave it."""
    for name in ("SHA256", "CRC32", "CRC64NVME", "CRC32C", "SHA1"):
        if value := answer.get(f"Checksum{name}"):
            return f"{name.lower()}:{value}"
    return ""
