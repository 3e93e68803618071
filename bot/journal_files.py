"""The journal of the team as a spreadsheet: for the command line, and for the chat."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.config import Settings
from storage import audit, profiles, roles
from storage.audit import Act
from storage.database import Database
from storage.migrate import migrate

COLUMNS = ("number", "at", "person", "name", "role", "what", "before", "after", "about", "session", "words")
FORMULAS = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would take for a formula."""


def sheet(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """As spreadsheets of this country open it: semicolons, UTF-8 with a mark."""
    written = io.StringIO()
    writer = csv.writer(written, delimiter=";", lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_plain(cell) for cell in row])
    return written.getvalue().encode("utf-8-sig")


def _plain(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULAS) else cell


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
