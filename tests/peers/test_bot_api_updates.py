"""Updates are handed out as Telegram does: by polling and by webhook, until they are taken."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web

from tests.peers.bot import Bot
from tests.peers.bot_api import ApiError, FakeBotApi


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
