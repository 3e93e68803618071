"""Links that give a role to whoever opens them first: used once, within a week, and only while who made them may."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select, update

from storage import audit
from storage.schema import invitation

LIFE = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Invitation:
    role: str
    organisation: str
    """Of partners: their association."""
    invited_by: int | None
    """None: they asked to be forgotten since."""


def invite(connection: Connection, code: str, role: str, organisation: str, actor: int, now: datetime) -> None:
    """`code` gives `role` once, within LIFE. Only its hash is kept."""
    connection.execute(delete(invitation).where(invitation.c.expires_at <= now))
    row = {"code_hash": _hash(code), "role": role, "organisation": organisation, "invited_by": actor}
    connection.execute(insert(invitation).values(**row, expires_at=now + LIFE))
    audit.note(connection, now, audit.INVITED, after=role, actor_id=actor, words=organisation)


def look(connection: Connection, code: str, now: datetime) -> Invitation | None:
    """What a code gives; None for one that is wrong, used or too old."""
    wanted = (invitation.c.code_hash == _hash(code), invitation.c.expires_at > now)
    row = connection.execute(
        select(invitation.c.role, invitation.c.organisation, invitation.c.invited_by).where(*wanted)
    ).one_or_none()
    return Invitation(*row) if row else None


def use_up(connection: Connection, code: str) -> bool:
    """Whether it was there to be used: of two who open a link at once, one is first."""
    return bool(connection.execute(delete(invitation).where(invitation.c.code_hash == _hash(code))).rowcount)


def withdraw(connection: Connection, person_id: int) -> None:
    """Those that a person made, and nobody used yet, give nothing any more."""
    connection.execute(delete(invitation).where(invitation.c.invited_by == person_id))


def hand_over(connection: Connection, joining: int, to: int) -> None:
    """Two accounts are one person from now on."""
    connection.execute(update(invitation).where(invitation.c.invited_by == joining).values(invited_by=to))


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
