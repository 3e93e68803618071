"""What the bot knows of its rooms on Matrix: how far it has read, who invited it, what its numbers stand for."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, select, update

from storage.schema import matrix_room, matrix_said, matrix_unread, setting
from storage.upsert import Upsert

KEEP_SAID = timedelta(days=7)
KEEP_UNREAD = timedelta(days=14)
INVITED, JOINED, LEFT = "invited", "joined", "left"

NO_CHOICES = "[]"
_TOKEN = "matrix_read_up_to"


@dataclass(frozen=True, slots=True)
class Room:
    """`direct`: a talk with one person. `encrypted`: once so, for ever. `replaces`: the room it is the upgrade of."""

    room_id: str
    status: str
    direct: bool = False
    encrypted: bool = False
    invited_by: str = ""
    replaces: str = ""
    told: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """A message of the bot's own; `choices` are (label, payload), in the order of their numbers."""

    event_id: str
    room_id: str
    thread: str
    choices: tuple[tuple[str, str], ...]
    said_at: datetime


@dataclass(frozen=True, slots=True)
class Unread:
    """An encrypted message without its key; `source` is the event as it came, in JSON."""

    event_id: str
    room_id: str
    session_id: str
    source: str
    received_at: datetime


_set = Upsert(
    setting,
    lambda insert: insert.on_conflict_do_update(
        index_elements=[setting.c.key], set_={"value": insert.excluded["value"]}
    ),
)
_get = select(setting.c.value).where(setting.c.key == _TOKEN)


def read_up_to(connection: Connection, user_id: str) -> str:
    """The sync token of this account, "" when it has never been read: another account's is none."""
    user, _, token = (connection.execute(_get).scalar() or "").partition(" ")
    return token if user == user_id else ""


def have_read(connection: Connection, user_id: str, token: str) -> None:
    _set.execute(connection, [{"key": _TOKEN, "value": f"{user_id} {token}"}])


_columns = tuple(matrix_room.c[name] for name in Room.__dataclass_fields__)
_keep = Upsert(
    matrix_room,
    lambda insert: insert.on_conflict_do_update(
        index_elements=[matrix_room.c.room_id],
        set_={name: insert.excluded[name] for name in Room.__dataclass_fields__ if name != "room_id"},
    ),
)


def rooms(connection: Connection) -> dict[str, Room]:
    return {row.room_id: Room(*row) for row in connection.execute(select(*_columns))}


def keep_rooms(connection: Connection, changed: Sequence[Room]) -> None:
    if changed:
        rows = [{name: getattr(room, name) for name in Room.__dataclass_fields__} for room in changed]
        _keep.execute(connection, rows)


_said_columns = (
    matrix_said.c.event_id, matrix_said.c.room_id, matrix_said.c.thread, matrix_said.c.choices, matrix_said.c.said_at,
)  # fmt: skip
_say = Upsert(matrix_said, lambda insert: insert.on_conflict_do_nothing())
_by_event = select(*_said_columns).where(matrix_said.c.event_id.in_(bindparam("events", expanding=True)))
_newest = select(*_said_columns).where(
    matrix_said.c.id.in_(
        select(func.max(matrix_said.c.id))
        .where(matrix_said.c.room_id.in_(bindparam("rooms", expanding=True)), matrix_said.c.choices != NO_CHOICES)
        .group_by(matrix_said.c.room_id)
    )
)


def say(connection: Connection, messages: Sequence[Said]) -> None:
    """Keeps what was said; what is known already is left alone."""
    if messages:
        rows = [
            {"event_id": m.event_id, "room_id": m.room_id, "thread": m.thread, "choices": json.dumps(m.choices),
             "said_at": m.said_at}
            for m in messages
        ]  # fmt: skip
        _say.execute(connection, rows)


def said(connection: Connection, events: Collection[str]) -> dict[str, Said]:
    """Those of these messages that are the bot's own, of the last days."""
    if not events:
        return {}
    return {row.event_id: _said(row) for row in connection.execute(_by_event, {"events": list(events)})}


def last_said(connection: Connection, room_ids: Collection[str]) -> dict[str, Said]:
    """The newest message of the bot with choices in each of these rooms."""
    if not room_ids:
        return {}
    return {row.room_id: _said(row) for row in connection.execute(_newest, {"rooms": list(room_ids)})}


def _said(row: Any) -> Said:
    choices = tuple((label, payload) for label, payload in json.loads(row.choices))
    return Said(row.event_id, row.room_id, row.thread, choices, row.said_at)


_unread_columns = tuple(matrix_unread.c[name] for name in Unread.__dataclass_fields__)
_keep_unread = Upsert(matrix_unread, lambda insert: insert.on_conflict_do_nothing())


def keep_unread(connection: Connection, messages: Sequence[Unread]) -> None:
    if messages:
        rows = [{name: getattr(m, name) for name in Unread.__dataclass_fields__} for m in messages]
        _keep_unread.execute(connection, rows)


def unread(connection: Connection) -> list[Unread]:
    """Everything that waits for its key, oldest first."""
    query = select(*_unread_columns).order_by(matrix_unread.c.received_at)
    return [Unread(*row) for row in connection.execute(query)]


def now_read(connection: Connection, events: Collection[str]) -> None:
    if events:
        connection.execute(delete(matrix_unread).where(matrix_unread.c.event_id.in_(events)))


def forget(connection: Connection, now: datetime) -> None:
    """Deletes what was kept only for some days."""
    connection.execute(delete(matrix_said).where(matrix_said.c.said_at < now - KEEP_SAID))
    connection.execute(delete(matrix_unread).where(matrix_unread.c.received_at < now - KEEP_UNREAD))


def have_told(connection: Connection, room_id: str) -> None:
    """The people of this room know that something could not be read."""
    connection.execute(update(matrix_room).where(matrix_room.c.room_id == room_id).values(told=True))


def forget_room(connection: Connection, room_id: str) -> None:
    """Deletes what was offered there, and what could not be read."""
    connection.execute(delete(matrix_said).where(matrix_said.c.room_id == room_id))
    connection.execute(delete(matrix_unread).where(matrix_unread.c.room_id == room_id))
