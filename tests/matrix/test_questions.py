"""A person asks in a talk of their own, on a real homeserver: in words, by a position, by a number, by a reaction."""

from __future__ import annotations

import pytest

from tests.matrix.running import Running
from tests.peers.matrix_person import Person, Room

pytestmark = pytest.mark.xdist_group("synapse")

GARE_DU_NORD = (48.8809, 2.3553)


@pytest.fixture
async def room(bot: Running, ada: Person) -> Room:
    return await ada.direct(bot.user_id)


async def test_words(room: Room) -> None:
    await room.says("douche gare du nord")
    content = (await room.hears("Gare du Nord"))["content"]
    assert content["msgtype"] == "m.notice"
    assert content["format"] == "org.matrix.custom.html"
    assert "<b>" in content["formatted_body"]
    assert "1️⃣ Itinéraire 1" in content["body"]


async def test_a_number_typed_presses_a_button(room: Room) -> None:
    await room.says("douche gare du nord")
    await room.hears("Gare du Nord")
    await room.says("1")
    await room.hears("📍")
    place = await room.hears()
    assert place["content"]["msgtype"] == "m.location"
    assert place["content"]["geo_uri"].startswith("geo:48.8")
    await room.says("2")  # the place on the map had no choices: those above it still stand
    await room.hears("📍")


async def test_the_words_of_a_label_press_a_button(room: Room) -> None:
    await room.says("bonjour")
    await room.hears("Bonjour")
    await room.says("toilettes")
    await room.hears("Toilettes : près d’où")


async def test_a_reaction_presses_a_button_also_of_an_older_message(room: Room) -> None:
    await room.says("douche gare du nord")
    old = await room.hears("Gare du Nord")
    await room.person.until(lambda: "5️⃣" in room.signs(old["event_id"]))
    assert room.signs(old["event_id"])[:3] == ["1️⃣", "2️⃣", "3️⃣"]
    await room.says("merci")
    await room.hears("Avec plaisir")
    await room.reacts(old["event_id"], "1\u20e3")
    assert "Itinéraire à pied" in (await room.hears("📍"))["content"]["body"]


async def test_a_reaction_taken_back_or_of_another_kind_means_nothing(room: Room) -> None:
    await room.says("douche gare du nord")
    answer = await room.hears("Gare du Nord")
    await room.reacts(answer["event_id"], "👍")
    sign = await room.reacts(answer["event_id"], "1️⃣")
    await room.hears("📍")
    await room.person.call("PUT", "rooms", room.id, "redact", sign, "take-back", body={})
    await room.says("merci")
    await room.hears("Avec plaisir")
    assert len([text for text in room.texts if "📍" in text.splitlines()[0]]) == 1


async def test_a_position_alone_asks_what_for(room: Room) -> None:
    await room.shares(*GARE_DU_NORD)
    asked = await room.hears("Que cherchez-vous près d’ici")
    assert "8️⃣" in asked["content"]["body"]
    await room.says("Bains-douches")
    await room.hears("votre position")


async def test_a_position_after_a_question_answers_it(room: Room) -> None:
    await room.says("je cherche une douche")
    await room.hears("près d’où")
    await room.shares(*GARE_DU_NORD)
    await room.hears("votre position")


@pytest.mark.parametrize(
    ("command", "words"), [("!aide", "Je connais"), ("/aide", "Je connais"), ("!langue", "Quelle langue")]
)
async def test_commands(room: Room, command: str, words: str) -> None:
    await room.says(command)
    await room.hears(words)


async def test_an_edited_question_is_answered_anew(room: Room) -> None:
    asked = await room.says("douche gare du nord")
    await room.hears("Gare du Nord")
    new = {"msgtype": "m.text", "body": "douche bastille"}
    await room.says(
        "* douche bastille", **{"m.new_content": new, "m.relates_to": {"rel_type": "m.replace", "event_id": asked}}
    )
    await room.hears("Bastille")


async def test_a_thread_is_answered_in_the_thread(room: Room) -> None:
    root = await room.says("bonjour")
    await room.hears("Bonjour")
    await room.says("douche nation", **{"m.relates_to": {"rel_type": "m.thread", "event_id": root}})
    relation = (await room.hears("Nation"))["content"]["m.relates_to"]
    assert (relation["rel_type"], relation["event_id"]) == ("m.thread", root)


async def test_stickers_photos_and_voice_are_told_to_be_words(room: Room) -> None:
    await room.send({"body": "photo.jpg", "msgtype": "m.image", "url": "mxc://x/y"})
    await room.hears("Je ne lis que le texte")
    await room.send({"body": "a cat", "url": "mxc://x/y", "info": {}}, "m.sticker")
    await room.hears("Je ne lis que le texte")
    await room.send({"body": "douche bastille", "filename": "photo.jpg", "msgtype": "m.image", "url": "mxc://x/y"})
    await room.hears("Bastille")


async def test_a_notice_is_not_answered(room: Room) -> None:
    await room.send({"body": "douche gare du nord", "msgtype": "m.notice"})
    await room.says("merci")
    await room.hears("Avec plaisir")
    assert len(room.texts) == 1


async def test_several_questions_are_answered_in_order(room: Room) -> None:
    places = ("Gare du Nord", "Bastille", "Nation", "République", "Gare de Lyon")
    for place in places:
        await room.says(f"douche {place}")
    for place in places:
        await room.hears(place)
    assert len(room.texts) == len(places)


async def test_what_was_read_is_marked(room: Room) -> None:
    asked = await room.says("merci")
    await room.hears("Avec plaisir")
    await room.person.until(
        lambda: any(e["type"] == "m.receipt" and asked in e["content"] for e in room.person.events[room.id])
    )
