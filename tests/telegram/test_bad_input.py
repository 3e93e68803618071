"""Whatever people, their phones or somebody malicious send: an answer, and the next question is answered too."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any

import pytest
from sqlalchemy import func, select

from storage.schema import person
from tests.peers.bot_api import FakeBotApi, User
from tests.peers.bot_api.feed import Update
from tests.telegram.running import Running


def deliver(api: FakeBotApi, body: bytes) -> None:
    """An update as it stands, however bad."""
    update_id = api.feed._next_id
    api.feed._next_id += 1
    api.feed.pending[update_id] = Update(update_id, "raw", body.replace(b"UPDATE_ID", str(update_id).encode()))
    api.feed._wake()


def message(text: str, **fields: Any) -> bytes:
    """The JSON of an update with this text; halves of surrogate pairs as Telegram's escapes would carry them."""
    chat = {"id": 1001, "type": "private", "first_name": "Ada"}
    content = {
        "message_id": 5, "date": int(time.time()), "chat": chat, "text": text,
        "from": {"id": 1001, "is_bot": False, "first_name": "Ada", "language_code": "fr"},
    }  # fmt: skip
    return (
        json.dumps({"update_id": "UPDATE_ID", "message": content | fields}).replace('"UPDATE_ID"', "UPDATE_ID").encode()
    )


NOISE = {
    "one character": "?",
    "white space": " \t\n",
    "emoji": "😀🏳️‍🌈👩🏽‍🚀" * 20,
    "4,096 characters": "x" * 4096,
    "4,096 words": "a " * 2048,
    "4,096 digits": "9" * 4096,
    "4,096 emoji units": "😀" * 2048,
    "4,096 brackets": "([{<" * 1024,
    "many apostrophes": "l'" * 2048,
    "many times a need": "douche " * 585,
    "HTML": "<b>gras</b><a href='javascript:1'>x</a> & &amp; </script>",
    "SQL": "'; DROP TABLE person; SELECT * FROM inbox WHERE '1'='1",
    "right to left": "مرحبا أين يمكنني الاستحمام \u202e abc",
    "combining": "e" + "\u0301" * 3000,
    "NUL": "dou\x00che",
    "control characters": "".join(map(chr, range(1, 32))),
    "private use": "\ue000\ue001\ue000",
    "template": "{0} {name} %s %(x)s ${env}",
    "path": "../../../etc/passwd",
    "format bomb": "{0.__class__}" * 200,
    "regular expression bomb": "(a+)+$" * 400 + "!",
    "dates": "31/02/2026 99:99 " * 100,
    "addresses": "12 rue de Rivoli " * 100,
    "Zalgo": "d̷̢̛o̵u̶c̸h̷e̶",
    "numbers": "1e999 -0 NaN ٣ १",
}


@pytest.mark.parametrize("text", NOISE.values(), ids=NOISE.keys())
async def test_noise_is_answered_and_the_talk_goes_on(bot: Running, ada: User, api: FakeBotApi, text: str) -> None:
    ada.says(text)
    await ada.hears()
    ada.says("douche bastille")
    await ada.hears("Bastille")
    assert bot.metric("solidarity_failed_total") == 0
    assert not api.violations


@pytest.mark.parametrize("text", ["\ud83d douche bastille", "douche \udcff bastille", "\udc00\ud800 douche bastille"])
async def test_halves_of_characters(bot: Running, ada: User, api: FakeBotApi, text: str) -> None:
    ada.says("merci")
    await ada.hears()
    deliver(api, message(text))
    await ada.hears("Bastille")


BROKEN = {
    "no object": b"[1, 2]",
    "no content": b'{"update_id": UPDATE_ID}',
    "unknown content": b'{"update_id": UPDATE_ID, "horoscope": {"sign": "leo"}}',
    "empty message": b'{"update_id": UPDATE_ID, "message": {}}',
    "message without a chat": b'{"update_id": UPDATE_ID, "message": {"message_id": 1, "date": 0, "text": "douche"}}',
    "chat of a wrong type": b'{"update_id": UPDATE_ID, "message": {"message_id": 1, "date": 0, "chat": 7, "text": "x"}}',
    "date of a wrong type": b'{"update_id": UPDATE_ID, "message": {"message_id": 1, "date": "soon", "chat": {"id": 1, '
    b'"type": "private"}, "text": "x"}}',
    "huge date": message("x", date=10**17),
    "text of a wrong type": b'{"update_id": UPDATE_ID, "message": {"message_id": 1, "date": 0, "chat": {"id": 1, "type": '
    b'"private"}, "from": {"id": 1, "is_bot": false, "first_name": "x"}, "text": ["douche"]}}',
    "position of words": message("", location={"latitude": "nord", "longitude": None}),
    "position beyond the poles": message("", location={"latitude": 1e308, "longitude": -1e308}),
    "callback without data": b'{"update_id": UPDATE_ID, "callback_query": {"id": "1", "from": {"id": 1, "is_bot": false, '
    b'"first_name": "x"}, "chat_instance": "1"}}',
    "inline query without words": b'{"update_id": UPDATE_ID, "inline_query": {"id": "1"}}',
    "chat id of a wrong type": message("douche", chat={"id": "x", "type": "private"}),
}


@pytest.mark.parametrize("body", BROKEN.values(), ids=BROKEN.keys())
async def test_what_cannot_be_read_holds_nobody_up(bot: Running, ada: User, api: FakeBotApi, body: bytes) -> None:
    deliver(api, body)
    ada.says("douche bastille")
    await ada.hears("Bastille")
    bob = api.user(1002)
    bob.says("douche nation")
    await bob.hears("Nation")


@pytest.mark.parametrize("kind", ["sticker", "voice", "photo", "video", "document", "contact", "dice", "poll"])
async def test_only_words_and_positions_are_read(bot: Running, ada: User, kind: str) -> None:
    ada.sends(kind)
    await ada.hears("Je ne lis que le texte et les positions")


async def test_words_under_a_photo_are_a_question(bot: Running, ada: User) -> None:
    ada.sends("photo", caption="douche bastille")
    await ada.hears("Bastille")


@pytest.mark.parametrize(
    ("latitude", "longitude"), [(0.0, 0.0), (48.85, -4.9), (51.5074, -0.1278), (-90.0, 180.0), (90.0, -180.0)]
)
async def test_positions_at_sea_or_abroad(bot: Running, ada: User, latitude: float, longitude: float) -> None:
    ada.shares(latitude, longitude)
    await ada.hears("Je ne connais que Paris")
    ada.says("douche bastille")
    await ada.hears("Bastille")


async def test_a_flood_gets_one_notice_and_holds_nobody_up(bot: Running, ada: User, api: FakeBotApi) -> None:
    for number in range(30):
        ada.says(f"douche bastille {number}")
    bob = api.user(1002)
    bob.says("douche nation")
    await bob.hears("Nation")
    await ada.hears("beaucoup de messages")
    ada.says("encore une douche ?")
    ada.says("il ne respire plus")
    await ada.hears("15 (SAMU)")
    said = [sent.text for sent in ada.screen]
    assert len(said) == 20 + 1 + 1
    assert sum("beaucoup de messages" in text for text in said) == 1


async def test_after_the_flood_questions_are_answered_again(bot: Running, ada: User, api: FakeBotApi) -> None:
    began = time.time()
    api.clock = lambda: began - 120
    for _ in range(25):
        ada.says("douche bastille")
    await ada.hears("beaucoup de messages")
    api.clock = time.time
    ada.says("douche nation")
    await ada.hears("Nation")


async def test_sql_in_a_text_changes_nothing(bot: Running, ada: User) -> None:
    ada.says("'; DROP TABLE person; --")
    await ada.hears()
    await asyncio.sleep(0)
    assert await bot.database.read(lambda c: c.execute(select(func.count()).select_from(person)).scalar_one()) == 1
