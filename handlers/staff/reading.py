"""What staff type: a day and hour, a length of time, names of skills and languages."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.forms import NotUnderstood
from bot.texts import LANGUAGES, texts
from bot.turn import Turn
from handlers.activity_labels import SKILLS, skill_name
from knowledge.text import plain

_DAY = re.compile(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b|\b(\d{1,2})[/.](\d{1,2})(?:[/.](\d{4}))?\b")
_HOUR = re.compile(r"\b(\d{1,2})\s*(?:[:h]\s*(\d{2})?|(?=\s*[ap]\.?m))\s*([ap])?\.?(?:m\b)?", re.I)
_HOUR_SAID = re.compile(
    r"(?:\b(?:a|at|vers|pour) )?\b\d{1,2} ?h(?:eures?)?(?: ?\d{2}\b)?(?: ?[ap] ?m\b)?|\b\d{1,2} ?[ap] ?m\b"
)
"""In plain words: 18h30, 7 heures, 6h30 pm, 7 pm."""
_LATE = re.compile(r"\b(?:soir|soiree|apres midi|evening|afternoon)\b")
_NOON = re.compile(r"\b(?:a )?(?:midi|noon)\b")
_PART = re.compile(r"\b(?:du|de l|in the|dans l|en|ce)? ?(?:matin|soir|soiree|apres midi|morning|evening|afternoon)\b")
_TODAY = "aujourd'hui"
_WEEKDAYS = {
    name: number
    for names in (
        ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
        ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
    )
    for number, name in enumerate(names)
}
_DAY_ALONE = re.compile(rf"(?:le |the |on )?(?:({'|'.join(_WEEKDAYS)}) )?(?:le )?(\d{{1,2}})")
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


def day(turn: Turn, words: str) -> date:
    """ "24/12/2027", "mardi 8 décembre". Raises NotUnderstood."""
    found = _DAY.search(words)
    try:
        if found is not None and found[1]:
            return date(int(found[1]), int(found[2]), int(found[3]))
        if found is not None:
            said = date(int(found[6] or turn.now.year), int(found[5]), int(found[4]))
            passed = not found[6] and said < turn.now.date()
            return said.replace(year=said.year + 1) if passed else said
    except ValueError:
        raise NotUnderstood from None
    return _day_said(turn, plain(words))


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
    """A day in words, and its hour: read apart, or "le 9 à 7h du soir" would be from nine to seven."""
    said = plain(re.sub(r"(?<=\d):(?=\d\d)", "h", words)).replace("premier", "1")
    found = _HOUR_SAID.search(said)
    hour = hour_of(found[0]) if found is not None else None
    if hour is None and _NOON.search(said):
        hour = (12, 0)
    if hour is None:
        raise NotUnderstood
    if 1 <= hour[0] < 12 and _LATE.search(said):
        hour = (hour[0] + 12, hour[1])
    rest = " ".join(_PART.sub(" ", _NOON.sub(" ", _HOUR_SAID.sub(" ", said))).split())
    return datetime.combine(_day_said(turn, rest or _TODAY), time(*hour))


def _day_said(turn: Turn, words: str) -> date:
    """ "le 9", "mercredi 9", "demain", "mardi 8 décembre"."""
    alone = _DAY_ALONE.fullmatch(words)
    if alone is not None:
        today = turn.now.date()
        days = [today + timedelta(days=ahead) for ahead in range(62)]
        weekday = _WEEKDAYS.get(alone[1] or "")
        fitting = [one for one in days if one.day == int(alone[2]) and weekday in (None, one.weekday())]
        if not fitting:
            raise NotUnderstood
        return fitting[0]
    when = turn.knowledge.understanding.understand(words, turn.now, hint=turn.texts.language).when
    if when is None or when.end - when.start > timedelta(days=1):
        raise NotUnderstood
    return when.start.astimezone(turn.texts.zone).date()


def day_of_record(turn: Turn, words: str) -> date:
    """ "24/11", "2026-11-24", "hier": a day, of this year unless another is named. Raises NotUnderstood."""
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
    if found is None or not (found[1] or found[2]) or "-" in words:
        raise NotUnderstood
    return int(found[1] or 0) * 60 + int(found[2] or 0)


_LEAD = re.compile(r"(\d{1,5}) ?(m|min|minutes?|h|heures?|hours?|j|jours?|d|days?|s|semaines?|w|weeks?|mois|months?)")
_UNITS = {"m": 1, "h": 60, "j": 24 * 60, "d": 24 * 60, "s": 7 * 24 * 60, "w": 7 * 24 * 60, "mo": 30 * 24 * 60}


def lead(words: str) -> int:
    """ "14 jours", "48h", "90 min", "2 semaines", "0": minutes before something. Raises NotUnderstood."""
    said = plain(words).strip().removesuffix(" avant").removesuffix(" before")
    if said == "0":
        return 0
    found = _LEAD.fullmatch(said)
    if found is None or "-" in words:
        raise NotUnderstood
    unit = "mo" if found[2].startswith("mo") else found[2][0]
    return int(found[1]) * _UNITS[unit]


def skills(zone: ZoneInfo, words: str) -> frozenset[str]:
    """ "premiers secours, cooking". Raises NotUnderstood where one of them is none."""
    spoken = [texts(language, zone) for language in ("fr", "en")]
    return _named(words, {plain(name): one for one in SKILLS for name in (one, *(skill_name(t, one) for t in spoken))})


_IN_FRENCH = {
    "francais": "fr", "anglais": "en", "arabe": "ar", "espagnol": "es", "portugais": "pt", "roumain": "ro", "russe": "ru",
    "ukrainien": "uk", "persan": "fa", "farsi": "fa", "dari": "fa", "pachto": "ps", "pashto": "ps",
}  # fmt: skip


def languages(words: str) -> frozenset[str]:
    """ "arabe, English, ru". Raises NotUnderstood where one of them is none the bot knows."""
    names = {plain(name): code for code, own in LANGUAGES.items() for name in (code, own)}
    return _named(words, {**names, **_IN_FRENCH})


def _named(words: str, names: dict[str, str]) -> frozenset[str]:
    said = [plain(word).strip() for word in re.split(r"[,;/+\n]| et | and ", words) if word.strip()]
    if not said or any(word not in names for word in said):
        raise NotUnderstood
    return frozenset(names[word] for word in said)


def whole_number(words: str) -> int:
    """The one number in the words. Raises NotUnderstood."""
    found = re.findall(r"\d{1,6}", words)
    if len(found) != 1 or "-" in words:
        raise NotUnderstood
    return int(found[0])
