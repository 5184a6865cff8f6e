"""The database that an operation works on: found, reached, and named in one line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dataio.errors import ConnectionFailed, Refused, UsageError
from dataio.postgres.connection import ServerInfo, connect, server_info
from dataio.postgres.conninfo import Target, parse_target
from dataio.settings import Environment, TargetChoice

DEVELOPMENT_DATABASE: Final = "dataio"


@dataclass(frozen=True)
class Place:
    """A database that was reached: how to connect, and what a person must know before it is touched."""

    target: Target
    database: str
    server_version: str
    major: int
    environment: str = ""
    protected: bool = False
    embedded: bool = False
    by_default: bool = False
    exists: bool = True

    @property
    def where(self) -> str:
        """``catalogue @ 127.0.0.1:15432``; the embedded one without the folders of this machine."""
        return f"{self.database} @ .dataio" if self.embedded else self.target.describe()

    def describe(self) -> str:
        """``catalogue @ 127.0.0.1:15432 (PostgreSQL 16.14, env prod, protected)``."""
        notes = [f"PostgreSQL {self.server_version}"]
        notes += [f"env {self.environment}"] if self.environment else []
        notes += ["protected"] if self.protected else []
        described = f"{self.where} ({', '.join(notes)})"
        return (
            f"{described}, the embedded development database: no other target is named"
            if self.by_default
            else described
        )

    def confirm(self, given: str | None, *, what: str) -> None:
        """Raise :class:`~dataio.errors.Refused` where this is protected and ``given`` is not the database's name."""
        if self.protected and given != self.database:
            raise Refused(
                f"{self.target.describe()} is protected: {what} needs the database's name"
                + (f", and {given!r} is not it" if given else ""),
                hint=f"Give --confirm {self.database}, if this is the database you mean.",
            )


def reach(
    choice: TargetChoice, environments: Mapping[str, Environment], root: Path, *, must_exist: bool = True
) -> Place:
    """Connect once and say where we are; the development database under ``root`` is started where it is chosen.

    A URL that leads to the same database as an ``[env.NAME]`` is that environment, protection included. Without
    ``must_exist`` a server that lacks the database will do. Raises :class:`~dataio.errors.ConnectionFailed`, and
    :class:`~dataio.errors.UsageError` for a URL that cannot be parsed.
    """
    if choice.embedded:
        target = development_target(root)
        environment, protected = "", False
    else:
        target = parse_target(choice.text)
        environment, protected = choice.environment, choice.protected
        if not environment:
            environment, protected = _known_as(target, environments)
    exists = True
    try:
        info = _look(target)
    except ConnectionFailed:
        if must_exist or (found := _server_without(target)) is None:
            raise
        info, exists = found, False
    return Place(
        target=target,
        database=info.database if exists else target.dbname,
        server_version=info.version_text,
        major=info.major,
        environment=environment,
        protected=protected,
        embedded=choice.embedded,
        by_default=choice.embedded and choice.origin.layer == "default",
        exists=exists,
    )


def development_target(root: Path) -> Target:
    """The development database of the project in ``root``, started and made where it is not there yet."""
    from dataio.postgres.embedded import start_dev_server

    return start_dev_server(root, DEVELOPMENT_DATABASE)


def _look(target: Target) -> ServerInfo:
    with connect(target, read_only=True) as connection:
        return server_info(connection)


def _server_without(target: Target) -> ServerInfo | None:
    """The server of a database that is not there; ``None`` where the database is there or the server is not."""
    try:
        with connect(target.with_dbname("postgres"), read_only=True) as connection:
            row = connection.execute(
                "select from pg_catalog.pg_database where datname = %s", [target.dbname]
            ).fetchone()
            return server_info(connection) if row is None else None
    except ConnectionFailed:
        return None


def _known_as(target: Target, environments: Mapping[str, Environment]) -> tuple[str, bool]:
    """The environment that leads to the same database; of several, a protected one."""
    same = []
    for environment in environments.values():
        if environment.url is not None:
            try:
                other = parse_target(environment.url)
            except UsageError:
                continue
            if (other.host, other.port, other.dbname) == (target.host, target.port, target.dbname):
                same.append(environment)
    best = max(same, key=lambda environment: environment.protected, default=None)
    return (best.name, best.protected) if best else ("", False)
