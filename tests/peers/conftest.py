"""A fake Bot API whose clock the test moves, and a bot that calls it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest

from tests.peers.bot import Bot, Clock
from tests.peers.bot_api import FakeBotApi


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def api(clock: Clock) -> AsyncIterator[FakeBotApi]:
    async with FakeBotApi(clock=clock, webhook_retry_unit=0.01).serve() as api:
        yield api


@pytest.fixture
async def bot(api: FakeBotApi) -> AsyncIterator[Bot]:
    async with aiohttp.ClientSession() as session:
        yield Bot(api, session)
