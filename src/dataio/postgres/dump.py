"""``pg_dump --schema-only``: a database's schema as text, and as a copy in a scratch database."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import psycopg

from dataio.errors import SourceError
from dataio.postgres import psql_errors
from dataio.postgres.binaries import Binaries, dump_binaries, load_binaries
from dataio.postgres.connection import connect, connection_failed, server_info
from dataio.postgres.conninfo import Target
from dataio.postgres.explain import source_error
from dataio.postgres.process import PSQL, ToolFailed, is_connection_failure, run
from dataio.postgres.source import SourceFile, adapted
from dataio.postgres.sql import query

META_SCHEMAS: Final = ("dataio_meta",)
LOCK_WAIT_MS: Final = 30_000

# What differs between two dumps of the same schema: psql's one-time keys, and who made the dump from what.
_UNSTABLE: Final = re.compile(
    r"^(?:\\(?:un)?restrict .*|-- Dumped (?:from database|by pg_dump) version .*)\n", re.MULTILINE
)


def dump_schema(
    target: Target,
    *,
    binaries: Binaries | None = None,
    exclude_schemas: Sequence[str] = META_SCHEMAS,
    no_owner: bool = False,
    no_privileges: bool = False,
    options: Sequence[str] = (),
) -> str:
    """The schema of ``target`` as ``pg_dump`` writes it, without what changes from one dump to the next.

    ``options`` are further options of pg_dump. ``binaries`` default to the server's own major version, else the next
    newer. Waits 30 s for a table's lock at most.
    Raises :class:`~dataio.errors.ConnectionFailed`, :class:`~dataio.errors.ToolMissing`, and
    :class:`~dataio.postgres.process.ToolFailed`, for example where the role may not read a table's definition.
    """
    if binaries is None:
        with connect(target) as connection:
            binaries = dump_binaries(server_info(connection).major)
    arguments = ["--schema-only", "--no-password", f"--lock-wait-timeout={LOCK_WAIT_MS}"]
    arguments += [f"--exclude-schema={_pattern(name)}" for name in exclude_schemas]
    arguments += ["--no-owner"] if no_owner else []
    arguments += ["--no-privileges"] if no_privileges else []
    arguments += options
    try:
        done = run(binaries, "pg_dump", arguments, target=target)
    except ToolFailed as error:
        if "server version mismatch" in error.stderr:
            error.hint = (
                f"pg_dump {binaries.version or binaries.major} is too old for that server: install its own version."
            )
        elif "permission denied" in error.stderr:
            error.hint = (
                "pg_dump locks every table it describes: the role needs SELECT on them (GRANT pg_read_all_data)."
            )
        elif "lock" in error.stderr and "timeout" in error.stderr:
            error.hint = (
                "Another session holds a lock on the table (pg_stat_activity, pg_blocking_pids); try again later."
            )
        raise
    return _UNSTABLE.sub("", done.stdout)


def _pattern(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def referenced_roles(connection: psycopg.Connection[Any]) -> tuple[str, ...]:
    """The roles that own something in the connected database or are granted something there (not ``pg_*``)."""
    return tuple(name for (name,) in connection.execute(query("referenced_roles")).fetchall())


def copy_schema(
    source: Target,
    into: Target,
    *,
    exclude_schemas: Sequence[str] = META_SCHEMAS,
    owners: bool = True,
    privileges: bool = True,
    server: str = "",
    text: str | None = None,
    go_on: bool = False,
) -> SourceError | None:
    """Copy the schema of ``source`` into the empty database ``into``, owners and privileges included.

    The roles must exist there (:meth:`~dataio.postgres.scratch.Scratch.ensure_roles`); without superuser rights only
    owners that the role is a member of can be set. ``text`` is a dump at hand already. ``server`` names the scratch
    server in messages. Raises as :func:`dump_schema` does, and :class:`~dataio.errors.SourceError` for a dump that does
    not load, with its line. With ``go_on`` that error is returned, and what loads is there: pg_dump writes some states
    in a way that cannot be restored.
    """
    if text is None:
        text = dump_schema(source, exclude_schemas=exclude_schemas, no_owner=not owners, no_privileges=not privileges)
    with connect(source) as connection:
        row = connection.execute("select pg_catalog.to_regnamespace('public') is not null").fetchone()
        has_public = row is not None and row[0]
    with connect(into) as connection:
        info = server_info(connection)
        if not has_public:  # pg_dump says nothing of a public schema that was dropped
            connection.execute("drop schema if exists public")
    name = Path(f"pg_dump of {source.describe()}")
    text = adapted(SourceFile(name, text, ()), info.major, restricted=True) or text
    settings = {"synchronous_commit": "off", "client_min_messages": "warning"}
    if info.is_superuser:
        settings["lc_messages"] = "C"
    arguments = [*PSQL, "--output=/dev/null", f"--set=ON_ERROR_STOP={int(not go_on)}"]
    arguments += ["--set=VERBOSITY=verbose", "--set=ECHO=errors"]
    # A dump is text that whoever may make objects on the source has a say in: it gets SQL only.
    arguments += ["--command", f"\\restrict {secrets.token_hex(16)}", "--file=-"]
    done = run(load_binaries(), "psql", arguments, target=into, input=text, settings=settings, check=False)
    if is_connection_failure(done.stderr):
        raise connection_failed(into, done.stderr)
    if errors := psql_errors.parse(done.stderr):
        error = source_error(errors[0], name, text, server=server or into.describe())
        if go_on and isinstance(error, SourceError):
            return error
        raise error
    if done.returncode:
        raise ToolFailed(
            f"the copy of {source.describe()} does not load", returncode=done.returncode, stderr=done.stderr.strip()
        )
    return None
