"""Roles that the schema names and the target's server lacks.

Roles belong to a whole server, and other databases use them: dataio makes what is missing, where that is asked for
(``--manage roles``), and otherwise neither changes nor drops any. Who may log in, who is a member of what, and
passwords are the server's affair.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import psycopg
from psycopg import sql

from dataio.plan.model import ObjectRef, Statement
from dataio.planner.state import roles
from dataio.snapshot.model import Snapshot

ELSEWHERE: Final = "roles are managed, and those of the schema must not be made there to try it out"
"""Why scratch databases are not on the target's own server."""


def missing(target: psycopg.Connection[Any], goal: Snapshot) -> tuple[str, ...]:
    """The roles that the facts of ``goal`` name and the server of ``target`` does not have, by name."""
    named = sorted(roles(goal))
    found = target.execute("select rolname::text from pg_catalog.pg_roles where rolname = any(%s)", [named])
    there = {row[0] for row in found.fetchall()}
    return tuple(name for name in named if name not in there)


def made(names: Iterable[str]) -> tuple[Statement, ...]:
    """Statements that make roles without any rights; one that is there by then (scripts are run again) stays as it is.

    https://www.postgresql.org/docs/current/sql-createrole.html
    """
    return tuple(
        Statement(
            sql.SQL(
                "DO $dataio$ BEGIN IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = {}) THEN"
                " CREATE ROLE {} NOLOGIN; END IF; END $dataio$"
            )
            .format(sql.Literal(name), sql.Identifier(name))
            .as_string(None),
            "create",
            ObjectRef("role", (name,), f"role {name}"),
            "native",
        )
        for name in names
    )


def lacking(names: tuple[str, ...]) -> str:
    """What a plan says of roles that nobody makes."""
    which = f"the role{'' if len(names) == 1 else 's'} {', '.join(names)}"
    return f"the target's server lacks {which}: the script fails there until made (--manage roles makes them)"
