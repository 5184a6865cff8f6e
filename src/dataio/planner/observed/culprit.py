"""Which statement of a plan does something: the one about that very thing; else, by the words in it.

The native rules say what a statement is about; of migra's there is only the text, and one statement may do several
things to a table.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from dataio.plan.model import Statement
from dataio.planner.native.text.sql import ident
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


def culprit(statements: Sequence[Statement], key: Key, *, last: bool = False) -> int:
    """The position of the statement that does what changes the fact ``key``; of several the first, or the ``last``.

    The very last statement where none speaks of it.
    """
    scores = [_speaks_of(statement, key) for statement in statements]
    best = max(scores, default=0)
    if not best:
        return len(statements) - 1
    found = [position for position, score in enumerate(scores) if score == best]
    return found[-1] if last else found[0]


def _speaks_of(statement: Statement, key: Key) -> int:
    """How surely: by what the statement says it is about, by the names in it, and by its verb."""
    named = sum(_names(statement.sql, name) for name in _own_names(key))
    exact = (statement.subject.kind, statement.subject.path) == (key.kind, key.path)
    verb = re.search(_VERBS.get(key.kind, "(?!)"), statement.sql, re.IGNORECASE) is not None
    return 8 * exact + 2 * named + verb if named or exact else 0


def _own_names(key: Key) -> tuple[str, ...]:
    """The names that a statement about a thing has in it; not its schema's, and not a function's arguments."""
    if key.kind in ATTACHMENTS:
        grantee = (key.path[-2],) if key.kind == "privilege" else ()
        return (*_own_names(attached_to(key)), *grantee)
    if key.kind in ("function", "procedure", "aggregate"):
        return key.path[1:2]
    return key.path[1:] if len(key.path) > 1 else key.path


def _names(text: str, name: str) -> bool:
    words = {re.escape(name), re.escape(ident(name))}
    return re.search(rf'(?<![\w"])(?:{"|".join(sorted(words))})(?![\w"])', text) is not None
