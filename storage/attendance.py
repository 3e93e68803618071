"""Who was there: marked by staff, or by the code typed on arrival; what it gives, and how many hours it makes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from knowledge.participation.refusals import Reason, Refusal
from knowledge.participation.reminders import THANKS_AFTER
from knowledge.participation.states import COMING, LIVE, Event, Impossible, State
from storage import due, qualifications
from storage.activities import zone_of
from storage.due import Schedule, schedule, unschedule
from storage.schema import session, sign_up
from storage.sessions import listing
from storage.signups import COLUMNS, Refused, SignUp, locked, move, of_session, sign_up_of

OPENS_BEFORE = timedelta(minutes=45)
"""The code is taken from so long before the start until the end."""


@dataclass(frozen=True, slots=True)
class CheckedIn:
    sign_up: SignUp
    again: bool
    """They were marked already."""


@dataclass(frozen=True, slots=True)
class Engagement:
    sessions: int
    minutes: int


def mark(connection: Connection, sign_up_id: int, event: Event, actor: int | None, now: datetime) -> SignUp | Refused:
    """`event`: ATTEND, MISS or UNMARK. Attendance gives the activity's qualification; taking it back takes that away.
    Marking what is marked already changes nothing."""
    one = locked(connection, sign_up_id)
    if one is None:
        return Refused(Refusal(Reason.GONE))
    if one.state is {Event.ATTEND: State.ATTENDED, Event.MISS: State.NO_SHOW, Event.UNMARK: State.CONFIRMED}[event]:
        return one
    try:
        arrived = {"arrived_at": now} if event is Event.ATTEND else {"arrived_at": None}
        marked = move(connection, one, event, actor, now, **arrived)
    except Impossible:
        return Refused(Refusal(Reason.GONE))
    shown = listing(connection, one.session_id)
    if shown is not None and event is Event.ATTEND and not due.known(connection, Schedule.THANK, one.id):
        schedule(connection, Schedule.THANK, [one.id], max(now, shown.session.ends_at + THANKS_AFTER))
    elif event is not Event.ATTEND:
        unschedule(connection, [Schedule.THANK], one.id)
    if shown is not None and shown.activity.gives:
        if event is Event.ATTEND:
            zone = zone_of(now)
            day = shown.session.starts_at.astimezone(zone).date()
            qualifications.give(connection, one.person_id, shown.activity, one.session_id, day, now, zone)
        else:
            qualifications.take_back(connection, one.person_id, one.session_id)
    return marked


def typed(code: str) -> str:
    """The code as it is kept, of what somebody made of it."""
    return "".join(letter for letter in code.upper() if letter.isalnum())


def session_of(connection: Connection, code: str) -> int | None:
    """The session that has this code, the last of several."""
    held = select(session.c.id).where(session.c.code == typed(code)).order_by(session.c.starts_at.desc()).limit(1)
    return connection.execute(held).scalar()


def check_in(connection: Connection, code: str, person_id: int, now: datetime) -> CheckedIn | Refused:
    """The code that hangs on the wall, typed or scanned on arrival. Refused: `not_open_yet` with the moment it will be
    taken, `over`, `gone` for a code that is none or for somebody who is not on the list."""
    found = connection.execute(
        select(session.c.id, session.c.starts_at, session.c.ends_at)
        .where(session.c.code == typed(code), session.c.status != "cancelled")
        .order_by(session.c.starts_at.desc())
    ).all()
    mine: SignUp | None = None
    for row in found:
        on_list = [one for one in of_session(connection, row.id) if one.person_id == person_id]
        mine = on_list[-1] if on_list else None
        if mine is None:
            continue
        if mine.state is State.ATTENDED:
            return CheckedIn(mine, again=True)
        if now < row.starts_at - OPENS_BEFORE:
            return Refused(Refusal(Reason.NOT_OPEN_YET, other=mine.id, opens_at=row.starts_at - OPENS_BEFORE))
        if now > row.ends_at:
            return Refused(Refusal(Reason.OVER, other=mine.id))
        if mine.state not in (*COMING, State.NO_SHOW):
            break
        marked = mark(connection, mine.id, Event.ATTEND, person_id, now)
        return marked if isinstance(marked, Refused) else CheckedIn(marked, again=False)
    return Refused(Refusal(Reason.GONE, other=mine.id if mine else None))


def to_mark(connection: Connection, session_id: int) -> list[SignUp]:
    """The list that staff tap through."""
    return of_session(connection, session_id, (*COMING, State.ATTENDED, State.NO_SHOW))


def engagement(connection: Connection, person_id: int) -> Engagement:
    """What a person gave of their time so far."""
    rows = connection.execute(
        select(session.c.starts_at, session.c.ends_at)
        .join_from(sign_up, session, session.c.id == sign_up.c.session_id)
        .where(sign_up.c.person_id == person_id, sign_up.c.state == State.ATTENDED)
    ).all()
    minutes = sum((row.ends_at - row.starts_at) // timedelta(minutes=1) for row in rows)
    return Engagement(len(rows), minutes)


def unanswered(connection: Connection, session_id: int) -> list[SignUp]:
    """Who is expected and has not said "I will be there"."""
    rows = connection.execute(
        select(*COLUMNS)
        .where(
            sign_up.c.session_id == session_id,
            sign_up.c.state.in_([*COMING]),
            sign_up.c.state.in_([*LIVE]),
            sign_up.c.answered_at.is_(None),
        )
        .order_by(sign_up.c.id)
    )
    return [sign_up_of(row) for row in rows]
