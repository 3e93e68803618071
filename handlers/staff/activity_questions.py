"""The questions of the form that makes an activity: few that are needed, two that may be skipped. What else an activity
can say is in handlers/staff/activity_details.py."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from babel.dates import format_date

from bot.forms import Answers, NotUnderstood, Question
from bot.turn import Turn
from handlers.activity_labels import kind_name
from handlers.factory import FACTORY
from handlers.staff import reading
from knowledge.geocoding import in_service_area
from knowledge.participation.kinds import Kind as ActivityKind


def yes_no(turn: Turn, _answers: Answers) -> Sequence[tuple[str, str]]:
    return ("yes", turn.texts.t("Yes")), ("no", turn.texts.t("No"))


def _is(kind: str) -> Any:
    return lambda answers: answers.get("kind") == kind


def _repeats(turn: Turn, answers: Answers) -> Sequence[tuple[str, str]]:
    t = turn.texts.t
    first = answers["starts"]
    first = datetime.fromisoformat(first) if isinstance(first, str) else first
    day = str(format_date(first.date(), "EEEE", locale=turn.texts.language))
    week = (first.day - 1) // 7 + 1
    monthly = (
        t("every month, the last {day}", day=day)
        if week > 4
        else t("every month, {day} number {week}", day=day, week=week)
    )
    return (
        ("once", t("once")), ("week", t("every week")), ("fortnight", t("every two weeks")), ("month", monthly),
    )  # fmt: skip


def _starts(turn: Turn, words: str) -> str:
    return reading.moment(turn, words).isoformat()


def _place(turn: Turn, words: str) -> dict[str, Any]:
    """Looked up before anything is written, so that it can be found near somebody."""
    words = words.strip()
    where: dict[str, Any] = {"words": words}
    if not 3 <= len(words) <= 200:
        return where
    found = next((one for one in turn.geocode(words) if in_service_area(one.latitude, one.longitude)), None)
    postcode = re.search(r"\b\d{5}\b", words) or (re.search(r"\b\d{5}\b", found.name) if found else None)
    if postcode:
        where["postcode"] = postcode[0]
    return where if found is None else {**where, "latitude": found.latitude, "longitude": found.longitude}


def _kinds(turn: Turn, _answers: Answers) -> Sequence[tuple[str, str]]:
    return [(kind.value, kind_name(turn.texts, kind)) for kind in ActivityKind]


def _lengths(turn: Turn, _answers: Answers) -> Sequence[tuple[str, str]]:
    return [(str(minutes), turn.texts.minutes(minutes)) for minutes in (60, 90, 120, 150, 180)]


def _places(turn: Turn, _answers: Answers) -> Sequence[tuple[str, str]]:
    return [("factory", turn.texts.t("At the Factory"))] if turn.knowledge.index.get(FACTORY) else []


def _ages(turn: Turn, _answers: Answers) -> Sequence[tuple[str, str]]:
    return ("18", "18"), ("16", "16"), ("0", turn.texts.t("any age"))


def _validity(turn: Turn, _answers: Answers) -> Sequence[tuple[str, str]]:
    t = turn.texts.t
    return ("12", t("yes, for a year")), ("24", t("yes, for two years")), ("0", t("yes, for ever")), ("no", t("No"))


def tap_one(turn: Turn) -> str:
    return turn.texts.t("Tap one of the buttons, please.")


def no_words(_turn: Turn, _words: str) -> Any:
    raise NotUnderstood


def _title_hint(turn: Turn) -> str:
    return turn.texts.t("A title of 3 to 100 signs, please.")


def short(turn: Turn) -> str:
    return turn.texts.t("300 signs at most, please.")


def _moment_hint(turn: Turn) -> str:
    return turn.texts.t("I need a day and an hour, for example “Tuesday 8 December 18:30” or “8/12/2026 18:30”.")


TITLE = Question("title", lambda turn, _: turn.texts.t("What is it called, in French?"), _title_hint, free=True)
BRING = Question("bring", lambda turn, _: turn.texts.t("What is there to bring?"), short, optional=True, free=True)
QUESTIONS = (
    Question("kind", lambda turn, _: turn.texts.t("What is it?"), tap_one, _kinds, no_words),
    TITLE,
    Question(
        "starts",
        lambda turn, _: turn.texts.t("When does it begin, the first time?"),
        _moment_hint,
        read=_starts,
    ),
    Question(
        "minutes",
        lambda turn, _: turn.texts.t("How long does it last?"),
        lambda turn: turn.texts.t("From 15 minutes to a day: “2h30”, “90 min”."),
        _lengths,
        lambda _, words: reading.minutes(words),
    ),
    Question("repeat", lambda turn, _: turn.texts.t("How often?"), tap_one, _repeats, no_words),
    Question(
        "place",
        lambda turn, _: turn.texts.t("Where? Write the address with its postcode."),
        lambda turn: turn.texts.t("An address of 3 to 200 signs, please."),
        _places,
        _place,
        free=True,
    ),
    Question(
        "capacity",
        lambda turn, _: turn.texts.t("How many people can come?"),
        lambda turn: turn.texts.t("A number from 1 to 500, please."),
        read=lambda _, words: reading.whole_number(words),
        in_figures=True,
    ),
    Question("minimum_age", lambda turn, _: turn.texts.t("From what age?"), tap_one, _ages, no_words),
    Question(
        "gives",
        lambda turn, _: turn.texts.t("Does it make people trained volunteers?"),
        tap_one,
        _validity,
        no_words,
        _is("training"),
    ),
    Question(
        "training",
        lambda turn, _: turn.texts.t("Only for trained volunteers?"),
        tap_one,
        yes_no,
        no_words,
        _is("mission"),
    ),
    Question(
        "charter",
        lambda turn, _: turn.texts.t("Must they accept the charter?"),
        tap_one,
        yes_no,
        no_words,
        _is("mission"),
    ),
    Question(
        "alerts",
        lambda turn, _: turn.texts.t("Shall I ask volunteers whom it fits, until it is full?"),
        tap_one,
        yes_no,
        no_words,
        _is("mission"),
    ),
    BRING,
    Question(
        "contact", lambda turn, _: turn.texts.t("Who is the contact on the spot?"), short, optional=True, free=True
    ),
)
