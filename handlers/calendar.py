"""A calendar of one's sign-ups at an address nobody can guess, for the phone to subscribe to; a file where there is none."""

from __future__ import annotations

import secrets

from bot.calendar_file import calendar as file_of
from bot.messages import Button
from bot.router import Router
from bot.turn import Turn
from handlers.activity_buttons import Browse, Calendar
from handlers.documents import document
from handlers.privately import in_private
from storage import own_sign_ups, profiles

router = Router()

PATH = "/calendar/"
FILE = "agenda.ics"


def calendar_row(turn: Turn) -> list[list[Button]]:
    return [[Button(turn.texts.t("Add to my calendar"), Calendar("open").pack())]]


@router.button(Calendar)
def calendar(turn: Turn, button: Calendar) -> None:
    """A new address each time it is asked for: the one before no longer works."""
    t = turn.texts.t
    if not in_private(turn):
        return
    if button.what != "close" and not turn.public_url:
        _file(turn)
        return
    if button.what == "close":
        profiles.keep_calendar_token(turn.connection, turn.person.id, None)
        turn.say(t("Closed: your calendar’s address no longer works."))
        return
    token = secrets.token_urlsafe(24)
    profiles.keep_calendar_token(turn.connection, turn.person.id, token)
    url = f"{turn.public_url}{PATH}{token}.ics"
    turn.say(
        t("Subscribe to this address in your phone’s calendar; it is yours alone. An earlier one no longer works.")
        + f"\n{url}",
        [Button(t("Open"), url=url), Button(t("Close it"), Calendar("close").pack())],
    )


def _file(turn: Turn) -> None:
    t = turn.texts.t
    mine = own_sign_ups.all_sign_ups(turn.connection, turn.person.id)
    if not any(one.listing.session.ends_at > turn.now for one in mine):
        turn.say(
            t("You are not signed up for anything."),
            [Button(t("What comes up"), Browse("programme").pack())],
        )
        return
    made = document(turn, FILE, "text/calendar", file_of(mine, turn.texts, turn.now).encode())
    turn.say(t("Your sign-ups:"), media=made)
