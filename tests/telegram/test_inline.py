"""`@bot douche bastille` typed in any other chat."""

from __future__ import annotations

import pytest

from tests.peers.bot_api import FakeBotApi, User
from tests.telegram.running import Running


async def test_three_places_to_share(bot: Running, api: FakeBotApi, ada: User) -> None:
    found = await ada.sees(ada.asks("douche bastille"))
    assert len(found) == 3
    for article in found:
        assert article["type"] == "article"
        assert article["input_message_content"]["message_text"].startswith(f"<b>{article['title']}</b>"), "no number"
        assert article["url"].startswith("https://")
    assert not api.violations


async def test_near_the_asker(bot: Running, ada: User) -> None:
    near_nation = await ada.sees(ada.asks("douche", position=(48.8483, 2.3958)))
    near_ney = await ada.sees(ada.asks("douche", position=(48.8985, 2.3420)))
    assert near_nation[0]["title"] != near_ney[0]["title"]


@pytest.mark.parametrize(
    "text", ["", "qsdfgh jklm", "douche", "bastille", "<b>&", "😀" * 60, "' OR 1=1 --", "/start", "/"]
)
async def test_otherwise_how_to_ask(bot: Running, api: FakeBotApi, ada: User, text: str) -> None:
    found = await ada.sees(ada.asks(text))
    assert [article["id"] for article in found] == ["help"]
    assert not api.violations
    assert bot.metric("solidarity_failed_total") == 0


async def test_typing_ahead_is_answered_letter_by_letter_without_waiting(patient_bot: Running, ada: User) -> None:
    """The pace of one message a second is for chats: an inline answer is none."""
    queries = [ada.asks("douche bastille"[:length]) for length in range(6, 16)]
    await ada.sees(queries[-1], within=3.0)


async def test_nothing_of_it_is_remembered(bot: Running, ada: User) -> None:
    await ada.sees(ada.asks("douche bastille"))
    ada.says("et demain ?")
    assert "Bastille" not in (await ada.hears()).text
