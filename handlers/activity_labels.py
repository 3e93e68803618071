"""Names of what volunteers offer and activities ask for, in the person's language."""

from __future__ import annotations

from bot.texts import LANGUAGES, Texts
from knowledge.participation.states import State
from storage.sessions import Listing

SKILLS = ("first_aid", "cooking", "driving", "care", "law")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WEEK, WEEKEND = DAYS[:5], DAYS[5:]
PARTS = ("morning", "afternoon", "evening")
TIMES = tuple(f"{days}-{part}" for days in ("week", "weekend") for part in PARTS)


def skill_name(texts: Texts, skill: str) -> str:
    return {
        "first_aid": texts.t("first aid"),
        "cooking": texts.t("cooking"),
        "driving": texts.t("driving licence"),
        "care": texts.t("health care"),
        "law": texts.t("law and rights"),
    }.get(skill, skill)


def language_name(code: str) -> str:
    return LANGUAGES.get(code, code)


def time_name(texts: Texts, time: str) -> str:
    return {
        "week-morning": texts.t("weekday mornings"),
        "week-afternoon": texts.t("weekday afternoons"),
        "week-evening": texts.t("weekday evenings"),
        "weekend-morning": texts.t("weekend mornings"),
        "weekend-afternoon": texts.t("weekend afternoons"),
        "weekend-evening": texts.t("weekend evenings"),
    }[time]


def days_of(time: str) -> frozenset[str]:
    """ "weekend-morning" -> "sat-morning", "sun-morning"."""
    days, _, part = time.partition("-")
    return frozenset(f"{day}-{part}" for day in (WEEK if days == "week" else WEEKEND))


def kind_name(texts: Texts, kind: str) -> str:
    return {
        "training": texts.t("training"),
        "mission": texts.t("mission"),
        "cafe": texts.t("café evening"),
        "debate": texts.t("debate"),
        "culture": texts.t("culture"),
        "collection": texts.t("collection"),
    }[kind]


def status_name(texts: Texts, about: Listing, state: State, position: int) -> str:
    """How one's sign-up stands."""
    if about.session.status == "cancelled":
        return texts.t("cancelled")
    if state is State.WAITING:
        return texts.t("waiting list, number {position}", position=position)
    if state is State.OFFERED:
        return texts.t("a place is kept for you")
    if state is State.LOOKING:
        return texts.t("yours until somebody replaces you")
    return texts.t("confirmed ✅")
