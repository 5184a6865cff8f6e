"""Which kinds a database can have facts of at all, so that the others' queries need not be planned.

On a small database most of a snapshot's time goes into planning some sixty queries, most of which find nothing. The
sweep's own list of objects, which comes first, says which catalogues hold anything of the users'.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from dataio.snapshot.kinds import KINDS

_TABLES: Final = frozenset({("pg_class", "r"), ("pg_class", "p")})
_TABLES_AND_FOREIGN: Final = _TABLES | {("pg_class", "f")}
_COMPOSITES: Final = frozenset({("pg_class", "c")})
_SEQUENCES: Final = frozenset({("pg_class", "S")})

_VARIETIES: Final[Mapping[str, frozenset[tuple[str, str]]]] = {
    "table": _TABLES,
    "column": _TABLES_AND_FOREIGN,
    "not_null": _TABLES_AND_FOREIGN,
    "replica_identity": _TABLES | {("pg_class", "m")},
    "clustered_on": frozenset({("pg_class", "i"), ("pg_class", "I")}),
    "index": frozenset({("pg_class", "i"), ("pg_class", "I")}),
    "partition": frozenset({("pg_class", "p")}),
    "inheritance": _TABLES_AND_FOREIGN,
    "constraint": frozenset({("pg_constraint", "relation")}),
    "identity": _SEQUENCES,
    "sequence": _SEQUENCES,
    "owned_by": _SEQUENCES,
    "view": frozenset({("pg_class", "v")}),
    "materialized_view": frozenset({("pg_class", "m")}),
    "foreign_table": frozenset({("pg_class", "f")}),
    "rule": frozenset({("pg_rewrite", "rule")}),
    "composite": _COMPOSITES,
    "attribute": _COMPOSITES,
    "enum": frozenset({("pg_type", "e")}),
    "domain": frozenset({("pg_type", "d")}),
    "domain_constraint": frozenset({("pg_constraint", "domain")}),
    "range": frozenset({("pg_type", "r")}),
    "base_type": frozenset({("pg_type", "b")}),
    "shell_type": frozenset({("pg_type", "shell")}),
    "function": frozenset({("pg_proc", "f"), ("pg_proc", "w")}),
    "procedure": frozenset({("pg_proc", "p")}),
    "aggregate": frozenset({("pg_proc", "a")}),
    "family_member": frozenset({("pg_amop", ""), ("pg_amproc", "")}),
}

_ALWAYS: Final = frozenset({"schema", "role", "membership"})


def possible(kinds: Iterable[str], objects: Iterable[tuple[str, str | None, Any]]) -> list[str]:
    """Those of ``kinds`` that may have facts, given the rows of ``objects.sql``."""
    listed: dict[str, set[str]] = {}
    for catalog, variety, found in objects:
        listed.setdefault(catalog, set())
        if found:
            listed[catalog].add(variety or "")
    return [kind for kind in kinds if _is_possible(kind, listed)]


def _is_possible(kind: str, listed: Mapping[str, set[str]]) -> bool:
    varieties = _VARIETIES.get(kind)
    if varieties is not None:
        return any(variety in listed.get(catalog, ()) for catalog, variety in varieties)
    catalog = KINDS[kind].catalog
    return kind in _ALWAYS or catalog is None or catalog not in listed or bool(listed[catalog])
