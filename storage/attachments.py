"""Photos and documents of announcements, bytes included: they go to every platform."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select, update

from storage.schema import announcement, attachment

KEEP = timedelta(days=60)
"""How long what no announcement uses any more is kept."""


@dataclass(frozen=True, slots=True)
class Attachment:
    id: int
    kind: str
    """photo or document."""
    name: str
    media_type: str
    size: int
    """Bytes."""
    telegram_file: str | None
    matrix_file: str | None


_COLUMNS = (
    attachment.c.id, attachment.c.kind, attachment.c.name, attachment.c.media_type, attachment.c.size,
    attachment.c.telegram_file, attachment.c.matrix_file,
)  # fmt: skip


def add(
    connection: Connection,
    kind: str,
    name: str,
    media_type: str,
    content: bytes,
    now: datetime,
    *,
    created_by: int | None = None,
    telegram_file: str | None = None,
) -> int:
    """The number of what is kept. `telegram_file`: it came from there, and need not be uploaded again."""
    row = {
        "kind": kind,
        "name": name,
        "media_type": media_type[:100],
        "size": len(content),
        "content": content,
        "telegram_file": telegram_file,
        "created_by": created_by,
        "used_at": now,
    }
    number: int = connection.execute(insert(attachment).values(**row).returning(attachment.c.id)).scalar_one()
    return number


def by_id(connection: Connection, number: int) -> Attachment | None:
    row = connection.execute(select(*_COLUMNS).where(attachment.c.id == number)).one_or_none()
    return Attachment(*row) if row else None


def content(connection: Connection, number: int) -> bytes | None:
    return connection.execute(select(attachment.c.content).where(attachment.c.id == number)).scalar()


def uploaded(
    connection: Connection, number: int, *, telegram_file: str | None = None, matrix_file: str | None = None
) -> None:
    """A platform has it now, under this name of its own."""
    values = {
        name: value
        for name, value in (("telegram_file", telegram_file), ("matrix_file", matrix_file))
        if value is not None
    }
    if values:
        connection.execute(update(attachment).where(attachment.c.id == number).values(**values))


def used(connection: Connection, number: int, now: datetime) -> None:
    connection.execute(update(attachment).where(attachment.c.id == number).values(used_at=now))


def made_for(connection: Connection, person_id: int, name: str, content: bytes) -> int | None:
    """The number of the same, made for this person before."""
    same = (attachment.c.created_by == person_id, attachment.c.name == name, attachment.c.content == content)
    return connection.execute(select(attachment.c.id).where(*same).limit(1)).scalar()


def forget_named(connection: Connection, person_id: int, name: str) -> None:
    """What a person had made for themselves alone."""
    connection.execute(delete(attachment).where(attachment.c.created_by == person_id, attachment.c.name == name))


_IN_USE = ("draft", "scheduled", "sending", "paused")


def forget(connection: Connection, now: datetime) -> None:
    """Deletes what no announcement needs any more that is to go out, or goes out."""
    old = attachment.c.used_at < now - KEEP
    found = connection.execute(select(attachment.c.id).where(old)).scalars().all()
    if not found:
        return
    contents = connection.execute(select(announcement.c.content).where(announcement.c.status.in_(_IN_USE))).scalars()
    needed = {attached["number"] for each in contents if (attached := json.loads(each).get("attachment"))}
    connection.execute(delete(attachment).where(attachment.c.id.in_(set(found) - needed)))
