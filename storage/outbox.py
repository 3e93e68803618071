"""What is to be said: every row once, in order within its lane, live answers before bulk."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    Connection,
    bindparam,
    case,
    delete,
    exists,
    func,
    insert,
    literal_column,
    select,
    update,
)

from storage import outcomes
from storage.outcomes import Outcome
from storage.schema import outbox, stopped_lane
from storage.upsert import Upsert

LIVE, BULK, TRIM = 0, 1, 2
"""Answers; what many people get; trimmings of what was said, which wait until nothing else does."""
WAITING: tuple[ColumnElement[str], ...] = tuple(literal_column(f"'{status}'") for status in ("queued", "sending"))
QUEUED: ColumnElement[str] = literal_column("'queued'")
"""Written into the statements: planners use the indexes of what waits only where they see these values."""
FORGET_AFTER = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class NewRow:
    platform: str
    lane: str
    body: str
    priority: int = LIVE
    expires_at: datetime | None = None
    recipient: int | None = None
    """Of an announcement: what becomes of this message becomes of them."""


@dataclass(frozen=True, slots=True)
class Row:
    id: int
    lane: str
    priority: int
    body: str
    parts_sent: int
    attempts: int
    created_at: datetime
    expires_at: datetime | None
    recipient: int | None = None


@dataclass(frozen=True, slots=True)
class Settled:
    """How a row ended: `status` is sent, refused, stopped, uncertain or expired."""

    id: int
    status: str
    message_id: str = ""
    outcome: Outcome | None = None
    """The same for the recipient of an announcement."""


@dataclass(frozen=True, slots=True)
class Postponed:
    """To be tried again at `not_before`, from part number `parts_sent` on."""

    id: int
    not_before: datetime
    parts_sent: int


def add_one(connection: Connection, row: NewRow, now: datetime) -> int:
    """As `add`, and the row's number: by it the message can be changed later (`message_of`)."""
    number: int = connection.execute(insert(outbox).values(**_values(row, now)).returning(outbox.c.id)).scalar_one()
    return number


def message_of(connection: Connection, number: int) -> tuple[str, str | None]:
    """A row's status ("" for one that is forgotten) and, once it left, the platform's number of its last message."""
    row = connection.execute(select(outbox.c.status, outbox.c.message_id).where(outbox.c.id == number)).one_or_none()
    return (row.status, row.message_id) if row else ("", None)


def add(connection: Connection, rows: Sequence[NewRow], now: datetime) -> None:
    if rows:
        connection.execute(insert(outbox), [_values(row, now) for row in rows])


def _values(r: NewRow, now: datetime) -> dict[str, object]:
    return {
        "platform": r.platform, "lane": r.lane, "body": r.body, "priority": r.priority, "expires_at": r.expires_at,
        "parts_sent": 0, "status": "queued", "attempts": 0, "not_before": now, "created_at": now, "recipient": r.recipient,
    }  # fmt: skip


_ahead = outbox.alias("ahead")
_fields = (
    outbox.c.id,
    outbox.c.lane,
    outbox.c.priority,
    outbox.c.body,
    outbox.c.parts_sent,
    outbox.c.attempts,
    outbox.c.created_at,
    outbox.c.expires_at,
    outbox.c.recipient,
)
_heads = (
    select(*_fields)
    .where(
        outbox.c.platform == bindparam("platform"),
        outbox.c.status.in_(WAITING),  # names the index; the next line chooses among it
        outbox.c.status == QUEUED,
        outbox.c.not_before <= bindparam("now"),
        outbox.c.priority <= bindparam("least"),
        ~exists().where(
            _ahead.c.lane == outbox.c.lane, _ahead.c.status.in_(WAITING), _ahead.c.priority < outbox.c.priority
        ),
        ~exists().where(
            _ahead.c.lane == outbox.c.lane,
            _ahead.c.status.in_(WAITING),
            _ahead.c.priority == outbox.c.priority,
            _ahead.c.id < outbox.c.id,
        ),
    )
    .order_by(outbox.c.priority, outbox.c.id)
    .limit(bindparam("limit"))
)  # fmt: skip
_to_sending = (
    update(outbox)
    .where(outbox.c.id.in_(bindparam("ids", expanding=True)), outbox.c.status == QUEUED)
    .values(status="sending")
)
_still_there = select(outbox.c.id).where(
    outbox.c.id.in_(bindparam("ids", expanding=True)), outbox.c.status == literal_column("'sending'")
)
_to_later = update(outbox).where(outbox.c.id == bindparam("row")).values(not_before=bindparam("later"))


def waiting_in(connection: Connection, lane: str) -> list[Row]:
    """All that waits to be said to one chat, in order, also what was being sent when a program ended."""
    waits = select(*_fields).where(outbox.c.lane == lane, outbox.c.status.in_(WAITING))
    return [Row(*row) for row in connection.execute(waits.order_by(outbox.c.priority, outbox.c.id))]


def claim(
    connection: Connection,
    platform: str,
    now: datetime,
    limit: int,
    paced_until: Callable[[str], datetime | None],
    least: int = TRIM,
    bulk: int | None = None,
) -> list[Row]:
    """Up to `limit` rows to send now, marked as being sent. Only the holder of the lease calls this.

    `paced_until` gives, for a lane that may not be written to yet, when it may; such rows wait till then. `least`: the
    least urgent priority wanted. `bulk`: how many of the rows may be anything but live answers.
    """
    wanted = {"platform": platform, "now": now, "limit": limit, "least": least}
    rows = [Row(*row) for row in connection.execute(_heads, wanted)]
    ready: list[Row] = []
    later: list[dict[str, object]] = []
    for row in rows:
        if bulk is not None and row.priority > LIVE:
            if bulk <= 0:
                break
            bulk -= 1
        until = paced_until(row.lane)
        if until is None or until <= now:
            ready.append(row)
        else:
            later.append({"row": row.id, "later": until})
    if ready:
        ids = [row.id for row in ready]
        if connection.execute(_to_sending, {"ids": ids}).rowcount < len(ids):  # some were taken back meanwhile
            kept = set(connection.execute(_still_there, {"ids": ids}).scalars())
            ready = [row for row in ready if row.id in kept]
    if later:
        connection.execute(_to_later, later)
    return ready


_sent = (
    update(outbox)
    .where(outbox.c.id == bindparam("row"))
    .values(status=bindparam("outcome"), message_id=bindparam("message"), body=None, lane="")
)
_arrived = (
    update(outbox)
    .where(outbox.c.id.in_(bindparam("ids", expanding=True)))
    .values(status="sent", body=None, lane="", message_id="")
)
_back = (
    update(outbox)
    .where(outbox.c.id == bindparam("row"))
    .values(
        status="queued", not_before=bindparam("later"), parts_sent=bindparam("parts"), attempts=outbox.c.attempts + 1
    )
)


def settle(connection: Connection, ended: Sequence[Settled], postponed: Sequence[Postponed]) -> None:
    """Writes down how rows ended; their words, and whose they were, are deleted."""
    told = [s.outcome for s in ended if s.outcome is not None]
    if told:  # the platform's numbers of these stand with the recipients
        arrived = [s.id for s in ended if s.outcome is not None and s.status == "sent"]
        connection.execute(_arrived, {"ids": arrived})
        outcomes.write(connection, told)
        ended = [s for s in ended if s.outcome is None or s.status != "sent"]
    if ended:
        connection.execute(_sent, [{"row": s.id, "outcome": s.status, "message": s.message_id} for s in ended])
    if postponed:
        connection.execute(_back, [{"row": p.id, "later": p.not_before, "parts": p.parts_sent} for p in postponed])


def note_part(connection: Connection, row: int, parts_sent: int) -> None:
    """A part of a long reply left: it is not sent again."""
    connection.execute(update(outbox).where(outbox.c.id == row).values(parts_sent=parts_sent))


def recover(connection: Connection, platform: str, now: datetime, *, bulk_again: bool = False) -> None:
    """After a crash: live answers that were being sent are sent again, bulk ones are uncertain and reported, unless the
    platform knows a repeat when it sees one (`bulk_again`)."""
    interrupted = (outbox.c.platform == platform, outbox.c.status.in_(WAITING), outbox.c.status == WAITING[1])
    if not bulk_again:
        lost = select(outbox.c.recipient).where(
            *interrupted, outbox.c.priority != LIVE, outbox.c.recipient.is_not(None)
        )
        _note(connection, connection.execute(lost).scalars().all(), "uncertain", now)
    connection.execute(
        update(outbox)
        .where(*interrupted)
        .values(
            status="queued" if bulk_again else case((outbox.c.priority == LIVE, "queued"), else_="uncertain"),
            not_before=now,
            attempts=outbox.c.attempts + 1,
        )
    )


def _note(connection: Connection, recipients: Sequence[int | None], status: str, now: datetime) -> None:
    """What became of messages that nobody sends any more."""
    outcomes.write(connection, [Outcome(one, status, "", "", now) for one in recipients if one is not None])


def next_due(connection: Connection, platform: str, least: int = TRIM) -> datetime | None:
    """When the next row of priority `least` or more urgent may be sent, None when none waits."""
    return connection.execute(
        select(func.min(outbox.c.not_before)).where(
            outbox.c.platform == platform,
            outbox.c.status.in_(WAITING),
            outbox.c.status == QUEUED,
            outbox.c.priority <= least,
        )
    ).scalar()


def waiting(connection: Connection) -> int:
    return connection.execute(select(func.count()).where(outbox.c.status.in_(WAITING))).scalar_one()


_stop = Upsert(stopped_lane, lambda insert: insert.on_conflict_do_nothing())


def stop_lane(connection: Connection, lane: str, reason: str, now: datetime) -> None:
    """Nothing more goes to `lane`: what waits for it ends as stopped."""
    _stop.execute(connection, [{"lane": lane, "reason": reason[:255], "since": now}])
    stopped = connection.execute(
        update(outbox)
        .where(outbox.c.lane == lane, outbox.c.status.in_(WAITING), outbox.c.status == QUEUED)
        .values(status="stopped", body=None)
        .returning(outbox.c.recipient)
    )
    _note(connection, stopped.scalars().all(), "stopped", now)


_open = delete(stopped_lane).where(stopped_lane.c.lane.in_(bindparam("lanes", expanding=True)))


def open_lanes(connection: Connection, lanes: Sequence[str]) -> None:
    """They wrote again."""
    if lanes:
        connection.execute(_open, {"lanes": list(lanes)})


def move_lane(connection: Connection, old: str, new: str, readdress: Callable[[str], str]) -> None:
    """The chat goes on under another id: what waits for it goes there, each body rewritten by `readdress`."""
    waiting_rows = connection.execute(
        select(outbox.c.id, outbox.c.body).where(outbox.c.lane == old, outbox.c.status.in_(WAITING))
    ).all()
    for row in waiting_rows:
        connection.execute(update(outbox).where(outbox.c.id == row.id).values(lane=new, body=readdress(row.body)))


def forget(connection: Connection, before: datetime) -> None:
    connection.execute(delete(outbox).where(outbox.c.status.not_in(WAITING), outbox.c.created_at < before))


def forget_lane(connection: Connection, lane: str) -> None:
    """Deletes every trace of what was said to `lane`, but for what still waits to be sent."""
    connection.execute(delete(outbox).where(outbox.c.lane == lane, outbox.c.status.not_in(WAITING)))
    connection.execute(delete(stopped_lane).where(stopped_lane.c.lane == lane))
