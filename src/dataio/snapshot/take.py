"""Taking a snapshot: every packaged query in one transaction and, as a rule, one round trip."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from typing import Any, Final, LiteralString

import psycopg
from psycopg import pq
from psycopg.rows import tuple_row

from dataio.errors import ConnectionFailed, DataioError
from dataio.postgres.redact import redact
from dataio.snapshot import attachments, edges, presence
from dataio.snapshot.addresses import Addresses, Dependencies, whole
from dataio.snapshot.garbage import collector_paused
from dataio.snapshot.keys import ATTACHMENTS
from dataio.snapshot.kinds import KINDS
from dataio.snapshot.model import Edge, Edges, Snapshot
from dataio.snapshot.queries import query
from dataio.snapshot.reading import Cursor, Reader, Vanished, packed_arrays
from dataio.snapshot.sweep import Description, Sweep

OLDEST: Final = 13
"""The oldest major version that snapshots know."""

CLUSTER_KINDS: Final = frozenset({"role", "membership"})

_ABOUT_ALL: Final = (*attachments.QUERIES, "dependencies", "internal")
_FOR_SWEEP: Final = ("parts", "shared_catalogs")

_LARGE: Final = 20_000
"""So many objects make a database large: its results are read in batches."""

_HEAVY: Final = ("column", "constraint", "index", "not_null", "default")

_ATTEMPTS: Final = 5
_PAUSE: Final = 0.05  # seconds

_VANISHING: Final = (
    Vanished,
    psycopg.errors.InternalError_,  # cache lookup failed for …
    psycopg.errors.UndefinedObject,
    psycopg.errors.UndefinedTable,
)


def take(
    conn: psycopg.Connection[Any],
    *,
    self_role: str | None = None,
    ignore_schemas: Collection[str] = ("dataio_meta",),
    check_complete: bool = True,
    roles: bool = False,
    dependencies: bool = True,
    like: Snapshot | None = None,
) -> Snapshot:
    """Everything that the database of ``conn`` contains, as facts and edges.

    ``self_role`` (by default the current user) becomes ``SELF`` wherever a fact names a role. What is in
    ``ignore_schemas`` is left out. ``check_complete`` raises :class:`~dataio.errors.UnknownObject` where the database
    holds something that no fact accounts for. ``roles`` adds the cluster's roles and memberships. Without
    ``dependencies`` there are no edges: who only compares facts does without them. Facts that are in ``like``, too, are
    shared with it.

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
    with collector_paused():
        for attempt in range(1, _ATTEMPTS + 1):
            session = _Session(conn, major, pipelined=attempt < _ATTEMPTS)
            try:
                taking = _Taking(session, self_role, ignored, roles=roles, like=like)
                return taking.snapshot(check_complete=check_complete, with_edges=dependencies)
            except _VANISHING as error:
                # The deparsing functions look at the newest catalogues: what another session drops meanwhile fails.
                if attempt == _ATTEMPTS or conn.info.transaction_status != pq.TransactionStatus.IDLE:
                    raise _failed(error, session) from error
                time.sleep(_PAUSE * attempt)
            except psycopg.Error as error:
                raise _failed(error, session) from error
    raise AssertionError("unreachable")


def _failed(error: Exception, session: _Session) -> DataioError:
    message = redact(str(error).strip())
    if isinstance(error, psycopg.OperationalError) and session.is_lost:
        return ConnectionFailed(f"the connection was lost while reading the catalogues: {message}")
    return DataioError(
        f"cannot read the catalogues ({session.current or 'the session'}): {message}",
        hint="Another session seems to be changing the schema; try again when it is done."
        if isinstance(error, _VANISHING)
        else "",
    )


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

    def send_all(self, names: Iterable[str]) -> dict[str, Cursor]:
        """Start several packaged queries."""
        return {name: self.send(name) for name in names}

    def fetch(self, *names: str) -> dict[str, Cursor]:
        """The results of several packaged queries, in one round trip."""
        cursors = self.send_all(names)
        self.receive()
        return cursors

    def receive(self) -> None:
        """Wait for the results of all that was sent."""
        if self._pipeline is not None:
            self.current = ""
            self._pipeline.sync()


class _Taking:
    """One attempt at a snapshot."""

    def __init__(
        self,
        session: _Session,
        self_role: str | None,
        ignored: frozenset[str],
        *,
        roles: bool,
        like: Snapshot | None = None,
    ) -> None:
        self._like = like.facts if like is not None and like.major == session.major else {}
        self._session = session
        self._self_role = self_role
        self._ignored = ignored
        self._kinds = [name for name in KINDS if name not in ATTACHMENTS and (roles or name not in CLUSTER_KINDS)]

    def snapshot(self, *, check_complete: bool, with_edges: bool) -> Snapshot:
        with self._session.reading():
            catalogs, user, objects = self._session.fetch("catalogs", "current_user", "objects").values()
            addresses = Addresses(dict(catalogs))
            self_role = self._self_role or user.fetchone()[0]  # type: ignore[index]
            reader = Reader(addresses, self_role, self._ignored, self._like)
            listed = objects.fetchall()
            rest = self._read_facts(reader, listed, (*_ABOUT_ALL, *(_FOR_SWEEP if check_complete else ())))
            dependencies = [Dependencies(*row) for row in rest["dependencies"]]
            self._note_internal(addresses, rest["internal"], dependencies)
            members = self._attach(reader, addresses, rest)
            notes = tuple(reader.notes)
            if check_complete:
                sweep = Sweep(reader.facts, addresses, dependencies, self._ignored | {"dataio_meta"})
                sweep.check_parts(packed_arrays(rest["parts"]))
                notes += sweep.check_objects(
                    [(catalog, found or []) for catalog, _, found in listed],
                    [row[0] for row in rest["shared_catalogs"]],
                    self._describe,
                )
        facts, wording = reader.facts, reader.wording
        del objects, listed, rest, reader  # make room for the edges
        found = edges.build(facts, dependencies, addresses, members) if with_edges else Edges()
        return Snapshot(facts, found, self._session.major, self_role, notes, wording)

    def _read_facts(self, reader: Reader, listed: Sequence[Any], rest: Sequence[str]) -> Mapping[str, Cursor]:
        """Read what each kind's query finds; returns the results of the queries ``rest``.

        Of a large database in several batches, so that their results are not all in memory at once; the server works
        on one while the one before is read.
        """
        kinds = presence.possible(self._kinds, listed)
        batches = [kinds]
        if sum(len(found) for _, _, found in listed if found) > _LARGE:
            batches = [[name] for name in _HEAVY if name in kinds]
            batches.append([name for name in kinds if name not in _HEAVY])
        reading = self._session.fetch(*batches.pop(0))
        for batch in (*batches, rest):
            ahead = self._session.send_all(batch)
            for name in tuple(reading):
                with reading.pop(name) as cursor:
                    reader.read(name, cursor)
            self._session.receive()
            reading = ahead
        return reading

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
                members.update((packed, extensions[owner]) for packed, owner in group.pairs() if owner in extensions)
            elif group.deptype == "i" and group.catalog != relations:
                parts = (whole(packed) for packed in group.dependents)
                addresses.add_internal(group.catalog, parts, group.referenced_catalog, group.referenced)

    def _attach(self, reader: Reader, addresses: Addresses, attached: Mapping[str, Cursor]) -> list[Edge]:
        """Read what is attached to objects; returns the edges of what depends on extensions."""
        granted = list(attachments.privileges(attached["privilege"], addresses, reader.role))
        depending = list(attachments.extension_dependencies(attached["extension_dependency"], addresses))
        for fact in (
            *attachments.owners(attached["owner"], addresses, reader.role),
            *(fact for fact, _ in granted),
            *attachments.comments(attached["comment"], addresses),
            *attachments.labels(attached["security_label"], addresses),
            *(fact for fact, _ in depending),
        ):
            if not reader.is_ignored(fact.key):
                reader.add(fact)
        return [Edge(fact.key, extension) for fact, extension in (*granted, *depending) if extension is not None]

    def _describe(self, objects: Sequence[tuple[int, int]]) -> Mapping[tuple[int, int], Description]:
        parameters = {"catalogs": [catalog for catalog, _ in objects], "objects": [packed for _, packed in objects]}
        rows = self._session.send("describe", parameters)
        self._session.receive()
        return {(catalog, packed): Description(text, schema) for catalog, packed, text, schema in rows}
