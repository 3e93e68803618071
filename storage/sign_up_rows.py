"""Sign-ups as rows: read, locked, moved from one state to the next. What may be done when is in storage/signups.py."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, bindparam, func, or_, select, update

from knowledge.participation.states import COMING, LIVE, Event, State, moved
from storage import audit
from storage.locks import lock
from storage.schema import sign_up


@dataclass(frozen=True, slots=True)
class SignUp:
    id: int
    session_id: int
    person_id: int
    state: State
    seats: int
    joined_at: datetime
    offered_until: datetime | None
    replaces: int | None
    because: str
    answered_at: datetime | None
    arrived_at: datetime | None
    rating: int | None


_NAMES = tuple(each.name for each in fields(SignUp))


COLUMNS = tuple(sign_up.c[name] for name in _NAMES)


def sign_up_of(row: Any) -> SignUp:
    values = {name: row._mapping[name] for name in _NAMES}
    return SignUp(**{**values, "state": State(values["state"])})


def by_id(connection: Connection, sign_up_id: int) -> SignUp | None:
    row = connection.execute(select(*COLUMNS).where(sign_up.c.id == sign_up_id)).one_or_none()
    return sign_up_of(row) if row else None


def of_session(
    connection: Connection, session_id: int, states: Collection[State] = (*LIVE, State.ATTENDED, State.NO_SHOW)
) -> list[SignUp]:
    """Who is on the list, by the time they joined it."""
    rows = connection.execute(
        select(*COLUMNS)
        .where(sign_up.c.session_id == session_id, sign_up.c.state.in_([*states]))
        .order_by(sign_up.c.joined_at, sign_up.c.id)
    )
    return [sign_up_of(row) for row in rows]


def who_left_with(connection: Connection, session_id: int) -> list[SignUp]:
    """Whose sign-up ended because the session was cancelled."""
    rows = connection.execute(
        select(*COLUMNS)
        .where(sign_up.c.session_id == session_id, sign_up.c.because == "session")
        .order_by(sign_up.c.id)
    )
    return [sign_up_of(row) for row in rows]


_ahead = select(func.count()).where(
    sign_up.c.session_id == bindparam("session"),
    sign_up.c.state == State.WAITING,
    or_(
        sign_up.c.joined_at < bindparam("joined"),
        and_(sign_up.c.joined_at == bindparam("joined"), sign_up.c.id <= bindparam("number")),
    ),
)


def position(connection: Connection, one: SignUp) -> int:
    """Its place in the waiting list, from 1; 0 when it does not wait."""
    if one.state is not State.WAITING:
        return 0
    mine = {"session": one.session_id, "joined": one.joined_at, "number": one.id}
    return connection.execute(_ahead, mine).scalar_one()


def locked(connection: Connection, sign_up_id: int, person_id: int | None = None) -> SignUp | None:
    """The sign-up, with its session locked, and its person with `person_id`; None where that has none of this number."""
    known = by_id(connection, sign_up_id)
    if known is None or (person_id is not None and known.person_id != person_id):
        return None
    lock(connection, people=[] if person_id is None else [person_id], sessions=[known.session_id])
    return by_id(connection, sign_up_id)


def move(connection: Connection, one: SignUp, event: Event, actor: int | None, now: datetime, **values: Any) -> SignUp:
    """Changes the state by the table of transitions, with its audit row. Raises Impossible."""
    state = moved(one.state, event)
    if state is not State.OFFERED:
        values = {"offered_until": None, "replaces": None, **values}
    row = connection.execute(
        update(sign_up).where(sign_up.c.id == one.id).values(state=state, **values).returning(*COLUMNS)
    ).one()
    audit.note(
        connection, now, event, one.state, state, session_id=one.session_id, sign_up_id=one.id, person_id=one.person_id,
        actor_id=actor,
    )  # fmt: skip
    return sign_up_of(row)


def forget_answers(connection: Connection, session_id: int) -> None:
    """The session moved: who said "I will be there" meant another time."""
    connection.execute(
        update(sign_up)
        .where(sign_up.c.session_id == session_id, sign_up.c.state.in_([*COMING]))
        .values(answered_at=None)
    )
