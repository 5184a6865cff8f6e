"""A unique index that becomes the index behind a constraint: adopted as it is, not built again.

https://www.postgresql.org/docs/current/sql-altertable.html (``ADD table_constraint_using_index``)
"""

from __future__ import annotations

from collections.abc import Iterator

from dataio.planner.native.relations.inheriting import is_partitioned, relation_of
from dataio.planner.native.rules.columns.parts import alter_table
from dataio.planner.native.side import above
from dataio.planner.native.step import Context, Step
from dataio.planner.native.text.constraint_text import body
from dataio.planner.native.text.sql import ident
from dataio.snapshot.keys import Key
from dataio.snapshot.model import Fact

_KEYWORDS = {"primary key": "PRIMARY KEY", "unique": "UNIQUE"}
_DISTINCT = " NULLS NOT DISTINCT"


def adoptions(context: Context) -> Iterator[Step]:
    """One step for each constraint that takes over an index which would go otherwise. The index gets its name."""
    indexes = sorted(key for key in context.going if key.kind == "index" and key not in context.coming)
    if not indexes:
        return
    for key in sorted(key for key in context.coming if key.kind == "constraint"):
        new = context.b.facts[key]
        table = Key("table", relation_of(key))
        if new["type"] not in _KEYWORDS or above(new) is not None or not context.kept(table):
            continue
        if any(need.kind == "column" and need in context.coming for need in context.new.needs(key)):
            continue  # an index goes with its column
        for index in indexes:
            if _fits(context.a.facts[index], new, context):
                indexes.remove(index)
                yield _adopt(index, new, context)
                break


def _fits(index: Fact, new: Fact, context: Context) -> bool:
    table = relation_of(new.key)
    if index["table"] != table or not index["unique"] or not index["valid"] or is_partitioned(context.old, table):
        return False
    if any(context.old.contents(index.key)):
        return False  # what is said of it would stay
    if above(index) is not None or new["index_options"] or index["tablespace"] != new["index_tablespace"]:
        return False
    keys = body(new).removeprefix(_KEYWORDS[new.text("type")])
    if keys.startswith(_DISTINCT):
        keys = keys.removeprefix(_DISTINCT) + _DISTINCT
    return index.text("definition").partition(" USING btree")[2] == keys


def _adopt(index: Key, new: Fact, context: Context) -> Step:
    words = [_KEYWORDS[new.text("type")], "USING INDEX", ident(index.path[1])]
    if new["deferrable"]:
        words.append("DEFERRABLE" + (" INITIALLY DEFERRED" if new["deferred"] else ""))
    head = alter_table(relation_of(new.key), context)
    sql = f"{head} ADD CONSTRAINT {ident(new.key.path[2])} {' '.join(words)}"
    return Step(sql, new.key, "create", absorbs=frozenset({index}))
