"""Who gets an announcement: frozen at its start in batches, fed to the outbox a few seconds ahead, each with its outcome.

The outbox's own settling writes outcomes (storage/outcomes.py)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, case, func, insert, select, update

from knowledge.announcements.kinds import Exclusion, State, Status
from storage import opt_outs, outbox
from storage.accounts import Account
from storage.addressees import addressees
from storage.announcements import Announcement, by_id
from storage.audiences import Scope, meant
from storage.outbox import NewRow
from storage.schema import announcement, person, recipient
from storage.schema import outbox as outbox_table
from storage.upsert import Upsert

FREEZE = 1000
"""Persons frozen in one transaction."""
NO_PLATFORM = "no such platform"
"""Why it failed for somebody on a platform that is not served any more."""


@dataclass(frozen=True, slots=True)
class Recipient:
    id: int
    announcement_id: int
    person_id: int | None
    """None: a group, or somebody who asked to be forgotten."""
    destination: str
    """The name of a group in the settings, "" for a person."""
    state: State
    reason: str
    """Why excluded (an Exclusion) or failed (the platform's words)."""
    language: str
    """Theirs when it was frozen."""
    platform: str
    message_id: str | None
    """The platform's number of the message."""
    ended_at: datetime | None
    choice: int | None
    """The button of the content that they tapped, from 0."""
    answered_at: datetime | None


_COLUMNS = (
    recipient.c.id, recipient.c.announcement_id, recipient.c.person_id, recipient.c.destination, recipient.c.state,
    recipient.c.reason, recipient.c.language, recipient.c.platform, recipient.c.message_id, recipient.c.ended_at,
    recipient.c.choice, recipient.c.answered_at,
)  # fmt: skip


def _of(row: Any) -> Recipient:
    values = dict(row._mapping)
    values["state"] = State(values["state"])
    return Recipient(**values)


_freeze = Upsert(recipient, lambda insert: insert.on_conflict_do_nothing())


def freeze(connection: Connection, number: int, scope: Scope, limit: int = FREEZE) -> bool:
    """Writes down the next people that an announcement goes to; whether all are written down. Safe to be done twice, by
    anybody: a person has one row."""
    locked = select(announcement.c.status, announcement.c.frozen).where(announcement.c.id == number).with_for_update()
    row = connection.execute(locked).one_or_none()
    if row is None or row.status != Status.SENDING or row.frozen:
        return True
    known = by_id(connection, number)
    assert known is not None
    rows = []
    if known.frozen_to == 0:
        rows = [_row(number, destination=name) for name in dict.fromkeys(known.audience.groups)]
    people = (
        []
        if known.audience.people is None
        else meant(connection, known.audience.people, known.kind, scope, after=known.frozen_to, limit=limit)
    )
    for one in people:
        why = {} if one.exclusion is None else {"state": State.EXCLUDED, "reason": one.exclusion}
        rows.append(_row(number, one.person_id, language=one.language, platform=one.platform) | why)
    if rows:
        _freeze.execute(connection, rows)
    done = len(people) < limit
    last = max((one.person_id for one in people), default=max(known.frozen_to, 1))
    connection.execute(update(announcement).where(announcement.c.id == number).values(frozen=done, frozen_to=last))
    return done


def _row(
    number: int, person_id: int | None = None, *, destination: str = "", language: str = "", platform: str = ""
) -> dict[str, Any]:
    return {
        "announcement_id": number, "person_id": person_id, "destination": destination, "state": State.QUEUED, "reason": "",
        "language": language, "platform": platform, "message_id": None, "ended_at": None, "choice": None,
        "answered_at": None,
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Waiting:
    id: int
    person_id: int | None
    destination: str
    language: str


Write = Callable[[Waiting, Account | None], NewRow | str]
"""The message to one recipient: to this account, or to the group that `destination` names; or why there can be none."""

_under_way = (
    select(outbox_table.c.platform, func.count(), func.sum(case((outbox_table.c.attempts > 0, 1), else_=0)))
    .where(
        outbox_table.c.status.in_(outbox.WAITING),
        outbox_table.c.priority == outbox.BULK,
        outbox_table.c.recipient.is_not(None),
    )
    .group_by(outbox_table.c.platform)
)


def under_way(connection: Connection) -> dict[str, tuple[int, int]]:
    """How many messages of announcements are in the outbox, by platform, and how many of them were tried in vain."""
    return {platform: (count, tried) for platform, count, tried in connection.execute(_under_way)}


_waiting = (
    select(recipient.c.id, recipient.c.person_id, recipient.c.destination, recipient.c.language)
    .where(
        recipient.c.announcement_id == bindparam("number"),
        recipient.c.state == State.QUEUED,
        recipient.c.platform.in_([bindparam("platform"), ""]),
    )
    .order_by(recipient.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_go = (
    update(recipient)
    .where(recipient.c.id.in_(bindparam("ids", expanding=True)))
    .values(state=State.OUT, platform=bindparam("goes_by"))
)
_end = (
    update(recipient)
    .where(recipient.c.id.in_(bindparam("ids", expanding=True)))
    .values(state=bindparam("ends"), reason=bindparam("why"), ended_at=bindparam("at"))
)


def feed(connection: Connection, known: Announcement, platform: str, limit: int, write: Write, now: datetime) -> int:
    """Puts up to `limit` waiting recipients of a platform (and groups) into the outbox; how many left the queue. Who wants
    nothing any more, or stopped the bot, since it was frozen is left out."""
    rows = connection.execute(_waiting, {"number": known.id, "platform": platform, "most": limit})
    waiting = [Waiting(*row) for row in rows]
    people = [one.person_id for one in waiting if one.person_id is not None]
    told = addressees(connection, people)
    unwilling = _unwilling(connection, known, people, now)
    messages: list[NewRow] = []
    goes: dict[str, list[int]] = {}
    ends: dict[tuple[State, str], list[int]] = {}
    for one in waiting:
        to = told.get(one.person_id) if one.person_id is not None else None
        if one.person_id is not None and one.person_id in unwilling:
            ends.setdefault((State.EXCLUDED, Exclusion.PAUSED), []).append(one.id)
        elif not one.destination and to is None:  # stopped the bot everywhere, or is gone
            ends.setdefault((State.BLOCKED, ""), []).append(one.id)
        elif isinstance(message := write(one, to.account if to else None), str):
            ends.setdefault((State.FAILED, message), []).append(one.id)
        else:
            messages.append(message)
            goes.setdefault(message.platform, []).append(one.id)
    outbox.add(connection, messages, now)
    for name, ids in goes.items():
        connection.execute(_go, {"ids": ids, "goes_by": name})
    for (state, why), ids in ends.items():
        connection.execute(_end, {"ids": ids, "ends": state, "why": why, "at": now})
    return len(waiting)


def _unwilling(connection: Connection, known: Announcement, people: list[int], now: datetime) -> set[int]:
    if not people:
        return set()
    asked = select(person.c.id).where(
        person.c.id.in_(people), person.c.id.in_(opt_outs.unwilling(known.kind, now.date()))
    )
    return set(connection.execute(asked).scalars())


def expire(connection: Connection, known: Announcement, now: datetime) -> None:
    """What has not left by the moment of the announcement is dropped."""
    if known.expires_at is not None and known.expires_at <= now:
        waits = (recipient.c.announcement_id == known.id, recipient.c.state == State.QUEUED)
        connection.execute(update(recipient).where(*waits).values(state=State.EXPIRED, ended_at=now))


def strand(connection: Connection, number: int, platforms: Collection[str], now: datetime) -> None:
    """Who waits for a platform that is none of these, as nothing serves it any more, fails."""
    waits = (recipient.c.announcement_id == number, recipient.c.state == State.QUEUED)
    elsewhere = recipient.c.platform.not_in([*platforms, ""])
    values = {"state": State.FAILED, "reason": NO_PLATFORM, "ended_at": now}
    connection.execute(update(recipient).where(*waits, elsewhere).values(**values))


@dataclass(frozen=True, slots=True)
class Counts:
    """How an announcement goes."""

    by_state: Counter[State]
    by_reason: Counter[str]
    """Of those excluded or failed."""
    choices: Counter[int]
    """Answers by button, from 0."""

    @property
    def meant(self) -> int:
        """All who are written to, now or before."""
        return self.by_state.total() - self.by_state[State.EXCLUDED]

    @property
    def waiting(self) -> int:
        return self.by_state[State.QUEUED] + self.by_state[State.OUT]

    @property
    def ended(self) -> int:
        return self.meant - self.waiting


_counts = (
    select(recipient.c.state, recipient.c.reason, recipient.c.choice, func.count())
    .where(recipient.c.announcement_id == bindparam("number"))
    .group_by(recipient.c.state, recipient.c.reason, recipient.c.choice)
)


def counts(connection: Connection, number: int) -> Counts:
    found = Counts(Counter(), Counter(), Counter())
    for state, reason, choice, count in connection.execute(_counts, {"number": number}):
        if reason != Exclusion.GROUP:
            found.by_state[State(state)] += count
            if reason:
                found.by_reason[reason] += count
        if choice is not None:
            found.choices[choice] += count
    return found


_waiting_on = (
    select(recipient.c.platform, func.count())
    .where(recipient.c.announcement_id == bindparam("number"), recipient.c.state.in_([State.QUEUED, State.OUT]))
    .group_by(recipient.c.platform)
)


def waiting_on(connection: Connection, number: int) -> dict[str, int]:
    """Who has still to get it, by platform."""
    rows = connection.execute(_waiting_on, {"number": number})
    return {row[0]: row[1] for row in rows}


def choose(connection: Connection, number: int, person_id: int, choice: int, now: datetime) -> bool:
    """Somebody tapped a button; the last tap counts. Also somebody who saw it in a group. False: it never went to them."""
    mine = (recipient.c.announcement_id == number, recipient.c.person_id == person_id)
    values = {"choice": choice, "answered_at": now}
    if connection.execute(update(recipient).where(*mine).values(**values)).rowcount:
        return True
    groups = select(recipient.c.id).where(recipient.c.announcement_id == number, recipient.c.destination != "")
    if connection.execute(groups.limit(1)).scalar() is None:
        return False
    row = _row(number, person_id) | values | {"state": State.EXCLUDED, "reason": Exclusion.GROUP}
    connection.execute(insert(recipient).values(**row))
    return True


def answers(connection: Connection, number: int, choice: int | None = None) -> list[Recipient]:
    """Who tapped a button (this one), first to answer first."""
    wanted = select(*_COLUMNS).where(recipient.c.announcement_id == number, recipient.c.choice.is_not(None))
    if choice is not None:
        wanted = wanted.where(recipient.c.choice == choice)
    return [_of(row) for row in connection.execute(wanted.order_by(recipient.c.answered_at, recipient.c.id))]


def all_of(connection: Connection, number: int) -> list[Recipient]:
    """Everybody, for the report."""
    rows = connection.execute(select(*_COLUMNS).where(recipient.c.announcement_id == number).order_by(recipient.c.id))
    return [_of(row) for row in rows]


def of_person(connection: Connection, person_id: int) -> list[Recipient]:
    """All that they got or were to get, newest first."""
    rows = connection.execute(
        select(*_COLUMNS).where(recipient.c.person_id == person_id).order_by(recipient.c.id.desc())
    )
    return [_of(row) for row in rows]


def latest_to(connection: Connection, person_id: int, since: datetime) -> Recipient | None:
    """The last announcement that reached somebody, if that was after `since`."""
    row = connection.execute(
        select(*_COLUMNS)
        .where(recipient.c.person_id == person_id, recipient.c.state == State.DELIVERED, recipient.c.ended_at >= since)
        .order_by(recipient.c.ended_at.desc())
        .limit(1)
    ).one_or_none()
    return _of(row) if row else None


def by_message(connection: Connection, person_id: int, platform: str, message_id: str) -> Recipient | None:
    """The announcement that somebody replies to, by the platform's number of the message."""
    row = connection.execute(
        select(*_COLUMNS)
        .where(
            recipient.c.person_id == person_id,
            recipient.c.platform == platform,
            recipient.c.message_id == message_id,
        )
        .limit(1)
    ).one_or_none()
    return _of(row) if row else None
