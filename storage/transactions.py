"""Functions run as transactions on one SQLite connection, between two turns of the event loop."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, Transaction
from sqlalchemy.exc import DBAPIError

from storage.errors import DatabaseError

GROUP = 64
"""The most functions that share a commit: enough to make its cost small, few enough that nobody waits long."""

JOINING = 2
"""Turns of the event loop before a group is taken: who was woken by what ended, and whoever those wake, may join it."""

BUSY_SECONDS = 5.0
"""How long a transaction waits for another program that writes to the same file (an import, a migration)."""

BUSY_PAUSES = (0.001, 0.005, 0.02, 0.05)
"""Between two tries; the event loop goes on meanwhile."""

T = TypeVar("T")


@dataclass(slots=True, eq=False)
class _Job:
    function: Callable[[Connection], Any]
    future: asyncio.Future[Any]
    result: Any = None
    error: BaseException | None = None


class Transactions:
    """Runs functions on a connection that nothing else uses.

    All that wait share one transaction and one commit. When one of them raises, nothing of the group is kept: that one
    gets its error and every other one is run again, alone. A function may thus run twice and must have no effect but
    through its connection.

    They run on the event loop's own thread. A thread of their own would leave the loop free during a transaction of some
    milliseconds, but the two fight over the interpreter: answering a question took 2.3 ms of processor with one and 1.7
    without, and a busy loop could starve it for seconds (ran). Only the commit of what was written, which waits for the
    disk and needs no interpreter meanwhile, is left to a thread: a quarter of the time of a busy bot (ran).
    """

    def __init__(self, engine: Engine, explain: Callable[[BaseException], BaseException]) -> None:
        self._engine = engine
        self._explain = explain
        self._jobs: deque[_Job] = deque()
        self._connection: Connection | None = None
        self._written = 0
        """Rows that the connection had changed, at its last commit."""
        self._serving: asyncio.Task[None] | None = None
        self._closed = False
        self._disk = ThreadPoolExecutor(1, "commit")

    async def run(self, function: Callable[[Connection], T]) -> T:
        """The function's result, once committed. Cancelling stops the waiting; what was begun may still be kept."""
        if self._closed:
            raise DatabaseError("the database is closed")
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._jobs.append(_Job(function, future))
        if self._serving is None or self._serving.done():
            self._serving = loop.create_task(self._serve())
        return await future

    async def close(self) -> None:
        """Disconnects once all that was asked for before is done."""
        self._closed = True
        if self._serving is not None:
            await asyncio.wait({self._serving})
        self._disconnect()
        self._disk.shutdown()

    async def _serve(self) -> None:
        while self._jobs:
            for _ in range(JOINING):
                await asyncio.sleep(0)
            group: list[_Job] = []
            while self._jobs and len(group) < GROUP:
                job = self._jobs.popleft()
                if not job.future.cancelled():
                    group.append(job)
            if group:
                await self._run(group)
                _resolve(group)

    async def _run(self, group: list[_Job]) -> None:
        """One transaction for the whole group, or one for each when that fails."""
        failed, error = await self._patiently(group)
        if error is None:
            return
        if failed is not None:
            failed.error = self._explain(error)
        for job in group:
            if job is not failed:
                await self._run([job])

    async def _patiently(self, group: list[_Job]) -> tuple[_Job | None, BaseException | None]:
        """Tries again while another program holds the file."""
        loop = asyncio.get_running_loop()
        deadline, tries = loop.time() + BUSY_SECONDS, 0
        while True:
            failed, error = await self._try(group)
            if error is None or not _is_busy(error) or loop.time() > deadline:
                return failed, error
            await asyncio.sleep(BUSY_PAUSES[min(tries, len(BUSY_PAUSES) - 1)])
            tries += 1

    async def _try(self, group: list[_Job]) -> tuple[_Job | None, BaseException | None]:
        """Runs the group in one transaction. Otherwise the error, and whose it is: of one alone in its group always."""
        running: _Job | None = group[0] if len(group) == 1 else None
        try:
            connection = self._connect()
            transaction = connection.begin()
        except Exception as error:
            self._disconnect()
            return running, error
        try:
            for running in group:
                running.result = running.function(connection)
            running = group[0] if len(group) == 1 else None
            await self._commit(connection, transaction)
        except (KeyboardInterrupt, SystemExit, _Stopped):
            self._roll_back(connection)
            raise
        except BaseException as error:
            self._roll_back(connection)
            return running, error
        return None, None

    async def _commit(self, connection: Connection, transaction: Transaction) -> None:
        """In the thread if anything was written. Cancelled, it still waits: nothing else may use the connection."""
        written, self._written = self._written, _rows_changed(connection)
        if written == self._written:
            transaction.commit()
            return
        committing = self._disk.submit(transaction.commit)
        try:
            await asyncio.wrap_future(committing)
        except asyncio.CancelledError:
            committing.exception()
            raise _Stopped from None

    def _connect(self) -> Connection:
        if self._connection is None:
            self._connection = self._engine.connect()
            self._written = 0
        return self._connection

    def _roll_back(self, connection: Connection) -> None:
        try:
            connection.rollback()
            connection.connection.rollback()  # after a COMMIT that failed, SQLAlchemy takes the transaction for ended
        except Exception:
            self._disconnect()  # closing rolls back too; the next transaction connects anew

    def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(Exception):
                connection.close()


class _Stopped(asyncio.CancelledError):
    """The program ends: it is this task that was cancelled, not something within a function."""


def _rows_changed(connection: Connection) -> int:
    """By all statements since it was opened; -1 for a connection that was closed meanwhile."""
    driver = connection.connection.dbapi_connection
    assert isinstance(driver, sqlite3.Connection)
    try:
        return driver.total_changes
    except sqlite3.ProgrammingError:
        return -1


def _is_busy(error: BaseException) -> bool:
    cause = error.orig if isinstance(error, DBAPIError) else error
    return getattr(cause, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def _resolve(group: list[_Job]) -> None:
    for job in group:
        if job.future.cancelled():
            continue
        if job.error is None:
            job.future.set_result(job.result)
        elif isinstance(job.error, StopIteration):  # a future refuses it
            job.future.set_exception(RuntimeError("a transaction raised StopIteration"))
        else:
            job.future.set_exception(job.error)
