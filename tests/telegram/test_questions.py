"""A person asks in their own chat: in words, by a position, by a link, by changing what they wrote."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

import pytest

from handlers.arrival_code import deep_link
from tests.dialogues.activities import publish
from tests.peers.bot_api import FakeBotApi, User
from tests.talk import PARIS
from tests.telegram.running import Running

GARE_DU_NORD = (48.8809, 2.3553)


async def test_words(bot: Running, ada: User) -> None:
    ada.says("douche gare du nord")
    answer = await ada.hears("Gare du Nord")
    assert {"Itinéraire 1", "Plus", "Ouvert demain ?", "Signaler une erreur"} <= set(answer.labels)
    assert not bot.api.violations


async def test_a_position_after_a_question_answers_it(bot: Running, ada: User) -> None:
    ada.says("je cherche une douche")
    asked = await ada.hears("près d’où")
    assert [button.get("request_location") for button in asked.buttons] == [True]
    ada.shares(*GARE_DU_NORD)
    assert "Itinéraire 1" in (await ada.hears("votre position")).labels


async def test_a_position_alone_asks_what_for(bot: Running, ada: User) -> None:
    ada.shares(*GARE_DU_NORD)
    asked = await ada.hears("Que cherchez-vous près d’ici")
    assert len(asked.labels) == 8
    ada.presses("Bains-douches")
    await ada.hears("votre position")


async def test_a_venue_is_a_position(bot: Running, ada: User) -> None:
    ada._sends(
        {
            "location": {"latitude": 48.8809, "longitude": 2.3553},
            "venue": {
                "location": {"latitude": 48.8809, "longitude": 2.3553},
                "title": "Gare du Nord",
                "address": "18 rue de Dunkerque",
            },
        },
        "",
    )
    await ada.hears("Que cherchez-vous près d’ici")


async def test_an_edited_question_is_answered_anew(bot: Running, ada: User) -> None:
    ada.says("douche gare du nord")
    await ada.hears("Gare du Nord")
    ada.edits("douche bastille")
    await ada.hears("Bastille")


async def test_a_live_position_is_one_question(bot: Running, ada: User) -> None:
    ada.says("douche")
    await ada.hears("près d’où")
    ada.shares(*GARE_DU_NORD, live=True)
    await ada.hears("votre position")
    ada.moves(48.8812, 2.3560)
    ada.moves(48.8815, 2.3570)
    ada.says("merci")
    await ada.hears("Avec plaisir")
    assert len(ada.screen) == 3


async def test_a_deep_link_asks_at_once(bot: Running, ada: User) -> None:
    ada.says("/start douche_bastille")
    await ada.hears("Bastille")


async def test_the_code_on_the_wall_is_scanned(bot: Running, ada: User) -> None:
    now = datetime.now(PARIS)
    start = (now + timedelta(minutes=20)).isoformat()[:16]
    evening = {"kind": "cafe", "title": "Soirée café", "minimum_age": 0, "dates": [start]}
    (code,) = await bot.database.write(lambda c: publish(c, evening, now))
    ada.says("/programme")
    await ada.hears("Soirée café")
    ada.presses("M’inscrire 1")
    await ada.hears("C’est noté")
    _, _, link = deep_link("SolidarityBot", code).partition("?start=")
    ada.says(f"/start {link}")
    await ada.hears("Vous êtes noté présent")
    assert not bot.api.violations


async def test_start_greets_in_the_language_of_the_phone(bot: Running, api: FakeBotApi) -> None:
    eve = api.user(1002, language="en-GB", first_name="Eve")
    eve.says("/start")
    greeting = await eve.hears("Hello")
    assert len(greeting.text.splitlines()) == 3


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("/aide", "Je connais"),
        ("/langue", "Quelle langue"),
        ("/stop", "je n’envoie plus rien"),
        ("/mesdonnees", "tout ce que je garde"),
        ("/effacer", "Dois-je oublier tout"),
        ("/inconnue", "Je connais"),
        ("/", "Je connais"),
    ],
)
async def test_commands(bot: Running, ada: User, command: str, words: str) -> None:
    ada.says(command)
    await ada.hears(words)


async def test_danger_is_alone_in_its_message(bot: Running, ada: User) -> None:
    ada.says("il respire plus aidez moi")
    alarm = await ada.hears("15 (SAMU)")
    assert "☎️ 15" in alarm.labels
    ada.presses("☎️ 15")
    card = await ada.hears("15")
    assert card.method == "sendcontact"
    assert card.message["contact"]["phone_number"] == "15"
    assert len(ada.screen) == 2


async def test_a_question_asked_during_an_outage_is_answered_with_an_apology(
    bot: Running, api: FakeBotApi, ada: User
) -> None:
    api.clock = lambda: time.time() - 31 * 60
    ada.says("douche gare du nord")
    api.clock = time.time
    answer = await ada.hears("Gare du Nord")
    assert answer.text.startswith("Désolé")
    ada.says("merci")
    assert "Désolé" not in (await ada.hears("Avec plaisir")).text


async def test_several_questions_are_answered_in_order(bot: Running, ada: User) -> None:
    places = ("Gare du Nord", "Bastille", "Nation", "République", "Gare de Lyon")
    for place in places:
        ada.says(f"douche {place}")
    for place in places:
        await ada.hears(place)
    assert len(ada.screen) == len(places)
