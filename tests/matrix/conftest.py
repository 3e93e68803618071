"""One Synapse for all tests of a worker, one bot and one person for each."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from bot.knowledge import Knowledge
from bot.logs import set_up_logs
from knowledge.directory import bundled_services
from tests.matrix.running import Bots, Running
from tests.peers.matrix_person import Person
from tests.peers.synapse import Synapse


@pytest.fixture(scope="session", autouse=True)
def logs() -> None:
    set_up_logs(quiet=True)


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    return Knowledge.of(bundled_services())


@pytest.fixture
def sqlite_url(migrated_sqlite: Path, tmp_path: Path) -> str:
    file = tmp_path / "solidarity-bot.db"
    shutil.copy(migrated_sqlite, file)
    return f"sqlite:///{file}"


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def bots(
    synapse: Synapse, session: aiohttp.ClientSession, sqlite_url: str, knowledge: Knowledge, tmp_path: Path
) -> Bots:
    account = await Person.register(synapse.url, session, "solidarity")
    return Bots(synapse.url, account, sqlite_url, tmp_path / "matrix-store", knowledge)


@pytest.fixture
async def bot(bots: Bots) -> AsyncIterator[Running]:
    async with bots.running() as bot:
        yield bot


@pytest.fixture
async def ada(synapse: Synapse, session: aiohttp.ClientSession) -> AsyncIterator[Person]:
    person = await Person.register(synapse.url, session, "ada")
    yield person
    await person.stop()
