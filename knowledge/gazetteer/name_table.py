"""All names in a few texts and arrays: three thousand names cost little memory, and a name is made when it is said."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import Any
from zlib import crc32

from knowledge.frame import Place
from knowledge.gazetteer.entries import Tier
from knowledge.gazetteer.names import Name
from knowledge.kept import as_text, from_text

LONGEST_PART = 8
_PARTS = (LONGEST_PART, 4)
"""Letters at the beginning by which most words are told from names."""
_SALTS = 64
_REMEMBERED = 512

Packed = dict[str, Any]
"""Plain values, for a file."""


class NameTable:
    """Names by number, in the order of the marks of their keys; `places` are the lines of what they mean."""

    def __init__(self, packed: Mapping[str, Any]) -> None:
        self._salt: int = packed["salt"]
        self._marks = from_text("I", packed["marks"])
        self._lines: str = packed["lines"]
        self._starts = from_text("I", packed["starts"])
        self._places: str = packed["places"]
        self._place_starts = from_text("I", packed["place_starts"])
        self.longest: int = packed["longest"]
        self.beginnings = frozenset(packed["beginnings"].split(" "))
        """The first letter, and the first two, of every name."""
        self._parts = [(length, from_text("I", packed["parts"][str(length)])) for length in _PARTS]
        self.name = lru_cache(_REMEMBERED)(self._name)
        self.may_begin = lru_cache(4 * _REMEMBERED)(self._may_begin)

    @staticmethod
    def packed(names: Mapping[str, Name]) -> tuple[Packed, list[Name]]:
        """The table of `names` by key, and the names by number."""
        salt = next(salt for salt in range(_SALTS) if len({_mark(key, salt) for key in names}) == len(names))
        ordered = sorted(names.values(), key=lambda name: _mark(name.key, salt))
        places = list(dict.fromkeys(place for name in ordered for place in name.places))
        numbers = {place: number for number, place in enumerate(places)}
        lines = [
            "\t".join(
                (
                    name.key,
                    str(int(name.tier)),
                    f"{name.ordinary:d}{name.reserved:d}",
                    ",".join(str(numbers[place]) for place in name.places),
                    "|".join("" if spelling == name.key else spelling for spelling in name.spellings),
                )
            )
            for name in ordered
        ]
        shown = ["\t".join((each.name, repr(each.latitude), repr(each.longitude), each.kind)) for each in places]
        packed = {
            "salt": salt,
            "marks": as_text(array("I", [_mark(name.key, salt) for name in ordered])),
            "lines": "".join(f"{line}\n" for line in lines),
            "starts": as_text(_starts(lines)),
            "places": "".join(f"{line}\n" for line in shown),
            "place_starts": as_text(_starts(shown)),
            "longest": max(map(len, names)),
            "parts": {
                str(length): as_text(
                    array("I", sorted({_mark(key[:length], salt) for key in names if len(key) >= length}))
                )
                for length in _PARTS
            },
            "beginnings": " ".join(sorted({key[:letters] for key in names for letters in (1, 2)})),
        }
        return packed, ordered

    def __len__(self) -> int:
        return len(self._marks)

    def get(self, key: str) -> Name | None:
        mark = _mark(key, self._salt)
        at = bisect_left(self._marks, mark)
        if at < len(self._marks) and self._marks[at] == mark and self._lines.startswith(f"{key}\t", self._starts[at]):
            return self.name(at)
        return None

    def _may_begin(self, text: str) -> bool:
        """Whether some name may begin with `text`, of LONGEST_PART letters at most. Ask `may_begin`."""
        for length, marks in self._parts:
            if len(text) >= length:
                mark = _mark(text[:length], self._salt)
                at = bisect_left(marks, mark)
                return at < len(marks) and marks[at] == mark
        return True

    def key(self, number: int) -> str:
        start = self._starts[number]
        return self._lines[start : self._lines.index("\t", start)]

    def _name(self, number: int) -> Name:
        key, tier, marked, places, spellings = self._lines[self._starts[number] : self._starts[number + 1] - 1].split(
            "\t"
        )
        return Name(
            key,
            tuple(self._place(int(each)) for each in places.split(",")),
            Tier(int(tier)),
            marked[0] == "1",
            marked[1] == "1",
            tuple(spelling or key for spelling in spellings.split("|")),
        )

    def _place(self, number: int) -> Place:
        line = self._places[self._place_starts[number] : self._place_starts[number + 1] - 1]
        name, latitude, longitude, kind = line.split("\t")
        return Place(name, float(latitude), float(longitude), kind)


def _mark(key: str, salt: int) -> int:
    return crc32(key.encode(), salt)


def _starts(lines: Sequence[str]) -> array[int]:
    """Where each line begins in their text, and where the text ends."""
    return array("I", accumulate((len(line) + 1 for line in lines), initial=0))
