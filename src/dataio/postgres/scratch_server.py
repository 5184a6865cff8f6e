"""Scratch databases: made quickly, named so that no other is ever dropped, swept when their run died.

Every run holds an advisory lock on its own number for as long as it lives; the number is part of the names of its
databases. A name whose number nobody holds is a leftover. :func:`dataio.postgres.scratch.provider_for` decides on which
server.
"""

from __future__ import annotations

import contextlib
import re
import secrets
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import sha256
from types import TracebackType
from typing import Any, Final, Self

import psycopg
from psycopg import sql
from psycopg.errors import (
    DuplicateDatabase,
    DuplicateObject,
    InsufficientPrivilege,
    InvalidCatalogName,
    ObjectInUse,
    UniqueViolation,
)

from dataio.errors import DataioError, ScratchUnavailable
from dataio.postgres.connection import ServerInfo, connect, pooled, server_info
from dataio.postgres.conninfo import Target
from dataio.postgres.load import UNTRUSTED_PREFIX
from dataio.postgres.locale import Locale, default_locale
from dataio.postgres.redact import redact
from dataio.postgres.sql import query
from dataio.postgres.subscriptions import drop_subscriptions, subscriptions

SCRATCH_PREFIX: Final = "dataio_scratch_"
CACHE_PREFIX: Final = "dataio_cache_"
CACHED_TEMPLATES: Final = 12
_RUN_LOCK: Final = 0x64617461  # "data": the class of the advisory locks that live runs hold
_CACHE_LOCK: Final = 0x63616368  # "cach": of the cached templates in use
_FILE_COPY_FROM: Final = 32 << 20  # bytes; see Scratch._strategy


@dataclass(frozen=True)
class ScratchDatabase:
    """A database to try things in. A ``cached`` one is read only and shared: clone it to change something."""

    target: Target
    name: str
    major: int
    cached: bool = False


class Scratch:
    """A server on which scratch databases may be made; a context manager that drops what it made.

    ``target`` is the connection it works through, ``origin`` says in words which server this is, ``own_server`` whether
    it is the target's own, ``refused`` why better-placed servers were not taken, ``ways_out`` what to do where this one
    lacks something.
    """

    def __init__(
        self,
        target: Target,
        *,
        origin: str,
        own_server: bool = False,
        ours: bool = False,
        locale: Locale | None = None,
        refused: tuple[str, ...] = (),
        ways_out: str = "",
        on_close: Callable[[], None] | None = None,
        admin: Target | None = None,
        connection: psycopg.Connection[Any] | None = None,
    ) -> None:
        """``admin`` makes roles in the place of ``target``. ``ours``: a server that dataio runs, where nobody minds
        checkpoints and cached templates may stay. ``connection`` is one to ``target`` that is open, kept from here on.
        """
        self.target = target
        self.origin = origin
        self.own_server = own_server
        self.ours = ours
        self.refused = refused
        self.ways_out = ways_out or "Name a server that has it: --scratch-url postgresql://…"
        self.notes: list[str] = []
        self._locale = locale
        self._on_close = on_close
        self._admin = admin
        self.expired = ""
        """Why the server was stopped in the middle of the run; empty where it was not."""
        self._made: dict[str, ScratchDatabase] = {}
        self._cached: dict[str, ScratchDatabase] = {}
        self._roles: list[str] = []
        self._count = 0
        self._connection = connection or connect(target)
        if not pooled(self._connection):  # what is thrown away waits for no standby, which may be gone
            self._connection.execute("set synchronous_commit = off")
        self.info: ServerInfo = server_info(self._connection)
        self._run = self._register()
        self.sweep()

    @property
    def major(self) -> int:
        return self.info.major

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()
        if self.expired and error is not None:
            raise DataioError(
                self.expired, hint="Something in it takes very long: an endless loop, a query over a lot of rows."
            ) from error

    def _register(self) -> int:
        while True:
            run = secrets.randbelow(1 << 31)
            row = self._connection.execute(
                "select pg_catalog.pg_try_advisory_lock(%s, %s)", [_RUN_LOCK, run]
            ).fetchone()
            if row is not None and row[0]:
                return run

    def _name(self, label: str) -> str:
        self._count += 1
        plain = re.sub(r"[^a-z0-9_]+", "_", label.lower()).strip("_")
        return f"{SCRATCH_PREFIX}{self._run:08x}_{self._count}_{plain}"[:63].rstrip("_")

    def create(self, label: str) -> ScratchDatabase:
        """An empty database with the target's encoding and locale, or the nearest to it that this server has.

        Raises :class:`~dataio.errors.ScratchUnavailable`.
        """
        name = self._name(label)
        while True:
            options = (self._locale or default_locale()).options(self.major)
            try:
                self._create(name, "template0", options, size=0)
            except (
                psycopg.errors.InvalidParameterValue,
                psycopg.errors.FeatureNotSupported,
                psycopg.errors.WrongObjectType,
                psycopg.errors.InvalidObjectDefinition,
                psycopg.errors.UndefinedObject,
            ) as error:
                nearer = self._locale.fallback() if self._locale is not None else None
                if self._locale is None:
                    raise self._unavailable(error) from None
                self.notes.append(f"{self._locale} is not to be had on {self.origin}: {redact(str(error)).strip()}")
                self._locale = nearer
            else:
                return self._remember(name)

    def clone(self, db: ScratchDatabase, label: str) -> ScratchDatabase:
        """A copy of ``db``, to which nobody may be connected; owned by the owner of ``db``.

        Raises :class:`~dataio.errors.ScratchUnavailable`.
        """
        name = self._name(label)
        row = self._connection.execute(
            "select pg_catalog.pg_get_userbyid(datdba)::text, pg_catalog.pg_database_size(oid)"
            " from pg_catalog.pg_database where datname = %s",
            [db.name],
        ).fetchone()
        if row is None:
            raise ScratchUnavailable(f"the scratch database {db.name} is gone")
        owner = [] if row[0] == self.info.user else [sql.SQL("owner {}").format(sql.Identifier(row[0]))]
        for attempt in range(4):
            try:
                self._create(name, db.name, owner, size=row[1])
                break
            except ObjectInUse as error:  # PostgreSQL waited 5 s for the others already
                if attempt == 3 or not db.cached:
                    raise self._unavailable(error) from None
        return self._remember(name)

    def _create(self, name: str, template: str, options: Iterable[sql.Composable], *, size: int) -> None:
        statement = sql.SQL("create database {} template {} {} {}").format(
            sql.Identifier(name), sql.Identifier(template), sql.SQL(" ").join(options), self._strategy(size)
        )
        try:
            self._connection.execute(statement)
        except (psycopg.errors.DiskFull, InsufficientPrivilege, psycopg.OperationalError) as error:
            if isinstance(error, ObjectInUse):
                raise
            raise self._unavailable(error) from None
        with contextlib.suppress(InsufficientPrivilege):
            unsynced = sql.SQL("alter database {} set synchronous_commit = off").format(sql.Identifier(name))
            self._connection.execute(unsynced)

    def _strategy(self, size: int) -> sql.SQL:
        """FILE_COPY is the quickest, but forces two checkpoints: on a server in use only for what is too big to log."""
        if self.major < 15:
            return sql.SQL("")
        return sql.SQL("strategy file_copy" if self.ours or size >= _FILE_COPY_FROM else "strategy wal_log")

    def _unavailable(self, error: psycopg.Error) -> ScratchUnavailable:
        full = error.sqlstate == "53100"
        return ScratchUnavailable(
            f"the disk of the scratch server is full ({self.origin})"
            if full
            else f"cannot make a scratch database on {self.origin}",
            detail=redact(str(error)).strip(),
            hint="Free some space there, or use another server: --scratch-url postgresql://…" if full else "",
        )

    def _remember(self, name: str) -> ScratchDatabase:
        db = ScratchDatabase(self.target.with_dbname(name), name, self.major)
        self._made[name] = db
        return db

    def drop(self, db: ScratchDatabase) -> None:
        """Drop a scratch database of this run, ending its sessions. Cached templates stay."""
        if not db.cached:
            self._drop(db.name)
            self._made.pop(db.name, None)

    def _drop(self, name: str) -> None:
        if not name.startswith((SCRATCH_PREFIX, CACHE_PREFIX)):
            raise DataioError(f"{name} is not a scratch database: it is not dropped")
        drop = sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name))
        try:
            self._connection.execute(drop)
        except ObjectInUse:
            names = subscriptions(self._connection, name)
            if not names:
                raise
            drop_subscriptions(self.target.with_dbname(name), names)
            self._connection.execute(drop)

    def sweep(self) -> list[str]:
        """Drop what dead runs left on this server, as far as the role may; the names dropped."""
        pattern = f"^{SCRATCH_PREFIX}([0-9a-f]{{8}})_"
        found = self._connection.execute(query("leftovers"), {"pattern": pattern, "magic": _RUN_LOCK}).fetchall()
        swept = []
        for (name,) in found:
            # Another run may be sweeping, too; or the leftover is in use by a session that is not ours to end.
            with contextlib.suppress(InvalidCatalogName, ObjectInUse, InsufficientPrivilege):
                self._drop(name)
                swept.append(name)
        if self.info.is_superuser:
            pattern = f"^{UNTRUSTED_PREFIX}([0-9a-f]{{8}})_"
            roles = self._connection.execute(query("leftover_roles"), {"pattern": pattern, "magic": _RUN_LOCK})
            for (name,) in roles.fetchall():
                self._drop_role(name)
        return swept

    def _drop_role(self, name: str) -> None:
        with contextlib.suppress(
            psycopg.errors.DependentObjectsStillExist, psycopg.errors.UndefinedObject, InsufficientPrivilege
        ):
            self._connection.execute(sql.SQL("drop role {}").format(sql.Identifier(name)))

    def cached(self, key: str, build: Callable[[ScratchDatabase], None], label: str) -> ScratchDatabase:
        """The database that ``build`` makes, built once for every ``key`` (a hash of all that goes into it).

        On a server that dataio runs it stays for later runs, the last few of them; elsewhere it lives as long as this
        run. It is read only for everybody who connects: clone it to change something.
        """
        if (db := self.found(key)) is not None:
            return db
        db = self.create(label)
        build(db)
        if not self.ours:
            self._cached[key] = db
            return db
        name = self._cached_name(key)
        self._publish(db, name)
        self._used(name)
        self._evict()
        self._cached[key] = ScratchDatabase(self.target.with_dbname(name), name, self.major, cached=True)
        return self._cached[key]

    def found(self, key: str) -> ScratchDatabase | None:
        """What :meth:`cached` made for ``key``, in this run or an earlier one; ``None`` where it is gone."""
        if (db := self._cached.get(key)) is not None or not self.ours:
            return db
        name = self._cached_name(key)
        # Held until the end of the run: what is in use is never evicted.
        self._connection.execute("select pg_catalog.pg_advisory_lock_shared(%s, %s)", [_CACHE_LOCK, _slot(name)])
        if not self._used(name):
            return None
        self._cached[key] = ScratchDatabase(self.target.with_dbname(name), name, self.major, cached=True)
        return self._cached[key]

    def oids(self, names: Iterable[str]) -> tuple[int, ...]:
        """The OIDs of databases; 0 for one that is gone."""
        wanted = list(names)
        rows = self._connection.execute(
            "select datname::text, oid::bigint from pg_catalog.pg_database where datname = any(%s)", [wanted]
        ).fetchall()
        found: dict[str, int] = dict(rows)
        return tuple(found.get(name, 0) for name in wanted)

    def _cached_name(self, key: str) -> str:
        made_by = f"{self.info.version_text}\0{self._locale}\0{self.info.user}"  # another role may not use it
        digest = sha256(f"{key}\0{made_by}".encode()).hexdigest()[:32]
        return f"{CACHE_PREFIX}{digest}"

    def _used(self, name: str) -> bool:
        """Note on the cached database that it was used now; False where there is none."""
        now = sql.Literal(f"used {time.time():.3f}")
        # Waits for a DROP that is under way, as a look into pg_database alone would not; a missing one is a warning.
        with contextlib.suppress(psycopg.errors.InternalError_):  # another run notes the same just now
            self._connection.execute(sql.SQL("comment on database {} is {}").format(sql.Identifier(name), now))
        found = self._connection.execute("select from pg_catalog.pg_database where datname = %s", [name])
        return found.fetchone() is not None

    def _publish(self, db: ScratchDatabase, name: str) -> None:
        """Give a finished database its cached name, in one step; another run's of the same name is as good."""
        rename = sql.SQL("alter database {} rename to {}").format(sql.Identifier(db.name), sql.Identifier(name))
        try:
            self._connection.execute(rename)
        except (DuplicateDatabase, UniqueViolation):  # the latter where both were renamed at the same moment
            self.drop(db)
            return
        self._made.pop(db.name, None)
        self._connection.execute(
            sql.SQL("alter database {} set default_transaction_read_only = on").format(sql.Identifier(name))
        )

    def _evict(self) -> None:
        names = [row[0] for row in self._connection.execute(query("cached_databases"), {"prefix": CACHE_PREFIX})]
        for name in names[: max(len(names) - CACHED_TEMPLATES, 0)]:
            # Advisory locks exclude each other within one database only, and runs work through the databases of their
            # targets: who uses the template is looked up for the whole server.
            held = {"magic": _CACHE_LOCK, "slot": _slot(name)}
            if self._connection.execute(query("cached_in_use"), held).fetchone() is None:
                # Another run evicts, or clones it just now; or it is another role's.
                with contextlib.suppress(InvalidCatalogName, ObjectInUse, InsufficientPrivilege):
                    self._drop(name)

    def ensure_roles(self, names: Iterable[str]) -> list[str]:
        """Make the roles of ``names`` that the server lacks, without login or rights; those made.

        Never on the target's own server. Raises :class:`~dataio.errors.ScratchUnavailable` where roles may not be made.
        """
        wanted = sorted({name for name in names if name != "public" and not name.startswith("pg_")})
        if self.own_server or not wanted:
            return []
        present = {
            row[0]
            for row in self._connection.execute(
                "select rolname::text from pg_catalog.pg_roles where rolname = any(%s)", [wanted]
            )
        }
        made = []
        for name in (name for name in wanted if name not in present):
            try:
                self._make_role(name)
            except DuplicateObject:
                continue  # another run was quicker
            except InsufficientPrivilege as error:
                raise ScratchUnavailable(
                    f"the scratch server lacks the role {name}, and {self.info.user} may not make it ({self.origin})",
                    detail=redact(str(error)).strip(),
                    hint=f"Make it there once (CREATE ROLE {name} NOLOGIN), or give {self.info.user} CREATEROLE.",
                ) from None
            made.append(name)
        self._roles += made
        return made

    def _make_role(self, name: str) -> None:
        make = sql.SQL("create role {} nologin").format(sql.Identifier(name))
        if self._admin is None:
            self._connection.execute(make)
            return
        with connect(self._admin) as connection:
            connection.execute(make)
            both = sql.Identifier(name), sql.Identifier(self.info.user)
            connection.execute(sql.SQL("grant {} to {}").format(*both))

    def close(self) -> None:
        """Drop what this run made. What cannot be dropped now (a lost connection) the next run sweeps."""
        try:
            with contextlib.suppress(psycopg.Error, DataioError):
                for db in list(self._made.values()):
                    with contextlib.suppress(psycopg.errors.ObjectInUse, InsufficientPrivilege):
                        self.drop(db)
                if self.info.is_superuser:
                    pattern = f"^{UNTRUSTED_PREFIX}{self._run:08x}_"
                    roles: list[Any] = self._connection.execute(
                        "select rolname::text from pg_catalog.pg_roles where rolname ~ %s", [pattern]
                    ).fetchall()
                    for (name,) in roles:
                        self._drop_role(name)
                if not self.ours:
                    for name in self._roles:
                        self._drop_role(name)
        finally:
            self._connection.close()
            if self._on_close is not None:
                self._on_close()


def _slot(name: str) -> int:
    return int(name.removeprefix(CACHE_PREFIX)[:7], 16)
