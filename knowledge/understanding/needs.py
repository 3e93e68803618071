"""Conditions that the service must meet: words of the lexicon, and ages."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from knowledge.understanding.matcher import Hit
from knowledge.understanding.sentence import Sentence

_FAMILY_SERVICES = frozenset({"child_care", "baby_parcel"})
"""Services that are for the child: saying that there is one adds no condition."""
_ANIMAL_SERVICES = frozenset({"animal_care"})

_AGE_NUMBER = re.compile(r"[1-9]\d?")
_YEARS_BEFORE = frozenset({"ai", "a", "as", "de", "ont", "avons", "aura", "agee", "age", "ages", "agees", "jeune", "j"})
_NO_AGE_BEFORE = frozenset({"y", "ya", "il", "depuis", "pendant", "travaille", "dans", "ca"})
_SPEAKER = frozenset({"m", "am"})
_OTHERS = frozenset({"s", "is", "re", "are", "aged", "turned"})
_NOT_AN_AGE_AFTER = frozenset({
    "min", "mins", "minutes", "minute", "hours", "hour", "h", "km", "m", "metres", "meters", "euros", "euro", "days",
    "weeks", "months", "weeks", "people", "of", "th", "am", "pm", "am", "stops", "percent", "mois", "rue", "avenue",
})  # fmt: skip


def find(sentence: Sentence, hits: Sequence[Hit], categories: Collection[str]) -> tuple[str, ...]:
    """The needs said, sorted. `hits`: those of kind need; `categories`: the services asked for."""
    needs = {hit.id for hit in hits}
    needs.update(group for age in ages(sentence) if (group := _group(age)) is not None)
    if categories and set(categories) <= _FAMILY_SERVICES:
        needs.discard("families")
    if categories and set(categories) <= _ANIMAL_SERVICES:
        needs.discard("pets")
    if "pregnant" in needs and not any(hit.id == "women" and hit.mask.bit_count() > 1 for hit in hits):
        needs.discard("women")
    if "minors" in needs:
        needs.discard("young_adults")
    return tuple(sorted(needs))


def _group(age: int) -> str | None:
    if 16 <= age <= 17:
        return "minors"
    if 18 <= age <= 25:
        return "young_adults"
    return "seniors" if age >= 60 else None


def ages(sentence: Sentence) -> list[int]:
    """Ages of people: "j'ai 17 ans", "ma mère qui a 82 ans", "I'm 19", "he's 70", "67 years old"."""
    words = sentence.words
    found = []
    for index, word in enumerate(words):
        if not _AGE_NUMBER.fullmatch(word):
            continue
        before = words[index - 1] if index else ""
        earlier = words[index - 2] if index > 1 else ""
        after = words[index + 1] if index + 1 < len(words) else ""
        later = words[index + 2] if index + 2 < len(words) else ""
        if after in ("ans", "an"):
            told = before in _YEARS_BEFORE and not (before == "a" and earlier in ("y", "il")) or not before
            if told or (before not in _NO_AGE_BEFORE and earlier not in _NO_AGE_BEFORE and before != "a"):
                found.append(int(word))
        elif (after in ("years", "year", "yrs", "yo", "yr") and later in ("old", "")) or after == "yo":
            found.append(int(word))
        elif before in _SPEAKER | _OTHERS and earlier in ("i", "he", "she", "they", "who", "mum", "mom", "dad", "mother",
                                                          "father", "we", "friend", "son", "daughter", "husband", "wife"):
            if after not in _NOT_AN_AGE_AFTER and not sentence.between(index).strip().startswith(("h", ":")):
                found.append(int(word))
        elif before in ("aged", "turned", "age"):
            found.append(int(word))
    return found
