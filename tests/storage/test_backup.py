"""A backup is whole, can be restored, and never harms what is there."""

from __future__ import annotations

import asyncio
import shutil
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Connection, func, insert, select

from storage.backup import backup
from storage.database import Database, DatabaseError
from storage.schema import setting
from tests.postgresql_server import PostgresqlServer


def put(*keys: str) -> Callable[[Connection], None]:
    def function(connection: Connection) -> None:
        connection.execute(insert(setting), [{"key": key, "value": "é"} for key in keys])

    return function


def count(connection: Connection) -> int:
    return connection.scalar(select(func.count()).select_from(setting)) or 0


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


async def restored(file: Path, kind: str, request: pytest.FixtureRequest) -> Database:
    if kind == "sqlite":
        copy = shutil.copy(file, file.with_name("restored.db"))
        return Database.open(f"sqlite:///{copy}")
    server: PostgresqlServer = request.getfixturevalue("postgresql_server")
    url = await asyncio.to_thread(server.create_database)
    program = shutil.which("pg_restore")
    assert program
    restore = await asyncio.create_subprocess_exec(program, "--dbname", url.replace("+asyncpg", ""), str(file))
    assert await restore.wait() == 0
    return Database.open(url)


async def test_a_backup_taken_while_the_bot_writes_is_one_state(
    database: Database, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Rows are written ten at a time: a copy with a part of a transaction would not hold whole tens."""
    file = tmp_path / "saved"

    async def writer() -> None:
        for number in range(0, 2000, 10):
            await database.write(put(*map(str, range(number, number + 10))))

    await database.write(put("before", *"abcdefghi"))
    writing = asyncio.create_task(writer())
    await backup(database, file)
    await writing
    other = await restored(file, database.kind, request)
    saved = await other.read(count)
    assert saved >= 10
    assert saved % 10 == 0
    await other.write(put("afterwards"))
    await other.close()


async def test_only_its_maker_reads_it_and_nothing_else_is_left(database: Database, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    await backup(database, folder / "saved")
    assert names(folder) == ["saved"]
    assert stat.S_IMODE((folder / "saved").stat().st_mode) == 0o600


async def test_an_older_backup_is_replaced(database: Database, tmp_path: Path) -> None:
    file = tmp_path / "saved"
    file.write_text("older")
    await backup(database, file)
    assert file.read_bytes()[:5] in (b"SQLit", b"PGDMP")


async def test_a_folder_that_is_missing_is_named(database: Database, tmp_path: Path) -> None:
    with pytest.raises(DatabaseError, match="none"):
        await backup(database, tmp_path / "none" / "saved")


async def test_what_cannot_be_saved_leaves_the_older_backup(tmp_path: Path) -> None:
    (tmp_path / "a.db").write_text("not a database" * 1000)
    (tmp_path / "saved").write_text("older")
    database = Database.open(f"sqlite:///{tmp_path / 'a.db'}")
    with pytest.raises(DatabaseError, match="not an SQLite database"):
        await backup(database, tmp_path / "saved")
    assert names(tmp_path) == ["a.db", "saved"]
    assert (tmp_path / "saved").read_text() == "older"
    await database.close()


async def test_the_database_is_not_replaced_by_its_backup(tmp_path: Path) -> None:
    database = Database.open(f"sqlite:///{tmp_path / 'a.db'}")
    await database.write(setting.create)
    with pytest.raises(DatabaseError, match="the database itself"):
        await backup(database, tmp_path / "a.db")
    await database.close()


async def test_a_database_in_memory_is_refused(tmp_path: Path) -> None:
    database = Database.open("sqlite://")
    with pytest.raises(DatabaseError, match="in memory"):
        await backup(database, tmp_path / "saved")
    await database.close()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_pg_dump_missing_is_named(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(DatabaseError, match="postgresql-client"):
        await backup(database, tmp_path / "saved")


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_dump_that_fails_is_told(database: Database, database_url: str, tmp_path: Path) -> None:
    gone = Database.open(database_url.replace("/test", "/gone"))
    with pytest.raises(DatabaseError, match="gone"):
        await backup(gone, tmp_path / "saved")
    assert names(tmp_path) == []
    await gone.close()
