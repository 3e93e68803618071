"""A set of words as four bytes a word: it knows whether a word is in it, not which words are."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable
from zlib import crc32

from knowledge.kept import as_text, from_text


def mark(word: str) -> int:
    """Four bytes of `word`; two of ten thousand words share theirs once in a hundred times."""
    return crc32(word.encode())


def written(numbers: array[int]) -> str:
    """`numbers` as text."""
    return as_text(numbers)


def read(text: str) -> array[int]:
    return from_text("I", text)


class WordMarks:
    def __init__(self, marks: array[int]) -> None:
        """`marks`: sorted."""
        self._marks = marks

    @classmethod
    def of(cls, words: Iterable[str]) -> WordMarks:
        return cls(array("I", sorted(set(map(mark, words)))))

    @classmethod
    def read(cls, text: str) -> WordMarks:
        return cls(read(text))

    def written(self) -> str:
        return written(self._marks)

    def __contains__(self, word: object) -> bool:
        if not isinstance(word, str):
            return False
        sought = mark(word)
        at = bisect_left(self._marks, sought)
        return at < len(self._marks) and self._marks[at] == sought
