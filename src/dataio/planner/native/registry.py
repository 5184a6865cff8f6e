"""Which rule speaks for which kind of fact."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from types import MappingProxyType
from typing import Final

from dataio.planner.native.step import Rule

_MODULES: Final = (
    # relations and what hangs on them
    "schemas",
    "tables",
    "columns",
    "column_parts",
    "not_nulls",
    "partitions",
    "constraints",
    "indexes",
    "sequences",
    "statistics",
    "views",
    "triggers",
    "policies",
    # types
    "enums",
    "composites",
    "domains",
    "ranges",
    "base_types",
    "collations",
    # code
    "routines",
    "aggregates",
    "event_triggers",
    "languages",
    "operators",
    "opfamilies",
    "text_search",
    # other servers
    "publications",
    "foreign",
    # who may do what, and what is said about it
    "roles",
    "owners",
    "privileges",
    "default_privileges",
    "comments",
    "extension_dependencies",
)


@cache
def rules() -> Mapping[str, Rule]:
    """One rule per kind, from the ``RULES`` of each rule module. Raises ValueError where two claim one kind."""
    found: dict[str, Rule] = {}
    for name in _MODULES:
        for rule in import_module(f"dataio.planner.native.rules.{name}").RULES:
            if rule.kind in found:
                raise ValueError(f"two rules for {rule.kind}")
            found[rule.kind] = rule
    return MappingProxyType(found)
