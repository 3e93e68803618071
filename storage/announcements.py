"""Announcements: made, changed, scheduled, started, paused, ended; whom they go to is in storage/recipients.py."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, exists, insert, literal_column, select, update

from knowledge.announcements import audience as audiences
from knowledge.announcements import content as contents
from knowledge.announcements.audience import Audience
from knowledge.announcements.content import Content
from knowledge.announcements.kinds import MOVES, Kind, Status
from storage.due import Schedule, schedule, unschedule
from storage.schema import announcement, outbox, recipient


class Changed(Exception):
    """Somebody else changed it meanwhile, or it went out: what is known here is old."""


class NotPossible(Exception):
    """An announcement in this state cannot do that: most often a button of an old message."""

    def __init__(self, status: Status) -> None:
        super().__init__(f"not possible while {status}")
        self.status = status


@dataclass(frozen=True, slots=True)
class Announcement:
    audience: Audience
    content: Content
    kind: Kind = Kind.ANNOUNCEMENT
    author_id: int | None = None
    team: str = ""
    """The association of a partner, "" for the Factory."""
    label: str = ""
    urgent: bool = False
    confirmed_by: int | None = None
    send_at: datetime | None = None
    """The moment chosen, or that of the next time of a recurring one; None: at once."""
    expires_at: datetime | None = None
    lifetime_minutes: int | None = None
    """Of each time of a recurring one."""
    rule: str = ""
    first_start: str | None = None
    """ISO local time without zone, that the rule counts from."""
    progress: str | None = None
    """JSON of those who show how it goes."""
    id: int = 0
    status: Status = Status.DRAFT
    series_id: int | None = None
    occurrence: str | None = None
    frozen_to: int = 0
    frozen: bool = False
    created_at: datetime | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    version: int = 1


_NAMES = tuple(each.name for each in fields(Announcement))
_COLUMNS = tuple(announcement.c[name] for name in _NAMES)
_CHANGEABLE = frozenset(
    {"audience", "content", "kind", "label", "urgent", "confirmed_by", "send_at", "expires_at", "lifetime_minutes", "rule",
     "first_start", "progress"}
)  # fmt: skip
_WORDING = frozenset({"content", "label"})


def _of(row: Any) -> Announcement:
    values = dict(zip(_NAMES, row, strict=True))
    values["audience"] = audiences.load(values["audience"])
    values["content"] = contents.load(values["content"])
    values["kind"], values["status"] = Kind(values["kind"]), Status(values["status"])
    return Announcement(**values)


def _written(values: dict[str, Any]) -> dict[str, Any]:
    written = dict(values)
    if "audience" in written:
        written["audience"] = audiences.dump(written["audience"])
    if "content" in written:
        written["content"] = contents.dump(written["content"])
    return written


def create(connection: Connection, new: Announcement, now: datetime) -> Announcement:
    """Keeps a draft."""
    audiences.check(new.audience)
    new = replace(new, status=Status.DRAFT, created_at=now, version=1, frozen=False, frozen_to=0)
    row = _written({name: getattr(new, name) for name in _NAMES if name != "id"})
    number = connection.execute(insert(announcement).values(**row).returning(announcement.c.id)).scalar_one()
    return replace(new, id=number)


def by_id(connection: Connection, number: int) -> Announcement | None:
    row = connection.execute(select(*_COLUMNS).where(announcement.c.id == number)).one_or_none()
    return _of(row) if row else None


def latest(
    connection: Connection,
    *,
    team: str | None = None,
    statuses: Collection[Status] = (),
    limit: int = 10,
    before: int | None = None,
) -> list[Announcement]:
    """Newest first; `team`: only of this association; `before`: older than this number. A draft is there until it is deleted."""
    wanted = select(*_COLUMNS)
    if team is not None:
        wanted = wanted.where(announcement.c.team == team)
    if statuses:
        wanted = wanted.where(announcement.c.status.in_([*statuses]))
    if before is not None:
        wanted = wanted.where(announcement.c.id < before)
    return [_of(row) for row in connection.execute(wanted.order_by(announcement.c.id.desc()).limit(limit))]


def change(connection: Connection, known: Announcement, **values: Any) -> Announcement:
    """Writes `values` into a draft or a scheduled one, what it says also into one that is paused: who has it keeps it as it
    was. Raises Changed, NotPossible."""
    if unknown := values.keys() - _CHANGEABLE:
        raise TypeError(f"cannot be changed: {', '.join(sorted(unknown))}")
    reworded = known.status is Status.PAUSED and values.keys() <= _WORDING
    if known.status not in (Status.DRAFT, Status.SCHEDULED) and not reworded:
        raise NotPossible(known.status)
    if "audience" in values:
        audiences.check(values["audience"])
    return _update(connection, known, values)


def _update(connection: Connection, known: Announcement, values: dict[str, Any]) -> Announcement:
    row = _written(values) | {"version": known.version + 1}
    mine = (
        announcement.c.id == known.id,
        announcement.c.version == known.version,
        announcement.c.status == known.status,
    )
    if not connection.execute(update(announcement).where(*mine).values(**row)).rowcount:
        raise Changed
    return replace(known, **values, version=known.version + 1)


def _move(connection: Connection, known: Announcement, to: Status, **values: Any) -> Announcement:
    if to not in MOVES[known.status]:
        raise NotPossible(known.status)
    return _update(connection, known, values | {"status": to})


def note_progress(connection: Connection, number: int, progress: str | None) -> None:
    """Where it is shown how it goes; at any time, whatever else changes."""
    connection.execute(update(announcement).where(announcement.c.id == number).values(progress=progress))


def plan(connection: Connection, known: Announcement, at: datetime) -> Announcement:
    """Goes out at `at`; a recurring one for the first time then. Anew for one that is planned already."""
    unschedule(connection, [Schedule.ANNOUNCE], known.id)
    schedule(connection, Schedule.ANNOUNCE, [known.id], at)
    if known.status is Status.SCHEDULED:
        return _update(connection, known, {"send_at": at})
    return _move(connection, known, Status.SCHEDULED, send_at=at)


def unplan(connection: Connection, known: Announcement) -> Announcement:
    """A draft again."""
    unschedule(connection, [Schedule.ANNOUNCE], known.id)
    return _move(connection, known, Status.DRAFT)


def start(connection: Connection, known: Announcement, now: datetime) -> Announcement:
    """Goes out from now on."""
    unschedule(connection, [Schedule.ANNOUNCE], known.id)
    return _move(connection, known, Status.SENDING, started_at=now)


def occurrence(
    connection: Connection, series: Announcement, local: str, expires_at: datetime | None, now: datetime
) -> Announcement | None:
    """One time of a recurring announcement, which goes out from now on; None where that time has gone out already."""
    known = (announcement.c.series_id == series.id, announcement.c.occurrence == local)
    if connection.execute(select(announcement.c.id).where(*known)).scalar() is not None:
        return None
    once = replace(
        series, rule="", first_start=None, lifetime_minutes=None, send_at=series.send_at, expires_at=expires_at
    )
    made = create(connection, replace(once, series_id=series.id, occurrence=local, progress=None), now)
    return _move(connection, made, Status.SENDING, started_at=now)


def series_over(connection: Connection, series: Announcement, now: datetime) -> Announcement:
    """A recurring announcement has no time to come."""
    return _move(connection, series, Status.DONE, ended_at=now)


def pause(connection: Connection, known: Announcement) -> Announcement:
    """Nothing more leaves; what is in the outbox and not on its way comes back."""
    paused = _move(connection, known, Status.PAUSED)
    _take_back(connection, known.id, "queued")
    return paused


def resume(connection: Connection, known: Announcement) -> Announcement:
    return _move(connection, known, Status.SENDING)


def cancel(connection: Connection, known: Announcement, now: datetime) -> Announcement:
    """Nothing more leaves, for ever."""
    unschedule(connection, [Schedule.ANNOUNCE], known.id)
    cancelled = _move(connection, known, Status.CANCELLED, ended_at=now)
    _take_back(connection, known.id, "cancelled")
    waiting = (recipient.c.announcement_id == known.id, recipient.c.state == "queued")
    connection.execute(update(recipient).where(*waiting).values(state="cancelled", ended_at=now))
    return cancelled


def _take_back(connection: Connection, number: int, state: str) -> None:
    """Out of the outbox what no sender has begun to send."""
    mine = select(recipient.c.id).where(recipient.c.announcement_id == number, recipient.c.state == "out")
    still = (outbox.c.status == literal_column("'queued'"), outbox.c.recipient.in_(mine), outbox.c.parts_sent == 0)
    taken = connection.execute(delete(outbox).where(*still).returning(outbox.c.recipient)).scalars().all()
    if taken:
        connection.execute(update(recipient).where(recipient.c.id.in_(taken)).values(state=state))


def finish(connection: Connection, number: int, now: datetime) -> bool:
    """Done, where everybody has their row and nobody waits; whether it is."""
    waits = exists().where(recipient.c.announcement_id == number, recipient.c.state.in_(["queued", "out"]))
    done = update(announcement).where(
        announcement.c.id == number, announcement.c.status == Status.SENDING, announcement.c.frozen, ~waits
    )
    values = {"status": Status.DONE, "ended_at": now, "version": announcement.c.version + 1}
    return bool(connection.execute(done.values(**values)).rowcount)


def delete_draft(connection: Connection, known: Announcement) -> None:
    """Raises NotPossible for what has gone out, or is to."""
    if known.status is not Status.DRAFT:
        raise NotPossible(known.status)
    connection.execute(delete(announcement).where(announcement.c.id == known.id, announcement.c.status == Status.DRAFT))
