"""The bare matrix-nio bot that ours is compared with: python -m benchmarks.nio_echo URL USER PASSWORD [concurrent].

As the library's own examples write it: the callback answers and returns; with `concurrent`, each answer is a task.
"""

from __future__ import annotations

import asyncio
import sys
from typing import Any

from nio import AsyncClient, MatrixRoom, RoomMessageText


async def main() -> None:
    url, user, password, *concurrent = sys.argv[1:]
    client = AsyncClient(url, user)
    await client.login(password)
    tasks: set[asyncio.Task[Any]] = set()

    async def answer(room: MatrixRoom, event: RoomMessageText) -> None:
        await client.room_send(room.room_id, "m.room.message", {"msgtype": "m.notice", "body": event.body})

    async def echo(room: MatrixRoom, event: RoomMessageText) -> None:
        if event.sender == client.user_id:
            return
        if concurrent:
            task = asyncio.create_task(answer(room, event))
            tasks.add(task)
            task.add_done_callback(tasks.discard)
        else:
            await answer(room, event)

    await client.sync(full_state=True)
    await client.sync()
    for room_id in list(client.invited_rooms):
        await client.join(room_id)
    client.add_event_callback(echo, RoomMessageText)
    await client.sync_forever(30_000)


asyncio.run(main())
