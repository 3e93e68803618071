"""What is to be done at a moment: each once, whoever looks first, however late."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Connection, bindparam, delete, select, update

from storage.schema import due
from storage.upsert import Upsert

BACK_OFF = (timedelta(seconds=5), timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1))
KEEP = timedelta(days=40)
"""How long it is remembered that something was done."""


class Schedule(StrEnum):
    """What is to be done, and the number of what `subject` is."""

    PLAN = "plan"
    """Reminders of a session to be set, or set anew: it was published or moved."""
    PROMOTE = "promote"
    """A place of a session may be free for the next in line."""
    OFFER = "offer"
    """The offer made to a sign-up runs out."""
    TELL_OFFER = "tell_offer"
    """An offer made in quiet hours is to be told to its sign-up."""
    EVENING = "evening"
    """The reminder of a session, the evening before."""
    BEFORE = "before"
    """The reminder of a session, shortly before."""
    THANKS = "thanks"
    """A session is over."""
    THANK = "thank"
    """A sign-up whose person was there is thanked."""
    MOVED = "moved"
    """All who are on a session's list are to be told that it was moved."""
    CALLED_OFF = "called_off"
    """All who were on a session's list are to be told that it is cancelled."""
    REPLACED = "replaced"
    """A sign-up found its replacement."""
    WITHDRAWN = "withdrawn"
    """The place offered to a sign-up is kept by who had it: back to the head of the list."""
    REMOVED = "removed"
    """A sign-up was ended by staff."""
    LEFT = "left"
    """Somebody who was coming (a sign-up) left shortly before: staff are told."""
    QUALIFIED = "qualified"
    """A qualification was given."""
    EXPIRY = "expiry"
    """A qualification runs out soon."""
    SERIES = "series"
    """A series' next sessions are to be made."""
    ALERT = "alert"
    """The next people are to be asked for a session."""
    ANNOUNCE = "announce"
    """An announcement is to go out."""
    DIGEST = "digest"
    """The week's missions, to those whose number comes after the subject."""


@dataclass(frozen=True, slots=True)
class Due:
    id: int
    schedule: Schedule
    subject: int
    due_at: datetime
    attempts: int


_once = Upsert(due, lambda insert: insert.on_conflict_do_nothing())
_again = Upsert(
    due,
    lambda insert: insert.on_conflict_do_update(
        index_elements=[due.c.schedule, due.c.subject, due.c.due_at],
        set_={"claimed_at": None, "attempts": 0, "not_before": insert.excluded.not_before},
    ),
)
REPEATED = frozenset({Schedule.EVENING, Schedule.BEFORE, Schedule.THANKS, Schedule.EXPIRY, Schedule.DIGEST})
"""Done once for a moment, even when asked for again; all others are asked for because something happened."""


def schedule(
    connection: Connection,
    what: Schedule,
    subjects: Collection[int],
    at: datetime,
    not_before: datetime | None = None,
) -> None:
    """To be done at `at`; with `not_before` only then, though it is the thing of that moment."""
    if subjects:
        rows = [
            {"schedule": what, "subject": subject, "due_at": at, "claimed_at": None, "attempts": 0,
             "not_before": not_before or at}
            for subject in sorted(subjects)
        ]  # fmt: skip
        (_once if what in REPEATED else _again).execute(connection, rows)


def unschedule(connection: Connection, what: Collection[Schedule], subject: int) -> None:
    """What is still to be done of these is not."""
    waits = (due.c.schedule.in_([*what]), due.c.subject == subject, due.c.claimed_at.is_(None))
    connection.execute(delete(due).where(*waits))


def plan(connection: Connection, what: Schedule, at: datetime, now: datetime) -> None:
    """What comes again and again, about nothing in particular, is next due at `at`, in place of another moment to come."""
    other = (due.c.schedule == what, due.c.subject == 0, due.c.due_at > now, due.c.due_at != at)
    connection.execute(delete(due).where(*other))
    schedule(connection, what, [0], at)


_pending = (
    select(due.c.id)
    .where(due.c.schedule == bindparam("what"), due.c.subject == bindparam("number"), due.c.claimed_at.is_(None))
    .limit(1)
)


def pending(connection: Connection, what: Schedule, subject: int) -> bool:
    return connection.execute(_pending, {"what": what, "number": subject}).scalar() is not None


def known(connection: Connection, what: Schedule, subject: int) -> bool:
    """Whether it is to be done, or was."""
    asked = (due.c.schedule == what, due.c.subject == subject)
    return connection.execute(select(due.c.id).where(*asked).limit(1)).scalar() is not None


def claim(connection: Connection, now: datetime) -> Due | None:
    """The oldest thing to do, done once this transaction is committed. Two processes never get the same."""
    row = connection.execute(
        select(due.c.id, due.c.schedule, due.c.subject, due.c.due_at, due.c.attempts)
        .where(due.c.claimed_at.is_(None), due.c.not_before <= now)
        .order_by(due.c.not_before, due.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).one_or_none()
    if row is None:
        return None
    connection.execute(update(due).where(due.c.id == row.id).values(claimed_at=now))
    return Due(row.id, Schedule(row.schedule), row.subject, row.due_at, row.attempts)


def failed(connection: Connection, one: Due, now: datetime) -> bool:
    """Not done: again later; whether it was given up after the last attempt."""
    given_up = one.attempts >= len(BACK_OFF)
    values = (
        {"claimed_at": now} if given_up else {"attempts": one.attempts + 1, "not_before": now + BACK_OFF[one.attempts]}
    )
    connection.execute(update(due).where(due.c.id == one.id).values(**values))
    return given_up


def hold(connection: Connection, one: Due, until: datetime) -> None:
    """Not done now, but then: it stays the thing of its moment."""
    connection.execute(update(due).where(due.c.id == one.id).values(claimed_at=None, not_before=until))


def next_due(connection: Connection) -> datetime | None:
    waits = select(due.c.not_before).where(due.c.claimed_at.is_(None)).order_by(due.c.not_before).limit(1)
    return connection.execute(waits).scalar()


def forget(connection: Connection, now: datetime) -> None:
    connection.execute(delete(due).where(due.c.claimed_at < now - KEEP))
