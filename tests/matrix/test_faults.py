"""The homeserver fails in every way it can: each question is answered once, in order, and nobody waits for another's trouble."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.adapters.adapter import Fatal
from bot.knowledge import Knowledge
from tests.matrix.running import Bots, Running
from tests.peers.homeserver import PASSWORD, USER, FakeHomeserver, Fault, Trouble

PLACES = ("Gare du Nord", "Bastille", "Nation")


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.outbox.BACK_OFF_S", (0.1, 0.2, 0.4, 0.8))
    monkeypatch.setattr("bot.adapters.matrix.sync.PAUSES_S", (0.1, 0.2, 0.4, 0.5))
    monkeypatch.setattr("bot.app.RESTART_S", (0.1,))


@pytest.fixture
async def homeserver() -> AsyncIterator[FakeHomeserver]:
    async with FakeHomeserver().serve() as homeserver:
        yield homeserver


@pytest.fixture
def bots(homeserver: FakeHomeserver, sqlite_url: str, tmp_path: Path, knowledge: Knowledge) -> Bots:
    login = {"user": USER, "password": PASSWORD}
    return Bots(homeserver.url, None, sqlite_url, tmp_path / "matrix-store", knowledge, login)  # type: ignore[arg-type]


@pytest.fixture
async def bot(bots: Bots) -> AsyncIterator[Running]:
    async with bots.running() as bot:
        yield bot


@pytest.mark.parametrize(
    "fault",
    [
        Fault(Trouble.ERROR, code=502),
        Fault(Trouble.ERROR, code=500, errcode="M_UNKNOWN"),
        Fault(Trouble.CUT_BEFORE, times=3),
        Fault(Trouble.CUT_AFTER, times=8),
        Fault(Trouble.GARBAGE, times=3),
        Fault(Trouble.FLOOD, form="header"),
        Fault(Trouble.FLOOD, form="body"),
        Fault(Trouble.LATE),
        Fault(Trouble.ERROR, call="sync", code=502, times=3),
        Fault(Trouble.CUT_BEFORE, call="sync", times=3),
        Fault(Trouble.CUT_AFTER, call="sync", times=3),
        Fault(Trouble.GARBAGE, call="sync", times=3),
        Fault(Trouble.FLOOD, call="sync"),
    ],
    ids=lambda fault: f"{fault.call}-{fault.trouble}-{fault.code}-{fault.form}",
)
async def test_each_question_is_answered_once_and_in_order(
    bot: Running, homeserver: FakeHomeserver, fault: Fault
) -> None:
    room = homeserver.room()
    homeserver.faults.add(fault)
    for place in PLACES:
        homeserver.says(room, f"douche {place}")
    await homeserver.until(lambda: len(room.answers) == len(PLACES))
    assert all(place in answer for place, answer in zip(PLACES, room.answers, strict=True))
    assert homeserver.faults.met
    await asyncio.sleep(0.1)
    assert len(room.answers) == len(PLACES)


async def test_the_pause_asked_for_is_kept(bot: Running, homeserver: FakeHomeserver) -> None:
    """In the older form and the newer, whichever is longer."""
    room = homeserver.room()
    homeserver.faults.add(
        Fault(Trouble.FLOOD, seconds=1.0, form="header"), Fault(Trouble.FLOOD, seconds=0.7, form="body")
    )
    began = time.monotonic()
    homeserver.says(room, "douche bastille")
    await homeserver.until(lambda: bool(room.answers))
    assert time.monotonic() - began > 1.7


async def test_a_room_s_trouble_holds_no_other(bot: Running, homeserver: FakeHomeserver) -> None:
    one, other = homeserver.room(), homeserver.room("@eve:fake.test")
    homeserver.faults.add(Fault(Trouble.ERROR, room=one.id, times=4))
    homeserver.says(one, "douche bastille")
    homeserver.says(other, "douche nation")
    await homeserver.until(lambda: bool(other.answers))
    assert not one.answers
    await homeserver.until(lambda: bool(one.answers))


async def test_a_room_that_refuses_is_left_alone(bot: Running, homeserver: FakeHomeserver) -> None:
    one, other = homeserver.room(), homeserver.room("@eve:fake.test")
    homeserver.faults.add(Fault(Trouble.ERROR, room=one.id, code=403, errcode="M_FORBIDDEN"))
    homeserver.says(one, "douche bastille")
    homeserver.says(other, "douche nation")
    await homeserver.until(lambda: bool(other.answers))
    await asyncio.sleep(0.3)
    assert not one.answers
    homeserver.says(one, "douche nation")
    await homeserver.until(lambda: bool(one.answers))


async def test_a_homeserver_that_goes_away_and_comes_back(bot: Running, homeserver: FakeHomeserver) -> None:
    room = homeserver.room()
    homeserver.says(room, "douche gare du nord")
    await homeserver.until(lambda: len(room.answers) == 1)
    await homeserver.away()
    homeserver.says(room, "douche bastille")
    await asyncio.sleep(2)
    assert not bot.task.done()
    await homeserver.back()
    await homeserver.until(lambda: len(room.answers) == 2)
    assert "Bastille" in room.answers[1]


async def test_more_messages_than_a_timeline_holds(bots: Bots, homeserver: FakeHomeserver) -> None:
    room = homeserver.room()
    async with bots.running():
        homeserver.says(room, "merci")
        await homeserver.until(lambda: len(room.answers) == 1)
    for number in range(350):
        homeserver.says(room, f"{number}", msgtype="m.notice")
        if number % 50 == 0:
            homeserver.says(room, "/aide")
    homeserver.faults.add(Fault(Trouble.ERROR, call="messages"), Fault(Trouble.CUT_AFTER, call="messages"))
    async with bots.running():
        await homeserver.until(lambda: len(room.answers) == 8)


async def test_an_invite_is_taken_though_joining_fails_at_first(
    bot: Running, homeserver: FakeHomeserver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.adapters.matrix.rooms.PAUSES_S", (0.1,))
    homeserver.faults.add(Fault(Trouble.ERROR, call="join"), Fault(Trouble.CUT_BEFORE, call="join"))
    room = homeserver.room(joined=False)
    await homeserver.until(lambda: room.joined)
    homeserver.says(room, "douche bastille")
    await homeserver.until(lambda: bool(room.answers))


async def test_a_reaction_counts_once(bot: Running, homeserver: FakeHomeserver) -> None:
    room = homeserver.room()
    homeserver.says(room, "douche bastille")
    await homeserver.until(lambda: bool(room.said(kind="m.reaction")))
    homeserver.faults.add(Fault(Trouble.CUT_AFTER, times=2))
    await homeserver.until(lambda: len(room.said(kind="m.reaction")) >= 6)
    await asyncio.sleep(0.3)
    keys = [event["content"]["m.relates_to"]["key"] for event in room.said(kind="m.reaction")]
    assert keys == sorted(set(keys))


async def test_where_messages_are_counted_there_are_no_reactions(bot: Running, homeserver: FakeHomeserver) -> None:
    room = homeserver.room()
    homeserver.faults.add(Fault(Trouble.FLOOD, seconds=0.1, form="body"))
    homeserver.says(room, "douche bastille")
    await homeserver.until(lambda: bool(room.answers))
    await asyncio.sleep(0.6)
    assert not room.said(kind="m.reaction")


async def test_a_token_refused_ends_the_program(bot: Running, homeserver: FakeHomeserver) -> None:
    homeserver.token_good = False
    homeserver.says(homeserver.room(), "bonjour")
    await asyncio.wait({bot.task}, timeout=5)
    with pytest.raises(BaseExceptionGroup) as ended:
        bot.task.result()
    assert ended.group_contains(Fatal, match="refuses the access token")
