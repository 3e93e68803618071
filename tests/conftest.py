"""Both databases, for every test that asks for one."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import pytest

from storage.database import Database
from storage.migrate import migrate
from storage.schema import metadata
from tests.peers.synapse import Synapse
from tests.postgresql_server import PostgresqlServer


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[PostgresqlServer]:
    """A server of this test run's own (of each worker's own, under pytest-xdist)."""
    server = PostgresqlServer.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def synapse() -> Iterator[Synapse]:
    """A Matrix homeserver of this test run's own; tests that use it share a worker (`xdist_group`)."""
    server = Synapse.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def migrated_postgresql(postgresql_server: PostgresqlServer) -> str:
    url = postgresql_server.create_database("test")
    asyncio.run(_migrate(url))
    return url


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("sqlite") / "migrated.db"
    asyncio.run(_migrate(f"sqlite:///{file}"))
    return file


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a migrated, empty database, once for each kind."""
    if request.param == "sqlite":
        file = tmp_path / "solidarity-bot.db"
        shutil.copy(request.getfixturevalue("migrated_sqlite"), file)
        return f"sqlite:///{file}"
    url: str = request.getfixturevalue("migrated_postgresql")
    asyncio.run(_empty(url))
    return url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A migrated, empty database, once for each kind."""
    database = Database.open(database_url)
    yield database
    await database.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def bare_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database without tables, once for each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'bare.db'}"
    server: PostgresqlServer = request.getfixturevalue("postgresql_server")
    return server.create_database()


async def _migrate(url: str) -> None:
    database = Database.open(url)
    try:
        await migrate(database)
    finally:
        await database.close()


async def _empty(url: str) -> None:
    names = ", ".join(f'"{table.name}"' for table in metadata.sorted_tables)
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        await connection.execute(f"TRUNCATE {names} RESTART IDENTITY")
    finally:
        await connection.close()
