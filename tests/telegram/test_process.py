"""The real program: how it ends, who takes over, what it writes on standard error."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.outbox import FINISH_S
from bot.serve import CLOSE_S, DRAIN_S
from tests.crash.process import BotProcess, write_config
from tests.peers.bot_api import FakeBotApi, Fault, Trouble, User
from tests.telegram.running import Running, until

SHARED = (48.876543, 2.358765)


@pytest.fixture
async def process(api: FakeBotApi, sqlite_url: str, tmp_path: Path) -> AsyncIterator[BotProcess]:
    process = BotProcess.of(write_config(tmp_path, api, sqlite_url, "polling"))
    await process.start()
    yield process
    await process.end()


async def test_told_to_end_it_answers_what_has_arrived_first(process: BotProcess, api: FakeBotApi, ada: User) -> None:
    ada.says("merci")
    await ada.hears("Avec plaisir", within=10)
    api.faults.add(Fault(Trouble.LATE, seconds=0.2, times=None))
    people = [api.user(number) for number in range(2001, 2041)]
    for person in people:
        person.says("douche bastille")
    await until(lambda: api.feed.delivered > len(people))
    assert await process.terminate() == 0, process.last_words()
    assert [len(person.screen) for person in people] == [1] * len(people)


async def test_it_ends_in_time_while_telegram_does_not_answer(
    bot: Running, api: FakeBotApi, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a tenth of the seconds that the real program takes, which are fewer than the ten promised."""
    assert DRAIN_S + FINISH_S + CLOSE_S < 10
    monkeypatch.setattr("bot.outbox.FINISH_S", FINISH_S / 10)
    api.faults.add(Fault(Trouble.HANG, times=None))
    ada.says("douche bastille")
    await until(lambda: bool(api.faults.met))
    await bot.application.drain(DRAIN_S / 10)
    bot.task.cancel()
    await asyncio.wait({bot.task}, timeout=FINISH_S / 2)
    assert bot.task.done()


async def test_a_second_process_takes_over_from_a_killed_one(
    process: BotProcess, api: FakeBotApi, ada: User, tmp_path: Path
) -> None:
    ada.says("merci")
    await ada.hears("Avec plaisir", within=10)
    second = BotProcess(process.command, tmp_path / "second.log")
    await second.start()
    try:
        async with asyncio.timeout(10):
            while "waiting to take over" not in second.last_words():
                await asyncio.sleep(0.05)
        ada.says("douche nation")
        await ada.hears("Nation")
        assert not api.violations, "two polled at once"
        await asyncio.sleep(0.2)  # what is under way when it dies would be sent again
        await process.kill()
        ada.says("douche bastille")
        began = time.monotonic()
        await ada.hears("Bastille", within=10)
        assert time.monotonic() - began < 4
    finally:
        await second.end()
    assert len(ada.screen) == 3


async def test_started_again_it_answers_what_came_meanwhile(process: BotProcess, api: FakeBotApi, ada: User) -> None:
    ada.says("merci")
    await ada.hears("Avec plaisir", within=10)
    assert await process.terminate() == 0
    ada.says("douche bastille")
    ada.says("douche nation")
    await process.start()
    await ada.hears("Bastille", within=10)
    await ada.hears("Nation")


async def test_its_logs_tell_nothing_of_anybody(process: BotProcess, api: FakeBotApi) -> None:
    people = [api.user(7654321 + number, first_name="Valjean", username="jvaljean") for number in range(5)]
    people[0].shares(*SHARED)
    await people[0].hears("Que cherchez-vous", within=10)
    api.faults.add(Fault(Trouble.ERROR), Fault(Trouble.CUT_AFTER), Fault(Trouble.GARBAGE))
    api.faults.add(Fault(Trouble.ERROR, "getupdates"), Fault(Trouble.ERROR, "answercallbackquery"))
    people[0].presses("Bains-douches")
    for person in people[1:]:
        person.says("Cosette cherche une douche vers Bastille")
    for person in people[1:]:
        await person.hears("Bastille", within=10)
    await people[0].hears("votre position", within=10)
    people[0].says("Fantine a faim")
    people[0].blocks()
    assert await process.terminate() == 0
    log = process.last_words()
    for secret in ("Cosette", "Fantine", "Bastille", "48.87", "2.358", "Valjean", "76543", api.token, api.token[10:30]):
        assert secret not in log
    lines = [line for line in log.splitlines() if line.startswith("{")]
    assert lines
    assert all(json.loads(line)["event"] for line in lines)
    assert not re.search("Traceback", log)
