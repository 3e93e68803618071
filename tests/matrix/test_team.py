"""Answers to announcements come to the team's room, and the team answers from there; before Synapse."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import aiohttp
import pytest

from bot.groups import Group
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
    """Ada is an administrator."""
    bots.staff = (f"matrix:{ada.user_id}",)
    async with bots.running() as bot:
        yield bot


def to(event: dict[str, Any]) -> dict[str, Any]:
    return {"m.relates_to": {"m.in_reply_to": {"event_id": event["event_id"]}}}


async def test_an_answer_and_its_answer(bot: Running, ada: Person, eve: Person) -> None:
    team = await ada.room(bot.user_id, eve.user_id, name="Équipe")
    await eve.join(team.id)
    await team.has(bot.user_id)
    conversation = bot.application.conversation
    conversation.reach = replace(conversation.reach, team_chats={"": Group("matrix", team.id)})
    hers = await eve.direct(bot.user_id)
    await hers.has(bot.user_id)
    await hers.says("/start")
    await hers.hears("115")
    staff = await ada.direct(bot.user_id)
    await staff.has(bot.user_id)
    await staff.says("!annonce")
    await staff.hears("À qui ?")
    await staff.says("tout le monde")
    await staff.hears("2 personnes le recevraient")
    await staff.says("Continuer")
    await staff.hears("Votre message ?")
    await staff.says("Qui a un fourgon ?")
    await staff.hears("2 personnes le recevront")
    await staff.says("Envoyer maintenant")
    got = await hers.hears("Qui a un fourgon")
    await hers.says("moi, douche bastille", **to(got))
    await hers.hears("transmis à l’équipe")
    relayed = await team.hears("Un volontaire répond à « Qui a un fourgon ? »")
    assert eve.user_id not in relayed["content"]["body"]
    await Room(eve, team.id).says("je réponds pour l’équipe", **to(relayed))
    await team.hears("réservé à l’équipe")
    await team.says("Parfait, 9 h", **to(relayed))
    await team.hears("Envoyé.")
    answer = await hers.hears("Réponse de l’équipe")
    assert "Parfait, 9 h" in answer["content"]["body"]
    assert ada.user_id not in str(answer["content"])
    await hers.says("Entendu", **to(answer))
    await team.hears("Entendu")
