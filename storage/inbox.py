"""What arrived and is to be handled: every message once, in order within its lane."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, bindparam, delete, exists, func, literal_column, select, update

from storage.schema import inbox
from storage.upsert import Upsert

FOLLOWERS = 100
"""How many more messages of the claimed lanes are taken along."""


@dataclass(frozen=True, slots=True)
class NewMessage:
    platform: str
    update_id: str
    lane: str
    body: str


@dataclass(frozen=True, slots=True)
class Message:
    id: int
    lane: str
    body: str
    attempts: int
    received_at: datetime


_record = Upsert(inbox, lambda insert: insert.on_conflict_do_nothing())


def record(connection: Connection, messages: Sequence[NewMessage], now: datetime) -> None:
    """Keeps messages to be handled; one that is already known (same platform and update) is left alone."""
    if not messages:
        return
    rows = [
        {"platform": m.platform, "update_id": m.update_id, "lane": m.lane, "body": m.body, "status": "new", "attempts": 0,
         "not_before": now, "received_at": now}
        for m in messages
    ]  # fmt: skip
    _record.execute(connection, rows)


NEW: ColumnElement[str] = literal_column("'new'")
"""Written into the statements: planners use the indexes of new messages only where they see this value."""

_earlier = inbox.alias("earlier")
_fields = (inbox.c.id, inbox.c.lane, inbox.c.body, inbox.c.attempts, inbox.c.received_at)
_heads = (
    select(*_fields)
    .where(
        inbox.c.status == NEW,
        inbox.c.not_before <= bindparam("now"),
        inbox.c.id.not_in(bindparam("elsewhere", expanding=True)),
        ~exists().where(_earlier.c.status == NEW, _earlier.c.lane == inbox.c.lane, _earlier.c.id < inbox.c.id),
    )
    .order_by(inbox.c.id)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
)
_followers = (
    select(*_fields)
    .where(
        inbox.c.status == NEW,
        inbox.c.lane.in_(bindparam("lanes", expanding=True)),
        inbox.c.id.not_in(bindparam("heads", expanding=True)),
        ~exists().where(
            _earlier.c.status == NEW,
            _earlier.c.lane == inbox.c.lane,
            _earlier.c.id <= inbox.c.id,
            _earlier.c.not_before > bindparam("now"),
        ),
    )
    .order_by(inbox.c.id)
    .limit(FOLLOWERS)
)


def claim(
    connection: Connection, now: datetime, limit: int, elsewhere: Collection[int] = (), *, behind: bool = True
) -> list[Message]:
    """The oldest message of up to `limit` lanes and some of those behind them, in order, until the transaction ends.

    On PostgreSQL other workers skip lanes whose oldest message is locked here. `elsewhere`: message numbers that wait
    for something of ours outside a transaction; their lanes wait too. Without `behind` only the oldest of each lane.
    """
    heads = connection.execute(_heads, {"now": now, "limit": limit, "elsewhere": list(elsewhere)}).all()
    if not heads:
        return []
    lanes, ids = [row.lane for row in heads], [row.id for row in heads]
    followers = connection.execute(_followers, {"lanes": lanes, "heads": ids, "now": now}).all() if behind else []
    return sorted((Message(*row) for row in (*heads, *followers)), key=lambda message: message.id)


_done = update(inbox).where(inbox.c.id == bindparam("message")).values(status="done", body=None, lane="")


def done(connection: Connection, ids: Sequence[int]) -> None:
    """Handled: the words, and whose they were, are deleted; the number stays to recognise repeats."""
    if ids:
        connection.execute(_done, [{"message": number} for number in ids])


def failed(connection: Connection, message: Message, retry_at: datetime) -> None:
    """Not handled: again at `retry_at`."""
    connection.execute(
        update(inbox).where(inbox.c.id == message.id).values(attempts=inbox.c.attempts + 1, not_before=retry_at)
    )


def park(connection: Connection, message: Message) -> None:
    """Given up: kept, with its words, for somebody to look at; its lane goes on."""
    connection.execute(
        update(inbox).where(inbox.c.id == message.id).values(attempts=inbox.c.attempts + 1, status="parked")
    )


_next_due = select(func.min(inbox.c.not_before)).where(
    inbox.c.status == NEW,
    ~exists().where(_earlier.c.status == NEW, _earlier.c.lane == inbox.c.lane, _earlier.c.id < inbox.c.id),
)


def next_due(connection: Connection) -> datetime | None:
    """When the oldest message of some lane may be handled, None when none waits."""
    return connection.execute(_next_due).scalar()


def waiting(connection: Connection) -> int:
    return connection.execute(select(func.count()).where(inbox.c.status == NEW)).scalar_one()


def parked(connection: Connection) -> int:
    return connection.execute(select(func.count()).where(inbox.c.status == "parked")).scalar_one()


def forget(connection: Connection, before: datetime, parked_before: datetime) -> None:
    """Deletes handled rows received before `before` (platforms repeat an update for a day at most) and old parked ones."""
    connection.execute(delete(inbox).where(inbox.c.status == "done", inbox.c.received_at < before))
    connection.execute(delete(inbox).where(inbox.c.status == "parked", inbox.c.received_at < parked_before))


def forget_lane(connection: Connection, lane: str) -> None:
    """Deletes what a lane said that was parked."""
    connection.execute(delete(inbox).where(inbox.c.lane == lane, inbox.c.status == "parked"))


REMEMBER_UPDATES = timedelta(days=3)
KEEP_PARKED = timedelta(days=14)

__all__ = [
    "KEEP_PARKED", "REMEMBER_UPDATES", "Message", "NewMessage", "claim", "done", "failed", "forget", "forget_lane",
    "next_due", "park", "parked", "record", "waiting",
]  # fmt: skip
