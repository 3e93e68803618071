"""The time a sentence asks about: a small grammar over the time words of the lexicon.

A day (a weekday, a date, tomorrow...) and an hour (a part of the day, a clock time, "after 7 pm") are looked for apart
and put together, wherever they stand; what is past or a habit is passed over.
What words mean ("morning 06:00-12:00", "a weekday means the next one"...) is the frame contract's.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, time, timedelta

from knowledge.frame import When
from knowledge.understanding import calendar
from knowledge.understanding.counting import number_at
from knowledge.understanding.days import Day, date_tokens, day_of
from knowledge.understanding.hours_said import Span, span_of
from knowledge.understanding.lexicon import Language
from knowledge.understanding.matcher import Hit
from knowledge.understanding.sentence import Sentence
from knowledge.understanding.time_words import TimeWords, sort_out, without_denied

_IN_UNITS = re.compile(r"(\d{1,3})(h|min|mn|m|j)(\d{2})?")
_DAYS_OF_UNIT = {"day": 1, "week": 7, "month": 30}
_DAWN = time(6)


class Moments:
    """Reads the time of sentences."""

    def read(
        self,
        sentence: Sentence,
        hits: Sequence[Hit],
        language: Language,
        now: datetime,
        *,
        taken: Collection[int] = (),
        sleeping: bool = False,
        denied: bool = True,
    ) -> When | None:
        """The time asked about, None where nothing was said.

        `hits`: those of time and idle time; `language`: whose number words count; `taken`: token indexes that a place explains; `sleeping`: the sentence is
        about a night's sleep, "tonight" means 22:00-06:00; `denied`: whether a time that is denied is not meant.
        """
        if not hits and not any(word[0].isdigit() for word in sentence.words):
            return None
        now = now.astimezone(calendar.PARIS)
        if denied:
            hits = without_denied(sentence, hits, language.words)
        words = sort_out(hits, taken)
        if (soon := _from_now(sentence, words, language, now)) is not None:
            return soon
        no_hours = date_tokens(sentence, hits).union(taken)
        no_hours.update(i for hit in hits if hit.entry.kind == "idle time" for i in range(hit.start, hit.end))
        span, clock_tokens = span_of(sentence, words, language, no_hours)
        day = day_of(sentence, words, now.date(), language, clock_tokens.union(taken))
        if span is not None:
            return _hours_on(span, day, words, now)
        if day.period is not None:
            return day.period
        part = _part(words, sentence, language, dated=day.date is not None)
        if part is not None:
            return _part_on(part, day, words, now, sleeping=sleeping)
        if day.date is not None:
            return calendar.whole_day(day.date)
        return When(now, now) if words.now else None


def _from_now(sentence: Sentence, words: TimeWords, language: Language, now: datetime) -> When | None:
    """ "dans 2 heures", "in half an hour", "dans 3 jours", "۲ ساعت دیگه"."""
    for delta in words.deltas:
        return _instant(now, timedelta(minutes=int(delta.value)))
    for link in words.links:
        if link.value == "in":
            later = _counted(sentence, words, language, link.end, now)
        elif link.value == "later":
            unit = next((unit for unit in words.units if unit.end == link.start), None)
            start = unit.start if unit is not None else link.start
            later = next(
                (
                    found
                    for at in (start - 2, start - 1)
                    if (found := _counted(sentence, words, language, at, now, start))
                ),
                None,
            )
        else:
            continue
        if later is not None:
            return later
    return None


def _counted(
    sentence: Sentence, words: TimeWords, language: Language, at: int, now: datetime, end: int | None = None
) -> When | None:
    """So long from now as the number and unit at token `at` say. `end`: where the number must end."""
    if not 0 <= at < len(sentence.words):
        return None
    word, minutes = sentence.words[at], 0
    if (joined := _IN_UNITS.fullmatch(word)) is not None:
        amount, minutes = int(joined[1]), int(joined[3] or 0)
        unit: str | None = {"h": "hour", "j": "day"}.get(joined[2], "minute")
    else:
        found = number_at(sentence.words, at, language.numbers)
        after = found[1] if found is not None else at
        if end is not None and after != end:
            return None
        amount, unit = found[0] if found is not None else 1, words.unit_at(after)
    if unit in _DAYS_OF_UNIT:
        return calendar.whole_day(now.date() + timedelta(amount * _DAYS_OF_UNIT[unit]))
    if unit in ("minute", "hour"):
        return _instant(now, timedelta(**{f"{unit}s": amount}) + timedelta(minutes=minutes))
    return None


def _instant(now: datetime, later: timedelta) -> When:
    moment = (now.astimezone(UTC) + later).astimezone(calendar.PARIS)
    return When(moment, moment)


def _part(words: TimeWords, sentence: Sentence, language: Language, *, dated: bool) -> str | None:
    """The part of the day said; with an article and no day ("le soir") it is a habit."""
    for part in words.parts:
        habit = part.start and sentence.words[part.start - 1] in language.words.habit_articles and not dated
        if not habit or part.value in ("tonight", "midnight"):
            return part.value
    return None


def _part_on(part: str, day: Day, words: TimeWords, now: datetime, *, sleeping: bool) -> When:
    today = now.date()
    if part == "tonight":
        part = "night" if sleeping else "evening"
    if part == "midnight":
        part = "night"
    if day.date is not None:
        when = calendar.part_of(day.date, part)
        return calendar.part_of(day.date + timedelta(7), part) if day.weekly and when.end <= now else when
    if part == "night":
        return calendar.part_of(today - timedelta(1) if now.time() < _DAWN else today, part)
    when = calendar.part_of(today, part)
    this_one = any("this" in words.before(said.start) for said in words.parts)
    return when if this_one or when.end > now else calendar.part_of(today + timedelta(1), part)


def _hours_on(span: Span, day: Day, words: TimeWords, now: datetime) -> When:
    """The hours of `span` on the day said; on the next day that they come where none was said."""
    today = now.date()
    first = day.date or (day.period.start.date() if day.period is not None else today)
    when = _span_on(span, first, now)
    if when.end >= now:
        return when
    if day.weekly:
        return _span_on(span, first + timedelta(7), now)
    this_one = any("this" in words.before(said.start) for said in words.parts)
    if day.date is None and not this_one:
        return _span_on(span, today + timedelta(1), now)
    return when


def _span_on(span: Span, day: date, now: datetime) -> When:
    if span.start is None:
        assert span.end is not None
        end = calendar.at(day + timedelta(1) if span.end == time(0) else day, span.end)
        return When(now, end) if day == now.date() and end > now else When(calendar.at(day, time(0)), end)
    if span.end is None:
        return When(calendar.at(day, span.start), calendar.at(day, calendar.LAST_MINUTE))
    last = day + timedelta(1) if span.end < span.start else day
    return When(calendar.at(day, span.start), calendar.at(last, span.end))
