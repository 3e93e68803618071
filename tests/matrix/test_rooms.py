"""In rooms the bot comes when it may, speaks when it is spoken to, and goes when everybody else has gone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest

from tests.matrix.running import Bots, Running
from tests.peers.matrix_person import Person, Room
from tests.peers.synapse import Synapse

pytestmark = pytest.mark.xdist_group("synapse")


@pytest.fixture
async def eve(synapse: Synapse, session: aiohttp.ClientSession) -> AsyncIterator[Person]:
    person = await Person.register(synapse.url, session, "eve")
    yield person
    await person.stop()


@pytest.fixture
async def bot(bots: Bots, ada: Person) -> AsyncIterator[Running]:
    """Ada is on the staff."""
    bots.staff = (f"matrix:{ada.user_id}",)
    async with bots.running() as bot:
        yield bot


@pytest.fixture
async def room(bot: Running, ada: Person, eve: Person) -> Room:
    """A room of Ada's, in which Eve is."""
    room = await ada.room(bot.user_id, eve.user_id, name="Maraude")
    await eve.join(room.id)
    await room.has(bot.user_id)
    return room


async def test_speaks_only_when_spoken_to(room: Room, bot: Running, eve: Person) -> None:
    hers = Room(eve, room.id)
    localpart = bot.user_id[1:].partition(":")[0]
    await hers.says("qui vient ce soir ?")
    await hers.says("!meteo paris")
    await hers.says("/aide")
    asked = await hers.says(f"{localpart}: douche bastille")
    answer = await hers.hears("Bastille")
    assert answer["content"]["m.relates_to"]["m.in_reply_to"]["event_id"] == asked
    await hers.says("et une douche vers nation ?", **{"m.mentions": {"user_ids": [bot.user_id]}})
    await hers.hears("Nation")
    await hers.says("!aide")
    await hers.hears("Je connais")
    reply = {"m.relates_to": {"m.in_reply_to": {"event_id": answer["event_id"]}}}
    await hers.says("plus loin", **reply)
    await hers.hears("D’autres")
    assert len(hers.messages) == 4


async def test_a_choice_is_made_by_answering_or_reacting(room: Room, bot: Running, eve: Person) -> None:
    hers = Room(eve, room.id)
    await hers.says("douche bastille", **{"m.mentions": {"user_ids": [bot.user_id]}})
    answer = await hers.hears("Bastille")
    await hers.says("1")  # to somebody else
    await hers.reacts(answer["event_id"], "1️⃣")
    await hers.hears("📍")
    await hers.says("2", **{"m.relates_to": {"m.in_reply_to": {"event_id": answer["event_id"]}}})
    await hers.hears("📍")
    assert len([m for m in hers.messages if m["content"]["msgtype"] == "m.notice"]) == 3


async def test_nothing_personal_is_said_in_a_room(room: Room) -> None:
    await room.says("!mesdonnees")
    await room.hears("en privé")


async def test_a_stranger_s_room_is_declined(bot: Running, eve: Person) -> None:
    room = await eve.room(bot.user_id)
    await room.has(bot.user_id, "leave")


async def test_a_room_of_the_settings_is_joined(bots: Bots, eve: Person) -> None:
    room = await eve.room()
    async with bots.running(allowed_rooms=(room.id,)) as bot:
        await eve.invite(room.id, bot.user_id)
        await room.has(bot.user_id)


async def test_a_talk_of_two_that_others_join_is_private_no_more(bot: Running, eve: Person, ada: Person) -> None:
    room = await eve.direct(bot.user_id)
    await room.says("merci")
    await room.hears("Avec plaisir")
    await eve.invite(room.id, ada.user_id)
    await ada.join(room.id)
    await room.says("merci")
    await room.says("!mesdonnees")
    await room.hears("en privé")
    assert len(room.texts) == 2


async def test_the_bot_leaves_when_it_is_alone(bot: Running, eve: Person) -> None:
    room = await eve.direct(bot.user_id)
    await room.has(bot.user_id)
    await eve.call("POST", "rooms", room.id, "leave", body={})
    client = bot.adapter._open.device.client
    async with asyncio.timeout(10):
        while room.id in client.rooms:
            await asyncio.sleep(0.05)


async def test_an_upgraded_room_is_followed(bot: Running, ada: Person) -> None:
    room = await ada.room(bot.user_id, room_version="10")
    await room.has(bot.user_id)
    await room.says("!aide")
    await room.hears("Je connais")
    upgraded = await ada.call("POST", "rooms", room.id, "upgrade", body={"new_version": "12"})
    after = Room(ada, upgraded["replacement_room"])
    await ada.invite(after.id, bot.user_id)
    await after.has(bot.user_id)
    await after.says("!aide")
    await after.hears("Je connais")


async def test_an_upgraded_talk_stays_a_talk(bot: Running, eve: Person) -> None:
    room = await eve.direct(bot.user_id)
    await room.says("douche gare du nord")
    await room.hears("Gare du Nord")
    upgraded = await eve.call("POST", "rooms", room.id, "upgrade", body={"new_version": "12"})
    after = Room(eve, upgraded["replacement_room"])
    await eve.invite(after.id, bot.user_id)
    await after.has(bot.user_id)
    await after.says("plus loin")
    await after.hears("D’autres")
