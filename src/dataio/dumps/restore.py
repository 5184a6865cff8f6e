"""Restoring: into a new database beside the target, compared with the manifest, put in the target's place when whole.

Until the two renames at the end, the target is only read. Whatever fails before them, the new database is dropped; a
run that is killed leaves it behind, by a name and a comment that tell what it is, and the next run says so.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from dataio.dumps import swap
from dataio.dumps.compare import Compared, compare
from dataio.dumps.errors import Damaged, DumpError, remark
from dataio.dumps.held import META
from dataio.dumps.loading import Loading
from dataio.dumps.manifest import Manifest
from dataio.dumps.properties import Properties
from dataio.dumps.selected import select_tables
from dataio.dumps.stage import Staged, Stale, passing, stage
from dataio.dumps.store import Store
from dataio.errors import DataioError, UsageError
from dataio.postgres.connection import ServerInfo, connect, server_info
from dataio.postgres.conninfo import Target
from dataio.postgres.locale import Locale
from dataio.postgres.process import ToolFailed
from dataio.progress import OnProgress, report
from dataio.words import plural


@dataclass(frozen=True)
class Options:
    """How to restore.

    ``into`` names a new database instead of the target's, and nothing is replaced. ``tables`` (globs) are those whose
    rows are wanted, of a dump of more: only together with ``into``. ``no_owner``: everything becomes the
    connecting role's, without privileges for others; ``owner`` is a role it becomes instead. ``create_roles`` makes the
    roles that the server lacks, without the right to log in. ``schema_archive`` (custom format) is of another schema,
    which takes the rows. ``keep`` the replaced database under another name.
    """

    jobs: int = 2
    into: str = ""
    tables: tuple[str, ...] = ()
    no_owner: bool = False
    owner: str = ""
    create_roles: bool = False
    keep: bool = True
    disconnect: bool = False
    analyze: bool = True
    schema_archive: Path | None = None
    then: tuple[Callable[[Target], Sequence[str]], ...] = ()
    """What to do with the restored database before it takes the target's place; what is to be said of it."""
    whole: Manifest | None = None
    """What the dump holds, where ``tables`` chose some of it; set by :func:`restore`."""
    script: Callable[[Target, Path], None] | None = None
    """How to load what is no archive of ``pg_restore``'s."""


@dataclass(frozen=True)
class Restored:
    """What is there now. ``kept_as`` is the name of the database that was replaced, where it was kept."""

    database: str
    dump: str
    compared: Compared
    kept_as: str = ""
    notes: tuple[str, ...] = field(default=())


def restore(
    target: Target,
    store: Store,
    manifest: Manifest,
    options: Options | None = None,
    *,
    work: Path,
    on_progress: OnProgress = None,
) -> Restored:
    """Restore a dump. ``target`` need not exist; its server must, and its role may make databases there.

    Raises Damaged where stored objects or the restored database are not what the manifest says, DumpError, StoreError,
    ToolFailed, ConnectionFailed and Refused; the target is as it was then.
    """
    options = options or Options()
    target = target.with_keepalives()
    _sensible(manifest, options)
    with contextlib.closing(swap.maintenance(target)) as connection, passing(work, manifest) as home:
        info = server_info(connection)
        _preflight(connection, info, manifest, options)
        if not options.into and swap.exists(connection, target.dbname) and not options.disconnect:
            swap.refuse_sessions(connection, target.dbname)  # better told now than after an hour; asked again then
        whole = manifest
        if options.tables:
            manifest = select_tables(manifest, options.tables)
            options = replace(options, whole=whole)
        for again in (True, False):
            try:
                return _Restoration(
                    target,
                    manifest,
                    options,
                    lambda loading: stage(store, manifest, home, loader=loading, on_progress=on_progress),
                    connection=connection,
                    info=info,
                    on_progress=on_progress,
                ).run()
            except Stale:
                if not again:
                    raise
    raise AssertionError("unreachable")


def restore_staged(
    target: Target,
    manifest: Manifest,
    staged: Staged,
    options: Options,
    *,
    compare_it: bool = True,
    on_progress: OnProgress = None,
) -> Restored:
    """:func:`restore` from local files; without ``compare_it``, nothing is compared with the manifest."""
    target = target.with_keepalives()
    with contextlib.closing(swap.maintenance(target)) as connection:
        info = server_info(connection)
        _preflight(connection, info, manifest, options)
        if not options.into and swap.exists(connection, target.dbname) and not options.disconnect:
            swap.refuse_sessions(connection, target.dbname)
        return _Restoration(
            target,
            manifest,
            options,
            lambda _: staged,
            connection=connection,
            info=info,
            on_progress=on_progress,
            compare_it=compare_it,
        ).run()


def _sensible(manifest: Manifest, options: Options) -> None:
    if options.tables and (not options.into or options.schema_archive is not None):
        raise UsageError(
            "some tables alone cannot replace a whole database",
            hint="Give --into NAME to restore them into a database of their own, without --git-ref and --schema.",
        )
    if manifest.partial and not options.into:
        raise UsageError(
            f"{manifest.id} holds some of the tables only, and would replace a whole database",
            hint="Give --into NAME to restore it into a database of its own.",
        )
    if manifest.content == "schema" and options.schema_archive is not None:
        raise UsageError(f"{manifest.id} holds no rows, so there is nothing to put into another schema")
    if manifest.content == "data" and options.schema_archive is None:
        raise UsageError(
            f"{manifest.id} holds rows only", hint="Say which schema takes them: --git-ref REF or --schema PATH."
        )


def _preflight(connection: psycopg.Connection[Any], info: ServerInfo, manifest: Manifest, options: Options) -> None:
    """What can be known to go wrong, before anything is fetched."""
    where = f"PostgreSQL {info.version_text}"
    if info.in_recovery:
        raise DumpError("the server is in recovery (a standby): nothing can be restored there")
    if not info.can_createdb:
        raise DumpError(
            f"role {info.user} may not make databases",
            hint=f'ALTER ROLE "{info.user}" CREATEDB; a restore goes into a new database first.',
        )
    if len(options.into.encode()) > swap.MAX_NAME:  # the server would cut it off
        raise UsageError(f"--into {options.into}: names of databases have {swap.MAX_NAME} bytes at most")
    if options.into and swap.exists(connection, options.into):
        raise UsageError(f"--into {options.into}: there is a database of that name already")
    rows = connection.execute("select name::text from pg_catalog.pg_available_extensions").fetchall()
    if missing := sorted(manifest.extensions.keys() - {name for (name,) in rows}):
        raise DumpError(
            f"{manifest.id} needs extensions that the server ({where}) does not have: {', '.join(missing)}",
            hint="Install their packages on that server, or restore on one that has them.",
        )
    if not options.no_owner and not options.owner and not options.create_roles:
        rows = connection.execute("select rolname::text from pg_catalog.pg_roles").fetchall()
        if lacking := sorted(set(manifest.roles) - {name for (name,) in rows}):
            raise DumpError(
                f"{manifest.id} names roles that the server does not have: {', '.join(lacking)}",
                hint="--no-owner gives everything to you; --create-roles makes them (they cannot log in).",
            )


class _Restoration:
    """One run of :func:`restore`. ``staging`` fetches the dump, and gives away what can be loaded already."""

    def __init__(
        self,
        target: Target,
        manifest: Manifest,
        options: Options,
        staging: Callable[[Loading], Staged],
        *,
        connection: psycopg.Connection[Any],
        info: ServerInfo,
        on_progress: OnProgress,
        compare_it: bool = True,
    ) -> None:
        self.compare_it = compare_it
        self.target, self.manifest, self.options, self.staging = target, manifest, options, staging
        self.connection, self.info, self.on_progress = connection, info, on_progress
        self.name = options.into or target.dbname
        self.notes: list[str] = []
        self.swapped = False

    def run(self) -> Restored:
        for left in swap.leftovers(self.connection):
            self.notes.append(
                f"an interrupted restore has left the database {left.name}: "
                "`dataio restore --remove-leftovers` drops it"
            )
        if self.options.create_roles:
            self._create_roles()
        new = swap.in_making(self.name)
        replaced = None if self.options.into else Properties.read(self.connection, self.name)
        properties = replaced or Properties.from_plain(self.manifest.database.properties)
        self.notes += swap.make(
            self.connection,
            new,
            locale=self._locale(),
            major=self.info.major,
            owner=self._owner(properties),
            comment=f"{self.manifest.id} to become {self.name}",
        )
        try:
            database = self.target.with_dbname(new)
            with Loading(
                database, self.manifest, self.options, server_major=self.info.major, on_progress=self.on_progress
            ) as loading:
                staged = self.staging(loading)
                loading.finish(staged.archive)
            if loading.foreign_keys:
                number = plural(loading.foreign_keys, "foreign key")
                self.notes.append(f"{number} left out: the rows that they lead to may not be in the dump")
            compared = self._compare(database)
            for step in self.options.then:
                self.notes += step(database)
            if self.options.analyze:
                report(self.on_progress, "analyze")
                with connect(database) as inside:
                    inside.execute("analyze")
            try:
                self.notes += [f"left out: {part}" for part in properties.apply(self.connection, new)]
            except psycopg.Error as error:
                raise swap.failed(f"cannot give {self.name} its privileges and settings back", error) from None
            kept_as = self._take_place(new, comment=properties.comment, replaced=replaced is not None)
        except BaseException as error:
            self._drop(new)
            if isinstance(error, Damaged):
                remark(error, f"`dataio dump verify {self.manifest.id}` tells all that is wrong with it; take another.")
            if isinstance(error, ToolFailed) and self.options.schema_archive is not None:
                remark(error, "Do the rows fit into that schema? Take a dump of its version.")
            remark(error, self._state(new))
            raise
        if self.compare_it:
            staged.remove()
        return Restored(self.name, self.manifest.id, compared, kept_as, tuple(self.notes))

    def _compare(self, database: Target) -> Compared:
        manifest = self.manifest
        if not self.compare_it:
            return Compared(0, 0, content=False)
        if self.options.schema_archive is not None:  # another schema: the rows must all be there, in the same tables
            tables = tuple(table for table in manifest.tables if table.schema != META)
            manifest = replace(manifest, tables=tables, partial=True, content_algorithm=None)
        return compare(
            database, manifest, what="the restored database", jobs=self.options.jobs, on_progress=self.on_progress
        )

    def _take_place(self, new: str, *, comment: str | None, replaced: bool) -> str:
        report(self.on_progress, "swap", self.name)
        kept_as = swap.kept_name(self.connection, self.name) if replaced else ""
        swap.swap(
            self.connection,
            new,
            self.name,
            keep_as=kept_as,
            comment=comment,
            disconnect=self.options.disconnect,
        )
        self.swapped = True
        if not replaced or self.options.keep:
            return kept_as
        try:
            swap.drop(self.connection, kept_as)
        except psycopg.Error as error:
            self.notes.append(f"the replaced database is still there as {kept_as}: {error}".strip())
            return kept_as
        return ""

    def _drop(self, new: str) -> None:
        """What was begun goes; where even that fails (the server is gone), the next run tells of it."""
        try:
            if self.connection.broken or self.connection.closed:
                with contextlib.closing(swap.maintenance(self.target)) as connection:
                    swap.drop(connection, new, force=True)
            else:
                swap.drop(self.connection, new, force=True)
        except (psycopg.Error, DumpError, OSError):
            return

    def _state(self, new: str) -> str:
        """After a failure: what the target is, and what is left."""
        if self.swapped:
            return f"The restored database has taken its place as {self.name} already."
        untouched = "Nothing was replaced." if self.options.into else f"The database {self.name} is as it was."
        try:
            with contextlib.closing(swap.maintenance(self.target)) as connection:
                left = swap.exists(connection, new)
        except (psycopg.Error, DataioError, OSError):
            left = True
        return f"{untouched} {new} may be left: `dataio restore --remove-leftovers` drops it." if left else untouched

    def _locale(self) -> Locale:
        source = self.manifest.database
        return Locale(
            source.encoding, source.locale_provider, source.collate, source.ctype, source.locale, source.icu_rules
        )

    def _owner(self, properties: Properties) -> str:
        """The owner of what is replaced; else that of the manifest, where it is here and wanted."""
        if self.options.owner:
            return self.options.owner
        if self.options.no_owner and self.options.into:
            return ""
        row = self.connection.execute(
            "select true from pg_catalog.pg_roles where rolname = %s and pg_catalog.pg_has_role(oid, 'member')",
            [properties.owner],
        ).fetchone()
        return properties.owner if row is not None else ""

    def _create_roles(self) -> None:
        rows = self.connection.execute("select rolname::text from pg_catalog.pg_roles").fetchall()
        for name in sorted(set(self.manifest.roles) - {name for (name,) in rows}):
            try:
                self.connection.execute(sql.SQL("create role {} nologin").format(sql.Identifier(name)))
                if not self.info.is_superuser:  # to give it what it owns, we must be of it
                    self.connection.execute(
                        sql.SQL("grant {} to {}").format(sql.Identifier(name), sql.Identifier(self.info.user))
                    )
            except psycopg.Error as error:
                raise swap.failed(f"cannot create role {name}", error) from None
            self.notes.append(f"created role {name}, which cannot log in")
