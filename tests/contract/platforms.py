"""The same person before each platform: what they do, what they see, and what may go wrong in between."""

from __future__ import annotations

import asyncio
import contextlib
import io
import re
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

from bot.adapters.console import Console
from bot.app import Application
from bot.chat import Chat
from bot.config import GeocodingSettings, HealthSettings, Settings, StorageSettings
from bot.knowledge import Knowledge
from storage.database import Database
from tests.matrix.running import Bots
from tests.peers.bot_api import FakeBotApi, Limits, User
from tests.peers.bot_api import Fault as TelegramFault
from tests.peers.bot_api import Trouble as TelegramTrouble
from tests.peers.homeserver import PASSWORD, USER, FakeHomeserver, Fault, Trouble
from tests.peers.homeserver.stream import FakeRoom
from tests.telegram.running import running


class Failure(StrEnum):
    """What can become of a message on its way, as every adapter must tell it."""

    BROKEN = "the platform fails: not delivered"
    CUT_BEFORE = "the connection ends before it counts"
    CUT_AFTER = "the connection ends and it counted"
    TOO_MANY = "the platform asks for a pause"
    REFUSED = "the platform will never take it"
    GONE = "the person is not to be reached any more"


class Platform(Protocol):
    exactly_once: bool
    """What counted unheard is not said twice."""

    async def says(self, text: str) -> None: ...

    async def shares(self, latitude: float, longitude: float) -> None: ...

    async def presses(self, label: str) -> None:
        """What was offered last."""

    async def hears(self, words: str) -> str:
        """The next message with these words, with what it offers. Raises AssertionError."""

    def heard(self) -> list[str]:
        """All messages."""

    def fails(self, failure: Failure) -> None:
        """The next message meets this."""


@dataclass
class OnConsole:
    chat: Chat
    written: list[str]
    exactly_once = True
    _taken: int = 0

    async def says(self, text: str) -> None:
        await self.chat.say(text)

    async def shares(self, latitude: float, longitude: float) -> None:
        await self.chat.say(f"{latitude}, {longitude}")

    async def presses(self, label: str) -> None:
        await self.chat.say(label)

    async def hears(self, words: str) -> str:
        return _take(self, self.heard(), words)

    def heard(self) -> list[str]:
        return [text for text in self.written if not text.startswith("> ")]

    def fails(self, failure: Failure) -> None:
        raise NotImplementedError


@dataclass
class OnTelegram:
    api: FakeBotApi
    user: User
    exactly_once = False

    async def says(self, text: str) -> None:
        self.user.says(text)

    async def shares(self, latitude: float, longitude: float) -> None:
        self.user.shares(latitude, longitude)

    async def presses(self, label: str) -> None:
        self.user.presses(label)

    async def hears(self, words: str) -> str:
        sent = await self.user.hears(words)
        return "\n".join((sent.text, *sent.labels))

    def heard(self) -> list[str]:
        return [sent.text for sent in self.user.screen]

    def fails(self, failure: Failure) -> None:
        match failure:
            case Failure.BROKEN:
                self.api.faults.add(TelegramFault(TelegramTrouble.ERROR, code=502))
            case Failure.CUT_BEFORE:
                self.api.faults.add(TelegramFault(TelegramTrouble.CUT_BEFORE))
            case Failure.CUT_AFTER:
                self.api.faults.add(TelegramFault(TelegramTrouble.CUT_AFTER))
            case Failure.TOO_MANY:
                self.api.faults.add(TelegramFault(TelegramTrouble.FLOOD, seconds=1.0))
            case Failure.REFUSED:
                self.api.faults.add(TelegramFault(TelegramTrouble.ERROR, code=400))
            case Failure.GONE:
                self.user.blocks()


@dataclass
class OnMatrix:
    homeserver: FakeHomeserver
    room: FakeRoom
    exactly_once = True
    _taken: int = 0

    async def says(self, text: str) -> None:
        self.homeserver.says(self.room, text)

    async def shares(self, latitude: float, longitude: float) -> None:
        self.homeserver.says(self.room, "here", msgtype="m.location", geo_uri=f"geo:{latitude},{longitude}")

    async def presses(self, label: str) -> None:
        """By a reaction: the label's number under the last message that has it."""
        for event in reversed(self.room.said()):
            found = re.search(rf"^(\d)\ufe0f\u20e3 .*{re.escape(label)}", event["content"]["body"], re.MULTILINE)
            if found:
                self.homeserver.reacts(self.room, event["event_id"], f"{found[1]}\ufe0f\u20e3")
                return
        raise AssertionError(f"{label!r} is not offered")

    async def hears(self, words: str) -> str:
        with contextlib.suppress(TimeoutError):
            await self.homeserver.until(lambda: any(words in _plain(text) for text in self.heard()[self._taken :]))
        return _take(self, self.heard(), words)

    def heard(self) -> list[str]:
        return self.room.answers

    def fails(self, failure: Failure) -> None:
        match failure:
            case Failure.BROKEN:
                self.homeserver.faults.add(Fault(Trouble.ERROR, code=502))
            case Failure.CUT_BEFORE:
                self.homeserver.faults.add(Fault(Trouble.CUT_BEFORE))
            case Failure.CUT_AFTER:
                self.homeserver.faults.add(Fault(Trouble.CUT_AFTER))
            case Failure.TOO_MANY:
                self.homeserver.faults.add(Fault(Trouble.FLOOD, seconds=1.0))
            case Failure.REFUSED:
                self.homeserver.faults.add(Fault(Trouble.ERROR, code=413, errcode="M_TOO_LARGE"))
            case Failure.GONE:
                self.homeserver.faults.add(Fault(Trouble.ERROR, code=403, errcode="M_FORBIDDEN"))


def _plain(text: str) -> str:
    return text.replace("\u202f", " ").replace("\xa0", " ")


def _take(platform: Any, texts: list[str], words: str) -> str:
    for number in range(platform._taken, len(texts)):
        if words in _plain(texts[number]):
            platform._taken = number + 1
            return texts[number]
    raise AssertionError(f"{words!r} is not among {texts[platform._taken :]}")


def on_console(url: str, knowledge: Knowledge, _folder: Path) -> contextlib.AbstractAsyncContextManager[Platform]:
    @contextlib.asynccontextmanager
    async def opened() -> AsyncIterator[Platform]:
        settings = Settings(
            storage=StorageSettings(url=url), geocoding=GeocodingSettings(url=""), health=HealthSettings(listen="")
        )
        application = Application(settings, Database.open(url), knowledge)
        written: list[str] = []
        chat = Chat(application, Console("ada", "fr"), lines=io.StringIO(), write=written.append)
        try:
            yield OnConsole(chat, written)
        finally:
            await application.close()

    return opened()


def on_telegram(url: str, knowledge: Knowledge, _folder: Path) -> contextlib.AbstractAsyncContextManager[Platform]:
    @contextlib.asynccontextmanager
    async def opened() -> AsyncIterator[Platform]:
        async with FakeBotApi(limits=Limits.lifted()).serve() as api, running(api, url, knowledge):
            yield OnTelegram(api, api.user(1001, language="fr"))

    return opened()


def on_matrix(url: str, knowledge: Knowledge, folder: Path) -> contextlib.AbstractAsyncContextManager[Platform]:
    @contextlib.asynccontextmanager
    async def opened() -> AsyncIterator[Platform]:
        async with FakeHomeserver().serve() as homeserver:
            login = {"user": USER, "password": PASSWORD}
            bots = Bots(homeserver.url, None, url, folder / "matrix-store", knowledge, login)
            async with bots.running():
                yield OnMatrix(homeserver, homeserver.room())

    return opened()


Opens = Callable[[str, Knowledge, Path], contextlib.AbstractAsyncContextManager[Platform]]
PLATFORMS: dict[str, Opens] = {"console": on_console, "telegram": on_telegram, "matrix": on_matrix}


async def settled(platform: Platform, count: int, seconds: float = 0.3) -> list[str]:
    """All that was heard once nothing more comes, `count` messages at least."""
    async with asyncio.timeout(10):
        while len(platform.heard()) < count:
            await asyncio.sleep(0.01)
    await asyncio.sleep(seconds)
    return platform.heard()


__all__ = ["PLATFORMS", "Failure", "OnMatrix", "OnTelegram", "Opens", "Platform", "settled"]
