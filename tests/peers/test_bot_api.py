"""The fake itself: it must refuse what Telegram refuses, and hand updates out as Telegram does."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from tests.peers.bot_api import ApiError, FakeBotApi, Fault, Limits, Trouble
from tests.peers.bot_api.entities import parse_html, utf16_length


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


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def api(clock: Clock) -> AsyncIterator[FakeBotApi]:
    async with FakeBotApi(clock=clock, webhook_retry_unit=0.01).serve() as api:
        yield api


@pytest.fixture
async def bot(api: FakeBotApi) -> AsyncIterator[Bot]:
    async with aiohttp.ClientSession() as session:
        yield Bot(api, session)


def known(api: FakeBotApi, user_id: int = 1) -> int:
    """A person who wrote to the bot."""
    api.user(user_id).says("bonjour")
    return user_id


# How calls are written


KEYBOARD = {"inline_keyboard": [[{"text": "a", "callback_data": "b"}]]}
FORM = {"chat_id": "1", "text": "é", "reply_markup": json.dumps(KEYBOARD)}


@pytest.mark.parametrize(
    "form",
    [{"json": {"chat_id": 1, "text": "é", "reply_markup": KEYBOARD}}, {"data": FORM}, {"params": FORM}],
    ids=["json", "form", "query"],
)
@pytest.mark.parametrize("method", ["sendMessage", "sendmessage", "SENDMESSAGE"])
async def test_reads_every_form_of_call(api: FakeBotApi, bot: Bot, form: dict[str, Any], method: str) -> None:
    known(api)
    async with bot.session.post(f"{api.url}/bot{api.token}/{method}", **form) as response:
        assert (await response.json())["result"]["text"] == "é"
    assert api.sent[0].labels == ["a"]


async def test_takes_uploads(api: FakeBotApi, bot: Bot) -> None:
    form = aiohttp.FormData({"chat_id": str(known(api)), "caption": "plan"})
    form.add_field("photo", b"\x89PNG", filename="plan.png")
    async with bot.session.post(f"{api.url}/bot{api.token}/sendPhoto", data=form) as response:
        assert (await response.json())["result"]["caption"] == "plan"


@pytest.mark.parametrize(
    ("path", "status", "description"),
    [
        ("/bot1:wrong/getMe", 401, "Unauthorized"),
        ("/bot{token}x/getMe", 401, "Unauthorized"),
        ("/nothing", 404, "Not Found"),
        ("/bot{token}/sendTelegram", 404, "Not Found: method not found"),
    ],
)
async def test_refuses_other_paths(api: FakeBotApi, bot: Bot, path: str, status: int, description: str) -> None:
    async with bot.session.get(api.url + path.format(token=api.token)) as response:
        assert response.status == status
        assert await response.json() == {"ok": False, "error_code": status, "description": description}
    assert api.violations[description] == 1


# Texts


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("simple", "simple", []),
        ("1 &lt; 2 &amp; 3 &#233; &eacute;", "1 < 2 & 3 é &eacute;", []),
        ("<b>gras</b> <I>x</I>", "gras x", [("bold", 0, 4), ("italic", 5, 1)]),
        ("𝄞<b>é</b>", "𝄞é", [("bold", 2, 1)]),
        ("<b><i>x</i></b>", "x", [("italic", 0, 1), ("bold", 0, 1)]),
        ('<a href="https://x.fr/?a=1&amp;b=>">ici</a>', "ici", [("text_link", 0, 3)]),
        ("<span class='tg-spoiler'>s</span><b></b>", "s", [("spoiler", 0, 1)]),
    ],
)
def test_reads_html(source: str, text: str, entities: list[tuple[str, int, int]]) -> None:
    found, marked = parse_html(source)
    assert found == text
    assert [(entity["type"], entity["offset"], entity["length"]) for entity in marked] == entities


@pytest.mark.parametrize(
    ("source", "error"),
    [
        ("<div>x</div>", 'Unsupported start tag "div" at byte offset 0'),
        ("é < b>", 'Unsupported start tag "" at byte offset 3'),
        ("a <br/>", 'Unsupported start tag "br/" at byte offset 2'),
        ("x <b", "Unclosed start tag at byte offset 2"),
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
async def test_refuses_broken_html(api: FakeBotApi, bot: Bot, source: str, error: str) -> None:
    with pytest.raises(ApiError) as caught:
        await bot("sendMessage", chat_id=known(api), text=source, parse_mode="HTML")
    assert caught.value.description == f"Bad Request: can't parse entities: {error}"
    assert not api.sent


@given(st.text())
def test_escaped_text_comes_back_whole(text: str) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert parse_html(f"<b>{escaped}</b>")[0] == text


@given(st.text())
def test_counts_as_telegram_does(text: str) -> None:
    assert utf16_length(text) == sum(2 if ord(character) > 0xFFFF else 1 for character in text)


def inline(*rows: list[dict[str, str]]) -> dict[str, Any]:
    return {"inline_keyboard": list(rows)}


BUTTON = {"text": "b", "callback_data": "b"}


@pytest.mark.parametrize(
    ("arguments", "description"),
    [
        ({"text": ""}, "message text is empty"),
        ({"text": " \n"}, "text must be non-empty"),
        ({"text": "x" * 4097}, "message is too long"),
        ({"text": "😀" * 2049}, "message is too long"),
        ({"text": "x", "parse_mode": "BBCode"}, "unsupported parse_mode"),
        ({"text": "x", "reply_markup": inline([{"text": "b", "callback_data": "é" * 33}])}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "reply_markup": inline([{"text": "b"}])},
         "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"),
        ({"text": "x", "reply_markup": inline([{"text": "", "callback_data": "b"}])},
         "inline keyboard button text must be non-empty"),
        ({"text": "x", "reply_markup": inline([{"text": "15", "url": "tel:15"}])},
         "inline keyboard button URL 'tel:15' is invalid: Wrong HTTP URL"),
        ({"text": "x", "reply_markup": inline([{"text": "f", "url": "ftp://a.fr"}])},
         "inline keyboard button URL 'ftp://a.fr' is invalid: Unsupported URL protocol"),
        ({"text": "x", "reply_markup": inline([BUTTON] * 9)}, "REPLY_MARKUP_INVALID"),
        ({"text": "x", "reply_markup": inline(*[[BUTTON]] * 101)}, "reply markup is too long"),
        ({"text": "x", "message_thread_id": 7}, "message thread not found"),
        ({"text": "x", "reply_parameters": {"message_id": 999}}, "message to be replied not found"),
    ],
)  # fmt: skip
async def test_refuses_bad_messages(api: FakeBotApi, bot: Bot, arguments: dict[str, Any], description: str) -> None:
    with pytest.raises(ApiError) as caught:
        await bot("sendMessage", chat_id=known(api), **arguments)
    assert (caught.value.code, caught.value.description) == (400, f"Bad Request: {description}")
    assert api.violations[f"Bad Request: {description}"] == 1
    assert not api.sent


@pytest.mark.parametrize(
    "arguments",
    [
        {"text": "x" * 4096},
        {"text": "😀" * 2048},
        {"text": "<b>" + "x" * 4096 + "</b>", "parse_mode": "html"},
        {"text": "x", "reply_markup": inline([{"text": "b", "callback_data": "é" * 32}])},
        {"text": "x", "reply_markup": inline(*[[BUTTON] * 8] * 12, [BUTTON] * 4)},
        {"text": "x", "reply_markup": inline([{"text": "t", "url": "tg://user?id=1"}, {"text": "h", "url": "http://a.fr"}])},
        {"text": "x", "reply_parameters": {"message_id": 999, "allow_sending_without_reply": True}},
    ],
)  # fmt: skip
async def test_takes_what_is_just_within_limits(api: FakeBotApi, bot: Bot, arguments: dict[str, Any]) -> None:
    await bot("sendMessage", chat_id=known(api), **arguments)
    assert len(api.sent) == 1


async def test_caption_and_places(api: FakeBotApi, bot: Bot) -> None:
    chat = known(api)
    with pytest.raises(ApiError, match="caption is too long"):
        await bot("sendPhoto", chat_id=chat, photo="id", caption="x" * 1025)
    with pytest.raises(ApiError, match='parameter "title" is required'):
        await bot("sendVenue", chat_id=chat, latitude=48.85, longitude=2.35, address="rue")
    with pytest.raises(ApiError, match="longitude is empty"):
        await bot("sendLocation", chat_id=chat, latitude=48.85)
    await bot("sendVenue", chat_id=chat, latitude=48.85, longitude=2.35, title="Bains", address="rue")
    await bot("sendContact", chat_id=chat, phone_number="115", first_name="Samu social")
    assert [sent.text for sent in api.sent] == ["Bains\nrue", "Samu social\n115"]


async def test_positions_are_asked_in_private_only(api: FakeBotApi, bot: Bot) -> None:
    keyboard = {"keyboard": [[{"text": "📍", "request_location": True}]]}
    await bot("sendMessage", chat_id=known(api), text="où ?", reply_markup=keyboard)
    group = api.group(-1_000_000_000_007)
    with pytest.raises(ApiError, match="location can be requested in private chats only"):
        await bot("sendMessage", chat_id=group.chat.id, text="où ?", reply_markup=keyboard)


# Chats


async def test_says_why_it_cannot_write(api: FakeBotApi, bot: Bot) -> None:
    blocked, gone = api.user(2), api.user(3)
    for user in (blocked, gone):
        user.says("bonjour")
    blocked.blocks()
    gone.deactivates()
    api.user(4)
    kicked, deleted, grown = api.group(-5), api.group(-6), api.group(-7)
    kicked.removes_bot()
    deleted.is_deleted()
    new = grown.becomes_supergroup()
    expected = {
        99: "Bad Request: chat not found",
        "@nobody": "Bad Request: chat not found",
        "": "Bad Request: chat_id is empty",
        2: "Forbidden: bot was blocked by the user",
        3: "Forbidden: user is deactivated",
        4: "Forbidden: bot can't initiate conversation with a user",
        -5: "Forbidden: bot was kicked from the group chat",
        -6: "Forbidden: the group chat was deleted",
        -7: "Bad Request: group chat was upgraded to a supergroup chat",
    }
    for chat, description in expected.items():
        with pytest.raises(ApiError) as caught:
            await bot("sendMessage", chat_id=chat, text="x")
        assert caught.value.description == description
    assert caught.value.parameters == {"migrate_to_chat_id": new.chat.id}
    await bot("sendMessage", chat_id=new.chat.id, text="x")
    assert "wrote to a chat that is gone" not in api.violations
    with pytest.raises(ApiError, match="blocked"):
        await bot("sendMessage", chat_id=2, text="x")
    assert api.violations["wrote to a chat that is gone"] == 1
    blocked.unblocks()
    await bot("sendMessage", chat_id=2, text="x")


async def test_topics(api: FakeBotApi, bot: Bot) -> None:
    group = api.group(-1_000_000_000_001, forum=True)
    topic = group.topic("Nuit")
    api.user(1).says("douche", where=group, topic=topic)
    (update,) = await bot("getUpdates")
    assert update["message"]["message_thread_id"] == topic
    assert update["message"]["is_topic_message"]
    sent = await bot("sendMessage", chat_id=group.chat.id, text="x", message_thread_id=topic)
    assert sent["message_thread_id"] == topic
    for unknown in (topic + 100, 1):
        with pytest.raises(ApiError, match="message thread not found"):
            await bot("sendMessage", chat_id=group.chat.id, text="x", message_thread_id=unknown)


async def test_message_ids_never_repeat(api: FakeBotApi, bot: Bot) -> None:
    ids = [(await bot("sendMessage", chat_id=known(api, user), text="x"))["message_id"] for user in range(1, 20)]
    assert len(set(ids)) == len(ids)


async def test_edits_and_deletes(api: FakeBotApi, bot: Bot) -> None:
    chat = known(api)
    sent = await bot("sendMessage", chat_id=chat, text="un", reply_markup=inline([BUTTON]))
    mine = {"chat_id": chat, "message_id": sent["message_id"]}
    with pytest.raises(ApiError, match="message is not modified"):
        await bot("editMessageText", **mine, text="un", reply_markup=inline([BUTTON]))
    edited = await bot("editMessageText", **mine, text="deux")
    assert edited["text"] == "deux"
    assert "reply_markup" not in edited
    await bot("editMessageReplyMarkup", **mine, reply_markup=inline([BUTTON]))
    assert api.sent[0].labels == ["b"]
    assert api.sent[0].edits == ["un", "deux"]
    with pytest.raises(ApiError, match="message can't be edited"):
        await bot("editMessageText", chat_id=chat, message_id=api.user(1).last_id(), text="x")
    await bot("deleteMessage", **mine)
    for method, what in (("editMessageText", "edit"), ("deleteMessage", "delete")):
        with pytest.raises(ApiError, match=f"message to {what} not found"):
            await bot(method, **mine, text="x")
    assert api.user(1).screen == []


# Buttons and inline queries


async def test_a_pressed_button_is_answered_once_and_soon(api: FakeBotApi, bot: Bot, clock: Clock) -> None:
    user = api.user(known(api))
    await bot("sendMessage", chat_id=1, text="x", reply_markup=inline([{"text": "Plus", "callback_data": "more"}]))
    user.presses("Plus")
    user.presses("more")
    _, first, second = await bot("getUpdates")
    assert first["callback_query"]["data"] == "more"
    assert first["callback_query"]["message"]["text"] == "x"
    await bot("answerCallbackQuery", callback_query_id=first["callback_query"]["id"])
    too_old = "query is too old and response timeout expired or query ID is invalid"
    with pytest.raises(ApiError, match=too_old):
        await bot("answerCallbackQuery", callback_query_id=first["callback_query"]["id"])
    clock.now += 151
    with pytest.raises(ApiError, match=too_old):
        await bot("answerCallbackQuery", callback_query_id=second["callback_query"]["id"])
    with pytest.raises(LookupError, match="Plus"):
        user.presses("Moins")


async def test_links_are_not_followed_and_keys_are_said(api: FakeBotApi, bot: Bot) -> None:
    user = api.user(known(api))
    await bot("sendMessage", chat_id=1, text="x", reply_markup=inline([{"text": "Site", "url": "https://a.fr"}]))
    await bot("sendMessage", chat_id=1, text="x", reply_markup={"keyboard": [["Douche"]]})
    assert user.presses("Site") == "https://a.fr"
    user.presses("Douche")
    assert (await bot("getUpdates"))[-1]["message"]["text"] == "Douche"


def article(number: int, **more: Any) -> dict[str, Any]:
    return {
        "type": "article", "id": str(number), "title": "t", "input_message_content": {"message_text": "x"}, **more,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("results", "description"),
    [
        ([article(number) for number in range(51)], "too many inline query results specified"),
        ([article(1), article(1)], "RESULT_ID_DUPLICATE"),
        ([article(1, id="")], "RESULT_ID_INVALID"),
        ([article(1, id="x" * 65)], "RESULT_ID_INVALID"),
        ([article(1, title="")], 'can\'t parse inline query result: Can\'t find field "title"'),
        ([article(1, input_message_content={"message_text": ""})], "message text is empty"),
        ([article(1, input_message_content={"message_text": "<b>", "parse_mode": "HTML"})],
         'can\'t parse entities: Can\'t find end tag corresponding to start tag "b"'),
        ([{"type": "hologram", "id": "1"}],
         'can\'t parse inline query result: type "hologram" is unsupported for the inline query result'),
    ],
)  # fmt: skip
async def test_refuses_bad_inline_results(api: FakeBotApi, bot: Bot, results: list[Any], description: str) -> None:
    query = api.user(1).asks("douche")
    with pytest.raises(ApiError) as caught:
        await bot("answerInlineQuery", inline_query_id=query.id, results=results)
    assert caught.value.description == f"Bad Request: {description}"


async def test_inline_answers_reach_the_phone(api: FakeBotApi, bot: Bot) -> None:
    user = api.user(1)
    query = user.asks("douche bastille", position=(48.85, 2.37))
    (update,) = await bot("getUpdates")
    assert update["inline_query"]["query"] == "douche bastille"
    await bot("answerInlineQuery", inline_query_id=update["inline_query"]["id"], results=[article(1), article(2)])
    assert [result["id"] for result in await user.sees(query)] == ["1", "2"]


# Updates


async def test_updates_stay_until_a_higher_offset_confirms_them(api: FakeBotApi, bot: Bot) -> None:
    user = api.user(1)
    ids = [user.says(str(number)) or 0 for number in range(5)]
    assert await bot.updates(limit=2) == ids[:2]
    assert await bot.updates(limit=2) == ids[:2]
    assert await bot.updates(offset=ids[2]) == ids[2:]
    assert await bot.updates() == ids[2:]
    assert await bot.updates(offset=-1) == ids[4:]
    assert await bot.updates(offset=ids[4] + 1) == []


async def test_a_long_poll_ends_with_the_first_update(api: FakeBotApi, bot: Bot) -> None:
    polling = asyncio.create_task(bot.updates(timeout=30))
    await asyncio.sleep(0.05)
    update = api.user(1).says("bonjour")
    assert await polling == [update]


async def test_allowed_updates_hold_until_changed(api: FakeBotApi, bot: Bot) -> None:
    user = api.user(1)
    await bot.updates(allowed_updates=["callback_query"])
    assert user.says("non") is None
    await bot.updates()
    assert user.says("non plus") is None
    await bot.updates(allowed_updates=[])
    assert await bot.updates(offset=0) == []
    assert user.says("oui") is not None


async def test_the_second_poller_ends_the_first(api: FakeBotApi, bot: Bot) -> None:
    first = asyncio.create_task(bot.updates(timeout=30))
    await asyncio.sleep(0.05)
    second = asyncio.create_task(bot.updates(timeout=30))
    with pytest.raises(ApiError, match="Conflict: terminated by other getUpdates request"):
        await first
    api.user(1).says("bonjour")
    assert len(await second) == 1
    assert api.violations["conflict"] == 1


async def test_a_poller_that_died_is_no_conflict(api: FakeBotApi, bot: Bot) -> None:
    first = asyncio.create_task(bot.updates(timeout=30))
    await asyncio.sleep(0.05)
    first.cancel()
    await asyncio.sleep(0.05)
    update = api.user(1).says("bonjour")
    assert await bot.updates(timeout=30) == [update]
    assert not api.violations


async def test_what_people_write_carries_its_entities(api: FakeBotApi, bot: Bot) -> None:
    api.user(1).says("🚿 @solidarite_test_bot /aide@solidarite_test_bot a@b.fr 1/2")
    (update,) = await bot("getUpdates")
    assert [(found["type"], found["offset"], found["length"]) for found in update["message"]["entities"]] == [
        ("mention", 3, 20),
        ("bot_command", 24, 25),
    ]


# Webhooks


class Receiver:
    """A bot's webhook: answers the given statuses one after the other, then 200."""

    def __init__(self, *statuses: int) -> None:
        self.statuses = list(statuses)
        self.updates: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.secrets: set[str | None] = set()
        self.url = ""

    async def _take(self, request: web.Request) -> web.Response:
        self.secrets.add(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        status = self.statuses.pop(0) if self.statuses else 200
        if status == 200:
            await self.updates.put(await request.json())
        return web.Response(status=status)

    async def start(self) -> web.AppRunner:
        app = web.Application()
        app.router.add_post("/hook", self._take)
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
        return runner


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    runner = await receiver.start()
    yield receiver
    await runner.cleanup()


async def test_a_webhook_gets_everything_in_order(api: FakeBotApi, bot: Bot, receiver: Receiver) -> None:
    receiver.statuses = [500, 401, 503]
    before = [api.user(1).says(f"avant {number}") for number in range(3)]
    await bot("setWebhook", url=receiver.url, secret_token="s-1", max_connections=10)
    after = [api.user(1).says(f"après {number}") for number in range(3)]
    assert [(await receiver.updates.get())["update_id"] for _ in range(6)] == before + after
    assert receiver.secrets == {"s-1"}
    info = await bot("getWebhookInfo")
    assert "503" in info["last_error_message"]


async def test_polling_and_webhook_exclude_each_other(api: FakeBotApi, bot: Bot, receiver: Receiver) -> None:
    polling = asyncio.create_task(bot.updates(timeout=30))
    await asyncio.sleep(0.05)
    await bot("setWebhook", url=receiver.url)
    with pytest.raises(ApiError, match="Conflict: terminated by setWebhook request"):
        await polling
    with pytest.raises(ApiError, match="can't use getUpdates method while webhook is active"):
        await bot.updates()
    await bot("deleteWebhook")
    update = api.user(1).says("bonjour")
    assert await bot.updates() == [update]


@pytest.mark.parametrize(
    ("arguments", "description"),
    [
        ({"url": "http://example.org/hook"}, "bad webhook: An HTTPS URL must be provided for webhook"),
        ({"url": "https://example.org:9000/"}, "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443"),
        ({"url": "https://example.org/", "secret_token": "é"}, "secret token contains unallowed characters"),
        ({"url": "https://example.org/", "secret_token": "x" * 257}, "secret token is too long"),
    ],
)
async def test_refuses_bad_webhooks(bot: Bot, arguments: dict[str, Any], description: str) -> None:
    with pytest.raises(ApiError) as caught:
        await bot("setWebhook", **arguments)
    assert caught.value.description == f"Bad Request: {description}"


# Speed limits


async def test_one_message_a_second_in_a_chat(bot: Bot, api: FakeBotApi, clock: Clock) -> None:
    chat = known(api)
    for _ in range(3):
        await bot("sendMessage", chat_id=chat, text="x")
    with pytest.raises(ApiError, match="Too Many Requests: retry after 1") as caught:
        await bot("sendMessage", chat_id=chat, text="x")
    assert caught.value.parameters == {"retry_after": 1}
    assert api.violations == {"flood: chat": 1}
    clock.now += 0.9
    with pytest.raises(ApiError, match="Too Many Requests"):
        await bot("sendMessage", chat_id=chat, text="x")
    assert api.violations["flood: retry_after ignored"] == 1
    clock.now += 0.2
    await bot("sendMessage", chat_id=chat, text="x")
    assert len(api.sent) == 4


async def test_a_bot_that_keeps_the_pace_is_never_refused(bot: Bot, api: FakeBotApi, clock: Clock) -> None:
    group = api.group(-1_000_000_000_001)
    for minute in range(2):
        for _ in range(20):
            await bot("sendMessage", chat_id=group.chat.id, text=str(minute))
            await bot("sendMessage", chat_id=known(api), text="x")
            clock.now += 3.0
    assert not api.violations


@pytest.mark.parametrize(
    ("limits", "chat", "passing", "violation"),
    [
        (Limits(overall=5, private=0), 0, 5, "flood: overall"),
        (Limits(overall=0), -1_000_000_000_001, 20, "flood: group"),
    ],
)
async def test_limits_overall_and_in_groups(limits: Limits, chat: int, passing: int, violation: str) -> None:
    api = FakeBotApi(limits=limits, clock=Clock())
    api.group(-1_000_000_000_001)
    for number in range(1, passing + 1):
        await api.call("sendmessage", {"chat_id": chat or known(api, number), "text": "x"})
    for number in range(passing + 1, passing + 4):
        with pytest.raises(ApiError, match="Too Many Requests"):
            await api.call("sendmessage", {"chat_id": chat or known(api, number), "text": "x"})
    assert len(api.sent) == passing
    assert api.violations == {violation: 1}


# Faults


async def test_faults_in_the_order_of_the_script(api: FakeBotApi, bot: Bot) -> None:
    chat = known(api)
    api.faults.add(
        Fault(Trouble.ERROR, code=500), Fault(Trouble.NONE), Fault(Trouble.CUT_BEFORE), Fault(Trouble.CUT_AFTER)
    )
    with pytest.raises(ApiError, match="Internal Server Error"):
        await bot("sendMessage", chat_id=chat, text="500")
    await bot("sendMessage", chat_id=chat, text="passe")
    for text in ("coupé avant", "coupé après"):
        with pytest.raises(aiohttp.ClientConnectionError):
            await bot("sendMessage", chat_id=chat, text=text)
    assert [(sent.text, sent.lost) for sent in api.sent] == [("passe", False), ("coupé après", True)]
    assert [trouble for _, trouble in api.faults.met] == ["error", "cut_before", "cut_after"]


async def test_a_gateway_answers_in_html(api: FakeBotApi, bot: Bot) -> None:
    api.faults.add(Fault(Trouble.ERROR, method="getMe", code=502))
    async with bot.session.get(f"{api.url}/bot{api.token}/getMe") as response:
        assert response.status == 502
        assert "502 Bad Gateway" in await response.text()


async def test_flood_faults_close_the_chat(api: FakeBotApi, bot: Bot, clock: Clock) -> None:
    chat = known(api)
    api.faults.add(Fault(Trouble.FLOOD, seconds=3))
    for _ in range(2):
        with pytest.raises(ApiError, match="retry after 3"):
            await bot("sendMessage", chat_id=chat, text="x")
    clock.now += 3
    await bot("sendMessage", chat_id=chat, text="x")
    assert not api.violations


@pytest.mark.parametrize(("trouble", "counts"), [(Trouble.SLOW, 1), (Trouble.HANG, 0), (Trouble.LATE, 0)])
async def test_slow_answers(api: FakeBotApi, bot: Bot, trouble: Trouble, counts: int) -> None:
    chat = known(api)
    api.faults.add(Fault(trouble, chat=chat, seconds=30))
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await bot("sendMessage", chat_id=chat, text="x")
    assert len(api.sent) == counts


async def test_updates_come_twice_when_asked_to(api: FakeBotApi, bot: Bot) -> None:
    ids = [api.user(1).says(str(number)) or 0 for number in range(3)]
    api.faults.redeliver = 1.0
    assert await bot.updates() == ids
    assert await bot.updates(offset=ids[-1] + 1) == ids
    assert await bot.updates(offset=ids[-1] + 1) == []


async def test_get_updates_can_answer_garbage(api: FakeBotApi, bot: Bot) -> None:
    api.faults.add(Fault(Trouble.GARBAGE, method="getUpdates"))
    with pytest.raises(json.JSONDecodeError):
        await bot.updates()


# Menus


@pytest.mark.parametrize(
    ("method", "arguments", "description"),
    [
        ("setMyCommands", {"commands": [{"command": "Aide!", "description": "x"}]}, "BOT_COMMAND_INVALID"),
        ("setMyCommands", {"commands": [{"command": "aide", "description": ""}]},
         "command description must be non-empty"),
        ("setMyCommands", {"commands": [], "language_code": "français"}, "invalid language code specified"),
        ("setMyShortDescription", {"short_description": "x" * 121}, "SHORT_DESCRIPTION_TOO_LONG"),
    ],
)  # fmt: skip
async def test_refuses_bad_menus(bot: Bot, method: str, arguments: dict[str, Any], description: str) -> None:
    with pytest.raises(ApiError) as caught:
        await bot(method, **arguments)
    assert caught.value.description == f"Bad Request: {description}"


async def test_keeps_menus_per_language(api: FakeBotApi, bot: Bot) -> None:
    await bot("setMyCommands", commands=[{"command": "aide", "description": "Aide"}], language_code="fr")
    await bot("setMyDescription", description="Trouver", language_code="fr")
    assert await bot("getMyCommands", language_code="fr") == [{"command": "aide", "description": "Aide"}]
    assert await bot("getMyCommands") == []
    assert await bot("getMyDescription", language_code="fr") == {"description": "Trouver"}


# The phone, and the fake as a process


async def test_the_phone_says_what_came_instead(api: FakeBotApi, bot: Bot) -> None:
    user = api.user(known(api))
    await bot("sendMessage", chat_id=1, text="un")
    await bot("sendMessage", chat_id=1, text="deux")
    assert (await user.hears("un")).text == "un"
    with pytest.raises(AssertionError, match=r"'un' was not heard.*deux"):
        await user.hears("un", within=0.01)
    assert (await user.hears()).text == "deux"


async def test_driven_from_outside() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.peers.bot_api", "--no-limits", stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    api = FakeBotApi()
    api.url = (await process.stdout.readline()).decode().strip()
    async with aiohttp.ClientSession() as session:
        bot = Bot(api, session)

        async def control(path: str, **given: Any) -> Any:
            async with session.post(f"{api.url}/control/{path}", json=given) as response:
                return await response.json()

        update = await control("user/7/says", text="douche", language="en")
        assert await bot.updates() == [update]
        await bot("sendMessage", chat_id=7, text="Où ?", reply_markup=inline([BUTTON]))
        await control("user/7/presses", button="b")
        assert len(await bot.updates()) == 2
        assert [sent["text"] for sent in await control("sent", chat=7)] == ["Où ?"]
        await control("faults", add=[{"trouble": "error", "times": 1}])
        with pytest.raises(ApiError, match="Internal Server Error"):
            await bot("sendMessage", chat_id=7, text="x")
        await control("load", questions=["a", "b"], count=4, chats=2, first_chat=100)
        for chat in (100, 101, 100, 101):
            await bot("sendMessage", chat_id=chat, text="x")
        timings = await control("timings", within=5)
        assert (timings["asked"], timings["messages"], timings["unanswered"]) == (4, 4, 0)
        assert all(asked <= answered for asked, answered in timings["answered"])
        assert (await control("state"))["violations"] == {}
        assert "error" in await control("user/7/flies")
    process.terminate()
    assert await process.wait() == 0
