"""A person's sign-ups as a calendar (RFC 5545), at the private address that they were given."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from aiohttp import web
from sqlalchemy import Connection

from bot.calendar_file import calendar
from bot.config import Settings
from bot.texts import texts
from handlers.calendar import PATH
from storage import own_sign_ups, profiles
from storage.addressees import addressees
from storage.database import Database


def feed_of(connection: Connection, token: str, zone: ZoneInfo, language: str, now: datetime) -> str | None:
    """The calendar that a token opens; None for one that opens none."""
    owner = profiles.calendar_owner(connection, token)
    if owner is None:
        return None
    known = addressees(connection, [owner]).get(owner)
    words = texts(known.language if known else language, zone)
    return calendar(own_sign_ups.all_sign_ups(connection, owner), words, now)


class CalendarFeed:
    """Answers GET /calendar/TOKEN.ics on the health endpoint, where `[health] public_url` says that it is reachable."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._settings = settings.bot

    def route(self, application: web.Application) -> None:
        application.router.add_get(f"{PATH}{{token:[A-Za-z0-9_-]{{20,64}}}}.ics", self.answer)

    async def answer(self, request: web.Request) -> web.Response:
        zone, token = self._settings.zone, request.match_info["token"]
        now = datetime.now(zone)
        found = await self._database.read(lambda c: feed_of(c, token, zone, self._settings.default_language, now))
        if found is None:
            return web.Response(status=404, text="no such calendar\n")
        return web.Response(
            text=found, content_type="text/calendar", charset="utf-8", headers={"Cache-Control": "private, no-store"}
        )
