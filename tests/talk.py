"""Talking to the bot in tests: through the inbox, the worker and the outbox, with a clock of our own."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from bot.adapters.console import render as render_for_console
from bot.adapters.telegram.render import render as render_for_telegram
from bot.broadcast import Broadcast
from bot.conversation import Conversation
from bot.groups import Group
from bot.health import Metrics
from bot.inbox import Inbox, Worker
from bot.knowledge import Knowledge
from bot.messages import OUTGOING, STRONG_OFF, STRONG_ON, Button, File, Incoming, Kind, Outgoing, Position, Reply
from bot.turn import Reach
from handlers import router
from handlers.due.work import DueWork
from knowledge.frame import Place
from knowledge.participation.quiet import Quiet
from storage import outbox
from storage.database import Database
from storage.outcomes import Outcome

PARIS = ZoneInfo("Europe/Paris")
RATES = {"telegram": 25.0}
GROUPS = {"Maraudes": Group("telegram", "-1001")}
TEAM_CHATS = {"Aurore": Group("telegram", "-1002", "7")}
"""The Factory's own team has none: answers come to whoever announced."""


class Addresses:
    """A geocoder that knows what a test tells it."""

    def __init__(self, known: dict[str, list[Place]] | None = None) -> None:
        self.known = known or {}
        self.asked: list[str] = []

    async def find(self, text: str) -> list[Place]:
        self.asked.append(text)
        return self.known.get(text.strip().lower(), [])


@dataclass
class Talk:
    """The bot and the people talking to it. `now` moves only when a test moves it."""

    database: Database
    knowledge: Knowledge
    now: datetime
    addresses: Addresses = field(default_factory=Addresses)

    def __post_init__(self) -> None:
        self.now = self.now.astimezone(UTC) if self.now.tzinfo else self.now.replace(tzinfo=PARIS).astimezone(UTC)
        self._numbers = count(1)
        self.metrics = Metrics()
        self.codes: list[str] = []
        """Arrival codes of the sessions that a dialogue begins with."""
        self.sent: list[tuple[str, str, str]] = []
        """Chat, number and body of every message that the bot sent."""
        self.letters: dict[str, list[Outgoing]] = {}
        """What the bot said on its own to those who have not looked yet."""
        self.files: dict[str, bytes] = {}
        """What people sent, by its reference."""
        reach = Reach(Quiet(PARIS), RATES, GROUPS, TEAM_CHATS)
        self.conversation = Conversation(router(), self.knowledge, "fr", PARIS, reach=reach)
        self.broadcast = Broadcast(self.database, RATES, GROUPS, Quiet(PARIS), self.clock, self.metrics, lambda: None)
        self.inbox = Inbox(self.database, self.metrics, lambda: None, self.clock)
        self.worker = Worker(
            self.database,
            self.conversation,
            self.addresses,  # type: ignore[arg-type]
            self.metrics,
            lambda _batch: None,
            PARIS,
            self.clock,
            self._fetch,
        )

    async def _fetch(self, _platform: str, file: File) -> bytes | None:
        return self.files.get(file.reference)

    def clock(self) -> datetime:
        return self.now

    def wait(self, **how_long: float) -> None:
        self.now += timedelta(**how_long)

    def person(self, name: str = "ada", language: str = "fr", **more: Any) -> Someone:
        return Someone(self, name, language, more)

    def _outcome(self, row: outbox.Row) -> Outcome | None:
        return None if row.recipient is None else Outcome(row.recipient, "sent", str(row.id), "", self.now)

    async def answers(self, platform: str) -> list[Outgoing]:
        """Takes out what waits to be sent."""
        found: list[Outgoing] = []
        while rows := await self.database.write(lambda c: outbox.claim(c, platform, self.now, 100, lambda _lane: None)):
            found.extend(OUTGOING.validate_json(row.body) for row in rows)
            self.sent += [(row.lane.partition(":")[2], str(row.id), row.body) for row in rows]
            ended = [outbox.Settled(row.id, "sent", str(row.id), self._outcome(row)) for row in rows]
            await self.database.write(lambda c, ended=ended: outbox.settle(c, ended, []))  # type: ignore[misc]
        for outgoing in found:
            assert platform != "telegram" or render_for_telegram(outgoing)
            assert render_for_console(outgoing, bold=False).text
        return found


@dataclass
class Someone:
    """One person on one platform."""

    talk: Talk
    name: str
    language: str
    fields: dict[str, Any]
    heard: list[Outgoing] = field(default_factory=list)

    @property
    def number(self) -> str:
        """Telegram's ids are numbers."""
        return str(zlib.crc32(self.name.encode()))

    def incoming(self, **fields: Any) -> Incoming:
        number = str(next(self.talk._numbers))
        plain = Incoming(
            platform="telegram", update_id=number, chat=self.number, person=self.number, sent_at=self.talk.now,
            language=self.language, message_id=number,
        )  # fmt: skip
        return replace(plain, **{**self.fields, **fields})

    async def sends(self, *messages: Incoming) -> list[Reply]:
        """Sends messages and gives back all that comes."""
        await self.talk.inbox.receive(messages)
        await self.talk.worker.drain()
        said = await self.talk.answers(self.fields.get("platform", "telegram"))
        own = {message.chat for message in messages}
        for outgoing in said:
            if outgoing.chat not in own:
                self.talk.letters.setdefault(outgoing.chat, []).append(outgoing)
        self.heard = [outgoing for outgoing in said if outgoing.chat in own]
        return [outgoing.reply for outgoing in self.heard]

    async def hears_what_is_due(self) -> list[Reply]:
        """What the bot says on its own now: all of it goes out, this person hears what is theirs."""
        await DueWork(self.talk.database, Quiet(PARIS), self.talk.clock).run()
        await self.talk.broadcast.step()
        for outgoing in await self.talk.answers("telegram"):
            self.talk.letters.setdefault(outgoing.chat, []).append(outgoing)
        self.heard = self.talk.letters.pop(self.number, [])
        return [outgoing.reply for outgoing in self.heard]

    async def replies(self, text: str, to: str = "", chat: str = "") -> list[Reply]:
        """Writes in reply to the last message of the bot in which `to` stands, in private or in a group."""
        mine = [number for where, number, body in self.talk.sent if where == (chat or self.number) and to in body]
        where = {"chat": chat, "private": False} if chat else {}
        return await self.says(text, answers=mine[-1], **where)

    async def says(self, text: str, **fields: Any) -> list[Reply]:
        return await self.sends(self.incoming(text=text, **fields))

    async def is_at(self, latitude: float, longitude: float) -> list[Reply]:
        return await self.sends(self.incoming(kind=Kind.POSITION, position=Position(latitude, longitude)))

    async def sends_file(self, content: bytes, *, picture: bool, caption: str = "", size: int = 0) -> list[Reply]:
        """A picture or document; `size`: as the platform tells it."""
        number = f"file{len(self.talk.files)}"
        self.talk.files[number] = content
        file = File(number, picture, "plan.png" if picture else "plan.pdf", "", size or len(content))
        kind = Kind.TEXT if caption else Kind.UNSUPPORTED
        return await self.sends(self.incoming(kind=kind, text=caption, file=file))

    async def taps(self, label: str) -> list[Reply]:
        """Taps the button of that label under the last answer."""
        button = self.button(label)
        return await self.sends(self.incoming(kind=Kind.BUTTON, text=button.payload))

    def button(self, label: str) -> Button:
        shown = [button for outgoing in self.heard for row in outgoing.reply.buttons for button in row]
        found = [button for button in shown if label in button.label]
        assert found, f"no button {label!r} among {[button.label for button in shown]}"
        return found[0]


def words(replies: Sequence[Reply]) -> str:
    """All that is written in an answer."""
    texts = [reply.text for reply in replies]
    texts += [reply.pin.title + " " + reply.pin.address for reply in replies if reply.pin]
    texts += [f"{reply.contact.name} {reply.contact.phone}" for reply in replies if reply.contact]
    return "\n".join(texts).replace(STRONG_ON, "").replace(STRONG_OFF, "").replace("\u202f", " ").replace("\u00a0", " ")
