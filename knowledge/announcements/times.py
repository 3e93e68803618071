"""When a recurring announcement goes out: at the same local hour, through both changes of the clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from knowledge.participation.recurrence import local, localised, parse

_WINDOW = timedelta(hours=3)
"""More than any change of the clock."""


@dataclass(frozen=True, slots=True)
class Following:
    local: datetime
    """Without zone, by the rule."""
    moment: datetime
    """UTC."""


def next_time(rule: str, first: datetime, after: datetime, zone: ZoneInfo) -> Following | None:
    """The first time of the rule after a moment, None when there is none any more. `first`: local, without zone, what the
    rule counts from. Raises BadRule."""
    start = parse(rule, first, zone).after(local(after, zone) - _WINDOW, inc=True)
    while start is not None and localised(start, zone) <= after:
        start = parse(rule, first, zone).after(start)
    return None if start is None else Following(start, localised(start, zone))


def following(rule: str, first: datetime, start: datetime, zone: ZoneInfo) -> Following | None:
    """The time after the one that begins at `start`, local and without zone."""
    then = parse(rule, first, zone).after(start)
    return None if then is None else Following(then, localised(then, zone))


def occurrence_at(rule: str, first: datetime, moment: datetime, zone: ZoneInfo) -> datetime:
    """The local time by the rule that falls on `moment`: not what the clock shows then where an hour was left out."""
    around = local(moment, zone)
    parsed = parse(rule, first, zone)
    near = parsed.between(around - _WINDOW, around + _WINDOW, inc=True)
    return next((start for start in near if localised(start, zone) == moment), around)
