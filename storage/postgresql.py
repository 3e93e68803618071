"""PostgreSQL: transactions through asyncpg, run again where that is known to be harmless."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from typing import TypeVar

from sqlalchemy import URL, Connection, NullPool
from sqlalchemy.exc import DBAPIError, InterfaceError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from storage.errors import UNREACHABLE, DatabaseError, Unreachable, explain_postgresql, sqlstate
from storage.schema import for_postgresql

CONNECTIONS = 8
"""Enough for the workers of one process; a server allows 100 in all unless told otherwise."""

CONNECT_SECONDS = 10.0

PAUSES = (0.05, 0.2, 0.8)
"""Seconds before each new try, made up to half as long again so that those who collided do not meet again."""

PASSING = frozenset({"40001", "40P01", "57P01", "57P02", "57P03", "53300"})
"""The server undid the transaction and says to run it again (serialization failure, deadlock), or it shuts down, starts
or is full for the moment. Source: PostgreSQL, Appendix A, Error Codes."""

T = TypeVar("T")

for_postgresql()


class Postgresql:
    """A database on a server, which any number of processes may share.

    Writes are READ COMMITTED: a function that reads a row in order to change it locks it (`with_for_update`) or states
    the change in SQL. Reads see one snapshot, as they do on SQLite.
    """

    def __init__(self, url: URL) -> None:
        self.url = url
        self._engine = create_async_engine(
            url, pool_size=CONNECTIONS, max_overflow=0, connect_args={"timeout": CONNECT_SECONDS}
        )
        self._snapshots = self._engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        self._places = asyncio.Semaphore(CONNECTIONS)
        self._closed = False

    async def write(self, function: Callable[[Connection], T]) -> T:
        async def transaction() -> T:
            async with self._connected(self._engine) as connection:
                result = await connection.run_sync(function)
                await self._commit(connection)
                return result

        return await self._persist(transaction)

    async def read(self, function: Callable[[Connection], T]) -> T:
        async def transaction() -> T:
            async with self._connected(self._snapshots) as connection:
                return await connection.run_sync(function)

        return await self._persist(transaction)

    async def connection_apart(self, **server_settings: str) -> AsyncConnection:
        """A connection outside the pool, in autocommit: what its session holds, it holds until it is closed."""
        engine = create_async_engine(
            self.url,
            poolclass=NullPool,
            isolation_level="AUTOCOMMIT",
            connect_args={"timeout": CONNECT_SECONDS, "server_settings": server_settings},
        )
        with self._reaching():
            return await engine.connect()

    async def close(self) -> None:
        if not self._closed:
            self._closed = True
            for _ in range(CONNECTIONS):  # every place is free once what was asked for before is done
                await self._places.acquire()
            await self._engine.dispose()

    def __str__(self) -> str:
        return self.url.render_as_string(hide_password=True)

    async def _persist(self, transaction: Callable[[], Awaitable[T]]) -> T:
        """Runs a transaction, again while nothing of it can have been kept and another try may do better."""
        if self._closed:
            raise DatabaseError("the database is closed")
        pauses = iter(PAUSES)
        while True:
            try:
                async with self._places:
                    return await transaction()
            except Unreachable:
                if (pause := next(pauses, None)) is None:
                    raise
            except DBAPIError as error:
                passing = error.connection_invalidated or sqlstate(error) in PASSING
                if not passing or (pause := next(pauses, None)) is None:
                    if explained := explain_postgresql(error, str(self)):
                        raise explained from error
                    raise
            await asyncio.sleep(pause * random.uniform(1.0, 1.5))

    @asynccontextmanager
    async def _connected(self, engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
        async with AsyncExitStack() as stack:
            with self._reaching():
                connection = await stack.enter_async_context(engine.connect())
            yield connection

    @contextmanager
    def _reaching(self) -> Iterator[None]:
        """Says what is wrong when there is no connection to be had."""
        try:
            yield
        except OSError as error:
            raise Unreachable(f"database {self}: {UNREACHABLE} ({error})") from error
        except (TypeError, ValueError, InterfaceError) as error:  # the driver's answer to an option it does not know
            raise DatabaseError(f"database {self}: check what follows '?' in [storage] url ({error})") from error

    async def _commit(self, connection: AsyncConnection) -> None:
        try:
            await connection.commit()
        except DBAPIError as error:
            if error.connection_invalidated:
                raise DatabaseError(
                    f"database {self}: the connection ended during a commit, and whether it was kept is not known"
                ) from error
            raise
