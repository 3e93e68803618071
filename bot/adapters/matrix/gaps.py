"""A sync gives the newest events of a room; what lies between them and the last sync is fetched here."""

from __future__ import annotations

from typing import Any

from bot.adapters.matrix.homeserver import Answer, Homeserver, route

PAGE = 100
MAX_PAGES = 50
"""5,000 events of one room: a longer silence than that is no talk any more."""


class GapError(Exception):
    """A gap could not be filled; `answer` is the homeserver's."""

    def __init__(self, answer: Answer) -> None:
        super().__init__("a gap could not be filled")
        self.answer = answer


async def fill(homeserver: Homeserver, room_id: str, before: str, since: str) -> list[dict[str, Any]]:
    """The events after `since` and before `before` (sync tokens), oldest first.

    Raises GapError, NotSentError or CutOffError."""
    events: list[dict[str, Any]] = []
    start = before
    for _ in range(MAX_PAGES):
        query = {"from": start, "to": since, "dir": "b", "limit": str(PAGE)}
        answer = await homeserver.call("GET", route("rooms", room_id, "messages"), query=query)
        chunk = answer.data.get("chunk")
        if not answer.good or not isinstance(chunk, list):
            raise GapError(answer)
        events.extend(chunk)
        end = answer.data.get("end")
        if not chunk or not isinstance(end, str) or end in (start, since):
            break
        start = end
    events.reverse()
    return events
