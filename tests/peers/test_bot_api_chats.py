"""Who may be written to, and what becomes of messages, buttons and inline queries."""

from __future__ import annotations

from typing import Any

import pytest

from tests.peers.bot import BUTTON, Bot, Clock, inline, known
from tests.peers.bot_api import ApiError, FakeBotApi


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
