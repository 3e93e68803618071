"""Words that look like a street address: "12 rue de Charonne", "boulevard Voltaire 75011"."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from knowledge.understanding.sentence import Sentence

_STREETS = frozenset({
    "rue", "r", "avenue", "av", "ave", "boulevard", "bd", "bld", "blvd", "boul", "impasse", "imp", "passage", "allee", "allees",
    "chemin", "villa", "sentier", "faubourg", "fbg", "fg", "ruelle", "galerie", "cours", "quai", "place", "pl", "square",
    "sq", "esplanade", "rond", "promenade", "voie", "cite", "hameau",
})  # fmt: skip
_ALWAYS = frozenset(
    {"rue", "avenue", "av", "ave", "boulevard", "bd", "bld", "blvd", "impasse", "allee", "faubourg", "fbg", "quai"}
)
"""Kinds of street that make an address without a number too."""
_REPEAT = frozenset({"bis", "ter", "quater", "b", "t"})
_INSIDE = frozenset({"de", "du", "des", "la", "le", "les", "l", "d", "et", "a"})
_STOP = frozenset({
    "un", "une", "svp", "stp", "s", "il", "vous", "merci", "pour", "avec", "qui", "ou", "dans", "vers", "pres", "entre", "avant", "apres",
    "je", "on", "j", "y", "c", "est", "please", "pls", "for", "with", "at", "near", "in", "i", "open", "ouvert", "ouverte", "now",
    "paris", "and", "mais", "cherche", "thanks", "sans", "to", "maintenant", "aujourd", "demain", "ce", "cet", "cette",
})  # fmt: skip
_NO_NAME_AFTER = frozenset({"la", "une", "cette"})
_NAME_AFTER = frozenset({"de", "du", "des", "d"})
_NUMBER = re.compile(r"\d{1,3}(?:bis|ter|b|t)?")
_POSTCODE = re.compile(r"75\d{3}|9[2-5]\d{3}")
_PAUSE = re.compile(r"[,;:.!?()\n]")
_LONGEST_NAME = 6


@dataclass(frozen=True, slots=True)
class Address:
    text: str
    start: int
    end: int
    """Token indexes, end excluded."""
    numbered: bool


def find(sentence: Sentence, taken: Collection[int]) -> Address | None:
    """The first address of the sentence. `taken`: tokens explained by words of time or services, where a name ends."""
    words = sentence.words
    for index, word in enumerate(words):
        if word not in _STREETS:
            continue
        start = index
        if start and words[start - 1] in _REPEAT:
            start -= 1
        numbered = bool(start) and _NUMBER.fullmatch(words[start - 1]) is not None
        start = start - 1 if numbered else index
        if not numbered and (word not in _ALWAYS or _is_outside(words, index)):
            continue
        end = _end_of_name(sentence, index + 1, taken)
        if end == index + 1 and numbered and word in _ALWAYS:
            end = _end_of_words(sentence, index + 1)
        if end == index + 1:
            continue
        tail = end
        while tail < len(words) and (words[tail] == "paris" or _POSTCODE.fullmatch(words[tail])):
            tail += 1
        text = sentence.text[sentence.tokens[start].start : sentence.tokens[tail - 1].end]
        return Address(text, start, tail, numbered)
    return None


def _end_of_words(sentence: Sentence, index: int) -> int:
    """Where the words after `index` end, whatever they are: a number before "rue" always begins an address."""
    end = index
    while end < len(sentence.words) and end - index < _LONGEST_NAME and not _PAUSE.search(sentence.between(end - 1)):
        end += 1
    return end


def _is_outside(words: Sequence[str], index: int) -> bool:
    """Whether the word at `index` means outside, not a street that has a name: "à la rue", "dans une rue"."""
    before, after = words[index - 1] if index else "", words[index + 1] if index + 1 < len(words) else ""
    return before in _NO_NAME_AFTER and after not in _NAME_AFTER


def _end_of_name(sentence: Sentence, index: int, taken: Collection[int]) -> int:
    """Where the name of a street that begins at `index` ends; `index` itself when there is no name."""
    end = index
    while end < len(sentence.words) and end - index < _LONGEST_NAME:
        word = sentence.words[end]
        if word in _STOP or _POSTCODE.fullmatch(word) or (end in taken and word not in _INSIDE):
            break
        if _PAUSE.search(sentence.between(end - 1)) and not (end == index and sentence.between(end - 1) == ". "):
            break
        end += 1
    while end > index and sentence.words[end - 1] in _INSIDE:
        end -= 1
    return end
