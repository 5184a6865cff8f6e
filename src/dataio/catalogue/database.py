"""The pool of connections to the catalogue's database: what runs statements, and says so where it cannot.

Connections come up in the background, so that a program starts without a database; while there is none,
:class:`Unavailable` is raised at once or after ``wait`` seconds, never later.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import psycopg
from psycopg import AsyncConnection, AsyncCursor
from psycopg.pq import ExecStatus
from psycopg.rows import DictRow, dict_row
from psycopg_pool import AsyncConnectionPool, PoolClosed, PoolTimeout, TooManyRequests

from dataio.catalogue.compiled import Query
from dataio.catalogue.loading import configure
from dataio.errors import DataioError
from dataio.postgres.conninfo import Target
from dataio.postgres.redact import redact

_LOG: Final = logging.getLogger("dataio.database")
Connection: TypeAlias = AsyncConnection[DictRow]
Row: TypeAlias = dict[str, Any]
FindTarget: TypeAlias = Callable[[], Awaitable[Target]]


class Unavailable(DataioError):
    """The database cannot be reached now, or has no connection free."""


@dataclass(frozen=True)
class PoolOptions:
    """Sizes of the pool, and seconds: for a connection to come free, and (``statement_timeout``) for a statement."""

    smallest: int = 2
    largest: int = 10
    wait: float = 3.0
    statement_timeout: str = "10s"
    application_name: str = "dataio api"


class Database:
    """The catalogue's database behind a pool. ``find`` says where it is; it is asked until it can."""

    def __init__(self, find: FindTarget, options: PoolOptions | None = None) -> None:
        self.options = options or PoolOptions()
        self.target: Target | None = None
        self.failure = "the database has not been looked for yet"
        self._find = find
        self._pool: AsyncConnectionPool[Connection] | None = None
        self._opening: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Begin to connect, and return: within half a second connected, or in the background."""
        self._opening = asyncio.create_task(self._open())
        await asyncio.wait({self._opening}, timeout=0.5)

    async def close(self) -> None:
        """Give every connection back; waits for those in use, for two seconds."""
        if self._opening is not None:
            self._opening.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._opening
        if self._pool is not None:
            await self._pool.close(timeout=2.0)

    async def _open(self) -> None:
        pause = 0.5
        while self.target is None:
            try:
                self.target = await self._find()
            except DataioError as error:
                self.failure = redact(error.message)
                _LOG.warning("database not found", extra={"reason": self.failure})
                await asyncio.sleep(pause)
                pause = min(pause * 2, 10.0)
        options = self.options
        keywords = {
            "autocommit": True,
            "row_factory": dict_row,
            "application_name": options.application_name,
            "client_encoding": "UTF8",
            "connect_timeout": 5,
            "options": f"-c statement_timeout={options.statement_timeout} -c search_path=public,pg_temp"
            " -c idle_in_transaction_session_timeout=30s -c timezone=UTC -c datestyle=ISO -c intervalstyle=postgres",
        }
        self._pool = AsyncConnectionPool(
            self.target.dsn(),
            connection_class=AsyncConnection[DictRow],
            kwargs=keywords,
            configure=configure,
            min_size=options.smallest,
            max_size=options.largest,
            timeout=options.wait,
            max_waiting=options.largest * 20,
            max_lifetime=1800,
            reconnect_timeout=15,
            open=False,
        )
        await self._pool.open(wait=False)

    @contextlib.asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """A connection in autocommit. Raises Unavailable where none can be had, and where it is lost on the way."""
        if self._pool is None:
            raise Unavailable(self.failure, hint="Try again in a moment.")
        try:
            async with self._pool.connection() as connection:
                yield connection
        except (PoolTimeout, TooManyRequests, PoolClosed) as error:
            raise Unavailable("no connection to the database came free", hint="Try again in a moment.") from error
        except psycopg.errors.QueryCanceled as error:
            raise Unavailable("the database took too long over a query", hint="Ask for less.") from error
        except (psycopg.OperationalError, psycopg.InterfaceError) as error:
            _LOG.warning("connection lost", extra={"reason": redact(str(error)).strip()})
            raise Unavailable("the connection to the database was lost", hint="Try again in a moment.") from error

    async def rows(self, query: Query, values: Mapping[str, Any] | None = None) -> list[Row]:
        """Run one statement on a connection of its own; all its rows."""
        async with self.connection() as connection:
            return await rows(connection, query, values)

    async def row(self, query: Query, values: Mapping[str, Any] | None = None) -> Row | None:
        """Run one statement on a connection of its own; its first row."""
        async with self.connection() as connection:
            return await row(connection, query, values)

    def figures(self) -> dict[str, int]:
        """The pool's own counts, for metrics (psycopg_pool's manual, "Pool stats")."""
        return dict(self._pool.get_stats()) if self._pool is not None else {}


async def rows(connection: Connection, query: Query, values: Mapping[str, Any] | None = None) -> list[Row]:
    """All rows of one statement."""
    cursor = await connection.execute(query.text, query.values(values or {}))
    return await cursor.fetchall() if _has_rows(cursor) else []


async def row(connection: Connection, query: Query, values: Mapping[str, Any] | None = None) -> Row | None:
    """The first row of one statement, if it has one."""
    cursor = await connection.execute(query.text, query.values(values or {}))
    return await cursor.fetchone() if _has_rows(cursor) else None


def _has_rows(cursor: AsyncCursor[Row]) -> bool:
    """Whether the statement was one that answers rows. Asking ``description`` would describe every column first."""
    return cursor.pgresult is not None and cursor.pgresult.status == ExecStatus.TUPLES_OK
