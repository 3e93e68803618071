"""When people are reminded of a session they signed up for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from knowledge.participation.quiet import Quiet, local_moment

EVENING = time(18, 0)
OF_USE, LEAD = timedelta(hours=1), timedelta(hours=2)
THANKS_AFTER = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Reminding:
    """What an activity's settings say."""

    evening: bool = True
    """The evening before, at 18:00."""
    minutes_before: int = 120
    """0: none."""


def evening_before(starts_at: datetime, zone: ZoneInfo) -> datetime:
    return local_moment(starts_at.astimezone(zone).date() - timedelta(days=1), EVENING, zone)


def reminders(starts_at: datetime, settings: Reminding, quiet: Quiet) -> dict[str, datetime]:
    """`evening` and `before` -> when. One that falls in quiet hours comes in the morning; where that is too late to be of use,
    before they begin, and not at all where the evening's has just been."""
    due: dict[str, datetime] = {}
    if settings.evening:
        due["evening"] = evening_before(starts_at, quiet.zone)
    if settings.minutes_before > 0:
        moment = starts_at - timedelta(minutes=settings.minutes_before)
        morning = quiet.over(moment)
        if morning <= max(moment, starts_at - OF_USE):
            due["before"] = morning
        elif not settings.evening:
            due["before"] = quiet.before(moment)
    return due


def told_at(now: datetime, starts_at: datetime, quiet: Quiet) -> datetime:
    """When to say what should be said now, and is of use until shortly before `starts_at`: now, or in the morning where these
    are quiet hours. Where that would be too late, some time before the start, when people are up for it anyway."""
    morning = quiet.over(now)
    return morning if morning <= starts_at - OF_USE else max(now, starts_at - LEAD)


def thanks_at(ends_at: datetime, quiet: Quiet) -> datetime:
    return quiet.over(ends_at + THANKS_AFTER)
