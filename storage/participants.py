"""A person with all that taking part keeps of them: to forget it, or to give it to another account of theirs."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from knowledge.participation.states import HOLDING, LIVE, Event
from storage import announced, audit, invitations, opt_outs, relays, roles
from storage.locks import lock
from storage.schema import activity, asked, form, qualification, sign_up, volunteer
from storage.signups import COLUMNS, SignUp, leave, sign_up_of


def _live(connection: Connection, person_id: int) -> list[SignUp]:
    """Their sign-ups to come, each with its session locked."""
    mine = select(*COLUMNS).where(sign_up.c.person_id == person_id, sign_up.c.state.in_([*LIVE])).order_by(sign_up.c.id)
    numbers = {row.session_id for row in connection.execute(mine)}
    lock(connection, people=[person_id], sessions=numbers)
    return [sign_up_of(row) for row in connection.execute(mine)]


def erase(connection: Connection, person_id: int, now: datetime) -> None:
    """Forgets the person: off every list, where the next in line is asked; profile, qualifications and answers deleted.
    What the audit holds stays without them."""
    for one in _live(connection, person_id):
        leave(connection, one, Event.REMOVE, None, now, because="erased")
    for table in (sign_up, qualification, volunteer, asked, form):
        connection.execute(delete(table).where(table.c.person_id == person_id))
    connection.execute(update(activity).where(activity.c.created_by == person_id).values(created_by=None))
    relays.take_back(connection, person_id)
    announced.forget(connection, person_id)
    opt_outs.erase(connection, person_id)
    invitations.withdraw(connection, person_id)
    roles.forget(connection, person_id)
    audit.part_from_person(connection, person_id)


def merge(connection: Connection, joining: int, to: int, now: datetime) -> None:
    """All that `joining` has becomes that of `to`: two accounts are one person from now on. Where both are on a list, the
    place further ahead is kept."""
    theirs, ours = _live(connection, joining), {one.session_id: one for one in _live(connection, to)}
    for one in theirs:
        same = ours.get(one.session_id)
        if same is not None:
            ahead = (one.state in HOLDING, -one.joined_at.timestamp()) > (
                same.state in HOLDING, -same.joined_at.timestamp(),
            )  # fmt: skip
            leave(connection, same if ahead else one, Event.CANCEL, None, now, because="linked")
    connection.execute(update(sign_up).where(sign_up.c.person_id == joining).values(person_id=to))
    _merge_profile(connection, joining, to)
    for table, key in ((asked, asked.c.session_id), (qualification, qualification.c.session_id)):
        known = select(key).where(table.c.person_id == to)
        connection.execute(delete(table).where(table.c.person_id == joining, key.in_(known)))
        connection.execute(update(table).where(table.c.person_id == joining).values(person_id=to))
    connection.execute(update(form).where(form.c.person_id == joining).values(person_id=to))
    connection.execute(update(activity).where(activity.c.created_by == joining).values(created_by=to))
    announced.hand_over(connection, joining, to)
    opt_outs.merge(connection, joining, to)
    invitations.hand_over(connection, joining, to)
    audit.part_from_person(connection, joining, to)


def _merge_profile(connection: Connection, joining: int, to: int) -> None:
    has = connection.execute(select(volunteer.c.person_id).where(volunteer.c.person_id == to)).scalar() is not None
    if has:
        connection.execute(delete(volunteer).where(volunteer.c.person_id == joining))
    else:
        connection.execute(update(volunteer).where(volunteer.c.person_id == joining).values(person_id=to))
