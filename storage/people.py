"""People and what the bot remembers of talking with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite

from storage.schema import conversation, person


@dataclass(frozen=True, slots=True)
class Person:
    id: int
    platform: str
    user_id: str
    language: str
    language_chosen: bool
    """They said which language they want; their device no longer decides."""
    alerts: bool
    created_at: datetime
    seen_on: date

    @property
    def key(self) -> tuple[str, str]:
        return (self.platform, self.user_id)


_columns = (
    person.c.id, person.c.platform, person.c.user_id, person.c.language, person.c.language_chosen, person.c.alerts,
    person.c.created_at, person.c.seen_on,
)  # fmt: skip
_by_key = select(*_columns).where(tuple_(person.c.platform, person.c.user_id).in_(bindparam("keys", expanding=True)))


def people(connection: Connection, keys: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Person]:
    """Those of `keys` (platform, user id) that are known."""
    found = (Person(*row) for row in connection.execute(_by_key, {"keys": list(keys)}))
    return {known.key: known for known in found}


def welcome(connection: Connection, platform: str, user_id: str, language: str, now: datetime) -> Person:
    """Makes a person known. Two processes may do it at once: the first wins."""
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    connection.execute(
        dialect.insert(person)
        .values(
            platform=platform, user_id=user_id, language=language, language_chosen=False, alerts=True, created_at=now,
            seen_on=now.date(),
        )
        .on_conflict_do_nothing()
    )  # fmt: skip
    return people(connection, [(platform, user_id)])[(platform, user_id)]


def change(connection: Connection, known: Person, **values: Any) -> Person:
    """Writes `values` (language, language_chosen, alerts, seen_on) and gives the person back with them."""
    connection.execute(update(person).where(person.c.id == known.id).values(**values))
    return replace(known, **values)


def seen(connection: Connection, ids: Sequence[int], day: date) -> None:
    if ids:
        connection.execute(update(person).where(person.c.id.in_(ids)).values(seen_on=day))


def erase(connection: Connection, known: Person) -> None:
    """Forgets a person and everything remembered of them here."""
    connection.execute(delete(conversation).where(conversation.c.person_id == known.id))
    connection.execute(delete(person).where(person.c.id == known.id))


_memories = select(conversation.c.key, conversation.c.state).where(
    conversation.c.key.in_(bindparam("keys", expanding=True)), conversation.c.forget_at > bindparam("now")
)


def memories(connection: Connection, keys: Sequence[str], now: datetime) -> dict[str, str]:
    """What is remembered (JSON) of those of `keys` that are not forgotten yet."""
    return {row.key: row.state for row in connection.execute(_memories, {"keys": list(keys), "now": now})}


@dataclass(frozen=True, slots=True)
class Remembered:
    person_id: int
    state: str
    forget_at: datetime


def remember(connection: Connection, states: Mapping[str, Remembered]) -> None:
    """Writes what is remembered of each conversation, in place of what was."""
    if not states:
        return
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    statement = dialect.insert(conversation)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=[conversation.c.key],
            set_={
                "state": statement.excluded.state,
                "forget_at": statement.excluded.forget_at,
                "person_id": statement.excluded.person_id,
            },
        ),
        [
            {"key": key, "person_id": r.person_id, "state": r.state, "forget_at": r.forget_at}
            for key, r in states.items()
        ],
    )


def forget_conversation(connection: Connection, key: str) -> None:
    connection.execute(delete(conversation).where(conversation.c.key == key))


def forget_conversations(connection: Connection, now: datetime) -> None:
    """Deletes what was to be remembered only until now: positions among it."""
    connection.execute(delete(conversation).where(conversation.c.forget_at <= now))


def rename_conversations(connection: Connection, old: str, new: str) -> None:
    """A group goes on under another id: its talks, whose keys start with `old`, start with `new` from now on."""
    keys = connection.execute(
        select(conversation.c.key).where(conversation.c.key.startswith(old, autoescape=True))
    ).scalars()
    for key in keys.all():
        renamed = new + key.removeprefix(old)
        connection.execute(delete(conversation).where(conversation.c.key == renamed))
        connection.execute(update(conversation).where(conversation.c.key == key).values(key=renamed))


__all__ = [
    "Person", "Remembered", "change", "erase", "forget_conversation", "forget_conversations", "memories",
    "people", "remember", "rename_conversations", "seen", "welcome",
]  # fmt: skip
