"""``dataio schema rollback``: back to an earlier version."""

from __future__ import annotations

from typing import Annotated

import typer

from dataio.cli import options
from dataio.cli.dump import StoreName, say_dump
from dataio.cli.session import Session, hazard_policy


def rollback(
    *,
    to: Annotated[
        int | None,
        typer.Option("--to", min=0, metavar="VERSION", help="The version to go back to (the one before this one)."),
    ] = None,
    target: options.Target = None,
    migrations: options.Migrations = None,
    scratch_url: options.ScratchUrl = None,
    allow: options.Allow = None,
    no_data_checks: options.NoDataChecks = False,
    lock_timeout: options.LockTimeout = None,
    statement_timeout: options.StatementTimeout = None,
    dump_before: Annotated[
        bool, typer.Option("--dump-before", help="First dump the database and verify that; refuse if it fails.")
    ] = False,
    store: StoreName = None,
    yes: options.Yes = False,
    confirm: options.ConfirmName = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Take back the last migration (or all since --to), by the rollback scripts that were planned with them.

    The structure comes back, whole or not at all; data that went do not: each script says which.
    """
    session = Session(
        quiet=quiet, verbose=verbose, target=target, migrations=migrations, scratch_url=scratch_url, allow=allow,
        lock_timeout=lock_timeout, statement_timeout=statement_timeout, store=store,
        data_checks="0" if no_data_checks else None,
    )  # fmt: skip
    settings = session.settings
    from dataio.cli.show import pending_lines
    from dataio.operations import rollback as operation
    from dataio.operations.apply import refuse, summary

    place = session.place()
    planned = operation.rollbacks(place, migrations=settings.migrations, to=to)
    if not planned.pending.scripts:
        session.talk.say("nothing to roll back: dataio has applied nothing here")
        return
    for line in pending_lines(planned.pending):
        session.talk.say(line)
    refuse(
        place, planned.pending, allow=settings.allow, policy=hazard_policy(settings), data_checks=settings.data_checks
    )
    if not session.confirm_change(place, "Roll back?", what="rolling it back", yes=yes, name=confirm):
        session.talk.insist("nothing was changed")
        raise typer.Exit(1)
    if dump_before:
        say_dump(session, place, before=True)
    with session.talk.progress() as on_progress:
        done = operation.rollback(
            place,
            planned,
            allow=settings.allow,
            policy=hazard_policy(settings),
            data_checks=settings.data_checks,
            lock_timeout=settings.lock_timeout,
            statement_timeout=settings.statement_timeout,
            scratch_url=settings.scratch_url,
            on_progress=on_progress,
        )
    for note in done.notes:
        session.talk.note(note)
    for taken in done.applied:
        session.talk.say(f"rolled back {summary(taken)}")
        for note in taken.notes:
            session.talk.note(note)
    session.talk.say(f"the database is at version {done.version:03d}")
