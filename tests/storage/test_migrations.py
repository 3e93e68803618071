"""The tables that migrations make are the tables that the program knows."""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DBAPIError

import storage
from storage.database import Database, DatabaseError
from storage.migrate import HEAD, by_steps, migrate
from storage.schema import metadata

MIGRATE = """
import asyncio, sys
from storage.database import Database
from storage.migrate import migrate

async def main():
    database = Database.open(sys.argv[1])
    print(await migrate(database), "alembic" in sys.modules)
    await database.close()

asyncio.run(main())
"""

DEFINITIONS = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND tbl_name <> 'alembic_version'",
    "postgresql": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"
    " AND tablename <> 'alembic_version'",
}


@pytest.fixture
async def bare_database(bare_database_url: str) -> AsyncIterator[Database]:
    database = Database.open(bare_database_url)
    yield database
    await database.close()


def tables(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names())


def definitions(connection: Connection) -> dict[str, str]:
    """What the database says it holds, partial indexes with their conditions, free of spacing and quotes."""
    rows = connection.execute(text(DEFINITIONS[connection.dialect.name]))
    return {row[0]: re.sub(r'[\s"]+', " ", row[1]).replace("( ", "(").replace(" )", ")").lower() for row in rows}


async def test_migrations_leave_nothing_to_change(bare_database: Database) -> None:
    def differences(connection: Connection) -> list[object]:
        options = {"compare_type": True, "compare_server_default": True}
        return list(compare_metadata(MigrationContext.configure(connection, opts=options), metadata))

    await bare_database.write(by_steps)
    assert await bare_database.read(differences) == []


async def test_migrated_and_created_tables_are_the_same(bare_database: Database) -> None:
    """Sees what alembic's comparison does not: the conditions of partial indexes."""

    def create_anew(connection: Connection) -> None:
        metadata.drop_all(connection)
        metadata.create_all(connection)

    await bare_database.write(by_steps)
    migrated = await bare_database.read(definitions)
    await bare_database.write(create_anew)
    assert migrated == await bare_database.read(definitions)


async def test_a_bare_database_is_migrated_once(bare_database: Database) -> None:
    assert await migrate(bare_database) is True
    assert await migrate(bare_database) is False
    assert await bare_database.read(tables) == {*metadata.tables, "alembic_version"}


async def test_several_processes_migrate_at_once(bare_database_url: str) -> None:
    processes = [
        await asyncio.create_subprocess_exec(sys.executable, "-c", MIGRATE, bare_database_url, stdout=PIPE, stderr=PIPE)
        for _ in range(2)
    ]
    answers = [await process.communicate() for process in processes]
    assert sorted(out.split()[0] for out, _ in answers) == [b"False", b"True"], answers


def test_a_start_without_anything_to_migrate_does_not_load_alembic(database_url: str) -> None:
    answer = subprocess.run([sys.executable, "-c", MIGRATE, database_url], capture_output=True, check=True, timeout=30)
    assert answer.stdout.split() == [b"False", b"False"]


async def test_a_newer_database_is_refused(database: Database) -> None:
    await database.write(
        lambda connection: connection.execute(text("UPDATE alembic_version SET version_num = '9999'")) and None
    )
    with pytest.raises(DatabaseError, match="newer version of solidarity-bot"):
        await migrate(database)
    await database.write(
        lambda connection: connection.execute(text(f"UPDATE alembic_version SET version_num = '{HEAD}'")) and None
    )


async def test_a_migration_that_fails_leaves_nothing(bare_database: Database) -> None:
    await bare_database.write(
        lambda connection: connection.execute(text("CREATE TABLE setting (other INTEGER)")) and None
    )
    with pytest.raises(DBAPIError, match="setting"):
        await migrate(bare_database)
    assert await bare_database.read(tables) == {"setting"}


def test_head_is_the_newest_migration_and_they_sort_in_order() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(storage.__file__).with_name("migrations")))
    newest_first = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]
    assert newest_first[0] == HEAD
    assert newest_first == sorted(newest_first, reverse=True)
