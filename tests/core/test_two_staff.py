"""Two of the team at the same activity: whoever comes second is told, sees it as it is now, and overwrites nothing."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import Connection

from bot.knowledge import Knowledge
from bot.messages import Kind
from handlers.staff.summary import FIELDS
from knowledge.directory import bundled_services
from knowledge.participation.kinds import Kind as ActivityKind
from storage import activities, roles, series, sessions
from storage.activities import Activity
from storage.database import Database
from tests.talk import PARIS, Someone, Talk, words

NOON = datetime(2026, 11, 24, 12, tzinfo=PARIS)
MEANWHILE = "Quelqu’un l’a modifié entre-temps"
NEW = {
    "title": "Autre titre", "description": "Autre chose", "starts": "mardi 15 décembre 19h", "minutes": "3h",
    "repeat": "chaque semaine", "place": "1 rue de Lyon 75012", "capacity": "9", "minimum": "2", "opens": "7 jours",
    "closes": "2 h", "minimum_age": "16", "skills": "cuisine", "languages": "arabe", "training": "Oui", "charter": "Oui",
    "alerts": "Oui", "bring": "gants", "contact": "Awa", "title.en": "Breakfast", "description.en": "A meal",
    "bring.en": "gloves",
}  # fmt: skip


@pytest.fixture(scope="module")
def whole() -> Knowledge:
    return Knowledge.of(bundled_services())


async def team(database: Database, whole: Knowledge) -> tuple[Someone, Someone]:
    """Both see the same draft of a mission."""
    talk = Talk(database, whole, NOON)
    ada, sam = talk.person("ada"), talk.person("sam")
    for one in (ada, sam):
        await database.write(lambda c, n=one.number: roles.set_role(c, "telegram", n, "staff", NOON))  # type: ignore[misc]

    def draft(connection: Connection) -> None:
        first = datetime(2026, 12, 8, 18, 30)  # noqa: DTZ001 - local, as a series counts
        new = Activity(
            ActivityKind.MISSION, {"fr": "Petit-déjeuner"}, rule="FREQ=WEEKLY", first_start=first, capacity=12
        )
        series.extend(connection, activities.create(connection, new, None, NOON), None, NOON)

    await database.write(draft)
    return ada, sam


async def tap(one: Someone, payload: str) -> str:
    return words(await one.sends(one.incoming(kind=Kind.BUTTON, text=payload)))


async def state(database: Database) -> object:
    def look(connection: Connection) -> object:
        activity = activities.activity_by_id(connection, 1)
        return activity, sessions.planned(connection, 1, NOON, 50)

    return await database.read(look)


def test_every_field_is_here() -> None:
    assert {*FIELDS} - {"gives"} <= NEW.keys()


@pytest.mark.parametrize("what", NEW)
async def test_a_field_that_somebody_else_changed_meanwhile(database: Database, whole: Knowledge, what: str) -> None:
    ada, sam = await team(database, whole)
    assert MEANWHILE not in await tap(sam, f"change:1:1:{what}")
    choices = [
        b.payload for out in sam.heard for row in out.reply.buttons for b in row if b.payload.startswith("setto")
    ]
    await tap(ada, "change:1:1:contact")
    await ada.says("Zoé")
    before = await state(database)
    said = words(await sam.says(NEW[what]))
    assert MEANWHILE in said
    assert "Petit-déjeuner (mission, brouillon)" in said
    for choice in choices:
        assert MEANWHILE in await tap(sam, choice)
    assert MEANWHILE in await tap(sam, f"change:1:1:{what}")
    assert await state(database) == before
    await tap(sam, f"change:1:2:{what}")
    assert "C’est fait" in words(await sam.says(NEW[what]))
    assert await state(database) != before


@pytest.mark.parametrize("act", ["publish:1:1", "endall:1:1:0", "endall:1:1:1", "skip:1:1:0", "skip:1:1:740000"])
async def test_an_act_on_an_activity_that_changed(database: Database, whole: Knowledge, act: str) -> None:
    ada, sam = await team(database, whole)
    await tap(ada, "change:1:1:contact")
    await ada.says("Zoé")
    before = await state(database)
    assert MEANWHILE in await tap(sam, act)
    assert await state(database) == before


@pytest.mark.parametrize(("question", "answer"), [("endall:1:1:0", "Trop froid"), ("skip:1:1:0", "15/12/2026")])
async def test_words_about_an_activity_that_changed(
    database: Database, whole: Knowledge, question: str, answer: str
) -> None:
    ada, sam = await team(database, whole)
    await tap(sam, question)
    await tap(ada, "change:1:1:contact")
    await ada.says("Zoé")
    before = await state(database)
    said = words(await sam.says(answer))
    if "J’annule" in said:
        said = words(await sam.taps("Oui, annuler"))
    assert MEANWHILE in said
    assert await state(database) == before


@pytest.mark.parametrize(
    ("question", "answer"),
    [("redate:move:1:1", "mercredi 9 décembre 19h"), ("redate:places:1:1", "5"), ("enddate:1:1:0", "Trop froid")],
)
@pytest.mark.parametrize("other", ["places", "cancel"])
async def test_a_date_that_somebody_else_changed_meanwhile(
    database: Database, whole: Knowledge, question: str, answer: str, other: str
) -> None:
    ada, sam = await team(database, whole)
    await tap(sam, question)
    if other == "cancel":
        await tap(ada, "enddate:1:1:1")
    else:
        await tap(ada, "redate:places:1:1")
        await ada.says("7")
    before = await state(database)
    said = words(await sam.says(answer))
    if MEANWHILE not in said:
        said = words(await sam.taps("Oui"))
    assert MEANWHILE in said
    assert await state(database) == before
