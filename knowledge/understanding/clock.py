"""Hours as people write them: 14h, 14h30, 14 h 30, 14:30, 8 heures, 7pm, 7:30 pm, eight o'clock, at 7, половина восьмого."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import time

from knowledge.understanding.counting import number_at, phrase_at
from knowledge.understanding.lexicon import Language
from knowledge.understanding.sentence import Sentence

_JOINED = re.compile(r"(\d{1,2})([^\W\d]+)(?:(\d{2})(?:min|mn)?)?")
_ALWAYS_HOURS = frozenset({"h", "u"})
_FIGURES = re.compile(r"\d{1,2}")
_MINUTES = re.compile(r"([0-5]\d)(am|pm)?")
_NO_HALVES = ("ar",)
"""Languages in which "19 3am" is an age."""
_MEASURES = frozenset({"%", "€", "$", "°"})
_HALVES = {"am": 0, "a": 0, "pm": 12, "p": 12}
_EVENING_FROM = 6
"""The first hour that "at night" means after noon: 2 is in the morning."""
_NOON_UNTIL = 4
_AFTERNOON_UNTIL = 6


@dataclass(frozen=True, slots=True)
class Clock:
    """An hour read at tokens [start, end). `firm` is False for a bare number that only its neighbours make an hour."""

    hour: int
    minute: int
    start: int
    end: int
    firm: bool = True
    half_known: bool = False
    """Whether am or pm, or an hour over 12, was said."""
    joined: bool = False
    """Whether "and" is written on it."""
    bare: bool = False
    """Whether it is a number alone: of small ones people mean the afternoon."""

    def time(self, *, part: str | None = None) -> time:
        """`part`: of the day, said of the hour ("8 heures du soir")."""
        hour = self.hour
        if not self.half_known and hour <= 12:
            if part in ("night", "tonight"):
                hour = hour + 12 if _EVENING_FROM <= hour < 12 else hour % 12
            elif part in ("afternoon", "evening"):
                hour += 12 if hour < 12 else 0
            elif 1 <= hour <= (_NOON_UNTIL if part == "noon" else _AFTERNOON_UNTIL if self.bare and not part else 0):
                hour += 12
        return time(hour % 24, self.minute)


def clock_at(sentence: Sentence, index: int, language: Language) -> Clock | None:
    """The hour that begins at token `index`, None where there is none."""
    word = sentence.words[index]
    if word[0] in language.words.joined_openers and number_at((word[1:],), 0, language.numbers) is not None:
        words = (*sentence.words[:index], word[1:], *sentence.words[index + 1 :])
        clock = _clock_at(replace(sentence, words=words), index, language)
        return replace(clock, joined=True) if clock is not None else None
    if (before := phrase_at(sentence.words, index, language.minutes_before)) is not None:
        clock = _clock_at(sentence, before[1], language)
        return _moved(clock, before[0], index) if clock is not None and not clock.minute else None
    return _clock_at(sentence, index, language)


def _clock_at(sentence: Sentence, index: int, language: Language) -> Clock | None:
    words = sentence.words
    if index >= len(words):
        return None
    word = words[index]
    if word[0].isdigit() and (joined := _JOINED.fullmatch(word)) is not None:
        return _joined(words, index, joined, language)
    found = number_at(words, index, language.numbers)
    if found is None or found[0] >= 24 or (word.isdigit() and not _FIGURES.fullmatch(word)):
        return None
    hour, end = found
    following = words[end] if end < len(words) else ""
    if (
        sentence.between(end - 1).strip()[:1] in _MEASURES
        or sentence.text[sentence.tokens[end - 1].end :][:1] in _MEASURES
    ):
        return None
    minute = _MINUTES.fullmatch(following)
    if minute is not None and word.isdigit() and sentence.between(index) in (":", ".", "h", " h ", "٫"):
        return _with_half(words, hour, int(minute[1]), index, end + 1, minute[2])
    if following in ("am", "pm"):
        return _with_half(words, hour, 0, index, end, None)
    if following in language.hour_words:
        end += 1
        minute = _MINUTES.fullmatch(words[end]) if end < len(words) else None
        if minute is not None and not minute[2]:
            return Clock(hour, int(minute[1]), index, end + 1, half_known=_half_known(hour))
        return _with_minutes(words, Clock(hour, 0, index, end, half_known=_half_known(hour)), language)
    bare = Clock(hour, 0, index, end, firm=False, half_known=hour > 12 or word.startswith("0"), bare=True)
    return _with_minutes(words, bare, language)


def _half_known(hour: int) -> bool:
    return hour > 12 or hour == 0


def _joined(words: tuple[str, ...], index: int, joined: re.Match[str], language: Language) -> Clock | None:
    hour, unit, minutes = int(joined[1]), joined[2], joined[3]
    if unit in ("am", "pm"):
        if language.name in _NO_HALVES:
            return None
        return None if minutes else _with_half(words, hour, 0, index, index + 1, unit)
    if unit not in _ALWAYS_HOURS and unit not in language.hour_words:
        return None
    minute = int(minutes or 0)
    if hour > 24 or minute > 59:
        return None
    end = index + 1
    if minutes is None and end < len(words) and (late := _MINUTES.fullmatch(words[end])) and not late[2]:
        return Clock(hour % 24, int(late[1]), index, end + 1, half_known=hour > 12)
    clock = Clock(hour % 24, minute, index, end, half_known=hour > 12 or hour % 24 == 0)
    return clock if minutes else _with_minutes(words, clock, language)


def _with_minutes(words: tuple[str, ...], clock: Clock, language: Language) -> Clock:
    """`clock` with "et demie", "menos cuarto" after it, and the word for hours that may follow those."""
    found = phrase_at(words, clock.end, language.minutes)
    if found is None:
        return clock
    clock = _moved(replace(clock, end=found[1]), found[0], clock.start)
    following = words[clock.end] if clock.end < len(words) else ""
    return replace(clock, end=clock.end + 1) if following in language.hour_words else clock


def _moved(clock: Clock, minutes: int, start: int) -> Clock:
    hour, minute = divmod(clock.hour * 60 + minutes, 60)
    return replace(clock, hour=hour % 24, minute=minute, start=start, firm=True)


def _with_half(words: tuple[str, ...], hour: int, minute: int, start: int, end: int, half: str | None) -> Clock | None:
    if half is None and end < len(words) and words[end] in ("am", "pm"):
        half, end = words[end], end + 1
    if half is None:
        return Clock(hour, minute, start, end, half_known=hour > 12)
    if not 1 <= hour <= 12:
        return Clock(hour % 24, minute, start, end, half_known=True)
    return Clock(hour % 12 + _HALVES[half], minute, start, end, half_known=True)
