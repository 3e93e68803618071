"""What a volunteer offers and how they want to be asked; what requirements can ask of them."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select, update

from knowledge.participation.kinds import Candidate, of_age_on
from storage.columns import Key
from storage.schema import qualification, volunteer
from storage.upsert import Upsert


@dataclass(frozen=True, slots=True)
class Profile:
    person_id: int
    name: str = ""
    """How they want to be called on lists."""
    skills: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    districts: frozenset[str] = frozenset()
    """Postcodes; empty: anywhere."""
    times: frozenset[str] = frozenset()
    """Like "sat-morning" (knowledge.participation.waves.PARTS); empty: any."""
    can_lead: bool = False
    of_age_on: date | None = None
    charter_on: date | None = None
    missions: bool = True
    """Wants to be asked for missions."""
    near_only: bool = False
    weekends_only: bool = False
    paused_until: date | None = None
    last_asked_at: datetime | None = None


_NAMES = tuple(each.name for each in fields(Profile))
COLUMNS = tuple(volunteer.c[name] for name in _NAMES)
_SETS = ("skills", "languages", "districts", "times")


def profile_of(row: Any) -> Profile:
    values = {name: row._mapping[name] for name in _NAMES}
    for name in _SETS:
        values[name] = frozenset(values[name].split())
    return Profile(**values)


_of_person = select(*COLUMNS).where(volunteer.c.person_id == bindparam("person"))
_held = select(qualification.c.person_id, qualification.c.name, qualification.c.expires_on).where(
    qualification.c.person_id.in_(bindparam("people", expanding=True))
)


def profile(connection: Connection, person_id: int) -> Profile:
    """The profile, an empty one for somebody without."""
    row = connection.execute(_of_person, {"person": person_id}).one_or_none()
    return profile_of(row) if row else Profile(person_id)


def names(connection: Connection, person_ids: Collection[int]) -> dict[int, str]:
    """How those who said so want to be called on lists."""
    said = select(volunteer.c.person_id, volunteer.c.name).where(
        volunteer.c.person_id.in_([*person_ids]), volunteer.c.name != ""
    )
    return {row.person_id: row.name for row in connection.execute(said)}


def has_profile(connection: Connection, person_id: int) -> bool:
    return (
        connection.execute(select(volunteer.c.person_id).where(volunteer.c.person_id == person_id)).scalar() is not None
    )


_first = Upsert(volunteer, lambda insert: insert.on_conflict_do_nothing())


def change(connection: Connection, person_id: int, **values: Any) -> Profile:
    """Writes `values` (fields of Profile), making the profile with the first of them."""
    changed = replace(profile(connection, person_id), **values)
    _first.execute(connection, [_row(Profile(person_id))])
    row = _row(changed)
    written = {name: row[name] for name in values}
    if written:
        connection.execute(update(volunteer).where(volunteer.c.person_id == person_id).values(**written))
    return changed


def _row(one: Profile) -> dict[str, Any]:
    values = {name: getattr(one, name) for name in _NAMES}
    for name in _SETS:
        values[name] = " ".join(sorted(values[name]))
    return values


def set_age(connection: Connection, person_id: int, today: date, *, born: date | None = None) -> Profile:
    """They are of age, as they said today; or from a date of birth, which is not kept (see `kinds.of_age_on`)."""
    return change(connection, person_id, of_age_on=of_age_on(born, today) if born else today)


def set_minor(connection: Connection, person_id: int, of_age: date) -> Profile:
    """They are a minor until that day. For who only says "16" or "17", take the latest day that can be."""
    return change(connection, person_id, of_age_on=of_age)


def accept_charter(connection: Connection, person_id: int, today: date) -> Profile:
    return change(connection, person_id, charter_on=today)


def erase(connection: Connection, person_id: int) -> None:
    """Deletes the profile, not sign-ups and qualifications (storage/participants.py erases all)."""
    connection.execute(delete(volunteer).where(volunteer.c.person_id == person_id))


_who = select(bindparam("person", type_=Key).label("number")).subquery()
_candidate = (
    select(*COLUMNS, qualification.c.name.label("holds"), qualification.c.expires_on)
    .select_from(_who)
    .outerjoin(volunteer, volunteer.c.person_id == _who.c.number)
    .outerjoin(qualification, qualification.c.person_id == _who.c.number)
)


def candidate(connection: Connection, person_id: int) -> Candidate:
    """What requirements can ask of this person, whether they have a profile or not."""
    rows = connection.execute(_candidate, {"person": person_id}).all()
    mine = Profile(person_id) if rows[0].person_id is None else profile_of(rows[0])
    return _candidate_of(mine, [(row.holds, row.expires_on) for row in rows if row.holds is not None])


def candidates(connection: Connection, profiles: list[Profile]) -> dict[int, Candidate]:
    held: dict[int, list[tuple[str, date | None]]] = {}
    for person_id, name, expires_on in connection.execute(_held, {"people": [one.person_id for one in profiles]}):
        held.setdefault(person_id, []).append((name, expires_on))
    return {one.person_id: _candidate_of(one, held.get(one.person_id, [])) for one in profiles}


def _candidate_of(one: Profile, held: Iterable[tuple[str, date | None]]) -> Candidate:
    """Of one qualification held more than once, the longest valid counts."""
    qualifications: dict[str, date | None] = {}
    for name, expires_on in held:
        known = qualifications.get(name, date.min)
        qualifications[name] = None if expires_on is None or known is None else max(known, expires_on)
    return Candidate(
        of_age_on=one.of_age_on,
        qualifications=qualifications,
        skills=one.skills,
        languages=one.languages,
        charter=one.charter_on is not None,
    )


def keep_calendar_token(connection: Connection, person_id: int, token: str | None) -> None:
    """`token` opens this person's calendar from now on, an earlier one no longer; None closes it."""
    change(connection, person_id)
    hashed = None if token is None else _hash(token)
    connection.execute(update(volunteer).where(volunteer.c.person_id == person_id).values(calendar_hash=hashed))


def calendar_owner(connection: Connection, token: str) -> int | None:
    """Whose calendar a token opens."""
    return connection.execute(select(volunteer.c.person_id).where(volunteer.c.calendar_hash == _hash(token))).scalar()


def has_calendar(connection: Connection, person_id: int) -> bool:
    known = (volunteer.c.person_id == person_id, volunteer.c.calendar_hash.is_not(None))
    return connection.execute(select(volunteer.c.person_id).where(*known)).scalar() is not None


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
