"""Is everything in order? Each finding says what it looked at and, where something is wrong, what to mend."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

import aiohttp

from bot.config import Settings
from bot.pacing import utc_now
from knowledge.geocoding import Geocoder
from storage import due, inbox, outbox, pulse, services
from storage.database import Database
from storage.errors import DatabaseError
from storage.migrate import migrate

TIMEOUT_S = 5
MAX_CLOCK_ERROR_S = 5
OVERDUE = timedelta(minutes=5)
"""Something is looked for every two seconds, and tried again some minutes after it failed."""


@dataclass(frozen=True, slots=True)
class Finding:
    what: str
    good: bool
    says: str


async def examine(settings: Settings) -> list[Finding]:
    """Every check; one that fails never stops the others."""
    checks: list[tuple[str, Callable[[Settings], Awaitable[list[Finding]]]]] = [
        ("database", _database),
        ("telegram", _telegram),
        ("matrix", _matrix),
        ("geocoder", _geocoder),
    ]
    found = [Finding("settings", True, "understood")]
    for name, check in checks:
        try:
            async with asyncio.timeout(3 * TIMEOUT_S):
                found.extend(await check(settings))
        except TimeoutError:
            found.append(Finding(name, False, "no answer in time: check the network"))
    return found


async def _database(settings: Settings) -> list[Finding]:
    try:
        database = Database.open(settings.storage.url)
        try:
            await migrate(database)
            found = await database.read(services.load_services)
            waiting = await database.read(lambda c: (inbox.waiting(c), inbox.parked(c), outbox.waiting(c)))
            beat, first = await database.read(lambda c: (pulse.last(c), due.next_due(c)))
        finally:
            await database.close()
    except DatabaseError as error:
        return [Finding("database", False, str(error))]
    arrived, parked, to_send = waiting
    return [
        Finding("database", True, f"{database.kind}, up to date"),
        Finding("directory", True, f"{len(found)} services" if found else "empty: filled when the bot starts first"),
        Finding("queues", True, f"{arrived} to handle, {to_send} to send, {parked} given up"),
        scheduler(beat, first, utc_now(), settings.bot.zone),
    ]


def scheduler(beat: datetime | None, first: datetime | None, now: datetime, zone: ZoneInfo) -> Finding:
    """`beat`: when regular work was last done, None for never; `first`: what has waited longest, or is due next."""
    last = "it has not run here yet" if beat is None else f"last beat {_ago(now - beat)}"
    if first is not None and now - first > OVERDUE:
        return Finding("scheduler", False, f"{last}; work is due since {_local(first, zone)}: is the bot running?")
    coming = "nothing is due" if first is None else f"next due {_local(first, zone)}"
    return Finding("scheduler", True, f"{last}; {coming}")


def _ago(passed: timedelta) -> str:
    seconds = max(0, round(passed.total_seconds()))
    return f"{seconds} s ago" if seconds < 2 * 60 else f"{seconds // 60} min ago"


def _local(moment: datetime, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"


async def _telegram(settings: Settings) -> list[Finding]:
    token = settings.telegram.token.get_secret_value()
    if not token:
        return [Finding("telegram", True, "no token, so not used")]
    url = f"{settings.telegram.api_url}/bot{token}/getMe"
    try:
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TIMEOUT_S)) as session:
            asked = time.time()
            async with session.get(url) as response:
                answer = await response.json(content_type=None)
                date = response.headers.get("Date")
    except (aiohttp.ClientError, TimeoutError, ValueError):
        return [
            Finding("telegram", False, f"no answer from {settings.telegram.api_url}: check the network and api_url")
        ]
    if not isinstance(answer, dict) or not answer.get("ok"):
        return [
            Finding("telegram", False, "the token is refused: ask @BotFather for it again and set [telegram] token")
        ]
    found = [Finding("telegram", True, f"token accepted, @{answer['result'].get('username', '?')}")]
    if date is not None:
        found.append(_clock(parsedate_to_datetime(date).timestamp() - asked))
    return found


async def _matrix(settings: Settings) -> list[Finding]:
    if not settings.matrix.homeserver:
        return [Finding("matrix", True, "no homeserver, so not used")]
    from bot.adapters.matrix.checkup import checkup  # noqa: PLC0415 - its library is loaded only where it is used
    from bot.serve import matrix_account  # noqa: PLC0415

    return [Finding(*checked) for checked in await checkup(matrix_account(settings))]


def _clock(error: float) -> Finding:
    """`error`: seconds by which the server's clock is ahead of ours."""
    if abs(error) <= MAX_CLOCK_ERROR_S:
        return Finding("clock", True, "right")
    return Finding("clock", False, f"{abs(error):.0f} s {'behind' if error > 0 else 'ahead'}: set it by NTP")


async def _geocoder(settings: Settings) -> list[Finding]:
    geocoder = Geocoder(settings.geocoding.url, settings.geocoding.nominatim_url)
    try:
        problem = await geocoder.check()
    finally:
        await geocoder.close()
    if problem is None:
        return [Finding("geocoder", True, "answers")]
    return [Finding("geocoder", False, f"{problem} (stations, squares and districts work without it)")]
