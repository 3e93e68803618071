"""The day that a sentence names: a date, a holiday, a weekday, tomorrow, or a longer period."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from knowledge.frame import When
from knowledge.understanding import calendar
from knowledge.understanding.counting import number_at
from knowledge.understanding.lexicon import Language
from knowledge.understanding.matcher import Hit
from knowledge.understanding.sentence import Sentence
from knowledge.understanding.time_words import MONTHS, WEEKDAYS, TimeWords

_ORDINAL = re.compile(r"(\d{1,2})(?:er|st|nd|rd|th|e|o|a|ro|ero|lea|го|е|ого|ام|م|مه|مه)?")
_YEAR = re.compile(r"20\d\d")
_ALSO_OTHER_WORDS = frozenset({"may", "march", "mars", "mai", "mar", "dec", "sept", "august"})
_LEADS_TO_MONTH = frozenset({"en", "in", "de", "d", "mois", "courant", "fin", "debut", "of", "for", "during", "next"})
_BETWEEN_DATE = frozenset({"of", "de", "the", "го", "е", "ого", "lea", "من", "م", "مه", "a", "o"})
_RELATIVE = ("today", "tomorrow", "after_tomorrow")
_GOES_ON = frozenset({"a", "au", "aux", "dans", "pres", "vers", "at", "in", "near"})
"""After the number of a day, a place or an hour."""
_NO_DATE_BEFORE = frozenset({"dans", "sur", "vers"})
_SATURDAY_AND_SUNDAY = {"saturday", "sunday"}


@dataclass(frozen=True, slots=True)
class Day:
    """One of `date` and `period` at most. `weekly`: a weekday, whose next one is a week later."""

    date: date | None = None
    period: When | None = None
    weekly: bool = False


def day_of(sentence: Sentence, words: TimeWords, today: date, language: Language, taken: Collection[int]) -> Day:
    """The day said. `taken`: tokens that hours and places explain."""
    dated = (
        _day_and_month(sentence, words, today, language, taken)
        or _in_figures(sentence, today)
        or _number_alone(sentence, words, today, taken)
    )
    if dated is not None:
        return Day(dated)
    if words.holidays:
        return Day(calendar.next_holiday(today, words.holidays[0].value))
    names = [said.value for said in words.days]
    if words.weekdays:
        return _weekday(words, today, names)
    if names:
        name = names[0]
        return Day(today + timedelta(_RELATIVE.index(name))) if name in _RELATIVE else Day(period=_period(name, today))
    return Day(period=_month(sentence, words, today))


def _weekday(words: TimeWords, today: date, names: list[str]) -> Day:
    if {said.value for said in words.weekdays} == _SATURDAY_AND_SUNDAY:
        return Day(period=calendar.weekend_of(today))
    said = words.weekdays[0]
    number = WEEKDAYS.index(said.value)
    if "next_week" in names:
        return Day(today - timedelta(today.weekday()) + timedelta(7 + number))
    ahead = (number - today.weekday()) % 7
    if not ahead and ("next" in words.after(said.end) or "next" in words.before(said.start)):
        return Day(today + timedelta(7))
    return Day(today + timedelta(ahead), weekly=True)


def _day_and_month(
    sentence: Sentence, words: TimeWords, today: date, language: Language, taken: Collection[int]
) -> date | None:
    """ "12 octobre", "the 3rd of May", "october 12 2026". A day said before its month goes before one said after it:
    "8 de diciembre 18:30"."""
    said = sentence.words
    weekdays = {weekday.start for weekday in words.weekdays}  # "marți" is no March
    months = [month for month in words.months if month.start not in weekdays]
    before = [(month, month.start - 1 - (said[month.start - 1] in _BETWEEN_DATE)) for month in months if month.start]
    after = [(month, month.end + (said[month.end] in _BETWEEN_DATE)) for month in months if month.end < len(said)]
    for near in (before, after):
        for month, index in near:
            if not 0 <= index < len(said) or index in taken:
                continue
            found = _ORDINAL.fullmatch(said[index])
            day = int(found[1]) if found else _in_words(said, index, month.start, language)
            if day is not None and 1 <= day <= 31:
                end = max(index + 1, month.end)
                year = int(said[end]) if end < len(said) and _YEAR.fullmatch(said[end]) else None
                return calendar.next_date(today, MONTHS.index(month.value) + 1, day, year)
    return None


def _in_words(said: Sequence[str], index: int, month: int, language: Language) -> int | None:
    """The day in words that begins or ends at `index`: "двадцать пятое мая"."""
    for start in (index - 1, index) if index < month else (index,):
        found = number_at(said, start, language.numbers) if start >= 0 else None
        if found is not None and start <= index < found[1]:
            return found[0]
    return None


def _in_figures(sentence: Sentence, today: date) -> date | None:
    """ "12/10", "12/10/2026"."""
    words = sentence.words
    for index in figures(sentence)[:1]:
        year = words[index + 2] if index + 2 < len(words) and sentence.between(index + 1) == "/" else ""
        return calendar.next_date(
            today, int(words[index + 1]), int(words[index]), int(year) if _YEAR.fullmatch(year) else None
        )
    return None


def date_tokens(sentence: Sentence, hits: Iterable[Hit]) -> set[int]:
    """Tokens of dates that could be taken for numbers of arrondissements or hours: "12/10", "october 12th"."""
    tokens = {index + n for index in figures(sentence) for n in (0, 1)}
    for hit in hits:
        if hit.id.startswith("month:"):
            beside = (hit.start - 1, hit.end)
            tokens.update(i for i in beside if 0 <= i < len(sentence.words) and _ORDINAL.fullmatch(sentence.words[i]))
    return tokens


def figures(sentence: Sentence) -> list[int]:
    """Tokens where a date in figures begins; it takes that token and the next."""
    if "/" not in sentence.text:
        return []
    words = sentence.words
    return [
        index
        for index in range(len(words) - 1)
        if sentence.between(index) == "/"
        and words[index].isdigit()
        and words[index + 1].isdigit()
        and 1 <= int(words[index][:3]) <= 31
        and 1 <= int(words[index + 1][:3]) <= 12
    ]


def _number_alone(sentence: Sentence, words: TimeWords, today: date, taken: Collection[int]) -> date | None:
    """ "le 12", "vendredi 11" where that is a Friday, where nothing else can be numbered."""
    said = sentence.words
    weekdays = {weekday.end: WEEKDAYS.index(weekday.value) for weekday in words.weekdays}
    for index in range(1, len(said)):
        named = said[index - 1] in ("le", "au") or "date" in words.before(index)
        if index in taken or not (named or index in weekdays):
            continue
        word = said[index]
        day = int(word) if word.isdigit() and len(word) <= 2 else 1 if word == "1er" else 0
        free = index + 1 >= len(said) or words.starts(index + 1) or bool(words.after(index + 1))
        free = free or (index in weekdays and said[index + 1] in _GOES_ON)
        free = free and not any(month.start == index + 1 for month in words.months)
        before = said[index - 2] if index > 1 else ""
        if 1 <= day <= 31 and free and before not in _NO_DATE_BEFORE:
            found = calendar.next_day_of_month(today, day)
            if named or (found is not None and found.weekday() == weekdays[index]):
                return found
    return None


def _month(sentence: Sentence, words: TimeWords, today: date) -> When | None:
    for said in words.months:
        word, before = sentence.words[said.start], sentence.words[said.start - 1] if said.start else ""
        if word not in _ALSO_OTHER_WORDS or before in _LEADS_TO_MONTH or "month" in words.before(said.start):
            month = MONTHS.index(said.value) + 1
            return calendar.month_of(today.year + (month < today.month), month)
    return None


def _period(name: str, today: date) -> When:
    if name == "this_week":
        return calendar.week_of(today)
    if name == "next_week":
        return calendar.week_of(today + timedelta(7))
    if name == "weekend":
        return calendar.weekend_of(today)
    if name == "next_weekend":
        return calendar.weekend_of(today + timedelta(7 if today.weekday() >= 5 else 0))
    if name == "this_month":
        return calendar.month_of(today.year, today.month)
    if name == "next_month":
        return calendar.month_of(today.year, today.month + 1)
    raise ValueError(f"no day or period is called {name!r}")
