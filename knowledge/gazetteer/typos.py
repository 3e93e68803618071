"""The name most like what was typed: by ear first, then by counting typing errors."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any
from zlib import crc32

from rapidfuzz import process
from rapidfuzz.distance import OSA

from knowledge.gazetteer.entries import Tier
from knowledge.gazetteer.name_table import NameTable
from knowledge.gazetteer.names import Name, distinct
from knowledge.gazetteer.spelling import is_small, joined, sound
from knowledge.kept import as_text, from_text

_SHORTEST = {Tier.STATION: 5, Tier.NAME: 5, Tier.PART: 8}
"""Letters of the shortest name that is recognised misspelled; the tiers left out never are."""
_SHORTEST_SOUND = 5
_BY_SOUND = 0.9
"""Likeness of a name that is only heard."""
_LEAST_LIKENESS = 0.75
_ENDS = {"first": 0, "last": -1}
_LETTERS, _LENGTHS = 512, 128
"""Letters and lengths told apart: both in sixteen bits."""


class NearNames:
    """Names arranged for look-ups that forgive.

    One typing error cannot change both the first and the last letter, so only names sharing one of them, and of about
    the same length, are compared.
    """

    def __init__(self, packed: Mapping[str, Any], table: NameTable) -> None:
        self._table = table
        self._sounds, self._sounding = from_text("I", packed["sounds"]), from_text("H", packed["sounding"])
        self._by_letter = [
            (from_text("H", packed[f"{end}_buckets"]), from_text("H", packed[f"{end}_names"])) for end in _ENDS
        ]
        """For the first letter and for the last one: buckets in order, and at the same place the names in them."""

    @staticmethod
    def packed(names: Sequence[Name]) -> dict[str, str]:
        """`names`: by their number in the table."""
        by_sound: dict[int, int] = {}
        buckets: dict[str, list[tuple[int, int]]] = {end: [] for end in _ENDS}
        for number, name in enumerate(names):
            key = name.key
            if name.reserved or len(key) < _SHORTEST.get(name.tier, len(key) + 1):
                continue
            for end, at in _ENDS.items():
                buckets[end].append((_bucket(key[at], len(key)), number))
            for spelling in name.spellings:
                heard = _heard(spelling.split(" "))
                known = by_sound.get(crc32(heard.encode()))
                if len(heard) >= _SHORTEST_SOUND and (known is None or name.tier < names[known].tier):
                    by_sound[crc32(heard.encode())] = number
        sounds = sorted(by_sound)
        packed = {
            "sounds": as_text(array("I", sounds)),
            "sounding": as_text(array("H", [by_sound[mark] for mark in sounds])),
        }
        for end, found in buckets.items():
            found.sort()
            packed[f"{end}_buckets"] = as_text(array("H", [bucket for bucket, _ in found]))
            packed[f"{end}_names"] = as_text(array("H", [number for _, number in found]))
        return packed

    def nearest(self, words: Sequence[str], *, expected: bool) -> tuple[Name, float] | None:
        """The name that the canonical `words` were meant to be, with its likeness from 0 to 1.

        `expected`: a word says that a place comes, so that more errors are forgiven.
        """
        mark = crc32(_heard(words).encode())
        at = bisect_left(self._sounds, mark)
        if at < len(self._sounds) and self._sounds[at] == mark:
            return self._table.name(self._sounding[at]), _BY_SOUND
        typed = joined(words)
        errors = _errors_forgiven(len(typed), expected)
        return self._by_letters(typed, errors) if errors else None

    def _by_letters(self, typed: str, errors: int) -> tuple[Name, float] | None:
        """The name with fewest letters dropped, doubled, swapped or changed; its places are those of all that tie."""
        found: dict[int, int] = {}
        for numbers in self._buckets(typed, errors):
            keys = list(map(self._table.key, numbers))
            for _, distance, at in process.extract(typed, keys, scorer=OSA.distance, score_cutoff=errors, limit=None):
                found[numbers[at]] = int(distance)
                errors = min(errors, int(distance))
        nearest = [self._table.name(number) for number, distance in found.items() if distance == errors]
        if not nearest:
            return None
        tier = min(name.tier for name in nearest)
        best = [name for name in nearest if name.tier == tier]
        likeness = 1 - errors / max(len(typed), len(best[0].key))
        if likeness < _LEAST_LIKENESS:
            return None
        places = tuple(distinct(place for name in best for place in name.places))
        return replace(best[0], places=places, ordinary=any(name.ordinary for name in best)), likeness

    def _buckets(self, typed: str, errors: int) -> Iterator[Sequence[int]]:
        for length in range(len(typed) - errors, len(typed) + errors + 1):
            for (buckets, names), letter in zip(self._by_letter, (typed[0], typed[-1]), strict=True):
                bucket = _bucket(letter, length)
                first = bisect_left(buckets, bucket)
                if first < len(buckets) and buckets[first] == bucket:
                    yield names[first : bisect_right(buckets, bucket)]


def _bucket(letter: str, length: int) -> int:
    return (ord(letter) % _LETTERS) * _LENGTHS + min(length, _LENGTHS - 1)


def _errors_forgiven(letters: int, expected: bool) -> int:
    if letters < (5 if expected else 6):
        return 0
    if letters < (8 if expected else 11):
        return 1
    return 3 if expected and letters >= 18 else 2


def _heard(words: Sequence[str]) -> str:
    return joined(sound(word) for word in words if not is_small(word))
