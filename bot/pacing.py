"""How fast a platform may be written to: per chat, per group and overall."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from bot.messages import Limits

CATCH_UP_S = 0.05
"""A sender that was held up may be this much ahead of an even pace: about two messages at 25 a second."""
GRAIN_FROM, GRAIN_S = 200, 0.02
"""From so many messages a second on they may leave in grains of so many seconds: waiting for each by itself costs more than
it evens out."""
SECOND = 1.01
"""In any span of so many seconds no more leave than are allowed in one: what left too close together to be noticed here may
arrive closer still."""
MOST_COUNTED = 5_000
"""A rate beyond is none that a platform sets."""
GROUP_WINDOW = timedelta(minutes=1)
KEPT_LANES = 10_000

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    return datetime.now(UTC)


class Pacer:
    """Keeps one platform's limits. What it holds is worth a minute; a restart starts anew."""

    def __init__(self, limits: Limits, per_second: float, clock: Clock = utc_now) -> None:
        self._limits = limits
        self._interval = timedelta(seconds=1 / per_second)
        self._slack = timedelta(seconds=CATCH_UP_S)
        self._grain = GRAIN_S if per_second >= GRAIN_FROM else 0.0
        self._clock = clock
        self._next = clock()
        together = max(1, int(per_second))
        self._span = timedelta(seconds=together / per_second * SECOND)
        self._left: deque[datetime] = deque(maxlen=together if together <= MOST_COUNTED else None)
        self._held_until: datetime | None = None
        self._lanes: dict[str, datetime] = {}
        self._groups: dict[str, deque[datetime]] = {}

    async def turn(self) -> None:
        """Waits until one more message may go out, whatever its chat."""
        now = self._clock()
        start = max(self._next, now - self._slack)
        self._next = start + self._interval
        while (wait := (max(start, self._held_until or start) - now).total_seconds()) > self._grain:
            await asyncio.sleep(wait)
            now = self._clock()
        if self._left.maxlen is None:
            return
        while len(self._left) == self._left.maxlen and (left := self._left[0] + self._span - now) > timedelta(0):
            await asyncio.sleep(left.total_seconds())
            now = self._clock()
        self._left.append(now)

    def free(self, seconds: float) -> int:
        """How many messages more may leave within so many seconds."""
        return max(0, 1 + int((seconds - self.busy()) // self._interval.total_seconds()))

    def busy(self) -> float:
        """Seconds until the next message may leave; less than nothing where some may leave at once."""
        now = self._clock()
        begin = now - self._slack
        return (max(self._next, begin, self._held_until or begin) - now).total_seconds()

    def hold(self, seconds: float) -> None:
        """The platform asked for silence."""
        until = self._clock() + timedelta(seconds=seconds)
        self._held_until = until if self._held_until is None else max(until, self._held_until)

    def paced_until(self, lane: str) -> datetime | None:
        """When `lane` may be written to, None for at once."""
        return self._lanes.get(lane)

    def note(self, lane: str, private: bool) -> None:
        """A message to `lane` has left."""
        now = self._clock()
        ready = now + timedelta(seconds=self._limits.chat_interval)
        if not private and self._limits.group_per_minute:
            sent = self._groups.setdefault(lane, deque(maxlen=self._limits.group_per_minute))
            sent.append(now)
            if len(sent) == self._limits.group_per_minute:
                ready = max(ready, sent[0] + GROUP_WINDOW)
        if ready > now:
            self._lanes[lane] = ready
        if len(self._lanes) > KEPT_LANES:
            self._prune(now)

    def _prune(self, now: datetime) -> None:
        self._lanes = {lane: ready for lane, ready in self._lanes.items() if ready > now}
        self._groups = {lane: sent for lane, sent in self._groups.items() if sent[-1] + GROUP_WINDOW > now}
