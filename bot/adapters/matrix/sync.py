"""The sync loop: the homeserver's stream of events, committed together with how far it has been read."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import aiohttp
import structlog
from nio.events import ForwardedRoomKeyEvent, RoomKeyEvent
from nio.responses import SyncResponse
from sqlalchemy import Connection

from bot.adapters.adapter import Receive
from bot.adapters.matrix.courtesies import Courtesies
from bot.adapters.matrix.encryption import Encryption
from bot.adapters.matrix.gaps import GapError, fill
from bot.adapters.matrix.homeserver import retry_after
from bot.adapters.matrix.login import Device, is_refused, refused
from bot.adapters.matrix.reading import Reader
from bot.adapters.matrix.receive import PLATFORM
from bot.adapters.matrix.rooms import Rooms
from bot.messages import Incoming, Kind
from storage import matrix
from storage.database import Database
from storage.matrix import JOINED, Unread

LONG_POLL_MS = 30_000
WATCHING_MS = 3_000
"""While a message waits for its key."""
FIRST_S = 300.0
"""The first sync of a process brings the state of every room."""
PAUSES_S = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0)
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
        response = await self._ask("", 0, BEGINNING)
        read = self._reader.invites(response)
        await self._receive((), lambda c: read.arrival.keep(c, self._now()))
        self._rooms.changed(read.arrival.rooms.values())
        return str(response.next_batch)

    async def _once(self, token: str) -> str:
        first = not self.synced.is_set()
        timeout = 0 if first else (WATCHING_MS if self._untold() else LONG_POLL_MS)
        response = await self._ask(token, timeout, FILTER, full_state=first)
        gaps = await self._gaps(response, token)
        keys = {e.session_id for e in response.to_device_events if isinstance(e, RoomKeyEvent | ForwardedRoomKeyEvent)}
        waiting = [one for one in self._unread.values() if first or one.session_id in keys]
        read = self._reader.read(response, gaps, waiting)
        kept: list[Incoming] = []

        def keep(connection: Connection) -> list[Incoming]:
            kept[:] = read.arrival.keep(connection, self._now())
            return kept

        await self._receive((), keep)
        self._rooms.changed(read.arrival.rooms.values())
        for done in read.arrival.now_read:
            self._unread.pop(done, None)
        self._unread |= {one.event_id: one for one in read.arrival.unread}
        self.last_sync = self._clock()
        self.synced.set()
        for incoming in kept:
            if incoming.message_id and incoming.kind is not Kind.MIGRATED:
                self._courtesies.heard(incoming.chat, incoming.message_id)
        for event in read.unread:
            self._encryption.ask_for_key(event)
        self._encryption.one_time_keys_left(response.device_key_count.signed_curve25519)
        self._later(self._encryption.tend())
        for room_id in [*read.refused, *self._alone(response, everywhere=first)]:
            self._later(self._rooms.leave(room_id))
        await self._tell()
        return str(response.next_batch)

    async def _ask(self, token: str, timeout: int, wanted: dict[str, Any], *, full_state: bool = False) -> Any:  # noqa: ASYNC109
        """Raises Fatal, or _FailedError."""
        self._client.next_batch = ""  # or the library would skip an answer that it has seen and we have not kept
        try:
            async with asyncio.timeout(FIRST_S):
                response = await self._client.sync(
                    timeout=timeout, sync_filter=wanted, since=token or None, full_state=full_state or None
                )
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise _FailedError(type(error).__name__) from None
        if not isinstance(response, SyncResponse):
            raise self._failed(response)
        return response

    def _failed(self, response: Any) -> Exception:
        code = str(getattr(response, "status_code", "") or "")
        if is_refused(code):
            return refused(self._device)
        transport = response.transport_response
        pause = retry_after(response.retry_after_ms, transport.headers) if transport is not None else None
        return _FailedError(code or f"status {transport.status if transport is not None else '?'}", pause)

    async def _gaps(self, response: Any, token: str) -> dict[str, list[Any]]:
        gaps = {}
        for room_id, info in response.rooms.join.items():
            room = self._rooms.get(room_id)
            if (
                token
                and info.timeline.limited
                and info.timeline.prev_batch
                and room is not None
                and room.status == JOINED
            ):
                try:
                    gaps[room_id] = await fill(self._client, room_id, info.timeline.prev_batch, token)
                except GapError as error:
                    raise self._failed(error.response) from None
                except (aiohttp.ClientError, TimeoutError, OSError) as error:
                    raise _FailedError(type(error).__name__) from None
        return gaps

    def _alone(self, response: Any, *, everywhere: bool) -> list[str]:
        """Rooms that everybody else left."""
        found = []
        for room_id, info in response.rooms.join.items():
            room = self._client.rooms.get(room_id)
            moved = everywhere or any(
                e.source.get("type") == "m.room.member" for e in (*info.state, *info.timeline.events)
            )
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
