"""Answers on their way between a volunteer and the team: which message in which chat stands for whom. No words are kept, only
that link, as long as the outbox knows the message."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from storage.outbox import FORGET_AFTER, QUEUED
from storage.schema import outbox, relayed


@dataclass(frozen=True, slots=True)
class Relayed:
    announcement_id: int | None
    person_id: int
    """The volunteer."""


def note(
    connection: Connection, announcement_id: int | None, person_id: int, lane: str, outbox_id: int, now: datetime
) -> None:
    """The message of this outbox row, in this chat, stands for the volunteer: whoever replies to it speaks with them."""
    row = {"announcement_id": announcement_id, "person_id": person_id, "lane": lane, "outbox_id": outbox_id}
    connection.execute(insert(relayed).values(**row, created_at=now, forget_at=now + FORGET_AFTER))


def by_message(connection: Connection, lane: str, message_id: str) -> Relayed | None:
    """Whom a message stands for, by its chat and the platform's number of it."""
    row = connection.execute(
        select(relayed.c.announcement_id, relayed.c.person_id)
        .join_from(relayed, outbox, outbox.c.id == relayed.c.outbox_id)
        .where(relayed.c.lane == lane, outbox.c.message_id == message_id)
        .order_by(relayed.c.id.desc())
        .limit(1)
    ).one_or_none()
    return Relayed(*row) if row else None


def move(connection: Connection, old: str, new: str) -> None:
    """A chat goes on under another id."""
    connection.execute(update(relayed).where(relayed.c.lane == old).values(lane=new))


def take_back(connection: Connection, person_id: int) -> None:
    """What a person wrote, and has not left for the team yet, does not."""
    theirs = select(relayed.c.outbox_id).where(relayed.c.person_id == person_id)
    connection.execute(
        update(outbox).where(outbox.c.id.in_(theirs), outbox.c.status == QUEUED).values(status="stopped", body=None)
    )
    connection.execute(delete(relayed).where(relayed.c.person_id == person_id))


def forget(connection: Connection, now: datetime) -> None:
    connection.execute(delete(relayed).where(relayed.c.forget_at <= now))
