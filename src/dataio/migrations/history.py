"""What a database says was applied to it: ``dataio_meta.migration``, written by the scripts themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg
from psycopg.rows import class_row

from dataio.errors import MigrationError
from dataio.migrations.sql import query
from dataio.plan.render.sql import baseline
from dataio.plan.script import Header, Script, parse, version_label


@dataclass(frozen=True)
class Migration:
    """One applied script. ``kind``: 'plan', or 'baseline' (the schema was there before dataio)."""

    number: int
    name: str
    kind: str
    from_fingerprint: str
    to_fingerprint: str
    checksum: str
    applied_at: datetime
    applied_by: str
    git_commit: str
    tool_version: str


@dataclass(frozen=True)
class Segment:
    """A committed part of a script in several transactions that has not reached its end.

    ``fingerprint`` is the schema's after that part, where dataio applied it (``psql`` cannot know).
    """

    number: int
    segment: int
    checksum: str
    fingerprint: str
    done_at: datetime


@dataclass(frozen=True)
class RolledBack:
    """A script that was applied and taken back. ``git_commit`` is the one that the rollback was planned at."""

    number: int
    name: str
    checksum: str
    applied_at: datetime
    applied_by: str
    rolled_back_at: datetime
    rolled_back_by: str
    git_commit: str
    tool_version: str


@dataclass(frozen=True)
class History:
    """All that was applied and stands, in order of number; ``segments`` are not empty while a script is half done.

    ``rolled_back``: what was taken back, in the order in which that happened.
    """

    migrations: tuple[Migration, ...] = ()
    segments: tuple[Segment, ...] = ()
    rolled_back: tuple[RolledBack, ...] = ()

    @property
    def version(self) -> int:
        """The number of the last applied migration; 0 where there is none."""
        return self.migrations[-1].number if self.migrations else 0

    @property
    def label(self) -> str:
        """``schema_v003``."""
        return version_label(self.version)

    @property
    def last(self) -> Migration | None:
        return self.migrations[-1] if self.migrations else None

    @property
    def interrupted(self) -> Segment | None:
        """The last committed part of a script that was interrupted between its transactions."""
        return self.segments[-1] if self.segments else None

    @property
    def going_back(self) -> bool:
        """Whether what was interrupted is a rollback: its number is the last applied one, not the next."""
        return self.interrupted is not None and self.interrupted.number <= self.version

    def find(self, number: int) -> Migration | None:
        return next((one for one in self.migrations if one.number == number), None)

    def done_segments(self, header: Header) -> int:
        """How many transactions of a script are committed while the whole is not; 0 for all others."""
        mine = [s.segment for s in self.segments if (s.number, s.checksum) == (header.number, header.checksum)]
        return max(mine, default=0)


def read(connection: psycopg.Connection[Any]) -> History:
    """The history of a database; empty where ``dataio_meta`` is not there. Leaves an open transaction as it is.

    Raises :class:`~dataio.errors.MigrationError` where the role may not read it.
    """
    readable: dict[str, bool] = dict(connection.execute(query("meta_tables")).fetchall())
    if not readable:
        return History()
    if not all(readable.values()):
        raise MigrationError(
            f"role {connection.info.user} may not read the history in schema dataio_meta",
            hint="Its owner can help: GRANT USAGE ON SCHEMA dataio_meta TO …; "
            "GRANT SELECT ON ALL TABLES IN SCHEMA dataio_meta TO …;",
        )
    with connection.cursor(row_factory=class_row(Migration)) as cursor:
        migrations = tuple(cursor.execute(query("history")).fetchall()) if "migration" in readable else ()
    with connection.cursor(row_factory=class_row(Segment)) as rows:
        segments = tuple(rows.execute(query("segments")).fetchall()) if "segment" in readable else ()
    with connection.cursor(row_factory=class_row(RolledBack)) as taken:
        rolled_back = tuple(taken.execute(query("rollbacks")).fetchall()) if "rollback" in readable else ()
    return History(migrations, segments, rolled_back)


def stand_at(connection: psycopg.Connection[Any], version: int, *, fingerprint: str = "") -> None:
    """Make a scratch copy look as if migration ``version`` had been applied, so that the script after it runs there.

    For the proof only: what was before is not told. ``version`` 0 leaves the copy without a history.
    """
    if version > 0:
        header = Header(version, "stands for what was applied before", "baseline", "", fingerprint)
        register(connection, parse(baseline(header, ())))


def register(connection: psycopg.Connection[Any], script: Script) -> None:
    """Write a script's row into the history, by its own SQL, without running its statements.

    Nothing but ``dataio_meta`` is touched, in one transaction of its own. Raises :class:`psycopg.Error`.
    """
    with connection.transaction():
        for chunk in script.chunks:
            if chunk.role in ("guard", "record"):
                connection.execute(chunk.sql.encode())
