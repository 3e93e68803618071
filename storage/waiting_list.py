"""Places that came free are offered to who waits, in order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from knowledge.participation.offers import Deadline, deadline
from knowledge.participation.quiet import Quiet
from knowledge.participation.states import Event, State
from storage.due import Schedule, schedule
from storage.locks import lock
from storage.sessions import Listing, listing
from storage.signups import SignUp, busy, looking, move, of_session


@dataclass(frozen=True, slots=True)
class Offered:
    """To be told to its person at `deadline.tell_at`."""

    sign_up: SignUp
    deadline: Deadline


def promote(connection: Connection, session_id: int, now: datetime, quiet: Quiet) -> list[Offered]:
    """Offers every place that is free, or that somebody looks for a replacement for, to the next whom it fits.

    First come, first served, by the time of joining the list; a group is passed over until all of it fits, and somebody who
    is expected elsewhere at that time until they are not. Nobody is asked when it is too late to be of use."""
    lock(connection, sessions=[session_id])
    shown = listing(connection, session_id)
    if shown is None or shown.session.status != "planned" or shown.activity.status != "published":
        return []
    until = deadline(now, shown.session.starts_at, quiet)
    if until is None or not shown.waiting:
        return []
    return _offer(connection, shown, until, now)


def _offer(connection: Connection, shown: Listing, until: Deadline, now: datetime) -> list[Offered]:
    session_id = shown.session.id
    free = shown.session.capacity - shown.taken
    leaving = {one.id: spare for one, spare in looking(connection, session_id)}
    waiting = of_session(connection, session_id, (State.WAITING,))
    elsewhere = busy(connection, [one.person_id for one in waiting], shown.session)
    offered: list[Offered] = []
    for one in waiting:
        if free <= 0 and not any(spare > 0 for spare in leaving.values()):
            break
        if one.person_id in elsewhere:
            continue
        replaces = None
        if one.seats > free:
            replaces = next((number for number, spare in leaving.items() if spare >= one.seats), None)
            if replaces is None:
                continue
            leaving[replaces] -= one.seats
        else:
            free -= one.seats
        made = move(connection, one, Event.OFFER, None, now, offered_until=until.until, replaces=replaces)
        schedule(connection, Schedule.OFFER, [made.id], until.until)
        offered.append(Offered(made, until))
    return offered
