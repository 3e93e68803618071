"""A person's sign-ups as a calendar (RFC 5545), at the private address that they were given."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from aiohttp import web
from sqlalchemy import Connection

from bot.config import Settings
from bot.texts import Texts, texts
from handlers.calendar import PATH
from knowledge.participation.states import COMING
from storage import own_sign_ups, profiles
from storage.addressees import addressees
from storage.database import Database
from storage.own_sign_ups import Mine

ALARM = timedelta(hours=2)
LINE_BYTES = 75
"""Source: RFC 5545, 3.1."""


def _escaped(text: str) -> str:
    """Source: RFC 5545, 3.3.11."""
    flat = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return flat.replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "")


def _folded(line: str) -> str:
    """No line over 75 bytes, no letter cut in two."""
    parts: list[str] = []
    part = ""
    for letter in line:
        if len((part + letter).encode()) > LINE_BYTES - bool(parts):
            parts.append(part)
            part = ""
        part += letter
    return "\r\n ".join([*parts, part])


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _event(one: Mine, words: Texts, now: datetime) -> Iterator[str]:
    about, session = one.listing.activity, one.listing.session
    yield "BEGIN:VEVENT"
    yield f"UID:session-{session.id}@solidarity-bot"
    yield f"SEQUENCE:{session.version}"
    yield f"DTSTAMP:{_utc(now)}"
    yield f"DTSTART:{_utc(session.starts_at)}"
    yield f"DTEND:{_utc(session.ends_at)}"
    yield f"SUMMARY:{_escaped(about.words(about.title, words.language))}"
    if about.address:
        yield f"LOCATION:{_escaped(about.address)}"
    if bring := about.words(about.bring, words.language):
        yield f"DESCRIPTION:{_escaped(words.t('To bring: {what}', what=bring))}"
    if session.status == "cancelled":
        yield "STATUS:CANCELLED"
    else:
        yield "STATUS:CONFIRMED"
        yield from ("BEGIN:VALARM", "ACTION:DISPLAY", "DESCRIPTION:Reminder", f"TRIGGER:-PT{ALARM.seconds // 3600}H")
        yield "END:VALARM"
    yield "END:VEVENT"


def calendar(mine: Sequence[Mine], words: Texts, now: datetime) -> str:
    """What the person is expected at, and what was cancelled with its session."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//solidarity-bot//sign-ups//FR", "METHOD:PUBLISH"]
    for one in mine:
        if one.sign_up.state in COMING or one.listing.session.status == "cancelled":
            lines.extend(_event(one, words, now))
    return "".join(f"{_folded(line)}\r\n" for line in [*lines, "END:VCALENDAR"])


def feed_of(connection: Connection, token: str, zone: ZoneInfo, language: str, now: datetime) -> str | None:
    """The calendar that a token opens; None for one that opens none."""
    owner = profiles.calendar_owner(connection, token)
    if owner is None:
        return None
    known = addressees(connection, [owner]).get(owner)
    words = texts(known.language if known else language, zone)
    upcoming = [
        one
        for one in own_sign_ups.all_sign_ups(connection, owner)
        if one.listing.session.ends_at > now - timedelta(days=30)
    ]
    return calendar(upcoming, words, now)


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
