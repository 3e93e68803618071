"""The team from a phone, before the strict server: a link that gives a role, answers that come to the team's topic."""

from __future__ import annotations

import asyncio
import re

import pytest

from bot.knowledge import Knowledge
from bot.pacing import utc_now
from storage import roles
from tests.peers.bot_api import FakeBotApi, User
from tests.telegram.running import Running, running


@pytest.fixture
async def staff(bot: Running, ada: User) -> User:
    await bot.database.write(lambda c: roles.set_role(c, "telegram", str(ada.id), "admin", utc_now()))
    return ada


async def test_a_link_gives_a_role_once(bot: Running, api: FakeBotApi, staff: User) -> None:
    bob, eve = api.user(1002, first_name="Bob"), api.user(1003, first_name="Eve")
    staff.says("/inviter staff")
    shown = await staff.hears("devient « équipe »")
    link = re.search(rf"https://t\.me/{api.username}\?start=(\w+)", shown.text)
    assert link, shown.text
    assert len(link[1]) <= 64  # Source: Telegram, deep linking
    bob.says(f"/start {link[1]}")
    await bob.hears("Bienvenue dans l’équipe")
    await staff.hears("Votre invitation a été utilisée : équipe")
    eve.says(f"/start {link[1]}")
    await eve.hears("fausse, déjà utilisée ou trop ancienne")
    staff.presses("L’équipe")
    await staff.hears("2. ")
    assert not api.violations


async def test_guessing_codes_ends_soon(bot: Running, api: FakeBotApi) -> None:
    eve = api.user(1003, first_name="Eve")
    for number in range(5):
        eve.says(f"/start inv_AAAABBBB{number}")
        await eve.hears("fausse, déjà utilisée")
    eve.says("/start inv_AAAABBBBCCCC")
    await eve.hears("Trop de codes faux")


async def test_answers_come_to_the_topic_and_the_team_answers_from_there(
    api: FakeBotApi, sqlite_url: str, knowledge: Knowledge, ada: User
) -> None:
    forum = api.group(-1001234567890, forum=True)
    topic = forum.topic("Réponses")
    bob, sam, eve = (api.user(1002 + n, first_name=name) for n, name in enumerate(("Bob", "Sam", "Eve")))
    async with running(api, sqlite_url, knowledge, team_chat=f"telegram:{forum.chat.id}/{topic}") as bot:
        for user in (ada, sam):
            await bot.database.write(
                lambda c, user=user: roles.set_role(c, "telegram", str(user.id), "staff", utc_now())  # type: ignore[misc]
            )
        bob.says("/start")
        await bob.hears()
        ada.says("/annonce")
        await ada.hears("À qui ?")
        ada.says("tout le monde sauf l'équipe")
        await ada.hears("le recevrait")
        ada.presses("Continuer")
        await ada.hears("Votre message ?")
        ada.says("Qui a un fourgon ?")
        await ada.hears("le recevra.")
        ada.presses("Envoyer maintenant")
        got = await bob.hears("Qui a un fourgon")
        bob.says("moi ! <b>& demain</b> douche bastille", reply_to=got)
        await bob.hears("transmis à l’équipe")
        relayed = await bob.hears("Un volontaire répond à « Qui a un fourgon ? »", where=forum)
        assert "<b>& demain</b> douche bastille" in relayed.text
        assert str(bob.id) not in relayed.text
        assert relayed.thread == topic
        eve.says("je réponds aussi", where=forum, topic=topic, reply_to=relayed)
        await eve.hears("réservé à l’équipe", where=forum)
        sam.says("Parfait, 9 h", where=forum, topic=topic, reply_to=relayed)
        assert (await sam.hears("Envoyé.", where=forum)).thread == topic
        answer = await bob.hears("Réponse de l’équipe")
        assert "Parfait, 9 h" in answer.text
        assert "Sam" not in answer.text
        bob.says("Entendu", reply_to=answer)
        await bob.hears("transmis à l’équipe")
        await bob.hears("Entendu", where=forum)
        bob.says("et une douche à nation ?")
        await bob.hears("Nation")
        sam.says("entre nous", where=forum, topic=topic)
        await asyncio.sleep(0.2)
        assert not api.violations
