"""A sync gives the newest events of a room; what lies between them and the last sync is fetched here."""

from __future__ import annotations

from typing import Any

from nio import AsyncClient
from nio.responses import RoomMessagesResponse

PAGE = 100
MAX_PAGES = 50
"""5,000 events of one room: a longer silence than that is no talk any more."""


class GapError(Exception):
    """A gap could not be filled; `response` is the homeserver's."""

    def __init__(self, response: Any) -> None:
        super().__init__("a gap could not be filled")
        self.response = response


async def fill(client: AsyncClient, room_id: str, before: str, since: str) -> list[Any]:
    """The events after `since` and before `before` (sync tokens), oldest first, decrypted where the keys are there.

    Raises GapError, or what the connection raises."""
    events: list[Any] = []
    start = before
    for _ in range(MAX_PAGES):
        response = await client.room_messages(room_id, start=start, end=since, limit=PAGE)
        if not isinstance(response, RoomMessagesResponse):
            raise GapError(response)
        events.extend(response.chunk)
        if not response.chunk or not response.end or response.end in (start, since):
            break
        start = response.end
    events.reverse()
    return events
