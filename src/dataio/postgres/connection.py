"""Opening connections, and saying why one could not be opened.

Driver errors are mapped here: nothing above this room sees a :class:`psycopg.OperationalError` for a failed connect.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import psycopg
from psycopg.rows import class_row

from dataio.errors import ConnectionFailed
from dataio.postgres.conninfo import Target
from dataio.postgres.redact import redact
from dataio.postgres.sql import query


@dataclass(frozen=True)
class ServerInfo:
    """What a connection says about its server and its role."""

    version_num: int  # 180004
    version_text: str  # "18.4"
    in_recovery: bool
    is_superuser: bool
    can_createdb: bool
    can_createrole: bool
    user: str
    database: str
    system_identifier: str | None  # None where the role may not read it
    cluster_name: str  # "dataio …" for the servers dataio runs itself
    member_of: Sequence[str]  # the roles whose rights it has, or may take on; none of a superuser

    @property
    def major(self) -> int:
        return self.version_num // 10000


def connect(
    target: Target,
    *,
    autocommit: bool = True,
    read_only: bool = False,
    application_name: str = "dataio",
    connect_timeout: int = 10,
) -> psycopg.Connection[tuple[Any, ...]]:
    """Connect to ``target``; ``connect_timeout`` in seconds holds unless the target sets its own.

    ``read_only`` makes the server refuse writes, inside and outside of transactions (behind a pooler: inside). Raises
    :class:`~dataio.errors.ConnectionFailed` with the reason and what to do.
    """
    more: dict[str, Any] = {}
    if "client_encoding" not in target.conninfo:
        more["client_encoding"] = "UTF8"  # else a database in SQL_ASCII gives bytes where everybody expects text
    if "connect_timeout" not in target.conninfo:
        more["connect_timeout"] = connect_timeout
    if "application_name" not in target.conninfo:
        more["application_name"] = application_name
    try:
        connection = psycopg.connect(target.dsn(), autocommit=autocommit, **more)
    except psycopg.OperationalError as error:
        raise connection_failed(target, str(error)) from None
    except UnicodeError:
        raise ConnectionFailed(
            f"cannot connect to {target.describe()}: the host name or another part cannot be encoded"
        ) from None
    connection.prepare_threshold = None  # behind a pooler the next transaction may be on another session
    try:
        commands = [_PLAIN]
        for name, style in _STYLES.items():
            if (connection.info.parameter_status(name) or style).split(",")[0] != style:
                commands.append(f"set {name} to {style}")
        if read_only:
            if pooled(connection):
                connection.read_only = True  # each transaction by itself: what is set for a session is others', too
            else:
                commands.append("set session characteristics as transaction read only")
        connection.execute("; ".join(commands).encode())
        if not autocommit:
            connection.commit()
    except psycopg.Error as error:
        connection.close()
        raise connection_failed(target, str(error)) from None
    return connection


_STYLES: Final = {"DateStyle": "ISO", "IntervalStyle": "postgres"}
"""How the server must write moments and durations for psycopg to read them; it tells what they are set to by itself.

The order in which days and months are read stays as it is set."""

_PLAIN: Final = "set quote_all_identifiers to off; set extra_float_digits to 1"
"""What else a database or a role may be set to that would change names and numbers on their way here."""


def pooled(connection: psycopg.Connection[Any]) -> bool:
    """Whether a pooler (pgbouncer …) is in between: the session that answers is not the one that let us in."""
    row = connection.execute("select pg_catalog.pg_backend_pid()").fetchone()
    if not connection.autocommit:
        connection.rollback()
    return row is not None and row[0] != connection.info.backend_pid


def server_info(connection: psycopg.Connection[Any]) -> ServerInfo:
    """What the server and the role of an open connection are and may do."""
    with connection.cursor(row_factory=class_row(ServerInfo)) as cursor:
        info = cursor.execute(query("server_info")).fetchone()
    if info is None:  # the role was dropped while we were connected
        raise ConnectionFailed("the connected role no longer exists")
    if not info.database.isascii() and connection.info.parameter_status("server_encoding") != "UTF8":
        # Names of databases have no encoding: one that was made elsewhere reads otherwise from here.
        return replace(info, database=connection.info.dbname)
    return info


# libpq and the server give no SQLSTATE for a failed connect, so the reason is read from the text; a server that speaks
# another language falls through to its own words, which is no worse than psql.
_REASONS: Final = (
    (r"password authentication failed", "wrong password for role {user}", "Check the password ({password_places})."),
    (
        r"no password supplied|password.*required",
        "role {user} needs a password and none was given",
        "Give it by {password_places}.",
    ),
    (
        r"could not translate host name|getaddrinfo|name or service not known|nodename nor servname",
        "the host name {host} cannot be resolved",
        "Check the host name, and that this machine has a working resolver.",
    ),
    (
        r"connection refused",
        "nothing listens on {host}:{port}",
        "Is the server running, and is this its port? A container or tunnel may map it to another one.",
    ),
    (
        r"timeout expired|timed out",
        "no answer from {host}:{port} in time",
        "A firewall, a VPN that is down, or the wrong address; connect_timeout=… in the URL waits longer.",
    ),
    (
        r"network is unreachable|no route to host|host is down",
        "there is no route to {host}",
        "Check the network or VPN.",
    ),
    (
        r"database \"[^\"]*\" does not exist",
        "database {dbname} does not exist",
        "Create it with `createdb {dbname}`, or check the name in the URL.",
    ),
    (r"role \"[^\"]*\" does not exist", "role {user} does not exist", "Check the user in the URL or PGUSER."),
    (
        r"no pg_hba\.conf entry",
        "pg_hba.conf of the server does not admit {user}",
        "Its owner must add a line.",
    ),
    (
        r"permission denied for database",
        "role {user} may not connect to {dbname}",
        "It lacks GRANT CONNECT.",
    ),
    (r"not permitted to log in", "role {user} may not log in", "Use a role with LOGIN."),
    (
        r"too many (clients|connections)|remaining connection slots",
        "the server has no free connection",
        "Try again later.",
    ),
    (
        r"starting up|shutting down|in recovery mode|not yet accepting connections",
        "the server is starting, stopping or recovering",
        "Try again in a moment.",
    ),
    (r"SSL|certificate", "the TLS connection failed", "Check sslmode, sslrootcert and the certificates."),
    (r"definition of service", "the service is not defined", "Check ~/.pg_service.conf and PGSERVICEFILE."),
    (  # last: the words of every failure on a socket name its file
        r"no such file or directory.*socket|is the server running locally|\.s\.PGSQL",
        "no server on the socket {host}",
        "Start the server, or name a host: postgresql://user@host:5432/database.",
    ),
)
_PASSWORD_PLACES: Final = "the URL, PGPASSWORD or ~/.pgpass"  # noqa: S105


def connection_failed(target: Target, text: str) -> ConnectionFailed:
    """A driver's or a tool's words on a failed connect, as our error: reason, place, what to do; no password."""
    text = redact(text).strip()
    words = {
        "user": target.user,
        "host": target.host or "localhost",
        "port": target.port,
        "dbname": target.dbname,
        "password_places": _PASSWORD_PLACES,
    }
    for pattern, reason, hint in _REASONS:
        if re.search(pattern, text, re.IGNORECASE | re.DOTALL):
            return ConnectionFailed(
                f"cannot connect to {target.describe()}: {reason.format(**words)}",
                detail=text,
                hint=hint.format(**words),
            )
    return ConnectionFailed(f"cannot connect to {target.describe()}", detail=text)
