"""/healthz, /readyz and /metrics, as a supervisor reads them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from zoneinfo import ZoneInfo

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import select

from bot.knowledge import Knowledge
from bot.pacing import utc_now
from storage import pulse
from storage.errors import DatabaseError
from storage.schema import due
from tests.crash.process import free_port
from tests.peers.bot_api import FakeBotApi, Fault, Trouble, User
from tests.telegram.running import Running, running, until


@pytest.fixture
def address() -> str:
    return f"127.0.0.1:{free_port()}"


@pytest.fixture
async def bot(api: FakeBotApi, sqlite_url: str, knowledge: Knowledge, address: str) -> AsyncIterator[Running]:
    async with running(api, sqlite_url, knowledge, health=address) as bot:
        yield bot


async def get(address: str, path: str) -> tuple[int, str, str]:
    async with aiohttp.ClientSession() as session, session.get(f"http://{address}{path}") as response:
        return response.status, response.headers["Content-Type"], await response.text()


async def test_alive_and_ready(bot: Running, ada: User, address: str) -> None:
    ada.says("merci")
    await ada.hears()
    assert (await get(address, "/healthz"))[0] == 200
    assert (await get(address, "/readyz"))[0] == 200
    assert (await get(address, "/elsewhere"))[0] == 404


async def test_not_ready_while_telegram_cannot_be_reached(
    api: FakeBotApi, sqlite_url: str, knowledge: Knowledge, address: str
) -> None:
    api.faults.add(Fault(Trouble.ERROR, "getme", times=None), Fault(Trouble.ERROR, "getupdates", times=None))
    async with running(api, sqlite_url, knowledge, health=address):
        await until(lambda: len(api.faults.met) > 1)
        status, _, words = await get(address, "/readyz")
        assert status == 503
        assert "telegram" in words
        assert (await get(address, "/healthz"))[0] == 200


async def test_not_ready_while_the_database_does_not_answer(
    bot: Running, ada: User, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada.says("merci")
    await ada.hears()

    async def fail(*_: object) -> None:
        raise DatabaseError("database x: the disk is full: free some space")

    monkeypatch.setattr(bot.application.database, "read", fail)
    status, _, words = await get(address, "/readyz")
    assert status == 503
    assert "the disk is full" in words


async def test_a_second_process_with_the_same_settings_waits_without_it(
    bot: Running, api: FakeBotApi, sqlite_url: str, knowledge: Knowledge, address: str
) -> None:
    async with running(api, sqlite_url, knowledge, health=address) as second:
        await asyncio.sleep(0.3)
        assert not second.task.done()
        bot.task.cancel()
        await asyncio.wait({bot.task})
        await second.application._answer_health()
        assert (await get(address, "/healthz"))[0] == 200


async def test_metrics_count_and_name_nobody(bot: Running, ada: User, address: str) -> None:
    ada.says("douche bastille")
    await ada.hears("Bastille")
    ada.says("merci")
    await ada.hears("Avec plaisir")
    await until(lambda: bot.metric("solidarity_sent_total", platform="telegram", outcome="sent") == 2)
    status, kind, page = await get(address, "/metrics")
    assert status == 200
    assert kind.startswith("text/plain; version=")
    figures = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(page)
        for sample in family.samples
    }
    assert figures["solidarity_received_total", "telegram"] == 2
    assert figures["solidarity_handled_total", "find_service"] == 1
    assert figures["solidarity_sent_total", "sent", "telegram"] == 2
    assert figures["solidarity_answer_seconds_count",] == 2
    assert figures["solidarity_services",] > 100
    assert str(ada.id) not in page
    assert "astille" not in page


async def test_the_pulse_is_written_down_and_the_week_is_planned(bot: Running) -> None:
    assert await bot.database.read(pulse.last) is None
    await bot.application.tidy()
    await bot.application.tidy()
    last = await bot.database.read(pulse.last)
    assert last is not None
    assert utc_now() - last < timedelta(minutes=1)
    planned = await bot.database.read(lambda c: c.execute(select(due.c.schedule, due.c.due_at)).all())
    [(what, moment)] = planned
    assert what == "digest"
    assert moment.astimezone(ZoneInfo("Europe/Paris")).strftime("%A %H:%M") == "Thursday 18:00"
    await bot.application.do_what_is_due()
    assert bot.application._due is None  # nothing is loaded before there is something to do
