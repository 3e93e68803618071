"""Accounts on several platforms that are one person: codes that join them, and where to write to them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, insert, or_, select, update

from storage.people import PEOPLE, Person
from storage.schema import conversation, link_code, link_guess, person, report, stopped_lane
from storage.upsert import Upsert

CODE_LIFE = timedelta(minutes=10)
GUESSES = 5
GUESS_WINDOW = timedelta(hours=1)
"""Wrong codes an account may type within the window; after that no code is looked at until it has passed."""


@dataclass(frozen=True, slots=True)
class Account:
    id: int
    platform: str
    chat: str | None
    """Where it talks in private, as far as is known."""

    @property
    def lane(self) -> str:
        return f"{self.platform}:{self.chat}"


_fields = (person.c.id, person.c.platform, person.c.chat)


def accounts_of(connection: Connection, person_id: int) -> list[Account]:
    """All accounts of a person, the one that the others are linked to first."""
    own = or_(person.c.id == person_id, person.c.linked_to == person_id)
    order = (person.c.linked_to.is_not(None), person.c.id)
    return [Account(*row) for row in connection.execute(select(*_fields).where(own).order_by(*order))]


def preferred(connection: Connection, person_id: int) -> str | None:
    """The platform the person wants to be written to on, if they said so."""
    return connection.execute(select(person.c.preferred).where(person.c.id == person_id)).scalar()


def prefer(connection: Connection, person_id: int, platform: str) -> None:
    connection.execute(update(person).where(person.c.id == person_id).values(preferred=platform))


def reachable(connection: Connection, person_ids: Sequence[int]) -> dict[int, Account]:
    """Where each person can be written to: on the platform they prefer, on another one where that is not possible.

    Nobody is in it who blocked the bot everywhere, or never wrote in private."""
    whole = person.alias("whole")
    rows = connection.execute(
        select(whole.c.id, *_fields)
        .join_from(person, whole, whole.c.id == func.coalesce(person.c.linked_to, person.c.id))
        .outerjoin(stopped_lane, stopped_lane.c.lane == person.c.platform + ":" + person.c.chat)
        .where(whole.c.id.in_(person_ids), person.c.chat.is_not(None), stopped_lane.c.lane.is_(None))
        .order_by(func.coalesce(whole.c.preferred, whole.c.platform) != person.c.platform, person.c.id)
    )
    best: dict[int, Account] = {}
    for person_id, *fields in rows:
        best.setdefault(person_id, Account(*fields))
    return best


def keep_code(connection: Connection, account: int, code: str, now: datetime) -> None:
    """`code` joins another account to this one within CODE_LIFE; an earlier code of this account no longer does."""
    connection.execute(delete(link_code).where(or_(link_code.c.account_id == account, link_code.c.expires_at <= now)))
    row = {"code_hash": _hash(code), "account_id": account, "expires_at": now + CODE_LIFE}
    connection.execute(insert(link_code).values(row))


def take_code(connection: Connection, code: str, now: datetime) -> int | None:
    """The account that asked for `code`, which is used up by this; None for one that is wrong, used or too old."""
    wanted = (link_code.c.code_hash == _hash(code), link_code.c.expires_at > now)
    return connection.execute(delete(link_code).where(*wanted).returning(link_code.c.account_id)).scalar()


def may_guess(connection: Connection, account: int, now: datetime) -> bool:
    recent = (link_guess.c.account_id == account, link_guess.c.since > now - GUESS_WINDOW)
    return (connection.execute(select(link_guess.c.count).where(*recent)).scalar() or 0) < GUESSES


_guess = Upsert(
    link_guess,
    lambda insert: insert.on_conflict_do_update(
        index_elements=[link_guess.c.account_id], set_={"count": link_guess.c.count + 1}
    ),
)


def note_guess(connection: Connection, account: int, now: datetime) -> None:
    """A wrong code was typed."""
    connection.execute(delete(link_guess).where(link_guess.c.since <= now - GUESS_WINDOW))
    _guess.execute(connection, [{"account_id": account, "count": 1, "since": now}])


def owner(connection: Connection, account: int) -> Person | None:
    """The person an account belongs to, by that account; None for one that is gone."""
    row = connection.execute(PEOPLE.where(person.c.id == account)).one_or_none()
    return Person(*row) if row else None


def link(connection: Connection, joining: Person, to: Person) -> None:
    """All accounts of `joining` become accounts of `to`, with all that is kept of them. Whoever said which language they
    want, or that they want no alerts, on either platform, keeps it on both."""
    language = joining.language if joining.language_chosen and not to.language_chosen else to.language
    connection.execute(
        update(person)
        .where(person.c.id == to.id)
        .values(
            language=language,
            language_chosen=joining.language_chosen or to.language_chosen,
            alerts=joining.alerts and to.alerts,
        )
    )
    joined = or_(person.c.id == joining.id, person.c.linked_to == joining.id)
    connection.execute(update(person).where(joined).values(linked_to=to.id))
    for table in (conversation, report):
        connection.execute(update(table).where(table.c.person_id == joining.id).values(person_id=to.id))


def unlink(connection: Connection, known: Person) -> None:
    """The account that `known` writes from stands alone again; written from the one that others are linked to, those do.

    Settings are the same on both sides at first. What was kept under the person's number stays with it."""
    whole = known.account == known.id
    parted = person.c.linked_to == known.id if whole else person.c.id == known.account
    settings = {"language": known.language, "language_chosen": known.language_chosen, "alerts": known.alerts}
    rows = connection.execute(select(*_fields).where(parted)).all()
    connection.execute(update(person).where(parted).values(linked_to=None, preferred=None, **settings))
    for account in (Account(*row) for row in rows):
        talk = conversation.c.key == account.lane
        connection.execute(update(conversation).where(talk).values(person_id=account.id))


def forget_codes(connection: Connection, person_id: int) -> None:
    """Deletes the codes that the accounts of a person asked for, and what is known of their guesses."""
    own = select(person.c.id).where(or_(person.c.id == person_id, person.c.linked_to == person_id))
    connection.execute(delete(link_code).where(link_code.c.account_id.in_(own)))
    connection.execute(delete(link_guess).where(link_guess.c.account_id.in_(own)))


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
