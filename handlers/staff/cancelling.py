"""Cancelling one date, or an activity with all of them: asked first, with a reason for who signed up."""

from __future__ import annotations

from bot import forms
from bot.memory import REASON
from bot.messages import Button
from bot.payloads import Payload
from bot.router import Router
from bot.texts import Texts
from bot.turn import Turn
from handlers.due.wording import title, when
from handlers.staff.access import may_manage
from handlers.staff.activity_model import LONGEST_WORDS
from handlers.staff.activity_questions import short
from handlers.staff.buttons import CancelAll, CancelDate, Manage, ManageDate, Overview
from handlers.staff.dates import date_of, date_outdated, show_date
from handlers.staff.manage import named, outdated, show_activity, tell_proposer
from storage import activities, sessions

router = Router()


@router.button(CancelAll)
def cancel_all(turn: Turn, button: CancelAll) -> None:
    activity = activities.activity_by_id(turn.connection, button.activity)
    if may_manage(turn, activity) is None or activity is None:
        return
    about = f"all {activity.id} {activity.version}"
    if activity.version != button.version or activity.status == "cancelled":
        turn.remember(asking="", about="")
        outdated(turn, activity)
    elif _is_sure(turn, button.sure, about):
        note = _reason(turn, button.sure)
        told = sessions.cancel_activity(turn.connection, activity, turn.person.id, turn.now, note)
        if activity.status == "proposed":
            tell_proposer(turn, activity, lambda words, title: _not_taken(words, title, note))
        turn.say(_told(turn, told), [Button(turn.texts.t("Back"), Overview(0).pack())])
    else:
        text = turn.texts.t(
            "Cancel {title} with all its dates? Everybody who signed up is told.", title=named(turn, activity)
        )
        _ask(turn, text, about, CancelAll(activity.id, activity.version, 1), Manage(activity.id))


@router.button(CancelDate)
def cancel_date(turn: Turn, button: CancelDate) -> None:
    about = date_of(turn, button.session)
    if about is None:
        return
    one = about.session
    asked = f"date {one.id} {one.version}"
    if one.version != button.version or one.status != "planned":
        turn.remember(asking="", about="")
        date_outdated(turn, about)
    elif _is_sure(turn, button.sure, asked):
        note = _reason(turn, button.sure)
        told = sessions.cancel(turn.connection, one.id, turn.person.id, turn.now, note)
        turn.say(_told(turn, told), [Button(turn.texts.t("Back"), Manage(about.activity.id).pack())])
    else:
        name = f"{title(turn.texts, about)}, {when(turn.texts, about, turn.now)}"
        text = turn.texts.t("Cancel {title}? Everybody on its list is told.", title=name)
        _ask(turn, text, asked, CancelDate(one.id, one.version, 1), ManageDate(one.id))


def _not_taken(words: Texts, title: str, note: str) -> str:
    said = words.t("The team does not take up {title} this time. Thank you for proposing it.", title=title)
    return f"{said}\n{words.apart(note)}" if note else said


def _ask(turn: Turn, text: str, about: str, yes: Payload, no: Payload) -> None:
    t = turn.texts.t
    turn.remember(asking=REASON, about=about)
    turn.say(
        f"{text}\n" + t("Write why, if they should know."),
        [Button(t("Yes, cancel it"), yes.pack()), Button(t("No"), no.pack())],
    )


def _is_sure(turn: Turn, sure: int, about: str) -> bool:
    """A reason written for something else, or so long ago that it is forgotten, is asked for again."""
    return sure == 1 or (sure == 2 and turn.memory.asking == REASON and turn.memory.about.startswith(f"{about} "))


def _reason(turn: Turn, sure: int) -> str:
    """What was written, taken out of the talk."""
    written = turn.memory.about.split(" ", 3)[3] if sure == 2 else ""
    turn.remember(asking="", about="")
    return written


def _told(turn: Turn, people: int) -> str:
    return turn.texts.tn("Cancelled. {count} person is told.", "Cancelled. {count} people are told.", people)


@router.answer(REASON)
def reason_written(turn: Turn) -> bool:
    """Shown as it will be read, before anything is cancelled. The question is about: date or all, number, version."""
    which, number, version, *_ = [*turn.memory.about.split(" "), "", "", ""]
    words, t = " ".join(turn.incoming.text.split()), turn.texts.t
    if not (number.isdecimal() and version.isdecimal()):
        turn.remember(asking="", about="")
        return False
    if any(forms.same(turn, words, leaves) for leaves in ("Cancel", "Back", "No")):
        turn.remember(asking="", about="")
        turn.say(t("All right, nothing is changed."))
        _show(turn, which, int(number))
        return True
    if forms.same(turn, words, "Yes"):
        _cancel(turn, which, int(number), int(version))
        return True
    if len(words) > LONGEST_WORDS:
        turn.say(short(turn))
        return True
    turn.remember(about=f"{which} {number} {version} {words}")
    payload = CancelDate if which == "date" else CancelAll
    back = ManageDate(int(number)) if which == "date" else Manage(int(number))
    turn.say(
        t("They will read: “{words}”. Shall I cancel it?", words=words),
        [Button(t("Yes, cancel it"), payload(int(number), int(version), 2).pack()), Button(t("No"), back.pack())],
    )
    return True


def _cancel(turn: Turn, which: str, number: int, version: int) -> None:
    if which == "date":
        cancel_date(turn, CancelDate(number, version, 1))
    else:
        cancel_all(turn, CancelAll(number, version, 1))


def _show(turn: Turn, which: str, number: int) -> None:
    if which == "date":
        about = date_of(turn, number)
        if about is not None:
            show_date(turn, about)
        return
    activity = activities.activity_by_id(turn.connection, number)
    if may_manage(turn, activity) is not None and activity is not None:
        show_activity(turn, activity)
