"""The thread that runs transactions: groups, failures, cancellation."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from threading import Event

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, NullPool, create_engine, event, func, select, text
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from storage.errors import DatabaseError
from storage.transactions import GROUP, TransactionThread

ECHO = "CREATE TABLE echo (word TEXT REFERENCES word (word) DEFERRABLE INITIALLY DEFERRED)"


class WrongError(Exception):
    pass


@pytest.fixture
def engine() -> Engine:
    engine = create_engine("sqlite://", poolclass=NullPool, connect_args={"isolation_level": None})
    event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA foreign_keys = ON"))
    return engine


@pytest.fixture
def commits(engine: Engine) -> list[Connection]:
    """Grows by one with every commit."""
    seen: list[Connection] = []
    event.listen(engine, "commit", seen.append)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return seen


@pytest.fixture
async def thread(engine: Engine, commits: list[Connection]) -> AsyncIterator[TransactionThread]:
    thread = TransactionThread("test", engine, lambda error: error)
    await thread.run(lambda connection: connection.execute(text("CREATE TABLE word (word TEXT UNIQUE)")) and None)
    commits.clear()
    yield thread
    await thread.close()


def keep(word: str) -> Callable[[Connection], str]:
    def function(connection: Connection) -> str:
        connection.execute(text("INSERT INTO word VALUES (:word)"), {"word": word})
        return word

    return function


def keep_then_fail(word: str, error: BaseException) -> Callable[[Connection], str]:
    def function(connection: Connection) -> str:
        keep(word)(connection)
        raise error

    return function


def words(connection: Connection) -> list[str]:
    return list(connection.scalars(text("SELECT word FROM word ORDER BY rowid")))


async def hold(thread: TransactionThread) -> tuple[Event, asyncio.Task[bool]]:
    """Keeps the thread busy, with nothing else in its group, until the event is set."""
    begun, gate = Event(), Event()

    def wait(_connection: Connection) -> bool:
        begun.set()
        return gate.wait(10)

    task = asyncio.create_task(thread.run(wait))
    await asyncio.to_thread(begun.wait, 10)
    return gate, task


async def together(thread: TransactionThread, *functions: Callable[[Connection], str]) -> list[str | BaseException]:
    """Runs the functions as one group: the thread is held until all of them wait."""
    gate, held = await hold(thread)
    tasks = [asyncio.create_task(thread.run(function)) for function in functions]
    await asyncio.sleep(0)
    gate.set()
    await held
    return await asyncio.gather(*tasks, return_exceptions=True)


async def test_those_that_wait_share_a_commit(thread: TransactionThread, commits: list[Connection]) -> None:
    results = await together(thread, *(keep(str(n)) for n in range(GROUP + 10)))
    assert results == [str(n) for n in range(GROUP + 10)]
    assert len(commits) == 3  # the one that held the thread, a full group, the rest


@pytest.mark.parametrize("error", [WrongError("no"), KeyError("k"), asyncio.CancelledError()], ids=repr)
async def test_one_that_fails_takes_none_with_it(thread: TransactionThread, error: BaseException) -> None:
    results = await together(thread, keep("a"), keep("b"), keep_then_fail("c", error), keep("d"))
    assert results[:2] + results[3:] == ["a", "b", "d"]
    assert isinstance(results[2], type(error))
    assert await thread.run(words) == ["a", "b", "d"]


async def test_stop_iteration_is_told_as_an_error(thread: TransactionThread) -> None:
    results = await together(thread, keep("a"), keep_then_fail("b", StopIteration()))
    assert results[0] == "a"
    assert isinstance(results[1], RuntimeError)


async def test_a_function_that_ends_the_transaction_gets_the_error(thread: TransactionThread) -> None:
    def own_end(connection: Connection) -> str:
        connection.rollback()
        return "kept"

    results = await together(thread, keep("a"), own_end, keep("b"))
    assert results[0] == "a"
    assert isinstance(results[1], Exception)
    assert results[2] == "b"
    assert await thread.run(words) == ["a", "b"]


async def test_a_commit_that_fails_is_told_to_its_function_alone(thread: TransactionThread) -> None:
    """A reference checked at the end of the transaction: COMMIT refuses, and leaves the transaction open."""

    def dangling(connection: Connection) -> str:
        connection.execute(text("INSERT INTO echo VALUES ('nobody')"))
        return "kept"

    await thread.run(lambda connection: connection.execute(text(ECHO)) and None)
    results = await together(thread, keep("a"), dangling, keep("b"))
    assert results[::2] == ["a", "b"]
    assert isinstance(results[1], IntegrityError)
    assert await thread.run(words) == ["a", "b"]
    assert await thread.run(lambda connection: connection.scalar(text("SELECT count(*) FROM echo"))) == 0


async def test_a_busy_event_loop_cannot_keep_the_interpreter(thread: TransactionThread) -> None:
    """At Python's own 5 ms a loop busy in short turns starved the thread for seconds. A timed test would be unsure."""
    await thread.run(words)
    assert sys.getswitchinterval() <= 0.001


async def test_a_connection_that_is_lost_is_opened_again(thread: TransactionThread) -> None:
    def lose(connection: Connection) -> None:
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.close()

    with pytest.raises(SQLAlchemyError):
        await thread.run(lose)
    assert await thread.run(lambda connection: connection.scalar(text("SELECT 1"))) == 1


async def test_a_rollback_that_fails_ends_the_connection_not_the_thread(
    thread: TransactionThread, engine: Engine
) -> None:
    def fail(_connection: Connection) -> None:
        raise OSError("the disk is gone")

    event.listen(engine, "rollback", fail)
    with pytest.raises(WrongError):
        await thread.run(keep_then_fail("a", WrongError()))
    event.remove(engine, "rollback", fail)
    assert await thread.run(lambda connection: connection.scalar(text("SELECT 1"))) == 1


async def test_a_cancelled_caller_leaves_the_group_whole(thread: TransactionThread) -> None:
    gate, begun = await hold(thread)
    waiting = [asyncio.create_task(thread.run(keep(word))) for word in "abc"]
    await asyncio.sleep(0)
    begun.cancel()
    waiting[1].cancel()
    gate.set()
    assert await waiting[0] == "a"
    assert await waiting[2] == "c"
    assert await thread.run(words) == ["a", "c"]


@settings(max_examples=40, deadline=None)
@given(fates=st.lists(st.booleans(), max_size=2 * GROUP))
def test_exactly_what_succeeded_is_kept(fates: list[bool]) -> None:
    async def run() -> None:
        engine = create_engine("sqlite://", poolclass=NullPool, connect_args={"isolation_level": None})
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
        thread = TransactionThread("test", engine, lambda error: error)
        try:
            await thread.run(
                lambda connection: connection.execute(text("CREATE TABLE word (word TEXT UNIQUE)")) and None
            )
            functions = [
                keep(str(n)) if good else keep_then_fail(str(n), WrongError(n)) for n, good in enumerate(fates)
            ]
            results = await together(thread, *functions)
            for n, good in enumerate(fates):
                assert results[n] == str(n) if good else isinstance(results[n], WrongError)
            kept = [str(n) for n, good in enumerate(fates) if good]
            assert sorted(await thread.run(words)) == sorted(kept)
        finally:
            await thread.close()

    asyncio.run(run())


async def test_what_waits_is_done_before_the_end(engine: Engine, commits: list[Connection]) -> None:
    thread = TransactionThread("test", engine, lambda error: error)
    gate, held = await hold(thread)
    tasks = [asyncio.create_task(thread.run(lambda connection: connection.scalar(select(func.abs(-1))))) for _ in "abc"]
    await asyncio.sleep(0)
    closing = asyncio.create_task(thread.close())
    await asyncio.sleep(0)
    gate.set()
    await closing
    assert await held
    assert await asyncio.gather(*tasks) == [1, 1, 1]
    with pytest.raises(DatabaseError, match="closed"):
        await thread.run(words)
