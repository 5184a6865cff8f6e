"""What a store of dumps can do. Keys are relative to the store's own prefix, with ``/`` between their parts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Protocol, Self


@dataclass(frozen=True)
class Listed:
    """An object as a listing tells it."""

    key: str
    size: int
    modified: datetime


@dataclass(frozen=True)
class Stored:
    """What the store says of an object that it has taken: its size, and its own checksum where it keeps one."""

    size: int
    checksum: str = ""


class Writer(Protocol):
    """An object that is being written. Nothing of it can be seen, and nothing of it stays, unless :meth:`commit` ran.

    A context manager: leaving it without a commit takes back what was sent.
    """

    def write(self, data: bytes | memoryview) -> None: ...

    def commit(self) -> Stored:
        """The object is there from now on. Raises AlreadyThere where there is one of that name."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None: ...


class Store(Protocol):
    """Every method raises :class:`~dataio.dumps.errors.StoreError`, with the store's reason and what to do."""

    @property
    def location(self) -> str:
        """``s3://bucket/prefix`` or a folder; for messages and for opening it again."""
        ...

    def address(self, key: str) -> str:
        """Where an object is, for messages."""
        ...

    def put(self, key: str, body: bytes, tags: Mapping[str, str]) -> Stored:
        """Write a small object whole. Raises AlreadyThere rather than overwrite."""
        ...

    def writer(self, key: str, tags: Mapping[str, str], *, expected: int = 0) -> Writer:
        """Begin an object of a size unknown; ``expected`` bytes is the most that it is thought to become."""
        ...

    def read(self, key: str) -> bytes:
        """A small object, whole. Raises NotThere."""
        ...

    def chunks(self, key: str, *, offset: int = 0) -> Iterator[bytes]:
        """An object's bytes from ``offset``; picks up again by itself where a connection breaks. Raises NotThere."""
        ...

    def look(self, key: str) -> Listed:
        """Size and time of one object. Raises NotThere."""
        ...

    def list(self, prefix: str = "") -> Iterator[Listed]:
        """All objects whose key begins with ``prefix``, by key."""
        ...

    def tags(self, key: str) -> dict[str, str]: ...

    def set_tags(self, key: str, tags: Mapping[str, str]) -> None:
        """Replace the whole tag set of an object."""
        ...

    def delete(self, keys: Iterable[str]) -> None:
        """Remove objects; those that are not there are no error."""
        ...

    def abandon(self, prefix: str, *, before: datetime) -> int:
        """Take back uploads below ``prefix`` that began before a time and never ended; how many there were."""
        ...

    def link(self, key: str, *, seconds: int) -> str:
        """A URL by which anybody can read the object for so long."""
        ...
