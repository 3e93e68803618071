"""Hours as people write them: 14h, 14h30, 14 h 30, 14:30, 8 heures, 7pm, 7:30 pm, eight o'clock, at 7."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time

from knowledge.understanding.sentence import Sentence

_JOINED = re.compile(r"(\d{1,2})(?:h|u)(\d{2})?(?:min|mn)?|(\d{1,2})(am|pm)")
_NUMBER = re.compile(r"\d{1,2}")
_MINUTES = re.compile(r"([0-5]\d)(am|pm)?")
_HALVES = {"am": 0, "a": 0, "pm": 12, "p": 12}


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

    def time(self, *, afternoon: bool = False) -> time:
        """`afternoon`: the words around say that it is after noon ("8 heures du soir")."""
        hour = self.hour + 12 if afternoon and not self.half_known and self.hour < 12 else self.hour
        return time(hour % 24, self.minute)


def clock_at(sentence: Sentence, index: int, numbers: Mapping[str, int], hour_words: frozenset[str]) -> Clock | None:
    """The hour that begins at token `index`, None where there is none. `hour_words`: "heures", "o'clock"..."""
    words = sentence.words
    word = words[index]
    if not word[0].isdigit() and word not in numbers:
        return None
    joined = _JOINED.fullmatch(word)
    if joined is not None:
        return _joined(words, index, joined)
    hour = int(word) if _NUMBER.fullmatch(word) else numbers.get(word, 24)
    if hour >= 24:
        return None
    end = index + 1
    following = words[end] if end < len(words) else ""
    minute = _MINUTES.fullmatch(following)
    if minute is not None and word.isdigit() and sentence.between(index) in (":", ".", "h", " h "):
        return _with_half(words, hour, int(minute[1]), index, end + 1, minute[2])
    if following in ("am", "pm"):
        return _with_half(words, hour, 0, index, end, None)
    if following in hour_words:
        end += 1
        minute = _MINUTES.fullmatch(words[end]) if end < len(words) else None
        if minute is not None and not minute[2]:
            return _half(words, hour, int(minute[1]), index, end + 1)
        return _half(words, hour, 0, index, end)
    return Clock(hour, 0, index, end, firm=False, half_known=hour > 12)


def _joined(words: tuple[str, ...], index: int, joined: re.Match[str]) -> Clock | None:
    if joined[3] is not None:
        return _with_half(words, int(joined[3]), 0, index, index + 1, joined[4])
    hour, minute = int(joined[1]), int(joined[2] or 0)
    if hour > 24 or minute > 59:
        return None
    end = index + 1
    if joined[2] is None and end < len(words) and (late := _MINUTES.fullmatch(words[end])) and not late[2]:
        return Clock(hour % 24, int(late[1]), index, end + 1, half_known=hour > 12)
    return _half(words, hour % 24, minute, index, end)


def _half(words: tuple[str, ...], hour: int, minute: int, start: int, end: int) -> Clock:
    """ "et demie", "et quart" after a whole hour."""
    if not minute and words[end : end + 1] == ("et",) and end + 1 < len(words):
        minute = {"demi": 30, "demie": 30, "quart": 15}.get(words[end + 1], 0)
        end += 2 if minute else 0
    return Clock(hour, minute, start, end, half_known=hour > 12 or hour == 0)


def _with_half(words: tuple[str, ...], hour: int, minute: int, start: int, end: int, half: str | None) -> Clock | None:
    if half is None and end < len(words) and words[end] in ("am", "pm"):
        half, end = words[end], end + 1
    if half is None:
        return Clock(hour, minute, start, end, half_known=hour > 12)
    if not 1 <= hour <= 12:
        return Clock(hour % 24, minute, start, end, half_known=True)
    return Clock(hour % 12 + _HALVES[half], minute, start, end, half_known=True)
