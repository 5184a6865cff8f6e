"""Which fact a catalogue address (catalogue, OID, column number) belongs to, while a snapshot is taken."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from dataio.snapshot.keys import Key

SUBID_BITS: Final = 11
"""Addresses are packed into one integer, the OID above eleven bits of column number (at most 1600)."""


def pack(objid: int, objsubid: int = 0) -> int:
    return objid << SUBID_BITS | objsubid


def whole(packed: int) -> int:
    """The address of the object that a column belongs to."""
    return packed >> SUBID_BITS << SUBID_BITS


class Dependencies(NamedTuple):
    """Rows of pg_depend with the same catalogues and deptype (``dependencies.sql``): packed addresses of both sides."""

    catalog: int
    referenced_catalog: int
    deptype: str
    dependents: list[int]
    referenced: list[int]

    def pairs(self) -> Iterator[tuple[int, int]]:
        return zip(self.dependents, self.referenced, strict=True)


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
        """The fact that accounts for an address: its own, what it is a column of or was made for, its extension."""
        for _ in range(8):  # as deep as internal objects nest: array type → row type → table → extension
            exact, around = self.exact[catalog], whole(packed)
            key = exact.get(packed) or exact.get(around) or self.members[catalog].get(around)
            if key is not None:
                return key
            step = self.internal[catalog].get(around)
            if step is None:
                return None
            catalog, packed = step
        return None
