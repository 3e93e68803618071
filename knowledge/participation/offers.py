"""How long a place that came free is kept for the next in line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from knowledge.participation.quiet import Quiet

LONGEST = timedelta(hours=12)
SHORTEST = timedelta(minutes=30)
SHARE = 4
"""At most a fourth of the time that is left, so that others can still be asked."""
POINTLESS = timedelta(hours=1)
"""With less than this left, nobody is asked any more; places are for whoever takes them."""
AWAKE = timedelta(hours=1)
"""An offer that would run out in quiet hours runs out so long after they end."""


@dataclass(frozen=True, slots=True)
class Deadline:
    tell_at: datetime
    """When the person is told: now, or when the quiet hours are over."""
    until: datetime


def deadline(now: datetime, starts_at: datetime, quiet: Quiet) -> Deadline | None:
    """None when it is too late to ask anybody."""
    tell_at = quiet.over(now)
    left = starts_at - tell_at
    if left < POINTLESS:
        return None
    until = tell_at + min(LONGEST, max(SHORTEST, left / SHARE))
    if quiet.holds(until):
        until = quiet.over(until) + AWAKE
        if until > starts_at - SHORTEST:
            until = quiet.before(tell_at + min(LONGEST, max(SHORTEST, left / SHARE)))
            if until < tell_at + SHORTEST:
                return None
    return Deadline(tell_at, until)
