"""Bytes on their way into a store and out of it, hashed as they pass."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256

from dataio.dumps.compression import LEVEL, Compressor
from dataio.dumps.errors import Damaged, NotThere
from dataio.dumps.manifest import StoredObject
from dataio.dumps.meter import Meter
from dataio.dumps.store import Store


def put(store: Store, folder: str, name: str, body: bytes, tags: Mapping[str, str]) -> StoredObject:
    """Store a small object."""
    stored = store.put(folder + name, body, tags)
    return StoredObject(name, stored.size, sha256(body).hexdigest(), None, stored.checksum)


def compress_into(
    store: Store,
    folder: str,
    name: str,
    chunks: Iterable[bytes],
    tags: Mapping[str, str],
    *,
    expected: int,
    meter: Meter,
    level: int = LEVEL,
) -> StoredObject:
    """Store a stream, compressed. Where ``chunks`` raises, nothing of it stays: whoever makes them raises at their end
    if they are not whole.
    """
    compressor, digest, size = Compressor(level), sha256(), 0
    with store.writer(folder + name, tags, expected=expected) as writer:

        def write(data: bytes) -> int:
            digest.update(data)
            writer.write(data)
            return len(data)

        for chunk in chunks:
            if packed := compressor.feed(chunk):
                size += write(packed)
            meter.add(len(chunk))
        size += write(compressor.finish())
        stored = writer.commit()
    return StoredObject(name, size, digest.hexdigest(), compressor.raw, stored.checksum)


def checked(store: Store, folder: str, stored: StoredObject, *, meter: Meter | None = None) -> Iterator[bytes]:
    """The bytes of an object; raises :class:`~dataio.dumps.errors.Damaged` at their end, at the latest, unless size and
    SHA-256 are those of the manifest.
    """
    digest, size = sha256(), 0
    where = store.address(folder + stored.name)
    try:
        for chunk in store.chunks(folder + stored.name):
            digest.update(chunk)
            size += len(chunk)
            if meter is not None:
                meter.add(len(chunk))
            yield chunk
    except NotThere:
        raise Damaged(f"{where} is missing, and the manifest names it") from None
    compare(stored, size, digest.hexdigest(), where=where)


def compare(stored: StoredObject, size: int, digest: str, *, where: str) -> None:
    """Raise :class:`~dataio.dumps.errors.Damaged` where size or SHA-256 are not those of the manifest."""
    if size != stored.size:
        word = "truncated" if size < stored.size else "too long"
        raise Damaged(f"{where} is {word}: it has {size:,} bytes, the manifest says {stored.size:,}")
    if digest != stored.sha256:
        raise Damaged(f"{where} was changed: its SHA-256 is not the manifest's")
