"""``dataio schema drift``: what a database is beside what its history says."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated

import typer

from dataio.cli import options
from dataio.cli.session import Session, shown
from dataio.cli.talk import write
from dataio.words import changed_lines, plural

if TYPE_CHECKING:
    from dataio.operations.drift import Difference, Drift

DIFFERENCES = 2
_SIGN = {"create": "+", "alter": "~", "drop": "-"}
_WHERE = {"create": ": only in the database", "alter": "", "drop": ": only in the scripts"}


def drift(
    *,
    target: options.Target = None,
    schema: options.Schema = None,
    migrations: options.Migrations = None,
    scratch_url: options.ScratchUrl = None,
    adopt: Annotated[
        bool,
        typer.Option("--adopt", help="Fold what is live into schema.sql and a script, after showing the patch."),
    ] = False,
    format_: options.OutputFormat = None,
    detailed_exitcode: options.DetailedExitcode = False,
    yes: options.Yes = False,
    confirm: options.ConfirmName = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Show what differs between a database and what its history says it should be, object by object."""
    session = Session(
        quiet=quiet, verbose=verbose, target=target, schema=schema, migrations=migrations, scratch_url=scratch_url
    )
    settings = session.settings
    from dataio.cli.show import as_text_or_json
    from dataio.operations import drift as operation

    text = as_text_or_json(format_)
    place = session.place()
    with session.talk.progress() as on_progress:
        found = operation.drift(
            place, migrations=settings.migrations, scratch_url=settings.scratch_url, on_progress=on_progress
        )
    if not adopt or not found.objects:
        write(text("drift", found, drift_lines))
        if detailed_exitcode and found.objects:
            raise typer.Exit(DIFFERENCES)
        return
    with session.talk.progress() as on_progress:
        planned = operation.adoption(
            place,
            sources=session.sources(),
            migrations=settings.migrations,
            scratch_url=settings.scratch_url,
            on_progress=on_progress,
        )
    write(planned.patch)
    question = f"Change {shown(planned.schema)}, and register this as version {planned.number:03d}?"
    if not session.confirm_change(place, question, what="registering it there", yes=yes, name=confirm):
        session.talk.insist("nothing was changed")
        raise typer.Exit(1)
    path = operation.adopt(place, planned, migrations=settings.migrations)
    session.talk.say(f"wrote {shown(planned.schema)} and {shown(path)}, registered as applied")
    named = f" --target {place.environment}" if place.environment else ""
    session.talk.note(
        f"the statements at the end of {shown(planned.schema)} change or undo what stands above them: what you edit up"
        " there may have no effect. Work them in, or have the file written anew, tidy and without comments of yours:"
        f" dataio schema dump{named} --out {shown(planned.schema)}"
    )


def drift_lines(found: Drift) -> Iterable[str]:
    """The drift for people."""
    if not found.objects:
        yield f"no drift: the database is what version {found.version:03d} made it"
        return
    yield f"{plural(found.count, 'difference')} from version {found.version:03d}"
    for one in found.objects:
        yield one.name
        for part in one.parts:
            yield f"  {_SIGN[part.action]} {part.thing}{_WHERE[part.action]}"
            for difference in part.differences:
                yield from _difference_lines(difference)


def _difference_lines(difference: Difference) -> Iterable[str]:
    if "\n" not in difference.expected + difference.found:
        yield f"      {difference.attribute}: {difference.expected} → {difference.found}"
        return
    yield f"      {difference.attribute}:"
    yield from (f"        {line}" for line in changed_lines(difference.expected, difference.found))
