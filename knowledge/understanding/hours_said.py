"""The hours that a sentence says: an instant, a range or a limit."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import time
from itertools import pairwise

from knowledge.understanding.clock import Clock, clock_at
from knowledge.understanding.lexicon import Language
from knowledge.understanding.sentence import Sentence
from knowledge.understanding.time_words import TimeWords


@dataclass(frozen=True, slots=True)
class Span:
    """Hours said: `start` or `end` is None where it stays open, both are the same for an instant."""

    start: time | None
    end: time | None


_AFTERNOON_PARTS = frozenset({"afternoon", "evening", "tonight", "night"})
_DASHES = frozenset({"-", "–", "—", "/", "à"})
_FEW_HOURS = 5
_LIMITS = frozenset({"after", "before", "until", "between"})


def span_of(
    sentence: Sentence, words: TimeWords, language: Language, taken: Collection[int]
) -> tuple[Span | None, set[int]]:
    """The hours that a sentence says, and the tokens that they use."""
    clocks = _clocks(sentence, words, language, taken)
    if not clocks:
        return None, set()
    tokens = {token for clock in clocks for token in range(clock.start, clock.end)}
    for first, second in pairwise(clocks):
        if _joined_to(sentence, words, first, second):
            part = _part_of(words, first, alone=False) or _part_of(words, second)
            if second.half_known and first.hour + 12 < second.hour and not _part_of(words, first, alone=False):
                part = "afternoon"
            return Span(first.time(part=part), second.time(part=_part_of(words, second))), tokens
    clock = next((clock for clock in clocks if clock.firm), clocks[0])
    hour, links = clock.time(part=_part_of(words, clock)), words.before(clock.start)
    links |= words.after(_with_part(words, clock)).keys() & {"after_it", "before_it"}
    if links & {"after", "from", "after_it"}:
        return Span(hour, None), tokens
    if links & {"before", "until", "before_it"}:
        return Span(None, hour), tokens
    return Span(hour, hour), tokens


def _part_of(words: TimeWords, clock: Clock, *, alone: bool = True) -> str | None:
    """The part of the day that `clock` is in: the one said beside it, else (`alone`) any said that is after noon."""
    for part in words.parts:
        if 0 <= part.start - clock.end <= 1 or 0 <= clock.start - part.end <= 1:
            return part.value
    return next((part.value for part in words.parts if part.value in _AFTERNOON_PARTS), None) if alone else None


def _with_part(words: TimeWords, clock: Clock) -> int:
    """Where an hour ends, the part of the day after it included: "9 утра"."""
    return next((part.end for part in words.parts if part.start == clock.end), clock.end)


def _clocks(sentence: Sentence, words: TimeWords, language: Language, taken: Collection[int]) -> list[Clock]:
    """Every hour of the sentence; a bare number only where its neighbours make it one."""
    found: list[Clock] = []
    index = 0
    while index < len(sentence.words):
        clock = None if index in taken else clock_at(sentence, index, language)
        clock = clock or _named_hour(words, index, found)
        if clock is not None:
            found.append(replace(clock, firm=True) if "hour" in words.before(clock.start) else clock)
        index = clock.end if clock is not None else index + 1
    return [
        clock
        for number, clock in enumerate(found)
        if (clock.firm and not _is_duration(words, clock, found))
        or _is_hour(sentence, words, clock, found[number + 1] if number + 1 < len(found) else None)
        or (
            number
            and _is_hour(sentence, words, found[number - 1], clock)
            and _joined_to(sentence, words, found[number - 1], clock)
        )
    ]


def _is_duration(words: TimeWords, clock: Clock, found: list[Clock]) -> bool:
    """Whether a few hours say how long, not when: "dormir 2h tranquille"."""
    few = len(found) == 1 and not (clock.half_known or clock.minute or clock.bare) and 1 <= clock.hour <= _FEW_HOURS
    return few and not words.before(clock.start) and not words.after(clock.end) and not words.parts


def _is_hour(sentence: Sentence, words: TimeWords, clock: Clock, following: Clock | None) -> bool:
    """Whether a bare number is an hour: "at 7", "entre 10 et midi", "from 2 to 5 pm", "7 вечера"."""
    if _with_part(words, clock) > clock.end:
        return True
    links = words.before(clock.start)
    if following is not None and _joined_to(sentence, words, clock, following):
        return (
            clock.firm
            or following.firm
            or bool(links & {"between", "from"})
            or _with_part(words, following) > following.end
        )
    after = words.after(clock.end)
    ends = clock.end >= len(sentence.words) or words.starts(clock.end) or bool(after)
    return ends and bool(links & {"clock", "after", "before"} or after.keys() & {"after_it", "before_it"})


def _joined_to(sentence: Sentence, words: TimeWords, first: Clock, second: Clock) -> bool:
    """Whether two hours make a range: "14h-17h", "de 14h à 17h", "entre 10h et midi"."""
    links = words.after(_with_part(words, first))
    if links.get("to") == second.start:
        return True
    if (second.joined or links.get("and") == second.start) and "between" in words.before(first.start):
        return True
    between = sentence.text[sentence.tokens[first.end - 1].end : sentence.tokens[second.start].start]
    return between.strip() in _DASHES


def _named_hour(words: TimeWords, index: int, earlier: list[Clock]) -> Clock | None:
    """Noon and midnight are hours where a limit or a range says so ("avant midi", "minuit" always)."""
    for part in words.parts:
        if part.start == index and part.value == "midnight":
            return Clock(0, 0, part.start, part.end, half_known=True)
        if part.start == index and part.value == "noon":
            links = words.before(index)
            if links & (_LIMITS | {"and"}) or ("to" in links and earlier):
                return Clock(12, 0, part.start, part.end, half_known=True)
    return None
