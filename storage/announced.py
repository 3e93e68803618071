"""What announcements keep of a person: to forget it, or to give it to another account of theirs."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, Select, delete, exists, literal_column, select, update

from storage.schema import announcement, attachment, outbox, recipient, relayed, saved_audience

AUTHORS = (
    announcement.c.author_id, announcement.c.confirmed_by, attachment.c.created_by, saved_audience.c.created_by,
)  # fmt: skip
KEEP = timedelta(days=183)
FORGET_AT_ONCE = 5
"""Announcements in one transaction."""
NOT_SENT = recipient.c.state.in_(["queued", "excluded"])


def forget(connection: Connection, person_id: int) -> None:
    """Nothing more goes to them. That somebody got an announcement, or made one, stays; who does not."""
    _hand_over(connection, person_id, None)
    mine = recipient.c.person_id == person_id
    connection.execute(delete(recipient).where(mine, NOT_SENT))
    out = select(recipient.c.id).where(mine, recipient.c.state == "out")
    still = (outbox.c.status == literal_column("'queued'"), outbox.c.recipient.in_(out))
    taken = connection.execute(delete(outbox).where(*still).returning(outbox.c.recipient)).scalars().all()
    if taken:
        connection.execute(update(recipient).where(recipient.c.id.in_(taken)).values(state="cancelled"))
    connection.execute(update(recipient).where(mine).values(person_id=None, message_id=None, language=""))
    connection.execute(delete(relayed).where(relayed.c.person_id == person_id))


def forget_old(connection: Connection, now: datetime) -> None:
    """Half a year after its end nobody needs to know any more who got an announcement, and what they answered."""
    known = exists().where(recipient.c.announcement_id == announcement.c.id, recipient.c.person_id.is_not(None))
    old = select(announcement.c.id).where(announcement.c.ended_at < now - KEEP, known).limit(FORGET_AT_ONCE)
    numbers = connection.execute(old).scalars().all()
    if numbers:
        theirs = recipient.c.announcement_id.in_(numbers)
        connection.execute(update(recipient).where(theirs).values(person_id=None, message_id=None, language=""))


def hand_over(connection: Connection, joining: int, to: int) -> None:
    """Two accounts are one person from now on: who was to get an announcement twice gets it once."""
    _hand_over(connection, joining, to)
    for mine, other in ((joining, to), (to, joining)):
        both = recipient.c.announcement_id.in_(_announcements_of(other))
        connection.execute(delete(recipient).where(recipient.c.person_id == mine, NOT_SENT, both))
    twice = recipient.c.announcement_id.in_(_announcements_of(to))
    connection.execute(update(recipient).where(recipient.c.person_id == joining, twice).values(person_id=None))
    connection.execute(update(recipient).where(recipient.c.person_id == joining).values(person_id=to))
    connection.execute(update(relayed).where(relayed.c.person_id == joining).values(person_id=to))


def _hand_over(connection: Connection, joining: int, to: int | None) -> None:
    for column in AUTHORS:
        connection.execute(update(column.table).where(column == joining).values({column.name: to}))


def _announcements_of(person_id: int) -> Select[tuple[int]]:
    other = recipient.alias()
    return select(other.c.announcement_id).where(other.c.person_id == person_id)
