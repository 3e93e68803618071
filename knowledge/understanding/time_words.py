"""The time words of one sentence, sorted by what they say."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from knowledge.understanding.lexicon_files import Words
from knowledge.understanding.matcher import Hit
from knowledge.understanding.sentence import Sentence

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_PASSED_AFTER = 2
"""Words that may stand between "depuis" or "tous les" and the time that it makes past or a habit."""
_LEADS_ON = frozenset({"at", "to", "from", "this"})
"""Links that another one may precede: "avant les 18h", "after about 7"."""

_MOST_LINKS = 8
"""Words of that kind in a row that mean something; bounds the work on noise."""


class Said(NamedTuple):
    """A time word at tokens [start, end)."""

    value: str
    start: int
    end: int


@dataclass(slots=True)
class TimeWords:
    """By section of the time files, in the order said. What is past or a habit is left out."""

    days: list[Said] = field(default_factory=list)
    weekdays: list[Said] = field(default_factory=list)
    months: list[Said] = field(default_factory=list)
    parts: list[Said] = field(default_factory=list)
    holidays: list[Said] = field(default_factory=list)
    deltas: list[Said] = field(default_factory=list)
    now: list[Said] = field(default_factory=list)
    units: list[Said] = field(default_factory=list)
    links: list[Said] = field(default_factory=list)
    _ending: dict[int, list[Said]] = field(default_factory=dict, repr=False)
    """The links by the token after them."""

    @property
    def dated(self) -> bool:
        """Whether some day or period is named."""
        return bool(self.days or self.weekdays or self.months or self.holidays)

    def unit_at(self, index: int) -> str | None:
        return next((unit.value for unit in self.units if unit.start == index), None)

    def before(self, index: int) -> set[str]:
        """The links that lead to the word at token `index`."""
        if not self._ending and self.links:
            for link in self.links:
                self._ending.setdefault(link.end, []).append(link)
        found: set[str] = set()
        ends, seen = [index], {index}
        while ends and len(seen) <= _MOST_LINKS:
            for link in self._ending.get(ends.pop(), ()):
                found.add(link.value)
                if link.value in _LEADS_ON and link.start not in seen:
                    seen.add(link.start)
                    ends.append(link.start)
        return found

    def after(self, index: int) -> dict[str, int]:
        """The links that begin at token `index`, with their ends."""
        return {link.value: link.end for link in self.links if link.start == index}

    def starts(self, index: int) -> bool:
        """Whether a day or a part of one begins at token `index`."""
        named = (self.days, self.weekdays, self.months, self.parts, self.holidays)
        return any(said.start == index for group in named for said in group)


def sort_out(hits: Sequence[Hit], taken: Collection[int]) -> TimeWords:
    """`hits`: those of time and of idle time. `taken`: tokens that a place explains."""
    words = TimeWords()
    sections = {
        "day": words.days, "weekday": words.weekdays, "month": words.months, "part": words.parts,
        "holiday": words.holidays, "delta": words.deltas, "now": words.now, "unit": words.units, "link": words.links,
    }  # fmt: skip
    passed = _passed_over(hits)
    for hit in hits:
        section, _, value = hit.id.partition(":")
        if section in ("link", "unit") or (section in sections and hit.start not in passed and hit.start not in taken):
            said = Said(value, hit.start, hit.end)
            if said not in sections[section]:
                sections[section].append(said)
    return words


def without_false_durations(sentence: Sentence, hits: Sequence[Hit]) -> list[Hit]:
    """`hits` without idle durations whose number is an hour ("at 7 at night" is not "7 nights") and without those that
    reach across a comma ("in the 19th, days..." is not "19 days")."""
    hours = {hit.end for hit in hits if hit.id in ("link:hour", "link:clock")}
    return [
        hit
        for hit in hits
        if not (hit.id == "idle:since_duration" and (hit.start in hours or _has_pause(sentence, hit)))
    ]


def _has_pause(sentence: Sentence, hit: Hit) -> bool:
    return any(sentence.pause_after(index) for index in range(hit.start, hit.end - 1))


_BEFORE_A_TIME = ("link:at", "link:this", "link:to", "link:in", "link:month", "link:date", "link:from", "link:clock")


def without_pauses(sentence: Sentence, hits: Sequence[Hit]) -> list[Hit]:
    """`hits` without services whose words lie on both sides of a comma with others in between."""
    return [
        hit
        for hit in hits
        if hit.entry.kind != "category" or hit.mask.bit_count() == hit.end - hit.start or not _has_pause(sentence, hit)
    ]


def without_denied(sentence: Sentence, hits: Sequence[Hit], words: Words) -> list[Hit]:
    """`hits` of time without those that are denied: "pas ce soir", "شنبه نه، پنجشنبه"."""
    if not (words.contrary or words.contrary_after):
        return list(hits)
    links = {index for hit in hits if hit.id in _BEFORE_A_TIME for index in range(hit.start, hit.end)}
    kept = []
    for hit in hits:
        if hit.id.startswith(("day:", "weekday:", "part:", "holiday:")):
            index = hit.start - 1
            while index > 0 and (index in links or sentence.words[index] in words.articles):
                if sentence.pause_after(index):
                    break
                index -= 1
            if index >= 0 and sentence.words[index] in words.contrary and not sentence.pause_after(index):
                continue
            after = sentence.words[hit.end] if hit.end < len(sentence.words) else ""
            if after in words.contrary_after and sentence.between(hit.end).strip():
                continue
        kept.append(hit)
    return kept


def _passed_over(hits: Sequence[Hit]) -> set[int]:
    """First tokens of time words that "depuis", "last", "tous les" or "until" beside them make idle."""
    passed: set[int] = set()
    timed = [hit for hit in hits if not hit.id.startswith(("link:", "unit:", "idle:"))]
    for hit in hits:
        if hit.id in ("idle:since", "idle:every"):
            passed.update(other.start for other in timed if 0 <= other.start - hit.end <= _PASSED_AFTER)
        elif hit.id == "idle:last":
            passed.update(other.start for other in timed if hit.end == other.start or other.end == hit.start)
        elif hit.id in ("link:until", "link:before"):
            passed.update(
                other.start
                for other in timed
                if 0 <= other.start - hit.end <= 1 and other.id.startswith(("month:", "weekday:", "day:"))
            )
    return passed
