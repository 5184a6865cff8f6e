"""``dataio schema erd``: the tables of a database or of schema files, and what changes about them, as a diagram."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from fnmatch import fnmatchcase
from pathlib import Path

from dataio.diagram.model import Diagram, compared
from dataio.errors import UsageError
from dataio.operations import git
from dataio.operations.sides import DiffSide
from dataio.planner.state import Workshop
from dataio.postgres.connection import connect
from dataio.postgres.embedded import default_cache_dir
from dataio.postgres.scratch import provider_for
from dataio.postgres.source import extensions_made
from dataio.progress import OnProgress, report
from dataio.snapshot.diagram import diagram_of
from dataio.snapshot.model import Snapshot
from dataio.snapshot.store import SnapshotStore
from dataio.snapshot.take import take


def erd(
    of: DiffSide,
    *,
    root: Path,
    since: DiffSide | None = None,
    tables: Sequence[str] = (),
    steps: int = 1,
    scratch_url: str | None = None,
    untrusted: bool = False,
    on_progress: OnProgress = None,
) -> Diagram:
    """The diagram of one side; with ``since`` what changed from there, with one foreign key around it.

    ``tables`` are globs over ``schema.table`` (or ``table`` in public): only these and what is ``steps`` foreign keys
    around them. Raises SourceError, ConnectionFailed, and UsageError where no table is called so.
    """
    diagram = diagram_of(_snapshot(of, root, scratch_url, untrusted, on_progress))
    if since is not None:
        diagram = compared(diagram_of(_snapshot(since, root, scratch_url, untrusted, on_progress)), diagram).changes()
    if not tables:
        return diagram
    chosen = [
        table.key
        for table in diagram.tables
        if any(fnmatchcase(table.label, glob) or fnmatchcase(".".join(table.key), glob) for glob in tables)
    ]
    if not chosen:
        raise UsageError(f"no table of the diagram is called {' or '.join(tables)}")
    return diagram.around(chosen, steps)


def _snapshot(
    side: DiffSide, root: Path, scratch_url: str | None, untrusted: bool, on_progress: OnProgress
) -> Snapshot:
    report(on_progress, "snapshot", side.label)
    if side.target is not None:
        with connect(side.target, read_only=True) as connection:
            return take(connection)
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="dataio-erd-"))
        sources = tuple(git.checkout(root, side.ref, side.paths, Path(folder))) if side.ref else side.paths
        scratch = stack.enter_context(
            provider_for(
                None,
                scratch_url=scratch_url,
                untrusted=untrusted,
                wants_extensions=() if untrusted else extensions_made(sources),
            )
        )
        workshop = Workshop(scratch, None, SnapshotStore(default_cache_dir() / "snapshots"))
        return workshop.desired_snapshot(sources, untrusted=untrusted)
