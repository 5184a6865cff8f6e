"""Which values do not fit a type that a column gets: as SQL that is true for these.

Where PostgreSQL casts through text, it is asked whether the text is a value of the type (``pg_input_is_valid``, since
16); casts between numbers, strings and bits are compared with what the type holds. What neither can tell is tried: the
check then ends at the first value that cannot be cast.

https://www.postgresql.org/docs/current/typeconv-query.html (assignment casts)
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

from dataio.planner.native.casts import bare, using
from dataio.planner.native.inside import Inside
from dataio.planner.native.side import Side
from dataio.planner.native.text.sql import ident, literal, qualified
from dataio.snapshot.keys import Key
from dataio.snapshot.model import Fact, Snapshot

_VALID_INPUT: Final = 16  # the first version that can say whether a text is a value of a type
_STRINGS: Final = frozenset({"text", "character varying", "character", "name", "bpchar"})
_INTEGERS: Final = {"smallint": 1 << 15, "integer": 1 << 31, "bigint": 1 << 63}
_FLOATS: Final = frozenset({"real", "double precision"})
_NUMBERS: Final = frozenset({*_INTEGERS, *_FLOATS, "numeric"})
_TIMES: Final = frozenset(
    {
        "date", "interval", "time with time zone", "time without time zone", "timestamp with time zone",
        "timestamp without time zone",
    }
)  # fmt: skip
_FINEST: Final = 6  # digits of a second
_BITS: Final = frozenset({"bit", "bit varying"})
_MODIFIER: Final = re.compile(r"\((\d+)(?:,(-?\d+))?\)")

# What texts are values of a type, for servers that cannot be asked; the order of the alternatives does not matter.
_PATTERNS: Final = {
    "smallint": r"^\s*[-+]?\d+\s*$",
    "integer": r"^\s*[-+]?\d+\s*$",
    "bigint": r"^\s*[-+]?\d+\s*$",
    "numeric": r"^\s*[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d{1,3})?\s*$",
    "boolean": r"^\s*(t|tr|tru|true|f|fa|fal|fals|false|y|ye|yes|n|no|on|of|off|1|0)\s*$",
    "uuid": r"^(\{([0-9a-f]{4}-?){7}[0-9a-f]{4}\}|([0-9a-f]{4}-?){7}[0-9a-f]{4})$",
}


class Fit:
    """Between the types of two states. ``unknown``: types that the plan makes or changes; ``major``: the target's."""

    def __init__(self, old: Snapshot, new: Snapshot, major: int, unknown: Collection[str] = ()) -> None:
        self._new = new
        self._major = major
        self._unknown = unknown
        self._sides = (Side(old), Side(new))
        self._inside = (Inside(old), Inside(new))

    def known(self, type_text: str) -> bool:
        """Whether the target has the type already, as it will be."""
        return bare(type_text).removesuffix("[]") not in self._unknown

    def violated(self, value: str, was: str, becomes: str) -> str:
        """True for values of type ``was`` that are none of type ``becomes``; empty where all are. NULLs are not."""
        return self._violated(value, self._base(was), becomes, 0)

    def same(self, was: str, becomes: str) -> bool:
        """Whether every value stays what it is, however it is compared."""
        source, target = bare(self._base(was)), bare(becomes)
        if source in _INTEGERS and target in _INTEGERS:
            return True
        alike = source == target or {source, target} <= {"text", "character varying"}
        return alike and (_widens(was, becomes) or target in ("text", "character varying"))

    def _base(self, type_text: str) -> str:
        """What a domain is over, for as long as it is one."""
        domains = self._inside[0].domains
        while bare(type_text) in domains:
            type_text = domains[bare(type_text)].text("type")
        return type_text

    def _violated(self, value: str, was: str, becomes: str, depth: int) -> str:
        if becomes.endswith("[]"):
            element = becomes.removesuffix("[]")
            if not was.endswith("[]"):
                return self._violated(value, was, element, depth)
            alias = f"d_fit_{depth}"
            inner = self._violated(alias, self._base(was.removesuffix("[]")), element, depth + 1)
            return f"EXISTS (SELECT FROM pg_catalog.unnest({value}) AS {alias} WHERE {inner})" if inner else ""
        if was.endswith("[]"):
            return self._text(f"{value}::text", becomes)
        domain = self._inside[1].domains.get(bare(becomes))
        if domain is not None:
            return self._domain(value, was, domain, depth)
        return self._plain(value, was, becomes)

    def _domain(self, value: str, was: str, domain: Fact, depth: int) -> str:
        base = domain.text("type")
        wrong = self._violated(value, was, base, depth)
        rules = [f"({value}) IS NOT DISTINCT FROM NULL"] if domain["not_null"] else []
        cast = using(value, was, base, *self._sides) or f"({value})::{base}"
        for fact in self._new.children(domain.key):
            if fact.key.kind == "domain_constraint":
                rules.append(f"(SELECT NOT {condition(fact)} FROM (SELECT {cast} AS value) d_v)")
        checked = " OR ".join(f"coalesce({rule}, false)" for rule in rules)
        if not checked:
            return wrong
        return f"(CASE WHEN {wrong} THEN true ELSE {checked} END)" if wrong else f"({checked})"

    def _plain(self, value: str, was: str, becomes: str) -> str:
        source, target = bare(was), bare(becomes)
        if source == target and _widens(was, becomes):
            return ""
        if target in _STRINGS:
            return _too_long(value, becomes)
        if target in _TIMES and source in _TIMES:
            return ""
        if source in _NUMBERS and target in _NUMBERS:
            return self._number(value, source, becomes)
        if source in _BITS and target in _BITS:
            return _bits(value, becomes)
        enum = self._inside[1].enums.get(becomes)
        if enum is not None:
            return f"{value}::text NOT IN ({', '.join(map(literal, enum.names('labels')))})"
        expression = using(value, was, becomes, *self._sides)
        if source in _STRINGS or expression == f"{value}::text::{becomes}":
            return self._text(f"{value}::text", becomes)
        return _tried(value, expression or f"{value}::{becomes}")

    def _text(self, text: str, becomes: str) -> str:
        """A cast through text."""
        target = bare(becomes)
        if self._major >= _VALID_INPUT and self.known(becomes):
            return f"NOT pg_catalog.pg_input_is_valid({text}, {literal(becomes)})"
        if (pattern := _PATTERNS.get(target)) is None:
            return _tried(text, f"{text}::{becomes}")
        match = "!~*" if target in ("boolean", "uuid") else "!~"
        wrong = f"{text} {match} {literal(pattern)}"
        more = self._number(f"{text}::numeric", "numeric", becomes) if target in _NUMBERS else ""
        return f"CASE WHEN {wrong} THEN true ELSE {more} END" if more else wrong

    def _number(self, value: str, source: str, becomes: str) -> str:
        target = bare(becomes)
        if target in _INTEGERS:
            limit = _INTEGERS[target]
            if source in _INTEGERS and _INTEGERS[source] <= limit:
                return ""
            rounded = value if source in _INTEGERS else f"pg_catalog.round({_as_double(value, source)})"
            bounds = f"{rounded} >= -{limit} AND {rounded} < {limit}"
            return f"NOT ({bounds})"
        modifier = _MODIFIER.search(becomes)
        if target == "numeric" and modifier is not None:
            digits, scale = int(modifier[1]), int(modifier[2] or 0)
            number = f"({value})::numeric"
            most = f"'1e{digits - scale}'::numeric"
            return f"({number} <> 'NaN' AND pg_catalog.abs(pg_catalog.round({number}, {scale})) >= {most})"
        if target == "numeric" or source in _INTEGERS or (source, target) == ("real", "double precision"):
            return ""
        if self._major >= _VALID_INPUT:
            return f"NOT pg_catalog.pg_input_is_valid({value}::text, {literal(becomes)})"
        return _tried(value, f"{value}::{becomes}")


def condition(constraint: Fact) -> str:
    """What a CHECK of a domain says of its ``VALUE``."""
    return constraint.text("definition").removeprefix("CHECK ").removesuffix(" NOT VALID")


def attribute(value: str, fact: Fact) -> str:
    """An attribute of a composite value."""
    return f"({value}).{ident(fact.key.path[2])}"


def changed_types(old: Snapshot, new: Snapshot) -> frozenset[str]:
    """Types of our own that are new or not what they were, by name: what they hold cannot be asked of the target."""
    found = set()
    for kind in ("enum", "domain", "domain_constraint", "range", "composite", "attribute", "base_type"):
        for fact in new.of_kind(kind):
            before = old.facts.get(Key(kind, fact.key.path))
            if before is None or before.values != fact.values:
                found.add(qualified(*fact.key.path[:2]))
    return frozenset(found)


def _widens(was: str, becomes: str) -> bool:
    """Whether all values of a type with one modifier have room in the same type with another."""
    before, after = _MODIFIER.search(was), _MODIFIER.search(becomes)
    if bare(was) in _TIMES:
        return int(after[1] if after else _FINEST) >= int(before[1] if before else _FINEST)
    if after is None:
        return True
    if before is None or bare(was) == "bit":
        return was == becomes
    scale, new_scale = int(before[2] or 0), int(after[2] or 0)
    return scale <= new_scale and int(before[1]) - scale <= int(after[1]) - new_scale


def _too_long(value: str, becomes: str) -> str:
    """Beyond a string's length only spaces are cut off."""
    modifier = _MODIFIER.search(becomes)
    if modifier is None:
        return ""
    return f"pg_catalog.rtrim(pg_catalog.substr({value}::text, {int(modifier[1]) + 1}), ' ') <> ''"


def _bits(value: str, becomes: str) -> str:
    modifier = _MODIFIER.search(becomes)
    if modifier is None:
        return ""
    return f"pg_catalog.bit_length({value}) {'>' if bare(becomes) == 'bit varying' else '<>'} {modifier[1]}"


def _as_double(value: str, source: str) -> str:
    return f"{value}::double precision" if source == "real" else value


def _tried(value: str, cast: str) -> str:
    """Raises an error at the first value that cannot be cast."""
    return f"(({cast}) IS NOT DISTINCT FROM NULL AND ({value}) IS DISTINCT FROM NULL)"
