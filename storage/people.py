"""People and what the bot remembers of talking with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, delete, func, or_, select, tuple_, update

from storage.schema import conversation, person
from storage.upsert import Upsert


@dataclass(frozen=True, slots=True)
class Person:
    """A person, by the account they write from."""

    id: int
    """The person's number: the same for all accounts linked together."""
    platform: str
    user_id: str
    language: str
    language_chosen: bool
    """They said which language they want; their device no longer decides."""
    alerts: bool
    created_at: datetime
    seen_on: date
    account: int = 0
    """The number of the account."""
    chat: str | None = None
    """Where this account talks in private, as far as is known."""

    @property
    def key(self) -> tuple[str, str]:
        return (self.platform, self.user_id)


_whole = person.alias("whole")
"""The account that all linked ones belong to."""
PEOPLE: Select[Any] = (
    select(
        _whole.c.id, person.c.platform, person.c.user_id, _whole.c.language, _whole.c.language_chosen, _whole.c.alerts,
        _whole.c.created_at, _whole.c.seen_on, person.c.id, person.c.chat,
    )
    .join_from(person, _whole, _whole.c.id == func.coalesce(person.c.linked_to, person.c.id))
)  # fmt: skip
"""The fields of a Person, one row an account."""

_by_key = PEOPLE.where(tuple_(person.c.platform, person.c.user_id).in_(bindparam("keys", expanding=True)))


def people(connection: Connection, keys: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Person]:
    """Those of `keys` (platform, user id) that are known."""
    found = (Person(*row) for row in connection.execute(_by_key, {"keys": list(keys)}))
    return {known.key: known for known in found}


_new = Upsert(person, lambda insert: insert.on_conflict_do_nothing())


def welcome(
    connection: Connection, newcomers: Mapping[tuple[str, str], str], now: datetime
) -> dict[tuple[str, str], Person]:
    """Makes people known, (platform, user id) -> language. Two processes may do it at once: the first wins."""
    if not newcomers:
        return {}
    _new.execute(
        connection,
        [
            {"platform": platform, "user_id": user_id, "language": language, "language_chosen": False, "alerts": True,
             "created_at": now, "seen_on": now.date()}
            for (platform, user_id), language in newcomers.items()
        ],
    )  # fmt: skip
    return people(connection, list(newcomers))


def change(connection: Connection, known: Person, **values: Any) -> Person:
    """Writes `values` (language, language_chosen, alerts, seen_on) and gives the person back with them."""
    connection.execute(update(person).where(person.c.id == known.id).values(**values))
    return replace(known, **values)


def seen(connection: Connection, ids: Sequence[int], day: date) -> None:
    if ids:
        connection.execute(update(person).where(person.c.id.in_(ids)).values(seen_on=day))


_spoke = (
    update(person)
    .where(person.c.id == bindparam("speaker"), ~person.c.language_chosen)
    .values(language=bindparam("spoken"))
)


def spoke(connection: Connection, languages: Mapping[int, str]) -> None:
    """What people speak, person id -> language, unless they chose one themselves."""
    if languages:
        connection.execute(_spoke, [{"speaker": key, "spoken": language} for key, language in languages.items()])


_found_at = update(person).where(person.c.id == bindparam("account")).values(chat=bindparam("place"))


def found_at(connection: Connection, chats: Mapping[int, str]) -> None:
    """Where accounts talk in private, account -> chat, where that is new."""
    if chats:
        connection.execute(_found_at, [{"account": account, "place": chat} for account, chat in chats.items()])


def erase(connection: Connection, known: Person) -> None:
    """Forgets a person with all their accounts, and everything remembered of them here."""
    connection.execute(delete(conversation).where(conversation.c.person_id == known.id))
    connection.execute(delete(person).where(or_(person.c.id == known.id, person.c.linked_to == known.id)))


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


_remember = Upsert(
    conversation,
    lambda insert: insert.on_conflict_do_update(
        index_elements=[conversation.c.key],
        set_={name: insert.excluded[name] for name in ("state", "forget_at", "person_id")},
    ),
)


def remember(connection: Connection, states: Mapping[str, Remembered]) -> None:
    """Writes what is remembered of each conversation, in place of what was."""
    if states:
        _remember.execute(
            connection,
            [
                {"key": key, "person_id": r.person_id, "state": r.state, "forget_at": r.forget_at}
                for key, r in states.items()
            ],
        )


def forget_conversations(connection: Connection, now: datetime) -> None:
    """Deletes what was to be remembered only until now: positions among it."""
    connection.execute(delete(conversation).where(conversation.c.forget_at <= now))


def rename_conversations(connection: Connection, old: str, new: str) -> None:
    """A chat goes on under another id: its talk, whose key is `old`, or those of its people, whose keys start with `old:`,
    begin with `new` from now on."""
    keys = connection.execute(
        select(conversation.c.key).where(
            (conversation.c.key == old) | conversation.c.key.startswith(f"{old}:", autoescape=True)
        )
    ).scalars()
    for key in keys.all():
        renamed = new + key.removeprefix(old)
        connection.execute(delete(conversation).where(conversation.c.key == renamed))
        connection.execute(update(conversation).where(conversation.c.key == key).values(key=renamed))
