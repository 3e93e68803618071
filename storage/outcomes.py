"""What became of messages that belong to an announcement, written down with their outbox rows; which go out now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, literal_column, select, update

from storage.schema import announcement, recipient

STATES = {
    "sent": "delivered",
    "refused": "failed",
    "stopped": "blocked",
    "uncertain": "uncertain",
    "expired": "expired",
}
"""Of a recipient, by the status of the outbox row."""


@dataclass(frozen=True, slots=True)
class Outcome:
    recipient: int
    status: str
    """Of the outbox row; "gone" for one that stopped because nobody is there any more."""
    message_id: str
    reason: str
    """The platform's words, for what failed."""
    at: datetime


_write = (
    update(recipient)
    .where(recipient.c.id == bindparam("number"))
    .values(
        state=bindparam("becomes"),
        message_id=bindparam("message"),
        reason=bindparam("why"),
        ended_at=bindparam("moment"),
    )
)


def write(connection: Connection, outcomes: Sequence[Outcome]) -> None:
    if outcomes:
        connection.execute(
            _write,
            [
                {"number": one.recipient, "becomes": STATES.get(one.status, one.status), "message": one.message_id or None,
                 "why": one.reason[:64], "moment": one.at}
                for one in outcomes
            ],
        )  # fmt: skip


_going_out = (
    select(announcement.c.id).where(announcement.c.status == literal_column("'sending'")).order_by(announcement.c.id)
)


def going_out(connection: Connection) -> list[int]:
    """The numbers of the announcements that go out now, oldest first. Here because it is asked every second."""
    return list(connection.execute(_going_out).scalars())
