"""python -m tests.peers.bot_api --port 8081: the fake as a process of its own, until it is interrupted."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import signal

from tests.peers.bot_api.api import TOKEN, FakeBotApi
from tests.peers.bot_api.rates import Limits


async def run(options: argparse.Namespace) -> None:
    limits = Limits.lifted() if options.no_limits else Limits()
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    async with FakeBotApi(token=options.token, limits=limits).serve(port=options.port) as api:
        print(api.url, flush=True)  # noqa: T201
        await stop.wait()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one; the address is printed")
    parser.add_argument("--token", default=TOKEN)
    parser.add_argument("--no-limits", action="store_true", help="lift the limits on messages per second")
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(run(parser.parse_args()))


main()
