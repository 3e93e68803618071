"""Changing an activity that exists: its card of details, one question each, whoever else is at it."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from bot import forms
from bot.forms import NotUnderstood, Question
from bot.memory import CHANGE
from bot.messages import Button
from bot.router import Router
from bot.texts import LANGUAGES
from bot.turn import Turn
from handlers.activity_labels import language_name
from handlers.staff.access import allowed, may_manage
from handlers.staff.activity_details import ALL, TICKED, in_language
from handlers.staff.activity_form import FORM
from handlers.staff.activity_model import answers_of
from handlers.staff.buttons import ChangeActivity, Manage, SetTo
from handlers.staff.changes import IN_LANGUAGES, values_of, write
from handlers.staff.create import otherwise
from handlers.staff.manage import outdated, show_activity
from handlers.staff.summary import FIELDS, label, labels, lines, said
from storage import activities
from storage.activities import Activity

router = Router()

OTHERS = [code for code in LANGUAGES if code != "fr"]


@router.button(ChangeActivity)
def change(turn: Turn, button: ChangeActivity) -> None:
    """Which field, then its question as in the form."""
    activity = _current(turn, button.activity, button.version)
    if activity is None:
        return
    question = _question(button.what, activity)
    if question is not None:
        _ask(turn, activity, button.what, question)
    elif button.what.startswith("words"):
        _languages(turn, activity, button.what.partition(".")[2])
    else:
        _which(turn, activity)


def _current(turn: Turn, number: int, version: int) -> Activity | None:
    """The activity, unless this person may not change it or somebody else just did; says so then."""
    activity = activities.activity_by_id(turn.connection, number)
    if may_manage(turn, activity) is None or activity is None:
        return None
    if activity.version != version or activity.status in ("cancelled", "done"):
        outdated(turn, activity)
        return None
    return activity


def _question(what: str, activity: Activity) -> Question | None:
    """None for what is no field, or none of this kind of activity."""
    name, _, language = what.partition(".")
    if language:
        return in_language(name, language) if name in IN_LANGUAGES and language in OTHERS else None
    question = ALL.get(name) if name in FIELDS else None
    if name == "repeat" and activity.first_start is None:
        return None
    return question if question is not None and question.asked({"kind": activity.kind.value}) else None


def _which(turn: Turn, activity: Activity) -> None:
    """All there is to change, with what it is now."""
    buttons = [
        Button(text, ChangeActivity(activity.id, activity.version, name).pack())
        for name, text in labels(turn).items()
        if name == "words" or _question(name, activity)
    ]
    turn.remember(asking="", about="")
    turn.say(
        "\n".join([*lines(turn, activity), turn.texts.t("What do you change?")]),
        *(buttons[i : i + 3] for i in range(0, len(buttons), 3)),
        [Button(turn.texts.t("Back"), Manage(activity.id).pack())],
    )


def _languages(turn: Turn, activity: Activity, language: str) -> None:
    """Which language, then what of it."""
    t = turn.texts.t

    def go(text: str, what: str) -> Button:
        return Button(text, ChangeActivity(activity.id, activity.version, what).pack())

    if language not in OTHERS:
        signs = {code: "☑" if code in activity.title else "☐" for code in OTHERS}
        buttons = [go(f"{signs[code]} {language_name(code)}", f"words.{code}") for code in OTHERS]
        rows = [buttons[i : i + 3] for i in range(0, len(buttons), 3)]
        turn.say(t("In which language? French is there already."), *rows, [go(t("Back"), "")])
        return
    known = [getattr(activity, name).get(language, "") for name in IN_LANGUAGES]
    turn.say(
        "\n".join([language_name(language), *filter(None, known)]),
        [go(label(turn, name), f"{name}.{language}") for name in IN_LANGUAGES],
        [go(t("Back"), "words")],
    )


def _ask(turn: Turn, activity: Activity, what: str, question: Question, first: str = "") -> None:
    t = turn.texts.t
    chosen: frozenset[str] = getattr(activity, what) if what in TICKED else frozenset()
    choices = []
    for value, text in question.choices(turn, answers_of(activity)):
        shown = f"{'☑' if value in chosen else '☐'} {text}" if what in TICKED else text
        choices.append(Button(shown, SetTo(activity.id, activity.version, what, value).pack()))
    leave = [Button(t("Back"), ChangeActivity(activity.id, activity.version, _above(what)).pack())]
    now = said(turn, activity, what)
    if question.optional and now:
        leave.append(Button(t("Take it out"), SetTo(activity.id, activity.version, what, "").pack()))
    asked = [first, t("Now: {said}", said=now) if now else "", question.ask(turn, {})]
    if question.in_figures:
        asked[-1] += " " + t("(Or write “{back}” or “{cancel}”.)", back=t("Back"), cancel=t("Cancel"))
        leave = []
    turn.remember(asking=CHANGE, about=f"{activity.id} {activity.version} {what}")
    turn.say("\n".join(filter(None, asked)), *(choices[i : i + 3] for i in range(0, len(choices), 3)), leave)


def _above(what: str) -> str:
    """Where "back" leads from the question of this field."""
    language = what.partition(".")[2]
    return f"words.{language}" if language else ""


@router.answer(CHANGE)
def changed(turn: Turn) -> bool:
    """The question is about: activity, version, field."""
    if allowed(turn) is None:
        turn.remember(asking="", about="")
        return True
    number, version, what = [*turn.memory.about.split(" "), "", "", ""][:3]
    words = turn.incoming.text.strip()
    if not (number.isdecimal() and version.isdecimal()) or forms.same(turn, words, "Cancel"):
        _left(turn)
        return True
    activity = activities.activity_by_id(turn.connection, int(number))
    question = _question(what, activity) if activity is not None else None
    if may_manage(turn, activity) is None or activity is None or question is None:
        turn.remember(asking="", about="")
        return True
    if any(forms.same(turn, words, leaves) for leaves in ("Back", "Skip")):
        turn.remember(asking="", about="")
        change(turn, ChangeActivity(activity.id, activity.version, _above(what)))
        return True
    chosen = _chosen(turn, activity, question, words)
    if chosen is None and not question.free and forms.asks_something_else(turn):
        otherwise(turn)
        _ask(turn, activity, what, question)
        return True
    try:
        value = chosen or question.read(turn, words)
    except NotUnderstood:
        _ask(turn, activity, what, question, question.hint(turn))
        return True
    if str(activity.version) != version or activity.status in ("cancelled", "done"):
        turn.remember(asking="", about="")
        outdated(turn, activity)
        return True
    _take(turn, activity, what, question, value)
    return True


def _left(turn: Turn) -> None:
    turn.remember(asking="", about="")
    turn.say(turn.texts.t("All right, nothing is changed."))


def _chosen(turn: Turn, activity: Activity, question: Question, words: str) -> str | None:
    """The value of the button whose label was typed; several are ticked by their names."""
    if question.name in TICKED:
        return None
    choices = question.choices(turn, answers_of(activity))
    return next((value for value, text in choices if text.casefold() == words.casefold()), None)


@router.button(SetTo)
def set_to(turn: Turn, button: SetTo) -> None:
    activity = _current(turn, button.activity, button.version)
    question = _question(button.what, activity) if activity is not None else None
    if activity is None:
        return
    if question is None:
        _which(turn, activity)
        return
    values = [value for value, _ in question.choices(turn, answers_of(activity))]
    if button.value not in values and not (button.value == "" and question.optional):
        _ask(turn, activity, button.what, question, question.hint(turn))
    elif button.what in TICKED:
        _take(turn, activity, button.what, question, getattr(activity, button.what) ^ {button.value})
    else:
        _take(turn, activity, button.what, question, button.value)


def _take(turn: Turn, activity: Activity, what: str, question: Question, value: Any) -> None:
    """Checks one answer as the form does, then writes it."""
    language = what.partition(".")[2]
    try:
        given = {language: value} if language and value else {} if language else value
        value = forms.checked(turn, FORM, question.name, given, answers_of(activity))
    except ValidationError as error:
        explained = FORM.explain.get(error.errors()[0]["type"])
        _ask(turn, activity, what, question, explained(turn) if explained else question.hint(turn))
        return
    turn.remember(asking="", about="")
    new = write(turn, activity, values_of(turn, activity, what, value))
    if new is None:
        outdated(turn, activities.activity_by_id(turn.connection, activity.id) or activity)
    elif what in TICKED:
        _ask(turn, new, what, question)
    else:
        show_activity(turn, new)
