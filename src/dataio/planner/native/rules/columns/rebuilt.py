"""What PostgreSQL builds anew while a column changes its type or expression, and what it forgets of it.

An index loses the statistics targets of its expressions, extended statistics their target and their owner (comments,
storage parameters, CLUSTER and REPLICA IDENTITY are kept). Indexes lose their dependencies on extensions, too, and so
does whatever CREATE OR REPLACE makes.
https://www.postgresql.org/docs/current/sql-altertable.html, ``ATPostAlterTypeParse`` in PostgreSQL's tablecmds.c
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from dataio.planner.native.rules.access.owners import owned
from dataio.planner.native.rules.extension_dependencies import depends
from dataio.planner.native.rules.tables.indexes import targets
from dataio.planner.native.rules.tables.statistics import target
from dataio.planner.native.step import Context, Step
from dataio.snapshot.keys import SELF, Key
from dataio.snapshot.model import Value

_BUILT_ANEW: Final = frozenset({"index", "constraint", "statistics"})
_REPLACED: Final = frozenset({"function", "procedure", "trigger"})


def remembered(alters: Iterable[Sequence[Step]], context: Context) -> Iterator[Sequence[Step]]:
    """Steps that say again what is forgotten; what changes besides is said by ``alters``.

    Their action is "create": an "alter" comes before the drop of an expression that is set anew.
    """
    retyped: dict[Key, set[Key]] = {}
    for step in (step for chain in alters for step in chain if step.rebuilds):
        if step.key.kind in _REPLACED:
            retyped.setdefault(step.key, set()).add(step.key)
            continue
        for column in (step.key, *step.carries):
            for key in context.old.needed_by(column):
                if key.kind in _BUILT_ANEW and context.kept(key):
                    retyped.setdefault(key, set()).add(step.key)
    for key, columns in sorted(retyped.items()):
        for step in _said_again(key, context):
            yield (replace(step, after=frozenset(columns)),)


def _listed(value: Value) -> set[str]:
    return {str(item) for item in value} if isinstance(value, tuple) else set()


def _said_again(key: Key, context: Context) -> Iterator[Step]:
    old, new = context.a.facts[key], context.b.facts[key]
    for attachment in sorted(context.new.attachments(key)):
        if attachment.kind == "extension_dependency" and context.kept(attachment):
            yield depends(attachment, "create")
    if key.kind == "index":
        before, after = (_listed(fact["statistics"]) for fact in (old, new))
        yield from targets((), tuple(sorted(before & after)), new, "create")
        return
    if key.kind != "statistics":
        return
    if new["target"] is not None and old["target"] == new["target"]:
        yield target(new, "create")
    key = Key("owner", (key.kind, *key.path))
    if context.kept(key) and context.a.facts[key] == (owner := context.b.facts[key]) and owner["role"] != SELF:
        yield owned(owner, "create")
