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
STEM = "*"
_SHORTEST_STEM = 6
_LONGEST_END = 4
"""Letters that may come after a stem."""
_CANDIDATES = 10

Sounds = Sequence[tuple[str, str]]


class NearWords:
    """The words as one text, a line each, in order; sounds as marks with where in the text the word begins."""

    def __init__(self, packed: Mapping[str, Any], sounds: Sounds, services: str = "") -> None:
        """`services`: the words for services, each after a new line and before a tab."""
        self._sounds = sounds
        self._services = services
        self._text: str = packed["words"]
        self._first: dict[str, int] = packed["first"]
        self._marks, self._places = word_marks.read(packed["marks"]), word_marks.read(packed["places"])

    @staticmethod
    def packed(vocabulary: Iterable[str], sounds: Sounds) -> dict[str, Any]:
        """`vocabulary`: words, and stems that end in STEM."""
        words = sorted({word for word in vocabulary if len(word) >= SHORTEST and not word.isdigit()})
        first: dict[str, int] = {}
        heard: dict[int, int] = {}
        place = 0
        for word in words:
            first.setdefault(word[0], place)
            if sounds and word[-1] != STEM:
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
        """The nearest word and how many letters are wrong; the nearest stem where no word is near enough."""
        if len(word) <= SHORTEST:
            return None
        beginning = self._beginning_with(word[0])
        near = process.extract(
            word,
            [known for known in beginning if known[-1] != STEM],
            scorer=OSA.distance,
            score_cutoff=2 if len(word) >= LONG else 1,
            limit=_CANDIDATES,
        )
        best = min(near, key=lambda found: self._order(found[0], found[1], word), default=None)
        return (best[0], best[1]) if best is not None else self._stem_like(word, beginning)

    def _order(self, known: str, wrong: float, word: str) -> tuple[float, bool, bool, int]:
        """Of words equally near: one with the same end, one for a service, the longer."""
        return wrong, known[-1] != word[-1], f"\n{known}\t" not in self._services, -len(known)

    def _stem_like(self, word: str, beginning: Iterable[str]) -> tuple[str, float] | None:
        """A stem with one letter wrong at the beginning of `word`."""
        for known in beginning:
            length = len(known) - 1
            if known[-1] != STEM or length < _SHORTEST_STEM or not 0 <= len(word) - length <= _LONGEST_END:
                continue
            if any(OSA.distance(word[:end], known[:-1], score_cutoff=1) <= 1 for end in range(length, length + 2)):
                return known[:-1], 1
        return None

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
