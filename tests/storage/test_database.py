"""Transactions on both databases, and what is said when a database is out of order."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from sqlalchemy import Connection, insert, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import create_async_engine

from storage.database import Database, DatabaseError
from storage.schema import setting

COUNT = setting.c.key == "count"


@pytest.fixture
async def other(database_url: str) -> AsyncIterator[Database]:
    """The same database, opened a second time."""
    other = Database.open(database_url)
    yield other
    await other.close()


def put(key: str, value: str = "") -> Callable[[Connection], None]:
    def function(connection: Connection) -> None:
        connection.execute(insert(setting).values(key=key, value=value))

    return function


def keys(connection: Connection) -> set[str]:
    return set(connection.scalars(select(setting.c.key)))


async def test_what_is_written_is_read(database: Database) -> None:
    await database.write(put("a", "1"))
    assert await database.read(lambda connection: connection.scalar(select(setting.c.value))) == "1"


async def test_a_function_that_raises_leaves_nothing(database: Database) -> None:
    def fail(connection: Connection) -> None:
        put("a")(connection)
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        await database.write(fail)
    assert await database.read(keys) == set()


async def test_an_error_of_a_statement_stays_what_it_is(database: Database) -> None:
    await database.write(put("a"))
    with pytest.raises(IntegrityError):
        await database.write(put("a"))
    await database.write(put("b"))
    assert await database.read(keys) == {"a", "b"}


async def test_one_failure_among_many_is_alone(database: Database) -> None:
    results = await asyncio.gather(*(database.write(put(f"{n % 50}")) for n in range(60)), return_exceptions=True)
    assert sum(isinstance(result, IntegrityError) for result in results) == 10
    assert len(await database.read(keys)) == 50


async def test_cancelled_writes_leave_the_others_alone(database: Database) -> None:
    tasks = [asyncio.create_task(database.write(put(str(n)))) for n in range(60)]
    for turns in range(20):
        await asyncio.sleep(0)
        tasks[3 * turns].cancel()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    undisturbed = {str(n) for n in range(60) if n % 3}
    assert [results[int(n)] for n in undisturbed] == [None] * 40
    assert await database.read(keys) >= undisturbed
    await database.write(put("afterwards"))


def increment(connection: Connection) -> None:
    """Reads, then writes what it makes of it: the pattern that loses updates."""
    count = int(connection.execute(select(setting.c.value).where(COUNT).with_for_update()).scalar_one())
    connection.execute(update(setting).where(COUNT).values(value=str(count + 1)))


async def test_no_increment_is_lost(database: Database, other: Database) -> None:
    """From two that know nothing of each other, as two processes would."""
    await database.write(put("count", "0"))
    await asyncio.gather(*(each.write(increment) for _ in range(40) for each in (database, other)))
    assert await database.read(lambda connection: connection.scalar(select(setting.c.value))) == "80"


async def test_control_increments_are_lost_without_our_transactions(database: Database, database_url: str) -> None:
    """Two who read before either writes: the driver's own transactions on SQLite, no row lock on PostgreSQL."""
    await database.write(put("count", "0"))
    if database.kind == "sqlite":
        path = database_url.removeprefix("sqlite:///")
        one, two = sqlite3.connect(path), sqlite3.connect(path)
        read = [int(c.execute("SELECT value FROM setting").fetchone()[0]) for c in (one, two)]
        for connection, count in zip((one, two), read, strict=True):
            connection.execute("UPDATE setting SET value = ?", (str(count + 1),))
            connection.commit()
            connection.close()
    else:
        engine = create_async_engine(database_url)
        async with engine.connect() as first, engine.connect() as second:
            read = [int(await c.scalar(select(setting.c.value)) or 0) for c in (first, second)]
            for session, count in zip((first, second), read, strict=True):
                await session.execute(update(setting).values(value=str(count + 1)))
                await session.commit()
        await engine.dispose()
    assert await database.read(lambda connection: connection.scalar(select(setting.c.value))) == "1"


async def test_a_read_cannot_write(database: Database) -> None:
    with pytest.raises((DBAPIError, DatabaseError)):
        await database.read(put("a"))
    assert await database.read(keys) == set()


async def test_a_read_sees_one_state(database: Database, database_url: str) -> None:
    await database.write(put("a"))

    def twice(connection: Connection) -> tuple[set[str], set[str]]:
        before = keys(connection)
        subprocess.run([sys.executable, "-c", WRITE_ONE, database_url], check=True, timeout=30)
        return before, keys(connection)

    assert await database.read(twice) == ({"a"}, {"a"})
    assert await database.read(keys) == {"a", "meanwhile"}


WRITE_ONE = """
import asyncio, sys
from sqlalchemy import insert
from storage.database import Database
from storage.schema import setting

async def main():
    database = Database.open(sys.argv[1])
    await database.write(lambda c: c.execute(insert(setting).values(key="meanwhile", value="")) and None)
    await database.close()

asyncio.run(main())
"""


async def test_closing_twice_is_harmless(database_url: str) -> None:
    database = Database.open(database_url)
    pending = [asyncio.create_task(database.write(put(str(n)))) for n in range(5)]
    await asyncio.sleep(0)
    await database.close()
    await database.close()
    await asyncio.gather(*pending)


async def test_a_closed_database_says_so(database_url: str) -> None:
    database = Database.open(database_url)
    await database.close()
    with pytest.raises(DatabaseError, match="closed"):
        await database.write(put("a"))


async def test_a_database_in_memory_is_one_for_readers_and_the_writer() -> None:
    database = Database.open("sqlite://")
    await database.write(setting.create)
    await database.write(put("a"))
    assert await database.read(keys) == {"a"}
    await database.close()


WRITE_UNTIL_KILLED = """
import asyncio, itertools, sys
from sqlalchemy import insert
from storage.database import Database
from storage.schema import setting

async def main():
    database = Database.open(sys.argv[1])
    for first in itertools.count(0, 20):
        await asyncio.gather(*(keep(database, str(n)) for n in range(first, first + 20)))

async def keep(database, key):
    await database.write(lambda c: c.execute(insert(setting).values(key=key, value="")) and None)
    print(key, flush=True)

asyncio.run(main())
"""


async def test_sigkill_loses_nothing_that_was_committed(database: Database, database_url: str) -> None:
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", WRITE_UNTIL_KILLED, database_url, stdout=PIPE)
    assert process.stdout is not None
    told = [(await process.stdout.readline()).decode().strip() for _ in range(200)]
    process.kill()
    told += (await process.stdout.read()).decode().split()
    await process.wait()
    assert set(told) <= await database.read(keys)
    await database.write(put("afterwards"))


@pytest.mark.parametrize(
    "url",
    [
        "",
        "solidarity.db",
        "sqlite:/a.db",
        "sqlite://a.db",
        "sqlite:///",
        "sqlite:///a.db?mode=ro",
        "sqlite+aiosqlite:///a.db",
        "postgresql://user@host/name",
        "postgres://user@host/name",
        "mysql://user@host/name",
        "postgresql+asyncpg://user@host:port/name",
    ],
)
def test_an_address_that_cannot_be_right_is_refused(url: str) -> None:
    with pytest.raises(DatabaseError, match=r"\[storage\] url must be like"):
        Database.open(url)


def fill(connection: Connection) -> None:
    connection.exec_driver_sql("PRAGMA max_page_count = 40")
    for number in range(2000):
        put(str(number), "x" * 500)(connection)


async def test_a_full_disk_is_named_and_writing_goes_on_later(tmp_path: Path) -> None:
    database = Database.open(f"sqlite:///{tmp_path / 'a.db'}")
    await database.write(setting.create)
    with pytest.raises(DatabaseError, match="disk is full"):
        await database.write(fill)
    await database.write(put("a"))
    assert await database.read(keys) == {"a"}
    await database.close()


def missing_folder(folder: Path) -> Path:
    return folder / "none" / "a.db"


def a_folder(folder: Path) -> Path:
    return folder


def another_format(folder: Path) -> Path:
    (folder / "a.db").write_text("key,value\n" * 500)
    return folder / "a.db"


def damaged(folder: Path) -> Path:
    with sqlite3.connect(folder / "a.db") as connection:
        connection.execute("CREATE TABLE setting (key PRIMARY KEY, value)")
        connection.executemany("INSERT INTO setting VALUES (?, ?)", [(n, "x" * 500) for n in range(500)])
    connection.close()
    content = bytearray((folder / "a.db").read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    (folder / "a.db").write_bytes(content)
    return folder / "a.db"


@pytest.mark.parametrize(
    ("prepare", "advice"),
    [
        (missing_folder, "cannot be opened"),
        (a_folder, "cannot be opened"),
        (another_format, "not an SQLite database"),
        (damaged, "is damaged"),
    ],
)
async def test_a_file_out_of_order_is_named(tmp_path: Path, prepare: Callable[[Path], Path], advice: str) -> None:
    file = prepare(tmp_path)
    database = Database.open(f"sqlite:///{file}")
    for attempt in (database.write, database.read):
        with pytest.raises(DatabaseError, match=advice) as refusal:
            await attempt(keys)
        assert str(file) in str(refusal.value)
    await database.close()


async def test_a_read_only_file_is_named(tmp_path: Path) -> None:
    database = Database.open(f"sqlite:///{tmp_path / 'a.db'}")
    await database.write(setting.create)
    await database.write(lambda connection: connection.exec_driver_sql("PRAGMA query_only = ON") and None)
    with pytest.raises(DatabaseError, match="read-only"):
        await database.write(put("a"))
    await database.close()


async def test_a_missing_folder_mended_is_used(tmp_path: Path) -> None:
    database = Database.open(f"sqlite:///{tmp_path / 'later' / 'a.db'}")
    with pytest.raises(DatabaseError):
        await database.write(setting.create)
    (tmp_path / "later").mkdir()
    await database.write(setting.create)
    assert await database.read(keys) == set()
    await database.close()
