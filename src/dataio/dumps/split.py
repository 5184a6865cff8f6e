"""Cutting an archive of ``pg_dump --format=custom`` apart while it goes past: an archive for every few tables.

What is in one is restored while the next is still being fetched. ``pg_dump`` writes the table of contents first, then a
block for each table's rows, then the large objects. Each piece is the table of contents and some of the blocks, which
``pg_restore`` finds by itself. What is not known (another version of the format) becomes one piece, the whole archive.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from dataio.dumps.toc import MAGIC, Contents, Short, Unknown, read

ENOUGH: Final = 8 << 20  # bytes of a piece, from which on the next table begins another one
_DATA_BLOCK: Final = 1
_BLOCK_HEAD: Final = 6  # type, sign and number of the dump ID
# A block's data end with a chunk of length 0 (sign byte and four bytes). Rows in COPY's text format hold no zero byte,
# and of the five bytes before each one is none: among rows this is found nowhere else.
_END: Final = b"\0" * 5
_MOST_CONTENTS: Final = 1 << 30


@dataclass
class Cut:
    """Bytes for the piece at hand. ``begins``: they are the first of a new piece; ``entries`` are the dump IDs of
    tables whose rows begin in them. ``rest``: the piece is the last one, with all that no other one has.
    """

    data: bytes | memoryview
    begins: bool = False
    rest: bool = False
    entries: list[int] = field(default_factory=list)


class Splitter:
    """:meth:`feed` all of an archive, then :meth:`end`."""

    def __init__(self) -> None:
        self.head = b""  # the table of contents, once it is known
        self._contents: Contents | None = None
        self._waiting = b""
        self._look_at = 1 << 16  # the table of contents is tried again from so many bytes on
        self._in_rows = False
        self._rest = False
        self._size = ENOUGH  # of the piece at hand

    def feed(self, data: bytes) -> Iterator[Cut]:
        if self._rest:
            yield Cut(data, rest=True)
            return
        data = self._waiting + data
        self._waiting = b""
        if self._contents is None:
            if len(data) < self._look_at:
                self._waiting = data
                return
            if (cut := self._begin(data)) is not None:
                yield cut
            if self._rest or self._contents is None:
                return
            data = data[self._contents.size :]
        yield from self._cut(data)

    def end(self) -> Iterator[Cut]:
        """What was held back. What comes then is the rest, be it only the table of contents."""
        data, self._waiting = self._waiting, b""
        if self._contents is None and not self._rest:
            self._look_at = 0
            if (cut := self._begin(data, last=True)) is not None:
                yield cut
            if self._contents is None:
                return
            data = data[self._contents.size :]
            yield from self._cut(data)
            data, self._waiting = self._waiting, b""
        if not self._rest:
            yield Cut(self.head + data, begins=True, rest=True)

    def _begin(self, data: bytes, *, last: bool = False) -> Cut | None:
        try:
            self._contents = read(data)
            self.head = data[: self._contents.size]
        except Short:
            if not last and data[:5] == MAGIC and len(data) < _MOST_CONTENTS:
                self._waiting, self._look_at = data, 2 * len(data)
                return None
        except Unknown:
            pass
        if self._contents is not None:
            return None
        self._rest = True
        return Cut(data, begins=True, rest=True)

    def _cut(self, data: bytes) -> Iterator[Cut]:
        at = 0
        while at < len(data):
            if not self._in_rows:
                if len(data) - at < _BLOCK_HEAD:
                    self._waiting = data[at:]
                    return
                yield (cut := self._block(data[at:]))
                if cut.rest:
                    return
                at += _BLOCK_HEAD
                continue
            end = data.find(_END, at)
            if end < 0:
                # an end may begin in the last bytes
                keep = max(at, len(data) - len(_END) + 1)
                self._waiting = data[keep:]
                if keep > at:
                    self._size += keep - at
                    yield Cut(memoryview(data)[at:keep])
                return
            self._in_rows = False
            self._size += end + len(_END) - at
            yield Cut(memoryview(data)[at : end + len(_END)])
            at = end + len(_END)

    def _block(self, data: bytes) -> Cut:
        number = int.from_bytes(data[2:_BLOCK_HEAD], "little")
        if self._contents is None or data[0] != _DATA_BLOCK or data[1] or number not in self._contents.rows:
            self._rest = True  # large objects, after which no tables come
            return Cut(self.head + data, begins=True, rest=True)
        self._in_rows = True
        head = data[:_BLOCK_HEAD]
        if self._size < ENOUGH:
            self._size += _BLOCK_HEAD
            return Cut(head, entries=[number])
        self._size = _BLOCK_HEAD
        return Cut(self.head + head, begins=True, entries=[number])
