"""All names in one dictionary: from the words of a name, run together, to the places it means."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from knowledge.frame import Place
from knowledge.gazetteer.distance import metres_between
from knowledge.gazetteer.entries import STATIONS, Entry, Tier, Words, names
from knowledge.gazetteer.spelling import is_small, joined
from knowledge.gazetteer.words import place_words

SAME_PLACE_METRES = 700.0
"""Places of one name nearer than this are one place to a person on foot: a metro and its railway station."""

_MOST_CANDIDATES = 5
_RUN_TOGETHER_LETTERS = 8
"""Shorter names must be spelled with their own word limits: "un an vers" is not Anvers."""

_KINDS_FIRST = (*STATIONS, "quartier", "square", "landmark", "arrondissement")
_RAILWAY_FIRST = ("train", "rer", "metro", "tram", *_KINDS_FIRST[4:])


@dataclass(frozen=True, slots=True)
class Name:
    """What one spelling means.

    `ordinary`: it is an everyday word as well. `reserved`: only a word like "métro" or "quartier" makes it a place.
    `spellings`: its canonical words separated by spaces, one string for each way they are cut.
    """

    key: str
    places: tuple[Place, ...]
    tier: Tier
    ordinary: bool
    reserved: bool
    spellings: tuple[str, ...]

    def fits(self, words: Sequence[str]) -> bool:
        """Whether `words`, which run together make this name, are cut in a believable way."""
        if len(words) == 1 or " ".join(words) in self.spellings:
            return True
        return len(self.key) >= _RUN_TOGETHER_LETTERS and not is_small(words[0]) and not is_small(words[-1])


def all_names(rows: Iterable[Entry]) -> dict[str, Name]:
    """Every spelling of every place by its words run together, with and without small words."""
    meanings: dict[str, list[tuple[Tier, Entry]]] = {}
    spellings: dict[str, set[str]] = {}
    for words, tier, entry in names(rows):
        for spelled in _spellings(words):
            key = joined(spelled)
            meanings.setdefault(key, []).append((tier, entry))
            spellings.setdefault(key, set()).add(" ".join(spelled))
    return {
        key: _name(key, meant, tuple(key if spelling == key else spelling for spelling in sorted(spellings[key])))
        for key, meant in meanings.items()
    }


def _spellings(words: Words) -> Iterator[Words]:
    yield words
    short = tuple(word for word in words if not is_small(word))
    if short and short != words and len(joined(short)) > 4:
        yield short
    if "saint" in words[:-1]:
        # "stlazare" in one word; "st lazare" in two is read by rule.
        at = words.index("saint")
        yield (*words[:at], "st" + words[at + 1], *words[at + 2 :])


def _name(key: str, meant: list[tuple[Tier, Entry]], spellings: tuple[str, ...]) -> Name:
    said = place_words()
    tier = min(tier for tier, _ in meant)
    order = _RAILWAY_FIRST if key.startswith("gare") else _KINDS_FIRST
    kept = sorted(
        (entry for t, entry in meant if t == tier),
        key=lambda entry: (joined(entry.words) != key, order.index(entry.place.kind)),
    )
    return Name(
        key,
        tuple(distinct(entry.place for entry in kept))[:_MOST_CANDIDATES],
        tier,
        not said.ordinary.isdisjoint(spellings) or not said.first_names.isdisjoint(spellings),
        not said.reserved.isdisjoint(spellings),
        spellings,
    )


def distinct(places: Iterable[Place]) -> Iterator[Place]:
    """`places` without those that a place before them stands for."""
    seen: list[Place] = []
    for place in places:
        if all(metres_between(place, other) > SAME_PLACE_METRES for other in seen):
            seen.append(place)
            yield place
