"""Too fast a bot is refused, and what a test wants to go wrong goes wrong."""

from __future__ import annotations

import asyncio
import json

import aiohttp
import pytest

from tests.peers.bot import Bot, Clock, known
from tests.peers.bot_api import ApiError, FakeBotApi, Fault, Limits, Trouble


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
