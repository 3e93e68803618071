"""Who is of the team, for the command line."""

from __future__ import annotations

from datetime import datetime

from bot.config import Settings
from storage import roles
from storage.database import Database
from storage.migrate import migrate
from storage.roles import Role


async def add(settings: Settings, platform: str, user: str, rank: str, organisation: str, now: datetime) -> None:
    """They need not have written yet. ValueError for a role that does not exist."""
    database = Database.open(settings.storage.url)
    try:
        await migrate(database)
        await database.write(lambda c: roles.set_role(c, platform, user, rank, now, organisation))
    finally:
        await database.close()


async def remove(settings: Settings, platform: str, user: str, now: datetime) -> None:
    database = Database.open(settings.storage.url)
    try:
        await migrate(database)
        await database.write(lambda c: roles.take_role(c, platform, user, now))
    finally:
        await database.close()


async def everybody(settings: Settings) -> list[Role]:
    """Administrators of the settings first."""
    database = Database.open(settings.storage.url)
    try:
        await migrate(database)
        kept = await database.read(roles.all_roles)
    finally:
        await database.close()
    named = [one.partition(":") for one in settings.staff.admins]
    return [*(Role(platform, user, "admin", "") for platform, _, user in named), *kept]
