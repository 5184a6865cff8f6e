"""The typer application, and the one place where an error becomes an exit code."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from functools import cache
from types import FrameType
from typing import Annotated, Final, NoReturn

import typer

from dataio import __version__
from dataio.cli.talk import Talk
from dataio.errors import DataioError
from dataio.settings import debug_requested

USAGE = 64


def _init(app: typer.Typer) -> None:
    from dataio.cli.project import init

    app.command(epilog="Example: dataio init --ci gitlab")(init)


def _doctor(app: typer.Typer) -> None:
    from dataio.cli.project import doctor

    app.command(epilog="Example: dataio doctor --target prod")(doctor)


def _schema(app: typer.Typer) -> None:
    app.add_typer(_schema_app(), name="schema")


@cache
def _schema_app() -> typer.Typer:
    from dataio.cli import schema
    from dataio.cli.drift import drift
    from dataio.cli.erd import erd
    from dataio.cli.rollback import rollback
    from dataio.cli.schema_dump import dump

    schema.app.command(epilog="Example: dataio schema drift --target prod --detailed-exitcode")(drift)
    schema.app.command(epilog="Example: dataio schema rollback --to 3 --allow data-loss/drop-column")(rollback)
    schema.app.command(epilog="Example: dataio schema erd --since git:main --out changes.svg")(erd)
    schema.app.command("dump", epilog="Example: dataio schema dump --target prod --out schema.sql")(dump)
    return schema.app


def _db(app: typer.Typer) -> None:
    from dataio.cli import db

    app.add_typer(db.app, name="db")


def _dump(app: typer.Typer) -> None:
    from dataio.cli import dump

    app.add_typer(dump.app, name="dump")


def _pr(app: typer.Typer) -> None:
    from dataio.cli import pr

    app.add_typer(pr.app, name="pr")


def _api(app: typer.Typer) -> None:
    from dataio.cli import api

    app.add_typer(api.app, name="api")


def _worker(app: typer.Typer) -> None:
    from dataio.cli import api

    app.command(epilog="Example: dataio worker --concurrency 2")(api.worker)


def _restore(app: typer.Typer) -> None:
    from dataio.cli.filled import Filled
    from dataio.cli.restore import restore

    app.command(cls=Filled, epilog="Example: dataio restore --version 3 --target staging")(restore)


_WORDS: Final[Mapping[str, Callable[[typer.Typer], None]]] = {
    "init": _init,
    "doctor": _doctor,
    "worker": _worker,
    "restore": _restore,
    "schema": _schema,
    "db": _db,
    "dump": _dump,
    "pr": _pr,
    "api": _api,
}


def application(word: str = "", command: str = "") -> typer.Typer:
    """The command line, or of it only the group ``word`` and its ``command``: the whole takes a tenth of a second."""
    app = typer.Typer(
        name="dataio",
        help="Keeps a PostgreSQL database's schema under version control: schema.sql is the truth, plans are proven.",
        epilog="Example: dataio schema plan add_tags && dataio schema apply",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_root)
    for add in (_WORDS[word],) if word in _WORDS else _WORDS.values():
        add(app)
    for group in app.registered_groups:
        if group.typer_instance is not None:
            group.typer_instance = _only(group.typer_instance, command)
    return app


def _only(group: typer.Typer, command: str) -> typer.Typer:
    """The group without its other commands; as it is, where it has no such command."""
    found = [one for one in group.registered_commands if command in (one.name, getattr(one.callback, "__name__", ""))]
    if not command or not found:
        return group
    narrowed = copy(group)
    narrowed.registered_commands = found
    return narrowed


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"dataio {__version__}")
        raise typer.Exit


def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    pass


def run(arguments: Sequence[str]) -> int:
    """Run the command line; returns the exit code of the table in ``docs/cli.md``."""
    _listen()
    talk = Talk(verbose="--verbose" in arguments or debug_requested())
    try:
        app = application(*arguments[:2])
        code = app(list(arguments), prog_name="dataio", standalone_mode=False)
        return code if isinstance(code, int) else 0
    except DataioError as error:
        talk.error(error)
        if talk.verbose:
            talk.traceback(error)
        return error.exit_code
    except typer.TyperException as error:
        return _misused(error, talk)
    except (SystemExit, KeyboardInterrupt, typer.Abort) as stop:
        if isinstance(stop.__context__, BrokenPipeError):  # as typer and rich tell it
            return _reader_gone()
        return _stopped(stop, talk)
    except BrokenPipeError:
        return _reader_gone()
    except Exception as error:
        talk.insist(f"error: {type(error).__name__}: {error}")
        talk.insist("hint: This is a fault in dataio. --verbose or DATAIO_DEBUG=1 shows where; please report it.")
        if talk.verbose:
            talk.traceback(error)
        return 1


def _reader_gone() -> int:
    """Nobody reads what we print any more (``| head``), so that we may go, too, without a word."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 128 + signal.SIGPIPE


def _stopped(stop: BaseException, talk: Talk) -> int:
    """Ctrl-C and SIGTERM, with what the operation noted on its way out: where things stand, and what to do."""
    code = stop.code if isinstance(stop, SystemExit) and isinstance(stop.code, int) else 128 + signal.SIGINT
    talk.insist("ended by SIGTERM" if code == 128 + signal.SIGTERM else "interrupted")
    for note in getattr(stop, "__notes__", ()):
        talk.insist(note)
    return code


def _misused(error: typer.TyperException, talk: Talk) -> int:
    """What typer refuses: an unknown option, a missing argument. No arguments at all is a call for help."""
    context = getattr(error, "ctx", None)
    message = error.format_message()
    if not message.strip():  # no_args_is_help has printed it
        return USAGE
    talk.insist(f"error: {message}")
    if context is not None:
        talk.insist(f"hint: {context.command_path} --help")
    return USAGE


def _listen() -> None:
    """Both signals end it by an exception, so that scratch databases are dropped on the way out; typer would swallow
    KeyboardInterrupt, and what it carries. Who ignores Ctrl-C (a shell's background job) goes on doing so.
    """
    signal.signal(signal.SIGTERM, _ended)
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _ended)


def _ended(number: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(128 + number)
