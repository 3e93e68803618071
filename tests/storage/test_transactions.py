"""Transactions on SQLite: groups, failures, cancellation, other programs."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, NullPool, create_engine, event, func, select, text
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from storage import transactions as transactions_module
from storage.errors import DatabaseError
from storage.sqlite import Sqlite
from storage.transactions import GROUP, Transactions

DRIVER = {"isolation_level": None, "check_same_thread": False}
ECHO = "CREATE TABLE echo (word TEXT REFERENCES word (word) DEFERRABLE INITIALLY DEFERRED)"


class WrongError(Exception):
    pass


@pytest.fixture
def engine() -> Engine:
    engine = create_engine("sqlite://", poolclass=NullPool, connect_args=DRIVER)
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
async def transactions(engine: Engine, commits: list[Connection]) -> AsyncIterator[Transactions]:
    transactions = Transactions(engine, lambda error: error)
    await transactions.run(lambda connection: connection.execute(text("CREATE TABLE word (word TEXT UNIQUE)")) and None)
    commits.clear()
    yield transactions
    await transactions.close()


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


async def together(transactions: Transactions, *functions: Callable[[Connection], str]) -> list[str | BaseException]:
    """Runs the functions as one group: all of them wait before the first is run."""
    return await asyncio.gather(*(transactions.run(function) for function in functions), return_exceptions=True)


async def test_those_that_wait_share_a_commit(transactions: Transactions, commits: list[Connection]) -> None:
    results = await together(transactions, *(keep(str(n)) for n in range(GROUP + 10)))
    assert results == [str(n) for n in range(GROUP + 10)]
    assert len(commits) == 2  # a full group, the rest


@pytest.mark.parametrize("error", [WrongError("no"), KeyError("k"), asyncio.CancelledError()], ids=repr)
async def test_one_that_fails_takes_none_with_it(transactions: Transactions, error: BaseException) -> None:
    results = await together(transactions, keep("a"), keep("b"), keep_then_fail("c", error), keep("d"))
    assert results[:2] + results[3:] == ["a", "b", "d"]
    assert isinstance(results[2], type(error))
    assert await transactions.run(words) == ["a", "b", "d"]


async def test_stop_iteration_is_told_as_an_error(transactions: Transactions) -> None:
    results = await together(transactions, keep("a"), keep_then_fail("b", StopIteration()))
    assert results[0] == "a"
    assert isinstance(results[1], RuntimeError)


async def test_a_function_that_ends_the_transaction_gets_the_error(transactions: Transactions) -> None:
    def own_end(connection: Connection) -> str:
        connection.rollback()
        return "kept"

    results = await together(transactions, keep("a"), own_end, keep("b"))
    assert results[0] == "a"
    assert isinstance(results[1], Exception)
    assert results[2] == "b"
    assert await transactions.run(words) == ["a", "b"]


async def test_a_commit_that_fails_is_told_to_its_function_alone(transactions: Transactions) -> None:
    """A reference checked at the end of the transaction: COMMIT refuses, and leaves the transaction open."""

    def dangling(connection: Connection) -> str:
        connection.execute(text("INSERT INTO echo VALUES ('nobody')"))
        return "kept"

    await transactions.run(lambda connection: connection.execute(text(ECHO)) and None)
    results = await together(transactions, keep("a"), dangling, keep("b"))
    assert results[::2] == ["a", "b"]
    assert isinstance(results[1], IntegrityError)
    assert await transactions.run(words) == ["a", "b"]
    assert await transactions.run(lambda connection: connection.scalar(text("SELECT count(*) FROM echo"))) == 0


async def test_another_program_that_writes_holds_up_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / "a.db"
    database = Sqlite(file)
    await database.write(lambda connection: connection.execute(text("CREATE TABLE word (word TEXT UNIQUE)")) and None)
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        writing = asyncio.create_task(database.write(keep("a")))
        for _ in range(20):
            await asyncio.sleep(0.002)
            assert await database.read(words) == []
        assert not writing.done()
        other.execute("COMMIT")
    assert await writing == "a"
    await database.close()


async def test_another_program_that_never_ends_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transactions_module, "BUSY_SECONDS", 0.1)
    file = tmp_path / "a.db"
    database = Sqlite(file)
    await database.write(lambda connection: connection.execute(text("CREATE TABLE word (word TEXT UNIQUE)")) and None)
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseError, match="locked"):
            await database.write(keep("a"))
    assert await database.write(keep("a")) == "a"
    await database.close()


async def test_a_connection_that_is_lost_is_opened_again(transactions: Transactions) -> None:
    def lose(connection: Connection) -> None:
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.close()

    with pytest.raises(SQLAlchemyError):
        await transactions.run(lose)
    assert await transactions.run(lambda connection: connection.scalar(text("SELECT 1"))) == 1


async def test_a_rollback_that_fails_ends_the_connection_not_the_thread(
    transactions: Transactions, engine: Engine
) -> None:
    def fail(_connection: Connection) -> None:
        raise OSError("the disk is gone")

    event.listen(engine, "rollback", fail)
    with pytest.raises(WrongError):
        await transactions.run(keep_then_fail("a", WrongError()))
    event.remove(engine, "rollback", fail)
    assert await transactions.run(lambda connection: connection.scalar(text("SELECT 1"))) == 1


async def test_a_cancelled_caller_leaves_the_group_whole(transactions: Transactions) -> None:
    waiting = [asyncio.create_task(transactions.run(keep(word))) for word in "abc"]
    await asyncio.sleep(0)
    waiting[1].cancel()
    assert await waiting[0] == "a"
    assert await waiting[2] == "c"
    assert await transactions.run(words) == ["a", "c"]


@settings(max_examples=40, deadline=None)
@given(fates=st.lists(st.booleans(), max_size=2 * GROUP))
def test_exactly_what_succeeded_is_kept(fates: list[bool]) -> None:
    async def run() -> None:
        engine = create_engine("sqlite://", poolclass=NullPool, connect_args=DRIVER)
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
        transactions = Transactions(engine, lambda error: error)
        try:
            await transactions.run(
                lambda connection: connection.execute(text("CREATE TABLE word (word TEXT UNIQUE)")) and None
            )
            functions = [
                keep(str(n)) if good else keep_then_fail(str(n), WrongError(n)) for n, good in enumerate(fates)
            ]
            results = await together(transactions, *functions)
            for n, good in enumerate(fates):
                assert results[n] == str(n) if good else isinstance(results[n], WrongError)
            kept = [str(n) for n, good in enumerate(fates) if good]
            assert sorted(await transactions.run(words)) == sorted(kept)
        finally:
            await transactions.close()

    asyncio.run(run())


async def test_what_waits_is_done_before_the_end(engine: Engine, commits: list[Connection]) -> None:
    transactions = Transactions(engine, lambda error: error)
    tasks = [asyncio.create_task(transactions.run(lambda c: c.scalar(select(func.abs(-1))))) for _ in "abc"]
    await asyncio.sleep(0)
    await transactions.close()
    assert await asyncio.gather(*tasks) == [1, 1, 1]
    with pytest.raises(DatabaseError, match="closed"):
        await transactions.run(words)
