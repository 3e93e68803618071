"""Signing up: what is still asked first, and what is said when it is done."""

from __future__ import annotations

import re
from datetime import timedelta

from bot.messages import Button
from bot.router import Router
from bot.turn import Turn
from handlers.activity_buttons import Able, Age, Agree, Leave
from handlers.calendar import calendar_row
from handlers.due.wording import details, title, when
from handlers.participation_buttons import Dates, Join
from handlers.privately import in_private
from handlers.profile import ask_name
from handlers.refusals import AGE, refused
from knowledge.participation.kinds import GROUP, years_later
from knowledge.participation.reminders import evening_before
from storage import profiles, sessions, signups
from storage.sessions import Listing
from storage.signups import Answer, Refused, SignedUp, Waiting

router = Router()

OF_AGE, YOUNGEST = 18, 15


@router.button(Join)
def join(turn: Turn, button: Join) -> None:
    sign_up(turn, button.session, 1)


def sign_up(turn: Turn, session: int, seats: int) -> Answer | None:
    """Signs up and says what came of it; None where nothing can be tried."""
    if not in_private(turn):
        return None
    if not 1 <= seats <= GROUP:
        seats = 1
    answer = signups.sign_up_for(turn.connection, session, turn.person.id, seats, turn.now)
    if isinstance(answer, Refused):
        refused(turn, answer, answer.about, seats)
    elif answer.about is not None:
        welcome(turn, answer, answer.about)
    return answer


def welcome(turn: Turn, answer: SignedUp | Waiting, about: Listing) -> None:
    """Done: when, where, what to bring, when they hear from the bot again."""
    t, one = turn.texts.t, answer.sign_up
    values = {"title": title(turn.texts, about), "when": when(turn.texts, about, turn.now)}
    turn.remember(asking="", about="", misses=0)
    if isinstance(answer, Waiting):
        turn.say(
            t(
                "It is full: you are number {position} on the waiting list of {title}, {when}. I write to you as soon as "
                "a place is free.",
                position=answer.position,
                **values,
            ),
            [Button(t("Take me off the list"), Leave(one.id).pack())],
        )
        return
    text = t("Noted ✅ {title}, {when}.", **values)
    if one.seats > 1:
        text += " " + turn.texts.tn("{count} person", "{count} people", one.seats)
    text += details(turn.texts, about)
    if told := reminders(turn, about):
        text += f"\n{told}"
    turn.say(
        text,
        [
            Button(t("Take me off the list"), Leave(one.id).pack()),
            Button(t("Other dates"), Dates(about.activity.id).pack()),
        ],
        *calendar_row(turn),
    )
    ask_name(turn)


def reminders(turn: Turn, about: Listing) -> str:
    """What is still to be expected, as it is."""
    t = turn.texts.t
    start, lead = about.session.starts_at, about.activity.remind_minutes
    soon = lead and turn.now < start - timedelta(minutes=lead)
    evening = about.activity.remind_evening and turn.now < evening_before(start, turn.texts.zone)
    if evening and soon:
        return t("I will remind you the evening before, and {time} before.", time=turn.texts.minutes(lead))
    if evening:
        return t("I will remind you the evening before.")
    return t("I will remind you {time} before.", time=turn.texts.minutes(lead)) if soon else ""


@router.button(Age)
def age(turn: Turn, button: Age) -> None:
    """Kept: only when they are, or were, of age. Of who says "17", the latest day that can be."""
    if not in_private(turn):
        return
    today = turn.now.date()
    known = profiles.profile(turn.connection, turn.person.id).of_age_on
    if known is None:
        if button.years >= OF_AGE:
            profiles.set_age(turn.connection, turn.person.id, today)
        else:
            years = OF_AGE - max(button.years, YOUNGEST)
            profiles.set_minor(turn.connection, turn.person.id, years_later(today, years))
    sign_up(turn, button.session, button.seats)


@router.answer(AGE)
def age_typed(turn: Turn) -> bool:
    """ "17", "j'ai 34 ans"."""
    said = re.findall(r"\d{1,3}", turn.incoming.text)
    session, _, seats = turn.memory.about.partition(" ")
    turn.remember(asking="", about="")
    if len(said) != 1 or not session.isdecimal() or not 5 <= int(said[0]) <= 110:
        return False
    age(turn, Age(min(int(said[0]), OF_AGE), int(session), int(seats or 1)))
    return True


@router.button(Agree)
def agree(turn: Turn, button: Agree) -> None:
    if in_private(turn):
        profiles.accept_charter(turn.connection, turn.person.id, turn.now.date())
        sign_up(turn, button.session, button.seats)


@router.button(Able)
def able(turn: Turn, button: Able) -> None:
    """Says they can what the activity asks for: into their profile, and again."""
    if not in_private(turn):
        return
    about = sessions.listing(turn.connection, button.session)
    if about is not None:
        mine = profiles.profile(turn.connection, turn.person.id)
        profiles.change(
            turn.connection,
            turn.person.id,
            skills=mine.skills | about.activity.skills,
            languages=mine.languages | about.activity.languages,
        )
    sign_up(turn, button.session, button.seats)
