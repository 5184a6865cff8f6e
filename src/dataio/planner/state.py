"""The two states of a plan, made to speak through one server: what is desired, and what the target holds now.

Both sides are made by a role of the same name and rights as the one that will run the plan on the target, so that what
it owns there it owns here, and what it may not do there fails here. On the target's own server it is that role itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import psycopg
from psycopg import sql

from dataio import __version__
from dataio.errors import DataioError, SourceError
from dataio.planner.native.propose import propose, statements
from dataio.planner.native.text.sql import ident, literal
from dataio.planner.sql import query
from dataio.postgres.connection import ServerInfo, connect, server_info
from dataio.postgres.conninfo import Target
from dataio.postgres.dump import copy_schema, dump_schema
from dataio.postgres.explain import lacking
from dataio.postgres.load import load_schema, missing_roles
from dataio.postgres.rights import as_superuser, set_rights
from dataio.postgres.scratch_server import Scratch, ScratchDatabase
from dataio.postgres.source import source_hash
from dataio.snapshot.fingerprint import info_digest
from dataio.snapshot.keys import PUBLIC, SELF
from dataio.snapshot.model import Snapshot
from dataio.snapshot.store import SnapshotStore
from dataio.snapshot.take import take

_UNDEFINED_OBJECT: Final = "42704"
INSUFFICIENT_PRIVILEGE: Final = "42501"


@dataclass(frozen=True)
class Side:
    """One state, in a scratch database that nobody writes to, and its facts. ``target`` connects as the acting role.

    ``key`` names the schema files that it was loaded from, where it was: what was found out of them holds.
    """

    database: ScratchDatabase
    target: Target
    snapshot: Snapshot
    key: str = ""


class Workshop:
    """A scratch server and the role that acts on it in the place of the target's."""

    def __init__(self, scratch: Scratch, role: ServerInfo | None, store: SnapshotStore | None = None) -> None:
        """``role`` is the server info of a connection to the target; ``None`` acts as the scratch server's own role.

        ``store`` remembers what schema files were seen to contain.
        """
        self.scratch = scratch
        self._store = store
        self._seen: dict[str, Snapshot] = {}
        self._with_rows: dict[str, tuple[str, ...]] = {}
        self._may_be_raised = False
        self._role = self._acting(role) if role is not None else None

    def _acting(self, info: ServerInfo) -> str | None:
        """The role to act as, made where it is missing; ``None`` where the scratch server's own role must do."""
        scratch = self.scratch
        if scratch.own_server or info.user == scratch.info.user:
            return None
        if not scratch.info.is_superuser or (info.is_superuser and not scratch.ours):
            return None
        made = scratch.ensure_roles([info.user, *info.member_of])
        if scratch.ours or info.user in made:
            set_rights(scratch.target, info.user, superuser=info.is_superuser, member_of=info.member_of)
            self._may_be_raised = not info.is_superuser
        return info.user

    def acting(self, target: Target) -> Target:
        """A connection to a scratch database that acts as the target's role."""
        if self._role is None:
            return target
        escaped = self._role.replace("\\", "\\\\").replace(" ", "\\ ")
        return target.with_parameters(options=f"-c role={escaped}")

    def _hand_over(self, database: ScratchDatabase) -> None:
        """Make the acting role the owner of a database, as a role that manages a schema mostly is."""
        if self._role is None:
            return
        role = sql.Identifier(self._role)
        with connect(database.target) as connection:
            connection.execute(sql.SQL("alter database {} owner to {}").format(sql.Identifier(database.name), role))
            if database.major < 15:
                connection.execute(sql.SQL("alter schema public owner to {}").format(role))

    def _key(self, sources: Sequence[Path], *, untrusted: bool) -> str:
        return f"schema:{source_hash(sources)}:{self._role}:{'untrusted' if untrusted else 'trusted'}"

    def _remembered(self, key: str) -> str:
        """What the facts of a schema file depend on besides the file: the server that deparses them, and the role."""
        info = self.scratch.info
        server = info.system_identifier or self.scratch.target.describe()
        return f"{key}:{server}:{info.version_num}:{info.user}:{info.is_superuser}:{__version__}"

    def desired_snapshot(
        self, sources: Sequence[Path], *, untrusted: bool = False, like: Snapshot | None = None
    ) -> Snapshot:
        """What the schema files contain; raises as :meth:`desired` does, unless they were seen before.

        Facts that are in ``like``, too, are shared with it.
        """
        known = self._recall(self._key(sources, untrusted=untrusted), like)
        return known or self.desired(sources, untrusted=untrusted, like=like).snapshot

    def knows(self, sources: Sequence[Path], *, untrusted: bool = False, like: Snapshot | None = None) -> bool:
        """Whether :meth:`desired_snapshot` would answer without loading the schema files."""
        return self._recall(self._key(sources, untrusted=untrusted), like) is not None

    def _recall(self, key: str, like: Snapshot | None = None) -> Snapshot | None:
        if key not in self._seen and self._store is not None:
            found = self._store.get(self._remembered(key), like=like)
            if found is not None:
                self._seen[key] = found
        return self._seen.get(key)

    def noted(self, what: str, find: Callable[[], str]) -> str:
        """A text that depends on ``what`` and the scratch server alone: as noted before, else as ``find`` says."""
        if (known := self.recalled(what)) is None:
            known = find()
            self.note(what, known)
        return known

    def recalled(self, what: str) -> str | None:
        """The text noted of ``what`` on this scratch server, if any; nothing is known of an empty ``what``."""
        return self._store.noted(self._remembered(what)) if self._store is not None and what else None

    def note(self, what: str, text: str) -> None:
        """Keep a text that depends on ``what`` and the scratch server alone."""
        if self._store is not None and what:
            self._store.note(self._remembered(what), text)

    def identity(self, *databases: ScratchDatabase) -> str:
        """What stands for the content of cached databases, of which none is ever changed; empty where one is not."""
        if self._store is None or not all(database.cached for database in databases):
            return ""
        oids = self.scratch.oids(database.name for database in databases)
        return f"{self._role} {oids}" if all(oids) else ""

    def desired(self, sources: Sequence[Path], *, untrusted: bool = False, like: Snapshot | None = None) -> Side:
        """Load the schema files into a scratch database (or find them loaded: the content's hash is the key).

        Roles that they name and the server lacks are made there, on a server that is not the target's own. Raises
        SourceError where they do not load, UnknownObject where they hold something that no fact covers.
        """
        key = self._key(sources, untrusted=untrusted)

        def build(database: ScratchDatabase) -> None:
            self._hand_over(database)
            target = database.target if untrusted else self.acting(database.target)
            load_schema(target, sources, untrusted=untrusted, server=self.scratch.origin, allow_empty=True)

        database = None
        while database is None:
            try:
                database = self._cached(key, build, "schema")
            except SourceError as error:  # of a statement that names several roles PostgreSQL tells the first
                if error.sqlstate != _UNDEFINED_OBJECT or not self._made_missing_roles(sources, untrusted=untrusted):
                    raise
        if (known := self._recall(key)) is not None:
            return Side(database, self.acting(database.target), known, key)
        side = replace(self._side(database, owner=untrusted, like=like), key=key)
        self._seen[key] = side.snapshot
        filled = _filled(side.target)
        self._with_rows[key] = tuple(name for kind, name in filled if kind == "r")
        if self._store is not None:
            self._store.put(self._remembered(key), side.snapshot)
            self.note(f"rows:{key}", "\n".join(self._with_rows[key]))
            if not untrusted and not filled:
                self._store.note(self._remembered(self._state(side.snapshot)), key)
        return side

    def tables_with_rows(self, sources: Sequence[Path], *, untrusted: bool = False) -> tuple[str, ...]:
        """The tables that the schema files, which were loaded before, put rows into: they are no part of a schema."""
        key = self._key(sources, untrusted=untrusted)
        if key not in self._with_rows:
            self._with_rows[key] = tuple((self.recalled(f"rows:{key}") or "").splitlines())
        return self._with_rows[key]

    def _state(self, facts: Snapshot) -> str:
        return f"state:{facts.fingerprint}:{info_digest(facts.facts)}:{facts.self_role}:{self._role}"

    def _made_missing_roles(self, sources: Sequence[Path], *, untrusted: bool) -> bool:
        if self.scratch.own_server:
            return False
        spare = self.scratch.create("roles")
        try:
            return bool(self.scratch.ensure_roles(missing_roles(spare.target, sources, untrusted=untrusted)))
        finally:
            self.scratch.drop(spare)

    def copy(self, target: Target, live: Snapshot) -> Side:
        """A copy of the target's schema; ``live`` is what the target holds.

        The key is what the target holds, to the order of columns, so that a state already copied is found again.
        """
        self.scratch.ensure_roles(sorted(roles(live)))
        key = self._state(live)
        own = None if self._role is not None else live.self_role
        if (same := self._like_a_schema(key, live, own)) is not None:
            return same
        built: Snapshot | None = None

        def build(database: ScratchDatabase) -> None:
            nonlocal built
            self._hand_over(database)
            text = _with_versions(dump_schema(target), live)
            refused = copy_schema(target, database.target, server=self.scratch.origin, text=text, go_on=True)
            built = self._complete(database, live, own)
            if refused is not None and not _the_same(built, live):
                raise refused

        database = self.scratch.cached(key, build, "copy")
        exact = self._remembered(f"exact {key}")
        if built is not None:
            side = Side(database, self.acting(database.target), built)
        elif self._store is not None and self._store.noted(exact) is not None:
            return Side(database, self.acting(database.target), live)
        else:
            side = self._side(database, self_role=own, like=live)
        if not _the_same(side.snapshot, live):
            return side
        if self._store is not None:
            self._store.note(exact, "")
        return replace(side, snapshot=live)

    def _like_a_schema(self, key: str, live: Snapshot, own: str | None) -> Side | None:
        """What a schema file was loaded into, where the target holds just that: mostly it was planned to."""
        schema = self._store.noted(self._remembered(key)) if self._store is not None else None
        database = self.scratch.found(schema) if schema is not None else None
        if database is None:
            return None
        side = self._side(database, self_role=own, like=live)
        return replace(side, snapshot=live) if _the_same(side.snapshot, live) else None

    def _complete(self, database: ScratchDatabase, live: Snapshot, self_role: str | None) -> Snapshot:
        """Make what a copy lacks (what pg_dump leaves out, or words so that it cannot be restored); what it then holds.

        (Members that users add to PostgreSQL's own operator families, for one, and comments on inherited checks.) What
        cannot be made stays missing, and whoever compares the copy with the target says so.
        """
        with connect(self.acting(database.target), autocommit=False) as connection:
            made = take(connection, self_role=self_role, like=live)
            if made.major != live.major or made.facts == live.facts:
                return made
            try:
                for statement in statements(propose(made, live, major=live.major)):
                    connection.execute(statement.sql.encode())
                return take(connection, self_role=self_role, like=live)
            except (psycopg.Error, DataioError, ValueError, KeyError):
                connection.rollback()
                return made

    @contextmanager
    def restored(self, target: Target) -> Iterator[Target]:
        """A database made from a dump of ``target``, gone afterwards: there PostgreSQL has worded all once more."""
        database = self.scratch.create("restored")
        try:
            self._hand_over(database)
            copy_schema(target, database.target, server=self.scratch.origin)
            yield self.acting(database.target)
        finally:
            self.scratch.drop(database)

    def made(self, key: str, build: Callable[[Target], None], label: str) -> Side:
        """A state that ``build`` makes in an empty database, as the acting role; or made before, under this ``key``."""

        def make(database: ScratchDatabase) -> None:
            self._hand_over(database)
            build(self.acting(database.target))

        return self._side(self._cached(f"{key}:{self._role}", make, label))

    def _cached(self, key: str, build: Callable[[ScratchDatabase], None], label: str) -> ScratchDatabase:
        """A state as it is, whoever may have made it: where the acting role may not, on a server of ours it may.

        (A plan is another matter: its statements are only ever tried with the rights that the role has.)
        """
        try:
            return self.scratch.cached(key, build, label)
        except DataioError as error:
            if isinstance(error, SourceError) and error.lacks:
                error.hint = lacking(error.lacks, self.scratch.origin, self.scratch.ways_out)
            if self._role is None or not self._may_be_raised or error.sqlstate != INSUFFICIENT_PRIVILEGE:
                raise
        with as_superuser(self.scratch.target, self._role):
            return self.scratch.cached(key, build, label)

    def _side(
        self,
        database: ScratchDatabase,
        *,
        owner: bool = False,
        self_role: str | None = None,
        like: Snapshot | None = None,
    ) -> Side:
        with connect(self.acting(database.target), read_only=True) as connection:
            if owner:
                self_role = _owner(connection)
            return Side(database, self.acting(database.target), take(connection, self_role=self_role, like=like))

    def clone(self, side: Side, label: str) -> tuple[ScratchDatabase, Target]:
        """A database to try things in, that begins as ``side``, and a connection to it as the acting role."""
        database = self.scratch.clone(side.database, label)
        if any(side.snapshot.of_kind("subscription")):  # they are the cluster's: CREATE DATABASE leaves them out
            self._complete(database, side.snapshot, side.snapshot.self_role)
        return database, self.acting(database.target)


def _the_same(copied: Snapshot, live: Snapshot) -> bool:
    """Whether a copy holds all that the target holds, to the order of columns."""
    return (
        copied.major == live.major
        and copied.facts == live.facts
        and all(fact.info_values == live.facts[key].info_values for key, fact in copied.facts.items())
    )


def _filled(target: Target) -> list[tuple[str, str]]:
    """The relations that hold something, but for those of extensions: ``r`` or ``m``, and the name as SQL has it."""
    with connect(target, read_only=True) as connection:
        return connection.execute(query("filled")).fetchall()


def _owner(connection: psycopg.Connection[tuple[object, ...]]) -> str:
    row = connection.execute(
        "select pg_catalog.pg_get_userbyid(datdba)::text from pg_catalog.pg_database"
        " where datname = pg_catalog.current_database()"
    ).fetchone()
    return str(row[0]) if row else ""


def _with_versions(dump: str, live: Snapshot) -> str:
    """A dump whose extensions come in the versions that the target has: pg_dump leaves them to the other server."""
    for extension in live.of_kind("extension"):
        name, schema = ident(extension.key.path[0]), ident(extension.text("schema"))
        made = f"CREATE EXTENSION IF NOT EXISTS {name} WITH SCHEMA {schema}"
        dump = dump.replace(f"\n{made};\n", f"\n{made} VERSION {literal(extension.text('version'))};\n")
    return dump


def roles(snapshot: Snapshot) -> set[str]:
    """Every role that the facts of a schema mention, but not the own one."""
    found: set[str] = set()
    for key, fact in snapshot.facts.items():
        match key.kind:
            case "owner":
                found.add(fact.text("role"))
            case "privilege":
                found.update(key.path[-2:])
            case "default_privilege":
                found.update((key.path[0], key.path[3]))
            case "policy":
                found.update(fact.names("roles"))
            case "user_mapping":
                found.add(key.path[1])
    return found - {SELF, PUBLIC, ""}


def current(target: Target, workshop: Callable[[ServerInfo], Workshop], major: int) -> Snapshot:
    """What the target holds now, in the words of a server of ``major``.

    Read from the live catalogues where that is the target's own version, else from a copy in the workshop that
    ``workshop`` opens (its server must be of ``major``).
    """
    with connect(target, read_only=True) as connection:
        info = server_info(connection)
        live = take(connection)
    if info.major == major:
        return live
    return workshop(info).copy(target, live).snapshot
