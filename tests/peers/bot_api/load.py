"""Many questions from many chats, and how long each answer took: the measuring end of benchmarks.

Runs beside the server, so that asking costs no HTTP and both ends are timed by one clock.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import defaultdict, deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.peers.bot_api.chats import Sent

if TYPE_CHECKING:
    from tests.peers.bot_api.api import FakeBotApi


@dataclass(slots=True)
class Load:
    """One run at a time. An answer is the first message to a chat after its oldest unanswered question."""

    api: FakeBotApi
    planned: int = 0
    asked: int = 0
    messages: int = 0
    answered: list[tuple[float, float]] = field(default_factory=list)
    """(asked at, answered at), seconds by the fake's clock."""
    started_at: float = 0.0
    _open: defaultdict[int, deque[float]] = field(default_factory=lambda: defaultdict(deque))
    _task: asyncio.Task[None] | None = None

    def begin(self, questions: list[str], count: int, chats: int, first_chat: int = 1, rate: float = 0.0) -> int:
        """Asks `count` questions, in turn by `chats` people from id `first_chat` on.

        `rate` per second in an open loop (a slow bot does not slow the asking); 0 asks all at once.
        """
        if self._task is not None and not self._task.done():
            raise ValueError("a load is running")
        self.planned, self.asked, self.messages = count, 0, 0
        self.answered = []
        self._open.clear()
        self.started_at = self.api.clock()
        self.api.on_sent = self._on_sent
        plan = ((first_chat + number % chats, questions[number % len(questions)]) for number in range(count))
        if rate:
            self._task = asyncio.create_task(self._ask(list(plan), rate))
        else:
            for chat, text in plan:
                self._say(chat, text, self.started_at)
        return count

    @property
    def unanswered(self) -> int:
        """Questions of the plan without an answer, those not yet asked included."""
        return self.planned - len(self.answered)

    async def finished(self, within: float) -> dict[str, Any]:
        """What was measured, once everything planned was asked and answered, or after `within` seconds."""
        with contextlib.suppress(TimeoutError):
            await self.api.until(lambda: not self.unanswered, within)
        return {
            "planned": self.planned,
            "asked": self.asked,
            "messages": self.messages,
            "unanswered": self.unanswered,
            "started_at": self.started_at,
            "answered": self.answered,
        }

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def _ask(self, plan: list[tuple[int, str]], rate: float) -> None:
        for number, (chat, text) in enumerate(plan):
            due = self.started_at + number / rate
            wait = due - self.api.clock()
            if wait > 0:
                await asyncio.sleep(wait)
            elif number % 20 == 0:
                await asyncio.sleep(0)
            self._say(chat, text, due)

    def _say(self, chat: int, text: str, due: float) -> None:
        self._open[chat].append(due)
        self.asked += 1
        self.api.user(chat).says(text)

    def _on_sent(self, sent: Sent) -> None:
        self.messages += 1
        waiting = self._open.get(sent.chat)
        if waiting:
            self.answered.append((waiting.popleft(), sent.at))
