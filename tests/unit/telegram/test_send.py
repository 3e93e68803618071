"""Calls as they arrive at Telegram, and what is made of its answers."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable

import pytest
from aiohttp import web

from bot.adapters.adapter import Delivered, Delivery, Migrated, Refused, Retry, Stopped, Uncertain
from bot.adapters.telegram.render import Call, render
from bot.adapters.telegram.request import AiohttpRequest
from bot.adapters.telegram.send import OutboxBot, send
from bot.messages import Article, Button, Contact, Outgoing, Pin, Reply, strong
from tests.unit.telegram.server import TOKEN, BotApi, failure, reply_markup


@pytest.fixture
async def bot(api: BotApi) -> AsyncIterator[OutboxBot]:
    async with OutboxBot(
        TOKEN, base_url=f"{api.url}/bot", request=AiohttpRequest(4), get_updates_request=AiohttpRequest(1)
    ) as running:
        yield running


BUTTONS = ((Button("Plus", "more"),),)
IN_TOPIC = Outgoing("telegram", "-5", Reply("a < b " + strong("c"), BUTTONS), "12", private=False, reply_to="9")


def one(reply: Reply) -> Call:
    [call] = render(Outgoing("telegram", "7", reply))
    return call


async def test_a_text_in_a_topic(api: BotApi, bot: OutboxBot) -> None:
    [call] = render(IN_TOPIC)
    assert await send(bot, call) == Delivered("2")
    [sent] = api.made("sendMessage")
    assert sent["text"] == "a &lt; b <b>c</b>"
    assert (sent["chat_id"], sent["message_thread_id"], sent["parse_mode"]) == ("-5", "12", "HTML")
    assert json.loads(sent["reply_parameters"]) == {"message_id": 9, "allow_sending_without_reply": True}
    assert json.loads(sent["link_preview_options"]) == {"is_disabled": True}
    assert reply_markup(sent) == {"inline_keyboard": [[{"text": "Plus", "callback_data": "more"}]]}


async def test_a_venue(api: BotApi, bot: OutboxBot) -> None:
    assert await send(bot, one(Reply(pin=Pin(48.5, 2.5, "Amiraux", "6 rue")))) == Delivered("2")
    [sent] = api.made("sendVenue")
    assert (sent["latitude"], sent["longitude"], sent["title"], sent["address"]) == ("48.5", "2.5", "Amiraux", "6 rue")


async def test_a_contact(api: BotApi, bot: OutboxBot) -> None:
    assert await send(bot, one(Reply(contact=Contact("115", "Samu social")))) == Delivered("2")
    [sent] = api.made("sendContact")
    assert (sent["phone_number"], sent["first_name"]) == ("115", "Samu social")


async def test_an_inline_answer_is_personal(api: BotApi, bot: OutboxBot) -> None:
    [call] = render(Outgoing("telegram", "inline-7", Reply(articles=(Article("1", "t", "d", "x"),)), token="q1"))
    assert await send(bot, call) == Delivered("")
    [sent] = api.made("answerInlineQuery")
    assert (sent["inline_query_id"], sent["is_personal"]) == ("q1", "true")
    assert int(sent["cache_time"]) <= 10
    assert [each["id"] for each in json.loads(sent["results"])] == ["1"]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (lambda: failure(429, "Too Many Requests: retry after 3", retry_after=3), Retry(3.0)),
        (
            lambda: failure(403, "Forbidden: bot was blocked by the user"),
            Stopped("Forbidden: bot was blocked by the user"),
        ),
        (lambda: failure(400, "Bad Request: chat not found"), Stopped("Chat not found", gone=True)),
        (lambda: failure(400, "Bad Request: upgraded", migrate_to_chat_id=-100), Migrated("-100")),
        (lambda: failure(400, "Bad Request: message is too long"), Refused("Message is too long")),
        (lambda: failure(401, "Unauthorized"), Retry(5.0)),
        (lambda: failure(500, "Internal Server Error"), Retry()),
        (lambda: failure(502, "Bad Gateway"), Retry()),
        (lambda: web.Response(status=504, text="<html>"), Retry()),
        (lambda: None, Uncertain()),
        (lambda: web.Response(text="<html>"), Uncertain()),
        (lambda: web.json_response({"ok": True}), Uncertain()),
    ],
)
async def test_answers(
    api: BotApi, bot: OutboxBot, answer: Callable[[], web.StreamResponse | None], expected: Delivery
) -> None:
    api.plan("sendMessage", lambda _: answer())
    assert await send(bot, one(Reply("x"))) == expected
    assert len(api.made("sendMessage")) == 1


async def test_what_telegram_cannot_take_is_left_out_step_by_step(api: BotApi, bot: OutboxBot) -> None:
    api.plan(
        "sendMessage",
        lambda _: failure(400, "Bad Request: message thread not found"),
        lambda _: failure(400, "Bad Request: can't parse entities: unexpected end tag"),
        lambda _: failure(400, "Bad Request: BUTTON_DATA_INVALID"),
    )
    [call] = render(IN_TOPIC)
    assert await send(bot, call) == Delivered("5")
    last = api.made("sendMessage")[-1]
    assert last["text"] == "a < b c"
    assert {"message_thread_id", "parse_mode", "reply_markup"} & last.keys() == set()


async def test_a_simpler_form_is_tried_once(api: BotApi, bot: OutboxBot) -> None:
    api.plan("sendMessage", *[lambda _: failure(400, "Bad Request: can't parse entities")] * 5)
    assert await send(bot, one(Reply("x"))) == Refused("Can't parse entities")
    assert len(api.made("sendMessage")) == 2
