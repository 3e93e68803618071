"""Forms of the chat: they outlive restarts, go with their person, and take no answer that is none."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.knowledge import Knowledge
from knowledge.directory import bundled_services
from storage import activities, forms, roles
from storage.activities import Activity
from storage.database import Database
from tests.talk import PARIS, Someone, Talk, words

NOON = datetime(2026, 11, 24, 12, tzinfo=PARIS)


@pytest.fixture(scope="module")
def whole() -> Knowledge:
    return Knowledge.of(bundled_services())


async def staff(talk: Talk) -> Someone:
    ada = talk.person()
    await talk.database.write(lambda c: roles.set_role(c, "telegram", ada.number, "staff", talk.now.astimezone(PARIS)))
    return ada


async def test_a_restart_in_the_middle_loses_nothing(database: Database, whole: Knowledge) -> None:
    ada = await staff(Talk(database, whole, NOON))
    await ada.says("/creer")
    await ada.taps("débat")
    again = Talk(database, whole, datetime(2026, 11, 29, 12, tzinfo=PARIS))
    again._numbers = iter(range(1000, 2000))  # type: ignore[assignment]
    ada.talk = again
    await ada.says("Le froid et la ville")
    for answer in ("9/12 19h", "2 h 00", "une seule fois", "8 rue de la Banque 75002", "30", "tout âge"):
        said = words(await ada.says(answer))
    assert "Que faut-il apporter" in said
    assert "300 signes au plus" in words(await ada.says("x" * 301))
    await ada.taps("Passer")
    assert "300 signes au plus" in words(await ada.says("y" * 301))
    assert "Le froid et la ville (débat, brouillon)" in words(await ada.says("passer"))

    def made(connection: object) -> list[Activity]:
        return activities.activities(connection, ["draft"])  # type: ignore[arg-type]

    (debate,) = await database.read(made)
    assert (debate.address, debate.district, debate.capacity, debate.minimum_age) == (
        "8 rue de la Banque 75002",
        "75002",
        30,
        0,
    )


async def test_who_is_forgotten_takes_their_form_along(database: Database, whole: Knowledge) -> None:
    ada = await staff(Talk(database, whole, NOON))
    await ada.says("/creer")
    await ada.says("/effacer")
    await ada.taps("Oui")
    assert await database.read(lambda c: forms.form_of(c, f"telegram:{ada.number}")) is None
    assert "De quoi" not in words(await ada.says("débat"))


async def test_who_is_no_longer_staff_makes_nothing(database: Database, whole: Knowledge) -> None:
    ada = await staff(Talk(database, whole, NOON))
    await ada.says("/creer")
    await ada.taps("débat")
    for answer in (
        "Le froid",
        "9/12 19h",
        "2 h 00",
        "une seule fois",
        "8 rue de la Banque",
        "30",
        "tout âge",
        "passer",
    ):
        await ada.says(answer)
    await database.write(lambda c: roles.take_role(c, "telegram", ada.number, NOON))
    assert "réservé à l’équipe" in words(await ada.says("passer"))
    assert await database.read(lambda c: activities.activities(c, ["draft", "published"])) == []


async def test_administrators_by_the_settings_need_no_role(database: Database, whole: Knowledge) -> None:
    talk = Talk(database, whole, NOON)
    ada = talk.person()
    assert "réservé à l’équipe" in words(await ada.says("/equipe"))
    talk.conversation._admins = frozenset({("telegram", ada.number)})
    assert "pas encore d’activité" in words(await ada.says("/equipe"))


async def test_a_calendar_has_an_address_only_where_one_is_reachable(database: Database, whole: Knowledge) -> None:
    talk = Talk(database, whole, NOON)
    ada = talk.person()
    await ada.says("/moi")
    assert "/calendar/" not in words(await ada.taps("agenda"))
    talk.conversation._public_url = "https://bot.example.org"
    await ada.says("/moi")
    assert "https://bot.example.org/calendar/" in words(await ada.taps("agenda"))
    assert "ne fonctionne plus" in words(await ada.taps("La fermer"))
