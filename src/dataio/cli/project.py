"""``dataio init`` and ``dataio doctor``: starting a project, and finding out what is wrong with one."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from dataio.cli import options
from dataio.cli.session import Session
from dataio.cli.talk import write


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

    from dataio.operations.init import init as make

    session = Session(quiet=quiet, verbose=verbose)
    for one in make(Path.cwd(), ci=ci.value):
        lines = f" ({one.lines} lines)" if one.lines else ""
        write(f"{one.outcome:>8}  {one.path}{lines}" if one.outcome != "kept" else f"    kept  {one.path} as it is")
    session.talk.say("next: edit schema.sql, then `dataio schema plan first`; `dataio doctor` checks the set-up")
