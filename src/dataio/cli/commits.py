"""``dataio schema check --commit`` and ``--install-hook``."""

from __future__ import annotations

import typer

from dataio.cli.session import Session, shown
from dataio.cli.talk import write

DIFFERENCES = 2


def check_commit(session: Session, what: str | None, *, install: bool) -> None:
    """Check the commit ``what``; or install the hook that does so."""
    from dataio.operations import commits

    settings = session.settings
    if install:
        session.talk.say(f"wrote {shown(commits.install_hook(settings.root))}")
    if what is None:
        return
    found = commits.check_commit(
        what,
        root=settings.root,
        schema=settings.schema,
        migrations=settings.migrations,
        seeds=(settings.root / "seeds",),
    )
    for problem in found.problems:
        write(f"✗ {problem}")
    if not found.passes:
        raise typer.Exit(DIFFERENCES)
