"""``dataio db``: the embedded development database, and databases made anew."""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from dataio.cli import options
from dataio.cli.session import Session
from dataio.cli.talk import write

app = typer.Typer(
    help="The embedded development database; databases made anew.",
    no_args_is_help=True,
    epilog="Example: dataio db start && dataio db psql",
)


class Origin(StrEnum):
    migrations = "migrations"
    schema = "schema"


@app.command(epilog="Example: dataio db start")
def start(quiet: options.Quiet = False, verbose: options.Verbose = False) -> None:
    """Start the embedded development database of this project, under .dataio/."""
    session = Session(quiet=quiet, verbose=verbose)
    from dataio.operations.development import start as begin

    started = begin(session.settings.root)
    session.talk.say(f"PostgreSQL {started.version} is running on {started.directory}")
    write(started.url)


@app.command(epilog="Example: dataio db stop --scratch")
def stop(
    scratch: Annotated[
        bool, typer.Option("--scratch", help="Stop the shared scratch servers instead; they start when needed.")
    ] = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Stop the embedded development database; its data stay."""
    session = Session(quiet=quiet, verbose=verbose)
    from dataio.operations.development import stop as end
    from dataio.operations.development import stop_scratch

    stopped = stop_scratch() if scratch else end(session.settings.root)
    session.talk.say("\n".join(f"stopped {directory}" for directory in stopped) if stopped else "nothing was running")


@app.command(epilog='Example: psql "$(dataio db url)"')
def url(
    target: options.Target = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Print the URL of the target, without its password; of the development database, where nothing else is named."""
    session = Session(quiet=quiet, verbose=verbose, target=target)
    from dataio.operations.target import reach

    place = reach(session.settings.target, session.settings.environments, session.settings.root)
    write(place.target.url(None, hide_password=True))


@app.command(
    epilog='Example: dataio db psql -- -c "select count(*) from datasets"',
    context_settings={"ignore_unknown_options": False},
)
def psql(
    arguments: Annotated[list[str] | None, typer.Argument(help="For psql, after --.")] = None,
    target: options.Target = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Open psql on the target."""
    session = Session(quiet=quiet, verbose=verbose, target=target)
    from dataio.operations.development import psql_command

    command = psql_command(session.place(), arguments or [])
    os.execve(command.program, command.arguments, command.environment)  # noqa: S606  (psql takes our place)


@app.command(epilog="Example: dataio db recreate --from schema --yes")
def recreate(
    *,
    origin: Annotated[
        Origin, typer.Option("--from", help="Run the numbered scripts in order, or load the schema files.")
    ] = Origin.migrations,
    with_data: Annotated[
        str | None,
        typer.Option(
            "--with-data",
            metavar="FOLDER",
            help="Then run a folder of data inserts (.sql, .csv, .jsonl).",
            show_default=False,
        ),
    ] = None,
    target: options.Target = None,
    schema: options.Schema = None,
    migrations: options.Migrations = None,
    yes: options.Yes = False,
    confirm: options.ConfirmName = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Drop the target's database and build it anew, empty of data or with a folder of inserts. Asks first."""
    session = Session(quiet=quiet, verbose=verbose, target=target, schema=schema, migrations=migrations)
    settings = session.settings
    sources = session.sources() if origin is Origin.schema else ()
    from dataio.operations import recreate as operation

    place = session.place(must_exist=False)
    lost = operation.what_is_lost(place)
    question = f"Drop database {place.database} ({lost}) and build it anew from the {origin}?"
    if not session.confirm_change(place, question, what="dropping it", yes=yes, name=confirm):
        session.talk.insist("nothing was changed")
        raise typer.Exit(1)
    with session.talk.progress() as on_progress:
        built = operation.recreate(
            place,
            origin="schema" if origin is Origin.schema else "migrations",
            sources=sources,
            migrations=settings.migrations,
            data=Path(with_data).expanduser().absolute() if with_data is not None else None,
            on_progress=on_progress,
        )
    for note in built.notes:
        session.talk.note(note)
    session.talk.say(f"built {place.database} from the {origin}: version {built.version:03d}, {built.fingerprint}")
