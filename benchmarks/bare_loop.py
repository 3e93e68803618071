"""What the HTTP library can do: messages in a loop, kept nowhere; prints the seconds of the processor that it took.

python -m benchmarks.bare_loop API_URL TOKEN FIRST COUNT FLIGHT."""

from __future__ import annotations

import asyncio
import sys
import time

from bot.adapters.telegram.request import AiohttpRequest
from bot.adapters.telegram.send import OutboxBot


async def run(url: str, token: str, first: int, count: int, flight: int) -> None:
    bot = OutboxBot(token, base_url=f"{url}/bot", request=AiohttpRequest(flight), get_updates_request=AiohttpRequest(1))
    await bot.initialize()
    chats = iter(range(first, first + count))

    async def send() -> None:
        for chat in chats:
            await bot.say("sendMessage", chat_id=str(chat), text="Bonjour")

    before = time.process_time()
    await asyncio.gather(*(send() for _ in range(flight)))
    print(time.process_time() - before)
    await bot.shutdown()


if __name__ == "__main__":
    asyncio.run(run(sys.argv[1], sys.argv[2], *map(int, sys.argv[3:])))
