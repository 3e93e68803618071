"""What the adapter writes, before a Bot API that refuses whatever Telegram refuses."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence

import pytest

from bot.adapters.adapter import Delivered, Migrated, Stopped, Uncertain
from bot.adapters.telegram import Menu, TelegramAdapter
from bot.messages import Article, Button, Contact, Incoming, Kind, Outgoing, Pin, Reply, strong
from tests.peers.bot_api import FakeBotApi, Fault, Limits, Trouble

BUTTONS = ((Button("Plus", "m" * 64), Button("Carte", url="https://example.org/?a=1&b=2")),)


class Peer:
    """The adapter at work on the fake, and what it received."""

    def __init__(self, api: FakeBotApi) -> None:
        self.api = api
        self.received: list[Incoming] = []
        self.adapter = TelegramAdapter(
            api.token,
            texts=lambda language: Menu((("aide", f"Aide {language}"),), "court", "long"),
            languages=("fr", "en"),
            api_url=api.url,
        )

    async def receive(self, batch: Sequence[Incoming], also: object = None) -> None:
        self.received.extend(batch)

    async def next(self, count: int = 1) -> Incoming:
        async with asyncio.timeout(5):
            while len(self.received) < count:
                await asyncio.sleep(0.005)
        return self.received[count - 1]


@pytest.fixture
async def peer() -> AsyncIterator[Peer]:
    async with FakeBotApi(limits=Limits.lifted()).serve() as api:
        peer = Peer(api)
        await peer.adapter.start(peer.receive)
        listening = asyncio.create_task(peer.adapter.listen())
        yield peer
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
        await peer.adapter.stop()
        assert not api.violations


async def test_every_kind_of_message_is_accepted(peer: Peer) -> None:
    user = peer.api.user(1001, language="en")
    user.says("douche")
    question = await peer.next()
    assert (question.text, question.chat, question.language) == ("douche", "1001", "en")
    replies = (
        Reply(strong("Amiraux") + ' <18e> & "co"', buttons=BUTTONS, pin=Pin(48.89, 2.34, "Amiraux", "6 rue")),
        Reply("Où ?", ask_position="📍 Envoyer ma position"),
        Reply(contact=Contact("115", "Samu social")),
        Reply(("<" * 50 + "\n") * 200, buttons=BUTTONS),
        Reply("appelez", buttons=((Button("☎️ 115", url="tel:115"),),)),
    )
    for reply in replies:
        for call in peer.adapter.render(Outgoing("telegram", "1001", reply)):
            assert isinstance(await peer.adapter.send(call, "1"), Delivered)
    assert user.screen[0].text == 'Amiraux <18e> & "co"'
    user.presses("Plus")
    pressed = await peer.next(2)
    assert (pressed.kind, pressed.text) == (Kind.BUTTON, "m" * 64)


async def test_a_topic(peer: Peer) -> None:
    group = peer.api.group(-1001234567890, forum=True)
    topic = group.topic("Nord")
    user = peer.api.user(1001)
    user.says("bonjour", where=group, topic=topic)
    user.says(f"@{peer.api.username} douche", where=group, topic=topic)
    asked = await peer.next()
    assert (asked.text, asked.thread, asked.private) == ("douche", str(topic), False)
    answer = Outgoing("telegram", asked.chat, Reply("ici"), asked.thread, private=False, reply_to=asked.message_id)
    [call] = peer.adapter.render(answer)
    assert isinstance(await peer.adapter.send(call, "1"), Delivered)
    assert group.sent[-1].thread == topic


async def test_an_inline_answer(peer: Peer) -> None:
    query = peer.api.user(1001).asks("douche bastille", position=(48.85, 2.37))
    asked = await peer.next()
    articles = tuple(Article(str(n), f"Lieu {n}", "22 min", strong("Lieu") + " & <co>") for n in range(3))
    [call] = peer.adapter.render(Outgoing("telegram", asked.chat, Reply(articles=articles), token=asked.token))
    assert await peer.adapter.send(call, "1") == Delivered()
    assert [result["title"] for result in await peer.api.user(1001).sees(query)] == ["Lieu 0", "Lieu 1", "Lieu 2"]


@pytest.mark.parametrize("kind", ["sticker", "voice", "photo", "video", "document", "contact", "dice", "poll"])
async def test_media(peer: Peer, kind: str) -> None:
    peer.api.user(1001).sends(kind)
    assert (await peer.next()).kind is Kind.UNSUPPORTED


async def test_chats_that_are_gone_or_elsewhere(peer: Peer) -> None:
    user, group = peer.api.user(1001), peer.api.group(-55)
    user.says("x")
    await peer.next()
    user.blocks()
    assert (await peer.next(2)).kind is Kind.BLOCKED
    [call] = peer.adapter.render(Outgoing("telegram", "1001", Reply("x")))
    assert isinstance(await peer.adapter.send(call, "1"), Stopped)
    grown = group.becomes_supergroup()
    [call] = peer.adapter.render(Outgoing("telegram", "-55", Reply("x"), private=False))
    assert await peer.adapter.send(call, "1") == Migrated(str(grown.chat.id))
    moved = await peer.next(3)
    assert (moved.kind, moved.chat, moved.text) == (Kind.MIGRATED, "-55", str(grown.chat.id))


@pytest.mark.parametrize("trouble", [Trouble.CUT_BEFORE, Trouble.CUT_AFTER, Trouble.GARBAGE])
async def test_without_an_answer_one_cannot_know(peer: Peer, trouble: Trouble) -> None:
    user = peer.api.user(1001)
    user.says("x")
    await peer.next()
    peer.api.faults.add(Fault(trouble))
    [call] = peer.adapter.render(Outgoing("telegram", "1001", Reply("x")))
    assert await peer.adapter.send(call, "1") == Uncertain()
    assert len(user.screen) == (trouble is not Trouble.CUT_BEFORE), "and nothing was sent twice"
