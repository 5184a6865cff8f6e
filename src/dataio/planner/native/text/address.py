"""How statements name things: ``TABLE public.t``, ``COLUMN public.t.c``, ``TRIGGER x ON public.t``."""

from __future__ import annotations

from typing import Final

from dataio.planner.native.text.names import split_list
from dataio.planner.native.text.sql import ident, literal, qualified
from dataio.snapshot.keys import Key
from dataio.snapshot.model import Snapshot

_TYPES: Final = frozenset({"enum", "composite", "range", "base_type", "shell_type"})
_WORDS: Final = {
    "materialized_view": "MATERIALIZED VIEW",
    "foreign_table": "FOREIGN TABLE",
    "event_trigger": "EVENT TRIGGER",
    "access_method": "ACCESS METHOD",
    "foreign_data_wrapper": "FOREIGN DATA WRAPPER",
    "ts_parser": "TEXT SEARCH PARSER",
    "ts_template": "TEXT SEARCH TEMPLATE",
    "ts_dictionary": "TEXT SEARCH DICTIONARY",
    "ts_configuration": "TEXT SEARCH CONFIGURATION",
}
_ROUTINES: Final = frozenset({"function", "procedure", "aggregate"})


def address(key: Key) -> str:
    """What COMMENT ON, ALTER … OWNER TO and SECURITY LABEL ON take. Raises ValueError for what takes none of them."""
    kind, path = key
    word = _WORDS.get(kind, kind.upper())
    match kind:
        case "constraint" | "trigger" | "rule" | "policy":
            return f"{word} {ident(path[2])} ON {qualified(*path[:2])}"
        case "domain_constraint":
            return f"CONSTRAINT {ident(path[2])} ON DOMAIN {qualified(*path[:2])}"
        case "column" | "attribute":
            return f"COLUMN {qualified(*path)}"
        case "procedure":
            # without IN another one of that name could be meant, by its OUT arguments
            return f"{word} {qualified(*path[:2])}({', '.join(f'IN {type_}' for type_ in split_list(path[2]))})"
        case "function" | "aggregate":
            arguments = path[2] or ("*" if kind == "aggregate" else "")
            return f"{word} {qualified(*path[:2])}({arguments})"
        case "operator":
            return f"OPERATOR {ident(path[0])}.{path[1]} ({path[2]}, {path[3]})"
        case "operator_class" | "operator_family":
            return f"{word.replace('_', ' ')} {qualified(*path[:2])} USING {ident(path[2])}"
        case "cast":
            return f"CAST ({path[0]} AS {path[1]})"
        case "transform":
            return f"TRANSFORM FOR {path[0]} LANGUAGE {ident(path[1])}"
        case "large_object":
            return f"LARGE OBJECT {path[0]}"
    if kind in _TYPES:
        return f"TYPE {qualified(*path)}"
    if len(path) > 2:
        raise ValueError(f"{key} has no address of its own")
    return f"{word} {qualified(*path)}"


def by_name(key: Key, snapshot: Snapshot) -> Key:
    """The key by which statements name a part of a column that has a name of its own: a sequence, a NOT NULL."""
    fact = snapshot.facts.get(key)
    if fact is not None and key.kind == "identity" and isinstance(sequence := fact["sequence"], tuple):
        return Key("sequence", tuple(str(part) for part in sequence))
    if fact is not None and key.kind == "not_null" and isinstance(name := fact["name"], str):
        return Key("constraint", (*key.path[:2], name))
    return key


def grantable(key: Key) -> str:
    """What GRANT … ON takes; a column's is that of its table."""
    kind, path = key
    match kind:
        case "table" | "view" | "materialized_view" | "foreign_table":
            return f"TABLE {qualified(*path)}"
        case "column":
            return f"TABLE {qualified(*path[:2])}"
        case "server":
            return f"FOREIGN SERVER {ident(path[0])}"
        case "aggregate":
            return f"FUNCTION {qualified(*path[:2])}({path[2]})"
    return address(key)


def text_or_null(text: str | None) -> str:
    return "NULL" if text is None else literal(text)
