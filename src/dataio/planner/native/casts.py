"""Whether PostgreSQL casts one column type to another by itself, on request, or only through text.

https://www.postgresql.org/docs/current/sql-altertable.html (``USING``); the lists are pg_cast of PostgreSQL 18.
"""

from __future__ import annotations

import re
from typing import Final

from dataio.planner.native.side import Side

_REG: Final = (
    "regclass regcollation regconfig regdictionary regnamespace regoper regoperator regproc regprocedure regrole"
    " regtype"
)
_AUTOMATIC: Final = {
    "bigint": f"double precision|integer|money|numeric|oid|real|smallint|{_REG.replace(' ', '|')}",
    "bit": "bit varying",
    "bit varying": "bit",
    "box": "polygon",
    "cidr": "inet",
    "date": "timestamp with time zone|timestamp without time zone",
    "double precision": "bigint|integer|numeric|real|smallint",
    "inet": "cidr",
    "integer": f"bigint|double precision|money|numeric|oid|real|smallint|{_REG.replace(' ', '|')}",
    "interval": "time without time zone",
    "json": "jsonb",
    "jsonb": "json",
    "macaddr": "macaddr8",
    "macaddr8": "macaddr",
    "money": "numeric",
    "numeric": "bigint|double precision|integer|money|real|smallint",
    "oid": f"bigint|integer|{_REG.replace(' ', '|')}",
    "path": "polygon",
    "point": "box",
    "polygon": "path",
    "real": "bigint|double precision|integer|numeric|smallint",
    "smallint": f"bigint|double precision|integer|numeric|oid|real|{_REG.replace(' ', '|')}",
    "time with time zone": "time without time zone",
    "time without time zone": "interval|time with time zone",
    "timestamp with time zone": "date|time with time zone|time without time zone|timestamp without time zone",
    "timestamp without time zone": "date|time without time zone|timestamp with time zone",
}
_ON_REQUEST: Final = {
    '"char"': "integer",
    "bigint": "bit|bytea",
    "bit": "bigint|integer",
    "boolean": "integer",
    "box": "circle|lseg|point",
    "bytea": "bigint|integer|smallint",
    "circle": "box|point|polygon",
    "daterange": "datemultirange",
    "int4range": "int4multirange",
    "int8range": "int8multirange",
    "integer": '"char"|bit|boolean|bytea',
    "jsonb": "bigint|boolean|double precision|integer|numeric|real|smallint",
    "lseg": "point",
    "numrange": "nummultirange",
    "polygon": "box|circle|point",
    "smallint": "bytea",
    "tsrange": "tsmultirange",
    "tstzrange": "tstzmultirange",
}
_STRINGS: Final = frozenset({"text", "character varying", "character", "name"})
_NUMBERS: Final = frozenset({"smallint", "bigint", "numeric", "real", "double precision"})
_MODIFIER: Final = re.compile(r"\(\d+(,-?\d+)?\)")


def bare(type_text: str) -> str:
    """``format_type`` text without its modifier: ``character varying(10)`` → ``character varying``."""
    return _MODIFIER.sub("", type_text)


def using(column: str, old: str, new: str, old_side: Side, new_side: Side) -> str:
    """The USING expression that PostgreSQL needs to turn a column of one type into another; empty where it needs none.

    ``column`` is quoted already; types are ``format_type`` text. The expression is one that PostgreSQL accepts; whether
    every value can be cast is up to the rows.
    """
    source, target = element(old, old_side), element(new, new_side)
    if new.endswith("[]") and not old.endswith("[]"):
        inner = using(column, old, new.removesuffix("[]"), old_side, new_side)
        return f"ARRAY[{inner or column}]::{new}"
    if old.endswith("[]") and not new.endswith("[]"):
        return f"{column}::text::{new}"
    if _automatic(source, target, new_side):
        return ""
    if _on_request(source, target, new_side):
        return f"{column}::{new}"
    if source == "boolean" and target in _NUMBERS:
        return f"{column}::integer::{new}"
    if source in _NUMBERS and target == "boolean":
        return f"({column} <> 0)"
    return f"{column}::text::{new}"


def through_text(column: str, old: str, new: str) -> str:
    """The USING expression that turns a column of one type into another that PostgreSQL knows no cast for."""
    if new.endswith("[]") and not old.endswith("[]"):
        return f"ARRAY[{column}::text]::{new}"
    return f"{column}::text::{new}"


def element(type_text: str, side: Side) -> str:
    """The type that casts are looked up for: of an array its elements', of a domain what it is over."""
    type_text = bare(type_text).removesuffix("[]")
    for _ in range(len(side.domains)):
        if type_text not in side.domains:
            break
        type_text = bare(side.domains[type_text])
    return type_text


def _automatic(source: str, target: str, side: Side) -> bool:
    if source == target or target in _AUTOMATIC.get(source, "").split("|"):
        return True
    if target in _STRINGS and source not in {"bytea"}:
        return True
    return side.casts.get((source, target)) in {"implicit", "assignment"}


def _on_request(source: str, target: str, side: Side) -> bool:
    if target in _ON_REQUEST.get(source, "").split("|") or source in _STRINGS:
        return True
    return (source, target) in side.casts
