"""Which fact a catalogue address (catalogue, OID, column number) belongs to, while a snapshot is taken."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from dataio.snapshot.kinds import Key

SUBID_BITS: Final = 11
"""Addresses are packed into one integer, the OID above eleven bits of column number (at most 1600)."""


def pack(objid: int, objsubid: int = 0) -> int:
    return objid << SUBID_BITS | objsubid


class Addresses:
    """Maps packed addresses to keys, catalogue by catalogue (a catalogue is known by its OID).

    ``exact`` holds the addresses of facts. ``internal`` leads from what PostgreSQL made for another object (a row type,
    the index of a constraint, the rule of a view) to that object's address. ``members`` holds what extensions own.
    """

    def __init__(self, catalogs: dict[str, int]) -> None:
        self.catalogs: Final = catalogs
        self.exact: Final[dict[int, dict[int, Key]]] = {oid: {} for oid in catalogs.values()}
        self.internal: Final[dict[int, dict[int, tuple[int, int]]]] = {oid: {} for oid in catalogs.values()}
        self.members: Final[dict[int, dict[int, Key]]] = {oid: {} for oid in catalogs.values()}

    def add_internal(self, catalog: int, objects: Iterable[int], target: int, targets: Iterable[int]) -> None:
        """``objects`` (packed) of ``catalog`` belong to ``targets`` (packed) of ``target``. What is known stays."""
        known = self.internal[catalog]
        for packed, owner in zip(objects, targets, strict=True):
            known.setdefault(packed, (target, owner))

    def resolve(self, catalog: int, packed: int) -> Key | None:
        """The fact that accounts for an address: itself, what it is a column of, what it was made for, its extension."""
        for _ in range(8):  # as deep as internal objects nest: array type → row type → table → extension
            whole = packed >> SUBID_BITS << SUBID_BITS
            exact = self.exact[catalog]
            key = exact.get(packed) or exact.get(whole) or self.members[catalog].get(whole)
            if key is not None:
                return key
            step = self.internal[catalog].get(whole)
            if step is None:
                return None
            catalog, packed = step
        return None
