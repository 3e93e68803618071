"""Missions that people are asked to come to: whom they could be asked, who was, what they said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from sqlalchemy import Connection, func, insert, select, update

from knowledge.participation.states import COMING, LIVE
from knowledge.participation.waves import Volunteer
from storage import opt_outs
from storage.profiles import COLUMNS, Profile, candidates, profile_of
from storage.schema import asked, person, session, sign_up, volunteer
from storage.sessions import Session

Reply = Literal["coming", "not_now", "fewer"]


@dataclass(frozen=True, slots=True)
class Asked:
    person_id: int
    wave: int
    asked_at: datetime
    answer: str
    """"" for none yet, coming, not_now, fewer."""
    answered_at: datetime | None


def volunteers(connection: Connection, about: Session, today: date) -> list[Volunteer]:
    """Everybody who wants to be asked for missions, today, and is neither on this session's list nor was asked for
    it, with when they are busy around it."""
    asked_already = select(asked.c.person_id).where(asked.c.session_id == about.id)
    on_list = select(sign_up.c.person_id).where(sign_up.c.session_id == about.id, sign_up.c.state.in_([*LIVE]))
    rows = connection.execute(
        select(*COLUMNS)
        .join_from(volunteer, person, person.c.id == volunteer.c.person_id)
        .where(
            volunteer.c.person_id.not_in(opt_outs.unwilling(opt_outs.MISSION, today)),
            volunteer.c.person_id.not_in(asked_already),
            volunteer.c.person_id.not_in(on_list),
        )
        .order_by(volunteer.c.person_id)
    ).all()
    profiles = [profile_of(row) for row in rows]
    return _volunteers(connection, profiles, about.starts_at, about.ends_at)


def readers(connection: Connection, after: int, limit: int, now: datetime, until: datetime) -> list[Volunteer]:
    """The next `limit` people, by number, who want the week's missions, with when they are busy from now until then."""
    rows = connection.execute(
        select(*COLUMNS)
        .where(
            volunteer.c.person_id > after,
            volunteer.c.person_id.not_in(opt_outs.unwilling(opt_outs.DIGEST, now.date())),
        )
        .order_by(volunteer.c.person_id)
        .limit(limit)
    ).all()
    return _volunteers(connection, [profile_of(row) for row in rows], now, until)


def _volunteers(connection: Connection, profiles: list[Profile], begins: datetime, ends: datetime) -> list[Volunteer]:
    known = candidates(connection, profiles)
    busy = _busy(connection, begins, ends)
    return [
        Volunteer(
            person_id=one.person_id,
            candidate=known[one.person_id],
            districts=one.districts,
            times=one.times,
            near_only=one.near_only,
            weekends_only=one.weekends_only,
            paused_until=one.paused_until,
            last_asked_at=one.last_asked_at,
            busy=tuple(busy.get(one.person_id, ())),
        )
        for one in profiles
    ]


def _busy(connection: Connection, begins: datetime, ends: datetime) -> dict[int, list[tuple[datetime, datetime]]]:
    rows = connection.execute(
        select(sign_up.c.person_id, session.c.starts_at, session.c.ends_at)
        .join_from(sign_up, session, session.c.id == sign_up.c.session_id)
        .where(
            sign_up.c.state.in_([*COMING]),
            session.c.status == "planned",
            session.c.starts_at < ends,
            session.c.ends_at > begins,
        )
    )
    found: dict[int, list[tuple[datetime, datetime]]] = {}
    for person_id, from_, until in rows:
        found.setdefault(person_id, []).append((from_, until))
    return found


def note_asked(connection: Connection, session_id: int, person_ids: Sequence[int], now: datetime) -> int:
    """These people are being asked; the number of the wave, from 1."""
    last = select(func.max(asked.c.wave)).where(asked.c.session_id == session_id)
    wave = (connection.execute(last).scalar() or 0) + 1
    if person_ids:
        connection.execute(
            insert(asked),
            [
                {"session_id": session_id, "person_id": one, "wave": wave, "asked_at": now, "answer": ""}
                for one in person_ids
            ],
        )
        connection.execute(update(volunteer).where(volunteer.c.person_id.in_(person_ids)).values(last_asked_at=now))
    return wave


def answer(connection: Connection, session_id: int, person_id: int, reply: Reply, now: datetime) -> bool:
    """What somebody said who was asked; False for somebody who was not. "Je viens" signs up by `signups.sign_up_for` too."""
    mine = (asked.c.session_id == session_id, asked.c.person_id == person_id)
    return bool(connection.execute(update(asked).where(*mine).values(answer=reply, answered_at=now)).rowcount)


def asked_for(connection: Connection, session_id: int) -> list[Asked]:
    """Who was asked and who answered, for staff; newest wave last."""
    rows = connection.execute(
        select(asked.c.person_id, asked.c.wave, asked.c.asked_at, asked.c.answer, asked.c.answered_at)
        .where(asked.c.session_id == session_id)
        .order_by(asked.c.wave, asked.c.person_id)
    )
    return [Asked(*row) for row in rows]


def asked_of(connection: Connection, person_id: int) -> list[tuple[int, Asked]]:
    """What one person was asked to come to, by session, oldest first: for /mesdonnees."""
    rows = connection.execute(
        select(
            asked.c.session_id, asked.c.person_id, asked.c.wave, asked.c.asked_at, asked.c.answer, asked.c.answered_at
        )
        .where(asked.c.person_id == person_id)
        .order_by(asked.c.asked_at, asked.c.session_id)
    )
    return [(session_id, Asked(*row)) for session_id, *row in rows]


__all__ = ["Asked", "Reply", "answer", "asked_for", "asked_of", "note_asked", "volunteers"]
