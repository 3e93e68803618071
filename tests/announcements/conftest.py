from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from storage.database import Database
from tests.announcements.engine import Engine


@pytest.fixture
async def engine(database: Database) -> AsyncIterator[Engine]:
    made = Engine(database)
    yield made
    await made.stop()
