"""A calendar of one's sign-ups at an address nobody can guess, for the phone to subscribe to."""

from __future__ import annotations

import secrets

from bot.messages import Button
from bot.router import Router
from bot.turn import Turn
from handlers.activity_buttons import Calendar
from handlers.privately import in_private
from storage import profiles

router = Router()

PATH = "/calendar/"


def calendar_row(turn: Turn) -> list[list[Button]]:
    """Left out where no calendar could be fetched."""
    if not turn.public_url:
        return []
    return [[Button(turn.texts.t("Add to my calendar"), Calendar("open").pack())]]


@router.button(Calendar)
def calendar(turn: Turn, button: Calendar) -> None:
    """A new address each time it is asked for: the one before no longer works."""
    t = turn.texts.t
    if not in_private(turn):
        return
    if button.what == "close" or not turn.public_url:
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
