"""Names of places spelled by ear in another script: "Шато Руж", "غار دي نور", "باربس".

Both the French name and what was typed are brought to the consonants that a foreign ear keeps; the vowels, which
scripts write each in its way, then decide between names that share them.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any
from zlib import crc32

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from knowledge.gazetteer.context import Context, Mark
from knowledge.gazetteer.entries import Tier
from knowledge.gazetteer.name_table import NameTable
from knowledge.gazetteer.names import Name
from knowledge.gazetteer.spelling import is_small, sound
from knowledge.gazetteer.spots import UNSURE, Spot
from knowledge.kept import as_text, from_text

_LETTERS = str.maketrans({
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ж": "j", "з": "s", "и": "i", "й": "i", "к": "k", "л": "l",
    "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "ou", "ф": "f", "х": "", "ц": "ts", "ч": "8",
    "ш": "8", "щ": "8", "ъ": "", "ы": "i", "ь": "", "э": "e", "ю": "u", "я": "ia", "і": "i", "ї": "i", "є": "e", "ґ": "g",
    "ا": "a", "ب": "b", "پ": "p", "ت": "t", "ث": "s", "ج": "j", "چ": "8", "ح": "", "خ": "", "د": "d", "ذ": "d", "ر": "r",
    "ز": "s", "ژ": "j", "س": "s", "ش": "8", "ص": "s", "ض": "d", "ط": "t", "ظ": "s", "ع": "", "غ": "g", "ف": "f", "ق": "k",
    "ک": "k", "گ": "g", "ل": "l", "م": "m", "ن": "n", "و": "ou", "ه": "", "ی": "i", "ء": "", "ښ": "8", "ږ": "j", "ځ": "s",
    "څ": "s",
})  # fmt: skip
"""Plain letters of other scripts to the sounds of `spelling.sound`: 8 is "ch"."""
_SAME = str.maketrans({"p": "b", "v": "f", "g": "k", "z": "s", "c": "k", "q": "k", "w": "f"})
"""Sounds that some script cannot tell apart."""
_NASAL = re.compile(r"m(?=[bp])")
_DOUBLE = re.compile(r"(.)\1+")
_FRENCH = (
    (re.compile("^sainte?$"), "sen"),
    (re.compile("tion"), "sion"),
    (re.compile("gn"), "n"),
    (re.compile("ill"), "il"),
    (re.compile("bourg$"), "bour"),
)
_GLIDE = re.compile("([aeu])il(?:les?)?$")
_VOWELS = re.compile("[aeiouyh]")

_LONGEST = 6
_SHORTEST_KEY = 3
_MARKED_KEY = 2
"""Consonants of the shortest names that are heard, without and with a word that announces a place."""
_CLEAR_KEY = 4
"""Consonants from which "in" is enough to announce a place."""
_FORGIVING_KEY = 5
"""Consonants from which one may be wrong."""
_CANDIDATES = 20
_LIKE = {"cyrillic": 68.0, "arabic": 55.0}
"""Least likeness of the sounds, vowels included, of 100. Arabic leaves most vowels out."""
_SURE = 0.8
"""Likeness from which a name may have words that mean something else too."""
_TELEGRAM_WORDS = 4
"""In longer sentences a name needs a word that announces it."""
_VERY_LIKE = 0.88
"""Likeness from which "in" is enough for a shorter name too."""
_CASES = ("ами", "ями", "ом", "ем", "ой", "ей", "ою", "ею", "ією", "єю", "ов", "ев", "ів", "ам", "ям", "ах", "ях")
"""Endings of case that a name takes in Russian and Ukrainian; those of vowels alone are not heard anyway."""


class HeardNames:
    """Names by their consonants."""

    def __init__(self, packed: Mapping[str, Any], table: NameTable) -> None:
        self._table = table
        self._keys: str = packed["keys"]
        """Consonants in order, a line each, and at the same place in `_numbers` the name that has them."""
        self._marks = from_text("I", packed["marks"])
        self._numbers = from_text("H", packed["numbers"])

    @staticmethod
    def packed(names: Sequence[Name]) -> dict[str, str]:
        """`names`: by their number in the table."""
        found = sorted(
            {
                (crc32(key.encode()), number, key)
                for number, name in enumerate(names)
                if name.tier <= Tier.PART and not name.reserved
                for sounds in _sounds(name)
                if len(key := _key(sounds)) >= _MARKED_KEY
            }
        )
        return {
            "keys": "\n".join(key for _, _, key in found),
            "marks": as_text(array("I", [mark for mark, _, _ in found])),
            "numbers": as_text(array("H", [number for _, number, _ in found])),
        }

    def nearest(self, words: Sequence[str], *, expected: bool) -> tuple[Name, float] | None:
        """The name that plain `words` of another script spell, and its likeness from 0 to 1."""
        best: tuple[float, float, Name] | None = None
        script = "cyrillic" if words[-1][0] < "\u0600" else "arabic"
        for last in _without_case(words[-1]):
            said = "".join(map(_said, (*words[:-1], last)))
            key = _key(said)
            if len(key) < (_MARKED_KEY if expected else _SHORTEST_KEY):
                continue
            for name, wrong in self._candidates(key, expected):
                like = max(fuzz.ratio(said.translate(_SAME), sounds) for sounds in _sounds(name)) - 15 * wrong
                if like >= _LIKE[script] + (0 if len(key) >= _CLEAR_KEY else 10):
                    found = (like, -name.tier, name)
                    best = max(best, found, key=lambda each: each[:2]) if best is not None else found
        return (best[2], best[0] / 100) if best is not None else None

    def _candidates(self, key: str, expected: bool) -> Iterator[tuple[Name, int]]:
        mark = crc32(key.encode())
        first, last = bisect_left(self._marks, mark), bisect_right(self._marks, mark)
        if first < last:
            yield from ((self._table.name(number), 0) for number in self._numbers[first:last])
        elif expected and len(key) >= _FORGIVING_KEY:
            keys = self._keys.split("\n")
            for _, _, at in process.extract(key, keys, scorer=OSA.distance, score_cutoff=1, limit=_CANDIDATES):
                yield self._table.name(self._numbers[at]), 1


def spots_heard(context: Context, words: Sequence[str], near: HeardNames) -> Iterator[Spot]:
    """Names spelled in another script inside a sentence of the plain `words`."""
    small = context.said.heard_small
    for start, first in enumerate(words):
        kind = context.words[start] in context.said.translated
        if first.isascii() or first in small or (context.is_grammar(start) and not kind):
            continue
        mark, direct = context.mark(start, start + 1)
        for end in range(start + 1, min(len(words), start + _LONGEST) + 1):
            last = words[end - 1]
            if last in small:
                continue
            if last.isascii() or (context.is_grammar(end - 1) and not (kind and end == start + 1)):
                break
            if kind and end == start + 1:
                continue
            after = context.mark_after(end)
            spot = _spot(context, words, start, end, max(mark, after), direct, near)
            if spot is not None:
                yield spot


def _spot(
    context: Context, words: Sequence[str], start: int, end: int, mark: Mark, direct: bool, near: HeardNames
) -> Spot | None:
    small, translated = context.said.heard_small, context.said.translated
    named = [index for index in range(start, end) if words[index] not in small]
    spoken = [translated.get(context.words[index]) or words[index] for index in named]
    expected = mark >= Mark.NEAR or context.words[start] in translated
    taken = sum(index in context.taken for index in named)
    announced = expected or (mark == Mark.MAYBE and direct)
    if taken and not (expected if taken == len(named) > 1 else announced and taken < len(named)):
        return None
    found = near.nearest(spoken, expected=announced) or (
        near.nearest(words[start:end], expected=announced) if len(spoken) < end - start else None
    )
    if found is None:
        return None
    name, likeness = found
    if taken and likeness < _SURE:
        return None
    clear = len(_key("".join(map(_said, spoken)))) >= _CLEAR_KEY
    if (
        expected
        or (announced and (clear or likeness >= _VERY_LIKE))
        or (likeness >= _VERY_LIKE and context.alone(start, end))
    ):
        return Spot(start, end, name.places, likeness, True)
    telegram = clear and likeness >= _VERY_LIKE and len(words) <= _TELEGRAM_WORDS
    return Spot(start, end, name.places, UNSURE + 0.01, False) if telegram else None


@lru_cache(maxsize=2048)
def _said(word: str) -> str:
    """A plain word of another script, or a French one, in the sounds of `spelling.sound`."""
    if word.isascii():
        return sound(_french(word))
    if word.startswith("و") and len(word) > 1 and word[1] not in "اوی":
        word = "ف" + word[1:]
    return _DOUBLE.sub(r"\1", word.translate(_LETTERS))


def _key(sounds: str) -> str:
    """The consonants that every ear keeps."""
    return _VOWELS.sub("", _NASAL.sub("n", sounds)).translate(_SAME)


def _without_case(word: str) -> Iterator[str]:
    yield word
    for end in _CASES:
        if word.endswith(end) and len(word) - len(end) >= 3:
            yield word[: -len(end)]


def _spoken(words: Sequence[str]) -> Iterator[str]:
    """How a French name is heard: with and without small words, ends that French does not speak left out or not."""
    for kept in (words, [word for word in words if not is_small(word)]):
        if kept:
            silent, full = [sound(_french(word)) for word in kept], [_full(_french(word)) for word in kept]
            yield "".join(silent)
            yield "".join((*silent[:-1], full[-1]))
            yield "".join(full)


def _sounds(name: Name) -> list[str]:
    """The ways in which `name` is heard, sounds that some script cannot tell apart being one."""
    spelled = (spelling.split(" ") for spelling in name.spellings)
    return [
        spoken.translate(_SAME)
        for words in spelled
        if not any(word.isdigit() for word in words)
        for spoken in _spoken(words)
    ]


def _french(word: str) -> str:
    word = _GLIDE.sub(r"\1i", word)
    for pattern, heard in _FRENCH:
        word = pattern.sub(heard, word)
    return word


def _full(word: str) -> str:
    """`word` as one who reads every letter but a silent e says it."""
    return sound(word + "8").removesuffix("8") if word else word
