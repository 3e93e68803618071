"""Who may do more than others: administrators, staff, partners of an association."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, func, select

from storage.schema import person, role
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
    connection: Connection, platform: str, user_id: str, rank: str, now: datetime, organisation: str = ""
) -> None:
    """They need not have written yet."""
    if rank not in RANKS:
        raise ValueError(f"no such role: {rank}")
    row = {"platform": platform, "user_id": user_id, "role": rank, "organisation": organisation, "added_at": now}
    _set.execute(connection, [row])


def take_role(connection: Connection, platform: str, user_id: str) -> None:
    connection.execute(delete(role).where(role.c.platform == platform, role.c.user_id == user_id))


_fields = (role.c.platform, role.c.user_id, role.c.role, role.c.organisation)


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
