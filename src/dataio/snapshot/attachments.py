"""Owners, privileges, comments, labels, dependencies on extensions: facts about whatever has a catalogue address."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from dataio.snapshot.addresses import Addresses, pack
from dataio.snapshot.keys import Key
from dataio.snapshot.model import Fact

Rows = Iterable[tuple[Any, ...]]
RoleName = Callable[[str], str]

QUERIES: Final = ("owner", "privilege", "comment", "security_label", "extension_dependency")


def owners(rows: Rows, addresses: Addresses, role: RoleName) -> Iterator[Fact]:
    """Rows of ``owner.sql``. The sequence of an identity column always has the table's owner: no fact."""
    for catalog, name, objects in rows:
        exact = addresses.exact[addresses.catalogs[catalog]]
        values = (role(name),)
        for packed in objects:
            key = exact.get(packed)
            if key is not None and key.kind != "identity":
                yield Fact(Key("owner", (key.kind, *key.path)), values)


def privileges(rows: Rows, addresses: Addresses, role: RoleName) -> Iterator[tuple[Fact, Key | None]]:
    """Rows of ``privilege.sql``, each with the extension that has the object, if one does."""
    for catalog, objid, objsubid, column, grantee, grantor, held, *identity in rows:
        target = _target(addresses, catalog, objid, objsubid, column) or _named(*identity)
        if target is not None:
            key = Key("privilege", (target.kind, *target.path, role(grantee), role(grantor)))
            yield Fact(key, (tuple(held),)), addresses.members[catalog].get(pack(objid))


def comments(rows: Rows, addresses: Addresses) -> Iterator[Fact]:
    """Rows of ``comment.sql``."""
    for catalog, objid, objsubid, column, text in rows:
        target = _target(addresses, catalog, objid, objsubid, column)
        if target is not None:
            yield Fact(Key("comment", (target.kind, *target.path)), (text,))


def labels(rows: Rows, addresses: Addresses) -> Iterator[Fact]:
    """Rows of ``security_label.sql``."""
    for catalog, objid, objsubid, column, provider, label in rows:
        target = _target(addresses, catalog, objid, objsubid, column)
        if target is not None:
            yield Fact(Key("security_label", (provider, target.kind, *target.path)), (label,))


def extension_dependencies(rows: Rows, addresses: Addresses) -> Iterator[tuple[Fact, Key]]:
    """Rows of ``extension_dependency.sql``, each with the extension."""
    for catalog, objid, objsubid, extension in rows:
        target = _target(addresses, catalog, objid, objsubid, None)
        if target is not None:
            key = Key("extension_dependency", (extension, target.kind, *target.path))
            yield Fact(key, ()), Key("extension", (extension,))


def _target(addresses: Addresses, catalog: int, objid: int, objsubid: int, column: str | None) -> Key | None:
    """What is at an address that people attach things to, where that is a user's."""
    exact = addresses.exact[catalog]
    key = exact.get(pack(objid, objsubid)) if objsubid >= 0 else None
    if key is not None:
        return key
    if objsubid:  # a column that is no fact of its own: of a view, or PostgreSQL's, such as tableoid
        relation = exact.get(pack(objid))
        return None if relation is None or column is None else Key("column", (*relation.path, column))
    owner = addresses.internal[catalog].get(pack(objid))
    key = None if owner is None else addresses.exact[owner[0]].get(owner[1])
    if key is None:
        return None
    if key.kind == "constraint" and catalog == addresses.catalogs["pg_class"]:
        return Key("index", (key.path[0], key.path[2]))  # PostgreSQL keeps both names the same
    # A composite type is addressed by its row type as well. What else is internal carries nothing that pg_dump keeps.
    return key if key.kind == "composite" else None


_KINDS_BY_TYPE: Final = {
    "table column": "column",
    "view column": "column",
    "materialized view": "materialized_view",
    "foreign table": "foreign_table",
    "foreign-data wrapper": "foreign_data_wrapper",
    "type": "base_type",
}


def _named(type_: str | None, names: list[str] | None, arguments: list[str] | None) -> Key | None:
    """The key of an object of PostgreSQL or an extension, from what pg_identify_object_as_address says."""
    if type_ is None or names is None:
        return None
    kind = _KINDS_BY_TYPE.get(type_, type_)
    if kind in ("function", "procedure", "aggregate"):
        return Key(kind, (*names, ", ".join(arguments or ())))
    if kind == "base_type" and len(names) == 1:  # qualified text
        return Key(kind, tuple(names[0].split(".", 1)) if "." in names[0] else ("pg_catalog", names[0]))
    return Key(kind, tuple(names))
