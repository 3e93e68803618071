"""The fake over HTTP, as Telegram speaks it, with what can go wrong on the way."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote

from aiohttp import web

from tests.peers.bot_api.control import Control
from tests.peers.bot_api.errors import ApiError, too_many_requests, unauthorized
from tests.peers.bot_api.faults import Fault, Trouble
from tests.peers.bot_api.files import File
from tests.peers.bot_api.rates import EVERYWHERE

if TYPE_CHECKING:
    from tests.peers.bot_api.api import FakeBotApi
    from tests.peers.bot_api.arguments import Arguments

GATEWAY = "<html>\r\n<head><title>{0}</title></head>\r\n<body><center><h1>{0}</h1></center></body>\r\n</html>\r\n"
GATEWAYS = {502: "502 Bad Gateway", 504: "504 Gateway Time-out"}
MAX_BODY = 50 << 20
"""Bytes of an upload. Source: Telegram Bot API, "Sending files"."""


class Server:
    def __init__(self, api: FakeBotApi) -> None:
        self._api = api
        self._prefix = f"/bot{api.token}/"
        self._files = f"/file/bot{api.token}/files/"
        self._control = Control(api)
        self._web: web.Server | None = None
        self._listener: asyncio.Server | None = None

    async def start(self, host: str, port: int) -> None:
        self._web = web.Server(self._handle, access_log=None, handler_cancellation=True)
        self._listener = await asyncio.get_running_loop().create_server(self._web, host, port, backlog=1024)
        self._api.url = f"http://{host}:{self._listener.sockets[0].getsockname()[1]}"

    async def stop(self) -> None:
        assert self._web is not None
        assert self._listener is not None
        self._listener.close()
        await self._control.stop()
        await self._web.shutdown(0.1)

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        path, _, query = request.raw_path.partition("?")
        path = unquote(path)
        if path.startswith("/control/"):
            return await self._control.handle(request, path.removeprefix("/control/"))
        if path.startswith(self._files):
            file = self._api.files.get(path.removeprefix(self._files))
            return _refusal(ApiError(404, "Not Found")) if file is None else web.Response(body=file.content)
        if not path.startswith(self._prefix):
            error = unauthorized() if path.startswith("/bot") else ApiError(404, "Not Found")
            self._api.violations[error.description] += 1
            return _refusal(error)
        method = path.removeprefix(self._prefix).lower()
        try:
            arguments = await _arguments(request, query)
        except ValueError:
            return _refusal(ApiError(400, "Bad Request: can't parse the request"))
        fault = self._api.faults.meet(method, _chat(arguments)) if self._api.faults.rules else None
        if fault is None:
            return await self._answer(method, arguments)
        return await self._fail(fault, request, method, arguments)

    async def _answer(self, method: str, arguments: Arguments) -> web.Response:
        try:
            return _json(await self._api.call(method, arguments))
        except ApiError as error:
            return _refusal(error)

    async def _fail(
        self, fault: Fault, request: web.BaseRequest, method: str, arguments: Arguments
    ) -> web.StreamResponse:
        match fault.trouble:
            case Trouble.ERROR if fault.code in GATEWAYS:
                text = GATEWAY.format(GATEWAYS[fault.code])
                return web.Response(status=fault.code, text=text, content_type="text/html")
            case Trouble.ERROR:
                return _refusal(ApiError(fault.code, "Internal Server Error"))
            case Trouble.FLOOD:
                chat = _chat(arguments)
                key = EVERYWHERE if chat is None else chat
                return _refusal(too_many_requests(self._api.rates.close(key, fault.seconds, self._api.clock())))
            case Trouble.HANG:
                await asyncio.Event().wait()
            case Trouble.CUT_BEFORE:
                return _cut(request)
            case Trouble.LATE:
                await asyncio.sleep(fault.seconds)
        before = len(self._api.sent)
        response = await self._answer(method, arguments)
        match fault.trouble:
            case Trouble.SLOW:
                await asyncio.sleep(fault.seconds)
            case Trouble.GARBAGE:
                return web.Response(body=b"<!doctype html>", content_type="application/json")
            case Trouble.CUT_AFTER:
                for sent in self._api.sent[before:]:
                    sent.lost = True
                return _cut(request)
        return response


async def _arguments(request: web.BaseRequest, query: str) -> Arguments:
    """Of the query string, a JSON object, a form or a form with files. Raises ValueError."""
    arguments: Arguments = dict(parse_qsl(query)) if query else {}
    if request.method != "POST":
        return arguments
    kind = request.headers.get("Content-Type", "")
    if kind.startswith("multipart/form-data"):
        fields = await request.post()
        return arguments | {name: _field(value) for name, value in fields.items()}
    body = await request.read()
    if kind.startswith("application/json"):
        found = json.loads(body or b"{}")
        if not isinstance(found, dict):
            raise ValueError("not an object")
        return arguments | found
    return arguments | dict(parse_qsl(body.decode(), keep_blank_values=True))


def _field(value: Any) -> str | File:
    if isinstance(value, web.FileField):
        return File(value.filename, value.file.read())
    return str(value)


def _chat(arguments: Arguments) -> int | None:
    name = str(arguments.get("chat_id", ""))
    return int(name) if name.removeprefix("-").isdigit() else None


def _json(body: bytes, status: int = 200) -> web.Response:
    return web.Response(body=body, status=status, content_type="application/json")


def _refusal(error: ApiError) -> web.Response:
    response = _json(json.dumps(error.payload()).encode(), error.code)
    if error.parameters and "retry_after" in error.parameters:
        response.headers["Retry-After"] = str(error.parameters["retry_after"])
    return response


def _cut(request: web.BaseRequest) -> web.Response:
    """Ends the connection without a word."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
