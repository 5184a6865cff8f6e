"""Compression in our own process: zstd, whatever the local ``pg_dump`` was built with.

Frames carry zstd's own checksum, and end: a truncated stream is an error, not a shorter one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import zstandard

from dataio.dumps.errors import Damaged

LEVEL: Final = 1
VERSION: Final = ".".join(str(part) for part in zstandard.ZSTD_VERSION)
_PIECE: Final = 1 << 20


class Compressor:
    """One zstd frame. ``raw`` counts the bytes that went in."""

    def __init__(self, level: int = LEVEL) -> None:
        self._frame = zstandard.ZstdCompressor(level=level, write_checksum=True).compressobj()
        self.raw = 0

    def feed(self, data: bytes) -> bytes:
        self.raw += len(data)
        return self._frame.compress(data)

    def finish(self) -> bytes:
        return self._frame.flush()


def decompressed(chunks: Iterable[bytes], *, where: str) -> Iterator[bytes]:
    """The content of one frame. Raises :class:`~dataio.dumps.errors.Damaged` where it is none, is cut off, or its
    checksum does not fit; ``where`` names it.
    """
    frame = zstandard.ZstdDecompressor().decompressobj()
    try:
        for chunk in chunks:
            for start in range(0, len(chunk), _PIECE):
                if frame.eof:
                    raise Damaged(f"{where} goes on after its end")
                if data := frame.decompress(chunk[start : start + _PIECE]):
                    yield data
            if frame.eof and frame.unused_data:
                raise Damaged(f"{where} goes on after its end")
    except zstandard.ZstdError as error:
        raise Damaged(f"{where} is damaged: {str(error).removeprefix('zstd decompressor error: ')}") from None
    if not frame.eof:
        raise Damaged(f"{where} is cut off")
