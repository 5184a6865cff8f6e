"""``dataio pr``: what a reviewer sees of a change to the schema, on the pull request itself."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dataio.cli import options
from dataio.cli.session import Session, output_file, shown
from dataio.cli.talk import write
from dataio.errors import UsageError

if TYPE_CHECKING:
    from dataio.plan.model import Plan
    from dataio.plan.render.markdown import Surroundings
    from dataio.settings.forge import ForgeEnvironment

app = typer.Typer(
    help="The comment on a pull request.",
    no_args_is_help=True,
    epilog="Example: dataio pr comment --base origin/main --dry-run",
)

_FORGE, _SHOW, _WHAT = "Forge", "Output", "What"
DRIFTED = 4


class ForgeName(StrEnum):
    github = "github"
    gitlab = "gitlab"


@app.callback()
def _root() -> None:
    pass


@app.command(epilog="Example: dataio pr comment plan.json --number 12")
def comment(
    plan_file: Annotated[
        str | None,
        typer.Argument(metavar="[PLAN]", help="A plan document (schema diff --format json), else base to head."),
    ] = None,
    *,
    base: Annotated[
        str | None, typer.Option("--base", metavar="REF", help="The commit to plan from.", rich_help_panel=_WHAT,
                                 show_default=False)
    ] = None,
    head: Annotated[
        str | None, typer.Option("--head", metavar="REF", help="The commit to plan to (else the files here).",
                                 rich_help_panel=_WHAT, show_default=False)
    ] = None,
    verify: Annotated[
        bool, typer.Option("--verify", help="Plan base to head again, and show that, where a PLAN is given: exit 4 if "
                           "the two differ.", rich_help_panel=_WHAT)
    ] = False,
    save: Annotated[
        str | None, typer.Option("--save", metavar="FILE", help="Keep the plan document too.", rich_help_panel=_SHOW,
                                 show_default=False)
    ] = None,
    drift: Annotated[
        list[str] | None, typer.Option("--drift", metavar="ENV", help="Say how this environment stands to its history.",
                                       rich_help_panel=_WHAT, show_default=False)
    ] = None,
    number: Annotated[
        int | None, typer.Option("--number", min=1, help="The pull request (else the event's).", rich_help_panel=_FORGE,
                                 show_default=False)
    ] = None,
    forge: Annotated[
        ForgeName | None, typer.Option("--forge", help="Which kind (else what CI says).", rich_help_panel=_FORGE,
                                       show_default=False)
    ] = None,
    repository: Annotated[
        str | None, typer.Option("--repository", metavar="OWNER/NAME", help="Which one (else what CI says).",
                                 rich_help_panel=_FORGE, show_default=False)
    ] = None,
    author: Annotated[
        str, typer.Option("--author", metavar="LOGIN", help="The bot's login (else the token's).",
                          rich_help_panel=_FORGE, show_default=False)
    ] = "",
    key: Annotated[
        str, typer.Option("--key", help="One comment per key: for several schemas in one repository.",
                          rich_help_panel=_FORGE)
    ] = "plan",
    labels: Annotated[bool, typer.Option("--labels", help="Label by kinds of hazard.", rich_help_panel=_FORGE)] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Put a check run or status on the head too.", rich_help_panel=_FORGE)
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print the comment; ask no forge.", rich_help_panel=_SHOW)
    ] = False,
    summary: Annotated[
        bool, typer.Option("--summary", help="Write the whole into the job's summary.", rich_help_panel=_SHOW)
    ] = False,
    annotate: Annotated[
        bool, typer.Option("--annotate", help="Print hazards as annotations of GitHub's (on stderr).",
                           rich_help_panel=_SHOW)
    ] = False,
    schema: options.Schema = None,
    scratch_url: options.ScratchUrl = None,
    manage: options.Manage = None,
    ignore: options.Ignore = None,
    engine: options.Engine = None,
    untrusted: options.Untrusted = False,
    out: options.Out = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:  # fmt: skip
    """Render a plan and keep one comment on a pull request up to date."""
    session = Session(
        quiet=quiet, verbose=verbose, schema=schema, scratch_url=scratch_url, manage=manage, ignore=ignore,
        engine=engine,
    )  # fmt: skip
    settings = session.settings
    out_file, saved = output_file(out, never=settings.schema), output_file(save, never=settings.schema)
    from dataio.operations import pull_request as operation
    from dataio.plan.render.markdown import Surroundings, render
    from dataio.settings.forge import forge_environment

    known = _known(forge_environment(), forge, repository)
    warnings: tuple[str, ...] = ()
    document = operation.read_plan(Path(plan_file)) if plan_file is not None else None
    written = None
    if document is None or verify:
        if base is None and not known.base and not dry_run:
            base = _base_of(known, number)
            if base is None:
                session.talk.note(f"no open pull request has {known.head[:12]} as its head: nothing to say")
                return
        ref = _parted(session, known, base, head)
        planned = _planned(session, ref, head, untrusted=untrusted)
        written = operation.written(planned, settings.root, settings.migrations, base=ref, head=head or "")
        if document is not None:
            planned, warnings = operation.verified(document, planned)
    else:
        planned = document
    if saved is not None:
        from dataio.plan.jsonio import to_json

        saved.write_text(to_json(planned), encoding="utf-8")
        session.talk.say(f"wrote {shown(saved)}")
    planned = operation.named(planned, written)
    states = operation.drift_of(
        drift or (), settings.environments, root=settings.root, migrations=settings.migrations,
        scratch_url=settings.scratch_url,
    )  # fmt: skip
    around = Surroundings(known.run_url, known.source, known.head[:12], warnings, states, written)
    if summary and known.summary is not None:
        with known.summary.open("a", encoding="utf-8") as file:
            file.write(operation.summary(planned, around))
    if annotate:
        for line in operation.workflow_commands(planned):
            session.talk.insist(line)
    if dry_run:
        text = render(planned, around=around)
        if out_file is None:
            write(text)
        else:
            out_file.write_text(text, encoding="utf-8")
            session.talk.say(f"wrote {shown(out_file)}")
    else:
        _post(session, known, planned, around, number=number, key=key, author=author, labels=labels, check=check)
    for warning in warnings:
        session.talk.warn(warning)
    if warnings:
        raise typer.Exit(DRIFTED)


def _known(known: ForgeEnvironment, forge: ForgeName | None, repository: str | None) -> ForgeEnvironment:
    if forge is not None and forge.value != known.kind:
        from dataio.settings.forge import ForgeEnvironment

        known = ForgeEnvironment(kind="gitlab" if forge is ForgeName.gitlab else "github", token=known.token)
    return replace(known, repository=repository or known.repository)


def _base_of(known: ForgeEnvironment, number: int | None) -> str | None:
    """What the forge says is the pull request's base: a workflow_run does not say it."""
    from dataio.operations import pull_request as operation

    forge = operation.forge_of(known)
    try:
        found = operation.number_of(forge, known, number)
        return forge.pull_request(found).base if found is not None else None
    finally:
        forge.close()


def _parted(session: Session, known: ForgeEnvironment, base: str | None, head: str | None) -> str:
    """The commit here that base and head parted at."""
    from dataio.operations import git

    ref = base or (f"origin/{known.base}" if known.base and known.kind == "github" else known.base)
    if not ref:
        raise UsageError("what is the base?", hint="Give --base REF: dataio pr comment --base origin/main --dry-run")
    return git.merge_base(session.settings.root, ref, head or "HEAD")


def _planned(session: Session, ref: str, head: str | None, *, untrusted: bool) -> Plan:
    """The plan from the commit ``ref`` to head."""
    from dataio.operations import git
    from dataio.operations.diff import diff
    from dataio.operations.sides import DiffSide

    settings = session.settings
    new = not git.holds(settings.root, ref, settings.schema)
    before = DiffSide("nothing") if new else DiffSide(f"git:{ref[:12]}", paths=settings.schema, ref=ref)
    if head:
        after = DiffSide(f"git:{head}", paths=settings.schema, ref=head)
    else:
        after = DiffSide("the schema here", paths=session.sources())
    with session.talk.progress() as on_progress:
        found = diff(
            before,
            after,
            root=settings.root,
            scratch_url=settings.scratch_url,
            manage=settings.manage,
            ignore=settings.ignore,
            engine=settings.engine,
            untrusted=untrusted,
            on_progress=on_progress,
        )
    found = replace(found, sources=tuple(str(git.relative(path, settings.root)) for path in settings.schema))
    from dataio.operations.pull_request import located

    return located(found, git.hunks(settings.root, ref, head or "", settings.schema))


def _post(
    session: Session, known: ForgeEnvironment, planned: Plan, around: Surroundings, *, number: int | None, key: str,
    author: str, labels: bool, check: bool,
) -> None:  # fmt: skip
    from dataio.operations import pull_request as operation

    forge = operation.forge_of(known)
    try:
        found = operation.number_of(forge, known, number)
        if found is None:
            session.talk.note(f"no open pull request has {known.head[:12]} as its head: nothing to say")
            return
        with session.talk.progress() as on_progress:
            done = operation.comment(
                forge, planned, around, number=found, key=key, run=known.run, author=author, labels=labels,
                check=check, on_progress=on_progress,
            )  # fmt: skip
    finally:
        forge.close()
    words = {"none": "no changes, no comment on", "newer": "a later run has written the comment on"}
    session.talk.say(f"{words.get(done.outcome, f'{done.outcome} the comment on')} #{done.number}")
    for note in done.notes:
        session.talk.note(note)
