"""One's own sign-ups, with what they are for; what one says of it afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from knowledge.participation.states import LIVE, State
from storage.schema import session, sign_up
from storage.sessions import Listing, listings
from storage.sign_up_rows import COLUMNS, SignUp, by_id, position, sign_up_of


@dataclass(frozen=True, slots=True)
class Mine:
    """One of a person's sign-ups with what it is for."""

    sign_up: SignUp
    listing: Listing
    position: int
    """In the waiting list, 0 for none."""


def my_sign_ups(connection: Connection, person_id: int, now: datetime) -> list[Mine]:
    """What is still to come, soonest first."""
    rows = connection.execute(
        select(*COLUMNS)
        .join_from(sign_up, session, session.c.id == sign_up.c.session_id)
        .where(sign_up.c.person_id == person_id, sign_up.c.state.in_([*LIVE]), session.c.ends_at > now)
        .order_by(session.c.starts_at, sign_up.c.id)
    ).all()
    return _with_listings(connection, [sign_up_of(row) for row in rows])


def all_sign_ups(connection: Connection, person_id: int) -> list[Mine]:
    """Everything, oldest first: for /mesdonnees."""
    rows = connection.execute(select(*COLUMNS).where(sign_up.c.person_id == person_id).order_by(sign_up.c.id)).all()
    return _with_listings(connection, [sign_up_of(row) for row in rows])


def _with_listings(connection: Connection, found: Sequence[SignUp]) -> list[Mine]:
    shown = listings(connection, [one.session_id for one in found])
    return [Mine(one, shown[one.session_id], position(connection, one)) for one in found if one.session_id in shown]


def mine(connection: Connection, sign_up_id: int, person_id: int) -> Mine | None:
    """One sign-up of this person's; None where it is none of theirs."""
    one = by_id(connection, sign_up_id)
    if one is None or one.person_id != person_id:
        return None
    return next(iter(_with_listings(connection, [one])), None)


def rate(connection: Connection, sign_up_id: int, person_id: int, rating: int | None, words: str = "") -> bool:
    """How it was, 1 to 5, and in words; False where they were not there."""
    one = by_id(connection, sign_up_id)
    if one is None or one.person_id != person_id or one.state is not State.ATTENDED:
        return False
    values: dict[str, Any] = {**({"rating": rating} if rating else {}), **({"words": words} if words else {})}
    if values:
        connection.execute(update(sign_up).where(sign_up.c.id == sign_up_id).values(**values))
    return True


def words_of(connection: Connection, person_id: int) -> dict[int, str]:
    """What a person wrote about what they came to, by sign-up: for /mesdonnees."""
    said = select(sign_up.c.id, sign_up.c.words).where(sign_up.c.person_id == person_id, sign_up.c.words != "")
    return {row.id: row.words for row in connection.execute(said)}
