"""Whole scratch databases: one that holds what ``schema.sql`` says, one that is a copy of the target's schema.

Both see to the roles that the schema names and the scratch server lacks.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from dataio.errors import SourceError
from dataio.postgres.binaries import Binaries
from dataio.postgres.connection import connect
from dataio.postgres.conninfo import Target
from dataio.postgres.dump import META_SCHEMAS, copy_schema, referenced_roles
from dataio.postgres.explain import missing_role
from dataio.postgres.load import LoadReport, load_schema, missing_roles
from dataio.postgres.scratch_server import Scratch, ScratchDatabase
from dataio.progress import OnProgress

_ROUNDS: Final = 5  # roles can hide behind roles: behind a DO block that stops at the first one, for example


def load_into(
    scratch: Scratch,
    paths: Sequence[Path],
    *,
    label: str = "desired",
    binaries: Binaries | None = None,
    untrusted: bool = False,
    on_progress: OnProgress = None,
    timeout: float | None = None,
    statement_timeout: str | None = None,
    allow_empty: bool = False,
) -> tuple[ScratchDatabase, LoadReport]:
    """A new scratch database with ``paths`` loaded; roles they name are made, except on the target's own server.

    Arguments and errors as :func:`dataio.postgres.load.load_schema`.
    """
    for attempt in range(_ROUNDS + 1):
        db = scratch.create(label)
        try:
            loaded = load_schema(
                db.target,
                paths,
                binaries=binaries,
                untrusted=untrusted,
                on_progress=on_progress,
                server=scratch.origin,
                timeout=timeout,
                statement_timeout=statement_timeout,
                allow_empty=allow_empty,
            )
        except SourceError as error:
            role = missing_role(error.sqlstate, error.message)
            if role is None or scratch.own_server or attempt == _ROUNDS:
                scratch.drop(db)
                raise
            roles = missing_roles(db.target, paths, binaries=binaries, untrusted=untrusted)
            scratch.drop(db)
            if not scratch.ensure_roles({role, *roles}):
                raise
        except BaseException:
            scratch.drop(db)
            raise
        else:
            return db, loaded
    raise AssertionError("unreachable: the last attempt returns or raises")


def copy_into(
    scratch: Scratch,
    source: Target,
    *,
    label: str = "copy",
    exclude_schemas: Sequence[str] = META_SCHEMAS,
    owners: bool = True,
    privileges: bool = True,
    text: str | None = None,
) -> ScratchDatabase:
    """A new scratch database with the schema of ``source``; arguments and errors as :func:`~.dump.copy_schema`."""
    if not scratch.own_server and (owners or privileges):
        with connect(source) as connection:
            roles = referenced_roles(connection)
        scratch.ensure_roles(roles)
    db = scratch.create(label)
    try:
        copy_schema(
            source,
            db.target,
            exclude_schemas=exclude_schemas,
            owners=owners,
            privileges=privileges,
            server=scratch.origin,
            text=text,
        )
    except BaseException:
        scratch.drop(db)
        raise
    return db
