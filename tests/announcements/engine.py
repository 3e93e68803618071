"""A crowd to speak to, a platform that does as it is told, and the engine between them."""

from __future__ import annotations

import asyncio
import time as time_module
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.broadcast import Broadcast
from bot.groups import Group
from bot.health import Metrics
from bot.messages import Limits
from bot.outbox import Sender
from bot.pacing import Pacer
from knowledge.announcements.audience import Audience, Everybody
from knowledge.announcements.content import Content, Words
from knowledge.announcements.kinds import State, Status
from knowledge.participation.quiet import Quiet
from storage import announcements, people, recipients
from storage.announcements import Announcement
from storage.database import Database
from tests.core.test_sender import Scripted

T = TypeVar("T")
PARIS = ZoneInfo("Europe/Paris")
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=PARIS)
HELLO = Announcement(Audience(Everybody()), Content("fr", {"fr": Words("Bonjour"), "en": Words("Hello")}))


class Engine:
    """One process: a sender for the platform "test", and what feeds it."""

    def __init__(self, database: Database, per_second: float = 10_000) -> None:
        self.database = database
        self.platform = Scripted()
        self.platform.limits = Limits(text=4096, in_flight=16)
        self.now = NOON
        self.groups: dict[str, Group] = {}
        self.per_second = per_second
        self.sending: asyncio.Task[None] | None = None
        self.metrics = Metrics()
        self.broadcast = Broadcast(
            database,
            {"test": per_second},
            self.groups,
            Quiet(PARIS, time(21, 30), time(8, 0)),
            self._clock,
            self.metrics,
            self._wake,
        )
        self.sender: Sender | None = None

    @property
    def now(self) -> datetime:
        """Goes on from where it was set."""
        return self._set + timedelta(seconds=time_module.monotonic() - self._set_at)

    @now.setter
    def now(self, moment: datetime) -> None:
        self._set, self._set_at = moment, time_module.monotonic()

    def _clock(self) -> datetime:
        return self.now

    def _wake(self) -> None:
        if self.sender is not None:
            self.sender.wake()

    def start(self) -> None:
        pacer = Pacer(self.platform.limits, self.per_second, self._clock)
        self.sender = Sender(self.database, self.platform, pacer, self.metrics, clock=self._clock, jitter=lambda: -0.49)
        self.sending = asyncio.create_task(self.sender.run())

    async def stop(self) -> None:
        if self.sending is not None:
            self.sending.cancel()
            await asyncio.gather(self.sending, return_exceptions=True)
            self.sending = None

    async def do(self, act: Callable[[Connection], T]) -> T:
        return await self.database.write(act)

    async def crowd(self, count: int, platform: str = "test", language: str = "fr", start: int = 0) -> list[int]:
        """People who wrote in private: chat number `chat-<n>`."""

        def work(connection: Connection) -> list[int]:
            names = [(platform, str(number)) for number in range(start, start + count)]
            known = people.welcome(connection, dict.fromkeys(names, language), self.now)
            people.found_at(connection, {one.id: f"chat-{name}" for (_, name), one in known.items()})
            return sorted(one.id for one in known.values())

        return await self.do(work)

    async def announce(self, **values: Any) -> int:
        """Starts HELLO, changed by `values`."""

        def work(connection: Connection) -> int:
            made = announcements.create(connection, replace(HELLO, **values), self.now)
            return announcements.start(connection, made, self.now).id

        return await self.do(work)

    async def run(self, number: int, seconds: float = 20) -> recipients.Counts:
        """Until it is done."""
        async with asyncio.timeout(seconds):
            while await self.broadcast.step():
                await asyncio.sleep(0.01)
        assert (await self.known(number)).status is Status.DONE
        return await self.counts(number)

    async def known(self, number: int) -> Announcement:
        found = await self.database.read(lambda c: announcements.by_id(c, number))
        assert found is not None
        return found

    async def counts(self, number: int) -> recipients.Counts:
        return await self.database.read(lambda c: recipients.counts(c, number))

    async def states(self, number: int) -> dict[int | None, State]:
        rows = await self.database.read(lambda c: recipients.all_of(c, number))
        return {one.person_id: one.state for one in rows}

    def got(self) -> list[str]:
        """The chats that something arrived in, each time."""
        return sorted(chat for chat, _ in self.platform.sent)
