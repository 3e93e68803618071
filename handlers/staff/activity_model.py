"""What makes an activity, as staff answer it in the chat or write it into a spreadsheet."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, Field, StringConstraints, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from bot.texts import LANGUAGES
from handlers.activity_labels import SKILLS
from knowledge.participation.kinds import Kind as ActivityKind
from knowledge.participation.recurrence import localised
from storage.activities import Activity

QUALIFICATION = "volunteer"
"""What a training gives and missions ask for, unless staff name another one."""
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
FARTHEST = timedelta(days=400)
LONGEST_LEAD = 400 * 24 * 60
"""Minutes before the start that sign-up opens at the earliest."""
LONGEST_TITLE, LONGEST_WORDS, LONGEST_DESCRIPTION = 100, 300, 800
AT_ONCE = "at_once"
"""Sign-up opens with publication."""

Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=LONGEST_TITLE)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, max_length=LONGEST_WORDS)]
Description = Annotated[str, StringConstraints(strip_whitespace=True, max_length=LONGEST_DESCRIPTION)]
YesNo = Literal["yes", "no"]


def _known(value: str, names: object) -> str:
    if value not in names:  # type: ignore[operator]
        raise PydanticCustomError("unknown", "{value} is not known", {"value": value})
    return value


Skill = Annotated[str, BeforeValidator(lambda value: _known(value, SKILLS))]
Language = Annotated[str, BeforeValidator(lambda value: _known(value, LANGUAGES))]


class Where(BaseModel):
    """An address as typed, and where that is, as far as it is known."""

    words: Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=200)]
    postcode: str = ""
    latitude: float | None = None
    longitude: float | None = None
    service: str | None = None
    """The directory's entry at this address."""


class NewActivity(BaseModel):
    """What staff answer. `minimum` and the sign-up window are checked against what is known of the rest."""

    kind: ActivityKind
    title: Title
    starts: datetime
    """Local, without zone."""
    minutes: int = Field(ge=15, le=24 * 60)
    repeat: Literal["once", "week", "fortnight", "month"]
    place: Literal["factory"] | Where
    capacity: int = Field(ge=1, le=500)
    minimum_age: Literal["0", "16", "18"]
    gives: Literal["no", "12", "24", "0"] = "no"
    """Months that the training is valid, 0 for ever."""
    training: YesNo = "no"
    charter: YesNo = "no"
    alerts: YesNo = "no"
    bring: Words = ""
    contact: Words = ""
    description: Description = ""
    minimum: int = Field(default=0, ge=0, le=500)
    """Fewer people than this are too few; 0: never."""
    opens: Annotated[
        Annotated[int, Field(ge=0, le=LONGEST_LEAD)] | None,
        BeforeValidator(lambda value: None if value in ("", AT_ONCE) else value),
    ] = None
    """Minutes before the start."""
    closes: int = Field(default=0, ge=0, le=LONGEST_LEAD)
    """Minutes before the start."""
    skills: frozenset[Skill] = frozenset()
    languages: frozenset[Language] = frozenset()
    titles: dict[Language, Title] = {}
    """In other languages than French, like the next two."""
    descriptions: dict[Language, Description] = {}
    brings: dict[Language, Words] = {}

    @field_validator("starts")
    @classmethod
    def _to_come(cls, starts: datetime, info: ValidationInfo) -> datetime:
        now = info.context["now"] if info.context else None
        if now is not None and localised(starts, now.tzinfo) <= now:
            raise PydanticCustomError("past", "in the past")
        if now is not None and localised(starts, now.tzinfo) > now + FARTHEST:
            raise PydanticCustomError("far", "more than a year ahead")
        return starts

    @field_validator("capacity", "minimum")
    @classmethod
    def _enough_places(cls, value: int, info: ValidationInfo) -> int:
        both: dict[str, Any] = {**info.data, str(info.field_name): value}
        if both.get("minimum", 0) > both.get("capacity", value):
            raise PydanticCustomError("too_few_places", "fewer places than people needed")
        return value

    @field_validator("opens", "closes")
    @classmethod
    def _opens_before_it_closes(cls, value: int | None, info: ValidationInfo) -> int | None:
        both: dict[str, Any] = {**info.data, str(info.field_name): value}
        opens, closes = both.get("opens"), both.get("closes", 0)
        if opens is not None and opens <= closes:
            raise PydanticCustomError("no_window", "sign-up opens only after it closes")
        return value


def rule(repeat: str, first: datetime) -> str:
    """The plain choice as a rule of RFC 5545."""
    day, week = WEEKDAYS[first.weekday()], (first.day - 1) // 7 + 1
    return {
        "once": "",
        "week": "FREQ=WEEKLY",
        "fortnight": "FREQ=WEEKLY;INTERVAL=2",
        "month": f"FREQ=MONTHLY;BYDAY={'-1' if week > 4 else week}{day}",
    }[repeat]


def repeat_of(written: str) -> str:
    """The plain choice that made a rule."""
    if not written:
        return "once"
    if "MONTHLY" in written:
        return "month"
    return "fortnight" if "INTERVAL=2" in written else "week"


def activity_of(filled: NewActivity, status: str, organisation: str) -> Activity:
    """Without its place."""
    return Activity(
        kind=filled.kind,
        title={"fr": filled.title, **filled.titles},
        status=status,
        description=_in_languages(filled.description, filled.descriptions),
        bring=_in_languages(filled.bring, filled.brings),
        organiser=organisation,
        contact=filled.contact,
        capacity=filled.capacity,
        minimum=filled.minimum,
        opens_minutes=filled.opens,
        closes_minutes=filled.closes,
        minimum_age=int(filled.minimum_age),
        training=QUALIFICATION if filled.training == "yes" else "",
        skills=filled.skills,
        languages=filled.languages,
        charter=filled.charter == "yes",
        gives="" if filled.gives == "no" else QUALIFICATION,
        gives_months=int(filled.gives) if filled.gives in ("12", "24") else None,
        rule=rule(filled.repeat, filled.starts),
        first_start=filled.starts,
        minutes=filled.minutes,
        alerts=filled.alerts == "yes",
    )


def _in_languages(french: str, others: dict[str, str]) -> dict[str, str]:
    return {language: words for language, words in {"fr": french, **others}.items() if words}


def answers_of(one: Activity) -> dict[str, Any]:
    """What a change of an activity is checked against, as its form would have it."""
    return {
        "kind": one.kind, "starts": one.first_start, "minutes": one.minutes, "repeat": repeat_of(one.rule),
        "capacity": one.capacity, "minimum": one.minimum, "opens": one.opens_minutes, "closes": one.closes_minutes,
        "skills": one.skills, "languages": one.languages,
    }  # fmt: skip
