"""The packaged SQL, as one server version understands it.

One SELECT per file of ``sql/``. A line that ends in ``-- >=14``, ``-- <18`` or ``-- >=14 <17`` is kept only for those
major versions of the server; everything else is plain SQL that runs in psql as it stands.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import Final, LiteralString

_CONDITION: Final = re.compile(r"--((?:\s+(?:>=|<)\d+)+)\s*$")
_BOUND: Final = re.compile(r"(>=|<)(\d+)")


@cache
def query(name: str, major: int) -> LiteralString:
    """The text of ``sql/<name>.sql`` for a server of version ``major``. It ships with the package, hence literal."""
    return for_major(files("dataio.snapshot").joinpath("sql", f"{name}.sql").read_text("utf-8"), major)


def for_major(text: str, major: int) -> LiteralString:
    """``text`` without the lines that are not for version ``major``."""
    kept: LiteralString = "".join(line for line in text.splitlines(keepends=True) if _applies(line, major))
    return kept


def _applies(line: str, major: int) -> bool:
    condition = _CONDITION.search(line)
    if condition is None:
        return True
    return all(
        major >= int(number) if operator == ">=" else major < int(number)
        for operator, number in _BOUND.findall(condition.group(1))
    )
