"""The sync loop: the homeserver's stream of events, committed together with how far it has been read."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import structlog
from nio.events import ForwardedRoomKeyEvent, RoomKeyEvent
from sqlalchemy import Connection

from bot.adapters.adapter import Receive
from bot.adapters.matrix.courtesies import Courtesies
from bot.adapters.matrix.encryption import Encryption
from bot.adapters.matrix.feed import UnreadableError, feed
from bot.adapters.matrix.gaps import GapError, fill
from bot.adapters.matrix.homeserver import Answer, CutOffError, NotSentError, route
from bot.adapters.matrix.login import Device, is_refused, refused
from bot.adapters.matrix.reading import MEMBER, Read, Reader, events_of
from bot.adapters.matrix.receive import PLATFORM
from bot.adapters.matrix.rooms import Rooms
from bot.messages import Incoming, Kind
from storage import matrix
from storage.database import Database
from storage.matrix import JOINED, Unread

LONG_POLL_MS = 30_000
WATCHING_MS = 3_000
"""While a message waits for its key."""
SLOWER_S = 15.0
"""A homeserver is given so much longer than it was asked to wait."""
FIRST_S = 300.0
"""The first sync of a process brings the state of every room."""
PAUSES_S = (1.0, 2.0, 3.0, 5.0, 8.0, 10.0, 10.0, 10.0, 10.0, 15.0, 15.0, 20.0, 30.0, 45.0, 60.0)
"""After failures in a row: a homeserver that was away for a minute is found again within a quarter of one."""
KEY_GRACE = timedelta(seconds=10)
"""A key that comes so much after its message is nothing to tell anybody about."""
STALLED_S = 90.0

FILTER: dict[str, dict[str, Any]] = {
    "presence": {"not_types": ["*"]},
    "account_data": {"not_types": ["*"]},
    "room": {
        "timeline": {"limit": 100},  # the most a homeserver gives; the rest comes by /messages
        "ephemeral": {"not_types": ["*"]},
        "account_data": {"not_types": ["*"]},
    },
}

BEGINNING = FILTER | {"room": {**FILTER["room"], "timeline": {"limit": 1}, "state": {"types": []}}}
"""For the first sync of an account: where the stream is now, and invites."""

log = structlog.get_logger(__name__)


class Syncing:
    def __init__(
        self,
        device: Device,
        encryption: Encryption,
        rooms: Rooms,
        reader: Reader,
        courtesies: Courtesies,
        database: Database,
        receive: Receive,
        now: Callable[[], datetime],
        clock: Callable[[], float],
    ) -> None:
        self._device = device
        self._client = device.client
        self._encryption = encryption
        self._rooms = rooms
        self._reader = reader
        self._courtesies = courtesies
        self._database = database
        self._receive = receive
        self._now = now
        self._clock = clock
        self._unread: dict[str, Unread] = {}
        self._background: set[asyncio.Task[None]] = set()
        self.synced = asyncio.Event()
        self.last_sync: float | None = None

    async def run(self, token: str) -> None:
        """Until cancelled. `token`: how far has been read, "" for nothing yet. Raises Fatal for a token refused."""
        self._unread = {one.event_id: one for one in await self._database.read(matrix.unread)}
        failures = 0
        try:
            while True:
                try:
                    token = await (self._once(token) if token else self._begin())
                    failures = 0
                except _FailedError as failure:
                    pause = PAUSES_S[min(failures, len(PAUSES_S) - 1)] * (0.75 + random.random() / 2)
                    pause = min(PAUSES_S[-1], max(pause, failure.retry_after or 0.0))
                    log.warning("matrix.sync_failed", reason=failure.reason, again_in_s=round(pause, 1))
                    await asyncio.sleep(pause)
                    failures += 1
        finally:
            for task in self._background:
                task.cancel()

    async def _begin(self) -> str:
        data = await self._ask("", 0, BEGINNING)
        read = self._reader.invites(data)
        await self._receive((), lambda c: read.arrival.keep(c, self._now()))
        self._rooms.changed(read.arrival.rooms.values())
        return str(data["next_batch"])

    async def _once(self, token: str) -> str:
        first = not self.synced.is_set()
        milliseconds = 0 if first else (WATCHING_MS if self._untold() else LONG_POLL_MS)
        data = await self._ask(token, milliseconds, FILTER, full_state=first)
        gaps = await self._gaps(data, token)
        try:
            to_device = await feed(self._client, data)
        except UnreadableError:
            raise _FailedError("unreadable") from None
        keys = {e.session_id for e in to_device if isinstance(e, RoomKeyEvent | ForwardedRoomKeyEvent)}
        waiting = [one for one in self._unread.values() if first or one.session_id in keys]
        read = self._reader.read(data, gaps, waiting)
        kept: list[Incoming] = []

        def keep(connection: Connection) -> list[Incoming]:
            kept[:] = read.arrival.keep(connection, self._now())
            return kept

        await self._receive((), keep)
        self._kept(read, kept)
        self._encryption.one_time_keys_left(data.get("device_one_time_keys_count", {}).get("signed_curve25519"))
        if self._encryption.has_work:
            self._later(self._encryption.tend())
        for room_id in [*read.refused, *self._alone(data, everywhere=first)]:
            self._later(self._rooms.leave(room_id))
        await self._tell()
        return str(data["next_batch"])

    def _kept(self, read: Read, incoming: list[Incoming]) -> None:
        """It is committed."""
        self._rooms.changed(read.arrival.rooms.values())
        for done in read.arrival.now_read:
            self._unread.pop(done, None)
        self._unread |= {one.event_id: one for one in read.arrival.unread}
        self.last_sync = self._clock()
        self.synced.set()
        for one in incoming:
            if one.message_id:
                self._courtesies.heard(one.chat, one.message_id)
        for event in read.unread:
            self._encryption.ask_for_key(event)

    async def _ask(
        self,
        token: str,
        milliseconds: int,
        wanted: Mapping[str, Any],
        *,
        full_state: bool = False,
    ) -> Mapping[str, Any]:
        """Raises Fatal, or _FailedError."""
        query = {"timeout": str(milliseconds), "filter": json.dumps(wanted, separators=(",", ":"))}
        query |= ({"since": token} if token else {}) | ({"full_state": "true"} if full_state else {})
        patience = FIRST_S if full_state or not token else milliseconds / 1000 + SLOWER_S
        try:
            answer = await self._device.homeserver.call("GET", route("sync"), query=query, patience=patience)
        except (NotSentError, CutOffError) as error:
            raise _FailedError(str(error)) from None
        if not answer.good or not isinstance(answer.data.get("next_batch"), str):
            raise self._failed(answer)
        return answer.data

    def _failed(self, answer: Answer) -> Exception:
        if is_refused(answer.code):
            return refused(self._device)
        return _FailedError(answer.code or f"status {answer.status}", answer.retry_after)

    async def _gaps(self, data: Mapping[str, Any], token: str) -> dict[str, list[Any]]:
        gaps = {}
        for room_id, info in data.get("rooms", {}).get("join", {}).items():
            timeline, room = info.get("timeline", {}), self._rooms.get(room_id)
            if timeline.get("limited") and timeline.get("prev_batch") and room is not None and room.status == JOINED:
                try:
                    gaps[room_id] = await fill(self._device.homeserver, room_id, timeline["prev_batch"], token)
                except GapError as error:
                    raise self._failed(error.answer) from None
                except (NotSentError, CutOffError) as error:
                    raise _FailedError(str(error)) from None
        return gaps

    def _alone(self, data: Mapping[str, Any], *, everywhere: bool) -> list[str]:
        """Rooms that everybody else left."""
        found = []
        for room_id, info in data.get("rooms", {}).get("join", {}).items():
            room = self._client.rooms.get(room_id)
            moved = everywhere or any(event.get("type") == MEMBER for events in events_of(info) for event in events)
            if moved and room is not None and not set(room.users) - {self._client.user_id}:
                found.append(room_id)
        return found

    def _untold(self) -> dict[str, Unread]:
        """The newest unread message of each talk whose person does not know yet. In rooms it may not be meant for the bot."""
        rooms = {one.room_id: one for one in self._unread.values()}
        known = {room_id: self._rooms.get(room_id) for room_id in rooms}
        return {
            key: one for key, one in rooms.items() if (room := known[key]) is not None and room.direct and not room.told
        }

    async def _tell(self) -> None:
        now = self._now()
        for room_id, unread in self._untold().items():
            if now - unread.received_at < KEY_GRACE:
                continue
            sender = str(json.loads(unread.source)["sender"])
            incoming = Incoming(PLATFORM, f"unread {room_id}"[:255], room_id, sender, now, Kind.UNREADABLE)

            def told(connection: Connection, room_id: str = room_id) -> tuple[()]:
                matrix.have_told(connection, room_id)
                return ()

            await self._receive([incoming], told)
            room = self._rooms.get(room_id)
            if room is not None:
                self._rooms.changed([replace(room, told=True)])

    def _later(self, work: Any) -> None:
        task = asyncio.create_task(_quietly(work))
        self._background.add(task)
        task.add_done_callback(self._background.discard)


async def _quietly(work: Any) -> None:
    try:
        await work
    except Exception as error:
        log.warning("matrix.background_failed", error=type(error).__name__)


class _FailedError(Exception):
    def __init__(self, reason: str, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry_after = retry_after
