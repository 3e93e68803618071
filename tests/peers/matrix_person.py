"""Somebody on Matrix, over plain HTTP: nothing of the bot's own libraries is between them and the homeserver."""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import aiohttp

PASSWORD = "correct horse battery staple"
WITHIN_S = 15.0


class MatrixError(Exception):
    def __init__(self, status: int, data: Mapping[str, Any]) -> None:
        super().__init__(f"{status} {data}")
        self.status = status
        self.data = data


@dataclass
class Person:
    """`heard`: every event of the others, room by room, as the sync gives them."""

    url: str
    user_id: str
    token: str
    device_id: str
    session: aiohttp.ClientSession
    events: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    _since: str = ""
    _task: asyncio.Task[None] | None = None
    _changed: asyncio.Event = field(default_factory=asyncio.Event)
    _taken: dict[str, int] = field(default_factory=dict)

    @classmethod
    async def register(cls, url: str, session: aiohttp.ClientSession, name: str = "ada") -> Person:
        user = f"{name}-{secrets.token_hex(4)}"
        body = {"username": user, "password": PASSWORD, "auth": {"type": "m.login.dummy"}}
        async with session.post(f"{url}/_matrix/client/v3/register", json=body) as response:
            data = await response.json()
            assert response.status == 200, data
        return cls(url, data["user_id"], data["access_token"], data["device_id"], session)

    async def call(self, method: str, *path: str, body: Any = None, **query: str) -> Any:
        """Raises MatrixError."""
        address = "/".join(quote(part, safe="") for part in path)
        async with self.session.request(
            method, f"{self.url}/_matrix/client/v3/{address}", params=query,
            data=None if body is None else json.dumps(body), headers={"Authorization": f"Bearer {self.token}"},
        ) as response:  # fmt: skip
            data = await response.json()
            if response.status >= 300:
                raise MatrixError(response.status, data)
            return data

    async def direct(self, other: str, *, encrypted: bool = False) -> Room:
        """A talk with `other`, as Element opens it."""
        return await self.room(other, is_direct=True, preset="trusted_private_chat", encrypted=encrypted)

    async def room(self, *others: str, encrypted: bool = False, **creation: Any) -> Room:
        creation = {"preset": "private_chat", "invite": list(others)} | creation
        if encrypted:
            algorithm = {"algorithm": "m.megolm.v1.aes-sha2"}
            creation["initial_state"] = [{"type": "m.room.encryption", "state_key": "", "content": algorithm}]
        created = await self.call("POST", "createRoom", body=creation)
        return Room(self, created["room_id"])

    async def invite(self, room_id: str, other: str) -> None:
        await self.call("POST", "rooms", room_id, "invite", body={"user_id": other})

    async def join(self, room_id: str) -> Room:
        await self.call("POST", "join", room_id, body={})
        return Room(self, room_id)

    def listen(self) -> None:
        if self._task is None:
            self._task = asyncio.create_task(self._listen())

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _listen(self) -> None:
        wanted = json.dumps({"room": {"timeline": {"limit": 500}, "ephemeral": {"types": ["m.typing", "m.receipt"]}}})
        while True:
            try:
                query = {"timeout": "20000", "filter": wanted} | ({"since": self._since} if self._since else {})
                data = await self.call("GET", "sync", **query)
            except (aiohttp.ClientError, MatrixError, TimeoutError, OSError):
                await asyncio.sleep(0.2)
                continue
            self._since = data["next_batch"]
            for room_id, room in data.get("rooms", {}).get("join", {}).items():
                events = [*room["timeline"]["events"], *room.get("ephemeral", {}).get("events", [])]
                self.events.setdefault(room_id, []).extend(events)
            self._changed.set()

    async def until(self, condition: Callable[[], Any], within: float = WITHIN_S) -> Any:
        """Raises TimeoutError."""
        self.listen()
        async with asyncio.timeout(within):
            while not (found := condition()):
                self._changed.clear()
                await self._changed.wait()
        return found


@dataclass
class Room:
    """A room as one person sees it."""

    person: Person
    id: str

    async def send(self, content: Mapping[str, Any], kind: str = "m.room.message") -> str:
        sent = await self.person.call(
            "PUT", "rooms", self.id, "send", kind, secrets.token_hex(8), body={"msgtype": "m.text", **content}
        )
        return str(sent["event_id"])

    async def says(self, text: str, **content: Any) -> str:
        return await self.send({"body": text, **content})

    async def reacts(self, to: str, key: str) -> str:
        relation = {"rel_type": "m.annotation", "event_id": to, "key": key}
        return await self.send({"m.relates_to": relation}, "m.reaction")

    async def shares(self, latitude: float, longitude: float) -> str:
        uri = f"geo:{latitude},{longitude};u=20"
        return await self.send({"msgtype": "m.location", "body": "Position", "geo_uri": uri})

    @property
    def events(self) -> list[dict[str, Any]]:
        """What others did, in order."""
        return [e for e in self.person.events.get(self.id, []) if e.get("sender") != self.person.user_id]

    @property
    def messages(self) -> list[dict[str, Any]]:
        return [e for e in self.events if e["type"] == "m.room.message"]

    @property
    def texts(self) -> list[str]:
        return [e["content"]["body"] for e in self.messages]

    def signs(self, under: str) -> list[str]:
        """Reactions of others to a message."""
        relations = [e["content"].get("m.relates_to", {}) for e in self.events if e["type"] == "m.reaction"]
        return [relation["key"] for relation in relations if relation.get("event_id") == under]

    async def hears(self, words: str = "", within: float = WITHIN_S) -> dict[str, Any]:
        """The next message with these words; those before it are passed over. Raises AssertionError."""

        def found() -> dict[str, Any] | None:
            messages = self.messages
            for number in range(self.person._taken.get(self.id, 0), len(messages)):
                if words in messages[number]["content"].get("body", "").replace("\u202f", " ").replace("\xa0", " "):
                    self.person._taken[self.id] = number + 1
                    return messages[number]
            return None

        try:
            return await self.person.until(found, within)
        except TimeoutError:
            raise AssertionError(f"{words!r} is not among {self.texts}") from None

    async def has(self, user_id: str, membership: str = "join", within: float = WITHIN_S) -> None:
        """Raises AssertionError."""
        deadline = time.monotonic() + within
        while time.monotonic() < deadline:
            state = None
            with contextlib.suppress(MatrixError):
                state = await self.person.call("GET", "rooms", self.id, "state", "m.room.member", user_id)
            if state is not None and state.get("membership") == membership:
                return
            await asyncio.sleep(0.1)
        raise AssertionError(f"{user_id} is not {membership} in {self.id}")
