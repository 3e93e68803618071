"""One holder at a time, and none that outlives its process."""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import text

from storage.database import Database, DatabaseError
from storage.lease import Lease

HOLD = """
import asyncio, sys
from storage.database import Database
from storage.lease import Lease

async def main():
    lease = Lease(Database.open(sys.argv[1]), "platforms")
    print(await lease.try_acquire(), flush=True)
    await asyncio.sleep(60)

asyncio.run(main())
"""


@pytest.fixture
async def other_database(database_url: str) -> AsyncIterator[Database]:
    other = Database.open(database_url)
    yield other
    await other.close()


async def test_one_holder_at_a_time(database: Database, other_database: Database) -> None:
    ours, theirs = Lease(database, "platforms"), Lease(other_database, "platforms")
    assert await ours.try_acquire()
    assert await ours.try_acquire()
    assert not await theirs.try_acquire()
    assert (await ours.held(), await theirs.held()) == (True, False)
    await ours.release()
    assert await theirs.try_acquire()
    assert (await ours.held(), await theirs.held()) == (False, True)
    await theirs.release()


async def test_names_are_apart(database: Database, other_database: Database) -> None:
    platforms, feeds = Lease(database, "platforms"), Lease(other_database, "feeds")
    assert await platforms.try_acquire()
    assert await feeds.try_acquire()
    await platforms.release()
    assert await feeds.held()
    await feeds.release()


async def test_releasing_what_is_not_ours_takes_nothing_away(database: Database, other_database: Database) -> None:
    ours, theirs = Lease(database, "platforms"), Lease(other_database, "platforms")
    assert await ours.try_acquire()
    assert not await theirs.try_acquire()
    await theirs.release()
    assert await ours.held()
    assert not await theirs.try_acquire()
    await ours.release()
    await ours.release()


async def test_asking_from_several_tasks_at_once(database: Database) -> None:
    lease = Lease(database, "platforms")
    assert await asyncio.gather(*(lease.try_acquire() for _ in range(5))) == [True] * 5
    assert await asyncio.gather(*(lease.held() for _ in range(20))) == [True] * 20
    await lease.release()


async def test_a_killed_holder_frees_it_at_once(database: Database, database_url: str) -> None:
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", HOLD, database_url, stdout=PIPE)
    assert process.stdout is not None
    assert await process.stdout.readline() == b"True\n"
    lease = Lease(database, "platforms")
    assert not await lease.try_acquire()
    process.kill()
    await process.wait()
    for _ in range(500):  # a server takes a moment to notice
        if await lease.try_acquire():
            break
        await asyncio.sleep(0.01)
    assert await lease.held()
    await lease.release()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_session_that_ended_holds_nothing(database: Database, other_database: Database) -> None:
    ours, theirs = Lease(database, "platforms"), Lease(other_database, "platforms")
    assert await ours.try_acquire()
    holders = text("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'")
    await database.write(lambda connection: connection.execute(holders).all())
    assert not await ours.held()
    assert await theirs.try_acquire()
    assert not await ours.try_acquire()
    await theirs.release()
    assert await ours.try_acquire()
    await ours.release()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_question_that_was_cancelled_leaves_no_false_yes(database: Database, other_database: Database) -> None:
    ours, theirs = Lease(database, "platforms"), Lease(other_database, "platforms")
    assert await ours.try_acquire()
    question = asyncio.create_task(ours.held())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    question.cancel()
    await asyncio.gather(question, return_exceptions=True)
    assert [await ours.held(), await theirs.try_acquire()].count(True) == 1
    await ours.release()
    await theirs.release()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_lock_file_taken_away_is_no_longer_held(database: Database, tmp_path: Path) -> None:
    lease = Lease(database, "platforms")
    assert await lease.try_acquire()
    (tmp_path / "solidarity-bot.db-platforms.lock").unlink()
    assert not await lease.held()
    assert await lease.try_acquire()
    await lease.release()


async def test_two_names_of_one_file_share_the_lease(tmp_path: Path) -> None:
    (tmp_path / "a.db").touch()
    (tmp_path / "link.db").symlink_to(tmp_path / "a.db")
    one, two = (Database.open(f"sqlite:///{tmp_path / name}") for name in ("a.db", "link.db"))
    lease = Lease(one, "platforms")
    assert await lease.try_acquire()
    assert not await Lease(two, "platforms").try_acquire()
    await lease.release()
    await one.close()
    await two.close()


async def test_a_folder_where_nothing_can_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    database = Database.open(f"sqlite:///{tmp_path / 'file' / 'a.db'}")
    with pytest.raises(DatabaseError, match="platforms"):
        await Lease(database, "platforms").try_acquire()
    await database.close()


async def test_a_database_in_memory_grants_it() -> None:
    database = Database.open("sqlite://")
    lease = Lease(database, "platforms")
    assert not await lease.held()
    assert await lease.try_acquire()
    assert await lease.held()
    await lease.release()
    assert not await lease.held()
    await database.close()
