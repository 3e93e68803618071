"""Who changed what of activities, sessions, sign-ups, roles and announcements, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, func, insert, or_, select, update

from storage.schema import activity, announcement, audit, session

ROLE = "role"
"""A role was given, changed or taken away; before and after: the roles, "" for none."""
INVITED = "invited"
"""A link was made that gives the role `after`."""
CONSEQUENCES = ("session", "added")
"""What happened to each sign-up of a cancelled session, each date of a new series: the act itself has its own row."""


@dataclass(frozen=True, slots=True)
class Entry:
    at: datetime
    what: str
    before: str
    after: str
    session_id: int | None
    person_id: int | None
    actor_id: int | None


_note = insert(audit)


def note(
    connection: Connection,
    now: datetime,
    what: str,
    before: str = "",
    after: str = "",
    *,
    activity_id: int | None = None,
    session_id: int | None = None,
    sign_up_id: int | None = None,
    person_id: int | None = None,
    actor_id: int | None = None,
    announcement_id: int | None = None,
    words: str | None = None,
) -> None:
    """`actor_id`: who did it, None for the bot or the command line. `words`: what else is worth knowing, never a name."""
    connection.execute(
        _note,
        {"at": now, "what": what, "before": before, "after": after, "activity_id": activity_id, "session_id": session_id,
         "sign_up_id": sign_up_id, "person_id": person_id, "actor_id": actor_id, "announcement_id": announcement_id,
         "words": words},
    )  # fmt: skip


def of_session(connection: Connection, session_id: int) -> list[Entry]:
    columns = (
        audit.c.at,
        audit.c.what,
        audit.c.before,
        audit.c.after,
        audit.c.session_id,
        audit.c.person_id,
        audit.c.actor_id,
    )
    rows = connection.execute(select(*columns).where(audit.c.session_id == session_id).order_by(audit.c.id))
    return [Entry(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class Act:
    """What somebody of the team did."""

    id: int
    at: datetime
    what: str
    before: str
    after: str
    words: str
    actor_id: int | None
    """None: the command line, or somebody who asked to be forgotten."""
    person_id: int | None
    """To whom."""
    sign_up_id: int | None
    title: str
    """Of the activity, JSON object language -> words; "" where it is about none."""
    starts_at: datetime | None
    """Of the session."""
    label: str
    """What staff call the announcement."""


_by_team = or_(
    audit.c.sign_up_id.is_(None),  # also by the command line, and by who asked to be forgotten
    and_(audit.c.actor_id.is_not(None), or_(audit.c.person_id.is_(None), audit.c.person_id != audit.c.actor_id)),
)
_acts: Select[Any] = (
    select(
        audit.c.id, audit.c.at, audit.c.what, audit.c.before, audit.c.after, func.coalesce(audit.c.words, ""), audit.c.actor_id,
        audit.c.person_id, audit.c.sign_up_id, func.coalesce(activity.c.title, ""), session.c.starts_at,
        func.coalesce(announcement.c.label, ""),
    )
    .select_from(
        audit.outerjoin(session, session.c.id == audit.c.session_id)
        .outerjoin(activity, activity.c.id == func.coalesce(audit.c.activity_id, session.c.activity_id))
        .outerjoin(announcement, announcement.c.id == audit.c.announcement_id)
    )
    .order_by(audit.c.id.desc())
)  # fmt: skip


def acts(
    connection: Connection,
    limit: int | None,
    *,
    before: int | None = None,
    actor: int | None = None,
    day: tuple[datetime, datetime] | None = None,
    whole: bool = False,
) -> list[Act]:
    """What the team did, latest first: acts with a number below `before`, of one person, from one moment to another.
    `whole`: also what followed from an act."""
    chosen = _acts.where(_by_team).limit(limit)
    if not whole:
        chosen = chosen.where(audit.c.what.not_in(CONSEQUENCES))
    if before is not None:
        chosen = chosen.where(audit.c.id < before)
    if actor is not None:
        chosen = chosen.where(audit.c.actor_id == actor)
    if day is not None:
        chosen = chosen.where(audit.c.at >= day[0], audit.c.at < day[1])
    return [Act(*row) for row in connection.execute(chosen)]


def own_acts(connection: Connection, person_id: int) -> list[Act]:
    """All that a person did, and all that was done to what is theirs, oldest first: for them to see."""
    mine = or_(audit.c.actor_id == person_id, audit.c.person_id == person_id)
    return [Act(*row) for row in connection.execute(_acts.where(mine).order_by(None).order_by(audit.c.id))]


def actors(connection: Connection, since: datetime) -> list[int]:
    """Who of the team did something since then, most recent first."""
    last = func.max(audit.c.id)
    rows = connection.execute(
        select(audit.c.actor_id, last)
        .where(_by_team, audit.c.actor_id.is_not(None), audit.c.at >= since)
        .group_by(audit.c.actor_id)
        .order_by(last.desc())
    )
    return [row.actor_id for row in rows]


def part_from_person(connection: Connection, person_id: int, to: int | None = None) -> None:
    """What happened stays; whose it was and who did it does not, or goes to another account of theirs."""
    connection.execute(update(audit).where(audit.c.person_id == person_id).values(person_id=to))
    connection.execute(update(audit).where(audit.c.actor_id == person_id).values(actor_id=to))
