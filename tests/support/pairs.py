"""Pairs of states in one file: ``-- case NAME``, then ``-- both``, ``-- old`` and ``-- new``, each with its SQL.

Each case lives in a schema of its own, written ``s`` in the file, as is the first part (``s_…``) of every name that is
not in a schema. So a whole file is two databases and one plan, and still each difference names its case.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

PAIRS: Final = Path(__file__).parents[1] / "integration" / "pairs"

_SCHEMA: Final = re.compile(r"\bs(?=[._])|(?<=schema )s\b|(?<=search_path = )s\b")


@dataclass
class Pair:
    """One case. ``schema`` is its own."""

    name: str
    schema: str
    both: list[str] = field(default_factory=list)
    old: list[str] = field(default_factory=list)
    new: list[str] = field(default_factory=list)

    def sql(self, *parts: str) -> str:
        text = "".join("".join(getattr(self, part)) for part in parts)
        return _SCHEMA.sub(self.schema, f"create schema s;\n{text}")


def read(name: str) -> list[Pair]:
    """The pairs of ``pairs/<name>.sql``."""
    found: list[Pair] = []
    part: list[str] = []
    for line in (PAIRS / f"{name}.sql").read_text().splitlines(keepends=True):
        words = line.split()
        if line.startswith("-- case "):
            found.append(Pair(line[8:].strip(), f"c{len(found):03}"))
        elif words in (["--", "both"], ["--", "old"], ["--", "new"]):
            part = getattr(found[-1], words[1])
        elif words:
            part.append(line)
    return found


def state(pairs: Iterable[Pair], side: str) -> str:
    """All cases' SQL for one side, ``old`` or ``new``."""
    return "".join(pair.sql("both", side) for pair in pairs)


def named(text: str, pairs: Iterable[Pair]) -> str:
    """Text that names cases' schemas, with the cases' names beside them."""
    names = {pair.schema: pair.name for pair in pairs}
    return re.sub(r"\bc\d{3}\b", lambda match: f"{match[0]} [{names.get(match[0], '')}]", text)
