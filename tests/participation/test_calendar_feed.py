"""The private calendar: what RFC 5545 wants, for its owner alone."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.calendar_feed import feed_of
from bot.knowledge import Knowledge
from knowledge.directory import bundled_services
from storage import attachments, profiles, sessions, signups
from storage.database import Database
from tests.dialogues.activities import publish
from tests.participation.conftest import PARIS, World
from tests.talk import Talk, words

TOKEN = "a" * 32


@pytest.fixture(scope="module")
def whole() -> Knowledge:
    return Knowledge.of(bundled_services())


async def test_sign_ups_are_in_it_moved_with_a_higher_sequence_and_cancelled(world: World) -> None:
    ada = await world.person("ada")
    title = {"fr": "Aller vers; écouter, « parler » avec les personnes sans abri du dix-huitième arrondissement"}
    session = await world.session(title=title, address="8 rue de la Banque, 2e", bring={"fr": "un manteau"})
    await world.do(lambda c: signups.sign_up_for(c, session.id, ada, 1, world.now))
    await world.do(lambda c: profiles.keep_calendar_token(c, ada, TOKEN))

    async def feed(token: str = TOKEN) -> str | None:
        return await world.do(lambda c: feed_of(c, token, PARIS, "fr", world.now))

    first = await feed()
    assert first is not None
    lines = first.split("\r\n")
    assert all(len(line.encode()) <= 75 for line in lines)
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-2:] == ["END:VCALENDAR", ""]
    whole = first.replace("\r\n ", "")
    assert "SUMMARY:Aller vers\\; écouter\\, « parler »" in whole
    assert "DTSTART:20261201T173000Z" in whole
    assert "DTEND:20261201T193000Z" in whole
    assert "LOCATION:8 rue de la Banque\\, 2e" in whole
    assert "TRIGGER:-PT2H" in whole
    assert "SEQUENCE:1\r\n" in whole

    later = session.starts_at + timedelta(days=1)
    moved = await world.do(
        lambda c: sessions.change(c, session, None, world.now, starts_at=later, ends_at=later + timedelta(hours=2))
    )
    second = await feed()
    assert second is not None
    assert "SEQUENCE:2\r\n" in second
    assert "20261202T173000Z" in second
    await world.do(lambda c: sessions.cancel(c, moved.id, None, world.now))
    third = await feed()
    assert third is not None
    assert "STATUS:CANCELLED" in third
    assert "VALARM" not in third

    assert await feed("b" * 32) is None
    await world.do(lambda c: profiles.keep_calendar_token(c, ada, None))
    assert await feed() is None


async def test_without_an_address_it_comes_as_a_file(database: Database, whole: Knowledge) -> None:
    talk = Talk(database, whole, datetime(2026, 11, 24, 12, tzinfo=PARIS))
    ada, evening = talk.person("ada"), {"kind": "cafe", "title": "Soirée café", "minimum_age": 0}
    await database.write(lambda c: publish(c, {**evening, "dates": ["2026-12-08T18:30"]}, talk.now))
    await ada.says("/moi")
    assert "inscrit à rien" in words(await ada.taps("Ajouter à mon agenda"))
    await ada.says("/programme")
    await ada.taps("M’inscrire 1")
    await ada.says("/inscriptions")
    media = (await ada.taps("Ajouter à mon agenda"))[0].media
    assert media is not None
    kept = await database.read(lambda c: attachments.content(c, media.attachment))
    assert "DTSTART:20261208T173000Z" in bytes(kept or b"").decode()
    await ada.says("/effacer")
    await ada.taps("Oui")
    assert await database.read(lambda c: attachments.content(c, media.attachment)) is None
