"""The rules of the search written down once more, for one place at a time and without any cleverness."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from math import ceil

from knowledge.categories import leaves
from knowledge.hours import PARIS, Opening, Timetable
from knowledge.search import Found, Query
from knowledge.search.distance import Origin
from knowledge.service import Service

EXCLUDED = {  # only for -> those it excludes
    "women": {"men", "couples", "families"},
    "men": {"women", "pregnant", "couples", "families"},
    "minors": {"women", "men", "pregnant", "young_adults", "seniors", "couples", "families"},
    "young_adults": {"minors", "seniors"},
    "seniors": {"minors", "young_adults", "families"},
    "families": {"couples"},
    "couples": {"families"},
}


@dataclass(frozen=True)
class Expected:
    """What the index should say of one place. `key` sorts them."""

    service: Service
    key: tuple[int, ...]
    metres: float | None
    status: str
    opens_at: datetime | None
    closes_at: datetime | None
    too_late: bool

    def matches(self, found: Found) -> bool:
        return (
            found.status == self.status
            and found.opens_at == self.opens_at
            and found.closes_at == self.closes_at
            and found.too_late == self.too_late
            and (found.distance_m is None) == (self.metres is None)
            and (self.metres is None or abs(found.distance_m - self.metres) <= 1)
        )


def expected(service: Service, query: Query, centres: dict[str, tuple[float, float]]) -> Expected | None:
    """None for a place that must not be shown."""
    if service.category not in {leaf for category in query.categories for leaf in leaves(category)}:
        return None
    said = query.needs | ({"women"} if "pregnant" in query.needs else set())
    if service.refuses & query.needs:
        return None
    named = bool(service.only & said)
    if service.only and not named and said & set.intersection(*(EXCLUDED.get(one, set()) for one in service.only)):
        return None
    position, approximate = _position(service, centres)
    metres = None
    if position and query.latitude is not None and query.longitude is not None:
        there = Origin.at(*position)
        metres = Origin.at(query.latitude, query.longitude).metres_to(there.x, there.y)
    instant = query.start == query.end
    moment = max(query.start, query.now or query.start)
    departs = query.now or (query.start if instant else None)
    arrives = moment
    if departs and metres is not None:
        arrives = max(moment, _plus(departs, timedelta(minutes=ceil(metres * 1.3 / 75))))
    openings = _openings(Timetable.of(service), moment.astimezone(PARIS).date(), query.end.astimezone(PARIS).date())
    coming = [opening for opening in openings if arrives <= _last(opening)]
    first = coming[0] if coming else None
    enter_by = arrives if instant else max(arrives, _plus(query.end, timedelta(seconds=-1)))
    if first is None:
        tier = 3
    elif first.opens_at <= enter_by:
        tier = 0
    else:
        tier = 1 if first.opens_at <= _plus(max(moment, query.end), timedelta(days=1)) else 3
    if first and not first.certain:
        tier = max(tier, 2)
    now_open = [
        opening
        for opening in openings
        if opening.certain
        and opening.opens_at <= moment
        and (opening.closes_at is None or moment < opening.closes_at)
        and opening not in coming
    ]
    too_late = tier in (1, 3) and bool(now_open)
    sure = first if first and first.certain else None
    opens_at = sure.opens_at if sure and sure.opens_at > moment else None
    closes_at = now_open[0].closes_at if too_late else sure.closes_at if sure else None
    status = ("open", "opens_later", "unknown", "closed")[tier]
    left = first.closes_at - max(arrives, first.opens_at) if first and first.closes_at else timedelta.max
    if tier == 0 and left <= timedelta(minutes=30):
        status = "closing_soon"
    key = (
        tier,
        4 if position is None else sum((metres or 0) >= edge for edge in (500, 1000, 2000)),
        not service.verified,
        len(query.needs - service.admits - service.only),
        bool(service.only) and not named,
        approximate,
        0 if position is None else sum((metres or 0) >= edge for edge in (2500, 3200, 4000, 5000, 6300, 8000, 10000)),
        _freshness(service.verified_on, moment.astimezone(PARIS).date()),
        int((metres or 0) * 10),
    )
    return Expected(service, key, metres, status, _local(opens_at), _local(closes_at), too_late)


def _position(service: Service, centres: dict[str, tuple[float, float]]) -> tuple[tuple[float, float] | None, bool]:
    if service.confidential:
        return None, False
    if service.latitude is not None and service.longitude is not None:
        return (service.latitude, service.longitude), False
    return centres.get(service.postcode), service.postcode in centres


def _freshness(verified_on: str, today: date) -> int:
    parts = [int(part) for part in verified_on.split("-")] if verified_on else [1]
    age = (today - date(*[*parts, 1, 1][:3])).days
    return (age > 183) + (age > 731)


@cache
def _openings(timetable: Timetable, first: date, last: date) -> list[Opening]:
    """In UTC, as two times of one zone are compared and added by their clocks."""
    return [
        Opening(*(at and at.astimezone(UTC) for at in (o.opens_at, o.closes_at, o.last_entry_at)), o.certain)
        for o in timetable.openings(first, 8 + (max(first, last) - first).days)
    ]


def _last(opening: Opening) -> datetime:
    if opening.closes_at is None:
        return datetime.max.replace(tzinfo=UTC)
    return min(opening.closes_at - timedelta(seconds=1), opening.last_entry_at or opening.closes_at)


def _plus(at: datetime, delta: timedelta) -> datetime:
    return at.astimezone(UTC) + delta


def _local(at: datetime | None) -> datetime | None:
    return at and at.astimezone(PARIS)
