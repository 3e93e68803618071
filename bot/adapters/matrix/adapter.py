"""Matrix, wired together."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog

from bot.adapters.adapter import Delivery, Receive, Retry
from bot.adapters.matrix.addressed import Me
from bot.adapters.matrix.courtesies import Courtesies
from bot.adapters.matrix.cross_signing import bootstrap
from bot.adapters.matrix.encryption import Encryption
from bot.adapters.matrix.errors import DEAD_TOKEN
from bot.adapters.matrix.homeserver import CutOffError, NotSentError, route
from bot.adapters.matrix.login import Account, Device, log_in, patiently, refused
from bot.adapters.matrix.media import MAX_FETCHED, Uploads, fetch
from bot.adapters.matrix.reading import Reader
from bot.adapters.matrix.receive import PLATFORM
from bot.adapters.matrix.render import LIMITS, Event, render
from bot.adapters.matrix.rooms import Policy, Rooms
from bot.adapters.matrix.send import Sending
from bot.adapters.matrix.sync import STALLED_S, Syncing
from bot.adapters.matrix.vault import Vault
from bot.attachments import Attachments
from bot.messages import File, Limits, Outgoing
from storage import matrix
from storage.database import Database

log = structlog.get_logger(__name__)

NOT_YET_S = 0.5
ANYBODY = Policy()
"""Talks with one person, no rooms."""


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(slots=True)
class _Open:
    """What there is while this process listens, and until it is opened anew or stopped."""

    device: Device
    syncing: Syncing
    sending: Sending


class MatrixAdapter:
    """`Adapter[Event]` for Matrix.

    The device is opened by whoever holds the lease, in `listen`: two processes with the same keys would spoil them.
    `commands`: names that make `!name` a command in a room. `now` is the wall clock, aware; `clock` counts seconds.
    """

    name: str = PLATFORM
    limits: Limits = LIMITS

    def __init__(
        self,
        account: Account,
        database: Database,
        policy: Policy = ANYBODY,
        *,
        commands: Collection[str] = (),
        now: Callable[[], datetime] = _utc_now,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._account = account
        self._database = database
        self._policy = policy
        self._commands = frozenset(commands)
        self._now = now
        self._clock = clock
        self._receive: Receive | None = None
        self._open: _Open | None = None
        self._opened_at: float | None = None

    async def start(self, receive: Receive) -> None:
        """Raises Fatal for a passphrase that does not fit, and for lost keys."""
        await asyncio.to_thread(Vault(self._account.store, self._account.passphrase).read)
        self._receive = receive

    async def listen(self) -> None:
        """Only under the lease. Raises Fatal for a login or token refused."""
        if self._receive is None:
            raise RuntimeError("listen() before start()")
        await self._close()
        self._opened_at = self._clock()
        device = await log_in(self._account)
        try:
            await self._listen(device, self._receive)
        finally:
            if self._open is None:
                await device.close()

    async def _listen(self, device: Device, receive: Receive) -> None:
        homeserver, user_id = device.homeserver, device.secrets.user_id
        profile = await patiently(homeserver, "GET", route("profile", user_id, "displayname"))
        if profile.code in DEAD_TOKEN:
            raise refused(device)
        name = profile.data.get("displayname")
        me = Me(user_id, name if isinstance(name, str) else "", self._commands)
        token = await self._database.read(lambda c: matrix.read_up_to(c, user_id))
        rooms = Rooms(self._database, homeserver, self._clock)
        await rooms.load()
        encryption = Encryption(device.client, homeserver)
        courtesies = Courtesies(homeserver, user_id, self._clock)
        reader = Reader(device.client, me, self._policy, rooms.get, self._now)
        syncing = Syncing(
            device, encryption, rooms, reader, courtesies, self._database, receive, self._now, self._clock
        )
        uploads = Uploads(homeserver, Attachments(self._database))
        sending = Sending(homeserver, encryption, rooms, courtesies, self._successor, self._clock, uploads)
        self._open = _Open(device, syncing, sending)
        await self._make_known(device, encryption)
        tasks = [asyncio.create_task(work) for work in (rooms.join_invited(), courtesies.run())]
        try:
            await syncing.run(token)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _make_known(self, device: Device, encryption: Encryption) -> None:
        """Publishes the device's keys, and signs them. Best effort, once more at each start."""
        with suppress(NotSentError, CutOffError):
            await encryption.tend()
            await bootstrap(device, self._account.password)

    def _successor(self, room_id: str) -> str | None:
        room = self._open.device.client.rooms.get(room_id) if self._open is not None else None
        return room.replacement_room if room is not None else None

    def not_ready(self) -> str:
        """Why no message can arrive here, "" when it can. A process without the lease has nothing to be late with."""
        if self._opened_at is None:
            return ""
        last = self._open.syncing.last_sync if self._open is not None else None
        if last is not None and self._clock() - last < STALLED_S:
            return ""
        return f"no sync has succeeded for {STALLED_S:.0f} s, or none yet"

    def render(self, outgoing: Outgoing) -> list[Event]:
        return render(outgoing)

    async def send(self, part: Event, key: str) -> Delivery:
        """Waits for the first sync: before it nobody knows which rooms are encrypted by now."""
        if self._open is None or not self._open.syncing.synced.is_set():
            return Retry(NOT_YET_S)
        return await self._open.sending.send(part, key)

    async def fetch(self, file: File) -> bytes | None:
        """Only where the device is open."""
        if self._open is None or file.size > MAX_FETCHED:
            return None
        return await fetch(self._open.device.homeserver, file)

    async def stop(self) -> None:
        await self._close()

    async def _close(self) -> None:
        if self._open is not None:
            opened, self._open = self._open, None
            await opened.device.close()
