"""Tags: of which schema version and time a dump is, and what people call it.

The limits are S3's (https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html); they hold for every
store, so that a dump can move to any other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Final
from urllib.parse import quote, unquote, urlencode

from dataio.errors import UsageError

MAX_TAGS: Final = 10
MAX_KEY: Final = 128
MAX_VALUE: Final = 256
MAX_LABEL: Final = 800  # of the 1,024 bytes that a key may have, with room for prefix, version and time
_PART: Final = 200

_ALLOWED: Final = re.compile(r"[A-Za-z0-9 +\-=._:/@]*")
_VERSION: Final = re.compile(r"schema_v(\d{3,})")
_TIME_FORMAT: Final = "%Y-%m-%dT%H:%M:%S"


def version_name(version: int) -> str:
    """``schema_v003``; version 0 is a database without a history."""
    return f"schema_v{version:03d}"


def parse_version(name: str) -> int | None:
    """The number in ``schema_v003``; ``None`` for any other text."""
    match = _VERSION.fullmatch(name)
    return int(match[1]) if match and version_name(int(match[1])) == name else None


def time_name(time: datetime) -> str:
    """``2026-11-22T10:00:00``, in UTC."""
    return time.astimezone(UTC).strftime(_TIME_FORMAT)


def parse_time(name: str) -> datetime | None:
    """The time (UTC) that :func:`time_name` wrote; ``None`` for any other text."""
    try:
        time = datetime.strptime(name, _TIME_FORMAT).replace(tzinfo=UTC)
    except ValueError:
        return None
    return time if time_name(time) == name else None


def parse_tags(words: Iterable[str]) -> dict[str, str]:
    """``k=v`` as given on a command line; the key ends at the first ``=``. Raises UsageError, as :func:`check` does."""
    found: dict[str, str] = {}
    for word in words:
        key, equals, value = word.partition("=")
        if not equals:
            raise UsageError(f"--tag {word!r} is not of the form key=value")
        if key in found and found[key] != value:
            raise UsageError(f"--tag {key} is given twice")
        found[key] = value
    check(found)
    return found


def check(own: Mapping[str, str]) -> None:
    """Raise UsageError where own tags break S3's limits, or pose as the version tag that every object has."""
    if len(own) > MAX_TAGS - 1:
        raise UsageError(
            f"{len(own)} tags are too many: S3 takes {MAX_TAGS} per object, and one of them is the schema version's"
        )
    for key, value in own.items():
        if not key.strip() or len(key) > MAX_KEY:
            raise UsageError(f"the tag key {key!r} must have 1 to {MAX_KEY} characters")
        if len(value) > MAX_VALUE:
            raise UsageError(f"the value of tag {key} has {len(value)} characters; S3 takes {MAX_VALUE}")
        for what, text in (("key", key), ("value", value)):
            if bad := _ALLOWED.sub("", text):
                raise UsageError(
                    f"the tag {what} {text!r} holds {bad[0]!r}",
                    hint="S3's tags take letters, digits, spaces and + - = . _ : / @ (here without accents).",
                )
            if text != text.strip():
                raise UsageError(f"the tag {what} {text!r} begins or ends with a space")
        if key.lower().startswith("aws:"):
            raise UsageError(f"the tag key {key!r} begins with aws:, which Amazon keeps for itself")
        if parse_version(key) is not None:
            raise UsageError(f"the tag key {key!r} is the one that dataio gives every object")
        if "=" in key:
            raise UsageError(f"the tag key {key!r} holds '=', which could not be told from the value's")
        if len(label_name(key, value)) > MAX_LABEL:
            raise UsageError(f"the tag {key} is too long to become part of an object's name")


def object_tags(version: int, time: str, own: Mapping[str, str]) -> dict[str, str]:
    """The whole tag set of each object of a dump."""
    return {version_name(version): time, **own}


def header(tags: Mapping[str, str]) -> str:
    """For the ``x-amz-tagging`` header."""
    return urlencode(tags, quote_via=quote)


def label_name(key: str, value: str) -> str:
    """A tag as the name of a label object: every listing then tells the tags of all dumps."""
    return as_name(f"{quote(key, safe='')}={quote(value, safe=' :@+')}")


def parse_label(name: str) -> tuple[str, str]:
    """What :func:`label_name` wrote."""
    key, _, value = name.replace("/", "").partition("=")
    return unquote(key), unquote(value)


def as_name(encoded: str) -> str:
    """Percent-encoded text in parts that a file system takes: none too long, none beginning with a dot."""
    text = encoded.replace(".", "%2E")
    return "/".join(text[start : start + _PART] for start in range(0, len(text), _PART))
