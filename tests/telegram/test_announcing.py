"""Announcing from a phone, before the strict server: photos, edits as it goes, the report, what is too big."""

from __future__ import annotations

import csv
import io

import pytest

from bot.pacing import utc_now
from storage import recipients, roles
from tests.peers.bot_api import FakeBotApi, Fault, Trouble, User
from tests.peers.bot_api.chats import State
from tests.telegram.running import Running, until

JPEG = b"\xff\xd8\xff" + b"0" * 3000
MB = 1 << 20


@pytest.fixture
async def staff(bot: Running, ada: User) -> User:
    await bot.database.write(lambda c: roles.set_role(c, "telegram", str(ada.id), "staff", utc_now()))
    return ada


@pytest.fixture
async def crowd(api: FakeBotApi, bot: Running) -> list[User]:
    people = [api.user(3000 + number, language="fr" if number else "en") for number in range(6)]
    for person in people:
        person.says("/start")
    for person in people:
        await person.hears()
    return people


async def at_message(staff: User) -> None:
    staff.says("/annonce")
    await staff.hears("À qui ?")
    staff.says("tout le monde sauf l'équipe")
    await staff.hears("le recevraient")
    staff.presses("Continuer")
    await staff.hears("Votre message ?")


async def test_a_photo_to_everybody_and_how_it_goes(
    bot: Running, api: FakeBotApi, staff: User, crowd: list[User]
) -> None:
    await at_message(staff)
    staff.sends("photo", caption="*Ce soir* <19 h> & demain", file=JPEG)
    preview = await staff.hears("Ce soir <19 h> & demain")
    assert preview.method == "sendphoto"
    await staff.hears("6 personnes le recevront")
    staff.presses("Corriger")
    await staff.hears("Que voulez-vous changer")
    staff.presses("Boutons")
    await staff.hears("un par ligne")
    staff.says("Je viens\nPas cette fois")
    await staff.hears("6 personnes le recevront")
    crowd[5].chat.state = State.BLOCKED
    staff.presses("Envoyer maintenant")
    shown = await staff.hears("Envoi…")
    for person in crowd[:5]:
        got = await person.hears("Ce soir")
        assert got.method == "sendphoto"
        assert got.labels[:2] == ["Je viens", "Pas cette fois"]
    await until(lambda: "Envoyé" in shown.text, within=20)
    assert "5 reçus, 1 a bloqué le bot" in shown.text
    assert shown.edits, "the same message is edited"
    assert shown.labels == ["Rapport"]
    assert api.calls["getfile"] == 1
    assert len(api.files) == 1, "what came from Telegram is not uploaded again"
    crowd[1].presses("Je viens")
    await crowd[1].hears()
    staff.presses("Rapport", on=shown)
    report = await staff.hears("🟩 5 reçus")
    assert report.method == "sendphoto"
    assert api.files[report.message["photo"][-1]["file_id"]].content.startswith(b"\x89PNG")
    assert "🟦 Je viens: 1" in report.text
    staff.presses("Tout en fichier", on=report)
    document = await staff.hears("un par ligne")
    sheet = api.files[document.message["document"]["file_id"]].content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(sheet), delimiter=";"))
    assert sorted(row["state"] for row in rows) == ["blocked", *["delivered"] * 5]
    assert [row["answer"] for row in rows if row["answer"]] == ["Je viens"]
    assert not api.violations


async def test_nothing_too_big_is_fetched_or_sent(
    bot: Running, api: FakeBotApi, staff: User, crowd: list[User]
) -> None:
    await at_message(staff)
    staff.sends("photo", file=JPEG, size=11 * MB)
    await staff.hears("Plus de 10 Mo")
    staff.sends("document", file=b"%PDF", size=21 * MB)
    await staff.hears("Plus de 20 Mo")
    assert api.calls["getfile"] == 0
    staff.says("mot " * 1000)
    await staff.hears("3000 signes au plus")
    staff.sends("sticker")
    await staff.hears("que le texte")
    api.faults.add(Fault(Trouble.ERROR, "getfile"))
    staff.sends("photo", file=JPEG)
    await staff.hears("Envoyez-le encore une fois")
    staff.sends("photo", file=JPEG)
    await staff.hears("6 personnes le recevront")
    assert len(api.sent_to(crowd[0].id)) == len(crowd[0].screen)
    assert not await bot.database.read(lambda c: recipients.counts(c, 1).by_state)


async def test_a_photo_of_anybody_else_is_left_where_it_is(bot: Running, api: FakeBotApi, ada: User) -> None:
    ada.sends("photo", file=JPEG)
    await ada.hears("que le texte")
    ada.sends("photo", caption="douche gare du nord", file=JPEG)
    await ada.hears("Gare du Nord")
    assert api.calls["getfile"] == 0


async def test_a_preview_is_not_an_answer_and_a_plan_called_off_is_not_sent(
    bot: Running, staff: User, crowd: list[User]
) -> None:
    await at_message(staff)
    staff.says("Bonsoir")
    await staff.hears("6 personnes le recevront")
    staff.presses("Corriger")
    await staff.hears("Que voulez-vous changer")
    staff.presses("Boutons")
    await staff.hears("un par ligne")
    staff.says("Je viens")
    await staff.hears("6 personnes le recevront")
    staff.presses("Je viens")
    await staff.hears("ne sont pas comptées")
    staff.presses("Programmer")
    await staff.hears("Quand part-il")
    staff.says("demain 9h")
    card = await staff.hears("Programmé : demain, 09:00")
    staff.presses("Annuler", on=card)
    await staff.hears("rien n’est envoyé")
    assert all("Bonsoir" not in sent.text for person in crowd for sent in person.screen)


async def test_a_place_by_a_position(bot: Running, staff: User, crowd: list[User]) -> None:
    await at_message(staff)
    staff.says("Rendez-vous ici")
    await staff.hears("le recevront")
    staff.presses("Corriger")
    await staff.hears("Que voulez-vous changer")
    staff.presses("Lieu")
    await staff.hears("Quel lieu")
    staff.shares(48.8668, 2.3405)
    await staff.hears("Rendez-vous ici")
    await staff.hears("le recevront")
    staff.presses("Envoyer maintenant")
    await crowd[2].hears("Rendez-vous ici")
    await until(lambda: crowd[2].screen[-1].method == "sendvenue")
