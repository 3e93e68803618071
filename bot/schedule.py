"""The heartbeat: regular work, in UTC, every piece of it safe to be late or to be done twice."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog

from bot.unloaded import names_only

with names_only("concurrent.futures.process"), names_only("multiprocessing"):  # pools of processes: there are none
    from apscheduler.schedulers.asyncio import AsyncIOScheduler

log = structlog.get_logger()

STALLED = timedelta(seconds=60)
"""Something is due every few seconds."""


@dataclass(frozen=True, slots=True)
class Beat:
    """A piece of regular work, `every` so often."""

    name: str
    every: timedelta
    work: Callable[[], Awaitable[None]]


class Heartbeat:
    """Runs beats one at a time each. What is due lives in tables: a beat only looks whether there is something to do."""

    def __init__(self) -> None:
        self._scheduler = AsyncIOScheduler(
            timezone=UTC, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )
        self.last_beat: datetime | None = None

    def add(self, beat: Beat) -> None:
        async def run() -> None:
            try:
                await beat.work()
            except Exception:
                log.exception("regular work failed", work=beat.name)
            self.last_beat = datetime.now(UTC)

        self._scheduler.add_job(run, "interval", seconds=beat.every.total_seconds(), id=beat.name)

    def problem(self, now: datetime) -> str:
        """Why regular work is not done, "" while it is."""
        if self.last_beat is None or now - self.last_beat < STALLED:
            return ""
        return f"regular work has not been done for {(now - self.last_beat).total_seconds():.0f} s"

    def start(self) -> None:
        self._scheduler.start()

    def stop(self) -> None:
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
