"""The words of phrases as numbers: four bytes a word instead of the word itself."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from zlib import crc32

from knowledge.understanding.phrases import GAP, NUMBER
from knowledge.understanding.word_marks import read, written

RESERVED = {GAP: 0, NUMBER: 1}
"""Symbols that are no words; 0 is the tree's gap."""
_SALTS = 64


class Symbols:
    """Numbers of symbols ("douche", "vaccin*", "mondays!") and of the classes that they are members of."""

    def __init__(self, packed: Mapping[str, Any]) -> None:
        self._salt: int = packed["salt"]
        self._marks, self._numbers = read(packed["marks"]), read(packed["numbers"])
        self._members, self._classes = read(packed["members"]), read(packed["classes"])

    @staticmethod
    def packed(numbers: Mapping[str, int], classes: Iterable[tuple[int, int]]) -> dict[str, Any]:
        """`numbers` of symbols; `classes`: pairs of a member's number and its class's."""
        salt = next(
            salt for salt in range(_SALTS) if len({crc32(name.encode(), salt) for name in numbers}) == len(numbers)
        )
        marked = sorted((crc32(name.encode(), salt), number) for name, number in numbers.items())
        pairs = sorted(classes)
        return {
            "salt": salt,
            "marks": written(array("I", [mark for mark, _ in marked])),
            "numbers": written(array("I", [number for _, number in marked])),
            "members": written(array("I", [member for member, _ in pairs])),
            "classes": written(array("I", [number for _, number in pairs])),
        }

    def number(self, symbol: str) -> int | None:
        mark = crc32(symbol.encode(), self._salt)
        at = bisect_left(self._marks, mark)
        return self._numbers[at] if at < len(self._marks) and self._marks[at] == mark else None

    def classes_of(self, number: int) -> Sequence[int]:
        first = bisect_left(self._members, number)
        if first == len(self._members) or self._members[first] != number:
            return ()
        return self._classes[first : bisect_right(self._members, number)]
