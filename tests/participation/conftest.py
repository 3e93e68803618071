"""A small world to sign up in: people, a training, a mission."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection

from knowledge.participation.kinds import Kind
from knowledge.participation.quiet import Quiet
from storage import activities, people, profiles, sessions
from storage.activities import Activity
from storage.database import Database
from storage.sessions import Session

T = TypeVar("T")
PARIS = ZoneInfo("Europe/Paris")
QUIET = Quiet(PARIS, time(21, 30), time(8, 0))
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=PARIS)
"""A Tuesday."""


@dataclass
class World:
    database: Database
    now: datetime = NOW

    def wait(self, **how_long: float) -> None:
        """By the clock on the wall is not meant: real time passes."""
        self.now = (self.now.astimezone(ZoneInfo("UTC")) + timedelta(**how_long)).astimezone(PARIS)

    async def do(self, act: Callable[[Connection], T]) -> T:
        return await self.database.write(act)

    async def person(self, name: str, *, adult: bool = True, chat: bool = True, platform: str = "telegram") -> int:
        def work(connection: Connection) -> int:
            known = people.welcome(connection, {(platform, name): "fr"}, self.now)[platform, name]
            if chat:
                people.found_at(connection, {known.id: f"chat-{name}"})
            if adult:
                profiles.set_age(connection, known.id, self.now.date())
            return known.id

        return await self.do(work)

    async def people(self, count: int, start: int = 0) -> list[int]:
        return [await self.person(f"p{number}") for number in range(start, start + count)]

    async def session(
        self, capacity: int = 2, *, days: float = 7, hour: int = 18, hours: float = 2, **values: Any
    ) -> Session:
        """A session of an activity of its own, published."""
        local = datetime.combine(self.now.date() + timedelta(days=days), time(hour, 30), PARIS)
        activity = await self.activity(capacity=capacity, **values)
        return await self.do(lambda c: sessions.add(c, activity, local, local + timedelta(hours=hours), None, self.now))

    async def activity(self, **values: Any) -> Activity:
        plain = Activity(Kind.TRAINING, {"fr": "Aller vers", "en": "Reaching out"}, district="75002")
        return await self.do(
            lambda c: activities.publish(
                c, activities.create(c, replace(plain, **values), None, self.now), None, self.now
            )
        )


@pytest.fixture
def world(database: Database) -> World:
    return World(database)
