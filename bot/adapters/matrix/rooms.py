"""The rooms the bot is in: which invites it takes, which rooms it leaves, what it knows of each."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace

import structlog

from bot.adapters.matrix.homeserver import Answer, CutOffError, Homeserver, NotSentError, route
from storage import matrix
from storage.database import Database
from storage.matrix import INVITED, LEFT, Room

log = structlog.get_logger(__name__)

PAUSES_S = (1.0, 2.0, 5.0, 15.0, 60.0, 300.0)
UNTIL_SEEN_S = 300.0
GIVE_UP_AFTER = 12
"""Attempts to join: some forty minutes, for homeservers that are away and rooms whose upgrade lets nobody in yet."""


@dataclass(frozen=True, slots=True)
class Policy:
    """Talks with one person always; rooms when staff invites, or when the settings name them (id or alias)."""

    staff: Collection[str] = ()
    allowed: Collection[str] = ()

    def takes(self, room: Room, names: Iterable[str] = ()) -> bool:
        if room.direct or room.replaces or room.invited_by in self.staff:
            return True
        return any(name in self.allowed for name in (room.room_id, *names))


@dataclass(slots=True)
class _Attempt:
    failures: int = 0
    not_before: float = 0.0


class Rooms:
    """In memory what the database has. Whoever syncs changes it, and nobody else, but for invites given up."""

    def __init__(self, database: Database, homeserver: Homeserver, clock: Callable[[], float]) -> None:
        self._database = database
        self._homeserver = homeserver
        self._clock = clock
        self._known: dict[str, Room] = {}
        self._attempts: dict[str, _Attempt] = {}
        self._wake = asyncio.Event()

    async def load(self) -> None:
        self._known = await self._database.read(matrix.rooms)

    def get(self, room_id: str) -> Room | None:
        return self._known.get(room_id)

    def all(self) -> list[Room]:
        return list(self._known.values())

    def changed(self, rooms: Iterable[Room]) -> None:
        """They are committed."""
        for room in rooms:
            self._known[room.room_id] = room
            if room.status == INVITED:
                self._attempts.pop(room.room_id, None)
                self._wake.set()

    async def join_invited(self) -> None:
        """Joins what it is invited to, one room after the other, until cancelled. A room that an answer never came from is
        tried again: joining twice is joining once."""
        while True:
            self._wake.clear()
            now = self._clock()
            waiting = [room for room in self._known.values() if room.status == INVITED]
            for room in waiting:
                attempt = self._attempts.setdefault(room.room_id, _Attempt())
                if attempt.not_before <= now:
                    await self._join(room, attempt)
            pauses = [
                self._attempts[room.room_id].not_before - self._clock()
                for room in self._known.values()
                if room.status == INVITED and room.room_id in self._attempts
            ]
            try:
                async with asyncio.timeout(max(0.05, min(pauses)) if pauses else None):
                    await self._wake.wait()
            except TimeoutError:
                pass

    async def _join(self, room: Room, attempt: _Attempt) -> None:
        path = route("join", room.room_id)
        if room.replaces and ":" in room.invited_by:
            path += f"?server_name={room.invited_by.partition(':')[2]}"
        answer = await self._call("POST", path)
        if answer is not None and answer.good:
            attempt.not_before = self._clock() + UNTIL_SEEN_S  # the next sync has the room, and says so to the database
            log.info("matrix.joined", direct=room.direct)
            return
        attempt.failures += 1
        pause = PAUSES_S[min(attempt.failures, len(PAUSES_S)) - 1]
        if answer is not None and answer.retry_after is not None:
            pause = max(pause, answer.retry_after)
        attempt.not_before = self._clock() + pause
        log.warning("matrix.not_joined", code=answer.code if answer else "", attempt=attempt.failures)
        if attempt.failures >= GIVE_UP_AFTER:
            await self._keep(replace(self._known[room.room_id], status=LEFT))

    async def leave(self, room_id: str) -> None:
        """Best effort: an empty room costs nobody anything."""
        await self._call("POST", route("rooms", room_id, "leave"))

    async def _keep(self, room: Room) -> None:
        await self._database.write(lambda c: matrix.keep_rooms(c, [room]))
        self.changed([room])

    async def _call(self, method: str, path: str) -> Answer | None:
        try:
            return await self._homeserver.call(method, path, {})
        except (NotSentError, CutOffError):
            return None
