"""The fake refuses the messages that Telegram refuses, in its words."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.peers.bot import BUTTON, Bot, inline, known
from tests.peers.bot_api import ApiError, FakeBotApi
from tests.peers.bot_api.entities import parse_html, utf16_length
from tests.peers.bot_api.files import File

PICTURE = File("", b"\x89PNG")


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
    with pytest.raises(ApiError, match="wrong file identifier"):
        await bot("sendPhoto", chat_id=chat, photo="of another bot")
    with pytest.raises(ApiError, match="caption is too long"):
        await bot("sendPhoto", chat_id=chat, photo=api.keep(PICTURE).id, caption="x" * 1025)
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
