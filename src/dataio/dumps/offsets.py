"""Offsets for archives that ``pg_dump --format=custom`` wrote into a pipe.

Such an archive does not say where each table's rows begin, since ``pg_dump`` could not go back to write it down;
parallel workers of ``pg_restore`` then search the whole file, chunk by chunk. While we unpack an archive into a file,
the beginnings go past us: they are found in the stream and written into its table of contents. The outcome is, byte by
byte, what ``pg_dump`` writes into a file.

The format is that of ``pg_backup_archiver.c`` (``ReadHead``, ``ReadToc``) and ``pg_backup_custom.c`` (``ReadExtraToc``)
in versions 1.14 to 1.16, PostgreSQL 12 to 18. Anything unexpected leaves the archive as it is: it is only read slower.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

_MAGIC: Final = b"PGDMP"
_CUSTOM: Final = 1
_VERSIONS: Final = range(14, 17)
_POSITION_NOT_SET: Final = 1
_POSITION_SET: Final = 2
_DATA_BLOCK: Final = 1
_BLOBS_BLOCK: Final = 3
# A block's data end with a chunk of length 0 (sign byte and four bytes); the next block's type and the sign byte of its
# ID follow. Rows in COPY's text format hold no zero byte, so among them this is found nowhere else.
_END: Final = b"\0" * 5
_BETWEEN: Final = {kind: _END + bytes([kind]) + b"\0" for kind in (_DATA_BLOCK, _BLOBS_BLOCK)}
_LOOK_BACK: Final = 16


class _Unknown(Exception):
    """The archive is not as we know them."""


@dataclass(frozen=True)
class _Entry:
    """An entry of the table of contents with data; ``field`` is where its offset is written."""

    dump_id: int
    kind: str
    field: int


class _Cursor:
    """Reads the archive's integers and texts."""

    def __init__(self, file: BinaryIO, int_size: int, offset_size: int) -> None:
        self.file, self.int_size, self.offset_size = file, int_size, offset_size

    def byte(self) -> int:
        data = self.file.read(1)
        if not data:
            raise _Unknown
        return data[0]

    def integer(self) -> int:
        sign = self.byte()
        data = self.file.read(self.int_size)
        if len(data) != self.int_size:
            raise _Unknown
        value = int.from_bytes(data, "little")
        return -value if sign else value

    def text(self) -> bytes | None:
        length = self.integer()
        if length < 0:
            return None
        data = self.file.read(length)
        if len(data) != length:
            raise _Unknown
        return data


class OffsetFinder:
    """Watches an archive go past: :meth:`feed` every piece in order, then :meth:`patch` the file that holds it all."""

    def __init__(self) -> None:
        self._tail = b""
        self._position = 0
        self._found: list[tuple[int, int, int]] = []  # block type, dump ID, where

    def feed(self, piece: bytes) -> None:
        border = self._tail + piece[:_LOOK_BACK]
        self._search(border, self._position - len(self._tail))
        self._search(piece, self._position)
        self._position += len(piece)
        self._tail = (self._tail + piece)[-_LOOK_BACK:] if len(piece) < _LOOK_BACK else piece[-_LOOK_BACK:]

    def _search(self, data: bytes, start: int) -> None:
        if data.find(_END) < 0:  # most pieces: one search instead of two
            return
        for kind, between in _BETWEEN.items():
            at = data.find(between)
            while at >= 0:
                if at + 11 <= len(data):
                    self._found.append((kind, int.from_bytes(data[at + 7 : at + 11], "little"), start + at + 5))
                at = data.find(between, at + 1)

    def patch(self, file: BinaryIO) -> int:
        """Write what was found into the archive in ``file``; how many offsets that were."""
        try:
            entries, end, offset_size = _read(file)
        except (_Unknown, UnicodeDecodeError, IndexError):
            return 0
        count = 0
        for entry, position in self._settle(entries, end, file):
            file.seek(entry.field)
            file.write(bytes([_POSITION_SET]) + position.to_bytes(offset_size, "little"))
            count += 1
        file.flush()
        return count

    def _settle(self, entries: list[_Entry], end: int, file: BinaryIO) -> Iterator[tuple[_Entry, int]]:
        """Where each entry's block begins: the one place found for it, before any large object's content."""
        candidates: dict[tuple[int, int], list[int]] = {}
        for kind, dump_id, position in [*self._first(end, file), *self._found]:
            if position >= end:
                places = candidates.setdefault((kind, dump_id), [])
                if position not in places:
                    places.append(position)
        blobs = [candidates.get((_BLOBS_BLOCK, entry.dump_id), []) for entry in entries if entry.kind == "BLOBS"]
        limit = min((place for places in blobs for place in places), default=self._position)
        for entry in entries:
            block = _BLOBS_BLOCK if entry.kind == "BLOBS" else _DATA_BLOCK
            places = candidates.get((block, entry.dump_id), [])
            if len(places) == 1 and places[0] <= limit:
                yield entry, places[0]

    @staticmethod
    def _first(end: int, file: BinaryIO) -> list[tuple[int, int, int]]:
        """The first block begins where the table of contents ends."""
        file.seek(end)
        data = file.read(6)
        return [(data[0], int.from_bytes(data[2:6], "little"), end)] if len(data) == 6 and data[1] == 0 else []


def _read(file: BinaryIO) -> tuple[list[_Entry], int, int]:
    """Entries without an offset, the end of the table of contents, the size of an offset."""
    file.seek(0, os.SEEK_SET)
    head = file.read(11)
    if len(head) < 11 or head[:5] != _MAGIC or head[5] != 1 or head[6] not in _VERSIONS or head[10] != _CUSTOM:
        raise _Unknown
    minor = head[6]
    cursor = _Cursor(file, head[8], head[9])
    if cursor.int_size != 4:
        raise _Unknown
    _ = cursor.byte() if minor >= 15 else cursor.integer()  # compression
    for _ in range(7):  # the time it was made
        cursor.integer()
    for _ in range(3):  # database, versions
        cursor.text()
    entries = [entry for entry in (_entry(cursor, minor) for _ in range(cursor.integer())) if entry is not None]
    return entries, file.tell(), cursor.offset_size


def _entry(cursor: _Cursor, minor: int) -> _Entry | None:
    dump_id = cursor.integer()
    cursor.integer()  # has data
    for _ in range(3):  # catalogue OID, OID, name
        cursor.text()
    kind = (cursor.text() or b"").decode()
    cursor.integer()  # section
    for _ in range(6):  # definition, drop, copy, schema, tablespace, access method
        cursor.text()
    if minor >= 16:
        cursor.integer()  # relkind
    cursor.text()  # owner
    cursor.text()  # "false"
    while cursor.text() is not None:  # dependencies
        pass
    field = cursor.file.tell()
    state = cursor.byte()
    cursor.file.read(cursor.offset_size)
    return _Entry(dump_id, kind, field) if state == _POSITION_NOT_SET else None
