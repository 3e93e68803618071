"""Functions run as transactions, in one thread that owns one SQLite connection."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import Callable
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine

from storage.errors import DatabaseError

GROUP = 64
"""The most functions that share a commit: enough to make its cost small, few enough that nobody waits long."""

SWITCH_SECONDS = 0.0005
"""How long the event loop may keep the interpreter while a transaction waits for it. At Python's own 5 ms a loop busy
in turns of 1.5 ms starves the thread, for each end of a turn restarts the 5 ms: five statements took up to 3 s, now 4 ms."""

T = TypeVar("T")


@dataclass(slots=True, eq=False)
class _Job:
    function: Callable[[Connection], Any]
    future: asyncio.Future[Any]
    result: Any = None
    error: BaseException | None = None


class TransactionThread:
    """Runs functions on a connection that no other thread touches, and hands their results to the event loop.

    All that wait when the thread is free share one transaction: one hop between threads and one commit for the whole
    group. When one of them raises, nothing of the group is kept: that one gets its error and every other one is run
    again, alone. A function may thus run twice and must have no effect but through its connection.
    """

    def __init__(self, name: str, engine: Engine, explain: Callable[[BaseException], BaseException]) -> None:
        self._engine = engine
        self._explain = explain
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._connection: Connection | None = None
        self._closed = False
        sys.setswitchinterval(min(sys.getswitchinterval(), SWITCH_SECONDS))
        # A daemon: a program that forgot to close must end all the same; what was not committed is then rolled back.
        self._thread = Thread(target=self._work, name=name, daemon=True)
        self._thread.start()

    async def run(self, function: Callable[[Connection], T]) -> T:
        """The function's result, once committed. Cancelling stops the waiting; what was begun may still be kept."""
        if self._closed:
            raise DatabaseError("the database is closed")
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._jobs.put(_Job(function, future))
        return await future

    async def close(self) -> None:
        """Ends the thread once all that was asked for before is done."""
        if not self._closed:
            self._closed = True
            self._jobs.put(None)
        await asyncio.to_thread(self._thread.join)

    def _work(self) -> None:
        while self._serve():
            pass
        self._disconnect()

    def _serve(self) -> bool:
        """One group, from waiting to results; false once the thread must end."""
        group = self._take()
        if not group:
            return False
        if awaited := [job for job in group if not job.future.cancelled()]:
            self._run(awaited)
        with contextlib.suppress(RuntimeError):  # the event loop has ended: nobody waits for the results
            group[0].future.get_loop().call_soon_threadsafe(_resolve, group)
        return True

    def _take(self) -> list[_Job]:
        """Every job that waits, at least one; none once the thread must end."""
        group: list[_Job] = []
        job = self._jobs.get()
        while job is not None:
            group.append(job)
            if len(group) == GROUP:
                return group
            try:
                job = self._jobs.get_nowait()
            except Empty:
                return group
        if group:
            self._jobs.put(None)
        return group

    def _run(self, group: list[_Job]) -> None:
        """One transaction for the whole group, or one for each when that fails."""
        try:
            connection = self._connect()
            transaction = connection.begin()
        except Exception as error:
            self._disconnect()
            for job in group:
                job.error = self._explain(error)
            return
        running: _Job | None = None
        try:
            for running in group:
                running.result = running.function(connection)
            running = None
            transaction.commit()
        except BaseException as error:
            self._roll_back(connection)
            failed = group[0] if len(group) == 1 else running
            if failed is not None:
                failed.error = self._explain(error)
            for job in group:
                if job is not failed:
                    self._run([job])

    def _connect(self) -> Connection:
        if self._connection is None:
            self._connection = self._engine.connect()
        return self._connection

    def _roll_back(self, connection: Connection) -> None:
        try:
            connection.rollback()
            connection.connection.rollback()  # after a COMMIT that failed, SQLAlchemy takes the transaction for ended
        except Exception:
            self._disconnect()  # closing rolls back too, and the thread goes on with a new connection

    def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(Exception):
                connection.close()


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
