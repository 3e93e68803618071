"""What staff type: a day and hour, a length of time."""

from __future__ import annotations

import re
from datetime import date, datetime

from bot.forms import NotUnderstood
from bot.turn import Turn
from knowledge.text import plain

_DAY = re.compile(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b|\b(\d{1,2})[/.](\d{1,2})(?:[/.](\d{4}))?\b")
_HOUR = re.compile(r"\b(\d{1,2})\s*(?:[:h]\s*(\d{2})?|(?=\s*[ap]\.?m))\s*([ap])?\.?(?:m\b)?", re.I)
_LENGTH = re.compile(r"(?:(\d{1,2})\s*h(?:eures?|ours?)?\s*)?(?:(\d{1,3})\s*(?:m(?:in(?:utes?)?)?)?)?", re.I)


def moment(turn: Turn, words: str) -> datetime:
    """ "mardi 8 décembre 18h30", "8/12 18:30", "2026-12-08 18:30", "demain 19h": local, without zone. Raises NotUnderstood."""
    try:
        return _written(turn, words) or _said(turn, words)
    except ValueError:
        raise NotUnderstood from None


def _written(turn: Turn, words: str) -> datetime | None:
    """A day in figures."""
    day = _DAY.search(words)
    if day is None:
        return None
    hour = hour_of(words[: day.start()] + " " + words[day.end() :])
    if hour is None:
        raise NotUnderstood
    if day[1]:
        return datetime(int(day[1]), int(day[2]), int(day[3]), *hour)  # noqa: DTZ001 - local, as the series counts
    year = int(day[6] or turn.now.year)
    said = datetime(year, int(day[5]), int(day[4]), *hour)  # noqa: DTZ001
    if not day[6] and said < turn.now.replace(tzinfo=None):
        said = said.replace(year=year + 1)
    return said


def hour_of(words: str) -> tuple[int, int] | None:
    found = _HOUR.search(words)
    if found is None:
        return None
    hour, minute = int(found[1]), int(found[2] or 0)
    half = (found[3] or "").lower()
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    return hour, minute


def _said(turn: Turn, words: str) -> datetime:
    """A day in words, and its hour."""
    hour = hour_of(words)
    when = turn.knowledge.understanding.understand(words, turn.now, hint=turn.texts.language).when
    if when is None or hour is None:
        raise NotUnderstood
    return when.start.astimezone(turn.texts.zone).replace(hour=hour[0], minute=hour[1], second=0, tzinfo=None)


def day(turn: Turn, words: str) -> date:
    """ "24/11", "2026-11-24", "hier": a day. Raises NotUnderstood."""
    found = _DAY.search(words)
    try:
        if found is not None and found[1]:
            return date(int(found[1]), int(found[2]), int(found[3]))
        if found is not None:
            return date(int(found[6] or turn.now.year), int(found[5]), int(found[4]))
    except ValueError:
        raise NotUnderstood from None
    when = turn.knowledge.understanding.understand(words, turn.now, hint=turn.texts.language).when
    if when is None:
        raise NotUnderstood
    return when.start.astimezone(turn.texts.zone).date()


def minutes(words: str) -> int:
    """ "2h30", "1 h", "90", "90 min". Raises NotUnderstood."""
    found = _LENGTH.fullmatch(plain(words).strip())
    if found is None or not (found[1] or found[2]):
        raise NotUnderstood
    return int(found[1] or 0) * 60 + int(found[2] or 0)


def whole_number(words: str) -> int:
    """The one number in the words. Raises NotUnderstood."""
    found = re.findall(r"\d{1,6}", words)
    if len(found) != 1 or "-" in words:
        raise NotUnderstood
    return int(found[0])
