"""What is asked of the index and what it answers. Distances in metres, times aware in Europe/Paris."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from knowledge.service import Service


class Status(StrEnum):
    """What a person finds on arrival."""

    OPEN = "open"
    CLOSING_SOON = "closing_soon"
    OPENS_LATER = "opens_later"
    CLOSED = "closed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Query:
    """`categories`: leaf or parent ids, a parent means all its leaves; several mean any of them.

    `latitude`, `longitude`: WGS 84 degrees, None when no place is known.
    `start`, `end`: the time asked about, aware; an instant has `end == start`, an interval asks for any opening in it.
    `needs`: ids of knowledge.frame.NEEDS.
    `radius_m`: keep to this distance, None for no limit; when nothing within can be reached while open, it widens.
    `now`: when the person sets out at the earliest, aware. None: at `start` for an instant, and for an interval walking
    time does not count.
    """

    categories: tuple[str, ...]
    latitude: float | None
    longitude: float | None
    start: datetime
    end: datetime
    needs: frozenset[str] = frozenset()
    radius_m: int | None = None
    limit: int = 3
    offset: int = 0
    now: datetime | None = None

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None or (self.now is not None and self.now.tzinfo is None):
            raise ValueError("the times of a query need their time zone")
        if (self.latitude is None) != (self.longitude is None):
            raise ValueError("a position needs both latitude and longitude")


@dataclass(frozen=True, slots=True)
class Closure:
    """A temporary closure on the day asked about. `until` is its last day, None until further notice."""

    until: date | None
    reason: str


class Found(NamedTuple):
    """One place, as it will be on arrival. A tuple: three are made for each answer, three times as fast as a dataclass.

    `distance_m`: the straight line; `walk_minutes`: on foot along the streets. None without a position of both sides,
    and always for confidential places.
    `approximate`: the centre of the postcode's district stands in for a position that is not known.
    `arrives_at`: None where walking time does not count.
    `opens_at`: None when already open at the moment asked about (or setting out), else the next opening one can use,
    within a week.
    `closes_at`: the end of that opening; None when it does not close within a week, or nothing is known.
    `last_entry_at`: None when one is let in until closing.
    `too_late`: open at the moment asked about, but closed or past the last entry on arrival; then `closes_at` and
    `last_entry_at` are those of the opening that is missed, `opens_at` the next one.
    `unknown_needs`: the needs asked for that this place is not known to meet, sorted.
    """

    service: Service
    distance_m: int | None
    walk_minutes: int | None
    status: Status
    arrives_at: datetime | None
    opens_at: datetime | None
    closes_at: datetime | None
    last_entry_at: datetime | None
    too_late: bool
    unknown_needs: tuple[str, ...]
    temporarily_closed: Closure | None
    approximate: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """`results`: best first, `limit` at most from `offset` on; `more`: there are further ones.

    `radius_m`: the first of the query's own radius, 1.5 km, 5 km that holds a place reachable while open; None for the
    whole city, also when there is none at all or no position was given.
    `widened`: that is wider than where the search began.
    `next_to_open`: when nothing where the search began is reachable while open: the first there to open within a week.
    """

    results: tuple[Found, ...]
    more: bool
    radius_m: int | None
    widened: bool
    next_to_open: Found | None


@dataclass(frozen=True, slots=True)
class Together:
    """What was found for several categories at once.

    `together`: places a few steps apart that serve all of them, reachable while open, the best first; each holds one
    Found a category, in the order asked.
    `each`: one answer a category, in the order asked.
    """

    together: tuple[tuple[Found, ...], ...]
    each: tuple[Answer, ...]
