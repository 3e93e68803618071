"""Killed at any moment under load, the bot on Matrix answers every message once, in order in each room: no more, no less."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from tests.crash.matrix_process import write_matrix_config
from tests.crash.process import BotProcess
from tests.peers.homeserver import PASSWORD, USER, FakeHomeserver, Fault, Trouble
from tests.peers.matrix_person import PASSWORD as PERSONS_PASSWORD
from tests.peers.matrix_person import Person
from tests.peers.synapse import Synapse

ROOMS = 30
PLACES = ("Gare du Nord", "Bastille", "Gare de Lyon", "Nation")
KILLS = 3
ANSWERS_IN = 0.03
"""Seconds from a message counting to the answer that says so: what is under way at a kill lies in between."""


@pytest.fixture
async def homeserver() -> AsyncIterator[FakeHomeserver]:
    async with FakeHomeserver().serve() as homeserver:
        yield homeserver


async def test_every_message_is_answered_exactly_once(
    homeserver: FakeHomeserver, database_url: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    dice = random.Random(request.node.name)
    homeserver.faults.add(Fault(Trouble.LATE, seconds=ANSWERS_IN, times=None))
    bot = BotProcess.of(write_matrix_config(tmp_path, homeserver.url, USER, PASSWORD, database_url))
    rooms = [homeserver.room(f"@person{number}:fake.test") for number in range(ROOMS)]
    try:
        await bot.start()
        await homeserver.until(
            lambda: homeserver.calls.count("sync") > 1, within=20
        )  # a first start answers nothing old
        homeserver.says(rooms[0], "merci")
        await homeserver.until(lambda: bool(rooms[0].answers), within=20)

        async def ask() -> None:
            for place in PLACES:
                for room in dice.sample(rooms, len(rooms)):
                    homeserver.says(room, f"douche {place}")
                    await asyncio.sleep(0.02)

        asking = asyncio.create_task(ask())
        for _ in range(KILLS):
            sent = sum(len(room.answers) for room in rooms)
            await homeserver.until(lambda sent=sent: sum(len(r.answers) for r in rooms) > sent + dice.randint(2, 8), 20)  # type: ignore[misc]
            await asyncio.sleep(dice.uniform(0, 2 * ANSWERS_IN))
            await bot.kill()
            await bot.start()
        await asking
        await homeserver.until(lambda: sum(len(room.answers) for room in rooms) > ROOMS * len(PLACES), within=20)
        await asyncio.sleep(0.5)
    finally:
        await bot.end()
    for room in rooms:
        answers = room.answers[1:] if room is rooms[0] else room.answers
        assert [any(place in answer for place in PLACES) for answer in answers] == [True] * len(PLACES), (
            bot.last_words()
        )
        assert all(place in answer for place, answer in zip(PLACES, answers, strict=True))
    signs = [event["content"]["m.relates_to"] for room in rooms for event in room.said(kind="m.reaction")]
    assert len(signs) == len({(sign["event_id"], sign["key"]) for sign in signs})


@pytest.mark.xdist_group("synapse")
async def test_on_a_real_homeserver_too(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    dice = random.Random(request.node.name)
    synapse: Synapse = request.getfixturevalue("synapse")
    async with aiohttp.ClientSession() as session:
        account = await Person.register(synapse.url, session, "solidarity")
        person = await Person.register(synapse.url, session, "ada")
        url = f"sqlite:///{tmp_path}/bot.db"
        bot = BotProcess.of(write_matrix_config(tmp_path, synapse.url, account.user_id, PERSONS_PASSWORD, url))
        try:
            await bot.start()
            rooms = [await person.direct(account.user_id) for _ in range(4)]
            for room in rooms:
                await room.says("merci")
                await room.hears("Avec plaisir", within=30)
            for number, place in enumerate(PLACES):
                for room in rooms:
                    await room.says(f"douche {place}")
                if number < KILLS - 1:
                    await asyncio.sleep(dice.uniform(0.05, 0.6))
                    await bot.kill()
                    await bot.start()
            for room in rooms:
                for place in PLACES:
                    await room.hears(place, within=30)
            await asyncio.sleep(0.5)
            assert [len(room.texts) for room in rooms] == [1 + len(PLACES)] * len(rooms), bot.last_words()
        finally:
            await bot.end()
            await person.stop()
