from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.unit.telegram.server import BotApi, bot_api


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with bot_api() as running:
        yield running


def pytest_configure(config: pytest.Config) -> None:
    """The library warns at each RetryAfter that it makes itself; both kinds of time it may hold are read."""
    config.addinivalue_line("filterwarnings", "ignore:Deprecated since version v22.2")
