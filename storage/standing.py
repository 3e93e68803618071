"""How a person stands to a session, in one look at the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, exists, func, select

from knowledge.participation.states import COMING, LIVE, State
from storage.columns import Key, UtcDateTime
from storage.due import Schedule
from storage.schema import due, session, sign_up
from storage.sessions import Session


@dataclass(frozen=True, slots=True)
class Standing:
    already: int | None
    """Their sign-up for this session."""
    overlapping: int | None
    """The sign-up by which they are expected elsewhere at that time."""
    ahead: int
    """Sign-ups that would wait before theirs."""
    promoting: bool
    """A place may have come free that is about to be offered to who waits."""


_person, _session = bindparam("person", type_=Key), bindparam("session", type_=Key)
_already = select(func.max(sign_up.c.id)).where(
    sign_up.c.session_id == _session, sign_up.c.person_id == _person, sign_up.c.state.in_([*LIVE, State.ATTENDED])
)
_overlapping = (
    select(func.min(sign_up.c.id))
    .join_from(sign_up, session, session.c.id == sign_up.c.session_id)
    .where(
        sign_up.c.person_id == _person,
        sign_up.c.state.in_([*COMING]),
        session.c.id != _session,
        session.c.status == "planned",
        session.c.starts_at < bindparam("ends", type_=UtcDateTime),
        session.c.ends_at > bindparam("begins", type_=UtcDateTime),
    )
)
_ahead = select(func.count()).where(
    sign_up.c.session_id == _session,
    sign_up.c.state == State.WAITING,
    sign_up.c.joined_at <= bindparam("now", type_=UtcDateTime),
)
_promoting = exists().where(
    due.c.schedule == Schedule.PROMOTE, due.c.subject == _session, due.c.claimed_at.is_(None)
)  # fmt: skip
_standing = select(
    _already.scalar_subquery(), _overlapping.scalar_subquery(), _ahead.scalar_subquery(), _promoting
)  # fmt: skip


def standing(connection: Connection, person_id: int, about: Session, now: datetime) -> Standing:
    """Looked at under the locks of both."""
    asked = {
        "person": person_id, "session": about.id, "begins": about.starts_at, "ends": about.ends_at, "now": now
    }  # fmt: skip
    row = connection.execute(_standing, asked).one()
    return Standing(row[0], row[1], row[2], bool(row[3]))
