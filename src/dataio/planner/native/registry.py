"""Which rule speaks for which kind of fact."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from types import MappingProxyType
from typing import Final

from dataio.planner.native.step import Rule

_MODULES: Final[Mapping[str, tuple[str, ...]]] = {
    "": ("schemas", "publications", "foreign", "comments", "extension_dependencies"),
    "columns.": ("columns", "parts", "not_nulls"),
    "tables.": (
        *("tables", "partitions", "constraints", "indexes", "statistics", "triggers", "policies"),
        *("sequences", "views"),
    ),
    "types.": ("enums", "composites", "domains", "ranges", "base_types", "collations"),
    "code.": ("routines", "aggregates", "event_triggers", "languages", "operators", "opfamilies", "text_search"),
    "access.": ("roles", "owners", "privileges", "default_privileges"),
}
"""Those of ``rules/`` that have a rule, by their place in there."""


@cache
def rules() -> Mapping[str, Rule]:
    """One rule per kind, from the ``RULES`` of each rule module. Raises ValueError where two claim one kind."""
    found: dict[str, Rule] = {}
    for name in (place + module for place, modules in _MODULES.items() for module in modules):
        for rule in import_module(f"dataio.planner.native.rules.{name}").RULES:
            if rule.kind in found:
                raise ValueError(f"two rules for {rule.kind}")
            found[rule.kind] = rule
    return MappingProxyType(found)
