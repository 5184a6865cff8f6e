"""What belongs to a database itself and is in no ``pg_dump`` of it: owner, privileges, settings, limit, comment.

A restored database takes them over from the one it replaces; where it replaces none, from the manifest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

from dataio.dumps.sql import query

_PRIVILEGES: Final = {"CONNECT", "CREATE", "TEMPORARY"}


@dataclass(frozen=True)
class Properties:
    """``settings``: (role or "", ``name=value`` …); ``privileges`` None: as they are by default."""

    owner: str
    connection_limit: int
    comment: str | None
    settings: tuple[tuple[str, tuple[str, ...]], ...]
    privileges: tuple[tuple[str, str, bool], ...] | None

    @classmethod
    def read(cls, connection: psycopg.Connection[Any], database: str) -> Self | None:
        """Those of any database of the connected server; ``None`` where there is no such database."""
        with connection.cursor(row_factory=dict_row) as cursor:
            row = cursor.execute(query("database"), [database]).fetchone()
        return cls.from_plain(row) if row is not None else None

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Self:
        """What :meth:`plain` made, out of a manifest."""
        privileges = plain.get("privileges")
        return cls(
            owner=plain.get("owner", ""),
            connection_limit=plain.get("connection_limit", -1),
            comment=plain.get("comment"),
            settings=tuple((part["role"], tuple(part["settings"])) for part in plain.get("settings") or ()),
            privileges=None
            if privileges is None
            else tuple((part["grantee"], part["privilege"], part["grantable"]) for part in privileges),
        )

    def plain(self) -> dict[str, Any]:
        """For the manifest."""
        return {
            "owner": self.owner,
            "connection_limit": self.connection_limit,
            "comment": self.comment,
            "settings": [{"role": role, "settings": list(settings)} for role, settings in self.settings],
            "privileges": None
            if self.privileges is None
            else [
                {"grantee": grantee, "privilege": privilege, "grantable": grantable}
                for grantee, privilege, grantable in self.privileges
            ],
        }

    def apply(self, connection: psycopg.Connection[Any], database: str) -> list[str]:
        """Give them to ``database`` (all but owner and comment), over a connection in autocommit to another one.

        Roles that this server does not have are left out; what was, comes back as text. psycopg's errors pass through.
        """
        name = sql.Identifier(database)
        roles = {role for (role,) in connection.execute("select rolname::text from pg_catalog.pg_roles").fetchall()}
        left_out = []
        if self.connection_limit != -1:
            connection.execute(
                sql.SQL("alter database {} connection limit {}").format(name, sql.Literal(self.connection_limit))
            )
        for role, settings in self.settings:
            if role and role not in roles:
                left_out.append(f"settings of role {role}, which is not on this server")
                continue
            whose = (
                sql.SQL("alter role {} in database {}").format(sql.Identifier(role), name)
                if role
                else sql.SQL("alter database {}").format(name)
            )
            for setting in settings:
                self._set(connection, whose, setting)
        if self.privileges is not None:
            for grantee in {"", self.owner, *(grantee for grantee, _, _ in self.privileges)} & {"", *roles}:
                connection.execute(sql.SQL("revoke all on database {} from {}").format(name, _role(grantee)))
            for grantee, privilege, grantable in self.privileges:
                if grantee and grantee not in roles:
                    left_out.append(f"{privilege} for role {grantee}, which is not on this server")
                elif privilege in _PRIVILEGES:
                    connection.execute(
                        sql.SQL("grant {} on database {} to {}{}").format(
                            sql.SQL(privilege),
                            name,
                            _role(grantee),
                            sql.SQL(" with grant option" if grantable and grantee else ""),
                        )
                    )
        return left_out

    @staticmethod
    def _set(connection: psycopg.Connection[Any], whose: sql.Composable, setting: str) -> None:
        key, _, value = setting.partition("=")
        parameter = sql.SQL(".").join(sql.Identifier(part) for part in key.split("."))
        try:  # FROM CURRENT keeps lists such as search_path lists
            connection.execute("select pg_catalog.set_config(%s, %s, false)", [key, value])
        except (psycopg.errors.CantChangeRuntimeParam, psycopg.errors.InvalidParameterValue):
            connection.execute(sql.SQL("{} set {} to {}").format(whose, parameter, sql.Literal(value)))
        else:
            connection.execute(sql.SQL("{} set {} from current").format(whose, parameter))
            connection.execute(sql.SQL("reset {}").format(parameter))


def _role(name: str) -> sql.Composable:
    return sql.Identifier(name) if name else sql.SQL("public")
