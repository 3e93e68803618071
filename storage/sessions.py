"""The dates of activities: what comes up, with how many places; changed, moved, cancelled."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from math import cos, hypot, radians
from typing import Any

from sqlalchemy import Connection, Select, bindparam, case, func, insert, literal, select, update

from knowledge.participation.states import HOLDING, LIVE, State
from storage import audit
from storage.activities import Activity, Outdated, activity_of
from storage.due import Schedule, schedule, unschedule
from storage.locks import lock
from storage.schema import activity, session, sign_up

CODE_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Without what is mistaken for something else."""


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


def new_code() -> str:
    """The word that participants type on arrival."""
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(6))


def add(
    connection: Connection,
    of: Activity,
    starts_at: datetime,
    ends_at: datetime,
    actor: int | None,
    now: datetime,
    *,
    occurrence: str | None = None,
    status: str = "planned",
    **values: Any,
) -> Session:
    """One more session; what `values` (fields of Session) do not say is as the activity has it."""
    if ends_at <= starts_at:
        raise ValueError("a session ends after it begins")
    row: dict[str, Any] = {
        "activity_id": of.id, "occurrence": occurrence, "starts_at": starts_at, "ends_at": ends_at,
        "capacity": of.capacity, "minimum": of.minimum, **window(of, starts_at), "status": status,
        "changed": occurrence is None, "note": "", "code": new_code(), "version": 1, **values,
    }  # fmt: skip
    number = connection.execute(insert(session).values(**row).returning(session.c.id)).scalar_one()
    audit.note(connection, now, "added", "", status, activity_id=of.id, session_id=number, actor_id=actor)
    if of.status == "published" and status == "planned":
        schedule(connection, Schedule.PLAN, [number], now)
    return Session(id=number, **row)


def window(of: Activity, starts_at: datetime) -> dict[str, datetime | None]:
    """When one may sign up, as the activity has it."""
    opens = None if of.opens_minutes is None else starts_at - timedelta(minutes=of.opens_minutes)
    closes = starts_at - timedelta(minutes=of.closes_minutes) if of.closes_minutes else None
    return {"opens_at": opens, "closes_at": closes}


def change(connection: Connection, old: Session, actor: int | None, now: datetime, **values: Any) -> Session:
    """A single change: `values` (starts_at, ends_at, capacity, minimum, opens_at, closes_at, note) over `old`, as it was
    shown. The series no longer changes it. All on its list are told when it was moved. Nobody loses a place that a smaller
    capacity no longer has. Raises Outdated when somebody else changed it since."""
    lock(connection, sessions=[old.id])
    shift = values.get("starts_at", old.starts_at) - old.starts_at
    with_it: dict[str, Any] = {
        name: moment + shift for name in ("opens_at", "closes_at") if (moment := getattr(old, name)) is not None
    }
    changed = replace(old, **{"changed": True, **with_it, **values}, version=old.version + 1)
    if changed.ends_at <= changed.starts_at:
        raise ValueError("a session ends after it begins")
    written = connection.execute(
        update(session)
        .where(session.c.id == old.id, session.c.version == old.version)
        .values(**{name: getattr(changed, name) for name in _NAMES if name != "id"})
    )
    if written.rowcount == 0:
        raise Outdated
    moved = (changed.starts_at, changed.ends_at) != (old.starts_at, old.ends_at)
    audit.note(
        connection, now, "moved" if moved else "changed", old.starts_at.isoformat()[:16], changed.starts_at.isoformat()[:16],
        activity_id=old.activity_id, session_id=old.id, actor_id=actor,
    )  # fmt: skip
    if moved:
        schedule(connection, Schedule.PLAN, [old.id], now)
        if changed.status == "planned":
            schedule(connection, Schedule.MOVED, [old.id], now)
    schedule(connection, Schedule.PROMOTE, [old.id], now)
    return changed


PLANNED = (
    Schedule.PLAN,
    Schedule.PROMOTE,
    Schedule.EVENING,
    Schedule.BEFORE,
    Schedule.THANKS,
    Schedule.MOVED,
    Schedule.ALERT,
)


def cancel(connection: Connection, session_id: int, actor: int | None, now: datetime, note: str = "") -> int:
    """The session does not take place: all sign-ups end, all who had one are told at once. How many people that were."""
    lock(connection, sessions=[session_id])
    held = (session.c.id == session_id, session.c.status == "planned")
    row = connection.execute(select(session.c.activity_id).where(*held)).one_or_none()
    if row is None:
        return 0
    values: dict[str, Any] = {
        "status": "cancelled",
        "version": session.c.version + 1,
        **({"note": note} if note else {}),
    }
    connection.execute(update(session).where(session.c.id == session_id).values(**values))
    _end_all(connection, session_id, State.CANCELLED, "session", actor, now)
    audit.note(
        connection, now, "called off", "planned", "cancelled",
        activity_id=row.activity_id, session_id=session_id, actor_id=actor,
    )  # fmt: skip
    unschedule(connection, PLANNED, session_id)
    schedule(connection, Schedule.CALLED_OFF, [session_id], now)
    told = select(func.count()).where(sign_up.c.session_id == session_id, sign_up.c.because == "session")
    return connection.execute(told).scalar_one()


def cancel_activity(connection: Connection, old: Activity, actor: int | None, now: datetime, note: str = "") -> int:
    """All sessions to come are cancelled, and so is the activity. How many people are told. Raises Outdated."""
    from storage.activities import change as change_activity  # noqa: PLC0415

    change_activity(connection, old, actor, now, status="cancelled")
    to_come = (session.c.activity_id == old.id, session.c.status == "planned", session.c.starts_at > now)
    numbers = connection.execute(select(session.c.id).where(*to_come).order_by(session.c.id)).scalars().all()
    lock(connection, sessions=numbers)
    return sum(cancel(connection, number, actor, now, note) for number in numbers)


def close(connection: Connection, session_id: int, now: datetime) -> None:
    """The session is over: whoever still waited does so in vain. The activity is done when nothing more is to come."""
    lock(connection, sessions=[session_id])
    connection.execute(
        update(session).where(session.c.id == session_id, session.c.status == "planned").values(status="done")
    )
    _end_all(connection, session_id, State.EXPIRED, "over", None, now, (State.WAITING, State.OFFERED))
    owner = select(session.c.activity_id).where(session.c.id == session_id).scalar_subquery()
    more = select(literal(1)).where(session.c.activity_id == activity.c.id, session.c.status == "planned").exists()
    connection.execute(
        update(activity)
        .where(activity.c.id == owner, activity.c.status == "published", activity.c.rule == "", ~more)
        .values(status="done", version=activity.c.version + 1)
    )


def _end_all(
    connection: Connection,
    session_id: int,
    state: State,
    because: str,
    actor: int | None,
    now: datetime,
    of: Collection[State] = LIVE,
) -> None:
    live = select(sign_up.c.id, sign_up.c.person_id, sign_up.c.state).where(
        sign_up.c.session_id == session_id, sign_up.c.state.in_([*of])
    )
    rows = connection.execute(live).all()
    if not rows:
        return
    ended = sign_up.c.id.in_([row.id for row in rows])
    connection.execute(
        update(sign_up).where(ended).values(state=state, because=because, offered_until=None, replaces=None)
    )
    for row in rows:
        audit.note(
            connection, now, because, row.state, state,
            session_id=session_id, sign_up_id=row.id, person_id=row.person_id, actor_id=actor,
        )  # fmt: skip
