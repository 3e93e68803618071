"""Answers on their way between a volunteer and the team: which message in which chat stands for whom. No words are kept, only
that link, as long as the outbox knows the message."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, delete, exists, insert, or_, select, update

from knowledge.announcements.kinds import State
from storage.outbox import FORGET_AFTER, QUEUED
from storage.schema import outbox, recipient, relayed, stopped_lane

ANSWERABLE = timedelta(hours=48)
"""An announcement can be answered so long."""


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


def announced_lately(connection: Connection, person_id: int, since: datetime) -> bool:
    """Whether an announcement reached somebody since then: asked before all that is needed for its answers is loaded."""
    got = (recipient.c.person_id == person_id, recipient.c.state == State.DELIVERED, recipient.c.ended_at >= since)
    return connection.execute(select(recipient.c.id).where(*got).limit(1)).scalar() is not None


def concerns(
    connection: Connection, person_id: int, platform: str, lane: str, destination: str, message_id: str
) -> bool:
    """Whether a message was an announcement to this person, or into this group of the settings, or stands for somebody: one
    look, for each reply to any message."""
    stands_for = exists().where(
        relayed.c.lane == lane, outbox.c.id == relayed.c.outbox_id, outbox.c.message_id == message_id
    )
    to = recipient.c.destination == destination if destination else recipient.c.person_id == person_id
    announced = exists().where(to, recipient.c.platform == platform, recipient.c.message_id == message_id)
    of_another = exists().where(outbox.c.platform == platform, outbox.c.message_id == message_id)
    leaving = and_(exists().where(recipient.c.person_id == person_id, *_leaving(platform)), ~of_another)
    return bool(connection.execute(select(or_(stands_for, announced, leaving))).scalar())


def _leaving(platform: str) -> tuple[ColumnElement[bool], ...]:
    """Of what has left but is not written down yet: somebody may be faster."""
    return (recipient.c.platform == platform, recipient.c.state == State.OUT, recipient.c.message_id.is_(None))


def just_left(connection: Connection, person_id: int, platform: str) -> int | None:
    """The number of the announcement that is on its way to somebody at this moment."""
    mine = select(recipient.c.announcement_id).where(recipient.c.person_id == person_id, *_leaving(platform))
    return connection.execute(mine.order_by(recipient.c.id.desc()).limit(1)).scalar()


def into_group(connection: Connection, destination: str, message_id: str, since: datetime) -> int | None:
    """The number of the announcement that was this message in a group of the settings, if it came after `since`."""
    there = (recipient.c.destination == destination, recipient.c.message_id == message_id)
    return connection.execute(
        select(recipient.c.announcement_id).where(*there, recipient.c.ended_at >= since).limit(1)
    ).scalar()


def can_be_written_to(connection: Connection, lane: str) -> bool:
    """Not where the bot was put out."""
    return connection.execute(select(stopped_lane.c.lane).where(stopped_lane.c.lane == lane)).scalar() is None


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
