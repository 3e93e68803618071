"""When the week's missions are told, on the local calendar."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from knowledge.participation.quiet import local_moment

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
LATE = timedelta(hours=24)
"""After an outage longer than this, that week's is left out."""
AHEAD = timedelta(days=7)


def next_at(now: datetime, day: str, clock: time, zone: ZoneInfo) -> datetime:
    """The first such day and hour after `now`."""
    local = now.astimezone(zone).date()
    coming = local + timedelta(days=(DAYS.index(day) - local.weekday()) % 7)
    moment = local_moment(coming, clock, zone)
    return moment if moment > now else local_moment(coming + timedelta(days=7), clock, zone)
