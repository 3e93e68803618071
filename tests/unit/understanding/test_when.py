"""The times people say, against the calendar of Paris."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from knowledge.frame import When
from knowledge.understanding import Understanding
from tests.unit.understanding.conftest import NOW

PARIS = ZoneInfo("Europe/Paris")


def read(understanding: Understanding, text: str, at: str) -> str:
    """The time of `text` said at `at` (local, ISO), as "start" or "start/end" in local time."""
    now = datetime.fromisoformat(at).replace(tzinfo=PARIS)
    return written(understanding.understand(text, now).when)


def written(when: When | None) -> str:
    if when is None:
        return "none"
    start, end = (moment.strftime("%Y-%m-%dT%H:%M") for moment in (when.start, when.end))
    return start if when.start == when.end else f"{start}/{end}"


def day(text: str) -> str:
    return f"{text}T00:00/{text}T23:59"


WEDNESDAY = [
    # said on Wednesday 14 January 2026 at 15:00
    ("douche maintenant", "2026-01-14T15:00"),
    ("douche tout de suite", "2026-01-14T15:00"),
    ("shower open right now", "2026-01-14T15:00"),
    ("douche aujourd'hui", day("2026-01-14")),
    ("douche ajd", day("2026-01-14")),
    ("douche demain", day("2026-01-15")),
    ("douche après-demain", day("2026-01-16")),
    ("shower the day after tomorrow", day("2026-01-16")),
    ("douche demain matin", "2026-01-15T06:00/2026-01-15T12:00"),
    ("shower tomorrow morning", "2026-01-15T06:00/2026-01-15T12:00"),
    ("repas ce midi", "2026-01-14T12:00/2026-01-14T14:00"),
    ("repas demain midi", "2026-01-15T12:00/2026-01-15T14:00"),
    ("repas cet aprem", "2026-01-14T12:00/2026-01-14T18:00"),
    ("repas cette après-midi", "2026-01-14T12:00/2026-01-14T18:00"),
    ("repas ce matin", "2026-01-14T06:00/2026-01-14T12:00"),
    ("repas ce soir", "2026-01-14T18:00/2026-01-14T23:59"),
    ("food tonight", "2026-01-14T18:00/2026-01-14T23:59"),
    ("shelter tonight", "2026-01-14T22:00/2026-01-15T06:00"),
    ("toilettes cette nuit", "2026-01-14T22:00/2026-01-15T06:00"),
    ("food this evening", "2026-01-14T18:00/2026-01-14T23:59"),
    ("douche jeudi", day("2026-01-15")),
    ("douche mercredi", day("2026-01-14")),
    ("douche mercredi matin", "2026-01-21T06:00/2026-01-21T12:00"),
    ("douche mercredi à 18h", "2026-01-14T18:00"),
    ("douche mercredi à 14h", "2026-01-21T14:00"),
    ("douche mercredi prochain", day("2026-01-21")),
    ("douche samedi 14h", "2026-01-17T14:00"),
    ("shower on saturday at 2 pm", "2026-01-17T14:00"),
    ("shower saturday afternoon", "2026-01-17T12:00/2026-01-17T18:00"),
    ("shower next monday", day("2026-01-19")),
    ("mardi de la semaine prochaine, une douche", day("2026-01-20")),
    ("douche ce week-end", "2026-01-17T00:00/2026-01-18T23:59"),
    ("shower this weekend", "2026-01-17T00:00/2026-01-18T23:59"),
    ("douche samedi ou dimanche", "2026-01-17T00:00/2026-01-18T23:59"),
    ("douche cette semaine", "2026-01-12T00:00/2026-01-18T23:59"),
    ("douche la semaine prochaine", "2026-01-19T00:00/2026-01-25T23:59"),
    ("shower next week", "2026-01-19T00:00/2026-01-25T23:59"),
    ("douche ce mois-ci", "2026-01-01T00:00/2026-01-31T23:59"),
    ("douche le mois prochain", "2026-02-01T00:00/2026-02-28T23:59"),
    ("douche en juin", "2026-06-01T00:00/2026-06-30T23:59"),
    ("shower in june", "2026-06-01T00:00/2026-06-30T23:59"),
    ("douche à 18h", "2026-01-14T18:00"),
    ("douche à 18h30", "2026-01-14T18:30"),
    ("douche à 18 h 30", "2026-01-14T18:30"),
    ("douche à 18:30", "2026-01-14T18:30"),
    ("douche à 10h", "2026-01-15T10:00"),
    ("douche à 8 heures du soir", "2026-01-14T20:00"),
    ("douche à huit heures demain matin", "2026-01-15T08:00"),
    ("douche demain à midi", "2026-01-15T12:00/2026-01-15T14:00"),
    ("shower at 7pm", "2026-01-14T19:00"),
    ("shower at 7:30 pm", "2026-01-14T19:30"),
    ("shower around 11am thursday", "2026-01-15T11:00"),
    ("douche après 19h", "2026-01-14T19:00/2026-01-14T23:59"),
    ("douche à partir de 19h", "2026-01-14T19:00/2026-01-14T23:59"),
    ("shower after 7 pm", "2026-01-14T19:00/2026-01-14T23:59"),
    ("douche avant 18h", "2026-01-14T15:00/2026-01-14T18:00"),
    ("douche demain avant 10h", "2026-01-15T00:00/2026-01-15T10:00"),
    ("shower before 6pm", "2026-01-14T15:00/2026-01-14T18:00"),
    ("douche entre 10h et midi", "2026-01-15T10:00/2026-01-15T12:00"),
    ("douche demain entre 10 et 12h", "2026-01-15T10:00/2026-01-15T12:00"),
    ("douche demain de 14h à 17h", "2026-01-15T14:00/2026-01-15T17:00"),
    ("douche demain 14h-17h", "2026-01-15T14:00/2026-01-15T17:00"),
    ("shower from 4 to 6 pm", "2026-01-14T16:00/2026-01-14T18:00"),
    ("shower between 4pm and 6pm", "2026-01-14T16:00/2026-01-14T18:00"),
    ("douche dans 2 heures", "2026-01-14T17:00"),
    ("douche dans 30 min", "2026-01-14T15:30"),
    ("douche dans 1h30", "2026-01-14T16:30"),
    ("douche dans une heure", "2026-01-14T16:00"),
    ("douche dans une demi-heure", "2026-01-14T15:30"),
    ("shower in two hours", "2026-01-14T17:00"),
    ("shower in half an hour", "2026-01-14T15:30"),
    ("douche dans 3 jours", day("2026-01-17")),
    ("shower in 3 days", day("2026-01-17")),
    ("douche le 12 octobre", day("2026-10-12")),
    ("douche le 12 janvier", day("2027-01-12")),
    ("douche le 12/10 à 9h", "2026-10-12T09:00"),
    ("shower on october 12th", day("2026-10-12")),
    ("shower on the 3rd of march", day("2026-03-03")),
    ("douche le 1er mars", day("2026-03-01")),
    ("douche le 20", day("2026-01-20")),
    ("douche vendredi 23", day("2026-01-23")),
    ("douche vendredi 23 à bastille", day("2026-01-23")),
    ("douche vendredi 18", day("2026-01-16")),
    ("douche le 31 février", "2026-02-01T00:00/2026-02-28T23:59"),
    ("repas à noël", day("2026-12-25")),
    ("repas de réveillon de noël", day("2026-12-24")),
    ("shower on christmas day", day("2026-12-25")),
    ("douche le 14 juillet", day("2026-07-14")),
    ("douche le lundi de pâques", day("2026-04-06")),
    ("douche à la pentecôte", day("2026-05-24")),
    ("douche à la toussaint", day("2026-11-01")),
    ("douche le jour de l'an", day("2027-01-01")),
    # past, habits and other numbers are no time asked about
    ("j'ai marché hier, une douche", "none"),
    ("je suis là depuis janvier, une douche", "none"),
    ("depuis 3 jours je cherche une douche", "none"),
    ("une douche tous les jours", "none"),
    ("un repas le soir", "none"),
    ("douche ouverte 24h/24", "none"),
    ("lundi dernier la douche était bien", "none"),
    ("i slept badly last night, a shower", "none"),
    ("a shower every morning", "none"),
    ("two weeks ago i had a shower", "none"),
    ("may i have a shower", "none"),
    ("douche dans le 12", "none"),
    ("j'ai 17 ans, une douche", "none"),
    ("une douche pour 4 personnes", "none"),
    ("garder mes affaires jusqu'à lundi", "none"),
]  # fmt: skip

OTHER_MOMENTS = [
    # the clocks go forward on 29 March 2026 at 02:00, back on 25 October at 03:00
    ("2026-03-29T00:30", "douche dans 2 heures", "2026-03-29T03:30"),
    ("2026-10-25T01:30", "douche dans 2 heures", "2026-10-25T02:30"),
    ("2026-03-28T12:00", "toilettes demain à 2h30", "2026-03-29T03:30"),
    ("2026-01-15T02:00", "toilettes cette nuit", "2026-01-14T22:00/2026-01-15T06:00"),
    ("2026-01-17T10:00", "douche ce week-end", "2026-01-17T00:00/2026-01-18T23:59"),
    ("2026-01-18T10:00", "douche le week-end prochain", "2026-01-24T00:00/2026-01-25T23:59"),
    ("2026-12-31T20:00", "douche demain", day("2027-01-01")),
    ("2026-12-20T20:00", "douche en janvier", "2027-01-01T00:00/2027-01-31T23:59"),
    ("2026-12-25T09:00", "repas noel", day("2026-12-25")),
    ("2028-02-01T09:00", "douche le 29 février", day("2028-02-29")),
    ("2026-01-14T23:30", "repas après 19h", "2026-01-14T19:00/2026-01-14T23:59"),
    ("2026-01-14T20:00", "repas ce midi", "2026-01-14T12:00/2026-01-14T14:00"),
    ("2026-01-14T20:00", "repas midi", "2026-01-15T12:00/2026-01-15T14:00"),
]


@pytest.mark.parametrize(("text", "expected"), WEDNESDAY)
def test_times_said_on_a_wednesday_afternoon(understanding: Understanding, text: str, expected: str) -> None:
    assert written(understanding.understand(text, NOW).when) == expected


@pytest.mark.parametrize(("at", "text", "expected"), OTHER_MOMENTS)
def test_times_said_at_other_moments(understanding: Understanding, at: str, text: str, expected: str) -> None:
    assert read(understanding, text, at) == expected


def test_the_zone_of_the_moment_does_not_matter(understanding: Understanding) -> None:
    utc = NOW.astimezone(ZoneInfo("UTC"))
    assert understanding.understand("douche demain matin", utc) == understanding.understand("douche demain matin", NOW)


def test_times_have_the_offset_of_paris(understanding: Understanding) -> None:
    frame = understanding.understand("douche le 12 juillet", NOW).as_dict()
    assert frame["when"] == {"from": "2026-07-12T00:00:00+02:00", "to": "2026-07-12T23:59:00+02:00"}
