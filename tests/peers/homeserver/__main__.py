"""python -m tests.peers.homeserver: the fake as a process of its own, for benchmarks, until it is interrupted."""

from __future__ import annotations

import asyncio
import contextlib
import signal

from aiohttp import web

from tests.peers.homeserver.load import Load
from tests.peers.homeserver.server import FakeHomeserver


async def run() -> None:
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    loads: list[Load] = []
    homeserver = FakeHomeserver()

    async def load(request: web.Request) -> web.Response:
        given = await request.json()
        loads.append(Load(homeserver, given["questions"], given["count"]))
        loads[-1].prepare()
        return web.json_response({})

    async def start(request: web.Request) -> web.Response:
        loads[-1].start((await request.json())["in_flight"])
        return web.json_response({})

    async def result(_request: web.Request) -> web.Response:
        return web.json_response(loads[-1].result())

    async def synced(_request: web.Request) -> web.Response:
        return web.json_response({"synced": homeserver.calls.count("sync")})

    async with homeserver.serve():
        control = web.Application()
        control.router.add_post("/load", load)
        control.router.add_post("/start", start)
        control.router.add_post("/result", result)
        control.router.add_post("/synced", synced)
        runner = web.AppRunner(control, access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        assert site._server is not None
        port = site._server.sockets[0].getsockname()[1]  # type: ignore[attr-defined]
        print(homeserver.url, f"http://127.0.0.1:{port}", flush=True)  # noqa: T201
        await stop.wait()
        await runner.cleanup()


with contextlib.suppress(KeyboardInterrupt):
    asyncio.run(run())
