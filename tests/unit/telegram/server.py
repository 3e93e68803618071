"""A Bot API server small enough to read: it records calls, and answers as each test tells it to."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

TOKEN = "42:secret-token"
ME = {"id": 42, "is_bot": True, "first_name": "Solidarité", "username": "solidarity_bot"}

Answer = Callable[[dict[str, str]], web.StreamResponse | None]
"""From the parameters of a call; None cuts the connection."""


def result(value: Any) -> web.Response:
    return web.json_response({"ok": True, "result": value})


def failure(status: int, description: str, **parameters: int) -> web.Response:
    body: dict[str, Any] = {"ok": False, "error_code": status, "description": description}
    return web.json_response(body | ({"parameters": parameters} if parameters else {}), status=status)


def text_update(update_id: int, text: str = "douche") -> dict[str, Any]:
    return {"update_id": update_id, "message": message(text=text, message_id=update_id)}


def message(**content: Any) -> dict[str, Any]:
    person = {"id": 7, "is_bot": False, "first_name": "Awa", "language_code": "fr-FR"}
    chat = {"id": 7, "type": "private", "first_name": "Awa"}
    return {"message_id": 1, "date": 1_800_000_000, "chat": chat, "from": person} | content


@dataclass
class BotApi:
    url: str = ""
    calls: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    planned: dict[str, list[Answer]] = field(default_factory=dict)
    """Answers to the next calls of a method; afterwards it works."""
    waiting: list[Any] = field(default_factory=list)
    """Updates to be delivered, until confirmed."""

    def plan(self, method: str, *answers: Answer) -> None:
        self.planned.setdefault(method, []).extend(answers)

    def made(self, method: str) -> list[dict[str, str]]:
        return [parameters for name, parameters in self.calls if name == method]

    async def handle(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        form = await request.post()
        parameters = {
            name: f"file:{value.filename}" if isinstance(value, web.FileField) else str(value)
            for name, value in form.items()
        }
        self.calls.append((method, parameters))
        if self.planned.get(method):
            answer = self.planned[method].pop(0)(parameters)
            if answer is None:
                assert request.transport is not None
                request.transport.close()
                return web.Response()
            return answer
        if method == "getUpdates":
            return await self._updates(int(parameters.get("offset", "0")))
        if method == "getMe":
            return result(ME)
        if method.startswith("send"):
            return result({"message_id": len(self.calls), "date": 1, "chat": {"id": 7, "type": "private"}, "text": "x"})
        return result(True)

    async def _updates(self, offset: int) -> web.StreamResponse:
        self.waiting = [
            each for each in self.waiting if not isinstance(each, dict) or each.get("update_id", offset) >= offset
        ]
        if not self.waiting:
            await asyncio.sleep(0.01)
        return result(self.waiting[:100])


@asynccontextmanager
async def bot_api() -> AsyncIterator[BotApi]:
    api = BotApi()
    app = web.Application()
    app.router.add_post(f"/bot{TOKEN}/{{method}}", api.handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    api.url = "http://{}:{}".format(*runner.addresses[0][:2])
    try:
        yield api
    finally:
        await runner.cleanup()


async def until(condition: Callable[[], bool]) -> None:
    """Waits for what a background task does; the test run's own limit ends it when that never happens."""
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.005)


def reply_markup(parameters: dict[str, str]) -> Any:
    return json.loads(parameters["reply_markup"])
