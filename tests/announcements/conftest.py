from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from storage.database import Database
from tests.announcements.engine import Engine
from tests.participation.conftest import World


@pytest.fixture
async def engine(database: Database) -> AsyncIterator[Engine]:
    made = Engine(database)
    yield made
    await made.stop()


@pytest.fixture
def world(database: Database) -> World:
    return World(database)
