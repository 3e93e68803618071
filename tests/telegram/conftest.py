"""One bot on one fake Telegram, for every test that talks to it."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.knowledge import Knowledge
from bot.logs import set_up_logs
from knowledge.directory import bundled_services
from tests.peers.bot_api import FakeBotApi, Limits, User
from tests.telegram.running import Running, running


@pytest.fixture(scope="session", autouse=True)
def logs() -> None:
    """As in earnest: structlog's own default renders every variable of a traceback, slowly."""
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
async def api() -> AsyncIterator[FakeBotApi]:
    async with FakeBotApi(limits=Limits.lifted(), webhook_retry_unit=0.05, webhook_longest_wait=0.2).serve() as api:
        yield api


@pytest.fixture
async def bot(api: FakeBotApi, sqlite_url: str, knowledge: Knowledge) -> AsyncIterator[Running]:
    async with running(api, sqlite_url, knowledge) as bot:
        yield bot


@pytest.fixture
async def patient_bot(api: FakeBotApi, sqlite_url: str, knowledge: Knowledge) -> AsyncIterator[Running]:
    """A bot at Telegram's pace."""
    async with running(api, sqlite_url, knowledge, patient=True) as bot:
        yield bot


@pytest.fixture
def ada(api: FakeBotApi) -> User:
    return api.user(1001, language="fr", first_name="Ada")
