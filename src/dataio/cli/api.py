"""``dataio api`` and ``dataio worker``: serve the catalogue, run its jobs, make the first administrator."""

from __future__ import annotations

from typing import Annotated

import typer

from dataio.cli import options
from dataio.cli.session import Session
from dataio.cli.talk import write
from dataio.errors import ConfigError, UsageError

app = typer.Typer(
    help="Serve the API and its pages; make the first administrator.",
    invoke_without_command=True,
    epilog="Example: dataio api --port 8000",
)

_Host = Annotated[str, typer.Option("--host", help="The address to listen on.", metavar="ADDRESS")]
_Port = Annotated[int, typer.Option("--port", help="The port to listen on.", min=0, max=65535)]
_Workers = Annotated[int, typer.Option("--workers", help="Processes that serve.", min=1, max=256)]
_Proxies = Annotated[
    str | None,
    typer.Option(
        "--proxies",
        help="Addresses of proxies whose X-Forwarded-For and -Proto are believed.",
        metavar="ADDRESSES",
        show_default=False,
    ),
]


@app.callback()
def serve(
    context: typer.Context,
    host: _Host = "127.0.0.1",
    port: _Port = 8000,
    workers: _Workers = 1,
    proxies: _Proxies = None,
) -> None:
    """Serve the API and its pages by the settings of this project (docs/api.md)."""
    if context.invoked_subcommand is not None:
        return
    try:
        import uvicorn
    except ImportError:
        raise ConfigError("uvicorn is not installed", hint="pip install 'fastapi[standard]'") from None
    Session(quiet=False)  # settings that make no sense are said before anything listens
    uvicorn.run(
        "dataio.api:app",
        host=host,
        port=port,
        workers=workers,
        access_log=False,  # the API writes its own, without secrets
        log_level="warning",
        proxy_headers=proxies is not None,
        forwarded_allow_ips=proxies,
        timeout_graceful_shutdown=20,
        timeout_keep_alive=15,
        server_header=False,
    )


@app.command("create-admin", epilog="Example: dataio api create-admin you@example.org")
def create_admin(
    email: Annotated[str, typer.Argument(help="The administrator's mail address.")],
    name: Annotated[str | None, typer.Option("--name", help="The name to show.", show_default=False)] = None,
    label: Annotated[
        str | None, typer.Option("--label", help="What to call the key, e.g. the machine it is on.", show_default=False)
    ] = None,
    target: options.Target = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Make somebody an administrator and issue a key. It is shown here, once; only its hash is kept."""
    session = Session(quiet=quiet, verbose=verbose, target=target)
    from dataio.operations.serve import create_admin as make
    from dataio.operations.serve import prepare_development

    place = session.place()
    if place.embedded:
        prepare_development(place, session.settings.schema, session.settings.migrations)
    made = make(place, email, name=name, label=label)
    session.talk.say(f"{made.email} is {'now' if made.made else 'already known, and'} an administrator")
    session.talk.say("The key below is shown this once:")
    write(made.key.text)


def worker(
    concurrency: Annotated[int, typer.Option("--concurrency", help="Jobs at a time.", min=1, max=64)] = 1,
    name: Annotated[str, typer.Option("--name", help="What this worker is called.", metavar="NAME")] = "worker",
    once: Annotated[bool, typer.Option("--once", help="Stop when no job is waiting.")] = False,
    stalled_after: Annotated[
        str, typer.Option("--stalled-after", help="A worker silent for so long is dead.", metavar="TIME")
    ] = "30s",
    target: options.Target = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Run jobs that the API puts into the queue: plans, drift, verified dumps. As many as one likes may run."""
    session = Session(quiet=quiet, verbose=verbose, target=target)
    import asyncio

    from dataio.operations.jobs.queue import Pace, work
    from dataio.operations.jobs.work import handlers
    from dataio.settings.values import as_duration, seconds

    try:
        dead = seconds(as_duration(stalled_after, session.settings.root))
    except ValueError as error:
        raise UsageError(f"--stalled-after {error}") from None
    if dead < 1:
        raise UsageError("--stalled-after must be at least 1s")
    place = session.place()
    session.talk.say(f"worker {name} runs {concurrency} job{'s' if concurrency > 1 else ''} at a time")
    asyncio.run(
        work(
            place.target,
            handlers(session.settings),
            name=name,
            concurrency=concurrency,
            wait=not once,
            pace=Pace(beat=min(5.0, dead / 3), dead=dead),
        )
    )
