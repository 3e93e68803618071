"""A lock of PostgreSQL that lasts as long as the session that took it."""

from __future__ import annotations

import asyncio
from hashlib import blake2b

from sqlalchemy import TextClause, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.postgresql import Postgresql

ANSWER_SECONDS = 5.0
"""A server silent for longer no longer counts as ours to speak for."""

KEEPALIVE = {"tcp_keepalives_idle": "10", "tcp_keepalives_interval": "5", "tcp_keepalives_count": "3"}
"""The server gives a machine that vanished 25 s; by default its lock would stay for two hours."""

CLASS = 0x50B0
"""The first half of every lock's number; any other program's locks on the same database have another."""

ACQUIRE = text("SELECT pg_try_advisory_lock(:class, :number)")
RELEASE = text("SELECT pg_advisory_unlock(:class, :number)")
HELD = text(
    "SELECT count(*) > 0 FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid() AND granted"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    " AND classid = :class AND objid = :number"
)


class SessionLock:
    """An advisory lock, on a connection that does nothing else and is never opened again behind our back."""

    def __init__(self, database: Postgresql, name: str) -> None:
        self._database = database
        number = int.from_bytes(blake2b(name.encode(), digest_size=4).digest()) >> 1  # PostgreSQL's integers are signed
        self._lock = {"class": CLASS, "number": number}
        self._connection: AsyncConnection | None = None

    async def try_acquire(self) -> bool:
        await self._disconnect()
        self._connection = await self._database.connection_apart(**KEEPALIVE)
        return await self._asked(ACQUIRE)

    async def held(self) -> bool:
        return self._connection is not None and await self._asked(HELD)

    async def release(self) -> None:
        if await self.held():
            await self._asked(RELEASE)
        await self._disconnect()

    async def _asked(self, question: TextClause) -> bool:
        """The server's yes. After a no, or no answer, there is nothing to keep the connection for."""
        if self._connection is None:
            return False
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                yes = bool(await self._connection.scalar(question, self._lock))
        except (SQLAlchemyError, OSError):
            yes = False
        if not yes:
            await self._disconnect()
        return yes

    async def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.invalidate()  # unlike closing, waits no longer than 2 s for a server that is gone
            await connection.close()
