"""Which statement of a plan does something: the one about that very thing; else, by the words in it.

The native rules say what a statement is about; of migra's there is only the text, and one statement may do several
things to a table.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Final

from dataio.plan.model import Statement
from dataio.snapshot.keys import ATTACHMENTS, Key, attached_to

_VERBS: Final[Mapping[str, str]] = {
    "column": r"\bTYPE\b|\b(ADD|DROP) COLUMN\b",
    "constraint": r"\bCONSTRAINT\b",
    "default": r"\bDEFAULT\b",
    "domain": r"\bDOMAIN\b",
    "domain_constraint": r"\bDOMAIN\b",
    "enum": r"\bTYPE\b",
    "index": r"\bINDEX\b",
    "not_null": r"\bNOT NULL\b",
    "owner": r"\bOWNER TO\b",
    "partition": r"\bATTACH PARTITION\b|\bPARTITION OF\b",
    "policy": r"\bPOLICY\b",
    "privilege": r"^(SET ROLE [^;]+;\s*)?(GRANT|REVOKE)\b",
    "schema": r"\bSCHEMA\b",
    "sequence": r"\bSEQUENCE\b",
    "table": r"\bDROP TABLE\b|\bROW LEVEL SECURITY\b",
}


_NAME: Final = re.compile(r'"(?:[^"]|"")+"|[^\W\d][\w$]*')


class Culprits:
    """Asked of one plan's statements."""

    def __init__(self, statements: Sequence[Statement]) -> None:
        self._statements = statements
        self._about: dict[tuple[str, tuple[str, ...]], list[int]] = {}
        for position, statement in enumerate(statements):
            self._about.setdefault((statement.subject.kind, statement.subject.path), []).append(position)

    def of(self, key: Key, *, last: bool = False) -> int:
        """The position of the statement that does what changes the fact ``key``; of several the first, or the ``last``.

        The very last statement where none speaks of it.
        """
        found = self._about.get((key.kind, key.path)) or self._that_name(key) or [len(self._statements) - 1]
        verb = _VERBS.get(key.kind, "")
        doing = [position for position in found if re.search(verb, self._statements[position].sql, re.IGNORECASE)]
        return (doing or found)[-1 if last else 0]

    def _that_name(self, key: Key) -> list[int]:
        """Those that have the most of its names in them."""
        count = Counter(position for name in set(_own_names(key)) for position in self._naming.get(name, ()))
        most = max(count.values(), default=0)
        return sorted(position for position, names in count.items() if names == most)

    @cached_property
    def _naming(self) -> Mapping[str, Sequence[int]]:
        """Which statements have a name in them."""
        found: dict[str, list[int]] = {}
        for position, statement in enumerate(self._statements):
            for word in set(_NAME.findall(statement.sql)):
                name = word[1:-1].replace('""', '"') if word.startswith('"') else word
                found.setdefault(name, []).append(position)
        return found


def _own_names(key: Key) -> tuple[str, ...]:
    """The names that a statement about a thing has in it; not its schema's, and not a function's arguments."""
    if key.kind in ATTACHMENTS:
        grantee = (key.path[-2],) if key.kind == "privilege" else ()
        return (*_own_names(attached_to(key)), *grantee)
    if key.kind in ("function", "procedure", "aggregate"):
        return key.path[1:2]
    return key.path[1:] if len(key.path) > 1 else key.path
