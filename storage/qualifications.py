"""What attendance gave to people: a training done, until when it is valid."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, delete, select

from knowledge.participation.kinds import months_later
from knowledge.participation.quiet import local_moment
from storage.activities import Activity
from storage.due import Schedule, schedule, unschedule
from storage.schema import qualification
from storage.upsert import Upsert

REMIND_BEFORE = timedelta(days=30)
REMIND_AT = time(10, 0)


@dataclass(frozen=True, slots=True)
class Qualification:
    id: int
    person_id: int
    name: str
    session_id: int
    given_on: date
    expires_on: date | None
    """The last day it is valid; None: for ever."""


_COLUMNS = (
    qualification.c.id, qualification.c.person_id, qualification.c.name, qualification.c.session_id,
    qualification.c.given_on, qualification.c.expires_on,
)  # fmt: skip
_give = Upsert(qualification, lambda insert: insert.on_conflict_do_nothing())


def give(
    connection: Connection, person_id: int, by: Activity, session_id: int, day: date, now: datetime, zone: ZoneInfo
) -> Qualification:
    """For attendance on `day`; the person is told, and told again before it runs out. Given once a session."""
    expires_on = None if by.gives_months is None else months_later(day, by.gives_months)
    row = {
        "person_id": person_id,
        "name": by.gives,
        "session_id": session_id,
        "given_on": day,
        "expires_on": expires_on,
    }
    known = (
        qualification.c.person_id == person_id,
        qualification.c.session_id == session_id,
        qualification.c.name == by.gives,
    )
    new = connection.execute(select(qualification.c.id).where(*known)).scalar() is None
    _give.execute(connection, [row])
    given = Qualification(*connection.execute(select(*_COLUMNS).where(*known)).one())
    if new:
        schedule(connection, Schedule.QUALIFIED, [given.id], now)
        if expires_on is not None:
            schedule(connection, Schedule.EXPIRY, [given.id], local_moment(expires_on - REMIND_BEFORE, REMIND_AT, zone))
    return given


def take_back(connection: Connection, person_id: int, session_id: int) -> None:
    """Attendance was marked by mistake."""
    mine = (qualification.c.person_id == person_id, qualification.c.session_id == session_id)
    for number in connection.execute(delete(qualification).where(*mine).returning(qualification.c.id)).scalars().all():
        unschedule(connection, (Schedule.QUALIFIED, Schedule.EXPIRY), number)


def by_id(connection: Connection, number: int) -> Qualification | None:
    row = connection.execute(select(*_COLUMNS).where(qualification.c.id == number)).one_or_none()
    return Qualification(*row) if row else None


def of_person(connection: Connection, person_id: int) -> list[Qualification]:
    """All they hold or held, newest first."""
    rows = connection.execute(
        select(*_COLUMNS).where(qualification.c.person_id == person_id).order_by(qualification.c.given_on.desc())
    )
    return [Qualification(*row) for row in rows]


def of_session(connection: Connection, session_id: int) -> list[Qualification]:
    """All that attendance of one session gave."""
    rows = connection.execute(
        select(*_COLUMNS).where(qualification.c.session_id == session_id).order_by(qualification.c.id)
    )
    return [Qualification(*row) for row in rows]


def renewed(connection: Connection, one: Qualification) -> bool:
    """Whether the person holds the same for longer."""
    return any(
        other.name == one.name
        and other.id != one.id
        and (other.expires_on is None or (one.expires_on is not None and other.expires_on > one.expires_on))
        for other in of_person(connection, one.person_id)
    )
