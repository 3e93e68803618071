"""The name most like what was typed: by ear first, then by counting typing errors."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from zlib import crc32

from rapidfuzz import process
from rapidfuzz.distance import OSA

from knowledge.gazetteer.entries import Tier
from knowledge.gazetteer.names import Name, distinct
from knowledge.gazetteer.spelling import is_small, joined, sound

_SHORTEST = {Tier.STATION: 5, Tier.NAME: 5, Tier.PART: 8}
"""Letters of the shortest name that is recognised misspelled; the tiers left out never are."""
_SHORTEST_SOUND = 5
_BY_SOUND = 0.9
"""Likeness of a name that is only heard."""
_LEAST_LIKENESS = 0.75


class NearNames:
    """Names arranged for look-ups that forgive.

    One typing error cannot change both the first and the last letter, so only names sharing one of them, and of about
    the same length, are compared.
    """

    def __init__(self, names: Iterable[Name]) -> None:
        self._names: dict[str, Name] = {}
        by_sound: dict[int, Name] = {}
        self._by_first: dict[tuple[str, int], list[str]] = {}
        self._by_last: dict[tuple[str, int], list[str]] = {}
        for name in names:
            key = name.key
            if name.reserved or len(key) < _SHORTEST.get(name.tier, len(key) + 1):
                continue
            self._names[key] = name
            self._by_first.setdefault((key[0], len(key)), []).append(key)
            self._by_last.setdefault((key[-1], len(key)), []).append(key)
            for spelling in name.spellings:
                heard = _heard(spelling.split(" "))
                known = by_sound.get(crc32(heard.encode()))
                if len(heard) >= _SHORTEST_SOUND and (known is None or name.tier < known.tier):
                    by_sound[crc32(heard.encode())] = name
        self._sounds = array("I", sorted(by_sound))
        self._sounding = [by_sound[mark] for mark in self._sounds]

    def nearest(self, words: Sequence[str], *, expected: bool) -> tuple[Name, float] | None:
        """The name that the canonical `words` were meant to be, with its likeness from 0 to 1.

        `expected`: a word says that a place comes, so that more errors are forgiven.
        """
        mark = crc32(_heard(words).encode())
        at = bisect_left(self._sounds, mark)
        if at < len(self._sounds) and self._sounds[at] == mark:
            return self._sounding[at], _BY_SOUND
        typed = joined(words)
        errors = _errors_forgiven(len(typed), expected)
        return self._by_letters(typed, errors) if errors else None

    def _by_letters(self, typed: str, errors: int) -> tuple[Name, float] | None:
        """The name with fewest letters dropped, doubled, swapped or changed; its places are those of all that tie."""
        found: dict[str, int] = {}
        for keys in self._buckets(typed, errors):
            for key, distance, _ in process.extract(typed, keys, scorer=OSA.distance, score_cutoff=errors, limit=None):
                found[key] = int(distance)
                errors = min(errors, int(distance))
        nearest = [self._names[key] for key, distance in found.items() if distance == errors]
        if not nearest:
            return None
        tier = min(name.tier for name in nearest)
        best = [name for name in nearest if name.tier == tier]
        likeness = 1 - errors / max(len(typed), len(best[0].key))
        if likeness < _LEAST_LIKENESS:
            return None
        places = tuple(distinct(place for name in best for place in name.places))
        return replace(best[0], places=places, ordinary=any(name.ordinary for name in best)), likeness

    def _buckets(self, typed: str, errors: int) -> Iterator[list[str]]:
        for length in range(len(typed) - errors, len(typed) + errors + 1):
            for buckets, letter in ((self._by_first, typed[0]), (self._by_last, typed[-1])):
                keys = buckets.get((letter, length))
                if keys:
                    yield keys


def _errors_forgiven(letters: int, expected: bool) -> int:
    if letters < (5 if expected else 6):
        return 0
    if letters < (8 if expected else 11):
        return 1
    return 3 if expected and letters >= 18 else 2


def _heard(words: Sequence[str]) -> str:
    return joined(sound(word) for word in words if not is_small(word))
