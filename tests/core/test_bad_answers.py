"""Every question that staff are asked, in the form and afterwards: bad answers get a message that helps, and lose nothing."""

from __future__ import annotations

import asyncio
from dataclasses import fields
from datetime import datetime, timedelta

import pytest

from bot.knowledge import Knowledge
from bot.messages import Kind
from handlers.staff.activity_details import ALL, in_language
from handlers.staff.activity_questions import QUESTIONS
from handlers.staff.changes import IN_LANGUAGES
from handlers.staff.summary import FIELDS
from knowledge.directory import bundled_services
from storage import activities, forms, roles
from storage.activities import Activity
from storage.database import Database
from tests.talk import PARIS, Someone, Talk, words

NOON = datetime(2026, 11, 24, 12, tzinfo=PARIS)
GOOD = {
    "kind": "mission", "title": "Petit-déjeuner", "starts": "mardi 2 février 2027 18h30", "minutes": "2h30",
    "repeat": "une seule fois", "place": "8 rue de la Banque 75002", "capacity": "12", "minimum_age": "tout âge",
    "gives": "oui, pour un an", "training": "Oui", "charter": "Non", "alerts": "oui", "bring": "gants", "contact": "Awa",
}  # fmt: skip
TAP, NUMBER, LEAD = "Touchez un des boutons", "Un nombre de 1 à 500", "Par exemple « 14 jours »"
MOMENT = "Il me faut un jour et une heure"
BAD: dict[str, list[tuple[str, str]]] = {
    "kind": [("voyage", TAP), ("7", TAP), ("formation mission", TAP)],
    "title": [("ab", "3 à 100 signes"), ("x" * 101, "3 à 100 signes"), ("  a  ", "3 à 100 signes")],
    "starts": [
        ("bientôt", MOMENT), ("mardi", MOMENT), ("32/12/2026 18:30", MOMENT), ("29/2/2027 10:00", MOMENT),
        ("24/12/2026 25:61", MOMENT), ("1/11/2026 18:30", "Ce moment est passé"), ("1/11/2029 18:30", "dans plus d’un an"),
    ],
    "minutes": [(each, "De 15 minutes à un jour") for each in ("longtemps", "5", "0", "-30", "25 h", "2h99x")],
    "repeat": [("souvent", TAP), ("FREQ=DAILY", TAP)],
    "place": [("x", "Une adresse de 3 à 200 signes"), ("y" * 201, "Une adresse de 3 à 200 signes")],
    "capacity": [(each, NUMBER) for each in ("beaucoup", "0", "-5", "501", "10 ou 20", "1e3x9", "9" * 40)],
    "minimum_age": [("vieux", TAP), ("17", TAP)],
    "gives": [("peut-être", TAP), ("13", TAP)],
    "training": [("peut-être", TAP)],
    "charter": [("bof", TAP)],
    "alerts": [("hm", TAP)],
    "bring": [("x" * 301, "300 signes au plus")],
    "contact": [("x" * 301, "300 signes au plus")],
    "description": [("x" * 801, "800 signes au plus")],
    "minimum": [("peu", "Un nombre de 0 à 500"), ("-1", "Un nombre de 0 à 500"), ("13", "moins de places"), ("501", "0 à 500")],
    "opens": [("bientôt", LEAD), ("12", LEAD), ("3 ans", LEAD), ("500 jours", LEAD), ("-2 h", LEAD)],
    "closes": [("bientôt", LEAD), ("12", LEAD), ("99999 mois", LEAD)],
    "skills": [("magie", TAP), ("cuisine, magie", TAP), (",", TAP)],
    "languages": [("klingon", TAP), ("arabe klingon", TAP)],
    "title.en": [("B", "3 à 100 signes"), ("x" * 101, "3 à 100 signes")],
    "description.ar": [("x" * 801, "800 signes au plus")],
    "bring.uk": [("x" * 301, "300 signes au plus")],
}  # fmt: skip
ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""What people type is the same to both databases."""
NASTY = (
    "\x00", "😀" * 50, "؟؟؟ ١٢", "½", "²", "'; DROP TABLE activity; --", "{what}", "%s %d", "<b>x</b>", "9" * 400, "-0", "1.5",
    "\u202e\u2068abc", "a" * 4000, "\n\n\n", "Σ" * 99, "24/12/0000 10:00", "0/0/0 0:0", "99999999999h", "form:kind:x",
)  # fmt: skip


def nasty_for(name: str) -> tuple[str, ...]:
    """A third of them each: together the questions get them all."""
    return NASTY[len(name) % 3 :: 3]


@pytest.fixture(scope="module")
def whole() -> Knowledge:
    return Knowledge.of(bundled_services())


async def staff(database: Database, whole: Knowledge, now: datetime = NOON) -> Someone:
    talk = Talk(database, whole, now)
    ada = talk.person()
    await database.write(lambda c: roles.set_role(c, "telegram", ada.number, "staff", now))
    return ada


async def said(ada: Someone, text: str) -> str:
    """What the bot answers; one that cannot handle a message tries for ever, which is a failure."""
    ada.talk.wait(seconds=9)
    async with asyncio.timeout(20):
        return words(await ada.says(text))


async def step(ada: Someone) -> str:
    kept = await ada.talk.database.read(lambda c: forms.form_of(c, f"telegram:{ada.number}"))
    return kept.step if kept is not None else ""


async def reach(ada: Someone, question: str, kind: str = "mission") -> None:
    """Fills the form in up to this question."""
    await said(ada, "/creer")
    while (now := await step(ada)) != question:
        await said(ada, kind if now == "kind" else GOOD[now])


def test_every_question_is_in_the_table() -> None:
    assert {one.name for one in QUESTIONS} <= BAD.keys()
    assert {*FIELDS} <= BAD.keys()
    assert {name.partition(".")[0] for name in BAD if "." in name} == {*IN_LANGUAGES}


@ON_SQLITE
@pytest.mark.parametrize("question", [one.name for one in QUESTIONS])
async def test_bad_answers_in_the_form(database: Database, whole: Knowledge, question: str) -> None:
    ada = await staff(database, whole)
    await reach(ada, question, "formation" if question == "gives" else "mission")
    for bad, message in BAD[question]:
        answer = await said(ada, bad)
        assert message in answer, bad
        assert await step(ada) == question
    for nasty in nasty_for(question):
        assert await said(ada, nasty)
        if await step(ada) != question:
            assert question in ("title", "place", "bring", "contact", "capacity"), nasty  # "١٢" is twelve
            return
    await said(ada, GOOD[question])
    assert await step(ada) != question


async def activity(database: Database) -> Activity:
    found = await database.read(lambda c: activities.activities(c, ["draft"]))
    return found[0]


@ON_SQLITE
@pytest.mark.parametrize("what", [name for name in BAD if name not in ("kind", "gives")])
async def test_bad_answers_when_something_is_changed(database: Database, whole: Knowledge, what: str) -> None:
    ada = await staff(database, whole)
    await reach(ada, "contact")
    await said(ada, "Awa")
    before = await activity(database)

    async def ask() -> str:
        payload = f"change:{before.id}:{(await activity(database)).version}:{what}"
        return words(await ada.sends(ada.incoming(kind=Kind.BUTTON, text=payload)))

    name, _, language = what.partition(".")
    assert in_language(name, language) if language else ALL[name]
    assert await ask()
    for bad, message in BAD[what]:
        assert message in await said(ada, bad), bad
    assert await activity(database) == before
    for nasty in nasty_for(what):
        await ask()
        assert await said(ada, nasty)
    now = await activity(database)
    assert {**vars_of(now), "version": 0, name: None} == {**vars_of(before), "version": 0, name: None} or what in (
        "place", "opens", "closes",
    )  # fmt: skip


def vars_of(one: Activity) -> dict[str, object]:
    return {each.name: getattr(one, each.name) for each in fields(one)}


async def test_a_restart_and_two_days_of_silence_before_every_answer(database: Database, whole: Knowledge) -> None:
    ada = await staff(database, whole)
    await said(ada, "/creer")
    number = 0
    while now := await step(ada):
        number += 1
        again = Talk(database, whole, ada.talk.now + timedelta(days=2))
        again._numbers = iter(range(1000 * number, 1000 * number + 999))  # type: ignore[assignment]
        ada.talk = again
        await said(ada, GOOD[now])
    made = await activity(database)
    assert (made.title["fr"], made.capacity, made.minutes, made.contact) == ("Petit-déjeuner", 12, 150, "Awa")


async def test_a_moment_that_passed_while_the_form_waited_is_asked_for_again(
    database: Database, whole: Knowledge
) -> None:
    ada = await staff(database, whole)
    await said(ada, "/creer")
    while (now := await step(ada)) != "contact":
        await said(ada, "demain 7h" if now == "starts" else GOOD[now])
    ada.talk.wait(days=3)
    assert "Quand commence" in await said(ada, "Awa")
    assert "Petit-déjeuner (mission, brouillon)" in await said(ada, "mardi 2 février 2027 18h30")


@pytest.mark.parametrize(
    "asks", ["redate:move:1:1", "redate:places:1:1", "enddate:1:1:0", "endall:1:2:0", "skip:1:2:0"]
)
async def test_nasty_answers_to_what_is_asked_about_dates(database: Database, whole: Knowledge, asks: str) -> None:
    ada = await staff(database, whole)
    await said(ada, "/creer")
    while now := await step(ada):
        await said(ada, "chaque semaine" if now == "repeat" else GOOD[now])
    await ada.taps("Publier")
    for nasty in nasty_for(asks):
        ada.talk.wait(seconds=9)
        assert await ada.sends(ada.incoming(kind=Kind.BUTTON, text=asks))
        assert await said(ada, nasty), nasty
    (published,) = await database.read(lambda c: activities.activities(c, ["published"]))
    assert published.version == 2
