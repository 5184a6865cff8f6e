"""``dataio schema diff``: the plan between any two of a live database, schema files, and the schema at a git ref."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from dataio.errors import UsageError
from dataio.operations import git
from dataio.plan.model import Plan
from dataio.planner.bare import bare_plan
from dataio.planner.pipeline import PlanRequest, make_plan
from dataio.planner.rename_requests import asked
from dataio.planner.state import Workshop
from dataio.planner.work import Engine
from dataio.postgres.conninfo import Target, parse_target
from dataio.postgres.dump import dump_schema
from dataio.postgres.load import refuse_large
from dataio.postgres.scratch import Scratch, provider_for
from dataio.progress import OnProgress, report
from dataio.settings import Environment


@dataclass(frozen=True)
class DiffSide:
    """One of the two: a database (``target``), or files (``paths``), at a git ``ref`` where one is named."""

    label: str
    target: Target | None = None
    paths: tuple[Path, ...] = ()
    ref: str = ""
    environment: str = ""
    protected: bool = False


def side(
    text: str, *, schema: Sequence[Path], root: Path, environments: Mapping[str, Environment], cwd: Path | None = None
) -> DiffSide:
    """What ``text`` means: ``git:REF``, an environment, a file or folder, else a URL or libpq string.

    ``schema`` are the files that a git ref is asked for. Raises UsageError where it is none of these.
    """
    if text.startswith("git:"):
        return DiffSide(text, paths=tuple(schema), ref=text.removeprefix("git:") or "HEAD")
    if (environment := environments.get(text)) is not None:
        if environment.url is None:
            raise UsageError(f"environment {text} reads its URL from {environment.url_env}, which is not set")
        return DiffSide(text, target=parse_target(environment.url), environment=text, protected=environment.protected)
    path = (cwd or Path.cwd()) / Path(text).expanduser()
    if "://" not in text and path.exists():
        return DiffSide(text, paths=(path,))
    if "://" in text or "=" in text:
        target = parse_target(text)
        return DiffSide(target.describe(), target=target)
    known = f"; environments: {', '.join(sorted(environments))}" if environments else ""
    raise UsageError(
        f"{text!r} is no file, folder, environment or URL",
        hint=f"Use a postgresql:// URL, a .sql file, a folder, or git:REF{known}.",
    )


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
    prove: bool = True,
    on_progress: OnProgress = None,
) -> Plan:
    """The proven plan from ``before`` to ``after``. Neither is written to.

    Without ``prove`` both must be databases, and the plan is what the native rules say, tried nowhere.
    Raises what :func:`dataio.planner.pipeline.make_plan` raises, UsageError for a git ref that is not there.
    """
    if not prove:
        return _bare(before, after, manage=manage, ignore=ignore, renames=renames, move_rows=move_rows)
    wanted = tuple(asked(text) for text in renames)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="dataio-diff-")))
        scratch = stack.enter_context(
            provider_for(
                before.target or after.target,
                scratch_url=scratch_url,
                protected=before.protected or after.protected,
                untrusted=untrusted,
            )
        )
        sources = _files(after, root, folder / "after")
        if untrusted and after.target is None:
            refuse_large(sources)
        with _database(before, scratch, root, folder / "before", untrusted=untrusted) as target:
            plan = make_plan(
                PlanRequest(
                    target=target,
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
                ),
                on_stage=lambda stage: report(on_progress, stage),
            )
    target_shown = plan.target if before.target is not None else replace(plan.target, description=before.label)
    return replace(plan, target=target_shown, sources=(after.label,))


def _bare(
    before: DiffSide,
    after: DiffSide,
    *,
    manage: frozenset[str],
    ignore: tuple[str, ...],
    renames: Sequence[str],
    move_rows: bool,
) -> Plan:
    if before.target is None or after.target is None:
        label = before.label if before.target is None else after.label
        raise UsageError(
            f"--no-prove compares two databases, and {label} is none",
            hint="What files make is only known after they were loaded into a scratch database.",
        )
    if renames:
        raise UsageError("--rename needs a copy to run the renames on, and --no-prove makes none")
    plan = bare_plan(before.target, after.target, manage=manage, ignore=ignore, move_rows=move_rows)
    target = replace(plan.target, environment=before.environment, protected=before.protected)
    return replace(plan, target=target, sources=(after.label,))


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
def _database(side: DiffSide, scratch: Scratch, root: Path, folder: Path, *, untrusted: bool) -> Iterator[Target]:
    """The side as a database: files are loaded into a scratch database of their own."""
    if side.target is not None:
        yield side.target
        return
    workshop = Workshop(scratch, None)
    files = _files(side, root, folder)
    if untrusted:
        refuse_large(files)
    loaded = workshop.desired(files, untrusted=untrusted)
    database, target = workshop.clone(loaded, "before")
    try:
        yield target
    finally:
        scratch.drop(database)
