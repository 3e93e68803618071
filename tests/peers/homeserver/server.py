"""The homeserver's HTTP side."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

from aiohttp import web

from tests.peers.homeserver.faults import Fault, Faults, Trouble
from tests.peers.homeserver.stream import BOT, FakeRoom, Stream

USER, TOKEN, PASSWORD = BOT, "fake-token", "fake-password"
CLIENT = "/_matrix/client/v3"


class FakeHomeserver:
    """`faults` meets calls; `on_sent` hears of every new event of the bot's."""

    def __init__(self) -> None:
        self.stream = Stream()
        self.faults = Faults()
        self.calls: list[str] = []
        self.on_sent: Callable[[str, dict[str, Any]], None] = lambda _room, _event: None
        self.token_good = True
        self.url = ""
        self._port = 0
        self._runner: web.AppRunner | None = None
        self._changed = asyncio.Event()

    def room(self, person: str = "@ada:fake.test", **kind: bool) -> FakeRoom:
        room = self.stream.room(person, **kind)
        self._tell()
        return room

    def says(self, room: FakeRoom, text: str, **content: Any) -> str:
        event = self.stream.add(room.id, room.person, "m.room.message", {"msgtype": "m.text", "body": text, **content})
        self._tell()
        return str(event["event_id"])

    def reacts(self, room: FakeRoom, under: str, key: str) -> None:
        relation = {"rel_type": "m.annotation", "event_id": under, "key": key}
        self.stream.add(room.id, room.person, "m.reaction", {"m.relates_to": relation})
        self._tell()

    def _tell(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    async def until(self, condition: Callable[[], bool], within: float = 10.0) -> None:
        """Raises TimeoutError."""
        async with asyncio.timeout(within):
            while not condition():
                await asyncio.sleep(0.01)

    @contextlib.asynccontextmanager
    async def serve(self, port: int = 0) -> AsyncIterator[FakeHomeserver]:
        self._port = port
        await self.back()
        try:
            yield self
        finally:
            await self.away()

    async def back(self) -> None:
        application = web.Application()
        application.router.add_route("*", "/_matrix/client/{tail:.*}", self._handle)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port, reuse_address=True)
        await site.start()
        assert site._server is not None
        self._port = site._server.sockets[0].getsockname()[1]  # type: ignore[attr-defined]
        self.url = f"http://127.0.0.1:{self._port}"

    async def away(self) -> None:
        """No connection any more until `back`; what happens meanwhile is there then."""
        if self._runner is not None:
            self._tell()
            await self._runner.cleanup()
            self._runner = None

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        path = request.path.removeprefix(CLIENT).removeprefix("/_matrix/client").strip("/").split("/")
        call, room = _named(path)
        self.calls.append(call)
        fault = self.faults.draw(call, room)
        if fault is not None and (answer := await _meet(fault, request)) is not None:
            return answer
        if not self.token_good and call != "login":
            return web.json_response({"errcode": "M_UNKNOWN_TOKEN", "error": "Unknown token"}, status=401)
        result = await self._answer(call, path, request)
        if fault is not None and fault.trouble is Trouble.CUT_AFTER:
            return _cut(request)
        if fault is not None and fault.trouble is Trouble.GARBAGE:
            return web.Response(text="<html>", content_type="text/html")
        return result

    async def _answer(self, call: str, path: list[str], request: web.Request) -> web.Response:
        match call:
            case "login":
                device = (await request.json()).get("device_id", "FAKE")
                return web.json_response({"user_id": USER, "access_token": TOKEN, "device_id": device})
            case "whoami":
                return web.json_response({"user_id": USER, "device_id": "FAKE"})
            case "profile":
                return web.json_response({"displayname": "bot"})
            case "sync":
                return await self._sync(request)
            case "send":
                return await self._send(path, request)
            case "messages":
                query = request.query
                found = self.stream.messages(
                    path[1], int(query["from"][1:]), int(query.get("to", "s0")[1:]), int(query.get("limit", 10))
                )
                return web.json_response(found)
            case "join":
                room = self.stream.rooms[path[-1] if path[0] == "join" else path[1]]
                room.joined = True
                self.stream.touch(room)
                self._tell()
                return web.json_response({"room_id": room.id})
            case "keys_upload":
                return web.json_response({"one_time_key_counts": {"signed_curve25519": 100}})
            case "keys_query":
                return web.json_response({"device_keys": {}, "failures": {}})
        return web.json_response({})

    async def _sync(self, request: web.Request) -> web.Response:
        query = request.query
        since = int(query["since"][1:]) if "since" in query else 0
        wanted = json.loads(query.get("filter", "{}"))
        limit = wanted.get("room", {}).get("timeline", {}).get("limit", 10)
        full_state = query.get("full_state") == "true"
        changed = self._changed
        if since and not full_state and self.stream.position <= since:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(int(query.get("timeout", 0)) / 1000):
                    await changed.wait()
            await asyncio.sleep(0)  # what happens at once comes at once
        return web.json_response(self.stream.sync(since, limit, full_state=full_state))

    async def _send(self, path: list[str], request: web.Request) -> web.Response:
        _, room_id, _, kind, txn = path
        before = self.stream.position
        event = self.stream.add(room_id, USER, kind, await request.json(), txn)
        if self.stream.position > before:
            self.on_sent(room_id, event)
            self._tell()
        return web.json_response({"event_id": event["event_id"]})


def _named(path: list[str]) -> tuple[str, str]:
    """The call's name, and its room."""
    match path:
        case ["rooms", room, call, *_]:
            return call, room
        case ["join", room]:
            return "join", room
        case ["account", "whoami"]:
            return "whoami", ""
        case ["keys", *rest]:
            return "keys_" + "_".join(rest), ""
        case [call, *_]:
            return call, ""
    return "", ""


async def _meet(fault: Fault, request: web.Request) -> web.StreamResponse | None:
    """The answer instead of the right one, None when that is still to be made."""
    match fault.trouble:
        case Trouble.ERROR if fault.errcode:
            return web.json_response({"errcode": fault.errcode, "error": "as told"}, status=fault.code)
        case Trouble.ERROR:
            return web.Response(status=fault.code, text="<html>Bad Gateway</html>", content_type="text/html")
        case Trouble.CUT_BEFORE:
            return _cut(request)
        case Trouble.FLOOD:
            body: dict[str, Any] = {"errcode": "M_LIMIT_EXCEEDED", "error": "Too Many Requests"}
            if fault.form != "header":
                body["retry_after_ms"] = int(fault.seconds * 1000)
            headers = {} if fault.form == "body" else {"Retry-After": str(max(1, round(fault.seconds)))}
            return web.json_response(body, status=429, headers=headers)
        case Trouble.LATE:
            await asyncio.sleep(fault.seconds)
    return None


def _cut(request: web.Request) -> web.StreamResponse:
    assert request.transport is not None
    request.transport.abort()
    raise ConnectionResetError
