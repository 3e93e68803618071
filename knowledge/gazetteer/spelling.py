"""The usual spellings of a name brought to one: abbreviations, numerals, words run together, words by ear."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from knowledge.gazetteer.words import place_words

_ORDINAL = re.compile(r"(\d{1,2})(?:e|er|ere|em|eme|ieme|th|st|nd|nde|rd|o|a)")
_ROMAN = re.compile(r"(x{0,2})(ix|iv|v?i{0,3})")
_ROMAN_LETTERS = frozenset("ivx")
_ROMAN_VALUES = {"": 0, "i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9}

_SOUNDS = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"eaux?|aux?", "o"),
        (r"ph", "f"),
        (r"s?ch|sh", "8"),
        (r"qu?|ck", "k"),
        (r"c(?=[eiy])", "s"),
        (r"c", "k"),
        (r"g(?=[eiy])", "j"),
        (r"(ai|ei|e)(?:[tsrz]+|nt)?$", "e"),
        (r"ai|ei|ay|ey|oe", "e"),
        (r"[ae][mn](?=[^aeiouy])", "an"),
        (r"y", "i"),
        (r"z", "s"),
        (r"w", "v"),
        (r"h", ""),
        (r"(.)\1+", r"\1"),
        (r"(?<=[lmnrtvd])e(?=[bdfgjklmnprstv8][aeiou])", ""),
        (r"(?<=..)(?:es?|[stdxp])$", ""),
    )
)


def roman(word: str) -> int:
    """The value of a roman numeral from 1 to 29 in small letters, 0 for anything else."""
    if not _ROMAN_LETTERS.issuperset(word):
        return 0
    match = _ROMAN.fullmatch(word)
    return 10 * len(match[1]) + _ROMAN_VALUES[match[2]] if match else 0


def ordinal(word: str) -> int:
    """ "18e", "1er", "18th", "xviiie" -> the number; 0 for anything else, and for "vie", which is life."""
    match = _ORDINAL.fullmatch(word)
    if match:
        return int(match[1])
    return roman(word.removesuffix("eme").removesuffix("e")) if word.endswith("e") and word != "vie" else 0


@lru_cache(maxsize=8192)
def canonical(word: str) -> str:
    """One plain word as names are compared: "st" -> "saint", "18eme", "xviii" -> "18", "quatre" -> "4"."""
    known = place_words().spelling.get(word)
    if known is not None:
        return known
    return str(ordinal(word) or (len(word) > 1 and roman(word)) or word)


def is_small(word: str) -> bool:
    return word in place_words().small


def joined(words: Iterable[str]) -> str:
    """The key of a name: its canonical words without spaces, so that "garedunord" is "gare du nord"."""
    return "".join(words)


@lru_cache(maxsize=8192)
def sound(word: str) -> str:
    """About how a French ear hears a plain word: "gare" and "gar", "republique" and "republik" are the same."""
    for pattern, replacement in _SOUNDS:
        word = pattern.sub(replacement, word)
    return word
