"""The attributes of facts as somebody reads them who knows PostgreSQL."""

from __future__ import annotations

from typing import Final

from dataio.postgres.quoting import ident, qualified
from dataio.snapshot.model import Value

_QUALIFIED: Final = frozenset(
    {"collation", "column", "family", "function", "index_parent", "parent", "parser", "references", "sequence", "table",
     "template"}
)  # fmt: skip
"""Attributes whose tuples are the parts of one name (see :mod:`dataio.snapshot.kinds`)."""


def value_text(attribute: str, value: Value) -> str:
    """A value for people: ``yes``, ``owner_id bigint, n bigint``, ``public."Odd one"``; empty where there is none."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case tuple() if attribute in _QUALIFIED:
            return qualified(*(str(part) for part in value))
        case tuple():
            return ", ".join(_item_text(attribute, item) for item in value)
    return str(value)


def _item_text(attribute: str, item: Value) -> str:
    match item:
        case (str(name), str(type_), collation) if attribute == "columns":
            return f"{ident(name)} {type_}" + (f" COLLATE {value_text('collation', collation)}" if collation else "")
        case tuple():
            return " ".join(str(part) for part in item if part is not None)
    return str(item)
