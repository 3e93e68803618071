"""What people fetch with their phone: a calendar of their own, at an address that nobody else knows."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import aiohttp
import pytest

from bot.knowledge import Knowledge
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
