"""Long polling: python-telegram-bot's Updater, with every batch in the inbox before Telegram may forget it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from typing import Any

import structlog
from telegram import Bot, Update
from telegram.error import Conflict, InvalidToken, NetworkError, TelegramError

from bot.adapters.adapter import Fatal
from bot.adapters.telegram.intake import Take
from bot.adapters.telegram.library import Updater
from bot.adapters.telegram.receive import ALLOWED_UPDATES
from bot.adapters.telegram.request import READ_TIMEOUT

log = structlog.get_logger(__name__)

BATCH = 100
"""Updates a getUpdates. Source: Telegram Bot API, getUpdates.limit."""

LONG_POLL = 25
"""Seconds Telegram keeps a getUpdates open when there is nothing to tell; the time to read an answer comes on top."""

STALLED = 90.0
"""Seconds without a successful getUpdates after which the bot is not ready, and the Updater is built anew."""

RESTART_PAUSE = 1.0

STOPPING = 0.1
"""Seconds the Updater is given to end by itself; when it waits out an error it would take up to 30."""

TOKEN_REFUSED = "telegram.token: Telegram refuses it; ask @BotFather for a new one"


class InboxBot(Bot):
    """A Bot whose `get_updates` returns only after its batch is committed.

    The Updater confirms a batch by the offset of its next getUpdates, which is one more than the last update that
    `get_updates` returned. So the offset moves after the commit or not at all: a crash, or an inbox that fails, leaves
    the batch with Telegram, and the inbox drops what comes twice. All the Updater gets to see is one bare Update with
    the batch's highest id.

    Errors leave as NetworkError: the Updater backs off from those; any other would end its task without a word.
    """

    _listening = False

    def listen_with(self, take: Take, answered: Callable[[TelegramError | None], None]) -> None:
        """`answered` hears of each getUpdates: None, or its error."""
        self._take = take
        self._answered = answered
        self._listening = True

    def stop_listening(self) -> None:
        """Spares the getUpdates by which Updater.stop() confirms the last batch: in a process that lost the lease it
        would cut the new holder off. Without it the batch may come again, and is dropped by its ids."""
        self._listening = False

    async def get_updates(
        self,
        offset: int | None = None,
        limit: int | None = None,
        timeout: Any = None,  # noqa: ASYNC109
        allowed_updates: Sequence[str] | None = None,
        **_: Any,
    ) -> tuple[Update, ...]:
        if not self._listening:
            return ()
        batch = await self._fetch(offset, timeout, allowed_updates)
        if not batch:
            return ()
        newest = _newest(batch)
        try:
            await self._take(batch)
        except Exception as error:
            log.error("telegram.batch_not_taken", error=type(error).__name__, updates=len(batch))
            raise NetworkError("the inbox did not take the batch") from None
        return (Update(newest),)

    async def _fetch(self, offset: int | None, wait: Any, allowed_updates: Sequence[str] | None) -> list[object]:
        """The batch as it came: parsed all at once, as the base class does, one bad update would block all others."""
        data = {"offset": offset, "limit": BATCH, "timeout": wait, "allowed_updates": allowed_updates}
        try:
            batch = await self._post("getUpdates", data, read_timeout=LONG_POLL + READ_TIMEOUT)
        except TelegramError as error:
            self._answered(error)
            if isinstance(error, InvalidToken):
                raise NetworkError("the token was refused") from None
            raise
        except Exception as error:
            raise NetworkError(f"unreadable answer: {type(error).__name__}") from None
        self._answered(None)
        return batch if isinstance(batch, list) else []


def _newest(batch: Sequence[object]) -> int:
    ids = [update.get("update_id") for update in batch if isinstance(update, dict)]
    newest = max((each for each in ids if isinstance(each, int)), default=None)
    if newest is None:
        raise NetworkError("updates without ids")
    return newest


class _Handled(asyncio.Queue[object]):
    """Where the Updater puts what it got: the inbox has it already."""

    async def put(self, item: object) -> None:
        pass


class Polling:
    """`last_poll`: when Telegram last answered, by `clock` (seconds); None before it ever did."""

    def __init__(self, make_bot: Callable[[], InboxBot], take: Take, clock: Callable[[], float]) -> None:
        self._make_bot = make_bot
        self._take = take
        self._clock = clock
        self.last_poll: float | None = None
        self._refused = False

    @property
    def ready(self) -> bool:
        return self.last_poll is not None and self._clock() - self.last_poll < STALLED

    async def run(self) -> None:
        """Polls until cancelled. Raises ConnectionError when another process polls, Fatal when the token is refused at
        the start, or twice later on."""
        while True:
            try:
                await self._poll_until_stalled()
                log.error("telegram.polling_stalled", seconds=STALLED)
            except InvalidToken:
                if self.last_poll is None or self._refused:
                    raise Fatal(TOKEN_REFUSED) from None
                log.warning("telegram.token_refused")  # a proxy's 404 looks the same: asked once more
                self._refused = True
            except TelegramError as error:
                log.warning("telegram.polling_not_started", error=type(error).__name__)
            await asyncio.sleep(RESTART_PAUSE)

    async def _poll_until_stalled(self) -> None:
        """One Updater's life, on connections of its own. It starts by deleting the webhook, never what waits."""
        end: asyncio.Future[Exception] = asyncio.get_running_loop().create_future()

        def answered(error: TelegramError | None) -> None:
            if error is None:
                self.last_poll = self._clock()
                self._refused = False
            elif isinstance(error, Conflict | InvalidToken) and not end.done():
                end.set_result(ConnectionError("another process polls") if isinstance(error, Conflict) else error)

        bot = self._make_bot()
        bot.listen_with(self._take, answered)
        updater = Updater(bot, _Handled())
        try:
            await updater.initialize()
            await updater.start_polling(
                timeout=LONG_POLL, bootstrap_retries=-1, allowed_updates=ALLOWED_UPDATES, error_callback=_report
            )
            self.last_poll = self._clock()
            await self._wait(end)
        finally:
            bot.stop_listening()
            if updater.running:
                with contextlib.suppress(TimeoutError):  # raised from here it would stand in for a cancellation
                    async with asyncio.timeout(STOPPING):
                        await updater.stop()
            await bot.shutdown()

    async def _wait(self, end: asyncio.Future[Exception]) -> None:
        started = self._clock()
        while (left := max(started, self.last_poll or started) + STALLED - self._clock()) > 0:
            await asyncio.wait({end}, timeout=left)
            if end.done():
                raise end.result()


def _report(error: TelegramError) -> None:
    log.warning("telegram.poll_failed", error=type(error).__name__)
