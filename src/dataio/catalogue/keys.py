"""Keys: how they look, how they are hashed, and the statements that find and keep them.

A key is ``dio_`` and twelve letters or digits (public: what it is looked up by), an underscore, and 43 secret ones:
256 bits. Only a scrypt hash of the whole is kept (RFC 7914; the text format is that of the PHC string).
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import string
from base64 import b64decode, b64encode
from collections import OrderedDict
from dataclasses import dataclass, field
from functools import cache
from threading import Lock
from typing import Final

from sqlalchemy import BigInteger, Text, bindparam, func, or_, select, text, update

from dataio.catalogue.compiled import Query, compiled
from dataio.catalogue.models import ApiKey

_ALPHABET: Final = string.ascii_letters + string.digits
_FORM: Final = re.compile(r"(dio_[A-Za-z0-9]{8,16})_([A-Za-z0-9]{32,64})")
LONGEST: Final = 128
_LN, _R, _P = 14, 8, 1  # 16 MiB and about 40 ms a key


@dataclass(frozen=True)
class NewKey:
    """A key that was just made: ``text`` is shown once, ``prefix`` and ``hashed`` are kept."""

    text: str = field(repr=False)
    prefix: str
    hashed: str = field(repr=False)


def new_key() -> NewKey:
    """Make a key from the system's randomness."""
    prefix = "dio_" + "".join(secrets.choice(_ALPHABET) for _ in range(12))
    whole = f"{prefix}_" + "".join(secrets.choice(_ALPHABET) for _ in range(43))
    return NewKey(whole, prefix, hashed(whole))


def prefix_of(key: str) -> str | None:
    """The public part of a key; ``None`` for what is no key at all."""
    if len(key) > LONGEST:
        return None
    found = _FORM.fullmatch(key)
    return found[1] if found else None


def hashed(key: str, *, salt: bytes | None = None) -> str:
    """The hash that is kept of a key."""
    salt = secrets.token_bytes(16) if salt is None else salt
    digest = _scrypt(key, salt, _LN, _R, _P)
    return f"$scrypt$ln={_LN},r={_R},p={_P}${b64encode(salt).decode()}${b64encode(digest).decode()}"


def _scrypt(key: str, salt: bytes, ln: int, r: int, p: int) -> bytes:
    return hashlib.scrypt(key.encode(), salt=salt, n=1 << ln, r=r, p=p, maxmem=1 << 27, dklen=32)


_HASH: Final = re.compile(r"\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/=]+)\$([A-Za-z0-9+/=]+)")


def matches(key: str, kept: str | None) -> bool:
    """Whether ``kept`` is the hash of ``key``. Costs the same for ``None``: nobody learns which prefixes there are."""
    parts = _HASH.fullmatch(kept) if kept is not None else None
    if parts is None:
        _scrypt(key, b"no such key here", _LN, _R, _P)
        return False
    ln, r, p = (int(part) for part in parts.groups()[:3])
    return hmac.compare_digest(_scrypt(key, b64decode(parts[4]), ln, r, p), b64decode(parts[5]))


class Remembered:
    """Keys that were compared already in this process, so that the slow hash is paid once and not per request.

    What is remembered is a digest of key and kept hash together: it says nothing without the key, and a key that was
    revoked, rotated or has expired is not found in the database in the first place.
    """

    def __init__(self, size: int = 4096) -> None:
        self._size = size
        self._seen: OrderedDict[bytes, None] = OrderedDict()
        self._lock = Lock()
        self._salt = secrets.token_bytes(32)

    def knows(self, key: str, kept: str) -> bool:
        mark = self._mark(key, kept)
        with self._lock:
            if mark in self._seen:
                self._seen.move_to_end(mark)
                return True
        return False

    def add(self, key: str, kept: str) -> None:
        with self._lock:
            self._seen[self._mark(key, kept)] = None
            while len(self._seen) > self._size:
                self._seen.popitem(last=False)

    def _mark(self, key: str, kept: str) -> bytes:
        return hashlib.blake2b(f"{key}\0{kept}".encode(), key=self._salt, digest_size=32).digest()


@cache
def find() -> Query:
    """``find_api_key(prefix)``: the key with this prefix, where it may be used now."""
    found = func.public.find_api_key(bindparam("prefix", type_=Text())).table_valued(
        "key_id", "hashed_key", "user_id", "group_id", "is_admin"
    )
    return compiled(select(found.c.key_id, found.c.hashed_key, found.c.user_id, found.c.group_id, found.c.is_admin))


@cache
def touch() -> Query:
    """Note that ``key_id`` was used, to the minute."""
    return compiled(
        update(ApiKey)
        .where(
            ApiKey.key_id == bindparam("wanted_key", type_=BigInteger()),
            or_(ApiKey.last_used_at.is_(None), ApiKey.last_used_at < text("now() - interval '1 minute'")),
        )
        .values(last_used_at=func.now())
    )
