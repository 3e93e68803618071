"""One's own sign-ups: what they are, taking and leaving offered places, coming or not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection

from bot.messages import Button
from bot.router import Router
from bot.turn import Turn
from handlers.activity_buttons import Browse, Leave, LeaveFor, MySignUps, Replace
from handlers.activity_labels import status_name
from handlers.calendar import calendar_row
from handlers.due.wording import details, title, when
from handlers.participation_buttons import CannotCome, Coming, Dates, LeavePlace, TakePlace
from handlers.privately import in_private
from handlers.refusals import refused
from handlers.replies import perhaps_an_answer
from handlers.sign_up import sign_up, welcome
from knowledge.participation.refusals import Reason, Refusal
from knowledge.participation.states import State
from storage import own_sign_ups, signups
from storage.own_sign_ups import Mine
from storage.sessions import Listing
from storage.signups import Refused

router = Router()

AT_MOST = 10
Done = TypeVar("Done")


@router.intent("my_signups")
@router.command("inscriptions", "signups")
def my_sign_ups(turn: Turn) -> None:
    _list(turn, turn.texts.t("Your sign-ups:"))


@router.intent("cancel_signup")
def which_to_cancel(turn: Turn) -> None:
    _list(turn, turn.texts.t("Which one do you leave?"))
    perhaps_an_answer(turn)


@router.button(MySignUps)
def mine(turn: Turn, _button: MySignUps) -> None:
    my_sign_ups(turn)


def _list(turn: Turn, heading: str) -> None:
    if not in_private(turn):
        return
    t = turn.texts.t
    found = own_sign_ups.my_sign_ups(turn.connection, turn.person.id, turn.now)[:AT_MOST]
    turn.remember(misses=0)
    if not found:
        turn.say(
            t("You are not signed up for anything."),
            [Button(t("What comes up"), Browse("programme").pack())],
        )
        return
    lines = [f"{number}. {_line(turn, one)}" for number, one in enumerate(found, 1)]
    buttons = [
        Button(t("Leave {number}", number=number), Leave(one.sign_up.id).pack()) for number, one in enumerate(found, 1)
    ]
    offered = [
        Button(t("I take it"), TakePlace(one.sign_up.id).pack()) for one in found if one.sign_up.state is State.OFFERED
    ]
    turn.say(
        "\n".join([heading, *lines]),
        *(buttons[i : i + 3] for i in range(0, len(buttons), 3)),
        offered[:1],
        *calendar_row(turn),
    )


def _line(turn: Turn, one: Mine) -> str:
    texts, about = turn.texts, one.listing
    parts = [f"{title(texts, about)} — {when(texts, about, turn.now)}"]
    if about.activity.address:
        parts.append(texts.apart(about.activity.address))
    if one.sign_up.seats > 1:
        parts.append(texts.tn("{count} person", "{count} people", one.sign_up.seats))
    parts.append(status_name(texts, about, one.sign_up.state, one.position))
    return " · ".join(parts)


def _own(turn: Turn, sign_up: int) -> Mine | None:
    """The sign-up a button is about; says so where it is not of this person."""
    if not in_private(turn):
        return None
    known = own_sign_ups.mine(turn.connection, sign_up, turn.person.id)
    if known is None:
        refused(turn, Refused(Refusal(Reason.GONE)), None)
    return known


def _done(
    turn: Turn, sign_up: int, act: Callable[[Connection, int, int, datetime], Done | Refused]
) -> tuple[Done, Listing] | None:
    """What came of the act, and what it was about; None where it could not be, which is said."""
    known = _own(turn, sign_up)
    if known is None:
        return None
    answer = act(turn.connection, sign_up, turn.person.id, turn.now)
    if isinstance(answer, Refused):
        refused(turn, answer, known.listing)
        return None
    return answer, known.listing


@router.button(LeaveFor)
def leave_for(turn: Turn, button: LeaveFor) -> None:
    """What was wanted is not asked for again; where it cannot be had either, the reason is said."""
    leave(turn, Leave(button.sign_up))
    sign_up(turn, button.session, button.seats)


@router.button(Leave)
def leave(turn: Turn, button: Leave) -> None:
    if (done := _done(turn, button.sign_up, signups.cancel)) is not None:
        _, about = done
        turn.say(
            turn.texts.t(
                "Done: you are off the list of {title}, {when}. Thank you for telling us: the next in line is asked.",
                **_named(turn, about),
            ),
            [Button(turn.texts.t("Other dates"), Dates(about.activity.id).pack())],
        )


def _named(turn: Turn, about: Listing) -> dict[str, str]:
    return {"title": title(turn.texts, about), "when": when(turn.texts, about, turn.now)}


@router.button(TakePlace)
def take(turn: Turn, button: TakePlace) -> None:
    if (done := _done(turn, button.sign_up, signups.accept)) is not None:
        welcome(turn, *done)


@router.button(LeavePlace)
def leave_place(turn: Turn, button: LeavePlace) -> None:
    if (done := _done(turn, button.sign_up, signups.decline)) is not None:
        turn.say(
            turn.texts.t("All right, it goes to the next in line. Thank you for answering."),
            [Button(turn.texts.t("Other dates"), Dates(done[1].activity.id).pack())],
        )


@router.button(Coming)
def coming(turn: Turn, button: Coming) -> None:
    if (done := _done(turn, button.sign_up, signups.coming)) is not None:
        _, about = done
        text = turn.texts.t("Thank you, see you there: {title}, {when}.", **_named(turn, about))
        turn.say(text + details(turn.texts, about))


@router.button(CannotCome)
def cannot_come(turn: Turn, button: CannotCome) -> None:
    """Gives up the place, or keeps it until somebody takes it."""
    known = _own(turn, button.sign_up)
    if known is None:
        return
    t, number = turn.texts.t, button.sign_up
    turn.say(
        t("Thank you for saying so. {title}, {when}: what shall I do?", **_named(turn, known.listing)),
        [Button(t("Give up my place"), Leave(number).pack())],
        [Button(t("Find somebody to replace me"), Replace(number).pack())],
        [Button(t("I will be there"), Coming(number).pack())],
    )


@router.button(Replace)
def replace(turn: Turn, button: Replace) -> None:
    if _done(turn, button.sign_up, signups.look_for_replacement) is not None:
        t = turn.texts.t
        turn.say(
            t("I look for somebody. The place stays yours until somebody takes it; I tell you then."),
            [
                Button(t("I will be there"), Coming(button.sign_up).pack()),
                Button(t("Give up my place"), Leave(button.sign_up).pack()),
            ],
        )
