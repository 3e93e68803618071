"""Somebody whose program encrypts: a device of their own, through the library used as its own examples show."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
from nio import AsyncClient, AsyncClientConfig, MatrixRoom, RoomMessage, SyncResponse

from tests.peers.matrix_person import Person, Room

WITHIN_S = 15.0


class EncryptedRoom:
    """A room as somebody sees it who reads what is encrypted. `room` is the same, as the homeserver has it."""

    def __init__(self, client: AsyncClient, room: Room) -> None:
        self.client = client
        self.room = room
        self.texts: list[str] = []
        self.contents: list[dict[str, Any]] = []
        self._heard = asyncio.Event()
        self._taken = 0
        client.add_event_callback(self._on_message, RoomMessage)

    async def _on_message(self, room: MatrixRoom, event: Any) -> None:
        if room.room_id == self.room.id and event.sender != self.client.user_id:
            assert event.decrypted, "said in the clear"
            self.texts.append(event.source["content"]["body"])
            self.contents.append(event.source["content"])
            self._heard.set()

    async def says(self, text: str, **content: Any) -> None:
        message = {"msgtype": "m.text", "body": text, **content}
        await self.client.room_send(self.room.id, "m.room.message", message, ignore_unverified_devices=True)

    async def hears(self, words: str, within: float = WITHIN_S) -> str:
        try:
            async with asyncio.timeout(within):
                while True:
                    for number in range(self._taken, len(self.texts)):
                        if words in self.texts[number].replace("\u202f", " ").replace("\xa0", " "):
                            self._taken = number + 1
                            return self.texts[number]
                    self._heard.clear()
                    await self._heard.wait()
        except TimeoutError:
            raise AssertionError(f"{words!r} is not among {self.texts}") from None


@contextlib.asynccontextmanager
async def device(
    url: str, session: aiohttp.ClientSession, folder: Path, name: str = "zoe"
) -> AsyncIterator[tuple[Person, AsyncClient]]:
    """A person and their program, which syncs until the end of the block."""
    person = await Person.register(url, session, name)
    folder.mkdir(exist_ok=True)  # noqa: ASYNC240
    client = AsyncClient(url, person.user_id, person.device_id, str(folder), AsyncClientConfig(encryption_enabled=True))
    client.restore_login(person.user_id, person.device_id, person.token)
    first = await client.sync(full_state=True)
    assert isinstance(first, SyncResponse)
    await client.keys_upload()
    task = asyncio.create_task(client.sync_forever(timeout=20_000))
    try:
        yield person, client
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await client.close()
        await person.stop()


async def encrypted_talk(person: Person, client: AsyncClient, other: str) -> EncryptedRoom:
    """Opened with `other`, who has come."""
    room = await person.direct(other, encrypted=True)
    await room.has(other)
    async with asyncio.timeout(WITHIN_S):
        while room.id not in client.rooms or other not in client.rooms[room.id].users:
            await asyncio.sleep(0.05)
    return EncryptedRoom(client, room)
