"""Care for a remote service: not too often, and not while it is down."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

LONGEST_WAIT_SECONDS = 1.0
REST_SECONDS = 60.0
LONGEST_REST_SECONDS = 3600.0

Clock = Callable[[], float]
"""Seconds that never go back."""


class GeocoderUnavailableError(Exception):
    """A service does not answer, refuses, or answers nonsense. The message holds nothing a person wrote."""

    def __init__(self, reason: str, retry_after: float = 0.0) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class Guard:
    """Lets requests to one service through, at most one every `interval` seconds, and none while it rests."""

    def __init__(self, interval: float, clock: Clock) -> None:
        self._interval = interval
        self._clock = clock
        self._next = 0.0
        self._resting_until = 0.0

    async def passes(self) -> bool:
        """Waits for its turn; False when the service rests or the wait would exceed `LONGEST_WAIT_SECONDS`."""
        now = self._clock()
        turn = max(now, self._next)
        if now < self._resting_until or turn - now > LONGEST_WAIT_SECONDS:
            return False
        self._next = turn + self._interval
        if turn > now:
            await asyncio.sleep(turn - now)
        return True

    def rest(self, seconds: float = 0.0) -> None:
        """The service failed: no request for `seconds`, a minute at least and an hour at most."""
        self._resting_until = self._clock() + min(max(seconds, REST_SECONDS), LONGEST_REST_SECONDS)
