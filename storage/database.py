"""The one way to the database: plain functions of a connection, run as transactions."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeVar

from sqlalchemy import URL, Connection, make_url
from sqlalchemy.exc import ArgumentError

from storage.errors import DatabaseError
from storage.sqlite import Sqlite

if TYPE_CHECKING:
    from storage.postgresql import Postgresql

T = TypeVar("T")


class Database:
    """Runs functions as transactions, on SQLite or PostgreSQL, always from one event loop.

    A function gets a connection on which a transaction is open, and returns a plain value. It may be run more than once
    before it is kept once, so it has no effect but through the connection; it never commits or rolls back, though it
    may use savepoints (`connection.begin_nested()`). Raising undoes all it did, and `write` or `read` raises the same.
    Both also raise DatabaseError when the database itself is out of order.
    """

    def __init__(self, backend: Sqlite | Postgresql) -> None:
        self.backend = backend

    @classmethod
    def open(cls, url: str) -> Database:
        """The database at `sqlite:///file.db`, `sqlite://` (in memory) or `postgresql+asyncpg://user@host/name`.

        Raises DatabaseError when the address cannot be right. Connecting waits for the first transaction, which is what
        finds a missing folder or a server that does not answer.
        """
        try:
            parsed = make_url(url)
        except (ArgumentError, ValueError):
            parsed = URL.create("")
        match parsed.drivername:
            case "sqlite":
                return cls(Sqlite(_sqlite_path(parsed)))
            case "postgresql+asyncpg":
                # Only here: an ordinary start on SQLite does without asyncpg's and greenlet's loading time.
                from storage.postgresql import Postgresql  # noqa: PLC0415

                return cls(Postgresql(parsed))
        raise DatabaseError("[storage] url must be like sqlite:///file.db or postgresql+asyncpg://user@host/name")

    @property
    def kind(self) -> Literal["sqlite", "postgresql"]:
        return "sqlite" if isinstance(self.backend, Sqlite) else "postgresql"

    @property
    def joins(self) -> bool:
        """Whether writes asked for without a pause between them are one transaction, in that order."""
        return self.kind == "sqlite"

    async def write(self, function: Callable[[Connection], T]) -> T:
        """The function's result, once all it wrote is committed. Cancelling ends the waiting; it may be kept or not."""
        return await self.backend.write(function)

    async def read(self, function: Callable[[Connection], T]) -> T:
        """The function's result, from one state of the database; it cannot write. No write waits for it."""
        return await self.backend.read(function)

    async def close(self) -> None:
        """Ends connections once what was asked for is done. Harmless a second time."""
        await self.backend.close()


def _sqlite_path(url: URL) -> Path | None:
    if url.host or url.query or url.database == "":
        raise DatabaseError("[storage] url must be like sqlite:///file.db: three slashes, and nothing after the file")
    return None if url.database in (None, ":memory:") else Path(url.database)


__all__ = ["Database", "DatabaseError"]
