"""From raw updates to the inbox: the same for polling and webhook."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any

import structlog
from telegram import Bot, Update
from telegram.error import TelegramError

from bot.adapters.adapter import Receive
from bot.adapters.telegram.addressed import Me
from bot.adapters.telegram.receive import incoming
from bot.adapters.telegram.salvage import essentials
from bot.adapters.telegram.usual import usual
from bot.messages import Incoming, Kind

log = structlog.get_logger(__name__)

Take = Callable[[Sequence[object]], Awaitable[None]]
"""Commits raw updates (JSON objects) to the inbox; returns once they are there, raises when they are not."""

ACKNOWLEDGING_AT_ONCE = 4
MAX_ACKNOWLEDGING = 400
"""Beyond that, buttons go on spinning on the phone for a moment; their answers come all the same."""


class Intake:
    def __init__(self, bot: Bot, receive: Receive, now: Callable[[], datetime]) -> None:
        self._bot = bot
        self._receive = receive
        self._now = now
        self._places = asyncio.Semaphore(ACKNOWLEDGING_AT_ONCE)
        self._acknowledging: set[asyncio.Task[None]] = set()
        self._acknowledged: deque[str] = deque(maxlen=MAX_ACKNOWLEDGING)

    async def take(self, updates: Sequence[object]) -> None:
        """One transaction for all of `updates`. What cannot be read is left out, so that it never blocks the rest.

        Raises what the inbox raises, and TelegramError as long as Telegram has not told the bot its own name.
        """
        await self._bot.initialize()
        me = Me(self._bot.id, self._bot.username)
        arrived = [message for update in updates if (message := usual(update) or self._read(update, me)) is not None]
        if not arrived:
            return
        await self._receive(arrived)
        for message in arrived:
            if message.kind is Kind.BUTTON:
                self._acknowledge(message.token)

    async def close(self) -> None:
        for task in self._acknowledging:
            task.cancel()
        await asyncio.gather(*self._acknowledging, return_exceptions=True)

    def _read(self, update: Any, me: Me) -> Incoming | None:
        try:
            try:
                return incoming(Update.de_json(update, self._bot), me, self._now())
            except Exception:
                return incoming(Update.de_json(essentials(update), self._bot), me, self._now())
        except Exception as error:
            update_id = update.get("update_id") if isinstance(update, dict) else None
            log.error("telegram.update_unreadable", update_id=update_id, error=type(error).__name__)
            return None

    def _acknowledge(self, query: str) -> None:
        """Stops the button's spinner. Telegram forgets a query after some minutes, so not once the answer is ready."""
        if query not in self._acknowledged and len(self._acknowledging) < MAX_ACKNOWLEDGING:
            self._acknowledged.append(query)
            task = asyncio.create_task(self._answer(query))
            self._acknowledging.add(task)
            task.add_done_callback(self._acknowledging.discard)

    async def _answer(self, query: str) -> None:
        async with self._places:
            try:
                await self._bot.answer_callback_query(query)
            except TelegramError as error:
                log.info("telegram.button_not_acknowledged", error=type(error).__name__)
