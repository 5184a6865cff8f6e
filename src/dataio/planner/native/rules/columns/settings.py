"""What a column has besides its type and default: storage, compression, statistics, options.

https://www.postgresql.org/docs/current/sql-altertable.html
"""

from __future__ import annotations

from collections.abc import Iterator

from dataio.planner.native.rules.columns.facts import default_storage
from dataio.planner.native.rules.columns.parts import alter_column
from dataio.planner.native.step import Context, Step
from dataio.planner.native.text.options import fdw_changes, in_order, set_and_reset
from dataio.snapshot.keys import Key
from dataio.snapshot.model import Fact


def settings(old: Fact, new: Fact, context: Context, after: frozenset[Key] = frozenset()) -> Iterator[Step]:
    """Statements for storage, compression, statistics and options; ``after``: the change of type that they follow."""
    head = alter_column(new.key, context, alone=True)
    if old["storage"] != new["storage"]:
        word = str(new["storage"] or "default").upper()
        if word == "DEFAULT" and context.major < 16:
            word = default_storage(new.text("type"))
        yield Step(f"{head} SET STORAGE {word}", new.key, "alter", after=after)
    if old["compression"] != new["compression"]:
        text = f"{head} SET COMPRESSION {new['compression'] or 'default'}"
        yield Step(text, new.key, "alter", after=after)
    if old["statistics"] != new["statistics"]:
        target = -1 if new["statistics"] is None else new["statistics"]
        yield Step(f"{head} SET STATISTICS {target}", new.key, "alter")
    for change in set_and_reset(in_order(old), in_order(new)):
        yield Step(f"{head} {change}", new.key, "alter")
    options = fdw_changes(old["fdw_options"], new["fdw_options"])
    if options:
        yield Step(f"{head}{options}", new.key, "alter")
