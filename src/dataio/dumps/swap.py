"""A new database beside the target, and taking its place: two renames in one transaction."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import psycopg
from psycopg import sql

from dataio.dumps.errors import DumpError
from dataio.errors import ConnectionFailed, Refused
from dataio.postgres.connection import connect
from dataio.postgres.conninfo import Target
from dataio.postgres.locale import Locale
from dataio.postgres.redact import redact
from dataio.words import plural

MARK: Final = "dataio restore"  # how the comment on a database in the making begins
_IN_MAKING: Final = re.compile(r"_restoring_[0-9a-f]{8}$")
MAX_NAME: Final = 63  # bytes: NAMEDATALEN less one
_ATTEMPTS: Final = 40
_DROPS: Final = 6


@dataclass(frozen=True)
class Leftover:
    """What an interrupted restore has left: a database that nobody is connected to."""

    name: str
    comment: str


def maintenance(target: Target) -> psycopg.Connection[Any]:
    """A connection to another database of the target's server, from which databases can be made and renamed."""
    failure: ConnectionFailed | None = None
    for name in ("postgres", "template1"):
        if name != target.dbname:
            try:
                return connect(target.with_dbname(name))
            except ConnectionFailed as error:
                failure = failure or error
    raise failure or ConnectionFailed(f"there is no database beside {target.describe()} to work from")


def in_making(name: str) -> str:
    """A name for a database in the making, of the one it will replace."""
    return f"{_cut(name, MAX_NAME - 19)}_restoring_{secrets.token_hex(4)}"


def kept_name(connection: psycopg.Connection[Any], name: str) -> str:
    """``NAME_before_20261122T100000``, or with a number where that is taken."""
    ending = f"_before_{datetime.now(UTC):%Y%m%dT%H%M%S}"
    for number in range(100):
        wanted = _cut(name, MAX_NAME - len(ending) - 3) + ending + (f"_{number}" if number else "")
        if not exists(connection, wanted):
            return wanted
    raise DumpError(f"no free name to keep {name} under")


def _cut(name: str, length: int) -> str:
    return name.encode()[:length].decode(errors="ignore")


def exists(connection: psycopg.Connection[Any], name: str) -> bool:
    row = connection.execute("select true from pg_catalog.pg_database where datname = %s", [name]).fetchone()
    return row is not None


def make(
    connection: psycopg.Connection[Any], name: str, *, locale: Locale, major: int, owner: str, comment: str
) -> list[str]:
    """Create the empty database; where the server lacks its locale, with the nearest one, which is said in a note."""
    notes: list[str] = []
    wanted: Locale | None = locale
    while True:
        options = wanted.options(major) if wanted is not None else [sql.SQL("encoding {}").format(locale.encoding)]
        try:
            connection.execute(
                sql.SQL("create database {} template template0 {} {}").format(
                    sql.Identifier(name),
                    sql.SQL("owner {}").format(sql.Identifier(owner)) if owner else sql.SQL(""),
                    sql.SQL(" ").join(options),
                )
            )
            break
        except (
            psycopg.errors.InvalidParameterValue,
            psycopg.errors.FeatureNotSupported,
            psycopg.errors.WrongObjectType,
            psycopg.errors.InvalidObjectDefinition,
            psycopg.errors.UndefinedObject,
            psycopg.errors.SyntaxError,  # an option that the server is too old for
        ) as error:
            if wanted is None:
                raise failed(f"cannot create the database {name}", error) from None
            notes.append(f"this server has no locale {wanted}: text is sorted otherwise here")
            wanted = wanted.fallback()
        except psycopg.Error as error:
            raise failed(f"cannot create the database {name}", error) from None
    connection.execute(
        sql.SQL("comment on database {} is {}").format(sql.Identifier(name), sql.Literal(f"{MARK}: {comment}"))
    )
    return notes


def drop(connection: psycopg.Connection[Any], name: str, *, force: bool = False) -> None:
    """Drop a database; with ``force`` its sessions end. psycopg's errors pass through."""
    command = sql.SQL("drop database if exists {} {}").format(
        sql.Identifier(name), sql.SQL("with (force)" if force else "")
    )
    for left in reversed(range(_DROPS if force else 1)):
        try:
            connection.execute(command)
        except psycopg.errors.ObjectInUse:  # the server gives a session five seconds to end
            if not left:
                raise
        else:
            return


def leftovers(connection: psycopg.Connection[Any]) -> list[Leftover]:
    """Databases in the making that nobody is connected to any more; one without a comment had not got it yet."""
    rows = connection.execute(
        "select d.datname::text, coalesce(pg_catalog.shobj_description(d.oid, 'pg_database'), '') "
        "from pg_catalog.pg_database d where not exists "
        "(select from pg_catalog.pg_stat_activity a where a.datid = d.oid) order by 1"
    ).fetchall()
    return [
        Leftover(name, comment)
        for name, comment in rows
        if _IN_MAKING.search(name) and (not comment or comment.startswith(MARK))
    ]


def sessions(connection: psycopg.Connection[Any], name: str) -> list[str]:
    """Who is connected to a database."""
    rows = connection.execute(
        "select coalesce(usename::text, ''), application_name, coalesce(client_addr::text, 'local'), pid "
        "from pg_catalog.pg_stat_activity where datname = %s and backend_type = 'client backend' order by pid",
        [name],
    ).fetchall()
    return [f"pid {pid}: {user} from {address} {application}".rstrip() for user, application, address, pid in rows]


def refuse_sessions(connection: psycopg.Connection[Any], name: str) -> None:
    """Raise Refused where anybody is connected to ``name``."""
    if others := sessions(connection, name):
        are = "is" if len(others) == 1 else "are"
        raise Refused(
            f"{plural(len(others), 'session')} {are} connected to {name}, so it cannot be replaced",
            detail="\n".join(others[:10]),
            hint="Stop them, or give --disconnect to end them.",
        )


def swap(
    connection: psycopg.Connection[Any], new: str, name: str, *, keep_as: str, comment: str | None, disconnect: bool
) -> None:
    """``new`` becomes ``name`` (with ``comment``), and what was ``name`` becomes ``keep_as``: both or neither.

    Raises Refused while others are connected to ``name``, unless ``disconnect`` ends their sessions.
    """
    for attempt in range(_ATTEMPTS):
        if not disconnect:
            refuse_sessions(connection, name)
        try:
            with connection.transaction():
                if disconnect:
                    connection.execute(
                        "select pg_catalog.pg_terminate_backend(pid) from pg_catalog.pg_stat_activity "
                        "where datname = any(%s) and pid <> pg_catalog.pg_backend_pid()",
                        [[name, new]],
                    )
                if exists(connection, name):
                    rename(connection, name, keep_as)
                rename(connection, new, name)
                connection.execute(
                    sql.SQL("comment on database {} is {}").format(sql.Identifier(name), sql.Literal(comment))
                )
                return
        except psycopg.errors.ObjectInUse:
            if attempt == _ATTEMPTS - 1 or not disconnect:
                raise Refused(
                    f"somebody connects to {name} again and again, so it cannot be replaced",
                    hint="Stop what uses it, and try again.",
                ) from None
        except psycopg.Error as error:
            raise failed(f"cannot put the restored database in the place of {name}", error) from None


def rename(connection: psycopg.Connection[Any], name: str, to: str) -> None:
    connection.execute(sql.SQL("alter database {} rename to {}").format(sql.Identifier(name), sql.Identifier(to)))


def failed(what: str, error: psycopg.Error) -> DumpError:
    """A server's refusal as our error."""
    hint = ""
    if isinstance(error, psycopg.errors.InsufficientPrivilege):
        hint = "The role needs CREATEDB, and to own the database that is replaced."
    return DumpError(f"{what}: {redact(str(error)).strip().splitlines()[0]}", hint=hint)
