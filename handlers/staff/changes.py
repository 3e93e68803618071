"""What an answer changes of an activity, and of its dates to come."""

from __future__ import annotations

from typing import Any

from bot.turn import Turn
from handlers.staff.access import role
from handlers.staff.activity_form import located, tell_staff
from handlers.staff.activity_model import QUALIFICATION, repeat_of, rule
from storage import activities, series
from storage.activities import Activity, Outdated

IN_LANGUAGES = ("title", "description", "bring")
OF_DATES = {"first_start", "rule", "minutes", "capacity", "minimum", "opens_minutes", "closes_minutes"}
"""Fields that dates to come follow."""


def values_of(turn: Turn, old: Activity, what: str, value: Any) -> dict[str, Any]:
    """Fields of the activity."""
    name, _, language = what.partition(".")
    if name in IN_LANGUAGES:
        words = value.get(language, "") if language else value
        kept = {code: known for code, known in getattr(old, name).items() if code != (language or "fr")}
        return {name: {**kept, **({language or "fr": words} if words else {})}}
    if name == "starts":
        return {"first_start": value, "rule": rule(repeat_of(old.rule), value)}
    if name == "repeat":
        assert old.first_start is not None
        return {"rule": rule(value, old.first_start)}
    if name == "place":
        moved = located(turn, old, value)
        return {each: getattr(moved, each) for each in ("address", "district", "latitude", "longitude", "service_id")}
    if name == "gives":
        months = int(value) if value in ("12", "24") else None
        return {"gives": "" if value == "no" else QUALIFICATION, "gives_months": months}
    if name == "training":
        return {name: QUALIFICATION if value == "yes" else ""}
    if name in ("charter", "alerts"):
        return {name: value == "yes"}
    if name in ("opens", "closes"):
        return {f"{name}_minutes": value}
    return {name: int(value) if name == "minimum_age" else value}


def write(turn: Turn, old: Activity, values: dict[str, Any]) -> Activity | None:
    """And brings the dates to come in line; nobody who signed up loses their place. None: somebody else was faster."""
    try:
        new = activities.change(turn.connection, old, turn.person.id, turn.now, **values)
    except Outdated:
        return None
    kept = 0
    if OF_DATES & values.keys() and new.first_start is not None:
        kept = len(series.edit(turn.connection, new, turn.person.id, turn.now).kept)
    if "alerts" in values and new.status == "published":
        activities.plan_anew(turn.connection, new.id, turn.now)
    _tell_of_a_partner(turn, new)
    done = turn.texts.t("Done.")
    if kept:
        done += " " + turn.texts.tn(
            "{count} date with people on its list stays as it was.",
            "{count} dates with people on their lists stay as they were.",
            kept,
        )
    turn.say(done)
    return new


def _tell_of_a_partner(turn: Turn, new: Activity) -> None:
    """Partners change what staff approved: at once, as people may have to know, and staff see it."""
    held = role(turn)
    if new.status != "published" or held is None or held.at_least("staff"):
        return
    who = held.organisation
    tell_staff(turn, new, lambda words, title: words.t("{who} changed an activity: {title}.", who=who, title=title))
