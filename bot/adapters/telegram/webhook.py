"""Telegram calling us: an HTTP endpoint that any replica may serve."""

from __future__ import annotations

import asyncio
import hmac
import json
from dataclasses import dataclass
from urllib.parse import urlsplit

import structlog
from aiohttp import web
from telegram import Bot
from telegram.error import BadRequest, InvalidToken, TelegramError

from bot.adapters.adapter import Fatal
from bot.adapters.telegram.intake import Take
from bot.adapters.telegram.polling import TOKEN_REFUSED
from bot.adapters.telegram.receive import ALLOWED_UPDATES

log = structlog.get_logger(__name__)

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
MAX_BODY = 1 << 20
"""Bytes; an update is a few thousand."""

MAX_CONNECTIONS = 40
"""Deliveries at once. Source: Telegram Bot API, setWebhook.max_connections, the default of 1-100."""

REGISTER_PAUSE = 5.0


@dataclass(frozen=True, slots=True)
class Webhook:
    """`url`: the public address; `listen`: host:port here; `secret`: what Telegram shows, 1-256 of A-Z a-z 0-9 _ -."""

    url: str
    listen: str
    secret: str

    @property
    def path(self) -> str:
        return urlsplit(self.url).path or "/"


def application(webhook: Webhook, take: Take) -> web.Application:
    """Answers 200 only once the update is in the inbox: at anything else Telegram delivers it again."""
    secret = webhook.secret.encode()

    async def deliver(request: web.Request) -> web.Response:
        shown = request.headers.get(SECRET_HEADER, "").encode("utf-8", "surrogateescape")
        if not secret or not hmac.compare_digest(shown, secret):
            return web.Response(status=401)
        try:
            update = json.loads(await request.read())
        except (ValueError, RecursionError):
            return web.Response(status=400)
        if not isinstance(update, dict) or not isinstance(update.get("update_id"), int):
            return web.Response(status=400)
        try:
            await take([update])
        except Exception as error:
            log.error("telegram.update_not_taken", error=type(error).__name__)
            return web.Response(status=500)
        return web.Response()

    app = web.Application(client_max_size=MAX_BODY)
    app.router.add_post(webhook.path, deliver)
    return app


async def serve(webhook: Webhook, take: Take) -> web.AppRunner:
    """Listens; `cleanup()` of what it returns ends that. Raises Fatal when the address is taken or is none."""
    host, _, port = webhook.listen.rpartition(":")
    runner = web.AppRunner(application(webhook, take), access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, host.strip("[]") or None, int(port)).start()
    except (OSError, ValueError) as error:
        await runner.cleanup()
        raise Fatal(f"telegram.webhook_listen: cannot listen on {webhook.listen!r} ({type(error).__name__})") from None
    return runner


async def register(bot: Bot, webhook: Webhook) -> None:
    """Tells Telegram the address, trying until it hears. Raises Fatal when Telegram does not want it."""
    while True:
        try:
            await bot.set_webhook(
                webhook.url,
                secret_token=webhook.secret,
                allowed_updates=ALLOWED_UPDATES,
                max_connections=MAX_CONNECTIONS,
            )
        except InvalidToken:
            raise Fatal(TOKEN_REFUSED) from None
        except BadRequest as error:
            raise Fatal(f"telegram.webhook_url: {error.message}") from None
        except TelegramError as error:
            log.warning("telegram.webhook_not_registered", error=type(error).__name__)
            await asyncio.sleep(REGISTER_PAUSE)
        else:
            return
