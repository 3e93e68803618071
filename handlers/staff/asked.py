"""Who was asked for a mission, and what they said: names for staff only."""

from __future__ import annotations

from bot.messages import Button
from bot.router import Router
from bot.turn import Turn
from handlers.due.wording import title, when
from handlers.staff.access import allowed
from handlers.staff.buttons import ManageDate, WhoWasAsked
from handlers.staff.dates import date_of
from storage import alerts, profiles

router = Router()

PAGE = 30
ORDER = {"coming": 0, "": 1, "not_now": 2, "fewer": 3}


@router.button(WhoWasAsked)
def who_was_asked(turn: Turn, button: WhoWasAsked) -> None:
    about = date_of(turn, button.session) if allowed(turn, "staff") is not None else None
    if about is None:
        return
    t = turn.texts.t
    words = {
        "coming": t("✅ comes"),
        "": t("⬜ no answer yet"),
        "not_now": t("❌ not this time"),
        "fewer": t("🔕 wants fewer alerts"),
    }
    everybody = sorted(alerts.asked_for(turn.connection, about.session.id), key=lambda one: ORDER[one.answer])
    offset = max(0, button.offset) if button.offset < len(everybody) else 0
    page = everybody[offset : offset + PAGE]
    names = profiles.names(turn.connection, [one.person_id for one in page])
    lines = [f"{title(turn.texts, about)}, {when(turn.texts, about, turn.now)}"]
    for one in page:
        name = names.get(one.person_id) or t("Number {number}", number=one.person_id)
        lines.append(t("{what}: {said}", what=name, said=words[one.answer]))
    last = [Button(t("Back"), ManageDate(about.session.id).pack())]
    if offset + PAGE < len(everybody):
        last.insert(0, Button(t("More"), WhoWasAsked(about.session.id, offset + PAGE).pack()))
    turn.say("\n".join(lines), last)
