"""Nothing is silently missed: every object that users made is accounted for by a fact, or named in an error.

The objects of every catalogue are listed by queries of their own (``objects.sql``, ``parts.sql``), so that a query of a
kind that misses something, or a kind that a future PostgreSQL brings, is noticed.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from dataio.errors import UnknownObject
from dataio.snapshot.addresses import SUBID_BITS, Addresses, Dependencies, whole
from dataio.snapshot.keys import Key
from dataio.snapshot.model import Fact

Address = tuple[int, int]
"""A catalogue's OID and a packed address."""

_SHOWN: Final = 20

_NO_SCHEMA: Final = frozenset({"pg_largeobject_metadata", "pg_largeobject", "pg_database", "pg_init_privs"})
"""What may turn up in pg_depend or pg_shdepend and is none of a schema's: data, the cluster's, initdb's."""

_IN_VARIETIES: Final = ("pg_class", "pg_type", "pg_proc", "pg_constraint", "pg_rewrite")
"""Catalogues that ``objects.sql`` has no row for where there is nothing in them."""

_SYSTEM: Final = frozenset({"pg_catalog", "information_schema"})


class Description(NamedTuple):
    """What people call an object, and the schema it is in."""

    text: str | None
    schema: str | None


class Sweep:
    """Compares what there is with what facts account for; raises :class:`UnknownObject` for the rest."""

    def __init__(
        self,
        facts: Mapping[Key, Fact],
        addresses: Addresses,
        dependencies: Sequence[Dependencies],
        ignored_schemas: Container[str],
    ) -> None:
        self._facts = facts
        self._addresses = addresses
        self._dependencies = dependencies
        self._ignored = ignored_schemas

    def check_parts(self, parts: Iterable[tuple[str, list[int]]]) -> None:
        """What a relation has that carries no address of its own, or shares its relation's (``parts.sql``)."""
        relations = self._addresses.exact[self._addresses.catalogs["pg_class"]]
        unknown = []
        for kind, listed in parts:
            if kind in ("column", "attribute"):
                missing: Iterable[int] = set(listed).difference(relations)
            else:
                length = 2 if kind == "inheritance" else None  # one fact per parent
                present = {key.path[:length] for key in self._facts if key.kind == kind}
                missing = (packed for packed in listed if (k := relations.get(packed)) and k.path not in present)
            for packed in missing:
                relation = relations.get(whole(packed))
                if relation in self._facts:
                    unknown.append(f"{kind.replace('_', ' ')} of {relations.get(packed, relation)}")
        if unknown:
            raise _unknown(sorted(unknown))

    def check_objects(
        self,
        objects: Iterable[tuple[str, list[int]]],
        shared_catalogs: Iterable[int],
        describe: Callable[[Sequence[Address]], Mapping[Address, Description]],
    ) -> tuple[str, ...]:
        """Everything with an address; ``describe`` is only called where something is left.

        Returns notes: objects in PostgreSQL's own schemas, which pg_dump leaves out just as facts do.
        """
        swept = {self._addresses.catalogs[name] for name in _IN_VARIETIES}
        left: list[Address] = []
        for name, listed in objects:
            catalog = self._addresses.catalogs[name]
            swept.add(catalog)
            unknown = set(listed)
            for known in (self._addresses.exact, self._addresses.internal, self._addresses.members):
                unknown.difference_update(known[catalog])
            left.extend((catalog, packed) for packed in sorted(unknown))
        left.extend(self._strange_catalogs(swept, shared_catalogs))
        return self._judge(left, describe(left)) if left else ()

    def _strange_catalogs(self, swept: set[int], shared_catalogs: Iterable[int]) -> Iterable[Address]:
        """An example from each catalogue that dependencies name and nobody looked into."""
        names = {oid: name for name, oid in self._addresses.catalogs.items()}
        seen = {group.catalog: group.dependents[0] for group in self._dependencies}
        for catalog in sorted({*seen, *shared_catalogs} - swept):
            if names.get(catalog) not in _NO_SCHEMA:
                yield catalog, seen.get(catalog, 0)

    def _judge(self, left: Sequence[Address], described: Mapping[Address, Description]) -> tuple[str, ...]:
        """What is left belongs to an extension's table, an ignored schema, or nobody."""
        owners = self._owners(set(left))
        notes: list[str] = []
        unknown: list[str] = []
        for address in left:
            text, schema = described.get(address, Description(None, None))
            name = text or f"object {address[1] >> SUBID_BITS} of catalogue {address[0]}"
            if schema in _SYSTEM:
                notes.append(f"left out, as pg_dump does: {name}")
            elif not self._is_excused(address, owners, described):
                unknown.append(name)
        if unknown:
            raise _unknown(unknown)
        return tuple(notes)

    def _owners(self, left: set[Address]) -> Mapping[Address, list[Address]]:
        """For each address that is left: what it goes away with, as pg_depend says."""
        owners: dict[Address, list[Address]] = {}
        catalogs = {catalog for catalog, _ in left}
        for group in self._dependencies:
            if group.catalog in catalogs and group.deptype in ("a", "i", "P", "S"):
                for packed, other in group.pairs():
                    address = (group.catalog, whole(packed))
                    if address in left:
                        owners.setdefault(address, []).append((group.referenced_catalog, whole(other)))
        return owners

    def _is_excused(
        self,
        address: Address,
        owners: Mapping[Address, list[Address]],
        described: Mapping[Address, Description],
        depth: int = 4,
    ) -> bool:
        description = described.get(address)
        if description is not None and description.schema in self._ignored:
            return True
        for owner in owners.get(address, ()) if depth else ():
            key = self._addresses.resolve(*owner)
            if key is None:
                if self._is_excused(owner, owners, described, depth - 1):
                    return True
            elif key.kind == "extension" or key not in self._facts:
                return True
        return False


def _unknown(names: Sequence[str]) -> UnknownObject:
    count = "an object" if len(names) == 1 else f"{len(names)} objects"
    more = f" and {len(names) - 1} more" if len(names) > 1 else ""
    return UnknownObject(
        f"the database holds {count} that dataio does not know: {names[0]}{more}",
        detail="\n".join([*names[:_SHOWN], *(["…"] if len(names) > _SHOWN else [])]),
        hint="Please report it. Nothing was changed: going on would miss it in silence.",
    )
