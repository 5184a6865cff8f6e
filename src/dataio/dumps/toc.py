"""The table of contents at the head of an archive of ``pg_dump``.

The format is that of ``pg_backup_archiver.c`` (``ReadHead``, ``ReadToc``) and ``pg_backup_custom.c`` (``ReadExtraToc``)
in versions 1.14 to 1.16, PostgreSQL 12 to 18.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Final

MAGIC: Final = b"PGDMP"
_CUSTOM: Final = 1
_VERSIONS: Final = range(14, 17)
_HEAD: Final = 11
_INTEGER: Final = struct.Struct("<BI")


class Unknown(Exception):
    """The archive is not as we know them."""


class Short(Exception):
    """The table of contents does not end within these bytes."""


@dataclass(frozen=True)
class Contents:
    """``size`` is where the table of contents ends; ``rows`` are the dump IDs of the entries that have a block each."""

    size: int
    rows: frozenset[int]


def read(data: bytes) -> Contents:
    """Of an archive in custom format that begins with ``data``. Raises Short, where more is needed, and Unknown."""
    if len(data) < _HEAD:
        raise Short
    if data[:5] != MAGIC or data[5] != 1 or data[6] not in _VERSIONS or data[7] > 99 or data[10] != _CUSTOM:
        raise Unknown
    if data[8] != 4:  # bytes of an integer
        raise Unknown
    minor, offset_size = data[6], data[9]
    cursor = _Cursor(data, _HEAD)
    _ = cursor.byte() if minor >= 15 else cursor.integer()  # compression
    for _ in range(7):  # the time it was made
        cursor.integer()
    for _ in range(3):  # database, versions
        cursor.text()
    rows = set()
    for _ in range(cursor.integer()):
        number = cursor.integer()
        cursor.integer()  # has data
        cursor.skip_texts(3)  # catalogue OID, OID, name
        kind = cursor.text()
        cursor.integer()  # section
        cursor.skip_texts(6)  # definition, drop, copy, schema, tablespace, access method
        if minor >= 16:
            cursor.integer()  # relkind
        cursor.skip_texts(2)  # owner, "false"
        while cursor.text() is not None:  # dependencies
            pass
        cursor.skip(1 + offset_size)
        if kind == b"TABLE DATA":
            rows.add(number)
    return Contents(cursor.at, frozenset(rows))


class _Cursor:
    """Reads the archive's integers and texts."""

    def __init__(self, data: bytes, at: int) -> None:
        self.data, self.at = data, at

    def skip(self, size: int) -> None:
        self.at += size
        if self.at > len(self.data):
            raise Short

    def byte(self) -> int:
        self.skip(1)
        return self.data[self.at - 1]

    def integer(self) -> int:
        self.skip(_INTEGER.size)
        sign, value = _INTEGER.unpack_from(self.data, self.at - _INTEGER.size)
        return -int(value) if sign else int(value)

    def text(self) -> bytes | None:
        length = self.integer()
        if length < 0:
            return None
        self.skip(length)
        return self.data[self.at - length : self.at]

    def skip_texts(self, number: int) -> None:
        for _ in range(number):
            self.skip(max(self.integer(), 0))
