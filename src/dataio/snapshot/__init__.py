"""Facts: what a database contains, as comparable values. :func:`take` reads them, :class:`Snapshot` holds them."""

from __future__ import annotations

from dataio.snapshot.kinds import ATTACHMENTS, KINDS, PUBLIC, SELF, Key, Kind, attached_to, describe, parent
from dataio.snapshot.model import Edge, Fact, Snapshot, Value
from dataio.snapshot.take import take

__all__ = [
    "ATTACHMENTS",
    "KINDS",
    "PUBLIC",
    "SELF",
    "Edge",
    "Fact",
    "Key",
    "Kind",
    "Snapshot",
    "Value",
    "attached_to",
    "describe",
    "parent",
    "take",
]
