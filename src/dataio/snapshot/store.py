"""Snapshots on disk: what a schema file was seen to contain need not be found out again. And notes of the same kind.

A file holds one snapshot, as Python marshals it, in compressed pieces, or one text. It is written whole or not at all;
one that cannot be read counts as none. The caller's key must name everything that the content depends on.
"""

from __future__ import annotations

import contextlib
import marshal
import os
import sys
import tempfile
import zlib
from array import array
from collections.abc import Mapping
from hashlib import sha256
from itertools import chain, islice
from pathlib import Path
from typing import Any, Final

from dataio.snapshot.keys import Key
from dataio.snapshot.kinds import KINDS
from dataio.snapshot.model import Edges, Fact, Snapshot

_KEPT: Final = 64
_AT_ONCE: Final = 2000  # facts
_LAYOUT: Final = sha256(
    repr(["pieces", sys.version, *((kind.name, kind.attributes, kind.info) for kind in KINDS.values())]).encode()
).hexdigest()
"""Changes with the kinds and with Python, so that no snapshot of another release is ever read."""


class SnapshotStore:
    """A folder of snapshots by key; the last few that were used stay."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def _path(self, key: str, suffix: str = "snapshot") -> Path:
        return self._folder / f"{sha256(f'{_LAYOUT} {key}'.encode()).hexdigest()[:40]}.{suffix}"

    def get(self, key: str, *, like: Snapshot | None = None) -> Snapshot | None:
        """The snapshot that was put under ``key``, or ``None``; facts that are in ``like``, too, are shared with it."""
        path = self._path(key)
        try:
            found = _decode(path.read_bytes(), like.facts if like is not None else {})
            os.utime(path)
        except (OSError, EOFError, ValueError, KeyError, TypeError, zlib.error):
            return None
        return found

    def put(self, key: str, snapshot: Snapshot) -> None:
        """Keep a snapshot; a folder that cannot be written to is no error."""
        self._write(self._path(key), _encode(snapshot))

    def note(self, key: str, text: str) -> None:
        """Keep a text, as a snapshot is kept."""
        self._write(self._path(key, "note"), zlib.compress(text.encode(), 1))

    def noted(self, key: str) -> str | None:
        """The text that was noted under ``key``, or ``None``."""
        path = self._path(key, "note")
        try:
            found = zlib.decompress(path.read_bytes()).decode()
            os.utime(path)
        except (OSError, ValueError, zlib.error):
            return None
        return found

    def _write(self, path: Path, data: bytes) -> None:
        with contextlib.suppress(OSError):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=self._folder, suffix=".part", delete=False) as file:
                file.write(data)
            Path(file.name).replace(path)
            files = sorted(self._folder.glob(f"*{path.suffix}"), key=lambda path: path.stat().st_mtime)
            for old in files[:-_KEPT]:
                old.unlink(missing_ok=True)


def _encode(snapshot: Snapshot) -> bytes:
    keys = {key: number for number, key in enumerate(snapshot.facts)}
    facts = iter(snapshot.facts.values())
    pieces = iter(lambda: [(*fact.key, fact.values, fact.info_values) for fact in islice(facts, _AT_ONCE)], [])
    ends = chain.from_iterable(snapshot.edges.pairs())
    document = {
        "major": snapshot.major,
        "self": snapshot.self_role,
        "notes": snapshot.notes,
        "facts": [zlib.compress(marshal.dumps(piece), 1) for piece in pieces],
        "edges": zlib.compress(array("L", [keys[key] for key in ends]).tobytes(), 1),
        "wording": [(keys[key], name, text) for (key, name), text in snapshot.wording.items()],
    }
    return marshal.dumps(document)


def _decode(data: bytes, like: Mapping[Key, Fact]) -> Snapshot:
    document: dict[str, Any] = marshal.loads(data)  # noqa: S302  (the user's own cache)
    make = tuple.__new__  # Key(…) itself is slow, and there are many
    keys: list[Key] = []
    facts: dict[Key, Fact] = {}
    for piece in document["facts"]:
        for kind, path, values, info in marshal.loads(zlib.decompress(piece)):  # noqa: S302
            key = make(Key, (kind, path))
            fact = like.get(key)
            if fact is None or fact.values != values or fact.info_values != info:
                fact = Fact(key if fact is None else fact.key, values, info)
            keys.append(fact.key)
            facts[fact.key] = fact
    ends = array("L", zlib.decompress(document["edges"]))
    return Snapshot(
        facts=facts,
        edges=Edges.between((keys[end] for end in ends[::2]), (keys[end] for end in ends[1::2])),
        major=document["major"],
        self_role=document["self"],
        notes=document["notes"],
        wording={(keys[number], name): text for number, name, text in document["wording"]},
    )
