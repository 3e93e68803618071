"""Days, hours and lengths of time as staff type them."""

from __future__ import annotations

from datetime import datetime
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from bot.forms import NotUnderstood
from bot.knowledge import Knowledge
from bot.texts import texts
from handlers.staff import reading
from knowledge.directory import bundled_services

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 11, 27, 12, tzinfo=PARIS)
"""A Friday."""


@pytest.fixture(scope="module")
def turn() -> SimpleNamespace:
    return SimpleNamespace(knowledge=Knowledge.of(bundled_services()), now=NOW, texts=texts("fr", PARIS))


@pytest.mark.parametrize(
    ("words", "moment"),
    [
        ("mardi 8 décembre 18h30", "2026-12-08 18:30"),
        ("mardi 8 decembre à 18 h 30", "2026-12-08 18:30"),
        ("Mardi 8 Décembre 18:30", "2026-12-08 18:30"),
        ("8 dec 18h", "2026-12-08 18:00"),
        ("le 9 a 7h du soir", "2026-12-09 19:00"),
        ("mercredi 9 à 7h du soir", "2026-12-09 19:00"),
        ("le 31 à 10h", "2026-12-31 10:00"),
        ("le premier décembre 10h", "2026-12-01 10:00"),
        ("demain soir 8h", "2026-11-28 20:00"),
        ("demain à 7 heures", "2026-11-28 07:00"),
        ("lundi à midi", "2026-11-30 12:00"),
        ("samedi 9h du matin", "2026-11-28 09:00"),
        ("dans 3 jours à 9h", "2026-11-30 09:00"),
        ("18h30", "2026-11-27 18:30"),
        ("tuesday 8 december 6:30 pm", "2026-12-08 18:30"),
        ("tomorrow at 7pm", "2026-11-28 19:00"),
        ("завтра в 19:00", "2026-11-28 19:00"),
        ("8/12 18:30", "2026-12-08 18:30"),
        ("8/2 18:30", "2027-02-08 18:30"),
        ("2026-12-08 18:30", "2026-12-08 18:30"),
    ],
)
def test_moments(turn: SimpleNamespace, words: str, moment: str) -> None:
    assert reading.moment(turn, words) == datetime.fromisoformat(moment)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "words",
    ["mercredi 8 à 7h", "mardi", "bientôt", "décembre 10h", "32/12/2026 10h", "29/2/2027 10h", "8 25h", "le 32 à 9h"],
)
def test_no_moments(turn: SimpleNamespace, words: str) -> None:
    """Wednesday is not the eighth: better asked again than guessed."""
    with pytest.raises(NotUnderstood):
        reading.moment(turn, words)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("words", "minutes"),
    [
        ("14 jours", 20160),
        ("48h", 2880),
        ("90 min", 90),
        ("2 semaines", 20160),
        ("1 mois", 43200),
        ("0", 0),
        ("3 days", 4320),
    ],
)
def test_leads(words: str, minutes: int) -> None:
    assert reading.lead(words) == minutes


@pytest.mark.parametrize("words", ["12", "-2 h", "bientôt", "3 ans", "", "h"])
def test_no_leads(words: str) -> None:
    with pytest.raises(NotUnderstood):
        reading.lead(words)


def test_names() -> None:
    assert reading.skills(PARIS, "premiers secours, cooking") == {"first_aid", "cooking"}
    assert reading.languages("arabe, English; ru") == {"ar", "en", "ru"}
    for words in ("", ",", "cuisine magie"):
        with pytest.raises(NotUnderstood):
            reading.skills(PARIS, words)
