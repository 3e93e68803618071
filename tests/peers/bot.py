"""The plainest bot there is: it calls the fake over HTTP and gives back what the fake answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import aiohttp

from tests.peers.bot_api import ApiError, FakeBotApi

BUTTON = {"text": "b", "callback_data": "b"}


class Clock:
    def __init__(self) -> None:
        self.now = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Bot:
    """A bot that calls the fake over HTTP, in JSON."""

    api: FakeBotApi
    session: aiohttp.ClientSession

    async def __call__(self, method: str, **arguments: Any) -> Any:
        """The result. Raises ApiError."""
        async with self.session.post(f"{self.api.url}/bot{self.api.token}/{method}", json=arguments) as response:
            answer = await response.json()
        assert response.status == (200 if answer["ok"] else answer["error_code"])
        if not answer["ok"]:
            raise ApiError(answer["error_code"], answer["description"], answer.get("parameters"))
        return answer["result"]

    async def updates(self, offset: int = 0, **arguments: Any) -> list[int]:
        return [update["update_id"] for update in await self("getUpdates", offset=offset, **arguments)]


def known(api: FakeBotApi, user_id: int = 1) -> int:
    """A person who wrote to the bot."""
    api.user(user_id).says("bonjour")
    return user_id


def inline(*rows: list[dict[str, str]]) -> dict[str, Any]:
    return {"inline_keyboard": list(rows)}
