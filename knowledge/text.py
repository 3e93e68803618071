"""One way of writing text down to compare it: small letters, no accents, one of several letters that stand for the
same, single spaces. Latin letters become a-z; Cyrillic and Arabic ones stay in their script (letters.py)."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from anyascii import anyascii

from knowledge import letters

_WORD = re.compile("[a-z0-9\u0400-\u052f\u0620-\u064a\u066e-\u06d3\u06d5\u06fa-\u06ff\u0750-\u077f]+")
_APOSTROPHES = "'\u2019\u02bc\u2018\u0060\u00b4\""
"""Between two Cyrillic letters they are part of the word: "сім'я"."""
_CYRILLIC_APOSTROPHE = re.compile(f"(?<=[\u0400-\u052f])[{_APOSTROPHES}](?=[\u0400-\u052f])")
_NOTHING = "\u0000"


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a sentence in its plain form, and where it stands.

    `start` and `end` are character offsets into the NFC form of the text it was read from.
    """

    word: str
    start: int
    end: int


@lru_cache(maxsize=4096)
def _plain_character(character: str) -> str:
    if letters.is_mark(character):
        return ""
    if letters.ARABIC.match(character):
        return letters.folded_arabic(unicodedata.normalize("NFKC", character))
    if letters.CYRILLIC.match(character):
        return letters.folded_cyrillic(character)
    return anyascii(character).lower()


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
    parts: list[str] = []
    offsets: list[int] = []
    for index, character in enumerate(_CYRILLIC_APOSTROPHE.sub(_NOTHING, text)):
        if character == _NOTHING != text[index]:
            continue
        folded = character.lower() if character.isascii() else _plain_character(character)
        parts.append(folded)
        offsets.extend([index] * len(folded))
    return [
        Token(_one_script(match.group()), offsets[match.start()], offsets[match.end() - 1] + 1)
        for match in _WORD.finditer("".join(parts))
    ]


def _one_script(word: str) -> str:
    return letters.in_cyrillic(word) if not word.isascii() and letters.CYRILLIC.search(word) else word
