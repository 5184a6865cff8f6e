"""Nothing is silently missed: every object that users made is accounted for by a fact, or named in an error.

The objects of every catalogue are listed by queries of their own (``objects.sql``, ``parts.sql``), so that a query of a
kind that misses something, or a kind that a future PostgreSQL brings, is noticed.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from dataio.errors import UnknownObject
from dataio.snapshot.addresses import SUBID_BITS, Addresses
from dataio.snapshot.edges import Dependencies
from dataio.snapshot.kinds import Key

_SHOWN: Final = 20

_DEPENDENT_CATALOGS: Final = frozenset({"pg_largeobject_metadata", "pg_largeobject", "pg_database", "pg_init_privs"})
"""What may turn up in pg_depend or pg_shdepend without being schema: large objects are data, databases the cluster's."""


class Description(NamedTuple):
    """What people call an object, and the schema it is in."""

    text: str | None
    schema: str | None


Describe = Callable[[Sequence[tuple[int, int]]], Mapping[tuple[int, int], Description]]


def check(
    addresses: Addresses,
    objects: Iterable[tuple[str, list[int]]],
    dependencies: Dependencies,
    shared_catalogs: Iterable[int],
    describe: Describe,
    ignored_schemas: Container[str],
) -> tuple[str, ...]:
    """Raise :class:`UnknownObject` unless every object is accounted for; ``describe`` is only called if need be.

    Returns notes: objects in PostgreSQL's own schemas, which pg_dump leaves out just as facts do.
    """
    swept: set[int] = set()
    left: list[tuple[int, int]] = []
    for name, listed in objects:
        catalog = addresses.catalogs[name]
        swept.add(catalog)
        unknown = set(listed)
        for known in (addresses.exact, addresses.internal, addresses.members):
            unknown.difference_update(known[catalog])
        left.extend((catalog, packed) for packed in sorted(unknown))
    seen = {row[0]: row[3][0] for row in dependencies}
    names = {oid: name for name, oid in addresses.catalogs.items()}
    for catalog in {*seen, *shared_catalogs} - swept:
        if names.get(catalog) not in _DEPENDENT_CATALOGS:
            left.append((catalog, seen.get(catalog, 0)))
    if not left:
        return ()
    return _judge(left, addresses, dependencies, describe(left), ignored_schemas)


def _judge(
    left: Sequence[tuple[int, int]],
    addresses: Addresses,
    dependencies: Dependencies,
    described: Mapping[tuple[int, int], Description],
    ignored_schemas: Container[str],
) -> tuple[str, ...]:
    """What is left belongs to an extension's table, an ignored schema, or nobody."""
    owners = _owners(set(left), dependencies)
    notes: list[str] = []
    unknown: list[str] = []
    for address in left:
        text, schema = described.get(address, Description(None, None))
        name = text or f"object {address[1] >> SUBID_BITS} of catalogue {address[0]}"
        if schema in ("pg_catalog", "information_schema"):
            notes.append(f"left out, as pg_dump does: {name}")
        elif not _excused(address, addresses, owners, described, ignored_schemas):
            unknown.append(name)
    if unknown:
        raise UnknownObject(
            f"the database holds {_count(unknown)} that dataio does not know: {unknown[0]}"
            + (f" and {len(unknown) - 1} more" if len(unknown) > 1 else ""),
            detail="\n".join(unknown[:_SHOWN] + (["…"] if len(unknown) > _SHOWN else [])),
            hint="Please report it. Nothing was changed: going on would miss it in silence.",
        )
    return tuple(notes)


def _count(items: Sequence[Any]) -> str:
    return "an object" if len(items) == 1 else f"{len(items)} objects"


def _owners(left: set[tuple[int, int]], dependencies: Dependencies) -> dict[tuple[int, int], list[tuple[int, int]]]:
    """For each address that is left: what it goes away with, as pg_depend says."""
    owners: dict[tuple[int, int], list[tuple[int, int]]] = {}
    catalogs = {catalog for catalog, _ in left}
    for catalog, target, deptype, dependents, referenced in dependencies:
        if catalog in catalogs and deptype in ("a", "i", "P", "S"):
            for packed, other in zip(dependents, referenced, strict=True):
                whole = packed >> SUBID_BITS << SUBID_BITS
                if (catalog, whole) in left:
                    owners.setdefault((catalog, whole), []).append((target, other >> SUBID_BITS << SUBID_BITS))
    return owners


def _excused(
    address: tuple[int, int],
    addresses: Addresses,
    owners: Mapping[tuple[int, int], list[tuple[int, int]]],
    described: Mapping[tuple[int, int], Description],
    ignored_schemas: Container[str],
    depth: int = 4,
) -> bool:
    description = described.get(address)
    if description is not None and description.schema in ignored_schemas:
        return True
    for owner in owners.get(address, ()) if depth else ():
        key = addresses.resolve(*owner)
        if key is not None:
            if key.kind == "extension" or any(part in ignored_schemas for part in key.path[:1]):
                return True
        elif _excused(owner, addresses, owners, described, ignored_schemas, depth - 1):
            return True
    return False


def check_parts(
    addresses: Addresses,
    parts: Iterable[tuple[str, list[int]]],
    present: Container[Key],
    ignored: Callable[[Key], bool],
) -> None:
    """Raise :class:`UnknownObject` where a relation's part without an address of its own (``parts.sql``) has no fact."""
    exact = addresses.exact[addresses.catalogs["pg_class"]]
    for kind, relations in parts:
        for packed in relations:
            relation = exact.get(packed)
            if relation is None or ignored(relation):
                continue
            if kind == "inheritance":
                continue
            if Key(kind, relation.path) not in present:
                raise UnknownObject(
                    f"the database holds something that dataio does not know: {Key(kind, relation.path)}",
                    hint="Please report it. Nothing was changed: going on would miss it in silence.",
                )
