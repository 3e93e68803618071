"""Killed again and again while an announcement goes out to many, on a bad day of the platform's."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.adapters.telegram import TelegramAdapter
from knowledge.announcements.kinds import State
from tests.announcements.crowd import by_state, outcome, prepare
from tests.crash.matrix_process import write_matrix_config
from tests.crash.process import BotProcess, write_config
from tests.peers.bot_api import FakeBotApi, Fault, Limits, Trouble
from tests.peers.bot_api.chats import State as ChatState
from tests.peers.homeserver import PASSWORD, USER, FakeHomeserver
from tests.peers.homeserver import Fault as HomeserverFault
from tests.peers.homeserver import Trouble as HomeserverTrouble
from tests.postgresql_server import PostgresqlServer

CHATS = range(1001, 1401)
PER_SECOND = 120
KILLS = 5


@pytest.fixture
async def api() -> AsyncIterator[FakeBotApi]:
    dice = random.Random(6)
    async with FakeBotApi(limits=Limits(overall=PER_SECOND * 1.2), dice=dice).serve() as api:
        for chat in CHATS:
            share = dice.random()
            state = ChatState.BLOCKED if share < 0.05 else ChatState.DEACTIVATED if share < 0.06 else ChatState.OPEN
            api.user(chat).chat.state = state
        api.faults.add(
            Fault(Trouble.FLOOD, method="sendmessage", probability=0.01, times=None),
            Fault(Trouble.ERROR, method="sendmessage", probability=0.02, times=None),
            Fault(Trouble.CUT_AFTER, method="sendmessage", probability=0.02, times=None),
            Fault(Trouble.SLOW, method="sendmessage", seconds=0.05, times=None),
        )
        yield api


@pytest.fixture
async def bot(api: FakeBotApi, database_url: str, tmp_path: Path) -> AsyncIterator[BotProcess]:
    bot = BotProcess.of(write_config(tmp_path, api, database_url, per_second=PER_SECOND))
    yield bot
    await bot.end()


async def test_nobody_is_missed_and_nobody_gets_it_twice(api: FakeBotApi, bot: BotProcess, database_url: str) -> None:
    number = await prepare(database_url, CHATS)
    dice = random.Random(7)
    await bot.start()
    for kill in range(KILLS):
        await api.until_sent(len(api.sent) + dice.randint(20, 50), within=30)
        await asyncio.sleep(dice.uniform(0, 0.1))
        await bot.kill()
        await bot.start()
        assert len(api.sent) < len(CHATS) * 0.9, f"too late for kill {kill}"
    async with asyncio.timeout(60):
        while (found := await outcome(database_url, number))[0] != "done":
            await asyncio.sleep(0.2)
    ended = by_state(found[1])
    got = Counter(sent.chat for sent in api.sent)
    states = {chat: api.user(chat).chat.state for chat in CHATS}
    reachable = {chat for chat, state in states.items() if state is ChatState.OPEN}
    cut = sum(trouble is Trouble.CUT_AFTER for _, trouble in api.faults.met)

    assert set(ended) <= {State.DELIVERED, State.BLOCKED, State.GONE, State.UNCERTAIN}, Counter(
        one.state for one in found[1].values()
    )
    assert set(ended[State.DELIVERED]) <= set(got)
    assert reachable <= set(got) | set(ended[State.UNCERTAIN])
    assert max(got.values()) == 1
    assert cut <= len(ended[State.UNCERTAIN]) <= cut + KILLS * TelegramAdapter.limits.in_flight
    in_doubt = set(ended[State.UNCERTAIN])
    for state, chat_state in ((State.BLOCKED, ChatState.BLOCKED), (State.GONE, ChatState.DEACTIVATED)):
        assert set(ended[state]) == {chat for chat in CHATS if states[chat] is chat_state} - in_doubt
    assert not {reason for reason in api.violations if reason.startswith("flood")}, api.violations


async def test_told_to_stop_and_started_again_nobody_is_in_doubt(
    api: FakeBotApi, bot: BotProcess, database_url: str
) -> None:
    api.faults.clear()
    number = await prepare(database_url, CHATS)
    await bot.start()
    await api.until_sent(30, within=30)
    assert await bot.terminate() == 0
    assert len(api.sent) < len(CHATS) * 0.9
    await bot.start()
    async with asyncio.timeout(60):
        while (found := await outcome(database_url, number))[0] != "done":
            await asyncio.sleep(0.2)
    assert State.UNCERTAIN not in by_state(found[1])
    assert max(Counter(sent.chat for sent in api.sent).values()) == 1


async def test_on_matrix_everybody_gets_it_exactly_once(database_url: str, tmp_path: Path) -> None:
    """The homeserver knows a repeat by its number: what was under way at a kill is sent again."""
    dice = random.Random(8)
    async with FakeHomeserver().serve() as homeserver:
        homeserver.faults.add(HomeserverFault(HomeserverTrouble.LATE, seconds=0.1, times=None))
        bot = BotProcess.of(write_matrix_config(tmp_path, homeserver.url, USER, PASSWORD, database_url, per_second=15))
        rooms = [homeserver.room(f"@person{number}:fake.test") for number in range(40)]

        def arrived() -> int:
            return sum("Bonjour" in answer for room in rooms for answer in room.answers)

        try:
            await bot.start()
            await homeserver.until(lambda: homeserver.calls.count("sync") > 1, within=20)
            for room in rooms:
                homeserver.says(room, "merci")
            await homeserver.until(lambda: all(room.answers for room in rooms), within=30)
            number = await prepare(database_url, range(0))
            for _ in range(3):
                before = arrived()
                await homeserver.until(lambda before=before: arrived() > before + 3, within=20)  # type: ignore[misc]
                await asyncio.sleep(dice.uniform(0, 0.2))
                await bot.kill()
                await bot.start()
            assert arrived() < len(rooms)
            async with asyncio.timeout(30):
                while (found := await outcome(database_url, number))[0] != "done":
                    await asyncio.sleep(0.2)
        finally:
            await bot.end()
        assert [sum("Bonjour" in answer for answer in room.answers) for room in rooms] == [1] * len(rooms)
        assert Counter(one.state for one in found[1].values()) == {State.DELIVERED: len(rooms)}


async def test_two_processes_on_one_server_and_the_one_that_leads_dies(
    api: FakeBotApi, postgresql_server: PostgresqlServer, tmp_path: Path
) -> None:
    url = await asyncio.to_thread(postgresql_server.create_database)
    number = await prepare(url, CHATS)
    bots = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        bots.append(BotProcess.of(write_config(tmp_path / name, api, url, per_second=PER_SECOND)))
    try:
        await bots[0].start()
        await api.until_sent(30, within=30)
        await bots[1].start()
        await api.until_sent(len(api.sent) + 60, within=30)
        await bots[0].kill()
        assert len(api.sent) < len(CHATS) * 0.7
        await api.until_sent(len(api.sent) + 30, within=60)
        await bots[0].start()
        async with asyncio.timeout(60):
            while (found := await outcome(url, number))[0] != "done":
                await asyncio.sleep(0.2)
    finally:
        for bot in bots:
            await bot.end()
    got = Counter(sent.chat for sent in api.sent)
    ended = by_state(found[1])
    open_chats = {chat for chat in CHATS if api.user(chat).chat.state is ChatState.OPEN}
    assert max(got.values()) == 1
    assert open_chats <= set(got) | set(ended[State.UNCERTAIN])
    assert set(ended[State.DELIVERED]) <= set(got)
    assert not {reason for reason in api.violations if reason.startswith("flood")}, api.violations
