"""The form that makes an activity: its model, its questions, what comes of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from babel.dates import format_date
from pydantic import BaseModel, Field, StringConstraints, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from bot.forms import Answers, Kind, NotUnderstood, Question
from bot.messages import Button, strong
from bot.texts import texts
from bot.turn import Turn
from handlers.activity_labels import kind_name
from handlers.factory import FACTORY
from handlers.staff import reading
from handlers.staff.access import allowed
from handlers.staff.buttons import Manage
from handlers.staff.manage import show_activity
from handlers.wording import full_address
from knowledge.geocoding import in_service_area
from knowledge.participation.kinds import Kind as ActivityKind
from knowledge.participation.recurrence import localised
from storage import activities, people, roles, series
from storage.activities import Activity
from storage.addressees import addressees

QUALIFICATION = "volunteer"
"""What a training gives and missions ask for, unless staff name another one."""
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
FARTHEST = timedelta(days=400)
Words = Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)]


class Where(BaseModel):
    """An address as typed, and where that is, as far as the geocoder knows."""

    words: Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=200)]
    postcode: str = ""
    latitude: float | None = None
    longitude: float | None = None


class NewActivity(BaseModel):
    """What staff answer."""

    kind: ActivityKind
    title: Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=100)]
    starts: datetime
    """Local, without zone."""
    minutes: int = Field(ge=15, le=24 * 60)
    repeat: Literal["once", "week", "fortnight", "month"]
    place: Literal["factory"] | Where
    capacity: int = Field(ge=1, le=500)
    minimum_age: Literal["0", "16", "18"]
    gives: Literal["no", "12", "24", "0"] = "no"
    """Months that the training is valid, 0 for ever."""
    training: Literal["yes", "no"] = "no"
    charter: Literal["yes", "no"] = "no"
    alerts: Literal["yes", "no"] = "no"
    bring: Words = ""
    contact: Words = ""

    @field_validator("starts")
    @classmethod
    def _to_come(cls, starts: datetime, info: ValidationInfo) -> datetime:
        now = info.context["now"] if info.context else None
        if now is not None and localised(starts, now.tzinfo) <= now:
            raise PydanticCustomError("past", "in the past")
        if now is not None and localised(starts, now.tzinfo) > now + FARTHEST:
            raise PydanticCustomError("far", "more than a year ahead")
        return starts


def _yes_no(turn: Turn, _answers: Answers) -> Sequence[tuple[str, str]]:
    return ("yes", turn.texts.t("Yes")), ("no", turn.texts.t("No"))


def _is(kind: str) -> Any:
    return lambda answers: answers.get("kind") == kind


def _repeats(turn: Turn, answers: Answers) -> Sequence[tuple[str, str]]:
    t = turn.texts.t
    first = datetime.fromisoformat(answers["starts"])
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


def rule(repeat: str, first: datetime) -> str:
    """The plain choice as a rule of RFC 5545."""
    day, week = WEEKDAYS[first.weekday()], (first.day - 1) // 7 + 1
    return {
        "once": "",
        "week": "FREQ=WEEKLY",
        "fortnight": "FREQ=WEEKLY;INTERVAL=2",
        "month": f"FREQ=MONTHLY;BYDAY={'-1' if week > 4 else week}{day}",
    }[repeat]


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


def _hint_choice(turn: Turn) -> str:
    return turn.texts.t("Tap one of the buttons, please.")


def _no_words(_turn: Turn, _words: str) -> Any:
    raise NotUnderstood


def _short(turn: Turn) -> str:
    return turn.texts.t("300 signs at most, please.")


def _hint_moment(turn: Turn) -> str:
    return turn.texts.t("I need a day and an hour, for example “Tuesday 8 December 18:30” or “8/12/2026 18:30”.")


QUESTIONS = (
    Question("kind", lambda turn, _: turn.texts.t("What is it?"), _hint_choice, _kinds, _no_words),
    Question(
        "title",
        lambda turn, _: turn.texts.t("What is it called, in French?"),
        lambda turn: turn.texts.t("A title of 3 to 100 signs, please."),
    ),
    Question(
        "starts",
        lambda turn, _: turn.texts.t("When does it begin, the first time?"),
        _hint_moment,
        read=_starts,
    ),
    Question(
        "minutes",
        lambda turn, _: turn.texts.t("How long does it last?"),
        lambda turn: turn.texts.t("From 15 minutes to a day: “2h30”, “90 min”."),
        _lengths,
        lambda _, words: reading.minutes(words),
    ),
    Question("repeat", lambda turn, _: turn.texts.t("How often?"), _hint_choice, _repeats, _no_words),
    Question(
        "place",
        lambda turn, _: turn.texts.t("Where? Write the address with its postcode."),
        lambda turn: turn.texts.t("An address of 3 to 200 signs, please."),
        _places,
        _place,
    ),
    Question(
        "capacity",
        lambda turn, _: turn.texts.t("How many people can come?"),
        lambda turn: turn.texts.t("A number from 1 to 500, please."),
        read=lambda _, words: reading.whole_number(words),
        in_figures=True,
    ),
    Question("minimum_age", lambda turn, _: turn.texts.t("From what age?"), _hint_choice, _ages, _no_words),
    Question(
        "gives",
        lambda turn, _: turn.texts.t("Does it make people trained volunteers?"),
        _hint_choice,
        _validity,
        _no_words,
        _is("training"),
    ),
    Question(
        "training",
        lambda turn, _: turn.texts.t("Only for trained volunteers?"),
        _hint_choice,
        _yes_no,
        _no_words,
        _is("mission"),
    ),
    Question(
        "charter",
        lambda turn, _: turn.texts.t("Must they accept the charter?"),
        _hint_choice,
        _yes_no,
        _no_words,
        _is("mission"),
    ),
    Question(
        "alerts",
        lambda turn, _: turn.texts.t("Shall I ask volunteers whom it fits, until it is full?"),
        _hint_choice,
        _yes_no,
        _no_words,
        _is("mission"),
    ),
    Question("bring", lambda turn, _: turn.texts.t("What is there to bring?"), _short, optional=True),
    Question("contact", lambda turn, _: turn.texts.t("Who is the contact on the spot?"), _short, optional=True),
)


def _done(turn: Turn, filled: NewActivity) -> None:
    """Kept as a draft, which staff publish; of partners as a proposal, which staff approve."""
    held = allowed(turn)
    if held is None:
        return
    staff = held.at_least("staff")
    new = located(turn, activity_of(filled, "draft" if staff else "proposed", held.organisation), filled.place)
    made = activities.create(turn.connection, new, turn.person.id, turn.now)
    series.extend(turn.connection, made, turn.person.id, turn.now)
    if not staff:
        turn.say(turn.texts.t("Thank you: the team looks at it, and publishes it."))
        _tell_staff(turn, made)
    show_activity(turn, made)


def _tell_staff(turn: Turn, proposed: Activity) -> None:
    """Each in their own language, with the button that opens it."""
    named = people.people(turn.connection, list(turn.admins)) if turn.admins else {}
    everybody = {*roles.people_with(turn.connection, ("staff", "admin")), *(one.id for one in named.values())}
    for to in addressees(turn.connection, everybody).values():
        words = texts(to.language, turn.texts.zone)
        title = strong(proposed.words(proposed.title, to.language))
        turn.say_elsewhere(
            to.account,
            words.t("{who} proposes an activity: {title}.", who=proposed.organiser, title=title),
            [Button(words.t("See it"), Manage(proposed.id).pack())],
        )


def activity_of(filled: NewActivity, status: str, organisation: str) -> Activity:
    """Without its place."""
    return Activity(
        kind=filled.kind,
        title={"fr": filled.title},
        status=status,
        bring={"fr": filled.bring} if filled.bring else {},
        organiser=organisation,
        contact=filled.contact,
        capacity=filled.capacity,
        minimum_age=int(filled.minimum_age),
        training=QUALIFICATION if filled.training == "yes" else "",
        charter=filled.charter == "yes",
        gives="" if filled.gives == "no" else QUALIFICATION,
        gives_months=int(filled.gives) if filled.gives in ("12", "24") else None,
        rule=rule(filled.repeat, filled.starts),
        first_start=filled.starts,
        minutes=filled.minutes,
        alerts=filled.alerts == "yes",
    )


def located(turn: Turn, new: Activity, place: Where | str) -> Activity:
    """With its address, postcode and position, as far as they are known."""
    if isinstance(place, Where):
        return replace(
            new, address=place.words, district=place.postcode, latitude=place.latitude, longitude=place.longitude
        )
    factory = turn.knowledge.index.get(FACTORY)
    if factory is None:
        return new
    return replace(
        new, service_id=factory.id, address=full_address(turn.texts, factory), district=factory.postcode,
        latitude=factory.latitude, longitude=factory.longitude,
    )  # fmt: skip


FORM = Kind(
    "activity",
    NewActivity,
    QUESTIONS,
    _done,
    {
        "past": lambda turn: turn.texts.t("That moment is over. Which day and hour to come?"),
        "far": lambda turn: turn.texts.t("That is more than a year ahead. Which day and hour?"),
    },
    may=lambda turn: allowed(turn) is not None,
)
