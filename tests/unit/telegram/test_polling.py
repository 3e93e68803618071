"""Polling: nothing is confirmed to Telegram before it is in the inbox."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest

from bot.adapters.adapter import Fatal
from bot.adapters.telegram import polling
from bot.adapters.telegram.polling import InboxBot, Polling
from bot.adapters.telegram.receive import ALLOWED_UPDATES
from bot.adapters.telegram.request import AiohttpRequest
from tests.unit.telegram.server import TOKEN, BotApi, failure, text_update, until


class Inbox:
    """Keeps ids. `failures`: how many of the next batches it does not take."""

    def __init__(self, failures: int = 0) -> None:
        self.ids: list[int] = []
        self.batches = 0
        self.failures = failures

    async def take(self, updates: Sequence[object]) -> None:
        await asyncio.sleep(0)
        self.batches += 1
        if self.failures:
            self.failures -= 1
            raise RuntimeError("disk full")
        self.ids.extend(update["update_id"] for update in updates if isinstance(update, dict) and "update_id" in update)


class Clock:
    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return time.monotonic() + self.ahead


def make(api: BotApi, inbox: Inbox, clock: Clock | None = None) -> Polling:
    def bot() -> InboxBot:
        return InboxBot(
            TOKEN, base_url=f"{api.url}/bot", request=AiohttpRequest(1), get_updates_request=AiohttpRequest(1)
        )

    return Polling(bot, inbox.take, clock or Clock())


@asynccontextmanager
async def running(poller: Polling) -> AsyncIterator[asyncio.Task[None]]:
    task = asyncio.create_task(poller.run())
    try:
        yield task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def offsets(api: BotApi) -> list[int]:
    return [int(call.get("offset", "0")) for call in api.made("getUpdates")]


async def test_a_batch_is_taken_whole_then_confirmed(api: BotApi) -> None:
    inbox = Inbox()
    api.waiting = [text_update(n) for n in range(10, 13)]
    async with running(make(api, inbox)):
        await until(lambda: 13 in offsets(api))
    assert (inbox.ids, inbox.batches) == ([10, 11, 12], 1)
    first = api.made("getUpdates")[0]
    assert json.loads(first["allowed_updates"]) == list(ALLOWED_UPDATES)
    assert first["limit"] == "100"
    assert int(first["timeout"]) >= 20


async def test_what_the_inbox_does_not_take_is_not_confirmed(api: BotApi) -> None:
    inbox = Inbox(failures=1)
    api.waiting = [text_update(10)]
    async with running(make(api, inbox)):
        await until(lambda: 11 in offsets(api))
    assert offsets(api)[:3] == [0, 0, 11]
    assert inbox.ids == [10]


async def test_waiting_updates_are_never_dropped(api: BotApi) -> None:
    async with running(make(api, Inbox())):
        await until(lambda: bool(offsets(api)))
    [deleted] = api.made("deleteWebhook")
    assert deleted.get("drop_pending_updates") in (None, "false")


@pytest.mark.parametrize(
    "broken", [None, "text", {"message": {}}, text_update(11) | {"message": {"message_id": "nonsense"}}]
)
async def test_the_batch_goes_on_past_what_is_no_update(api: BotApi, broken: Any) -> None:
    inbox = Inbox()
    api.waiting = [text_update(10), broken, text_update(12)]
    async with running(make(api, inbox)):
        await until(lambda: 13 in offsets(api))


async def test_another_poller_ends_it_with_a_connection_error(api: BotApi) -> None:
    api.plan("getUpdates", lambda _: failure(409, "Conflict: terminated by other getUpdates request"))
    with pytest.raises(ConnectionError):
        await make(api, Inbox()).run()
    assert len(offsets(api)) == 1, "a further getUpdates would cut the other poller off"


@pytest.mark.parametrize("method", ["getMe", "deleteWebhook", "getUpdates"])
async def test_a_refused_token_is_fatal_and_not_told(api: BotApi, method: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polling, "RESTART_PAUSE", 0.0)
    api.plan(method, *[lambda _: failure(401, "Unauthorized")] * 2)
    with pytest.raises(Fatal, match=r"telegram\.token") as caught:
        await make(api, Inbox()).run()
    assert TOKEN not in str(caught.value)


@pytest.mark.parametrize("method", ["getMe", "getUpdates"])
async def test_faults_pass(api: BotApi, method: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polling, "RESTART_PAUSE", 0.0)
    inbox = Inbox()
    api.waiting = [text_update(10)]
    api.plan(method, lambda _: failure(500, "Internal Server Error"))
    async with running(make(api, inbox)):
        await until(lambda: inbox.ids == [10])


async def test_stopping_confirms_nothing_more(api: BotApi) -> None:
    async with running(make(api, Inbox())):
        await until(lambda: len(offsets(api)) >= 2)
    waits = {call["timeout"] for call in api.made("getUpdates")}
    assert waits == {str(polling.LONG_POLL)}, "the Updater's last one does not wait"


async def test_stopping_does_not_wait_for_an_error_to_pass(api: BotApi) -> None:
    """python-telegram-bot's loop sleeps 1 to 30 s after an error and does not wake to be stopped."""
    api.plan("getUpdates", lambda _: failure(429, "Too Many Requests", retry_after=600))
    async with asyncio.timeout(5):
        async with running(make(api, Inbox())):
            await until(lambda: bool(offsets(api)))


async def test_ready_while_telegram_answers(api: BotApi) -> None:
    clock = Clock()
    poller = make(api, Inbox(), clock)
    assert not poller.ready
    async with running(poller):
        await until(lambda: poller.ready)
    clock.ahead += polling.STALLED
    assert not poller.ready


async def test_a_stalled_updater_is_built_anew(api: BotApi, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polling, "STALLED", 0.2)
    monkeypatch.setattr(polling, "RESTART_PAUSE", 0.0)
    inbox = Inbox()
    stuck = asyncio.Event()
    poller = make(api, inbox)
    original = InboxBot.get_updates

    async def hang_once(self: InboxBot, *args: Any, **kwargs: Any) -> Any:
        if not stuck.is_set():
            stuck.set()
            await asyncio.Event().wait()
        return await original(self, *args, **kwargs)

    monkeypatch.setattr(InboxBot, "get_updates", hang_once)
    api.waiting = [text_update(10)]
    async with running(poller):
        await until(lambda: inbox.ids == [10])
    assert len(api.made("deleteWebhook")) == 2
