"""Signs of life: what was read, and that an answer is being written. Never at the cost of an answer, never failing one."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable

from bot.adapters.matrix.homeserver import CutOffError, Homeserver, NotSentError, route

STEP_S = 0.2
QUIET_S = 1.0
"""Receipts wait until nothing has arrived or left for so long..."""
LATEST_S = 5.0
"""...or one leaves after so long all the same."""
TYPING_AFTER_S = 0.6
"""An answer that takes longer is announced by "typing"; most take less."""
TYPING_FOR_MS = 10_000
MANY = 8
"""When so many wait at once the homeserver has other worries."""


class Courtesies:
    def __init__(self, homeserver: Homeserver, user_id: str, clock: Callable[[], float]) -> None:
        self._homeserver = homeserver
        self._user_id = user_id
        self._clock = clock
        self._receipts: dict[str, str] = {}
        self._unanswered: dict[str, float] = {}
        self._last = self._last_receipt = clock()
        self._wake = asyncio.Event()

    def heard(self, room_id: str, event_id: str) -> None:
        """Somebody said something that will be answered."""
        self._last = self._clock()
        self._receipts[room_id] = event_id
        self._unanswered[room_id] = self._last
        self._wake.set()

    def answering(self, room_id: str) -> None:
        """The answer is ready, and on its way."""
        self._last = self._clock()
        self._unanswered.pop(room_id, None)

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            if not self._receipts and not self._unanswered:
                self._wake.clear()
                await self._wake.wait()
            await asyncio.sleep(STEP_S)
            await self._type()
            now = self._clock()
            if self._receipts and (now - self._last >= QUIET_S or now - self._last_receipt >= LATEST_S):
                self._last_receipt = now
                room_id = next(reversed(self._receipts))
                await self._call("POST", route("rooms", room_id, "receipt", "m.read", self._receipts.pop(room_id)), {})

    async def _type(self) -> None:
        now = self._clock()
        late = [room_id for room_id, since in self._unanswered.items() if now - since >= TYPING_AFTER_S]
        for room_id in late:
            self._unanswered.pop(room_id, None)
        for room_id in late if len(late) <= MANY else ():
            path = route("rooms", room_id, "typing", self._user_id)
            await self._call("PUT", path, {"typing": True, "timeout": TYPING_FOR_MS})

    async def _call(self, method: str, path: str, body: dict[str, object]) -> None:
        with contextlib.suppress(NotSentError, CutOffError):
            await self._homeserver.call(method, path, body)
