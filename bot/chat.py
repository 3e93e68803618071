"""The bot in the terminal: the same inbox, worker and outbox, one line at a time."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import TextIO

from bot.adapters.console import Console, render
from bot.app import Application
from bot.messages import OUTGOING, Kind, Position
from bot.pacing import utc_now
from storage import outbox

PROMPT = "> "


class Chat:
    """A conversation between standard input and standard output."""

    def __init__(
        self,
        application: Application,
        console: Console,
        near: Position | None = None,
        lines: TextIO = sys.stdin,
        write: Callable[[str], None] = lambda text: print(text, flush=True),
    ) -> None:
        self._application = application
        self._console = console
        self._near = near
        self._lines = lines
        self._write = write
        self._terminal = lines.isatty()

    async def run(self) -> None:
        """Until the end of input, or "/quit"."""
        await self.say("/start")
        while True:
            line = await self._read_line()
            if line is None or line.strip() in ("/quit", "/exit"):
                return
            if not self._terminal:
                self._write(f"{PROMPT}{line.rstrip()}")
            if line.strip():
                await self.say(line)

    async def _read_line(self) -> str | None:
        if self._terminal:
            try:
                return await asyncio.to_thread(input, PROMPT)
            except (EOFError, KeyboardInterrupt):
                return None
        return await asyncio.to_thread(self._lines.readline) or None

    async def say(self, line: str) -> None:
        """Sends one line and shows what comes back."""
        incoming = self._console.read(line, utc_now())
        if self._near is not None and incoming.kind in (Kind.TEXT, Kind.BUTTON):
            incoming = replace(incoming, position=self._near)
        await self._application.inbox.receive([incoming])
        await self._application.worker.drain()
        await self._show()

    async def _show(self) -> None:
        """What waits to be said to this person, also what a terminal that closed too early did not show."""
        database, lane = self._application.database, f"{self._console.name}:{self._console.person}"
        for row in await database.read(lambda c: outbox.waiting_in(c, lane)):
            printed = render(OUTGOING.validate_json(row.body), bold=self._terminal)
            self._write(printed.text + "\n")
            self._console.shown(printed)
            ended = [outbox.Settled(row.id, "sent")]
            await database.write(lambda c, ended=ended: outbox.settle(c, ended, []))  # type: ignore[misc]
