"""Hours in which nobody is written to, on the local clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def local_moment(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """When the clock shows that time on that day. One that does not exist: the first moment after it; twice: the first."""
    moment = datetime.combine(day, clock, zone)
    utc = moment.astimezone(UTC)
    if utc.astimezone(zone).replace(tzinfo=None) == moment.replace(tzinfo=None):
        return utc
    before, after = moment.replace(fold=1).astimezone(UTC), utc  # the gap lies between the two readings
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) / 2
        if middle.astimezone(zone).utcoffset() == after.astimezone(zone).utcoffset():
            after = middle
        else:
            before = middle
    return after.replace(microsecond=0)


@dataclass(frozen=True, slots=True)
class Quiet:
    zone: ZoneInfo
    start: time = time(21, 30)
    end: time = time(8, 0)

    def holds(self, moment: datetime) -> bool:
        clock = moment.astimezone(self.zone).time()
        if self.start == self.end:
            return False
        if self.start < self.end:
            return self.start <= clock < self.end
        return clock >= self.start or clock < self.end

    def over(self, moment: datetime) -> datetime:
        """`moment`, or when the quiet hours it lies in end."""
        if not self.holds(moment):
            return moment
        local = moment.astimezone(self.zone)
        day = local.date() if local.time() < self.end else local.date() + timedelta(days=1)
        return local_moment(day, self.end, self.zone)

    def before(self, moment: datetime) -> datetime:
        """`moment`, or when the quiet hours it lies in began."""
        if not self.holds(moment):
            return moment
        local = moment.astimezone(self.zone)
        day = local.date() if local.time() >= self.start else local.date() - timedelta(days=1)
        return local_moment(day, self.start, self.zone)
