"""The native planner's way in: two snapshots in, ordered statements out. No database is asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from dataio.plan.model import ObjectRef, Statement
from dataio.planner.native.expand import Expansion
from dataio.planner.native.graph import Graph
from dataio.planner.native.renames import rename_by_content
from dataio.planner.native.rules.types.enums import split_transactions
from dataio.planner.native.step import Step
from dataio.snapshot.model import Snapshot


def propose(a: Snapshot, b: Snapshot, *, major: int, options: Mapping[str, str] | None = None) -> list[Step]:
    """Ordered steps that turn a database whose facts are ``a`` into one whose facts are ``b``.

    ``major`` is the version of the server that will run them. Empty where the two are equal. Raises ValueError when the
    snapshots come from different major versions, Unproven when steps form a circle that cannot be broken.
    """
    renames, current = rename_by_content(a, b)
    expansion = Expansion(current, b, major, options or {})
    graph = Graph(expansion.chains(), expansion.context, expansion.set_aside)
    return split_transactions([*renames, *graph.ordered()], expansion.context)


def statements(steps: Iterable[Step]) -> list[Statement]:
    """The steps as statements of a plan."""
    return [
        Statement(
            sql=step.sql,
            action=step.action,
            subject=ObjectRef(step.key.kind, step.key.path, str(step.key)),
            author="native",
            new_transaction=step.new_transaction,
        )
        for step in steps
    ]
