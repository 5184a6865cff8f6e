"""``dataio init`` and ``dataio doctor``: starting a project, and finding out what is wrong with one."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from dataio.cli import options
from dataio.cli.session import Session
from dataio.cli.talk import write

if TYPE_CHECKING:
    from dataio.operations.doctor import Finding

FAILED = 1


class CiName(StrEnum):
    github = "github"
    gitlab = "gitlab"
    none = "none"


def init(
    ci: Annotated[CiName, typer.Option("--ci", help="Whose CI posts the pull request's comment.")] = CiName.github,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Write what a new project needs: schema.sql, dataio.toml, generated_migrations/, .gitignore lines, workflows.

    What is there already stays as it is.
    """
    from pathlib import Path

    from dataio.operations.init import adoptable
    from dataio.operations.init import init as make

    session = Session(quiet=quiet, verbose=verbose)
    for one in make(Path.cwd(), ci=ci.value):
        lines = f" ({one.lines} lines)" if one.lines else ""
        write(f"{one.outcome:>8}  {one.path}{lines}" if one.outcome != "kept" else f"    kept  {one.path} as it is")
    if adoptable(session.settings):
        step = "`dataio schema adopt` writes schema.sql from the database that is there"
    else:
        step = "edit schema.sql, then `dataio schema plan first`"
    session.talk.say(f"next: {step}; `dataio doctor` checks the set-up")


def doctor(
    target: options.Target = None,
    schema: options.Schema = None,
    migrations: options.Migrations = None,
    scratch_url: options.ScratchUrl = None,
    format_: options.OutputFormat = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Check the set-up: target, scratch databases, pg_dump, scripts, schema, drift, the dump store, what is staged.

    One line each, with what to do; exits 1 where something is wrong.
    """
    session = Session(
        quiet=quiet, verbose=verbose, target=target, schema=schema, migrations=migrations, scratch_url=scratch_url
    )
    from dataio.cli.show import as_text_or_json
    from dataio.operations.doctor import examine
    from dataio.postgres.redact import redact

    text = as_text_or_json(format_)
    found = []
    with session.talk.progress() as on_progress:
        for one in examine(session.settings, on_progress=on_progress):
            found.append(one)
            if format_ is not options.Format.json:
                write(redact("\n".join(_finding_lines(one))))
    if format_ is options.Format.json:
        write(redact(text("doctor", found, lambda _: ())))
    if any(one.ok is False for one in found):
        raise typer.Exit(FAILED)


def _finding_lines(one: Finding) -> Iterator[str]:
    yield f"{'✓' if one.ok else '✗' if one.ok is False else '-'} {one.what}: {one.said}"
    if one.ok is False and one.hint:
        yield f"    {one.hint}"
