"""The dates of activities: made, changed, moved, cancelled, over. How they are shown is in storage/listings.py."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import fields, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, insert, literal, select, update

from knowledge.participation.states import LIVE, State
from storage import audit
from storage.activities import Activity, Outdated
from storage.due import Schedule, schedule, unschedule
from storage.listings import Listing, Session, listing, listing_of, listings, planned, upcoming
from storage.locks import lock
from storage.schema import activity, session, sign_up

CODE_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Without what is mistaken for something else."""


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
        .values(**{each.name: getattr(changed, each.name) for each in fields(Session) if each.name != "id"})
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


__all__ = [
    "CODE_LETTERS", "PLANNED", "Listing", "Session", "add", "cancel", "cancel_activity", "change", "close", "listing",
    "listing_of", "listings", "new_code", "planned", "upcoming", "window",
]  # fmt: skip
