"""The journal of the team as a spreadsheet: for the command line, and for the chat."""

from __future__ import annotations

import json
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.config import Settings
from bot.spreadsheet import sheet
from storage import audit, profiles, roles
from storage.audit import Act
from storage.database import Database
from storage.migrate import migrate

COLUMNS = ("number", "at", "person", "name", "role", "what", "before", "after", "about", "session", "words")


def as_csv(connection: Connection, zone: ZoneInfo) -> bytes:
    """All that the team did, oldest first, a line an act. Who asked to be forgotten has no number and no name."""
    members = {one.person_id: one for one in roles.members(connection)}
    names: dict[int | None, str] = {None: ""}
    found = audit.acts(connection, None, whole=True)
    for number in {one.actor_id for one in found} - {None}:
        names[number] = profiles.profile(connection, number).name if number is not None else ""
    ranks = {number: member.role.role for number, member in members.items() if number is not None}
    return sheet(COLUMNS, (_row(one, names, ranks, zone) for one in reversed(found)))


def _row(one: Act, names: dict[int | None, str], ranks: dict[int, str], zone: ZoneInfo) -> list[object]:
    titles = json.loads(one.title) if one.title else {}
    about = one.label or titles.get("fr") or next(iter(titles.values()), "")
    starts = one.starts_at.astimezone(zone).isoformat(timespec="minutes") if one.starts_at else ""
    return [
        one.id, one.at.astimezone(zone).isoformat(timespec="seconds"), one.actor_id or "", names[one.actor_id],
        ranks.get(one.actor_id or 0, ""), one.what, one.before, one.after, about, starts, one.words,
    ]  # fmt: skip


async def export(settings: Settings) -> bytes:
    database = Database.open(settings.storage.url)
    try:
        await migrate(database)
        return await database.read(lambda c: as_csv(c, settings.bot.zone))
    finally:
        await database.close()
