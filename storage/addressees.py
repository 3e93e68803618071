"""How to write to people: where, in which language, and whether they want to hear what they did not ask for."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, select

from storage.accounts import Account, reachable
from storage.schema import person


@dataclass(frozen=True, slots=True)
class Addressee:
    person_id: int
    account: Account
    language: str
    alerts: bool
    """False: they said that the bot shall send nothing on its own."""


def addressees(connection: Connection, person_ids: Collection[int]) -> dict[int, Addressee]:
    """Those who can be reached at all, on the platform they prefer where that is possible."""
    places = reachable(connection, sorted(person_ids)) if person_ids else {}
    rows = connection.execute(select(person.c.id, person.c.language, person.c.alerts).where(person.c.id.in_([*places])))
    return {row.id: Addressee(row.id, places[row.id], row.language, row.alerts) for row in rows}
