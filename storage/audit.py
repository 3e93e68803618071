"""Who changed what of activities, sessions and sign-ups, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from storage.schema import audit


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
) -> None:
    """`actor_id`: who did it, None for the bot."""
    connection.execute(
        _note,
        {"at": now, "what": what, "before": before, "after": after, "activity_id": activity_id, "session_id": session_id,
         "sign_up_id": sign_up_id, "person_id": person_id, "actor_id": actor_id},
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


def part_from_person(connection: Connection, person_id: int, to: int | None = None) -> None:
    """What happened stays; whose it was and who did it does not, or goes to another account of theirs."""
    connection.execute(update(audit).where(audit.c.person_id == person_id).values(person_id=to))
    connection.execute(update(audit).where(audit.c.actor_id == person_id).values(actor_id=to))
