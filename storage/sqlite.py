"""SQLite: one connection that writes, one that reads."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event

from storage.errors import explain_sqlite
from storage.transactions import Transactions

PRAGMAS = (
    "PRAGMA journal_mode = WAL",  # readers and the writer do not wait for each other
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",  # what a person said is overwritten when it is deleted
    "PRAGMA cache_size = -256",  # KiB: the system's cache is beneath it; 2 MB a connection made nothing faster (ran)
)

T = TypeVar("T")


class Sqlite:
    """A database in a file, or in memory when there is no path.

    Commits wait for the disk (`synchronous = FULL`): platforms are told that a message arrived once it is committed, so
    one lost in a power cut would be a person never answered. NORMAL survives a SIGKILL as well, but not the power cut,
    and groups make the difference small where it counts. Writes of one row a second, NORMAL and FULL, on an SSD that
    syncs in 0.2 ms: 8,200 and 2,800 one after the other, 14,000 and 7,800 from 4 tasks, 19,000 and 17,000 from 64.
    """

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self._writer = Transactions(_engine(path, "BEGIN IMMEDIATE", PRAGMAS), self._explain)
        # A database in memory belongs to its only connection.
        self._reader = (
            Transactions(_engine(path, "BEGIN", ("PRAGMA query_only = ON", "PRAGMA cache_size = -256")), self._explain)
            if path
            else self._writer
        )

    async def write(self, function: Callable[[Connection], T]) -> T:
        return await self._writer.run(function)

    async def read(self, function: Callable[[Connection], T]) -> T:
        return await self._reader.run(function)

    async def close(self) -> None:
        await self._reader.close()
        await self._writer.close()

    def __str__(self) -> str:
        return str(self.path or "in memory")

    def _explain(self, error: BaseException) -> BaseException:
        explained = explain_sqlite(error, str(self))
        if explained is None:
            return error
        explained.__cause__ = error
        return explained


def _engine(path: Path | None, begin: str, pragmas: tuple[str, ...]) -> Engine:
    engine = create_engine(
        URL.create("sqlite", database=str(path) if path else None),
        # Left to itself the driver opens transactions late and without the write lock: increments get lost.
        # Waiting for other programs is left to `Transactions`, which does not hold up the event loop meanwhile.
        # A commit runs in another thread than the rest, never at the same time.
        connect_args={"timeout": 0, "isolation_level": None, "check_same_thread": False},
        poolclass=NullPool,
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        for pragma in pragmas:
            connection.execute(pragma)

    @event.listens_for(engine, "begin")
    def begin_transaction(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine
