"""One way of writing text down to compare it: small letters, no accents, one of several letters that stand for the
same, single spaces. Latin letters become a-z; Cyrillic and Arabic ones stay in their script (letters.py)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from anyascii import anyascii

from knowledge import letters

_WORD = re.compile("[a-z0-9\u0400-\u052f\u0620-\u064a\u066e-\u06d3\u06d5\u06fa-\u06ff\u0750-\u077f]+")
_APOSTROPHES = "'\u2019\u02bc\u2018\u0060\u00b4\""
"""Between two Cyrillic letters they are part of the word: "сім'я"."""
_CYRILLIC_APOSTROPHE = re.compile(f"(?<=[\u0400-\u052f])[{_APOSTROPHES}](?=[\u0400-\u052f])")
_JOINER = "\u200d"
"""Vanishes when text is folded."""
_MOST_CHARACTERS = 4096


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a sentence in its plain form, and where it stands.

    `start` and `end` are character offsets into the NFC form of the text it was read from.
    """

    word: str
    start: int
    end: int


class _Folding(dict[int, str]):
    """Characters to their plain letters, found out as they come."""

    def __missing__(self, code: int) -> str:
        if len(self) > _MOST_CHARACTERS:
            self.clear()
        folded = self[code] = _folded(chr(code))
        return folded


def _folded(character: str) -> str:
    if character.isascii():
        return character.lower()
    if letters.is_mark(character):
        return ""
    if letters.ARABIC.match(character):
        return letters.folded_arabic(unicodedata.normalize("NFKC", character))
    if letters.CYRILLIC.match(character):
        return letters.folded_cyrillic(character)
    if character in _APOSTROPHES:
        return "'"
    base = "".join(part for part in unicodedata.normalize("NFKD", character) if not unicodedata.combining(part))
    return (base if base.isascii() else anyascii(character)).lower()  # anyascii reads a table for each 256 characters


_FOLDING = _Folding()


def plain(text: str) -> str:
    """`text` as words separated by single spaces: "Châtelet-les-Halles" -> "chatelet les halles"."""
    return " ".join(token.word for token in tokens(text))


def latin(word: str) -> str:
    """A plain word in the letters a-z alone: "гар" -> "gar"."""
    return word if word.isascii() else "".join(filter(str.isalnum, anyascii(word).lower()))


def tokens(text: str) -> list[Token]:
    """The words of `text`, plain, in order. Apostrophes and hyphens separate ("l'est" -> "l", "est")."""
    text = unicodedata.normalize("NFC", text)
    if text.isascii():
        return [Token(match.group(), *match.span()) for match in _WORD.finditer(text.lower())]
    if letters.CYRILLIC.search(text):
        return [Token(letters.in_one_script(word), start, end) for word, start, end in _words_of(text)]
    return [Token(word, start, end) for word, start, end in _words_of(text)]


def _words_of(text: str) -> Iterator[tuple[str, int, int]]:
    joined = _CYRILLIC_APOSTROPHE.sub(_JOINER, text)
    folded = joined.translate(_FOLDING)
    if len(folded) == len(text):
        yield from ((match.group(), *match.span()) for match in _WORD.finditer(folded))
        return
    offsets = [index for index, character in enumerate(joined) for _ in _FOLDING[ord(character)]]
    for match in _WORD.finditer(folded):
        yield match.group(), offsets[match.start()], offsets[match.end() - 1] + 1
