"""Sessions as people see them: with their activity, the places taken, how far it is."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from math import cos, hypot, radians
from typing import Any

from sqlalchemy import Connection, Select, bindparam, case, func, select

from knowledge.participation.states import HOLDING, State
from storage.activities import Activity, activity_of
from storage.schema import activity, session, sign_up

JUST_BEEN = timedelta(days=2)
"""Attendance is still marked so long after the end."""


@dataclass(frozen=True, slots=True)
class Session:
    id: int
    activity_id: int
    occurrence: str | None
    """Its local start by the rule of its series (RFC 5545's RECURRENCE-ID)."""
    starts_at: datetime
    ends_at: datetime
    capacity: int
    minimum: int
    opens_at: datetime | None
    closes_at: datetime | None
    status: str
    """planned, cancelled, done."""
    changed: bool
    note: str
    code: str
    version: int
    """Goes up with each change: the SEQUENCE of a calendar entry."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A session as people see it on a card."""

    activity: Activity
    session: Session
    taken: int
    """Seats confirmed or kept for somebody."""
    waiting: int
    """People waiting, friends counted."""
    distance_m: int | None = None

    @property
    def free(self) -> int:
        return max(0, self.session.capacity - self.taken)


_NAMES = tuple(each.name for each in fields(Session))


_taking = case((sign_up.c.replaces.is_not(None) & (sign_up.c.state == State.OFFERED), 0), else_=sign_up.c.seats)
"""An offered place that somebody still holds is counted once."""


def _counted(states: Collection[State], column: Any) -> Any:
    counted = select(func.coalesce(func.sum(column), 0)).where(
        sign_up.c.session_id == session.c.id, sign_up.c.state.in_([*states])
    )
    return counted.correlate(session).scalar_subquery()


LISTED: Select[Any] = select(
    activity,
    *(session.c[name].label(f"session_{name}") for name in _NAMES),
    _counted(HOLDING, _taking).label("taken"),
    _counted((State.WAITING,), sign_up.c.seats).label("waiting"),
).join_from(session, activity, activity.c.id == session.c.activity_id)


def listing_of(row: Any, distance_m: int | None = None) -> Listing:
    kept = row._mapping
    return Listing(
        activity_of(kept),
        Session(**{name: kept[f"session_{name}"] for name in _NAMES}),
        kept["taken"],
        kept["waiting"],
        distance_m,
    )


_one = LISTED.where(session.c.id == bindparam("number"))


def listing(connection: Connection, session_id: int) -> Listing | None:
    row = connection.execute(_one, {"number": session_id}).one_or_none()
    return listing_of(row) if row else None


def listings(connection: Connection, session_ids: Sequence[int]) -> dict[int, Listing]:
    rows = connection.execute(LISTED.where(session.c.id.in_(session_ids)))
    return {one.session.id: one for one in map(listing_of, rows)}


def upcoming(
    connection: Connection,
    now: datetime,
    kinds: Collection[str] = (),
    *,
    start: datetime | None = None,
    end: datetime | None = None,
    district: str = "",
    near: tuple[float, float] | None = None,
    activity_id: int | None = None,
    free_only: bool = False,
    limit: int = 5,
    offset: int = 0,
) -> list[Listing]:
    """Published sessions to come that begin from `start` (now) until before `end`, soonest first; with `near` (latitude,
    longitude) nearest first, those without a position last. `district`: a postcode."""
    chosen = (
        LISTED.where(
            activity.c.status == "published",
            session.c.status == "planned",
            session.c.starts_at >= max(start or now, now),
        )
        .order_by(session.c.starts_at, session.c.id)
    )  # fmt: skip
    if kinds:
        chosen = chosen.where(activity.c.kind.in_([*kinds]))
    if end is not None:
        chosen = chosen.where(session.c.starts_at < end)
    if district:
        chosen = chosen.where(activity.c.district == district)
    if activity_id is not None:
        chosen = chosen.where(activity.c.id == activity_id)
    if near is None and not free_only:
        return [listing_of(row) for row in connection.execute(chosen.limit(limit).offset(offset))]
    found = [
        listing_of(row, _metres(near, row.latitude, row.longitude) if near else None)
        for row in connection.execute(chosen)
    ]
    if free_only:
        found = [one for one in found if one.free]
    if near is not None:
        found.sort(key=lambda one: float("inf") if one.distance_m is None else one.distance_m)
    return found[offset : offset + limit]


def planned(connection: Connection, activity_id: int, now: datetime, limit: int) -> list[Listing]:
    """For staff: what comes up of one activity or goes on, published or not, soonest first; also what has just been."""
    chosen = LISTED.where(
        activity.c.id == activity_id,
        session.c.ends_at >= now - JUST_BEEN,
        session.c.status.in_(["planned", "done"]),
    )  # fmt: skip
    rows = connection.execute(chosen.order_by(session.c.starts_at, session.c.id).limit(limit))
    return [listing_of(row) for row in rows]


def _metres(near: tuple[float, float], latitude: float | None, longitude: float | None) -> int | None:
    """Flat, which within a city errs by less than a metre in a kilometre."""
    if latitude is None or longitude is None:
        return None
    north = (latitude - near[0]) * 111_195
    east = (longitude - near[1]) * 111_195 * cos(radians(near[0]))
    return round(hypot(north, east))
