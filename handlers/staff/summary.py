"""What an activity says, for whoever may change it: one line a field."""

from __future__ import annotations

from collections.abc import Callable

from bot.turn import Turn
from handlers.activity_labels import language_name, skill_name
from handlers.staff.activity_details import lead
from handlers.staff.activity_model import answers_of, repeat_of
from handlers.staff.activity_questions import QUESTIONS
from knowledge.participation.recurrence import localised
from storage.activities import Activity

FIELDS = (
    "title", "description", "starts", "minutes", "repeat", "place", "capacity", "minimum", "opens", "closes",
    "minimum_age", "skills", "languages", "gives", "training", "charter", "alerts", "bring", "contact",
)  # fmt: skip


def labels(turn: Turn) -> dict[str, str]:
    """Every field's name, and `words` for the other languages."""
    t = turn.texts.t
    return {
        "title": t("Title"),
        "description": t("Description"),
        "starts": t("Day and hour"),
        "minutes": t("Length"),
        "repeat": t("How often"),
        "place": t("Place"),
        "capacity": t("Places"),
        "minimum": t("Minimum"),
        "opens": t("Sign-up opens"),
        "closes": t("Sign-up closes"),
        "minimum_age": t("Age"),
        "skills": t("Skills"),
        "languages": t("Languages"),
        "gives": t("Makes trained"),
        "training": t("Training needed"),
        "charter": t("Charter"),
        "alerts": t("Ask volunteers"),
        "bring": t("What to bring"),
        "contact": t("Contact"),
        "words": t("Translations"),
    }


def label(turn: Turn, name: str) -> str:
    return labels(turn)[name]


def lines(turn: Turn, one: Activity) -> list[str]:
    """What is said already."""
    named = labels(turn)
    found = {name: said(turn, one, name) for name in FIELDS}
    found["words"] = ", ".join(language_name(code) for code in one.title if code != "fr")
    return [turn.texts.t("{what}: {said}", what=named[name], said=words) for name, words in found.items() if words]


def said(turn: Turn, one: Activity, what: str) -> str:
    """The field as it is now, "" where it says nothing."""
    name, _, language = what.partition(".")
    if name in ("title", "description", "bring"):
        words: str = getattr(one, name).get(language or "fr", "")
        return words
    return _SAYING[name](turn, one)


def _starts(turn: Turn, one: Activity) -> str:
    if one.first_start is None:
        return ""
    begins = localised(one.first_start, turn.texts.zone)
    return f"{turn.texts.day(begins, turn.now)}, {turn.texts.time(begins)}"


def _before(turn: Turn, minutes: int) -> str:
    return turn.texts.t("{time} before", time=lead(turn, minutes))


def _choice(name: str, value: Callable[[Activity], str]) -> Callable[[Turn, Activity], str]:
    """The label of a choice, as the form has it."""
    question = next(one for one in QUESTIONS if one.name == name)

    def words(turn: Turn, one: Activity) -> str:
        return dict(question.choices(turn, answers_of(one))).get(value(one), "")

    return words


def _yes(name: str) -> Callable[[Turn, Activity], str]:
    return lambda turn, one: turn.texts.t("Yes") if getattr(one, name) else ""


def _gives(one: Activity) -> str:
    return str(one.gives_months or 0) if one.gives else ""


_repeat = _choice("repeat", lambda one: repeat_of(one.rule))
_SAYING: dict[str, Callable[[Turn, Activity], str]] = {
    "starts": _starts,
    "minutes": lambda turn, one: turn.texts.minutes(one.minutes),
    "repeat": lambda turn, one: _repeat(turn, one) if one.first_start else "",
    "place": lambda _, one: one.address,
    "capacity": lambda _, one: str(one.capacity),
    "minimum": lambda _, one: str(one.minimum) if one.minimum else "",
    "opens": lambda turn, one: "" if one.opens_minutes is None else _before(turn, one.opens_minutes),
    "closes": lambda turn, one: _before(turn, one.closes_minutes) if one.closes_minutes else "",
    "minimum_age": _choice("minimum_age", lambda one: str(one.minimum_age)),
    "skills": lambda turn, one: ", ".join(skill_name(turn.texts, each) for each in sorted(one.skills)),
    "languages": lambda _, one: ", ".join(language_name(each) for each in sorted(one.languages)),
    "gives": _choice("gives", _gives),
    "training": _yes("training"),
    "charter": _yes("charter"),
    "alerts": _yes("alerts"),
    "contact": lambda _, one: one.contact,
}
