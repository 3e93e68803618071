"""Days and parts of days as Paris lives them. Local days and hours in, aware datetimes in Europe/Paris out."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from knowledge.frame import When

PARIS = ZoneInfo("Europe/Paris")

PARTS = {
    "morning": (time(6), time(12), 0),
    "noon": (time(12), time(14), 0),
    "afternoon": (time(12), time(18), 0),
    "evening": (time(18), time(23, 59), 0),
    "night": (time(22), time(6), 1),
}
"""Part of a day to (first hour, last hour, days later that it ends)."""

LAST_MINUTE = time(23, 59)

_FIXED = {
    "new_year": (1, 1),
    "labour_day": (5, 1),
    "victory_day": (5, 8),
    "bastille_day": (7, 14),
    "assumption": (8, 15),
    "all_saints": (11, 1),
    "armistice": (11, 11),
    "christmas_eve": (12, 24),
    "christmas": (12, 25),
    "new_years_eve": (12, 31),
}
_AFTER_EASTER = {
    "good_friday": -2, "easter": 0, "easter_monday": 1, "ascension": 39, "pentecost": 49, "whit_monday": 50,
}  # fmt: skip
HOLIDAYS = frozenset(_FIXED) | frozenset(_AFTER_EASTER)


def at(day: date, hour: time) -> datetime:
    """The instant at which clocks in Paris show `hour` on `day`; an hour that does not exist is moved on by one."""
    local = datetime.combine(day, hour, tzinfo=PARIS)
    return local.astimezone(UTC).astimezone(PARIS)


def whole_day(day: date) -> When:
    return days(day, day)


def days(first: date, last: date) -> When:
    return When(at(first, time(0)), at(last, LAST_MINUTE))


def part_of(day: date, part: str) -> When:
    """`part` is a key of PARTS."""
    start, end, later = PARTS[part]
    return When(at(day, start), at(day + timedelta(later), end))


def week_of(day: date) -> When:
    """Monday to Sunday."""
    monday = day - timedelta(day.weekday())
    return days(monday, monday + timedelta(6))


def weekend_of(day: date) -> When:
    """The Saturday and Sunday that `day` is in or comes before."""
    saturday = day + timedelta(5 - day.weekday())
    return days(saturday, saturday + timedelta(1))


def month_of(year: int, month: int) -> When:
    """`month` may run over 12: 13 is January of the year after."""
    first = date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)
    return days(first, _a_month_later(first) - timedelta(1))


def _a_month_later(first: date) -> date:
    return (first + timedelta(31)).replace(day=1)


def next_day_of_month(today: date, day: int) -> date | None:
    """The next day numbered `day`, today included. None when no month has one."""
    first = today.replace(day=1)
    for _ in range(4):
        candidate = _day(first.year, first.month, day)
        if candidate is not None and candidate >= today:
            return candidate
        first = _a_month_later(first)
    return None


def next_date(today: date, month: int, day: int, year: int | None = None) -> date | None:
    """The next such date, today included, or the one of `year`. None for a date that does not exist."""
    if year is not None:
        return _day(year, month, day)
    for ahead in range(9):  # 29 February comes back within eight years
        candidate = _day(today.year + ahead, month, day)
        if candidate is not None and candidate >= today:
            return candidate
    return None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def easter(year: int) -> date:
    """Easter Sunday. Source: the anonymous Gregorian algorithm (Meeus, Astronomical Algorithms, chapter 8)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = b // 4, b % 4
    g = (b - (b + 8) // 25 + 1) // 3
    h = (19 * a + b - d - g + 15) % 30
    k = (32 + 2 * e + 2 * (c // 4) - h - c % 4) % 7
    m = (a + 11 * h + 22 * k) // 451
    month, day = divmod(h + k - 7 * m + 114, 31)
    return date(year, month, day + 1)


def next_holiday(today: date, name: str) -> date:
    """The next day called `name`, one of HOLIDAYS, today included."""
    for year in (today.year, today.year + 1):
        day = date(year, *_FIXED[name]) if name in _FIXED else easter(year) + timedelta(_AFTER_EASTER[name])
        if day >= today:
            return day
    raise AssertionError(f"{name} comes every year")
