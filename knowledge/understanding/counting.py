"""Numbers in a sentence, in figures or in words of its language."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

_FIGURES = re.compile(r"\d{1,3}")
_AND = "و"
"""Arabic writes "and" on the word after it: eight and-sixty."""
_TENS = range(20, 100, 10)


def number_at(words: Sequence[str], index: int, numbers: Mapping[str, int]) -> tuple[int, int] | None:
    """The number that begins at `index` and where it ends: "7", "siete", "двадцать пять". `numbers`: words to values."""
    if index >= len(words):
        return None
    word = words[index]
    if _FIGURES.fullmatch(word):
        return int(word), index + 1
    if index + 1 < len(words) and (two := numbers.get(f"{word} {words[index + 1]}")) is not None:
        return two, index + 2
    value = numbers.get(word)
    if value is None:
        return None
    following = numbers.get(words[index + 1].removeprefix(_AND), 0) if index + 1 < len(words) else 0
    if value < _TENS[0] and following in _TENS:
        return value + following, index + 2
    if value in _TENS and index + 1 < len(words) and 0 < (unit := numbers.get(words[index + 1], 0)) < 10:
        return value + unit, index + 2
    return value, index + 1


def phrase_at(words: Sequence[str], index: int, phrases: Mapping[tuple[str, ...], int]) -> tuple[int, int] | None:
    """The value of the longest of `phrases` that begins at `index`, and where it ends."""
    for length in range(min(4, len(words) - index), 0, -1):
        value = phrases.get(tuple(words[index : index + length]))
        if value is not None:
            return value, index + length
    return None
