"""Keys: ours to others, others' to us, and what is said in encrypted rooms.

Written policy: devices that nobody verified get the keys of the rooms they are in. The bot talks to the public; it has no
way to tell whose device is whose, and would otherwise be mute.
"""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import structlog
from nio import AsyncClient
from nio.responses import KeysUploadResponse

from bot.adapters.matrix.homeserver import Answer, CutOffError, Homeserver, NotSentError, route

SILENT_S = 60.0

log = structlog.get_logger(__name__)


class NotSealedError(Exception):
    """The keys of a message could not be given to those who are to read it; `answer` is what the homeserver said to that."""

    def __init__(self, answer: Answer | None = None) -> None:
        super().__init__("keys could not be shared")
        self.answer = answer


class Encryption:
    def __init__(self, client: AsyncClient, homeserver: Homeserver) -> None:
        self._client = client
        self._olm: Any = client.olm
        self._homeserver = homeserver
        self._rooms: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._querying = asyncio.Lock()
        self._tending = asyncio.Lock()
        self._silent: dict[str, float] = {}

    async def seal(self, room_id: str, kind: str, content: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        """The event as it may leave. Raises NotSealedError; never gives back anything readable."""
        room = self._client.rooms.get(room_id)
        if room is None:
            raise NotSealedError
        room.encrypted = True
        room.members_synced = True  # members are not loaded lazily: each sync brings them all
        async with self._rooms[room_id]:
            await self._know_devices(room)
            if self._olm.should_share_group_session(room_id):
                await self._share(room_id, list(room.users))
        sealed_kind, sealed = self._client.encrypt(room_id, kind, dict(content))
        if sealed_kind != "m.room.encrypted":
            raise NotSealedError
        return sealed_kind, sealed

    async def _know_devices(self, room: Any) -> None:
        self._olm.update_tracked_users(room)
        self._olm.users_for_key_query -= self._silent.keys()
        if not await self._query():
            raise NotSealedError

    async def _query(self) -> bool:
        """Learns of new devices. People whose homeserver does not answer are asked for again later: nobody waits for them."""
        async with self._querying:
            asked = set(self._olm.users_for_key_query)
            if not asked:
                return True
            if await self._library(self._client.keys_query()) is None:
                return False
            silent = asked & self._olm.users_for_key_query
            self._olm.users_for_key_query -= silent
            self._silent |= dict.fromkeys(silent, time.monotonic() + SILENT_S)
            return True

    async def _share(self, room_id: str, users: list[str]) -> None:
        """Counts as shared only once the homeserver took every part of it: nobody is left with a message and no key."""
        missing = self._client.get_missing_sessions(room_id)
        if missing and await self._library(self._client.keys_claim(missing)) is None:
            raise NotSealedError
        parts = list(self._olm.share_group_session_parallel(room_id, users, ignore_unverified_devices=True))
        session = self._olm.outbound_group_sessions[room_id]
        for readers, body in parts:
            answer = await self._call("PUT", route("sendToDevice", "m.room.encrypted", uuid4().hex), body)
            if answer is None or not answer.good:
                raise NotSealedError(answer)
            session.users_shared_with.update(readers)
        session.shared = True

    @property
    def has_work(self) -> bool:
        client = self._client
        return bool(
            client.should_upload_keys
            or client.should_query_keys
            or client.should_claim_keys
            or client.outgoing_to_device_messages
            or self._silent
        )

    async def tend(self) -> None:
        """After a sync: uploads one-time keys that are used up, learns of new devices, mends sessions, asks for keys.
        What fails is done after the next one."""
        async with self._tending:
            await self._upload()
            self._ask_the_silent_again()
            await self._query()
            if self._client.should_claim_keys:
                await self._library(self._client.keys_claim(self._client.get_users_for_key_claiming()))
            for message in list(self._client.outgoing_to_device_messages):
                await self._library(self._client.to_device(message))

    def _ask_the_silent_again(self) -> None:
        now = time.monotonic()
        due = {user for user, when in self._silent.items() if when <= now}
        for user in due:
            del self._silent[user]
        self._olm.users_for_key_query |= due

    async def _upload(self) -> None:
        """Written down before they are published: a key that others use and we have lost would cost a message."""
        if not self._client.should_upload_keys:
            return
        keys = self._olm.share_keys()
        self._olm.save_account()
        answer = await self._call("POST", route("keys", "upload"), keys)
        if answer is not None and answer.good:
            counts = answer.data.get("one_time_key_counts", {})
            self._olm.handle_response(KeysUploadResponse(0, int(counts.get("signed_curve25519", 0))))

    def one_time_keys_left(self, count: int | None) -> None:
        """The library takes none left for not being told."""
        if count is not None:
            self._olm.uploaded_key_count = count

    def ask_for_key(self, event: Any) -> None:
        """Asks the device that wrote a message for its key; sent with the next `tend`."""
        if event.session_id not in self._client.outgoing_key_requests:
            message = event.as_key_request(event.sender, self._client.device_id, device_id=event.device_id)
            if all(waiting != message for waiting in self._client.outgoing_to_device_messages):
                self._client.outgoing_to_device_messages.append(message)

    async def _call(self, method: str, path: str, body: Mapping[str, Any]) -> Answer | None:
        try:
            return await self._homeserver.call(method, path, body)
        except (NotSentError, CutOffError):
            return None

    async def _library(self, call: Any) -> Any | None:
        """The library's answer; None when it failed, which it says in two ways."""
        try:
            response = await call
        except Exception as error:
            log.warning("matrix.keys_failed", error=type(error).__name__)
            return None
        if hasattr(response, "status_code"):
            log.warning("matrix.keys_failed", code=response.status_code)
            return None
        return response
