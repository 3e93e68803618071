"""The whole bot in this process, before a strict fake Telegram: what a person would see, over HTTP."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from datetime import time

from bot.app import Application
from bot.config import (
    GeocodingSettings,
    HealthSettings,
    QuietHoursSettings,
    Settings,
    StaffSettings,
    StorageSettings,
    TelegramSettings,
)
from bot.knowledge import Knowledge
from bot.serve import telegram
from storage.database import Database
from tests.peers.bot_api import FakeBotApi


@dataclass(slots=True)
class Running:
    api: FakeBotApi
    application: Application
    task: asyncio.Task[None]

    @property
    def database(self) -> Database:
        return self.application.database

    def metric(self, name: str, **labels: str) -> float:
        """A figure of /metrics; 0 when it was never counted."""
        return self.application.metrics.registry.get_sample_value(name, labels) or 0.0


@contextlib.asynccontextmanager
async def running(
    api: FakeBotApi,
    database_url: str,
    knowledge: Knowledge,
    *,
    patient: bool = False,
    health: str = "",
    public_url: str = "",
    team_chat: str = "",
    groups: dict[str, str] | None = None,
    **telegram_settings: object,
) -> AsyncIterator[Running]:
    """A bot at work, until the end of the block. `patient` keeps Telegram's pace of one message a second in a chat,
    which a talk of several steps need not wait for."""
    settings = Settings(
        telegram=TelegramSettings(
            **{"token": api.token, "api_url": api.url, "messages_per_second": 25 if patient else 1000}  # type: ignore[arg-type]
            | telegram_settings
        ),
        storage=StorageSettings(url=database_url),
        geocoding=GeocodingSettings(url=""),
        health=HealthSettings(listen=health, public_url=public_url),
        staff=StaffSettings(thread=team_chat),
        groups=groups or {},
        quiet_hours=QuietHoursSettings(start=time(0), end=time(0)),  # none: tests run at any hour
    )
    application = Application(settings, Database.open(database_url), knowledge)
    adapter = telegram(settings, application.database)
    if not patient:
        adapter.limits = replace(adapter.limits, chat_interval=0.0)
    application.conversation.bot_name = lambda: adapter.username
    application.add(adapter, settings.telegram.messages_per_second)
    application.conversation.bot_name = lambda: adapter.username
    task = asyncio.create_task(application.run())
    try:
        yield Running(api, application, task)
    finally:
        task.cancel()
        await asyncio.wait({task}, timeout=5)
        assert task.done(), "it does not stop"
        await application.close()


async def until(condition: Callable[[], bool], within: float = 5.0) -> None:
    """For what the fake does not announce. Raises TimeoutError."""
    async with asyncio.timeout(within):
        while not condition():
            await asyncio.sleep(0.01)
