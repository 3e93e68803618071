"""The words of a language arranged for look-ups that forgive: by their letters and by their sound."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

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
    """`heard`: marks of sounds in order, and the numbers of the words that sound so; both from `packed`."""

    def __init__(self, vocabulary: Iterable[str], sounds: Sounds, heard: tuple[str, str]) -> None:
        self._sounds = sounds
        self._words = _arranged(vocabulary)
        self._marks, self._numbers = (word_marks.read(part) for part in heard)

    @staticmethod
    def packed(vocabulary: Iterable[str], sounds: Sounds) -> tuple[str, str]:
        heard: dict[int, int] = {}
        if sounds:
            for number, word in enumerate(_arranged(vocabulary)):
                heard.setdefault(_mark(word, sounds), number)
        marks = sorted(heard)
        return word_marks.written(array("I", marks)), word_marks.written(array("I", [heard[mark] for mark in marks]))

    def by_letters(self, word: str) -> tuple[str, float] | None:
        """The nearest word and how many letters are wrong."""
        if len(word) <= SHORTEST:
            return None
        first = bisect_left(self._words, word[0])
        last = bisect_right(self._words, word[0] + "\U0010ffff")
        near = process.extract(
            word,
            self._words[first:last],
            scorer=OSA.distance,
            score_cutoff=2 if len(word) >= LONG else 1,
            limit=_CANDIDATES,
        )
        best = min(near, key=lambda found: (found[1], found[0][-1] != word[-1], -len(found[0])), default=None)
        return (best[0], best[1]) if best is not None else None

    def by_sound(self, word: str) -> str | None:
        if not self._sounds:
            return None
        mark = _mark(word, self._sounds)
        at = bisect_left(self._marks, mark)
        return self._words[self._numbers[at]] if at < len(self._marks) and self._marks[at] == mark else None


def _arranged(vocabulary: Iterable[str]) -> list[str]:
    return sorted({word for word in vocabulary if len(word) >= SHORTEST and not word.isdigit()})


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
