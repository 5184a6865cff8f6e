"""Facts: what a database contains, as comparable values. :func:`take` reads them, :class:`Snapshot` holds them."""

from __future__ import annotations

from dataio.snapshot.keys import ATTACHMENTS, PUBLIC, SELF, Key, attached_to, describe, parent
from dataio.snapshot.kinds import KINDS, Kind
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
