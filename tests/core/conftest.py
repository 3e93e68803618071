from __future__ import annotations

from datetime import datetime

import pytest

from bot.knowledge import Knowledge
from knowledge.directory import bundled_services
from storage.database import Database
from tests.talk import Talk

NOON = datetime.fromisoformat("2026-11-24T12:00:00+01:00")


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    return Knowledge.of(bundled_services())


@pytest.fixture
def talk(database: Database, knowledge: Knowledge) -> Talk:
    return Talk(database, knowledge, NOON)
