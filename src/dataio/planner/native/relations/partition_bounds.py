"""Whether two bounds of partitions can be had side by side.

https://www.postgresql.org/docs/current/sql-createtable.html (``FOR VALUES``)
"""

from __future__ import annotations

import re
from typing import Final

from dataio.planner.native.text.names import split_list

_LIST: Final = re.compile(r"FOR VALUES IN \((?P<values>.*)\)", re.DOTALL)
_RANGE: Final = re.compile(r"FOR VALUES FROM \((?P<first>.*)\) TO \((?P<last>.*)\)", re.DOTALL)
_HASH: Final = re.compile(r"FOR VALUES WITH \(modulus (?P<modulus>\d+), remainder (?P<remainder>\d+)\)")
_NUMBER: Final = re.compile(r"'?(-?\d+)'?")
_DAY: Final = re.compile(r"'(\d{4}-\d\d-\d\d(?: \d\d:\d\d:\d\d)?)'")


def may_overlap(one: str, other: str) -> bool:
    """Whether two bounds, as PostgreSQL writes them, may want the same rows; so too where that cannot be told."""
    if "DEFAULT" in (one, other):
        return one == other
    if (first := _LIST.fullmatch(one)) and (second := _LIST.fullmatch(other)):
        return bool(set(split_list(first["values"])) & set(split_list(second["values"])))
    if (first := _HASH.fullmatch(one)) and (second := _HASH.fullmatch(other)):
        return first["modulus"] != second["modulus"] or first["remainder"] == second["remainder"]
    if (first := _RANGE.fullmatch(one)) and (second := _RANGE.fullmatch(other)):
        return not (_ends(first["last"], second["first"]) or _ends(second["last"], first["first"]))
    return True


def _ends(last: str, first: str) -> bool:
    """Whether a range that ends at ``last`` is surely over where one begins with ``first``."""
    if last == first:
        return True
    if (end := _NUMBER.fullmatch(last)) and (start := _NUMBER.fullmatch(first)):
        return int(end[1]) <= int(start[1])
    if (end := _DAY.fullmatch(last)) and (start := _DAY.fullmatch(first)):
        return end[1] <= start[1]
    return False
