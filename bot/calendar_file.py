"""A person's sign-ups as a calendar (RFC 5545): a file, or what their private address answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from bot.texts import Texts
from knowledge.participation.states import COMING
from storage.own_sign_ups import Mine

ALARM = timedelta(hours=2)
KEPT = timedelta(days=30)
"""How long what is over stays in it."""
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
        session = one.listing.session
        known = one.sign_up.state in COMING or session.status == "cancelled"
        if known and session.ends_at > now - KEPT:
            lines.extend(_event(one, words, now))
    return "".join(f"{_folded(line)}\r\n" for line in [*lines, "END:VCALENDAR"])
