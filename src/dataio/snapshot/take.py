"""Taking a snapshot: every packaged query in one transaction and, as a rule, one round trip."""

from __future__ import annotations

import gc
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from typing import Any, Final, LiteralString

import psycopg
from psycopg import pq
from psycopg.rows import tuple_row

from dataio.errors import ConnectionFailed, DataioError
from dataio.postgres.redact import redact
from dataio.snapshot import attachments, edges, presence
from dataio.snapshot.addresses import Addresses, Dependencies, whole
from dataio.snapshot.kinds import ATTACHMENTS, KINDS
from dataio.snapshot.model import Edge, Snapshot
from dataio.snapshot.queries import query
from dataio.snapshot.reading import Cursor, Reader, packed_arrays
from dataio.snapshot.sweep import Description, Sweep

OLDEST: Final = 13
"""The oldest major version that snapshots know."""

CLUSTER_KINDS: Final = frozenset({"role", "membership"})

_ATTEMPTS: Final = 3


def take(
    conn: psycopg.Connection[Any],
    *,
    self_role: str | None = None,
    ignore_schemas: Collection[str] = ("dataio_meta",),
    check_complete: bool = True,
    roles: bool = False,
) -> Snapshot:
    """Everything that the database of ``conn`` contains, as facts and edges.

    ``self_role`` (by default the current user) becomes ``SELF`` wherever a fact names a role. What is in
    ``ignore_schemas`` is left out. ``check_complete`` raises :class:`~dataio.errors.UnknownObject` where the database
    holds something that no fact accounts for. ``roles`` adds the cluster's roles and memberships.

    Any role may take a snapshot; only what a superuser alone can read (the connection of a subscription, options of
    others' user mappings) is then missing. Outside of a transaction the snapshot has one of its own, read only and
    repeatable read, autocommit or not; inside of one it sees what that has done so far, and leaves no trace in it.

    Raises :class:`~dataio.errors.ConnectionFailed` where the connection breaks, :class:`~dataio.errors.DataioError`
    where the server refuses a query or is too old.
    """
    major = conn.info.server_version // 10000
    if major < OLDEST:
        raise DataioError(f"PostgreSQL {major} is too old: dataio reads {OLDEST} and later")
    ignored = frozenset(ignore_schemas)
    collecting = gc.isenabled()
    gc.disable()  # hundreds of thousands of tuples and no cycles: the collector would only walk them again and again
    try:
        for attempt in range(1, _ATTEMPTS + 1):
            session = _Session(conn, major, pipelined=attempt < _ATTEMPTS)
            try:
                return _Taking(session, self_role, ignored, roles=roles).snapshot(check_complete=check_complete)
            except (
                psycopg.errors.InternalError_,
                psycopg.errors.UndefinedObject,
                psycopg.errors.UndefinedTable,
            ) as error:
                # The deparsing functions look at the newest catalogues: what another session drops meanwhile fails.
                if attempt == _ATTEMPTS or conn.info.transaction_status != pq.TransactionStatus.IDLE:
                    raise _failed(error, session) from error
            except psycopg.Error as error:
                raise _failed(error, session) from error
    finally:
        if collecting:
            gc.enable()
    raise AssertionError("unreachable")


def _failed(error: psycopg.Error, session: _Session) -> DataioError:
    message = redact(str(error).strip())
    if isinstance(error, psycopg.OperationalError) and session.is_lost:
        return ConnectionFailed(f"the connection was lost while reading the catalogues: {message}")
    return DataioError(f"cannot read the catalogues ({session.current or 'the session'}): {message}")


class _Session:
    """A connection, set up so that the server deparses the same everywhere, and left as it was found."""

    def __init__(self, conn: psycopg.Connection[Any], major: int, *, pipelined: bool) -> None:
        self._conn = conn
        self._major = major
        self._pipelined = pipelined and psycopg.Pipeline.is_supported()
        self._pipeline: psycopg.Pipeline | None = None
        self.current = ""

    @property
    def is_lost(self) -> bool:
        return self._conn.broken or self._conn.closed

    @property
    def major(self) -> int:
        return self._major

    @contextmanager
    def reading(self) -> Iterator[None]:
        """A transaction of its own, or a savepoint in the one that is open; undone at the end either way."""
        conn = self._conn
        if conn.info.transaction_status != pq.TransactionStatus.IDLE:
            with self._ended_by(b"rollback to savepoint dataio_snapshot; release savepoint dataio_snapshot"):
                self._begin("savepoint dataio_snapshot")
                yield
            return
        autocommit = conn.autocommit
        if not autocommit:
            conn.autocommit = True
        try:
            with self._ended_by(b"rollback"):
                self._begin("begin transaction isolation level repeatable read read only")
                yield
        finally:
            if not autocommit and not self.is_lost:
                conn.autocommit = False

    @contextmanager
    def _ended_by(self, command: bytes) -> Iterator[None]:
        try:
            with self._conn.pipeline() if self._pipelined else nullcontext() as self._pipeline:
                yield
        finally:
            if not self.is_lost and self._conn.info.transaction_status != pq.TransactionStatus.IDLE:
                self._conn.execute(command, prepare=False)

    def _begin(self, command: LiteralString) -> None:
        self.cursor().execute(command, prepare=False)
        self.send("session")

    def cursor(self) -> Cursor:
        return psycopg.Cursor(self._conn, row_factory=tuple_row)

    def send(self, name: str, parameters: Mapping[str, Any] | None = None) -> Cursor:
        """Start a packaged query; its result is read from the cursor that comes back."""
        self.current = f"{name}.sql"
        return self.cursor().execute(query(name, self._major), parameters, prepare=False, binary=True)

    def receive(self) -> None:
        """Wait for the results of all that was sent."""
        if self._pipeline is not None:
            self.current = ""
            self._pipeline.sync()


class _Taking:
    """One attempt at a snapshot."""

    def __init__(self, session: _Session, self_role: str | None, ignored: frozenset[str], *, roles: bool) -> None:
        self._session = session
        self._self_role = self_role
        self._ignored = ignored
        self._kinds = [name for name in KINDS if name not in ATTACHMENTS and (roles or name not in CLUSTER_KINDS)]

    def snapshot(self, *, check_complete: bool) -> Snapshot:
        with self._session.reading():
            send = self._session.send
            catalogs, user, objects = send("catalogs"), send("current_user"), send("objects")
            self._session.receive()
            listed = objects.fetchall()
            kinds = {name: send(name) for name in presence.possible(self._kinds, listed)}
            attached = {name: send(name) for name in attachments.QUERIES}
            depend, internal = send("dependencies"), send("internal")
            parts, shared = (send("parts"), send("shared_catalogs")) if check_complete else (None, None)
            self._session.receive()

            addresses = Addresses(dict(catalogs))
            self_role = self._self_role or user.fetchone()[0]  # type: ignore[index]
            reader = Reader(addresses, self_role, self._ignored)
            for name in tuple(kinds):
                with kinds.pop(name) as cursor:
                    reader.read(name, cursor)
            dependencies = [Dependencies(*row) for row in depend]
            self._note_internal(addresses, internal, dependencies)
            members = self._attach(reader, addresses, attached)
            notes: tuple[str, ...] = ()
            if parts is not None and shared is not None:
                sweep = Sweep(reader.facts, addresses, dependencies, self._ignored | {"dataio_meta"})
                sweep.check_parts(packed_arrays(parts))
                notes = sweep.check_objects(
                    [(catalog, found) for catalog, _, found in listed if found],
                    [row[0] for row in shared],
                    self._describe,
                )
        return Snapshot(
            reader.facts,
            edges.build(reader.facts, dependencies, addresses, members),
            self._session.major,
            self_role,
            notes,
            reader.wording,
        )

    def _note_internal(self, addresses: Addresses, internal: Cursor, dependencies: Sequence[Dependencies]) -> None:
        """Whose the row types, indexes of constraints and suchlike are, and what extensions own."""
        for catalog, target, objects, targets in packed_arrays(internal):
            addresses.add_internal(addresses.catalogs[catalog], objects, addresses.catalogs[target], targets)
        extensions = addresses.exact[addresses.catalogs["pg_extension"]]
        relations = addresses.catalogs["pg_class"]
        for group in dependencies:
            if group.catalog not in addresses.exact:
                continue
            if group.deptype == "e":
                members = addresses.members[group.catalog]
                members.update((packed, extensions[owner]) for packed, owner in group.pairs())
            elif group.deptype == "i" and group.catalog != relations:
                parts = (whole(packed) for packed in group.dependents)
                addresses.add_internal(group.catalog, parts, group.referenced_catalog, group.referenced)

    def _attach(self, reader: Reader, addresses: Addresses, attached: Mapping[str, Cursor]) -> list[Edge]:
        """Read what is attached to objects; returns the edges of what is attached to members of extensions."""
        granted = list(attachments.privileges(attached["privilege"], addresses, reader.role))
        for fact in (
            *attachments.owners(attached["owner"], addresses, reader.role),
            *(fact for fact, _ in granted),
            *attachments.comments(attached["comment"], addresses),
            *attachments.labels(attached["security_label"], addresses),
        ):
            if not reader.is_ignored(fact.key):
                reader.add(fact)
        return [Edge(fact.key, extension) for fact, extension in granted if extension is not None]

    def _describe(self, objects: Sequence[tuple[int, int]]) -> Mapping[tuple[int, int], Description]:
        rows = self._session.send(
            "describe", {"catalogs": [c for c, _ in objects], "objects": [packed for _, packed in objects]}
        )
        self._session.receive()
        return {(catalog, packed): Description(text, schema) for catalog, packed, text, schema in rows}
