"""Pictures and documents on their way out, messages that change, and what people send, before the strict server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.adapters.adapter import Delivered, Delivery, Refused, Retry
from bot.adapters.telegram import TelegramAdapter
from bot.attachments import Attachments
from bot.messages import Button, Incoming, Media, Outgoing, Reply, formatted
from bot.pacing import utc_now
from bot.serve import menu
from storage import attachments
from storage.database import Database
from tests.peers.bot_api import FakeBotApi, Fault, Trouble, User
from tests.peers.bot_api.files import File
from tests.telegram.running import until

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 2000


@pytest.fixture
async def database(sqlite_url: str) -> AsyncIterator[Database]:
    database = Database.open(sqlite_url)
    yield database
    await database.close()


@pytest.fixture
async def adapter(api: FakeBotApi, database: Database) -> AsyncIterator[TelegramAdapter]:
    adapter = TelegramAdapter(
        api.token,
        texts=menu,
        languages=("fr",),
        api_url=api.url,
        attachments=Attachments(database),
    )
    adapter.heard = []  # type: ignore[attr-defined]

    async def receive(batch: Any, _also: Any = None) -> None:
        adapter.heard.extend(batch)  # type: ignore[attr-defined]

    await adapter.start(receive)
    listening = asyncio.create_task(adapter.listen())
    yield adapter
    listening.cancel()
    await asyncio.wait({listening})
    await adapter.stop()


async def kept(database: Database, content: bytes = PNG, *, picture: bool = True) -> Media:
    kind = "photo" if picture else "document"
    number = await database.write(lambda c: attachments.add(c, kind, "plan.png", "image/png", content, utc_now()))
    return Media(number, picture, "plan.png", "image/png")


async def said(adapter: TelegramAdapter, chat: User, reply: Reply) -> list[Delivery]:
    calls = adapter.render(Outgoing("telegram", str(chat.id), reply))
    outcomes = []
    for call in calls:
        while isinstance(outcome := await adapter.send(call, ""), Retry):
            await asyncio.sleep(0.01)
        outcomes.append(outcome)
    return outcomes


async def test_a_picture_is_uploaded_once_whoever_gets_it(
    api: FakeBotApi, adapter: TelegramAdapter, database: Database
) -> None:
    people = [api.user(number) for number in range(2001, 2011)]
    for person in people:
        person.says("bonjour")
    media = await kept(database)
    buttons = ((Button("Je viens", "choice:1:0"),),)
    reply = Reply(formatted("*Grand froid* <ce soir> & demain"), buttons, media=media)
    outcomes = await asyncio.gather(*(said(adapter, person, reply) for person in people))
    assert all(isinstance(one, Delivered) for each in outcomes for one in each)
    assert len(api.files) == 1
    for person in people:
        [sent] = person.screen
        assert (sent.method, sent.text, sent.labels) == ("sendphoto", "Grand froid <ce soir> & demain", ["Je viens"])
        assert [each["type"] for each in sent.message["caption_entities"]] == ["bold"]
    assert await database.read(lambda c: attachments.by_id(c, media.attachment).telegram_file) == "file1"
    assert not api.violations


async def test_nobody_waits_for_an_upload(api: FakeBotApi, adapter: TelegramAdapter, database: Database) -> None:
    ada, bob = api.user(2001), api.user(2002)
    for person in (ada, bob):
        person.says("bonjour")
    api.faults.add(Fault(Trouble.LATE, "sendphoto", seconds=0.5))
    media = await kept(database)
    [first], [second] = (adapter.render(Outgoing("telegram", str(p.id), Reply(media=media))) for p in (ada, bob))
    under_way = asyncio.create_task(adapter.send(first, ""))
    await until(lambda: api.calls["sendphoto"] == 0 and bool(api.faults.met))
    assert isinstance(await adapter.send(second, ""), Retry)
    assert isinstance(await under_way, Delivered)
    assert isinstance(await adapter.send(second, ""), Delivered)
    assert len(api.files) == 1


async def test_a_name_that_telegram_forgot_is_uploaded_anew(
    api: FakeBotApi, adapter: TelegramAdapter, database: Database, ada: User
) -> None:
    ada.says("bonjour")
    media = await kept(database)
    await database.write(lambda c: attachments.uploaded(c, media.attachment, telegram_file="of another bot"))
    assert await said(adapter, ada, Reply(media=media)) == [Delivered("2")]
    assert await said(adapter, ada, Reply(media=media)) == [Delivered("3")]
    assert len(api.files) == 1


async def test_a_text_too_long_for_a_caption_follows(
    api: FakeBotApi, adapter: TelegramAdapter, database: Database, ada: User
) -> None:
    ada.says("bonjour")
    media = await kept(database)
    await said(adapter, ada, Reply("mot " * 300, ((Button("Oui", "x"),),), media=media))
    assert [(one.method, one.labels) for one in ada.screen] == [("sendphoto", []), ("sendmessage", ["Oui"])]
    assert not api.violations


async def test_what_is_no_picture_goes_as_a_document(
    api: FakeBotApi, adapter: TelegramAdapter, database: Database, ada: User
) -> None:
    ada.says("bonjour")
    await said(adapter, ada, Reply("ceci", media=await kept(database, b"%PDF-1.7")))
    [sent] = ada.screen
    assert (sent.method, sent.text, sent.message["document"]["file_name"]) == ("senddocument", "ceci", "plan.png")


async def test_bytes_that_are_gone_are_refused(adapter: TelegramAdapter, ada: User) -> None:
    ada.says("bonjour")
    [outcome] = await said(adapter, ada, Reply("ceci", media=Media(99, True, "", "")))
    assert isinstance(outcome, Refused)
    assert ada.screen == []


async def test_a_message_changes(api: FakeBotApi, adapter: TelegramAdapter, ada: User) -> None:
    ada.says("bonjour")
    [sent] = await said(adapter, ada, Reply("Envoi… 1/9", ((Button("Pause", "pause"),),)))
    assert isinstance(sent, Delivered)
    edit = Reply("Envoi… 2/9", ((Button("Reprendre", "resume"),),), edits=sent.message_id)
    assert await said(adapter, ada, edit) == [sent]
    [shown] = ada.screen
    assert (shown.text, shown.labels, shown.edits) == ("Envoi… 2/9", ["Reprendre"], ["Envoi… 1/9"])
    assert await said(adapter, ada, edit) == [sent], "not modified: done"
    shown.deleted = True
    assert await said(adapter, ada, edit) == [sent], "gone: done"


async def test_the_words_under_a_picture_change(
    api: FakeBotApi, adapter: TelegramAdapter, database: Database, ada: User
) -> None:
    ada.says("bonjour")
    media = await kept(database)
    [sent] = await said(adapter, ada, Reply("avant", media=media))
    assert isinstance(sent, Delivered)
    assert await said(adapter, ada, Reply("après", media=media, edits=sent.message_id)) == [sent]
    [shown] = ada.screen
    assert (shown.method, shown.text) == ("sendphoto", "après")
    assert await said(adapter, ada, Reply("texte", edits=sent.message_id)) == [sent], "no text to edit: done"
    assert shown.text == "après"


async def test_what_people_send_is_fetched_only_when_wanted(
    api: FakeBotApi, adapter: TelegramAdapter, ada: User
) -> None:
    ada.sends("photo", caption="voici", file=PNG)
    ada.sends("document", file=b"%PDF", size=21 << 20)
    ada.sends("sticker")
    await until(lambda: len(adapter.heard) == 3)  # type: ignore[attr-defined]
    photo, document, sticker = adapter.heard  # type: ignore[attr-defined]
    assert isinstance(photo, Incoming)
    assert (photo.text, photo.file.picture, photo.file.size) == ("voici", True, len(PNG))  # type: ignore[union-attr]
    assert sticker.file is None
    assert api.calls["getfile"] == 0
    assert await adapter.fetch(photo.file) == PNG  # type: ignore[arg-type]
    assert await adapter.fetch(document.file) is None
    assert api.calls["getfile"] == 1
    api.files[photo.file.reference] = File("", b"", "")  # type: ignore[union-attr]
    del api.files[photo.file.reference]  # type: ignore[union-attr]
    assert await adapter.fetch(photo.file) is None  # type: ignore[arg-type]
