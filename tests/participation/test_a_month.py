"""A whole month by the clock, in the words of the people: a monthly training with forty of them, its waiting list,
reminders, attendance, what it gives, and the missions it opens."""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime

import pytest

from bot.knowledge import Knowledge
from knowledge.directory import bundled_services
from storage import roles
from storage.database import Database
from tests.participation.talked import fills_in, reads, until
from tests.talk import PARIS, Someone, Talk, words

TRAINING = {
    "De quoi": "formation", "titre": "Aller vers les personnes sans abri", "Quand commence": "mardi 8 décembre 18h30",
    "Combien de temps": "2h30", "rythme": "chaque mois, mardi n° 2", "Où ?": "À la Fabrique", "Combien de personnes": "25",
    "quel âge": "18", "volontaire formé": "oui, pour deux ans",
}  # fmt: skip
MISSION = {
    "De quoi": "mission", "titre": "Maraude", "Quand commence": "samedi 12 décembre 19h", "Combien de temps": "2h",
    "rythme": "une seule fois", "Où ?": "À la Fabrique", "Combien de personnes": "2", "quel âge": "18",
    "volontaires formés": "Oui", "charte": "Non", "solliciter": "Oui",
}  # fmt: skip


def moment(day: int, hour: int, minute: int = 0, month: int = 12) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=PARIS)


def name(number: int) -> str:
    return f"P{chr(ord('a') + number // 10)}{chr(ord('a') + number % 10)}"


@pytest.fixture(scope="module")
def whole() -> Knowledge:
    return Knowledge.of(bundled_services())


async def joins(one: Someone) -> str:
    """From the list of trainings, being asked what is asked for."""
    await one.says("je veux devenir bénévole")
    labels = [button.label for out in one.heard for row in out.reply.buttons for button in row]
    await one.taps("M’inscrire 1" if "M’inscrire 1" in labels else "Liste d’attente 1")
    said = words(await one.taps("18 ans ou plus"))
    if "Quel nom" in said:
        await one.says(one.name)
    return said


async def takes(one: Someone) -> str:
    """The place that was offered; who only waited has not told their name yet."""
    said = words(await one.taps("Je prends"))
    if "Quel nom" in said:
        await one.says(one.name)
    return said


async def leaves(one: Someone) -> None:
    await one.says("annuler mon inscription")
    assert "vous n’êtes plus sur la liste" in words(await one.taps("Me désinscrire 1"))


async def test_a_month(database: Database, whole: Knowledge) -> None:
    talk = Talk(database, whole, moment(24, 12, month=11))
    sam, people = talk.person("sam"), [talk.person(name(number)) for number in range(40)]
    await database.write(lambda c: roles.set_role(c, "telegram", sam.number, "staff", talk.now.astimezone(PARIS)))
    named = {one.number: one.name for one in (*people, sam)}

    # The 24th of November: made in the chat, published, and forty people come.
    assert "mardi 8 déc., 18:30–21:00 · 0 sur 25" in await fills_in(sam, "/creer", TRAINING)
    await sam.taps("Publier")
    await sam.taps("Date 1")
    code = re.search(r"Code à taper[^:]*: (\w{6})", words([out.reply for out in sam.heard]))
    assert code is not None
    answers = []
    for one in people:
        talk.wait(minutes=3)
        answers.append(await joins(one))
    assert Counter("C’est noté ✅" in said for said in answers) == {True: 25, False: 15}
    assert [re.findall(r"numéro (\d+) sur la liste", said) for said in answers[25:]] == [[str(n)] for n in range(1, 16)]
    assert await until(talk, moment(25, 12, month=11)) == []

    # Four leave over the days; who is next is asked, and takes the place.
    for number in range(4):
        assert await until(talk, moment(25 + number, 18, month=11)) == []
        await leaves(people[number])
        heard = await until(talk, moment(25 + number, 18, 10, month=11))
        assert [named[chat] for _, chat, _ in heard] == [name(25 + number)]
        assert "Une place s’est libérée pour vous" in words(reads(people[25 + number]))
        assert "C’est noté ✅" in await takes(people[25 + number])
    # The fifth leaves at ten in the evening; the next in line is told in the morning and does not answer in time.
    await until(talk, moment(29, 22, month=11))
    await leaves(people[4])
    heard = await until(talk, moment(30, 20, 30, month=11))
    assert [(at, named[chat]) for at, chat, _ in heard] == [
        ("30 08:00", name(29)), ("30 20:00", name(29)), ("30 20:00", name(30)),
    ]  # fmt: skip
    reads(people[30])
    await takes(people[30])
    reads(people[29])
    assert "n’est plus possible" in words(await people[29].taps("Je prends"))

    # The evening before, who comes is reminded; one cannot come any more, and three do not answer.
    heard = await until(talk, moment(7, 18, 30))
    coming = [people[number] for number in (*range(5, 29), 30)]
    assert [(at, named[chat]) for at, chat, text in heard if text.startswith("Rappel")] == [
        ("07 18:00", one.name) for one in coming
    ]
    for one in coming[4:]:
        assert "Rappel : Aller vers" in words(reads(one))
        assert "Merci, à bientôt" in words(await one.taps("J’y serai"))
    reads(coming[0])
    await coming[0].taps("Je ne peux plus")
    await coming[0].taps("Rendre ma place")
    heard = await until(talk, moment(7, 19))
    assert [named[chat] for _, chat, text in heard if "Une place s’est libérée" in text] == [name(31)]
    reads(people[31])
    await takes(people[31])
    coming = [*coming[1:], people[31]]
    heard = await until(talk, moment(8, 17))
    assert [named[chat] for at, chat, text in heard if text.startswith("Vous venez ?")] == [
        one.name for one in coming[:3]
    ]
    assert {at for at, _, text in heard if text.startswith(("Rappel", "Vous venez"))} == {"08 16:30"}
    hints = [text for _, chat, text in heard if chat == sam.number and "pas répondu" in text]
    assert len(hints) == 1
    assert "3 personnes" in hints[0]

    # On the day: fourteen type the code on the wall, six scan it, five do not come; staff mark one who had no phone.
    talk.now = moment(8, 18, 20)
    for number, one in enumerate(coming[:20]):
        typed = code[1] if number < 14 else f"/start code_{code[1]}"
        assert "Vous êtes noté présent" in words(await one.says(typed)), one.name
    assert "Je ne connais pas ce code" in words(await people[39].says(code[1]))
    heard = await until(talk, moment(9, 8, 5))
    assert [(at, chat) for at, chat, text in heard if "Qui était là ?" in text] == [("09 08:00", sam.number)]
    reads(sam)
    assert "Présents : 20" in words(await sam.taps("Noter les présences"))
    await sam.taps("Plus")
    assert "Présents : 21" in words(await sam.taps(f"⬜ {coming[20].name}"))
    there = coming[:21]
    for one in coming[21:]:
        await sam.taps(f"⬜ {one.name}")
        await sam.taps(f"✅ {one.name}")
        assert any(f"❌ {one.name}" in b.label for out in sam.heard for row in out.reply.buttons for b in row)

    # Trained, thanked in the morning, asked how it was.
    heard += await until(talk, moment(9, 12))
    told = Counter(named[chat] for _, chat, text in heard if text.startswith("Merci d’être venu"))
    assert told == Counter(one.name for one in there)
    assert Counter(at for at, _, text in heard if text.startswith("Merci d’être venu")) == {
        "09 08:00": 20,
        "09 08:05": 1,
    }
    for one in there:
        assert "Vous avez suivi la formation Aller vers" in words(reads(one))
    assert "Merci" in words(await there[0].taps("5 ⭐"))
    await there[1].says("/moi")
    assert "a suivi la formation" in words(await there[1].taps("Mon attestation"))
    assert "2 h 30" in words(await there[1].says("/moi"))
    assert "pas encore participé" in words(await coming[-1].says("/moi"))

    # A mission for trained volunteers only: eight are asked first, two come, one wants less of it.
    await fills_in(sam, "/creer", MISSION)
    await sam.taps("Publier")
    heard = await until(talk, moment(9, 12, 30))
    asked = [one for one in there if one.number in {chat for _, chat, text in heard if "🤝 Maraude" in text}]
    assert len(asked) == 8 == len(heard)
    for one in asked[:3]:
        reads(one)
    assert "C’est noté ✅ Maraude" in words(await asked[0].taps("Je viens"))
    assert "une autre fois" in words(await asked[1].taps("Pas cette fois"))
    await asked[2].taps("Moins d’alertes")
    await asked[2].taps("Pause de deux semaines")
    reads(asked[3])
    assert "C’est noté ✅ Maraude" in words(await asked[3].taps("Je viens"))
    stranger = people[39]
    await stranger.says("/missions")
    assert "Il faut d’abord la formation Aller vers" in words(await stranger.taps("Liste d’attente 1"))
    assert "mardi 12 janv." in words(await stranger.taps("Voir les dates"))
    assert "C’est noté ✅ Aller vers" in words(await stranger.taps("M’inscrire 1"))
    heard = await until(talk, moment(24, 12))
    reminded = Counter(
        named[chat] for _, chat, text in heard if text.startswith(("Rappel : Maraude", "Vous venez ? Mar"))
    )
    assert reminded == {asked[0].name: 2, asked[3].name: 2}
    assert [text for _, _, text in heard if "🤝" in text] == []  # it is full

    # January is there for all who missed it.
    await people[38].says("/formations")
    assert "mardi 12 janv., 18:30–21:00" in words([out.reply for out in people[38].heard])
    assert "24 places" in words([out.reply for out in people[38].heard])
