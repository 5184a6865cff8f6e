"""``dataio schema``: plan, apply, and what there is to know about a schema."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dataio.cli import options
from dataio.cli.dump import StoreName, say_dump
from dataio.cli.session import Session, hazard_policy, output_file, shown
from dataio.cli.talk import write
from dataio.errors import told_when_stopped

if TYPE_CHECKING:
    from dataio.planner.renames.rename import Rename

app = typer.Typer(
    help="Plan, apply and inspect the schema.",
    no_args_is_help=True,
    epilog="Example: dataio schema plan add_tags --target prod",
)

DIFFERENCES = 2

_OUTCOMES = {
    "wrote": "wrote",
    "replaced": "replaced the pending script:",
    "kept": "the pending script says this already:",
    "removed": "removed the pending script, which nothing needs any more:",
}


@app.command(epilog="Example: dataio schema plan add_doi --target prod --detailed-exitcode")
def plan(
    name: Annotated[str | None, typer.Argument(help="What the script is called: NNN_NAME.sql.")] = None,
    *,
    target: options.Target = None,
    schema: options.Schema = None,
    migrations: options.Migrations = None,
    scratch_url: options.ScratchUrl = None,
    manage: options.Manage = None,
    ignore: options.Ignore = None,
    engine: options.Engine = None,
    untrusted: options.Untrusted = False,
    rename: options.Rename = None,
    online: options.Online = None,
    move_rows: options.MoveRows = False,
    no_data_checks: options.NoDataChecks = False,
    no_write: Annotated[
        bool, typer.Option("--no-write", help="Only print: write no script.", rich_help_panel="Output")
    ] = False,
    format_: options.OutputFormat = None,
    out: options.Out = None,
    detailed_exitcode: options.DetailedExitcode = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Find the way from a live database to schema.sql, prove it on a copy, print it, and write the pending script."""
    session = Session(
        quiet=quiet, verbose=verbose, target=target, schema=schema, migrations=migrations, scratch_url=scratch_url,
        manage=manage, ignore=ignore, engine=engine, online=online, data_checks="0" if no_data_checks else None,
    )  # fmt: skip
    settings = session.settings
    sources = session.sources()
    out_file = output_file(out, never=sources)
    from dataio.cli.show import show_plan
    from dataio.operations.apply import seconds
    from dataio.operations.plan import plan as make

    def ask_rename(rename: Rename) -> bool:
        return session.talk.wonder(f"{rename.question}. Is that a rename?")

    place = session.place()
    with session.talk.progress() as on_progress:
        planned = make(
            place,
            sources=sources,
            migrations=settings.migrations,
            root=settings.root,
            name=name,
            write=not no_write,
            scratch_url=settings.scratch_url,
            manage=settings.manage,
            ignore=settings.ignore,
            engine=settings.engine,
            policy=hazard_policy(settings),
            untrusted=untrusted,
            online=settings.online,
            check_rows=0.0 if settings.data_checks == "0" else seconds(settings.data_checks),
            renames=rename or (),
            move_rows=move_rows,
            ask_rename=ask_rename if session.talk.can_ask() else None,
            on_progress=on_progress,
        )
    show_plan(session.talk, planned.plan, format_, out_file, target=session.named_target)
    for note in planned.notes:
        session.talk.note(note)
    if planned.path is not None:
        instead = f" in place of {planned.instead_of}" if planned.instead_of not in ("", planned.path.name) else ""
        session.talk.say(f"{_OUTCOMES[planned.outcome]} {shown(planned.path)}{instead}")
    if planned.rollback is not None:
        session.talk.say(f"and its way back: {shown(planned.rollback)}")
    if detailed_exitcode and not planned.plan.empty:
        raise typer.Exit(DIFFERENCES)


@app.command(epilog="Example: dataio schema apply --target prod --allow data-loss/drop-column")
def apply(
    plan_file: Annotated[
        str | None,
        typer.Argument(metavar="[PLAN]", help="A saved plan (.json) or script (.sql) instead of what is pending."),
    ] = None,
    *,
    target: options.Target = None,
    migrations: options.Migrations = None,
    scratch_url: options.ScratchUrl = None,
    allow: options.Allow = None,
    lock_timeout: options.LockTimeout = None,
    statement_timeout: options.StatementTimeout = None,
    wait: options.Wait = None,
    no_data_checks: options.NoDataChecks = False,
    dump_before: Annotated[
        bool, typer.Option("--dump-before", help="First dump the database and verify that; refuse if it fails.")
    ] = False,
    dump_after: Annotated[bool, typer.Option("--dump-after", help="Then dump the new version.")] = False,
    store: StoreName = None,
    yes: options.Yes = False,
    confirm: options.ConfirmName = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Run the pending scripts, in order, each in its transaction: whole or not at all."""
    session = Session(
        quiet=quiet, verbose=verbose, target=target, migrations=migrations, scratch_url=scratch_url, allow=allow,
        lock_timeout=lock_timeout, statement_timeout=statement_timeout, store=store,
        data_checks="0" if no_data_checks else None, wait=wait,
    )  # fmt: skip
    settings = session.settings
    from dataio.cli.show import pending_lines
    from dataio.migrations.seeds import changed_seeds, run_seeds
    from dataio.operations import apply as operation

    place = session.place()
    waiting = operation.pending(
        place, migrations=settings.migrations, plan_file=Path(plan_file) if plan_file is not None else None
    )
    seeds = changed_seeds(place.target, settings.root / "seeds") if plan_file is None else ()
    if not waiting.scripts and not seeds:
        session.talk.say(f"nothing to apply: the database is at version {waiting.version:03d}")
        return
    operation.refuse(
        place, waiting, allow=settings.allow, policy=hazard_policy(settings), data_checks=settings.data_checks
    )
    for line in pending_lines(waiting):
        session.talk.say(line)
    if waiting.scripts and (note := operation.elsewhere(place, waiting.scripts[0])):
        session.talk.note(note)
    for seed in seeds:
        session.talk.say(f"seed {seed.name}: new or changed")
    if not session.confirm_change(place, "Apply?", what="applying to it", yes=yes, name=confirm):
        session.talk.insist("nothing was changed")
        raise typer.Exit(1)
    if dump_before:
        say_dump(session, place, before=True)
    with session.talk.progress() as on_progress:
        done = operation.apply(
            place,
            waiting,
            allow=settings.allow,
            policy=hazard_policy(settings),
            lock_timeout=settings.lock_timeout,
            statement_timeout=settings.statement_timeout,
            scratch_url=settings.scratch_url,
            data_checks=settings.data_checks,
            old_transaction=settings.old_transaction,
            wait=settings.wait,
            hooks=settings.root / "hooks" if waiting.scripts else None,
            on_progress=on_progress,
        )
        at = f"the database is at version {done.version:03d}"
        with told_when_stopped(lambda: f"{at}; seeds that did not run do so next time."):
            run_seeds(place.target, seeds, on_progress=on_progress)
    for note in done.notes:
        session.talk.note(note)
    for applied in done.applied:
        session.talk.say(f"applied {operation.summary(applied)}")
        for note in applied.notes:
            session.talk.note(note)
    session.talk.say(at)
    if dump_after:
        say_dump(session, place, before=False)


@app.command(epilog="Example: dataio schema status --format json")
def status(
    *,
    target: options.Target = None,
    schema: options.Schema = None,
    migrations: options.Migrations = None,
    scratch_url: options.ScratchUrl = None,
    format_: options.OutputFormat = None,
    detailed_exitcode: options.DetailedExitcode = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Show the version, what is pending, and whether the database drifted from its history."""
    session = Session(
        quiet=quiet, verbose=verbose, target=target, schema=schema, migrations=migrations, scratch_url=scratch_url
    )
    settings = session.settings
    from dataio.cli.show import as_text_or_json, status_lines
    from dataio.operations.status import status as look

    text = as_text_or_json(format_)
    place = session.place()
    with session.talk.progress() as on_progress:
        found = look(
            place,
            migrations=settings.migrations,
            scratch_url=settings.scratch_url,
            on_progress=on_progress,
        )
    write(text("status", found, status_lines))
    if detailed_exitcode and (found.drift or found.pending or found.problems):
        raise typer.Exit(DIFFERENCES)


@app.command(epilog="Example: dataio schema history --target prod")
def history(
    *,
    target: options.Target = None,
    format_: options.OutputFormat = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Show the applied migrations: when, by whom, from which commit."""
    session = Session(quiet=quiet, verbose=verbose, target=target)
    from dataio.cli.show import as_text_or_json, history_lines
    from dataio.operations.status import history_of as look

    text = as_text_or_json(format_)
    place = session.place()
    write(text("history", look(place), history_lines))


@app.command(epilog="Example: dataio schema check --target prod")
def check(
    *,
    target: options.Target = None,
    schema: options.Schema = None,
    migrations: options.Migrations = None,
    scratch_url: options.ScratchUrl = None,
    manage: options.Manage = None,
    ignore: options.Ignore = None,
    offline: Annotated[
        bool,
        typer.Option("--offline", help="Compare files only, whatever target is configured.", rich_help_panel="Where"),
    ] = False,
    commit: Annotated[
        str | None,
        typer.Option(
            "--commit",
            metavar="FILE|REV",
            rich_help_panel="Git",
            help="Check a commit instead: what is staged, with the message in FILE, or the commit REV.",
        ),
    ] = None,
    install_hook: Annotated[
        bool, typer.Option("--install-hook", help="Write a commit-msg hook that does that.", rich_help_panel="Git")
    ] = False,
    format_: options.OutputFormat = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Check that schema.sql is what the scripts make, and that the database, where one is named, is that too.

    Exits 2 where they differ. Made for CI.
    """
    session = Session(
        quiet=quiet, verbose=verbose, target=target, schema=schema, migrations=migrations, scratch_url=scratch_url,
        manage=manage, ignore=ignore,
    )  # fmt: skip
    settings = session.settings
    if commit is not None or install_hook:
        from dataio.cli.commits import check_commit

        check_commit(session, commit, install=install_hook)
        return
    sources = session.sources()
    from dataio.cli.show import as_text_or_json, check_lines
    from dataio.operations.check import check as compare

    text = as_text_or_json(format_)
    place = session.place() if session.names_target and not offline else None
    with session.talk.progress() as on_progress:
        result = compare(
            sources=sources,
            migrations=settings.migrations,
            place=place,
            scratch_url=settings.scratch_url,
            manage=settings.manage,
            ignore=settings.ignore,
            on_progress=on_progress,
        )
    write(text("check", result, check_lines))
    if not result.passes:
        raise typer.Exit(DIFFERENCES)


@app.command(epilog="Example: dataio schema diff git:main schema.sql --format sql")
def diff(
    before: Annotated[str, typer.Argument(metavar="A", help="A URL, environment, .sql file, folder, or git:REF.")],
    after: Annotated[str, typer.Argument(metavar="B", help="What A should become.")],
    *,
    schema: options.Schema = None,
    scratch_url: options.ScratchUrl = None,
    manage: options.Manage = None,
    ignore: options.Ignore = None,
    engine: options.Engine = None,
    untrusted: options.Untrusted = False,
    rename: options.Rename = None,
    move_rows: options.MoveRows = False,
    no_prove: Annotated[
        bool,
        typer.Option("--no-prove", help="Two databases, native rules, nothing tried: quick.", rich_help_panel="What"),
    ] = False,
    format_: options.OutputFormat = None,
    out: options.Out = None,
    detailed_exitcode: options.DetailedExitcode = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Plan between any two of: a live database, schema files, the schema at a git ref."""
    session = Session(
        quiet=quiet, verbose=verbose, schema=schema, scratch_url=scratch_url, manage=manage, ignore=ignore,
        engine=engine,
    )  # fmt: skip
    settings = session.settings
    out_file = output_file(out)
    from dataio.cli.show import show_plan
    from dataio.operations.sides import side

    sides = [
        side(text, schema=settings.schema, root=settings.root, environments=settings.environments)
        for text in (before, after)
    ]
    session.talk.say(f"from {sides[0].label} to {sides[1].label}")
    if no_prove:
        from dataio.operations.bare import bare_diff

        found = bare_diff(
            *sides, manage=settings.manage, ignore=settings.ignore, renames=rename or (), move_rows=move_rows
        )
    else:
        from dataio.operations.diff import diff as compare

        with session.talk.progress() as on_progress:
            found = compare(
                *sides,
                root=settings.root,
                scratch_url=settings.scratch_url,
                manage=settings.manage,
                ignore=settings.ignore,
                engine=settings.engine,
                untrusted=untrusted,
                renames=rename or (),
                move_rows=move_rows,
                on_progress=on_progress,
            )
    show_plan(session.talk, found, format_, out_file)
    if detailed_exitcode and not found.empty:
        raise typer.Exit(DIFFERENCES)


@app.command(epilog="Example: dataio schema adopt --target prod --from-table db_migration_history.migration_number")
def adopt(
    *,
    target: options.Target = None,
    schema: options.Schema = None,
    migrations: options.Migrations = None,
    scratch_url: options.ScratchUrl = None,
    version: Annotated[
        int | None, typer.Option("--version", min=1, help="The version it is at; the next script is one higher.")
    ] = None,
    from_table: Annotated[
        str | None,
        typer.Option("--from-table", metavar="TABLE.COLUMN", help="Take the version from a history table of yours."),
    ] = None,
    manage: options.Manage = None,
    ignore: options.Ignore = None,
    yes: options.Yes = False,
    confirm: options.ConfirmName = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Take over a database that is already there: write schema.sql and a baseline script, register that as applied.

    Nothing of the database but the schema dataio_meta is touched.
    """
    session = Session(
        quiet=quiet, verbose=verbose, target=target, schema=schema, migrations=migrations, scratch_url=scratch_url,
        manage=manage, ignore=ignore,
    )  # fmt: skip
    settings = session.settings
    from dataio.operations import adopt as operation

    place = session.place()
    number = operation.version_of(place, version=version, from_table=from_table)
    operation.check(place, schema=settings.schema, migrations=settings.migrations)
    question = f"Write {shown(settings.schema[0])} and register this database as version {number:03d}?"
    if not session.confirm_change(place, question, what="adopting it", yes=yes, name=confirm):
        session.talk.insist("nothing was changed")
        raise typer.Exit(1)
    with session.talk.progress() as on_progress:
        done = operation.adopt(
            place,
            number=number,
            schema=settings.schema,
            migrations=settings.migrations,
            root=settings.root,
            scratch_url=settings.scratch_url,
            manage=settings.manage,
            ignore=settings.ignore,
            on_progress=on_progress,
        )
    for note in done.notes:
        session.talk.note(note)
    session.talk.say(f"wrote {shown(done.schema)}, which plans empty against this database")
    session.talk.say(f"wrote {shown(done.baseline)}, registered as applied")
    session.talk.say(f"the database is at version {done.number:03d}; the next script is {done.number + 1:03d}")
