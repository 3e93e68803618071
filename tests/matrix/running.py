"""The whole bot in this process, on a homeserver: what a person would see, over HTTP."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import time
from pathlib import Path
from typing import Any

from bot.app import Application
from bot.config import (
    GeocodingSettings,
    HealthSettings,
    MatrixSettings,
    QuietHoursSettings,
    Settings,
    StaffSettings,
    StorageSettings,
)
from bot.knowledge import Knowledge
from bot.serve import matrix
from storage.database import Database
from tests.peers.matrix_person import PASSWORD, Person

PASSPHRASE = "any long random words"


@dataclass(slots=True)
class Running:
    application: Application
    adapter: Any
    task: asyncio.Task[None]
    user_id: str

    @property
    def database(self) -> Database:
        return self.application.database

    async def until_synced(self) -> None:
        async with asyncio.timeout(20):
            while self.adapter.not_ready() or self.adapter._open is None:
                assert not self.task.done(), self.task.exception()
                await asyncio.sleep(0.02)


@dataclass
class Bots:
    """Starts the same bot as often as a test likes: same account, database and store."""

    url: str
    account: Person | None
    database_url: str
    store: Path
    knowledge: Knowledge
    settings: dict[str, Any] | None = None
    staff: tuple[str, ...] = ()

    @property
    def user_id(self) -> str:
        return self.account.user_id if self.account is not None else ""

    def configured(self, **more: Any) -> Settings:
        values = {
            "homeserver": self.url, "user": self.user_id, "password": PASSWORD, "passphrase": PASSPHRASE,
            "store": self.store, "messages_per_second": 1000,
        }  # fmt: skip
        return Settings(
            matrix=MatrixSettings(**(values | (self.settings or {}) | more)),
            storage=StorageSettings(url=self.database_url),
            geocoding=GeocodingSettings(url=""),
            health=HealthSettings(listen=""),
            staff=StaffSettings(admins=self.staff),
            quiet_hours=QuietHoursSettings(start=time(0), end=time(0)),  # none: tests run at any hour
        )

    @contextlib.asynccontextmanager
    async def running(self, **more: Any) -> AsyncIterator[Running]:
        """A bot at work, until the end of the block."""
        settings = self.configured(**more)
        application = Application(settings, Database.open(self.database_url), self.knowledge)
        adapter = matrix(settings, application.database)
        application.add(adapter, settings.matrix.messages_per_second)
        task = asyncio.create_task(application.run())
        bot = Running(application, adapter, task, self.user_id)
        try:
            await bot.until_synced()
            yield bot
        finally:
            task.cancel()
            await asyncio.wait({task}, timeout=5)
            assert task.done(), "it does not stop"
            await application.close()
