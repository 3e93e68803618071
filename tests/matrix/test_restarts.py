"""Stopped and started again, the bot answers what was said meanwhile, once, and nothing else."""

from __future__ import annotations

import pytest

from tests.matrix.running import Bots
from tests.peers.matrix_person import Person, Room

pytestmark = pytest.mark.xdist_group("synapse")


async def test_what_was_said_meanwhile_is_answered_once(bots: Bots, ada: Person) -> None:
    async with bots.running() as bot:
        room = await ada.direct(bot.user_id)
        await room.says("douche gare du nord")
        first = await room.hears("Gare du Nord")
    await room.says("douche bastille")
    await room.reacts(first["event_id"], "1️⃣")
    async with bots.running():
        await room.hears("Bastille")
        await room.hears("📍")
    async with bots.running():
        await room.says("merci")
        await room.hears("Avec plaisir")
    notices = [m for m in room.messages if m["content"]["msgtype"] == "m.notice"]
    assert len(notices) == 4


async def test_more_than_one_answer_holds_is_fetched(bots: Bots, ada: Person) -> None:
    """The homeserver's timeline has a hundred events at most: what lies before them is asked for."""
    async with bots.running() as bot:
        room = await ada.direct(bot.user_id)
        await room.has(bot.user_id)
        await room.says("merci")
        await room.hears("Avec plaisir")
    await room.says("douche bastille")
    for number in range(110):
        await room.send({"body": str(number), "msgtype": "m.notice"})
    await room.says("douche nation")
    async with bots.running():
        await room.hears("Bastille")
        await room.hears("Nation")
    assert len(room.texts) == 3


async def test_an_invite_that_came_meanwhile_is_taken(bots: Bots, ada: Person) -> None:
    async with bots.running():
        pass
    room = await ada.direct(bots.account.user_id)
    await room.says("douche gare du nord")
    async with bots.running():
        await room.hears("Gare du Nord")


async def test_a_first_start_answers_nothing_old(bots: Bots, ada: Person) -> None:
    room = await ada.direct(bots.account.user_id)
    await bots.account.join(room.id)
    await room.says("douche gare du nord")
    async with bots.running():
        await room.says("douche bastille")
        await room.hears("Bastille")
    assert len(room.texts) == 1


async def test_a_direct_talk_joined_before_is_still_one(bots: Bots, ada: Person) -> None:
    """The database is new, the homeserver remembers how the invite was meant."""
    room = await ada.direct(bots.account.user_id)
    await bots.account.join(room.id)
    async with bots.running():
        await room.says("merci")
        await Room(ada, room.id).hears("Avec plaisir")
