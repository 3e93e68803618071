"""Somebody is taken off a list: asked first, told politely, and the next in line is asked."""

from __future__ import annotations

from bot.messages import Button
from bot.router import Router
from bot.turn import Turn
from handlers.due.wording import title, when
from handlers.staff.buttons import ManageDate, TakeOff, TakeOffNow
from handlers.staff.dates import date_of
from handlers.staff.presence import PAGE, shown_name
from knowledge.participation.states import LIVE, State
from storage import profiles, signups
from storage.signups import Refused

router = Router()

SIGN = {State.WAITING: "⏳", State.OFFERED: "❔"}


@router.button(TakeOff)
def whom(turn: Turn, button: TakeOff) -> None:
    show(turn, button.session, button.offset)


def show(turn: Turn, session: int, offset: int, said: str = "") -> None:
    about = date_of(turn, session)
    if about is None:
        return
    t = turn.texts.t
    everybody = signups.of_session(turn.connection, session, LIVE)
    offset = max(0, offset) if offset < len(everybody) else 0
    page = everybody[offset : offset + PAGE]
    names = profiles.names(turn.connection, [one.person_id for one in page])
    buttons = [
        [Button(f"{SIGN.get(one.state, '✖')} {shown_name(turn, one, names)}", TakeOffNow(one.id, 0).pack())]
        for one in page
    ]
    last = [Button(t("Back"), ManageDate(session).pack())]
    if offset + PAGE < len(everybody):
        last.insert(0, Button(t("More"), TakeOff(session, offset + PAGE).pack()))
    text = t("Whom do you take off the list? They are told.") if page else t("Nobody is signed up.")
    heading = f"{title(turn.texts, about)}, {when(turn.texts, about, turn.now)}"
    turn.say("\n".join(filter(None, [said, heading, text])), *buttons, last)


@router.button(TakeOffNow)
def take_off(turn: Turn, button: TakeOffNow) -> None:
    one = signups.by_id(turn.connection, button.sign_up)
    about = date_of(turn, one.session_id if one is not None else 0)
    if one is None or about is None:
        return
    t = turn.texts.t
    if one.state not in LIVE:
        show(turn, one.session_id, 0, t("Somebody changed this meanwhile. This is how it is now:"))
        return
    if not button.sure:
        name = shown_name(turn, one, profiles.names(turn.connection, [one.person_id]))
        turn.say(
            t("Take {name} off the list? They are told, and the next in line is asked.", name=name),
            [
                Button(t("Yes"), TakeOffNow(one.id, 1).pack()),
                Button(t("No"), TakeOff(one.session_id, 0).pack()),
            ],
        )
        return
    done = signups.remove(turn.connection, one.id, turn.person.id, turn.now)
    gone = t("Somebody changed this meanwhile. This is how it is now:")
    show(turn, one.session_id, 0, gone if isinstance(done, Refused) else t("Done."))
