"""The fake takes calls as Telegram does, from a bot and from whoever drives it."""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

import aiohttp
import pytest

from tests.peers.bot import BUTTON, Bot, inline, known
from tests.peers.bot_api import ApiError, FakeBotApi

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
