"""What people fetch with their phone: a calendar of their own, certificates, at addresses that nobody else knows."""

from __future__ import annotations

import io
import re
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import aiohttp
import pytest
from pypdf import PdfReader

from bot.knowledge import Knowledge
from handlers import arrival_code
from handlers.private_links import Asked, opened, signed
from knowledge.participation.states import Event
from storage import attendance, roles, sessions
from tests.crash.process import free_port
from tests.dialogues.activities import publish
from tests.peers.bot_api import FakeBotApi, User
from tests.telegram.running import Running, running

PARIS = ZoneInfo("Europe/Paris")


@pytest.fixture
def address() -> str:
    return f"http://127.0.0.1:{free_port()}"


@pytest.fixture
async def bot(api: FakeBotApi, sqlite_url: str, knowledge: Knowledge, address: str) -> AsyncIterator[Running]:
    listen = address.removeprefix("http://")
    async with running(api, sqlite_url, knowledge, health=listen, public_url=address) as bot:
        yield bot


async def get(url: str) -> tuple[int, str, str]:
    async with aiohttp.ClientSession() as session, session.get(url) as response:
        return response.status, response.headers["Content-Type"], await response.text()


async def given(bot: Running, **values: object) -> datetime:
    """Publishes an evening in a week; when it begins."""
    now = datetime.now(PARIS)
    start = (now + timedelta(days=7)).replace(hour=18, minute=30, second=0, microsecond=0)
    plain = {"kind": "cafe", "title": "Soirée café", "minimum_age": 0, "dates": [start.isoformat()[:16]]}
    await bot.database.write(lambda c: publish(c, {**plain, **values}, now))
    return start


async def test_a_calendar_for_its_owner_alone_until_it_is_closed(bot: Running, ada: User, address: str) -> None:
    start = await given(bot)
    ada.says("/programme")
    await ada.hears("Soirée café")
    ada.presses("M’inscrire 1")
    await ada.hears("C’est noté")
    ada.presses("Ajouter à mon agenda")
    told = await ada.hears("/calendar/")
    (url,) = re.findall(re.escape(address) + r"/calendar/[\w-]{32}\.ics", told.text)
    status, kind, calendar = await get(url)
    assert (status, kind) == (200, "text/calendar; charset=utf-8")
    assert calendar.startswith("BEGIN:VCALENDAR\r\n")
    assert f"DTSTART:{start.astimezone(ZoneInfo('UTC')):%Y%m%dT%H%M%SZ}" in calendar
    assert "SUMMARY:Soirée café" in calendar
    assert str(ada.id) not in calendar
    for wrong in (url[:-5] + "x.ics", f"{address}/calendar/{'a' * 32}.ics", f"{address}/calendar/", url[:-4]):
        assert (await get(wrong))[0] == 404
    ada.says("/inscriptions")
    await ada.hears("confirmé")
    ada.presses("Ajouter à mon agenda")
    second = re.findall(r"http\S+\.ics", (await ada.hears("/calendar/")).text)[0]
    assert (await get(url))[0] == 404  # a new one takes its place
    assert (await get(second))[0] == 200
    ada.presses("La fermer")
    await ada.hears("ne fonctionne plus")
    assert (await get(second))[0] == 404
    assert not bot.api.violations


async def fetched(url: str) -> tuple[int, str, bytes]:
    async with aiohttp.ClientSession() as session, session.get(url) as response:
        return response.status, response.headers["Content-Type"], await response.read()


async def test_a_certificate_as_a_document_for_who_was_there(bot: Running, ada: User, address: str) -> None:
    await given(bot, kind="training", title="Aller vers", gives="volunteer", gives_months=24)
    ada.says("/formations")
    await ada.hears("Aller vers")
    ada.presses("M’inscrire 1")
    await ada.hears("Quel nom")
    ada.says("Nadia")
    await ada.hears("Merci, Nadia")
    now = datetime.now(PARIS)
    marked = await bot.database.write(lambda c: attendance.mark(c, 1, Event.ATTEND, None, now))
    ada.says("/moi")
    await ada.hears("Aller vers")
    ada.presses("Mon attestation")
    told = await ada.hears("a suivi la formation")
    (url,) = re.findall(re.escape(address) + r"/private/\S+", told.text)
    status, kind, document = await fetched(url)
    assert (status, kind) == (200, "application/pdf")
    text = PdfReader(io.BytesIO(document), strict=True).pages[0].extract_text()
    assert "Nadia" in text
    assert "Aller vers" in text
    assert not bot.api.violations
    words, _, signature = url.rpartition(".")
    for forged in (
        words.replace("certificate.1.", "certificate.2.") + "." + signature,
        url[:-2] + "xx",
        f"{words}.",
        words,
    ):
        assert (await get(forged))[0] == 404, forged
    await bot.database.write(lambda c: attendance.mark(c, marked.id, Event.MISS, None, now))
    assert (await get(url))[0] == 404  # it was a mistake


async def test_a_certificate_goes_with_its_person(bot: Running, ada: User) -> None:
    await given(bot, kind="training", title="Aller vers", gives="volunteer")
    ada.says("/formations")
    await ada.hears("Aller vers")
    ada.presses("M’inscrire 1")
    await ada.hears("Quel nom")
    now = datetime.now(PARIS)
    await bot.database.write(lambda c: attendance.mark(c, 1, Event.ATTEND, None, now))
    ada.says("/moi")
    await ada.hears("Aller vers")
    ada.presses("Mon attestation")
    url = re.findall(r"http\S+/private/\S+", (await ada.hears("a suivi la formation")).text)[0]
    await ada.hears("Quel nom")  # for the line that is still to be filled in by hand
    assert (await fetched(url))[0] == 200
    ada.says("/effacer")
    await ada.hears("oublier tout")
    ada.presses("Oui, oubliez-moi")
    await ada.hears("tout est oublié")
    assert (await get(url))[0] == 404


async def test_the_code_to_hang_on_the_wall_for_staff_alone(bot: Running, ada: User, address: str) -> None:
    await given(bot)
    ada.says("/programme")
    await ada.hears("Soirée café")
    ada.forges("qrcode:1")
    await ada.hears("réservé à l’équipe")
    now = datetime.now(PARIS)
    await bot.database.write(lambda c: roles.set_role(c, "telegram", str(ada.id), "staff", now))
    ada.says("/equipe")
    await ada.hears("Soirée café")
    ada.presses("1")
    await ada.hears("0 sur 10")
    ada.presses("Date 1")
    await ada.hears("Code à taper")
    ada.presses("Code à scanner")
    told = await ada.hears("Affichez-le")
    code = (await bot.database.read(lambda c: sessions.listing(c, 1))).session.code
    deep = f"https://t.me/{bot.api.username}?start=code_{code}"
    assert deep in told.text
    (url,) = re.findall(re.escape(address) + r"/private/\S+", told.text)
    status, kind, picture = await fetched(url)
    assert (status, kind) == (200, "image/png")
    assert picture == arrival_code.picture(bot.api.username, code)


def test_a_link_is_of_no_use_an_hour_later_nor_with_another_key() -> None:
    now = datetime(2026, 11, 24, 12, tzinfo=PARIS)
    asked = Asked("certificate", 7, 3)
    token = signed(asked, b"key", now)
    assert opened(token, b"key", now + timedelta(minutes=59)) == asked
    assert opened(token, b"key", now + timedelta(minutes=60)) is None
    assert opened(token, b"another", now) is None
    assert token != signed(asked, b"another", now)
    for wrong in ("", ".", "a.b.c.d.e", "é" * 40):
        assert opened(wrong, b"key", now) is None


async def test_a_calendar_goes_with_its_owner(bot: Running, ada: User) -> None:
    await given(bot)
    ada.says("/moi")
    await ada.hears("pas encore")
    ada.presses("Ajouter à mon agenda")
    url = re.findall(r"http\S+\.ics", (await ada.hears("/calendar/")).text)[0]
    assert (await get(url))[0] == 200
    ada.says("/effacer")
    await ada.hears("oublier tout")
    ada.presses("Oui, oubliez-moi")
    await ada.hears("tout est oublié")
    assert (await get(url))[0] == 404
