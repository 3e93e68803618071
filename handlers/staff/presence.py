"""Who comes, and who was there: one tap a person."""

from __future__ import annotations

from collections.abc import Mapping

from bot.messages import Button
from bot.router import Router
from bot.turn import Turn
from handlers.due.wording import title, when
from handlers.participation_buttons import Attendance
from handlers.staff.buttons import AllPresent, ManageDate, Mark, Present, TakeOff
from handlers.staff.dates import date_of
from knowledge.participation.states import COMING, Event, State
from storage import attendance, profiles, signups
from storage.signups import SignUp

router = Router()

PAGE = 20
NEXT = {
    State.CONFIRMED: Event.ATTEND,
    State.LOOKING: Event.ATTEND,
    State.ATTENDED: Event.MISS,
    State.NO_SHOW: Event.UNMARK,
}
"""What a tap does to somebody in this state."""
SIGN = {State.ATTENDED: "✅", State.NO_SHOW: "❌"}


@router.button(Attendance)
def attendance_asked(turn: Turn, button: Attendance) -> None:
    show(turn, button.session, 0)


@router.button(Present)
def present(turn: Turn, button: Present) -> None:
    show(turn, button.session, button.offset)


def show(turn: Turn, session: int, offset: int) -> None:
    about = date_of(turn, session)
    if about is None:
        return
    t = turn.texts.t
    everybody = attendance.to_mark(turn.connection, session)
    offset = max(0, offset) if offset < len(everybody) else 0
    page = everybody[offset : offset + PAGE]
    heading = f"{title(turn.texts, about)}, {when(turn.texts, about, turn.now)}"
    if not page:
        turn.say(heading + "\n" + t("Nobody is signed up."), [Button(t("Back"), ManageDate(session).pack())])
        return
    names = profiles.names(turn.connection, [one.person_id for one in page])
    buttons = [
        [
            Button(
                f"{SIGN.get(one.state, '⬜')} {shown_name(turn, one, names)}",
                Mark(one.id, one.state, offset).pack(),
            )
        ]
        for one in page
    ]
    last = [Button(t("All were there"), AllPresent(session).pack())]
    if offset + PAGE < len(everybody):
        last.append(Button(t("More"), Present(session, offset + PAGE).pack()))
    off = Button(t("Take somebody off"), TakeOff(session, 0).pack())
    there = sum(one.seats for one in everybody if one.state is State.ATTENDED)
    text = t("Tap once: there; twice: not there. There so far: {count}.", count=there)
    turn.say(f"{heading}\n{text}", *buttons, last, [off, Button(t("Back"), ManageDate(session).pack())])


def shown_name(turn: Turn, one: SignUp, names: Mapping[int, str]) -> str:
    said = names.get(one.person_id) or turn.texts.t("Number {number}", number=one.id)
    return f"{said} (+{one.seats - 1})" if one.seats > 1 else said


@router.button(Mark)
def mark(turn: Turn, button: Mark) -> None:
    """A tap on a list that is not how it was only shows it anew."""
    one = signups.by_id(turn.connection, button.sign_up)
    if one is None or date_of(turn, one.session_id) is None:
        if one is None:
            date_of(turn, 0)
        return
    if one.state.value == button.was and one.state in NEXT:
        attendance.mark(turn.connection, one.id, NEXT[one.state], turn.person.id, turn.now)
    show(turn, one.session_id, button.offset)


@router.button(AllPresent)
def all_present(turn: Turn, button: AllPresent) -> None:
    if date_of(turn, button.session) is None:
        return
    for one in attendance.to_mark(turn.connection, button.session):
        if one.state in COMING:
            attendance.mark(turn.connection, one.id, Event.ATTEND, turn.person.id, turn.now)
    show(turn, button.session, 0)
