"""One way of writing text down to compare it: lower case, plain ASCII letters, single spaces."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from anyascii import anyascii

_WORD = re.compile(r"[a-z0-9]+")


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
    return anyascii(character).lower()


def plain(text: str) -> str:
    """`text` as words of a-z and 0-9 separated by single spaces: "Châtelet-les-Halles" -> "chatelet les halles"."""
    return " ".join(token.word for token in tokens(text))


def tokens(text: str) -> list[Token]:
    """The words of `text`, plain, in order. Apostrophes and hyphens separate ("l'est" -> "l", "est")."""
    text = unicodedata.normalize("NFC", text)
    letters: list[str] = []
    offsets: list[int] = []
    for index, character in enumerate(text):
        folded = character.lower() if character.isascii() else _plain_character(character)
        letters.append(folded)
        offsets.extend([index] * len(folded))
    return [
        Token(match.group(), offsets[match.start()], offsets[match.end() - 1] + 1)
        for match in _WORD.finditer("".join(letters))
    ]
