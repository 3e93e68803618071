"""The words of a language arranged for look-ups that forgive: by their letters and by their sound."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rapidfuzz import process
from rapidfuzz.distance import OSA

from knowledge.understanding import word_marks

SHORTEST = 4
"""Letters; a shorter word has too many neighbours."""
LONG = 10
"""Letters from which two mistakes are forgiven instead of one."""
_CANDIDATES = 10

Sounds = Sequence[tuple[str, str]]


class NearWords:
    """The words as one text, a line each, in order; sounds as marks with where in the text the word begins."""

    def __init__(self, packed: Mapping[str, Any], sounds: Sounds) -> None:
        self._sounds = sounds
        self._text: str = packed["words"]
        self._first: dict[str, int] = packed["first"]
        self._marks, self._places = word_marks.read(packed["marks"]), word_marks.read(packed["places"])

    @staticmethod
    def packed(vocabulary: Iterable[str], sounds: Sounds) -> dict[str, Any]:
        words = sorted({word for word in vocabulary if len(word) >= SHORTEST and not word.isdigit()})
        first: dict[str, int] = {}
        heard: dict[int, int] = {}
        place = 0
        for word in words:
            first.setdefault(word[0], place)
            if sounds:
                heard.setdefault(_mark(word, sounds), place)
            place += len(word) + 1
        marks = sorted(heard)
        return {
            "words": "".join(f"{word}\n" for word in words),
            "first": first,
            "marks": word_marks.written(array("I", marks)),
            "places": word_marks.written(array("I", [heard[mark] for mark in marks])),
        }

    def by_letters(self, word: str) -> tuple[str, float] | None:
        """The nearest word and how many letters are wrong."""
        if len(word) <= SHORTEST:
            return None
        near = process.extract(
            word,
            self._beginning_with(word[0]),
            scorer=OSA.distance,
            score_cutoff=2 if len(word) >= LONG else 1,
            limit=_CANDIDATES,
        )
        best = min(near, key=lambda found: (found[1], found[0][-1] != word[-1], -len(found[0])), default=None)
        return (best[0], best[1]) if best is not None else None

    def _beginning_with(self, letter: str) -> list[str]:
        start = self._first.get(letter)
        if start is None:
            return []
        end = min((place for place in self._first.values() if place > start), default=len(self._text))
        return self._text[start:end].split()

    def by_sound(self, word: str) -> str | None:
        if not self._sounds:
            return None
        mark = _mark(word, self._sounds)
        at = bisect_left(self._marks, mark)
        if at == len(self._marks) or self._marks[at] != mark:
            return None
        start = self._places[at]
        return self._text[start : self._text.index("\n", start)]


def _mark(word: str, sounds: Sounds) -> int:
    return word_marks.mark(sound(word, sounds))


def sound(word: str, sounds: Sounds) -> str:
    """How `word` is heard: the spellings of `sounds` replaced in order, then double letters made single.

    A written form that ends in "$" is replaced at the end of the word alone.
    """
    for written, heard in sounds:
        if written.endswith("$"):
            if word.endswith(written[:-1]) and len(word) > len(written):
                word = word[: len(word) - len(written) + 1] + heard
        else:
            word = word.replace(written, heard)
    single = [letter for index, letter in enumerate(word) if index == 0 or letter != word[index - 1]]
    return "".join(single)
