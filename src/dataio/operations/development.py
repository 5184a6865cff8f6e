"""``dataio db``: the embedded development database, psql, and databases made anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from dataio.operations.target import DEVELOPMENT_DATABASE, Place
from dataio.postgres.binaries import load_binaries
from dataio.postgres.connection import connect, server_info
from dataio.postgres.embedded import dev_server, start_dev_server, stop_scratch_server


@dataclass(frozen=True)
class Started:
    """The development database, running. ``url`` has no password: its socket needs none."""

    version: str
    directory: Path
    url: str


def start(root: Path) -> Started:
    """Start the development server of the project in ``root`` unless it runs, and make its database."""
    target = start_dev_server(root, DEVELOPMENT_DATABASE)
    with connect(target, read_only=True) as connection:
        version = server_info(connection).version_text
    return Started(version, dev_server(root).datadir, target.url(None, hide_password=True))


def stop(root: Path) -> list[Path]:
    """Stop the development server; the data directories of what was stopped. The data stay."""
    cluster = dev_server(root)
    if not cluster.initialised or not cluster.running():
        return []
    cluster.stop()
    return [cluster.datadir]


def stop_scratch() -> list[Path]:
    """Stop this user's scratch servers; they start again when they are needed."""
    return stop_scratch_server()


@dataclass(frozen=True)
class Command:
    """A program to become. The environment holds the password, ``arguments`` do not."""

    program: str
    arguments: list[str]
    environment: dict[str, str]


def psql_command(place: Place, arguments: Sequence[str]) -> Command:
    """How to run psql on ``place``: the newest psql there is, which talks to any older server."""
    program = str(load_binaries().path("psql"))
    return Command(program, [program, *place.target.arguments(), *arguments], place.target.env())
