"""One process at a time listens to the platforms, sends and ticks."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Protocol

from filelock import FileLock, Timeout

from storage.database import Database
from storage.errors import DatabaseError
from storage.sqlite import Sqlite


class _Lock(Protocol):
    async def try_acquire(self) -> bool: ...

    async def held(self) -> bool: ...

    async def release(self) -> None: ...


class Lease:
    """The right to act alone, among all processes that share the database. It ends with its process, even a killed one.

    On SQLite it is a lock on a file beside the database, freed by the operating system; on PostgreSQL a lock of a
    session of its own, freed by the server when that connection ends: at once when the process dies, within 25 s when
    its machine does. A holder asks `held()` every few seconds and stops acting as soon as the answer is no.
    A database in memory is nobody else's: always granted.
    """

    def __init__(self, database: Database, name: str) -> None:
        self._lock = _lock(database, name)
        self._turn = asyncio.Lock()

    async def try_acquire(self) -> bool:
        """Whether the lease is ours now; does not wait for another holder. Raises DatabaseError when none can be had."""
        async with self._turn:
            return await self._lock.held() or await self._lock.try_acquire()

    async def held(self) -> bool:
        """Whether it is still ours, asked of the system that grants it. Never raises: no answer means no."""
        async with self._turn:
            return await self._lock.held()

    async def release(self) -> None:
        """Lets another process have it at once. Harmless when it is not ours."""
        async with self._turn:
            await self._lock.release()


class _FileLock:
    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = FileLock(file, thread_local=False)
        self._inode = 0

    async def try_acquire(self) -> bool:
        self._lock.release(force=True)
        try:
            self._lock.acquire(timeout=0)
            self._inode = self._file.stat().st_ino
        except Timeout:
            return False
        except OSError as error:
            raise DatabaseError(f"lease {self._file}: let the bot's user write in this folder ({error})") from error
        return True

    async def held(self) -> bool:
        """A file deleted under us, or put in its place, is one that another process can lock."""
        try:
            return self._lock.is_locked and self._file.stat().st_ino == self._inode
        except OSError:
            return False

    async def release(self) -> None:
        self._lock.release(force=True)


class _Granted:
    def __init__(self) -> None:
        self._ours = False

    async def try_acquire(self) -> bool:
        self._ours = True
        return True

    async def held(self) -> bool:
        return self._ours

    async def release(self) -> None:
        self._ours = False


def _lock(database: Database, name: str) -> _Lock:
    backend = database.backend
    if not isinstance(backend, Sqlite):
        from storage.session_lock import SessionLock  # noqa: PLC0415

        return SessionLock(backend, name)
    if backend.path is None:
        return _Granted()
    file = backend.path.resolve()
    return _FileLock(file.with_name(f"{file.name}-{name}.lock"))
