"""Updates pushed to the bot's address: in order within a chat, again until it answers 2xx."""

from __future__ import annotations

import asyncio
import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from tests.peers.bot_api import arguments as read
from tests.peers.bot_api.errors import bad_request
from tests.peers.bot_api.faults import Faults
from tests.peers.bot_api.feed import Feed, Update

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
PORTS = {80, 88, 443, 8443}
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
LONGEST_WAIT = 60.0
"""Seconds between two attempts. Source: the public Bot API server, WEBHOOK_MAX_RESEND_TIMEOUT."""
ANSWER_TIMEOUT = 60.0


@dataclass(frozen=True, slots=True)
class Target:
    url: str
    secret: str
    connections: int


class _Delivery:
    """Posts updates to one address: one task a lane that has some, `connections` requests at once."""

    def __init__(self, webhook: Webhook, target: Target) -> None:
        self._webhook = webhook
        self._target = target
        self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        self._free = asyncio.Semaphore(target.connections)
        self._lanes: dict[str, deque[Update]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def offer(self, update: Update) -> None:
        if update.lane in self._lanes:
            self._lanes[update.lane].append(update)
            return
        self._lanes[update.lane] = deque([update])
        task = asyncio.create_task(self._serve(update.lane))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._session.close()

    async def _serve(self, lane: str) -> None:
        webhook, updates = self._webhook, self._lanes[lane]
        failures = 0
        while updates:
            update = updates[0]
            async with self._free:
                taken = await self._post(update)
                if taken and webhook.faults.repeats():
                    await self._post(update)
            if taken:
                failures = 0
                updates.popleft()
                webhook.feed.taken(update.id)
                continue
            if failures:
                await asyncio.sleep(min(webhook.longest_wait, webhook.retry_unit * 2**failures))
            failures += 1
        del self._lanes[lane]

    async def _post(self, update: Update) -> bool:
        webhook, target = self._webhook, self._target
        headers = {"Content-Type": "application/json"}
        if target.secret:
            headers[SECRET_HEADER] = target.secret
        webhook.attempts += 1
        timeout = aiohttp.ClientTimeout(total=ANSWER_TIMEOUT)
        try:
            async with self._session.post(target.url, data=update.body, headers=headers, timeout=timeout) as response:
                await response.read()
                if 200 <= response.status <= 299:
                    return True
                webhook.last_error = f"Wrong response from the webhook: {response.status} {response.reason}"
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            webhook.last_error = f"Connection failed: {type(error).__name__}"
        webhook.last_error_at = webhook.clock()
        return False


@dataclass(slots=True)
class Webhook:
    """`retry_unit`: Telegram retries at once, then after 2, 4, 8... times this many seconds, at most `longest_wait`."""

    feed: Feed
    faults: Faults
    clock: Callable[[], float]
    retry_unit: float = 1.0
    longest_wait: float = LONGEST_WAIT
    target: Target | None = None
    attempts: int = 0
    last_error: str = ""
    last_error_at: float = 0.0
    _delivery: _Delivery | None = field(default=None, repr=False)

    async def set(self, arguments: read.Arguments) -> bool:
        url = read.text(arguments, "url")
        if not url:
            return await self.delete(arguments)
        connections = read.integer(arguments, "max_connections", 40, 1, 100)
        target = _target(url, read.text(arguments, "secret_token"), connections)
        self.feed.abort("terminated by setWebhook request")
        self.feed.allow(read.structure(arguments, "allowed_updates", "allowed updates"))
        self._drop_if_asked(arguments)
        if target != self.target:
            await self.stop()
            self.target, self._delivery = target, _Delivery(self, target)
            self.feed.push = self._delivery.offer
            for update in self.feed.pending.values():
                self._delivery.offer(update)
        return True

    async def delete(self, arguments: read.Arguments) -> bool:
        await self.stop()
        self._drop_if_asked(arguments)
        return True

    def info(self) -> dict[str, Any]:
        found: dict[str, Any] = {
            "url": self.target.url if self.target else "",
            "has_custom_certificate": False,
            "pending_update_count": len(self.feed.pending),
            "allowed_updates": sorted(self.feed.allowed),
        }
        if self.target:
            found["max_connections"] = self.target.connections
        if self.last_error:
            found |= {"last_error_date": int(self.last_error_at), "last_error_message": self.last_error}
        return found

    async def stop(self) -> None:
        """Ends delivery; what was not taken stays pending."""
        delivery, self._delivery, self.target, self.feed.push = self._delivery, None, None, None
        if delivery is not None:
            await delivery.close()

    def _drop_if_asked(self, arguments: read.Arguments) -> None:
        if read.flag(arguments, "drop_pending_updates"):
            self.feed.pending.clear()


def _target(url: str, secret: str, connections: int) -> Target:
    """Telegram wants https on its four ports; plain http is let through to this machine alone, for tests."""
    try:
        parts = urlsplit(url if "://" in url else f"https://{url}")
        port = parts.port
    except ValueError:
        raise bad_request("invalid webhook URL specified") from None
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise bad_request("invalid webhook URL specified")
    if len(secret) > 256:
        raise bad_request("secret token is too long")
    if not re.fullmatch(r"[A-Za-z0-9_-]*", secret):
        raise bad_request("secret token contains unallowed characters")
    if parts.hostname not in LOOPBACK:
        if parts.scheme == "http":
            raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
        if (port or 443) not in PORTS:
            raise bad_request("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
    return Target(parts.geturl(), secret, connections)
