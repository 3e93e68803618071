"""Telegram's deliveries: only its own, and only once they are kept."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence

import aiohttp
import pytest
from telegram import Bot

from bot.adapters.adapter import Fatal
from bot.adapters.telegram import webhook as webhook_module
from bot.adapters.telegram.receive import ALLOWED_UPDATES
from bot.adapters.telegram.request import AiohttpRequest
from bot.adapters.telegram.webhook import MAX_BODY, SECRET_HEADER, Webhook, register, serve
from tests.unit.telegram.server import TOKEN, BotApi, failure, text_update

WEBHOOK = Webhook("https://bot.example.org/telegram/in", "127.0.0.1:0", "s3cret-_")
UPDATE = json.dumps(text_update(10))


class Inbox:
    def __init__(self) -> None:
        self.taken: list[object] = []
        self.broken = False

    async def take(self, updates: Sequence[object]) -> None:
        if self.broken:
            raise RuntimeError("disk full")
        self.taken.extend(updates)


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
async def url(inbox: Inbox) -> AsyncIterator[str]:
    runner = await serve(WEBHOOK, inbox.take)
    yield "http://{}:{}/telegram/in".format(*runner.addresses[0][:2])
    await runner.cleanup()


async def post(url: str, body: str | bytes, secret: str | None = WEBHOOK.secret) -> int:
    headers = {} if secret is None else {SECRET_HEADER: secret}
    async with aiohttp.ClientSession() as session, session.post(url, data=body, headers=headers) as response:
        return response.status


async def test_kept_then_confirmed(url: str, inbox: Inbox) -> None:
    assert await post(url, UPDATE) == 200
    assert inbox.taken == [json.loads(UPDATE)]


@pytest.mark.parametrize("secret", [None, "", "s3cret", "s3cret-_x", "S3CRET-_", "sécret"])
async def test_strangers_are_turned_away(url: str, inbox: Inbox, secret: str | None) -> None:
    assert await post(url, UPDATE, secret) == 401
    assert inbox.taken == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("", 400),
        ("{", 400),
        ("[]", 400),
        ("null", 400),
        ("{}", 400),
        ('{"update_id": "x"}', 400),
        (b"\xff\xfe", 400),
        ("[" * 100_000, 400),
        ("x" * (MAX_BODY + 1), 413),
    ],
)
async def test_bad_bodies(url: str, inbox: Inbox, body: str | bytes, status: int) -> None:
    assert await post(url, body) == status
    assert inbox.taken == []


async def test_what_is_not_kept_is_delivered_again(url: str, inbox: Inbox) -> None:
    inbox.broken = True
    assert await post(url, UPDATE) == 500
    inbox.broken = False
    assert await post(url, UPDATE) == 200


async def test_other_addresses_do_not_exist(url: str, inbox: Inbox) -> None:
    assert await post(url.replace("/telegram/in", "/"), UPDATE) == 404


@pytest.mark.parametrize("listen", ["127.0.0.1:x", "203.0.113.1:1"])
async def test_an_address_that_cannot_be_listened_on(inbox: Inbox, listen: str) -> None:
    with pytest.raises(Fatal, match="webhook_listen"):
        await serve(Webhook(WEBHOOK.url, listen, "s"), inbox.take)


@pytest.fixture
async def bot(api: BotApi) -> AsyncIterator[Bot]:
    async with Bot(
        TOKEN, base_url=f"{api.url}/bot", request=AiohttpRequest(1), get_updates_request=AiohttpRequest(1)
    ) as running:
        yield running


async def test_registering(api: BotApi, bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhook_module, "REGISTER_PAUSE", 0.0)
    api.plan("setWebhook", lambda _: failure(500, "Internal Server Error"))
    await register(bot, WEBHOOK)
    sent = api.made("setWebhook")[1]
    assert (sent["url"], sent["secret_token"]) == (WEBHOOK.url, WEBHOOK.secret)
    assert json.loads(sent["allowed_updates"]) == list(ALLOWED_UPDATES)
    assert sent.get("drop_pending_updates") is None


@pytest.mark.parametrize(
    ("status", "words", "key"),
    [(400, "Bad Request: bad webhook: HTTPS url must be provided", "webhook_url"), (401, "Unauthorized", "token")],
)
async def test_what_telegram_does_not_want_is_fatal(api: BotApi, bot: Bot, status: int, words: str, key: str) -> None:
    api.plan("setWebhook", lambda _: failure(status, words))
    with pytest.raises(Fatal, match=key):
        await register(bot, WEBHOOK)
