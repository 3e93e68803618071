"""A series without one of its dates, whether that date exists yet or not."""

from __future__ import annotations

from datetime import date, datetime

from bot import forms
from bot.forms import NotUnderstood
from bot.messages import Button
from bot.router import Router
from bot.turn import Turn
from handlers.staff import reading
from handlers.staff.access import may_manage
from handlers.staff.buttons import CancelDate, Manage, SkipDay
from handlers.staff.cancelling import cancel_date
from handlers.staff.manage import outdated, show_activity
from knowledge.participation.recurrence import localised
from storage import activities, series, sessions
from storage.activities import Activity

router = Router()

SKIP = "skip_date"
"""The question which day; about: activity and version."""
LATEST = 10 * 366
"""Days ahead."""


@router.button(SkipDay)
def skip(turn: Turn, button: SkipDay) -> None:
    activity = activities.activity_by_id(turn.connection, button.activity)
    if may_manage(turn, activity) is None or activity is None:
        return
    today = turn.now.date().toordinal()
    if activity.version != button.version or activity.status in ("cancelled", "done") or not activity.rule:
        outdated(turn, activity)
    elif today <= button.day <= today + LATEST:
        _skip(turn, activity, date.fromordinal(button.day), sure=True)
    else:
        _ask(turn, activity)


def _ask(turn: Turn, activity: Activity) -> None:
    turn.remember(asking=SKIP, about=f"{activity.id} {activity.version}")
    turn.say(
        turn.texts.t("Which date does not take place? For example “24/12/2027”."),
        [Button(turn.texts.t("Back"), Manage(activity.id).pack())],
    )


@router.answer(SKIP)
def said(turn: Turn) -> bool:
    number, _, version = turn.memory.about.partition(" ")
    words = turn.incoming.text.strip()
    if not number.isdecimal() or any(forms.same(turn, words, leaves) for leaves in ("Cancel", "Back")):
        turn.remember(asking="", about="")
        turn.say(turn.texts.t("All right, nothing is changed."))
        return True
    activity = activities.activity_by_id(turn.connection, int(number))
    if may_manage(turn, activity) is None or activity is None:
        turn.remember(asking="", about="")
        return True
    if str(activity.version) != version or not activity.rule:
        turn.remember(asking="", about="")
        outdated(turn, activity)
        return True
    try:
        day = reading.day(turn, words)
        if day < turn.now.date() or day.toordinal() > turn.now.date().toordinal() + LATEST:
            raise NotUnderstood
    except NotUnderstood:
        _ask(turn, activity)
        return True
    _skip(turn, activity, day, sure=False)
    return True


def _skip(turn: Turn, activity: Activity, day: date, *, sure: bool) -> None:
    """One that exists is cancelled as any other, with a reason; one that does not will never exist."""
    t, texts = turn.texts.t, turn.texts
    start = series.on_day(activity, day, turn.now)
    known = series.session_on(turn.connection, activity.id, day)
    if known is not None and known.status == "planned":
        turn.remember(asking="", about="")
        cancel_date(turn, CancelDate(known.id, known.version, 0))
    elif known is not None:
        turn.remember(asking="", about="")
        turn.say(t("That date does not take place already."))
        show_activity(turn, activity)
    elif start is None:
        planned = sessions.planned(turn.connection, activity.id, turn.now, 3)
        dates = ", ".join(texts.day(one.session.starts_at, turn.now) for one in planned)
        turn.say(t("There is no date on that day. The next: {dates}.", dates=dates))
        _ask(turn, activity)
    elif sure:
        turn.remember(asking="", about="")
        series.skip(turn.connection, activity, start, turn.person.id, turn.now)
        turn.say(t("Done."))
        show_activity(turn, activity)
    else:
        turn.remember(asking="", about="")
        turn.say(
            t("Nothing on {date}?", date=_date(turn, start)),
            [
                Button(t("Yes"), SkipDay(activity.id, activity.version, day.toordinal()).pack()),
                Button(t("No"), Manage(activity.id).pack()),
            ],
        )


def _date(turn: Turn, start: datetime) -> str:
    return turn.texts.date(
        localised(start, turn.texts.zone).astimezone(turn.texts.zone).date().isoformat(), turn.now.date()
    )
