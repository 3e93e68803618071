"""Changing an activity that exists: its title, place, capacity, when its dates are."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from bot import forms
from bot.forms import NotUnderstood
from bot.messages import Button
from bot.router import Router
from bot.turn import Turn
from handlers.staff.access import allowed, may_manage
from handlers.staff.activity_form import FORM, located, rule
from handlers.staff.buttons import ChangeActivity
from handlers.staff.manage import outdated, show_activity
from storage import activities, series
from storage.activities import Activity, Outdated

router = Router()

CHANGE = "change_activity"
"""Name of the question; about: activity, version, field."""
FIELDS = ("title", "starts", "place", "capacity", "bring", "contact")


@router.button(ChangeActivity)
def change(turn: Turn, button: ChangeActivity) -> None:
    """Which field, then its question as in the form."""
    activity = activities.activity_by_id(turn.connection, button.activity)
    if may_manage(turn, activity) is None or activity is None:
        return
    t = turn.texts.t
    if activity.version != button.version or activity.status in ("cancelled", "done"):
        outdated(turn, activity)
        return
    question = FORM.question(button.what) if button.what in FIELDS else None
    if question is None:
        labels = {
            "title": t("Title"),
            "starts": t("Day and hour"),
            "place": t("Place"),
            "capacity": t("Places"),
            "bring": t("What to bring"),
            "contact": t("Contact"),
        }
        buttons = [Button(label, replace(button, what=name).pack()) for name, label in labels.items()]
        turn.say(t("What do you change?"), *(buttons[i : i + 3] for i in range(0, len(buttons), 3)))
        return
    turn.remember(asking=CHANGE, about=f"{activity.id} {activity.version} {button.what}")
    turn.say(f"{question.ask(turn, {})} " + t("(Or write “{back}” or “{cancel}”.)", back=t("Back"), cancel=t("Cancel")))


@router.answer(CHANGE)
def changed(turn: Turn) -> bool:
    if allowed(turn) is None:
        turn.remember(asking="", about="")
        return True
    number, version, name = [*turn.memory.about.split(" "), "", "", ""][:3]
    t, words = turn.texts.t, turn.incoming.text.strip()
    question = FORM.question(name) if name in FIELDS else None
    leaves = {t("Cancel").casefold(), t("Back").casefold(), "annuler", "retour", "cancel", "back"}
    if question is None or not number.isdecimal() or words.casefold() in leaves:
        turn.remember(asking="", about="")
        turn.say(t("All right, nothing is changed."))
        return True
    try:
        value = forms.checked(turn, FORM, name, question.read(turn, words))
    except NotUnderstood:
        turn.say(question.hint(turn))
        return True
    except ValidationError as error:
        explained = FORM.explain.get(error.errors()[0]["type"])
        turn.say(explained(turn) if explained else question.hint(turn))
        return True
    activity = activities.activity_by_id(turn.connection, int(number))
    if may_manage(turn, activity) is None or activity is None:
        return True
    turn.remember(asking="", about="")
    if str(activity.version) != version:
        outdated(turn, activity)
        return True
    _write(turn, activity, _values(turn, activity, name, value))
    return True


def _values(turn: Turn, old: Activity, name: str, value: Any) -> dict[str, Any]:
    """Fields of the activity."""
    if name in ("title", "bring"):
        return {name: {**getattr(old, name), "fr": value}}
    if name == "starts":
        repeat = "once" if not old.rule else "month" if "MONTHLY" in old.rule else "week"
        repeat = "fortnight" if "INTERVAL=2" in old.rule else repeat
        return {"first_start": value, "rule": rule(repeat, value)}
    if name == "place":
        moved = located(turn, old, value)
        return {each: getattr(moved, each) for each in ("address", "district", "latitude", "longitude", "service_id")}
    return {name: value}


def _write(turn: Turn, old: Activity, values: dict[str, Any]) -> None:
    """And brings the dates to come in line; nobody who signed up loses their place."""
    try:
        new = activities.change(turn.connection, old, turn.person.id, turn.now, **values)
    except Outdated:
        outdated(turn, activities.activity_by_id(turn.connection, old.id) or old)
        return
    kept = 0
    if {"first_start", "capacity"} & values.keys() and new.first_start is not None:
        kept = len(series.edit(turn.connection, new, turn.person.id, turn.now).kept)
    said = turn.texts.t("Done.")
    if kept:
        said += " " + turn.texts.tn(
            "{count} date with people on its list stays as it was.",
            "{count} dates with people on their lists stay as they were.",
            kept,
        )
    turn.say(said)
    show_activity(turn, new)
