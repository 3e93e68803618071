"""Who has an announcement as it read before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from storage.schema import recipient


@dataclass(frozen=True, slots=True)
class Got:
    """A message that reached somebody, by the platform's own number."""

    id: int
    person_id: int
    platform: str
    language: str
    message_id: str


def announcement_of(connection: Connection, number: int) -> int | None:
    """The announcement that a recipient belongs to."""
    return connection.execute(select(recipient.c.announcement_id).where(recipient.c.id == number)).scalar()


def got(connection: Connection, announcement: int, start: int, limit: int) -> Sequence[Got]:
    """People who have it, from recipient number `start` on."""
    rows = connection.execute(
        select(
            recipient.c.id, recipient.c.person_id, recipient.c.platform, recipient.c.language, recipient.c.message_id
        )
        .where(
            recipient.c.announcement_id == announcement,
            recipient.c.state == "delivered",
            recipient.c.id >= start,
            recipient.c.person_id.is_not(None),
            recipient.c.message_id.is_not(None),
        )
        .order_by(recipient.c.id)
        .limit(limit)
    )
    return [Got(*row) for row in rows]
