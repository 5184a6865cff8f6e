"""What a role may do on a scratch server: what it may do on the target, and for a while anything.

The roles are shared by all runs on a server, so that whoever changes their rights holds an advisory lock meanwhile.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final

import psycopg
from psycopg import sql

from dataio.postgres.connection import connect
from dataio.postgres.conninfo import Target
from dataio.postgres.sql import query

_LOCK: Final = 0x726F6C65  # "role": the class of the advisory locks on the rights of roles


def set_rights(server: Target, role: str, *, superuser: bool, member_of: Collection[str]) -> None:
    """Give a role just these rights; of ``member_of`` the roles that the server has. ``server`` is a superuser there.

    https://www.postgresql.org/docs/current/sql-grant.html
    """
    with _rights_of(server, role) as connection:
        _set_superuser(connection, role, superuser)
        found = connection.execute(query("memberships"), {"role": role, "wanted": list(member_of)}).fetchall()
        for name, wanted in found:
            change = sql.SQL("grant {} to {}" if wanted else "revoke {} from {}")
            with suppress(psycopg.errors.InvalidGrantOperation):  # elsewhere it is the other way round
                connection.execute(change.format(sql.Identifier(name), sql.Identifier(role)))


@contextmanager
def as_superuser(server: Target, role: str) -> Iterator[None]:
    """Meanwhile ``role``, which is no superuser, is one, and no other run changes that."""
    with _rights_of(server, role) as connection:
        _set_superuser(connection, role, True)
        try:
            yield
        finally:
            _set_superuser(connection, role, False)


@contextmanager
def _rights_of(server: Target, role: str) -> Iterator[psycopg.Connection[Any]]:
    with connect(server) as connection:
        connection.execute("select pg_catalog.pg_advisory_lock(%s, pg_catalog.hashtext(%s))", [_LOCK, role])
        yield connection


def _set_superuser(connection: psycopg.Connection[Any], role: str, superuser: bool) -> None:
    rights = sql.SQL("superuser" if superuser else "nosuperuser")
    connection.execute(sql.SQL("alter role {} {}").format(sql.Identifier(role), rights))
