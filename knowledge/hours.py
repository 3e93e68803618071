"""When a place can be entered: OSM opening hours, last entry and temporary closures, on the clock of Paris.

Evaluated by opening-hours-py with the public holidays of France, never with coordinates (they cost 174 ms and 104 MB at
first use). The library is asked on the local clock, without a zone, and the times are put on the calendar here, so that
the two changes of the year follow the one rule of the house: an hour that does not exist becomes the first instant
after it, one that comes twice is the first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

from opening_hours import OpeningHours, ParserError  # type: ignore[attr-defined]  # missing from its stubs
from opening_hours import State as _State

from knowledge.service import Service
from knowledge.written_hours import clean

PARIS = ZoneInfo("Europe/Paris")
COUNTRY = "FR"
"""Whose public holidays `PH` means: without it the library lets `PH off` pass in silence."""

_DAY = timedelta(days=1)
_COMMENT = re.compile(r'"[^"]*"')
_UNSUPPORTED = (
    (re.compile(r"\b(?:sunrise|sunset|dawn|dusk)\b", re.IGNORECASE), "hours that follow the sun: write times"),
    (re.compile(r"\bSH\b"), "school holidays (SH) are not known here: write dates"),
    (re.compile(r"\d\+"), "no closing time is given: write one"),
)
"""What the library parses but gets wrong without more data. Wrong hours are worse than unknown ones."""


class State(StrEnum):
    OPEN = "open"
    CLOSED = "closed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Opening:
    """A time during which a place is open. Aware datetimes in Europe/Paris.

    `opens_at`: never earlier than the day before the first day asked about (a place always open).
    `closes_at`: None when it stays open all through the day after the last one asked about.
    `last_entry_at`: the last moment somebody is let in, None when that is until closing.
    `certain`: False where the hours themselves say "unknown" or put a condition in words that no program can judge.
    """

    opens_at: datetime
    closes_at: datetime | None
    last_entry_at: datetime | None
    certain: bool


@dataclass(frozen=True, slots=True)
class Timetable:
    """When one place can be entered; places with equal timetables share everything computed from them."""

    text: str
    """OSM opening_hours syntax or close to it, "" where not known."""
    last_entry_minutes: int = 0
    closed_from: date | None = None
    closed_until: date | None = None

    @classmethod
    def of(cls, service: Service) -> Timetable:
        return cls(service.opening_hours, service.last_entry_minutes, service.closed_from, service.closed_until)

    @property
    def unknown_because(self) -> str | None:
        """Why the hours are not known, None when they are."""
        return _read(self.text).reason

    def closed_on(self, day: date) -> bool:
        """Whether `day` falls in the temporary closure. One open end means: until (since) further notice."""
        if self.closed_from is None and self.closed_until is None:
            return False
        return (self.closed_from or date.min) <= day <= (self.closed_until or date.max)

    def openings(self, first: date, days: int) -> tuple[Opening, ...]:
        """What is left of the openings of `days` local days from `first`, in order, including a night that began the
        day before. An opening too short for its last entry lets nobody in and is left out. Hours that are not known
        are one uncertain opening without end."""
        start = datetime.combine(first, time())
        after = start + days * _DAY
        end = after + _DAY  # one more, to see the end of the last night
        expression = _read(self.text).expression
        spans = (
            [(start - _DAY, end, False)]
            if expression is None
            else [
                (opens, closes, state is _State.OPEN and not comment)
                for opens, closes, state, comment in expression.intervals(start - _DAY, end)
                if state is not _State.CLOSED
            ]
        )
        found = (
            self._opening(opens, closes, certain, end)
            for span in spans
            for opens, closes, certain in self._outside_closure(*span)
            if closes > start and opens < after
        )
        return tuple(opening for opening in found if opening is not None)

    def state(self, at: datetime) -> State:
        """Whether the place is open at `at` (aware). Coming in may be over before that: see `Opening.last_entry_at`."""
        if at.tzinfo is None:
            raise ValueError(f"a moment needs its time zone: {at}")
        for opening in Timetable(self.text, 0, self.closed_from, self.closed_until).openings(
            at.astimezone(PARIS).date(), 2
        ):
            # Compared in UTC: two times of one zone are compared by their clocks, wrong when an hour comes twice.
            if _utc(opening.opens_at) <= _utc(at) and (opening.closes_at is None or _utc(at) < _utc(opening.closes_at)):
                return State.OPEN if opening.certain else State.UNKNOWN
        return State.CLOSED

    def _outside_closure(
        self, opens: datetime, closes: datetime, certain: bool
    ) -> list[tuple[datetime, datetime, bool]]:
        if self.closed_from is None and self.closed_until is None:
            return [(opens, closes, certain)]
        shut = opens if self.closed_from is None else datetime.combine(self.closed_from, time())
        back = closes if self.closed_until is None else datetime.combine(self.closed_until, time()) + _DAY
        spans = [(opens, min(closes, shut), certain)]
        a_night_not_held = shut <= opens < back and closes - opens < _DAY
        if not a_night_not_held:
            spans.append((max(opens, back), closes, certain))
        return [span for span in spans if span[0] < span[1]]

    def _opening(self, opens: datetime, closes: datetime, certain: bool, end: datetime) -> Opening | None:
        opens_at = _on_the_calendar(opens)
        if closes >= end:
            return Opening(opens_at, None, None, certain)
        closes_at = _on_the_calendar(closes)
        last_entry = _utc(closes_at) - timedelta(minutes=self.last_entry_minutes)
        if _utc(opens_at) > last_entry or _utc(opens_at) >= _utc(closes_at):
            return None
        return Opening(opens_at, closes_at, last_entry.astimezone(PARIS) if self.last_entry_minutes else None, certain)


def check(text: str) -> str | None:
    """Why these hours cannot be used, in words for staff; None when they can, or when there are none."""
    return _read(text).reason if text.strip() else None


@dataclass(frozen=True, slots=True)
class _Reading:
    expression: OpeningHours | None
    reason: str | None


@lru_cache(maxsize=4096)
def _read(text: str) -> _Reading:
    cleaned = clean(text)
    rules = _COMMENT.sub("", cleaned).strip(" -")  # the City's feeds write "-" for "not published"
    if not rules:
        return _Reading(None, "only a comment" if _COMMENT.search(cleaned) else "not published")
    for pattern, reason in _UNSUPPORTED:
        if pattern.search(rules):
            return _Reading(None, reason)
    try:
        expression = OpeningHours(cleaned, country=COUNTRY, auto_country=False, auto_timezone=False)
    except ParserError as error:
        place = re.search(r"--> 1:(\d+)", str(error))
        rest = cleaned[int(place[1]) - 1 :] if place else cleaned
        return _Reading(None, f"not understood from {rest[:30]!r} on" if rest else f"ends too early: {cleaned!r}")
    return _Reading(expression, None)


def _utc(at: datetime) -> datetime:
    return at.astimezone(UTC)


def _on_the_calendar(clock: datetime) -> datetime:
    """A time of the local clock as an instant in Paris. The clock jumps from 2:00 to 3:00 at 1:00 UTC."""
    instant = clock.replace(tzinfo=PARIS).astimezone(UTC)
    if instant.astimezone(PARIS).replace(tzinfo=None) != clock:
        instant = instant.replace(minute=0, second=0)
    return instant.astimezone(PARIS)
