"""People who wrote once, and an announcement to all of them, put into a database before the program starts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import Connection, select

from knowledge.announcements.kinds import State
from storage import announcements, people, recipients
from storage.database import Database
from storage.migrate import migrate
from storage.recipients import Recipient
from storage.schema import person
from tests.announcements.engine import HELLO


async def prepare(url: str, chats: range, *, start: bool = True, **values: object) -> int:
    """The number of an announcement that goes out as soon as the program runs, or is told to. Chat and user id are the
    same, as with Telegram."""
    database = Database.open(url)
    now = datetime.now(UTC)

    def work(connection: Connection) -> int:
        known = people.welcome(connection, {("telegram", str(chat)): "fr" for chat in chats}, now)
        people.found_at(connection, {one.id: name for (_, name), one in known.items()})
        made = announcements.create(connection, replace(HELLO, urgent=True, **values), now)  # type: ignore[arg-type]
        return (announcements.start(connection, made, now) if start else made).id

    try:
        await migrate(database)
        return await database.write(work)
    finally:
        await database.close()


async def start(url: str, number: int) -> None:
    """While the program runs, as staff would."""
    database = Database.open(url)

    def work(connection: Connection) -> None:
        known = announcements.by_id(connection, number)
        assert known is not None
        announcements.start(connection, known, datetime.now(UTC))

    try:
        await database.write(work)
    finally:
        await database.close()


async def outcome(url: str, number: int) -> tuple[str, dict[int, Recipient]]:
    """The announcement's status; each recipient by chat (by person, elsewhere than on Telegram)."""
    database = Database.open(url)

    def work(connection: Connection) -> tuple[str, dict[int, Recipient]]:
        known = announcements.by_id(connection, number)
        assert known is not None
        rows = connection.execute(select(person.c.id, person.c.chat).where(person.c.chat.is_not(None)))
        chats = {row.id: int(row.chat) if row.chat.isdigit() else row.id for row in rows}
        found = recipients.all_of(connection, number)
        return known.status, {chats[one.person_id]: one for one in found if one.person_id is not None}

    try:
        return await database.read(work)
    finally:
        await database.close()


def by_state(found: dict[int, Recipient]) -> dict[State, list[int]]:
    chats: dict[State, list[int]] = {}
    for chat, one in found.items():
        chats.setdefault(one.state, []).append(chat)
    return chats
