"""The updates waiting for the bot, and getUpdates over them."""

from __future__ import annotations

import asyncio
import json
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any

from tests.peers.bot_api.errors import conflict
from tests.peers.bot_api.faults import Faults

ALL_KINDS = frozenset({
    "message", "edited_message", "channel_post", "edited_channel_post", "inline_query", "chosen_inline_result",
    "callback_query", "my_chat_member", "chat_member", "message_reaction", "message_reaction_count", "poll",
    "poll_answer", "chat_join_request",
})  # fmt: skip
DEFAULT_KINDS = ALL_KINDS - {"chat_member", "message_reaction", "message_reaction_count"}
"""Source: Telegram Bot API, getUpdates, allowed_updates."""
MAX_TIMEOUT = 50
"""Seconds. Source: the public Bot API server, LONG_POLL_MAX_TIMEOUT."""


@dataclass(frozen=True, slots=True)
class Update:
    id: int
    lane: str
    """Webhooks deliver the updates of one lane one after the other."""
    body: bytes
    """The whole update as JSON."""


class Feed:
    """Updates stay until they are confirmed, in the order of their ids."""

    def __init__(self, faults: Faults, violations: Counter[str], first_id: int = 100_000) -> None:
        self.pending: OrderedDict[int, Update] = OrderedDict()
        self.allowed = DEFAULT_KINDS
        self.delivered = 0
        self._faults = faults
        self._violations = violations
        self._next_id = first_id
        self._again: list[Update] = []
        self._poll: asyncio.Future[None] | None = None
        self.push: Callable[[Update], None] | None = None
        """Told of each update as it is added: a webhook."""

    def put(self, kind: str, content: dict[str, Any], lane: str) -> int | None:
        """Adds an update and returns its id; None when the bot did not ask for this kind."""
        if kind not in self.allowed:
            return None
        update_id = self._next_id
        self._next_id += 1
        body = json.dumps({"update_id": update_id, kind: content}, ensure_ascii=False).encode()
        update = self.pending[update_id] = Update(update_id, lane, body)
        if self.push is not None:
            self.push(update)
        else:
            self._wake()
        return update_id

    def allow(self, kinds: Any) -> None:
        """None keeps the previous choice, an empty list is the default. It concerns updates yet to come."""
        if kinds is None:
            return
        chosen = frozenset(str(kind) for kind in kinds) & ALL_KINDS
        self.allowed = chosen or DEFAULT_KINDS

    def confirm(self, offset: int) -> None:
        """Forgets what is before `offset`; a negative one keeps only that many of the last."""
        if offset < 0:
            while len(self.pending) > -offset:
                self.pending.popitem(last=False)
            return
        while self.pending and next(iter(self.pending)) < offset:
            self.forget(next(iter(self.pending)))

    def forget(self, update_id: int) -> None:
        update = self.pending.pop(update_id)
        if self._faults.repeats():
            self._again.append(update)

    def taken(self, update_id: int) -> None:
        """A webhook took this update."""
        self.pending.pop(update_id, None)
        self.delivered += 1

    async def poll(self, offset: int, limit: int, within: float) -> list[bytes]:
        """getUpdates: confirms, then waits up to `within` seconds for something to give.

        Raises ApiError 409 when another call takes this one's place.
        """
        self.confirm(offset)
        found = self._take(limit)
        if found or within <= 0:
            return found
        self.abort("terminated by other getUpdates request; make sure that only one bot instance is running")
        poll = self._poll = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(within):
                await poll
        except TimeoutError:
            pass
        finally:
            if self._poll is poll:
                self._poll = None
        return self._take(limit)

    def abort(self, reason: str) -> None:
        """Ends a call that is waiting now with 409."""
        if self._poll is not None and not self._poll.done():
            self._violations["conflict"] += 1
            self._poll.set_exception(conflict(reason))
        self._poll = None

    def _wake(self) -> None:
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(None)

    def _take(self, limit: int) -> list[bytes]:
        again, self._again = self._again[:limit], self._again[limit:]
        found = [update.body for update in again]
        found += [update.body for update in islice(self.pending.values(), limit - len(found))]
        self.delivered += len(found)
        return found


def answer(bodies: Iterable[bytes]) -> bytes:
    """The answer of getUpdates, from updates that are JSON already."""
    return b'{"ok":true,"result":[' + b",".join(bodies) + b"]}"
