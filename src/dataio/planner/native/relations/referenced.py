"""The keys that foreign keys refer to: of several that would do, PostgreSQL takes the oldest.

https://www.postgresql.org/docs/current/sql-createtable.html#SQL-CREATETABLE-PARMS-REFERENCES
"""

from __future__ import annotations

from typing import Final

from dataio.planner.native.step import Context
from dataio.snapshot.keys import Key
from dataio.snapshot.model import Fact

_KEYS: Final = frozenset({"primary key", "unique"})


def keys_that_go(foreign_key: Fact, context: Context) -> frozenset[Key]:
    """Those of the table that a new foreign key refers to: it would be tied to one of them, were it there before."""
    table = foreign_key["references"]
    relation = context.old.relation(str(table[0]), str(table[1])) if isinstance(table, tuple) else None
    inner = context.old.contents(relation) if relation is not None and context.kept(relation) else ()
    return frozenset(key for key in inner if key in context.going and _is_unique(context.a.facts[key]))


def _is_unique(fact: Fact) -> bool:
    if fact.key.kind == "index":
        return fact["unique"] is True
    return fact.key.kind == "constraint" and fact["type"] in _KEYS
