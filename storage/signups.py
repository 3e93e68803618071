"""Who comes to what: signing up, waiting, taking an offered place, leaving. One function an act.

Each act locks first and counts afterwards; places are never kept in a column. What must be told to others than the person
who acts goes through storage/due.py.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, func, insert, select, update

from knowledge.participation.refusals import Reason, Refusal, Wish, refusal
from knowledge.participation.reminders import evening_before
from knowledge.participation.states import COMING, LIVE, Event, Impossible, State
from storage import audit
from storage.activities import zone_of
from storage.due import Schedule, schedule
from storage.locks import lock
from storage.profiles import candidate
from storage.schema import session, sign_up
from storage.sessions import Listing, Session, listing
from storage.sign_up_rows import (
    COLUMNS,
    SignUp,
    by_id,
    forget_answers,
    locked,
    move,
    of_session,
    position,
    sign_up_of,
    who_left_with,
)  # fmt: skip
from storage.standing import Standing, standing

DROP_OUT = timedelta(hours=48)
"""Of somebody who leaves so shortly before the start, staff are told at once."""
ASK_AGAIN = timedelta(days=7)
"""And so shortly before it, others are asked to come instead."""


@dataclass(frozen=True, slots=True)
class SignedUp:
    sign_up: SignUp
    about: Listing | None = None
    """What it is for, as it was before, where somebody signed up just now."""


@dataclass(frozen=True, slots=True)
class Waiting:
    sign_up: SignUp
    position: int
    """1 is next."""
    about: Listing | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    refusal: Refusal
    other: Listing | None = None
    """The session of `refusal.other`."""
    about: Listing | None = None
    """The session that was asked for, where somebody signed up just now."""

    @property
    def reason(self) -> Reason:
        return self.refusal.reason


Answer = SignedUp | Waiting | Refused


def sign_up_for(connection: Connection, session_id: int, person_id: int, seats: int, now: datetime) -> Answer:
    """Signs a person up, with friends: `seats` people in all. Confirmed at once where there is room, else at the end of the
    waiting list, else refused with the reason. `now` in the city's time zone."""
    lock(connection, people=[person_id], sessions=[session_id])
    shown = listing(connection, session_id)
    if shown is None:
        return Refused(Refusal(Reason.CLOSED))
    found = standing(connection, person_id, shown.session, now)
    no = _refusal(connection, shown, person_id, seats, found, now)
    before_us = found.promoting and shown.waiting > 0
    if no is not None:
        return no if before_us else _left_over(connection, shown, no, now)
    if shown.session.capacity - shown.taken >= seats and not before_us:
        return SignedUp(_join(connection, shown.session, person_id, State.CONFIRMED, seats, now), shown)
    if shown.waiting == 0 and (leaving := _replaceable(connection, session_id, seats)) is not None:
        made = _join(connection, shown.session, person_id, State.CONFIRMED, seats, now)
        _replace(connection, leaving, seats, now)
        return SignedUp(made, shown)
    if not shown.activity.waiting_list:
        return Refused(Refusal(Reason.FULL), about=shown)
    made = _join(connection, shown.session, person_id, State.WAITING, seats, now)
    return Waiting(made, found.ahead + 1, shown)


def _left_over(connection: Connection, shown: Listing, no: Refused, now: datetime) -> SignedUp | Refused:
    """Somebody who waits takes a place that nobody was offered any more, as a newcomer could; otherwise `no` it is."""
    one = by_id(connection, no.refusal.other) if no.reason is Reason.ALREADY and no.refusal.other else None
    if one is None or one.state is not State.WAITING or shown.session.capacity - shown.taken < one.seats:
        return no
    if (other := overlapping(connection, one.person_id, shown.session)) is not None:
        return replace(_refused(connection, Refusal(Reason.OVERLAPS, other=other)), about=shown)
    offered = move(connection, one, Event.OFFER, None, now)
    return SignedUp(_accepted(connection, offered, shown, now), shown)


def _accepted(connection: Connection, one: SignUp, shown: Listing, now: datetime) -> SignUp:
    """Who takes a place after others were reminded has said that they come, and is not asked again."""
    reminded = now >= evening_before(shown.session.starts_at, zone_of(now))
    said = {"answered_at": now} if reminded else {}
    return move(connection, one, Event.ACCEPT, one.person_id, now, **said)


def _refusal(
    connection: Connection, shown: Listing, person_id: int, seats: int, found: Standing, now: datetime
) -> Refused | None:
    about, of = shown.session, shown.activity
    no = refusal(
        Wish(
            now=now,
            day=about.starts_at.astimezone(zone_of(now)).date(),
            published=of.status == "published",
            cancelled=about.status == "cancelled" or of.status == "cancelled",
            starts_at=about.starts_at,
            opens_at=about.opens_at,
            closes_at=about.closes_at,
            capacity=about.capacity,
            requirements=of.requirements,
            candidate=candidate(connection, person_id),
            seats=seats,
            already=found.already,
            overlapping=found.overlapping,
        )
    )
    return None if no is None else replace(_refused(connection, no), about=shown)


def _refused(connection: Connection, no: Refusal) -> Refused:
    other = by_id(connection, no.other) if no.other is not None else None
    return Refused(no, listing(connection, other.session_id) if other else None)


def overlapping(connection: Connection, person_id: int, about: Session) -> int | None:
    """The sign-up by which the person is expected elsewhere at that time."""
    return busy(connection, [person_id], about).get(person_id)


_busy = (
    select(sign_up.c.person_id, sign_up.c.id)
    .join_from(sign_up, session, session.c.id == sign_up.c.session_id)
    .where(
        sign_up.c.person_id.in_(bindparam("people", expanding=True)),
        sign_up.c.state.in_([*COMING]),
        session.c.id != bindparam("session"),
        session.c.status == "planned",
        session.c.starts_at < bindparam("ends"),
        session.c.ends_at > bindparam("begins"),
    )
    .order_by(sign_up.c.id.desc())
)


def busy(connection: Connection, person_ids: Collection[int], about: Session) -> dict[int, int]:
    """Those of the people who are expected elsewhere while the session goes on -> by which sign-up."""
    moments = {"people": [*person_ids], "session": about.id, "begins": about.starts_at, "ends": about.ends_at}
    rows = connection.execute(_busy, moments)
    return {row.person_id: row.id for row in rows}


_new = insert(sign_up).returning(*COLUMNS)


def _join(connection: Connection, about: Session, person_id: int, state: State, seats: int, now: datetime) -> SignUp:
    row = connection.execute(
        _new,
        {"session_id": about.id, "person_id": person_id, "state": state, "seats": seats, "joined_at": now, "because": "",
         "words": ""},
    ).one()  # fmt: skip
    made = sign_up_of(row)
    audit.note(
        connection, now, "joined", "", state, activity_id=about.activity_id, session_id=about.id, sign_up_id=made.id,
        person_id=person_id, actor_id=person_id,
    )  # fmt: skip
    return made


_GONE = Refused(Refusal(Reason.GONE))


def accept(connection: Connection, sign_up_id: int, person_id: int, now: datetime) -> SignedUp | Refused:
    """The person takes the place offered. Refused: the offer has run out (`gone`), or they are expected elsewhere meanwhile,
    the session was cancelled, is over..."""
    one = locked(connection, sign_up_id, person_id)
    if one is None:
        return _GONE
    if one.state in COMING:
        return SignedUp(one)
    shown = listing(connection, one.session_id)
    if shown is None or one.state is not State.OFFERED or one.offered_until is None or now >= one.offered_until:
        cancelled = shown is not None and "cancelled" in (shown.session.status, shown.activity.status)
        return Refused(Refusal(Reason.CANCELLED)) if cancelled else _GONE
    if now >= shown.session.starts_at:
        return Refused(Refusal(Reason.OVER))
    if (other := overlapping(connection, person_id, shown.session)) is not None:
        return _refused(connection, Refusal(Reason.OVERLAPS, other=other))
    leaving = by_id(connection, one.replaces) if one.replaces is not None else None
    taken = _accepted(connection, one, shown, now)
    if leaving is not None and leaving.state is State.LOOKING:
        _replace(connection, leaving, one.seats, now)
    return SignedUp(taken)


def decline(connection: Connection, sign_up_id: int, person_id: int, now: datetime) -> SignUp | Refused:
    """The person leaves the place offered to the next."""
    one = locked(connection, sign_up_id, person_id)
    if one is None or one.state is not State.OFFERED:
        return _GONE
    declined = move(connection, one, Event.DECLINE, person_id, now)
    schedule(connection, Schedule.PROMOTE, [one.session_id], now)
    return declined


def expire(connection: Connection, sign_up_id: int, now: datetime) -> SignUp | None:
    """The offer has run out; None when it had been answered, or runs longer."""
    one = locked(connection, sign_up_id)
    if one is None or one.state is not State.OFFERED or one.offered_until is None or now < one.offered_until:
        return None
    schedule(connection, Schedule.PROMOTE, [one.session_id], now)
    return move(connection, one, Event.EXPIRE, None, now, because="late")


def cancel(connection: Connection, sign_up_id: int, person_id: int, now: datetime) -> SignUp | Refused:
    """The person does not come, or waits no longer; the queue moves on. Pressed twice, it is done once."""
    one = locked(connection, sign_up_id, person_id)
    if one is None:
        return _GONE
    if one.state is State.CANCELLED:
        return one
    try:
        return leave(connection, one, Event.CANCEL, person_id, now)
    except Impossible:
        return _GONE


def remove(connection: Connection, sign_up_id: int, actor: int, now: datetime) -> SignUp | Refused:
    """Staff take somebody off the list, who is told."""
    one = locked(connection, sign_up_id)
    if one is None or one.state not in LIVE:
        return _GONE
    schedule(connection, Schedule.REMOVED, [one.id], now)
    return leave(connection, one, Event.REMOVE, actor, now, because="staff")


def leave(
    connection: Connection, one: SignUp, event: Event, actor: int | None, now: datetime, because: str = ""
) -> SignUp:
    """Ends a live sign-up whose session is locked. Raises Impossible."""
    gone = move(connection, one, event, actor, now, because=because)
    # A place that was to be taken over comes free: who was offered it keeps the offer.
    connection.execute(update(sign_up).where(sign_up.c.replaces == one.id).values(replaces=None))
    schedule(connection, Schedule.PROMOTE, [one.session_id], now)
    if one.state in COMING:
        _dropped_out(connection, one, now)
    return gone


def _dropped_out(connection: Connection, one: SignUp, now: datetime) -> None:
    shown = listing(connection, one.session_id)
    if shown is None or shown.session.starts_at <= now:
        return
    left = shown.session.starts_at - now
    if left <= DROP_OUT:
        schedule(connection, Schedule.LEFT, [one.id], now)
    if shown.activity.alerts and left <= ASK_AGAIN:
        schedule(connection, Schedule.ALERT, [one.session_id], now)


def look_for_replacement(connection: Connection, sign_up_id: int, person_id: int, now: datetime) -> SignUp | Refused:
    """The person would rather not come, but keeps the place until somebody takes it."""
    one = locked(connection, sign_up_id, person_id)
    if one is None or one.state not in COMING:
        return _GONE
    if one.state is State.LOOKING:
        return one
    looking = move(connection, one, Event.LOOK, person_id, now)
    schedule(connection, Schedule.PROMOTE, [one.session_id], now)
    _dropped_out(connection, one, now)
    return looking


def stay(connection: Connection, sign_up_id: int, person_id: int, now: datetime) -> SignUp | Refused:
    """The person comes after all; whoever was just offered their place goes back to the head of the list."""
    one = locked(connection, sign_up_id, person_id)
    if one is None or one.state not in COMING:
        return _GONE
    if one.state is State.CONFIRMED:
        return one
    offered = connection.execute(select(*COLUMNS).where(sign_up.c.replaces == one.id)).all()
    for each in offered:
        move(connection, sign_up_of(each), Event.WITHDRAW, None, now)
        schedule(connection, Schedule.WITHDRAWN, [each.id], now)
    return move(connection, one, Event.STAY, person_id, now)


def coming(connection: Connection, sign_up_id: int, person_id: int, now: datetime) -> SignUp | Refused:
    """The answer to a reminder: "I will be there"."""
    one = locked(connection, sign_up_id, person_id)
    if one is None or one.state not in COMING:
        return _GONE
    if one.state is State.LOOKING:
        return stay(connection, sign_up_id, person_id, now)
    row = connection.execute(
        update(sign_up).where(sign_up.c.id == one.id).values(answered_at=now).returning(*COLUMNS)
    ).one()
    return sign_up_of(row)


def _replaceable(connection: Connection, session_id: int, seats: int) -> SignUp | None:
    """Somebody looking for a replacement, for so many people at least, whose place nobody is being offered."""
    return next((one for one, spare in looking(connection, session_id) if spare >= seats), None)


def looking(connection: Connection, session_id: int) -> list[tuple[SignUp, int]]:
    """Who looks for a replacement, longest on the list first, with the seats that nobody is being offered."""
    rows = connection.execute(
        select(*COLUMNS)
        .where(sign_up.c.session_id == session_id, sign_up.c.state == State.LOOKING)
        .order_by(sign_up.c.joined_at, sign_up.c.id)
    ).all()
    if not rows:
        return []
    offered = connection.execute(
        select(sign_up.c.replaces, func.sum(sign_up.c.seats))
        .where(sign_up.c.session_id == session_id, sign_up.c.state == State.OFFERED, sign_up.c.replaces.is_not(None))
        .group_by(sign_up.c.replaces)
    ).all()
    promised: dict[int, int] = {row[0]: row[1] for row in offered}
    return [(one, one.seats - promised.get(one.id, 0)) for one in map(sign_up_of, rows)]


def _replace(connection: Connection, leaving: SignUp, seats: int, now: datetime) -> None:
    """Somebody took `seats` of the places of `leaving`, who is told; the rest of a group still looks."""
    if leaving.seats > seats:
        connection.execute(update(sign_up).where(sign_up.c.id == leaving.id).values(seats=leaving.seats - seats))
    else:
        move(connection, leaving, Event.REPLACED, None, now, because="replaced")
    schedule(connection, Schedule.REPLACED, [leaving.id], now)


def expire_unreachable(connection: Connection, sign_up_id: int, now: datetime) -> None:
    """An offer that nobody can be told of is none: the next in line is asked."""
    one = locked(connection, sign_up_id)
    if one is not None and one.state is State.OFFERED:
        move(connection, one, Event.EXPIRE, None, now, because="unreachable")


__all__ = [
    "COLUMNS", "Answer", "Refused", "SignUp", "SignedUp", "Waiting", "accept", "busy", "by_id", "cancel", "coming", "decline",
    "expire", "expire_unreachable", "forget_answers", "leave", "locked", "look_for_replacement", "looking", "move",
    "of_session", "overlapping", "position", "remove", "sign_up_for", "sign_up_of", "stay", "who_left_with",
]  # fmt: skip
