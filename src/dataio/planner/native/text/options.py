"""Lists of options: storage parameters (``WITH (…)``) and the options of foreign data (``OPTIONS (…)``).

Facts hold both as tuples of ``"name=value"``.
"""

from __future__ import annotations

import re
from typing import Final

from dataio.planner.native.text.sql import ident, literal
from dataio.snapshot.model import Fact, Value

_BARE: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?\Z|[a-z][a-z_]*\Z")


def pairs(options: Value) -> dict[str, str]:
    """``("a=1", "b=x=y")`` as ``{"a": "1", "b": "x=y"}``; nothing gives nothing."""
    found: dict[str, str] = {}
    for option in options if isinstance(options, tuple) else ():
        name, _, value = str(option).partition("=")
        found[name] = value
    return found


def _is_toast(name: str) -> bool:
    return name.startswith("toast.")


def _name(name: str) -> str:
    return ".".join(ident(part) for part in name.split(".", 1))


def value_text(value: str) -> str:
    """A value, in quotes where it needs them."""
    return value if _BARE.match(value) else literal(value)


def parameters(options: Value) -> str:
    """Storage parameters between the parentheses of ``WITH (…)`` or ``SET (…)``."""
    return ", ".join(f"{_name(name)} = {value_text(value)}" for name, value in pairs(options).items())


def with_clause(options: Value) -> str:
    """`` WITH (…)``, or nothing where there are no options."""
    return f" WITH ({parameters(options)})" if options else ""


def access_method(table: Fact) -> str:
    """The name to write; empty for a partitioned table that has none for its partitions."""
    if table["access_method"] is None:
        return "" if table["partition_key"] else "heap"
    return ident(table.text("access_method"))


def in_order(fact: Fact) -> Value:
    """The options of a relation as they stand in the catalogue: pg_dump keeps that order, though it means nothing."""
    return fact.get_info("option_order") or fact["options"]


def set_and_reset(old: Value, new: Value) -> list[str]:
    """The ``SET (…)`` and ``RESET (…)`` actions that turn one list of storage parameters into another, in its order.

    PostgreSQL keeps what stays where it is, and puts what is set behind it.
    """
    before, after = pairs(old), pairs(new)
    actions = []
    set_ = {name for name, value in after.items() if before.get(name) != value}
    reached = [name for name in before if name in after and name not in set_] + [name for name in after if name in set_]
    if sorted(reached, key=_is_toast) != sorted(after, key=_is_toast):
        set_ = set(after)
    changed = tuple(f"{name}={value}" for name, value in after.items() if name in set_)
    if changed:
        actions.append(f"SET ({parameters(changed)})")
    gone = [_name(name) for name in before if name not in after]
    if gone:
        actions.append(f"RESET ({', '.join(gone)})")
    return actions


def fdw_options(options: Value) -> str:
    """`` OPTIONS (…)`` of CREATE, or nothing where there are none."""
    if not options:
        return ""
    return f" OPTIONS ({', '.join(f'{ident(name)} {literal(value)}' for name, value in pairs(options).items())})"


def fdw_changes(old: Value, new: Value) -> str:
    """`` OPTIONS (ADD …, SET …, DROP …)`` of ALTER, or nothing where both are equal."""
    before, after = pairs(old), pairs(new)
    changes = []
    for name, value in after.items():
        if name not in before:
            changes.append(f"ADD {ident(name)} {literal(value)}")
        elif before[name] != value:
            changes.append(f"SET {ident(name)} {literal(value)}")
    changes += [f"DROP {ident(name)}" for name in before if name not in after]
    return f" OPTIONS ({', '.join(changes)})" if changes else ""
