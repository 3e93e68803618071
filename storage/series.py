"""Sessions of a series: made some months ahead, edited together, never from under people who signed up."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection, delete, select, update

from knowledge.participation.recurrence import local, occurrences, span
from knowledge.participation.states import LIVE, State
from storage import audit
from storage import sessions as single
from storage.activities import Activity, zone_of
from storage.due import Schedule, schedule, unschedule
from storage.locks import lock
from storage.schema import session, sign_up
from storage.sessions import PLANNED, Session

AHEAD = timedelta(days=200)
"""How far ahead sessions of a series exist."""
LOOK_AGAIN = timedelta(days=7)

_NAMES = tuple(each.name for each in fields(Session))


@dataclass(frozen=True, slots=True)
class Edited:
    """What editing a series did to its sessions."""

    added: tuple[int, ...] = ()
    moved: tuple[int, ...] = ()
    """Another time, or only another capacity; who signed up keeps their place, and is told of another time."""
    removed: tuple[int, ...] = ()
    kept: tuple[int, ...] = ()
    """No longer of the series, but people signed up: still take place, for staff to cancel or leave."""


def extend(connection: Connection, of: Activity, actor: int | None, now: datetime) -> list[Session]:
    """Makes the sessions of the rule that do not exist yet, up to AHEAD. Those cancelled or skipped stay so."""
    known = _days(_known(connection, of.id))
    made = [_make(connection, of, start, actor, now) for start in _dates(of, now) if start.date() not in known]
    if of.rule and of.status == "published":
        schedule(connection, Schedule.SERIES, [of.id], now + LOOK_AGAIN)
    return made


def _dates(of: Activity, now: datetime) -> list[datetime]:
    if of.first_start is None:
        return []
    zone = zone_of(now)
    here = local(now, zone)
    return occurrences(of.rule, of.first_start, here, max(here + AHEAD, of.first_start), zone)


def _known(connection: Connection, activity_id: int) -> set[str]:
    taken = select(session.c.occurrence).where(session.c.activity_id == activity_id, session.c.occurrence.is_not(None))
    return set(connection.execute(taken).scalars())


def _days(known: Collection[str]) -> set[date]:
    """A day on which the series has, had or skips a date has no second one, at whatever hour it is now."""
    return {datetime.fromisoformat(start).date() for start in known}


def on_day(of: Activity, day: date, now: datetime) -> datetime | None:
    """The local time at which the series has a date on that day by its rule."""
    if of.first_start is None:
        return None
    begins = datetime.combine(day, time.min)
    found = occurrences(of.rule, of.first_start, begins, datetime.combine(day, time.max), zone_of(now))
    return found[0] if found else None


def session_on(connection: Connection, activity_id: int, day: date) -> Session | None:
    """The date of the series that was made for that day, wherever it moved since; planned ones first."""
    chosen = select(*(session.c[name] for name in _NAMES)).where(
        session.c.activity_id == activity_id, session.c.occurrence.startswith(day.isoformat())
    )
    found = [Session(*row) for row in connection.execute(chosen.order_by(session.c.id))]
    return min(found, key=lambda one: one.status != "planned", default=None)


def _make(
    connection: Connection, of: Activity, start: datetime, actor: int | None, now: datetime, **values: Any
) -> Session:
    begins, ends = span(start, of.minutes, zone_of(now))
    return single.add(connection, of, begins, ends, actor, now, occurrence=start.isoformat(), **values)


def skip(connection: Connection, of: Activity, start: datetime, actor: int | None, now: datetime) -> int:
    """The series has no session at this local time (EXDATE). How many people were on its list, and are told."""
    row = connection.execute(
        select(session.c.id).where(session.c.activity_id == of.id, session.c.occurrence == start.isoformat())
    ).one_or_none()
    if row is None:
        _make(connection, of, start, actor, now, status="cancelled")
        return 0
    return single.cancel(connection, row.id, actor, now)


def edit(connection: Connection, new: Activity, actor: int | None, now: datetime) -> Edited:
    """Brings the sessions to come in line with `new`, the activity as `activities.change` gave it back: rule, first start,
    length, capacity. A session keeps its people when the series has one on the same day; otherwise it goes if nobody signed
    up, and stays as a single one if somebody did. Sessions changed by themselves, or past, are left alone."""
    zone = zone_of(now)
    rows = connection.execute(
        select(*(session.c[name] for name in _NAMES))
        .where(session.c.activity_id == new.id, session.c.status == "planned", session.c.starts_at > now)
        .order_by(session.c.id)
    ).all()
    lock(connection, sessions=[row.id for row in rows])
    ours = {row.id: Session(*row) for row in rows if not row.changed and row.occurrence is not None}
    by_day: dict[date, datetime] = {start.date(): start for start in _dates(new, now)}
    untouchable = _days(_known(connection, new.id) - {one.occurrence or "" for one in ours.values()})
    wanted = {day: start for day, start in by_day.items() if day not in untouchable}
    matched: dict[int, datetime] = {}
    for one in ours.values():
        start = wanted.pop(local(one.starts_at, zone).date(), None)
        if start is not None:
            matched[one.id] = start
    gone = [number for number in ours if number not in matched]
    kept = _with_people(connection, gone)
    removed = [number for number in gone if number not in kept]
    _drop(connection, removed)
    if kept:
        connection.execute(update(session).where(session.c.id.in_(kept)).values(changed=True))
    moved = tuple(
        number for number, start in matched.items() if _align(connection, ours[number], new, start, actor, now)
    )
    added = tuple(_make(connection, new, start, actor, now).id for _, start in sorted(wanted.items()))
    audit.note(connection, now, "series edited", activity_id=new.id, actor_id=actor)
    if new.rule and new.status == "published":
        schedule(connection, Schedule.SERIES, [new.id], now + LOOK_AGAIN)
    return Edited(added, moved, tuple(removed), tuple(sorted(kept)))


def _with_people(connection: Connection, numbers: Sequence[int]) -> set[int]:
    states = (*LIVE, State.ATTENDED, State.NO_SHOW)
    used = select(sign_up.c.session_id).where(sign_up.c.session_id.in_(numbers), sign_up.c.state.in_(states)).distinct()
    return set(connection.execute(used).scalars())


def _drop(connection: Connection, numbers: Sequence[int]) -> None:
    for number in numbers:
        unschedule(connection, PLANNED, number)
    connection.execute(delete(sign_up).where(sign_up.c.session_id.in_(numbers)))
    connection.execute(delete(session).where(session.c.id.in_(numbers)))


def _align(
    connection: Connection, old: Session, new: Activity, start: datetime, actor: int | None, now: datetime
) -> bool:
    """Whether there was anything to change."""
    begins, ends = span(start, new.minutes, zone_of(now))
    values: dict[str, Any] = {
        "starts_at": begins, "ends_at": ends, "capacity": new.capacity, "minimum": new.minimum, **single.window(new, begins),
    }  # fmt: skip
    same = all(getattr(old, name) == value for name, value in values.items())
    if not same:
        single.change(connection, old, actor, now, changed=False, **values)
    if old.occurrence != start.isoformat():
        connection.execute(update(session).where(session.c.id == old.id).values(occurrence=start.isoformat()))
    return not same
