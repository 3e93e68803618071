"""Telegram, wired together."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TypeVar

import structlog
from aiohttp import web
from telegram import Bot
from telegram.error import InvalidToken, TelegramError

from bot.adapters.adapter import Attachments, Delivery, Fatal, Receive
from bot.adapters.telegram.intake import Intake
from bot.adapters.telegram.media import MAX_FETCHED, Uploads, fetch
from bot.adapters.telegram.menu import DEFAULT, Menu, publish
from bot.adapters.telegram.polling import STALLED, TOKEN_REFUSED, InboxBot, Polling
from bot.adapters.telegram.receive import PLATFORM
from bot.adapters.telegram.render import LIMITS, Call, render
from bot.adapters.telegram.request import AiohttpRequest
from bot.adapters.telegram.send import OutboxBot, send
from bot.adapters.telegram.webhook import Webhook, register, serve
from bot.messages import File, Limits, Outgoing

log = structlog.get_logger(__name__)

CONNECTIONS, MOST_CONNECTIONS = 16, 96
"""At once, for sending and acknowledging: more does not make Telegram faster, unless it was paid for."""
CONNECTED_S, UNDER_WAY_S = 0.08, 0.1
"""At a rate that was paid for, a message takes a connection for so long, and is under way for so long, in the worst case."""

AnyBot = TypeVar("AnyBot", bound=Bot)


def _utc_now() -> datetime:
    return datetime.now(UTC)


class TelegramAdapter:
    """`Adapter[Call]` for Telegram.

    With a `webhook`, every process serves it from `start` on and the one that holds the lease registers it with
    Telegram; without, the holder of the lease polls. `texts` gives the words of a language. `now` is the wall clock,
    aware; `clock` counts seconds.
    """

    name: str = PLATFORM
    limits: Limits = LIMITS
    """`in_flight` grows with the rate: 1,000 a second are never under way one by one."""

    def __init__(
        self,
        token: str,
        *,
        texts: Callable[[str], Menu],
        languages: Sequence[str],
        default_language: str = "fr",
        api_url: str = "https://api.telegram.org",
        webhook: Webhook | None = None,
        attachments: Attachments | None = None,
        now: Callable[[], datetime] = _utc_now,
        clock: Callable[[], float] = time.monotonic,
        per_second: float = 25,
    ) -> None:
        logging.getLogger("telegram").setLevel(logging.INFO)  # below, it logs the token and what people write
        self._token = token
        self._api_url = api_url.rstrip("/")
        self._texts = texts
        self._languages = {DEFAULT: default_language} | {language: language for language in languages}
        self._webhook = webhook
        self._uploads = Uploads(attachments) if attachments is not None else None
        self._now = now
        self._clock = clock
        connections = min(MOST_CONNECTIONS, max(CONNECTIONS, round(per_second * CONNECTED_S)))
        under_way = min(MOST_CONNECTIONS, round(per_second * UNDER_WAY_S))
        self.limits = replace(LIMITS, in_flight=max(LIMITS.in_flight, under_way))
        self._bot = self._make(OutboxBot, connections)
        self._intake: Intake | None = None
        self._polling: Polling | None = None
        self._server: web.AppRunner | None = None
        self._publishing: asyncio.Task[None] | None = None

    async def start(self, receive: Receive) -> None:
        """Raises Fatal for a refused token or a webhook that cannot be served. Telegram out of reach stops nothing."""
        try:
            await self._bot.initialize()
        except InvalidToken:
            raise Fatal(TOKEN_REFUSED) from None
        except TelegramError as error:
            log.warning("telegram.unreachable_at_start", error=type(error).__name__)
        self._intake = Intake(self._bot, receive, self._now)
        self._publishing = asyncio.create_task(publish(self._bot, self._texts, self._languages))
        if self._webhook is not None:
            await self.serve_webhook()

    async def serve_webhook(self) -> None:
        if self._webhook is not None and self._intake is not None and self._server is None:
            self._server = await serve(self._webhook, self._intake.take)

    async def listen(self) -> None:
        """Only under the lease. Raises Fatal for a refused token, ConnectionError when another process polls."""
        if self._intake is None:
            raise RuntimeError("listen() before start()")
        if self._webhook is not None:
            await register(self._bot, self._webhook)
            await asyncio.Event().wait()
        self._polling = Polling(lambda: self._make(InboxBot, 1), self._intake.take, self._clock)
        try:
            await self._polling.run()
        finally:
            self._polling = None

    @property
    def ready(self) -> bool:
        return not self.not_ready()

    def not_ready(self) -> str:
        """Why no message can arrive here, "" when it can. A process without the lease has nothing to be late with."""
        if self._webhook is not None:
            return "" if self._server is not None else "the webhook is not served"
        if self._polling is None or self._polling.ready:
            return ""
        return f"no getUpdates has succeeded for {STALLED:.0f} s, or none yet"

    @property
    def username(self) -> str:
        """The bot's name, "" until Telegram has told it."""
        try:
            return self._bot.username
        except RuntimeError:
            return ""

    @property
    def last_poll(self) -> float | None:
        """When Telegram last answered a getUpdates of this process, by `clock`."""
        return self._polling.last_poll if self._polling is not None else None

    def render(self, outgoing: Outgoing) -> list[Call]:
        return render(outgoing)

    async def send(self, part: Call, key: str) -> Delivery:
        return await send(self._bot, part, self._uploads)

    async def fetch(self, file: File) -> bytes | None:
        return await fetch(self._bot, file) if file.size <= MAX_FETCHED else None

    async def stop(self) -> None:
        if self._server is not None:
            await self._server.cleanup()
            self._server = None
        if self._publishing is not None:
            self._publishing.cancel()
            await asyncio.gather(self._publishing, return_exceptions=True)
        if self._intake is not None:
            await self._intake.close()
        await self._bot.shutdown()

    def _make(self, kind: type[AnyBot], connections: int) -> AnyBot:
        return kind(
            self._token,
            base_url=f"{self._api_url}/bot",
            base_file_url=f"{self._api_url}/file/bot",
            request=AiohttpRequest(connections),
            get_updates_request=AiohttpRequest(1),
        )
