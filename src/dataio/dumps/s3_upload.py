"""A multipart upload from a stream of unknown length, in flat memory.

Parts are sent by a few threads while the next one fills. Parts of up to 16 MiB are held in memory; larger ones (very
large databases: S3 counts the parts) go through a temporary file of a part's size.
"""

from __future__ import annotations

import contextlib
import io
import tempfile
from collections import deque
from collections.abc import Mapping
from concurrent.futures import Future, wait
from types import TracebackType
from typing import IO, TYPE_CHECKING, Any, Final, Self

from dataio.dumps import s3_errors
from dataio.dumps.errors import AlreadyThere, NotThere, StoreError
from dataio.dumps.store import Stored

if TYPE_CHECKING:
    from dataio.dumps.s3 import S3Store

MIN_PART: Final = 16 << 20


def part_size(expected: int, max_parts: int, number: int) -> int:
    """The size of part ``number`` (from 1): such that ``expected`` bytes fit into ``max_parts``.

    Should the stream become longer than expected, the last third of the parts doubles in size again and again.
    """
    base = max(MIN_PART, -(-expected // max_parts))
    late = number - (2 * max_parts) // 3
    step = max(1, max_parts // 30)
    size: int = base << max(0, -(-late // step))
    return min(size, 5 << 30)


class S3Writer:
    """An upload in the making; see :class:`~dataio.dumps.store.Writer`. One request where everything fits into it."""

    def __init__(self, store: S3Store, key: str, tags: Mapping[str, str], *, expected: int) -> None:
        self._store, self._key, self._tags, self._expected = store, key, tags, expected
        self._what = f"cannot write {store.address(key)}"
        self._upload = ""
        self._parts: list[dict[str, Any]] = []
        self._number = 1
        self._filled = 0
        self._part: IO[bytes] = self._new_part()
        self._size = 0
        self._done = False
        self._running: deque[Future[dict[str, Any]]] = deque()

    def _limit(self) -> int:
        return part_size(self._expected, self._store.options.max_parts, self._number)

    def _new_part(self) -> IO[bytes]:
        return io.BytesIO() if self._limit() <= MIN_PART else tempfile.TemporaryFile()

    def write(self, data: bytes | memoryview) -> None:
        view = memoryview(data)
        self._size += len(view)
        while view:
            room = self._limit() - self._filled
            self._part.write(view[:room])
            self._filled += min(room, len(view))
            view = view[room:]
            if self._filled >= self._limit():
                self._send()

    def _send(self) -> None:
        """Hand the full part to a thread; waits while enough of them are under way."""
        if not self._upload:
            self._begin()
        while self._running and self._running[0].done():
            self._parts.append(self._running.popleft().result())
        self._store.slots.acquire()
        self._running.append(self._store.pool.submit(self._send_part, self._number, self._part, self._filled))
        self._number += 1
        self._part, self._filled = self._new_part(), 0

    def _begin(self) -> None:
        given = self._store.creation(self._tags)
        if self._store.options.checksum != "none":
            given["ChecksumAlgorithm"] = self._store.options.checksum.upper()
        answer = self._store.call(
            self._what,
            lambda: self._store.client.create_multipart_upload(**self._store.where(self._key), **given),
        )
        self._upload = answer["UploadId"]
        self._store.written()

    def _send_part(self, number: int, part: IO[bytes], size: int) -> dict[str, Any]:
        try:
            with part:
                checksum = self._store.checksum(part)
                answer = self._store.call(self._what, lambda: self._put_part(number, part, size, checksum))
        finally:
            self._store.slots.release()
        return {"PartNumber": number, "ETag": answer["ETag"], **checksum}

    def _put_part(self, number: int, part: IO[bytes], size: int, checksum: Mapping[str, str]) -> Mapping[str, Any]:
        part.seek(0)  # it may be sent again
        answer: Mapping[str, Any] = self._store.client.upload_part(
            **self._store.where(self._key),
            UploadId=self._upload,
            PartNumber=number,
            Body=part,
            ContentLength=size,
            **checksum,
        )
        return answer

    def commit(self) -> Stored:
        if not self._upload:
            self._part.seek(0)
            body = self._part.read()
            if len(body) <= MIN_PART:
                stored = self._store.put(self._key, body, self._tags)
                self._done = True
                return stored
        if self._filled:
            self._send()
        while self._running:
            self._parts.append(self._running.popleft().result())
        answer = self._complete()
        self._done = True
        try:
            self._store.settle(self._key, self._size, self._tags)
        except StoreError:
            with contextlib.suppress(StoreError):
                self._store.delete([self._key])
            raise
        return Stored(self._size, s3_errors.checksum_of(answer))

    def _complete(self) -> Mapping[str, Any]:
        parts = {"Parts": sorted(self._parts, key=lambda part: int(part["PartNumber"]))}

        def complete(**condition: str) -> Mapping[str, Any]:
            answer: Mapping[str, Any] = self._store.call(
                self._what,
                lambda: self._store.client.complete_multipart_upload(
                    **self._store.where(self._key),
                    UploadId=self._upload,
                    MultipartUpload=parts,
                    **condition,
                ),
            )
            return answer

        try:
            return complete(IfNoneMatch="*")
        except s3_errors.NotImplementedThere:
            return complete()
        except (AlreadyThere, NotThere):
            # A broken connection's retry finds our own upload completed: it is ours if the size fits, since the key
            # was free when we began and every dump has a folder of its own.
            with contextlib.suppress(StoreError):
                if self._store.look(self._key).size == self._size and not self._open():
                    return {}
            raise

    def _open(self) -> bool:
        """Is the upload still unfinished?"""
        try:
            self._store.call(
                self._what,
                lambda: self._store.client.list_parts(
                    **self._store.where(self._key), UploadId=self._upload, MaxParts=1
                ),
            )
        except NotThere:
            return False
        return True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if error is not None:
            self._store.hurry()
        for future in self._running:
            if future.cancel():
                self._store.slots.release()
        wait(future for future in self._running if not future.cancelled())
        self._part.close()
        if self._upload and not self._done:
            with contextlib.suppress(StoreError):
                self._store.abort(self._key, self._upload)
