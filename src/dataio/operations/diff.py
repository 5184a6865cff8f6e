"""``dataio schema diff``: the plan between any two of a live database, schema files, and the schema at a git ref."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

from dataio.operations import git
from dataio.operations.sides import DiffSide
from dataio.plan.model import Plan
from dataio.planner.pipeline import PlanRequest, make_plan
from dataio.planner.renames.requests import asked
from dataio.planner.roles import ELSEWHERE
from dataio.planner.state import Workshop
from dataio.planner.work import Engine
from dataio.postgres.conninfo import Target
from dataio.postgres.dump import dump_schema
from dataio.postgres.load import refuse_large
from dataio.postgres.scratch import Scratch, provider_for
from dataio.postgres.source import extensions_made
from dataio.progress import OnProgress, report


def diff(
    before: DiffSide,
    after: DiffSide,
    *,
    root: Path,
    scratch_url: str | None = None,
    manage: frozenset[str] = frozenset({"auto"}),
    ignore: tuple[str, ...] = (),
    engine: Engine = "auto",
    untrusted: bool = False,
    renames: Sequence[str] = (),
    move_rows: bool = False,
    on_progress: OnProgress = None,
) -> Plan:
    """The proven plan from ``before`` to ``after``. Neither is written to.

    Raises what :func:`dataio.planner.pipeline.make_plan` raises, UsageError for a git ref that is not there.
    """
    wanted = tuple(asked(text) for text in renames)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="dataio-diff-")))
        target = before.target or after.target
        older = _files(before, root, folder / "before") if before.target is None else ()
        sources = _files(after, root, folder / "after")
        if untrusted:
            refuse_large(older)
            refuse_large(sources if after.target is None else ())
        scratch = stack.enter_context(
            provider_for(
                target,
                scratch_url=scratch_url,
                protected=before.protected or after.protected,
                untrusted=untrusted,
                elsewhere=ELSEWHERE if "roles" in manage else "",
                wants_extensions=extensions_made([*older, *sources]) if target is None and not untrusted else (),
            )
        )
        with _database(before, older, scratch, untrusted=untrusted) as start:
            plan = make_plan(
                PlanRequest(
                    target=start,
                    sources=sources,
                    scratch=scratch,
                    manage=manage,
                    ignore=ignore,
                    engine=engine,
                    untrusted=untrusted,
                    environment=before.environment,
                    protected=before.protected,
                    renames=wanted,
                    move_rows=move_rows,
                    files_only=target is None,
                ),
                on_stage=lambda stage: report(on_progress, stage),
            )
    target_shown = plan.target if before.target is not None else replace(plan.target, description=before.label)
    return replace(plan, target=target_shown, sources=(after.label,))


def _files(side: DiffSide, root: Path, folder: Path) -> tuple[Path, ...]:
    """The side as schema files: a database's dump is one."""
    if side.target is not None:
        folder.mkdir()
        file = folder / "schema.sql"
        file.write_text(dump_schema(side.target), encoding="utf-8")
        return (file,)
    if not side.paths and side.target is None:
        folder.mkdir()
        empty = folder / "nothing.sql"
        empty.write_text("", encoding="utf-8")
        return (empty,)
    if side.ref:
        return tuple(git.checkout(root, side.ref, side.paths, folder))
    return side.paths


@contextmanager
def _database(side: DiffSide, files: Sequence[Path], scratch: Scratch, *, untrusted: bool) -> Iterator[Target]:
    """The side as a database: its ``files`` are loaded into a scratch database of their own."""
    if side.target is not None:
        yield side.target
        return
    workshop = Workshop(scratch, None)
    loaded = workshop.desired(files, untrusted=untrusted)
    database, target = workshop.clone(loaded, "before")
    try:
        yield target
    finally:
        scratch.drop(database)
