"""The whole adapter between a Bot API and an inbox."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from typing import Any

import pytest

from bot.adapters.adapter import Adapter, Delivered, Fatal
from bot.adapters.telegram import Menu, TelegramAdapter, Webhook
from bot.adapters.telegram.render import Call
from bot.messages import Incoming, Kind, Outgoing, Reply
from tests.unit.telegram.server import TOKEN, BotApi, failure, message, text_update, until

BUTTON = {"id": "q1", "from": message()["from"], "chat_instance": "c", "data": "more", "message": message(text="x")}


def words(language: str) -> Menu:
    return Menu((("aide", f"help in {language}"),), f"short {language}", f"long {language}")


class Inbox:
    def __init__(self) -> None:
        self.messages: list[Incoming] = []
        self.batches: list[int] = []

    async def receive(self, batch: Sequence[Incoming], also: object = None) -> None:
        self.messages.extend(batch)
        self.batches.append(len(batch))


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


def make(api: BotApi, **options: Any) -> TelegramAdapter:
    return TelegramAdapter(TOKEN, texts=words, languages=("fr", "en"), api_url=api.url, **options)


@pytest.fixture
async def adapter(api: BotApi, inbox: Inbox) -> AsyncIterator[TelegramAdapter]:
    adapter = make(api)
    await adapter.start(inbox.receive)
    listening = asyncio.create_task(adapter.listen())
    yield adapter
    listening.cancel()
    with suppress(asyncio.CancelledError):
        await listening
    await adapter.stop()


def test_it_keeps_the_contract(api: BotApi) -> None:
    _: Adapter[Call] = make(api)


async def test_a_batch_arrives_in_one_transaction_and_past_what_cannot_be_read(
    api: BotApi, inbox: Inbox, adapter: TelegramAdapter
) -> None:
    broken = {"update_id": 11, "message": {"message_id": 1, "date": "yesterday"}}
    api.waiting = [text_update(10), broken, text_update(12, "repas")]
    await until(lambda: bool(inbox.batches))
    assert inbox.batches == [2]
    assert [each.text for each in inbox.messages] == ["douche", "repas"]
    assert adapter.ready
    assert adapter.last_poll is not None


async def test_a_button_is_acknowledged_once_it_is_kept(api: BotApi, inbox: Inbox, adapter: TelegramAdapter) -> None:
    api.plan("answerCallbackQuery", lambda _: failure(400, "Bad Request: query is too old"))
    api.waiting = [
        {"update_id": 10, "callback_query": BUTTON},
        {"update_id": 11, "callback_query": BUTTON | {"id": "q2"}},
    ]
    await until(lambda: len(api.made("answerCallbackQuery")) == 2)
    assert [each.kind for each in inbox.messages] == [Kind.BUTTON, Kind.BUTTON]
    assert [call["callback_query_id"] for call in api.made("answerCallbackQuery")] == ["q1", "q2"]


async def test_menus_are_set_in_each_language_and_for_everybody_else(api: BotApi, adapter: TelegramAdapter) -> None:
    api.plan("setMyCommands", lambda _: failure(429, "Too Many Requests", retry_after=5))
    await until(lambda: len(api.made("setMyDescription")) == 3)
    assert [call.get("language_code") for call in api.made("setMyCommands")] == [None, "fr", "en"]
    assert [call["description"] for call in api.made("setMyDescription")] == ["long fr", "long fr", "long en"]
    assert [call["short_description"] for call in api.made("setMyShortDescription")][2] == "short en"


async def test_it_renders_and_sends(api: BotApi, adapter: TelegramAdapter) -> None:
    [call] = adapter.render(Outgoing("telegram", "7", Reply("bonjour")))
    assert isinstance(await adapter.send(call, "1"), Delivered)


async def test_a_refused_token_is_fatal_at_start(api: BotApi, inbox: Inbox) -> None:
    api.plan("getMe", lambda _: failure(401, "Unauthorized"))
    adapter = make(api)
    with pytest.raises(Fatal, match=r"telegram\.token") as caught:
        await adapter.start(inbox.receive)
    assert TOKEN not in str(caught.value)
    await adapter.stop()


async def test_telegram_out_of_reach_at_start_delays_and_loses_nothing(api: BotApi, inbox: Inbox) -> None:
    api.plan("getMe", lambda _: failure(502, "Bad Gateway"))
    api.waiting = [text_update(10)]
    adapter = make(api)
    await adapter.start(inbox.receive)
    listening = asyncio.create_task(adapter.listen())
    await until(lambda: [each.update_id for each in inbox.messages] == ["10"])
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)
    await adapter.stop()


async def test_with_a_webhook_it_serves_before_it_holds_the_lease(api: BotApi, inbox: Inbox) -> None:
    adapter = make(api, webhook=Webhook("https://bot.example.org/in", "127.0.0.1:0", "secret"))
    assert not adapter.ready
    await adapter.start(inbox.receive)
    assert adapter.ready
    assert api.made("setWebhook") == []
    listening = asyncio.create_task(adapter.listen())
    await until(lambda: len(api.made("setWebhook")) == 1)
    assert api.made("getUpdates") == []
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)
    await adapter.stop()
    assert api.made("deleteWebhook") == []
