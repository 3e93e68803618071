"""What a person does not want to be sent, by kind of message. `person.alerts` false: nothing at all that they did not ask for."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import CompoundSelect, Connection, delete, or_, select, update

from storage import profiles
from storage.schema import opt_out, person, volunteer
from storage.upsert import Upsert

ANNOUNCEMENT, MISSION, ALERT, DIGEST = KINDS = ("announcement", "mission", "alert", "digest")
"""What the team announces, missions one is asked for, weather and urgent needs, the week's missions."""

_out = Upsert(opt_out, lambda insert: insert.on_conflict_do_nothing())


def unwanted(connection: Connection, person_id: int) -> frozenset[str]:
    """The kinds that a person does not want, whether or not they want anything at all."""
    kinds = set(connection.execute(select(opt_out.c.kind).where(opt_out.c.person_id == person_id)).scalars())
    refuses = (volunteer.c.person_id == person_id, ~volunteer.c.missions)
    if connection.execute(select(volunteer.c.person_id).where(*refuses)).scalar() is not None:
        kinds.add(MISSION)
    return frozenset(kinds)


def refuse(connection: Connection, person_id: int, kinds: Collection[str], now: datetime) -> None:
    """From now on nothing of these kinds."""
    _out.execute(connection, [{"person_id": person_id, "kind": kind, "since": now} for kind in sorted(kinds)])
    if MISSION in kinds and profiles.has_profile(connection, person_id):
        profiles.change(connection, person_id, missions=False)


def accept(connection: Connection, person_id: int, kinds: Collection[str]) -> None:
    """These are wanted again, and no longer paused."""
    connection.execute(delete(opt_out).where(opt_out.c.person_id == person_id, opt_out.c.kind.in_([*kinds])))
    if MISSION in kinds and profiles.has_profile(connection, person_id):
        profiles.change(connection, person_id, missions=True, paused_until=None)


def unwilling(kind: str, today: date) -> CompoundSelect[tuple[int]]:
    """The persons who are not to get messages of this kind now: for `person_id.in_(...)`."""
    nothing = select(person.c.id).where(~person.c.alerts, person.c.linked_to.is_(None))
    refused = select(opt_out.c.person_id).where(opt_out.c.kind == kind)
    if kind not in (MISSION, DIGEST):
        return nothing.union(refused)
    paused = volunteer.c.paused_until > today
    return nothing.union(
        refused, select(volunteer.c.person_id).where(or_(~volunteer.c.missions, paused) if kind == MISSION else paused)
    )


def erase(connection: Connection, person_id: int) -> None:
    connection.execute(delete(opt_out).where(opt_out.c.person_id == person_id))


def merge(connection: Connection, joining: int, to: int) -> None:
    """What either did not want, the person that both are does not want."""
    known = select(opt_out.c.kind).where(opt_out.c.person_id == to)
    connection.execute(delete(opt_out).where(opt_out.c.person_id == joining, opt_out.c.kind.in_(known)))
    connection.execute(update(opt_out).where(opt_out.c.person_id == joining).values(person_id=to))
