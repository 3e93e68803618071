"""Who may do more than others: administrators, staff, partners of an association."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, func, select

from storage import audit
from storage.schema import person, role, volunteer
from storage.upsert import Upsert

RANKS = ("partner", "staff", "admin")
"""Each may do what those before it may."""


@dataclass(frozen=True, slots=True)
class Role:
    platform: str
    user_id: str
    role: str
    organisation: str
    """Of partners: their association."""

    def at_least(self, rank: str) -> bool:
        return RANKS.index(self.role) >= RANKS.index(rank)


_set = Upsert(
    role,
    lambda insert: insert.on_conflict_do_update(
        index_elements=[role.c.platform, role.c.user_id],
        set_={"role": insert.excluded.role, "organisation": insert.excluded.organisation},
    ),
)


def set_role(
    connection: Connection,
    platform: str,
    user_id: str,
    rank: str,
    now: datetime,
    organisation: str = "",
    actor: int | None = None,
) -> None:
    """Gives an account a role, which need not have written yet, or another one than it had. `actor`: None for the command
    line."""
    if rank not in RANKS:
        raise ValueError(f"no such role: {rank}")
    held = role_of_account(connection, platform, user_id)
    row = {"platform": platform, "user_id": user_id, "role": rank, "organisation": organisation, "added_at": now}
    _set.execute(connection, [row])
    if held is None or (held.role, held.organisation) != (rank, organisation):
        _note(connection, platform, user_id, held.role if held else "", rank, now, actor, organisation)


def take_role(
    connection: Connection, platform: str, user_id: str, now: datetime, actor: int | None = None
) -> Role | None:
    """The role that the account had; from now on it has none."""
    held = role_of_account(connection, platform, user_id)
    if held is not None:
        connection.execute(delete(role).where(role.c.platform == platform, role.c.user_id == user_id))
        _note(connection, platform, user_id, held.role, "", now, actor, held.organisation)
    return held


def _note(
    connection: Connection,
    platform: str,
    user_id: str,
    before: str,
    after: str,
    now: datetime,
    actor: int | None,
    organisation: str,
) -> None:
    account = (person.c.platform == platform, person.c.user_id == user_id)
    whose = connection.execute(select(func.coalesce(person.c.linked_to, person.c.id)).where(*account)).scalar()
    audit.note(connection, now, audit.ROLE, before, after, person_id=whose, actor_id=actor, words=organisation)


_fields = (role.c.platform, role.c.user_id, role.c.role, role.c.organisation)


def role_of_account(connection: Connection, platform: str, user_id: str) -> Role | None:
    row = connection.execute(select(*_fields).where(role.c.platform == platform, role.c.user_id == user_id))
    return next((Role(*one) for one in row), None)


def forget(connection: Connection, person_id: int) -> None:
    """Deletes the roles of all accounts of somebody who asked to be forgotten."""
    own = select(person.c.platform + ":" + person.c.user_id).where(
        func.coalesce(person.c.linked_to, person.c.id) == person_id
    )
    connection.execute(delete(role).where((role.c.platform + ":" + role.c.user_id).in_(own)))


@dataclass(frozen=True, slots=True)
class Member:
    """An account of the team."""

    role: Role
    person_id: int | None
    """None: they have not written yet."""
    name: str
    """How they want to be called, "" where they did not say."""


def members(connection: Connection, organisation: str = "") -> list[Member]:
    """Everybody with a role, or the partners of one association; administrators first."""
    number = func.coalesce(person.c.linked_to, person.c.id)
    chosen = (
        select(*_fields, number, func.coalesce(volunteer.c.name, ""))
        .select_from(
            role.outerjoin(
                person, (person.c.platform == role.c.platform) & (person.c.user_id == role.c.user_id)
            ).outerjoin(volunteer, volunteer.c.person_id == number)
        )
        .order_by(role.c.added_at, role.c.user_id)
    )
    if organisation:
        chosen = chosen.where(role.c.organisation == organisation)
    found = [Member(Role(*row[:4]), row[4], row[5]) for row in connection.execute(chosen)]
    return sorted(found, key=lambda one: -RANKS.index(one.role.role))


def all_roles(connection: Connection) -> list[Role]:
    return [Role(*row) for row in connection.execute(select(*_fields).order_by(role.c.added_at, role.c.user_id))]


def role_of(connection: Connection, person_id: int) -> Role | None:
    """The highest role of any account of a person."""
    own = func.coalesce(person.c.linked_to, person.c.id) == person_id
    rows = connection.execute(
        select(*_fields)
        .join_from(role, person, (person.c.platform == role.c.platform) & (person.c.user_id == role.c.user_id))
        .where(own)
    )
    return max((Role(*row) for row in rows), key=lambda one: RANKS.index(one.role), default=None)


def people_with(connection: Connection, ranks: Collection[str]) -> list[int]:
    """The persons of these roles who have written to the bot."""
    number = func.coalesce(person.c.linked_to, person.c.id)
    rows = connection.execute(
        select(number)
        .join_from(role, person, (person.c.platform == role.c.platform) & (person.c.user_id == role.c.user_id))
        .where(role.c.role.in_([*ranks]))
        .distinct()
    )
    return sorted(rows.scalars())
