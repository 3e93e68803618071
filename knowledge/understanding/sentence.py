"""A sentence cut into plain words, ready to be compared with the lexicon."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from knowledge.text import Token, tokens

MAX_CHARACTERS = 4096
"""Source: Telegram Bot API, sendMessage: the longest text a message carries."""
MAX_TOKENS = 300
"""Nobody says what they need after three hundred words; bounds the cost of noise."""

_PICTURES = re.compile("[\u2190-\u2bff\ufe00-\ufe0f\U0001f000-\U0001faff\U000e0000-\U000e007f\ud800-\udfff]")
_DRAWL = re.compile(r"([a-z])\1{2,}")


@dataclass(frozen=True, slots=True)
class Sentence:
    """`tokens` keep their offsets into `text` (its NFC form, pictures blanked); `words` are what is compared:
    as typed at first, mended by spelling later. Both have the same length."""

    text: str
    tokens: tuple[Token, ...]
    words: tuple[str, ...]

    def between(self, index: int) -> str:
        """The characters between token `index` and the next one, "" after the last."""
        if index + 1 >= len(self.tokens):
            return ""
        return self.text[self.tokens[index].end : self.tokens[index + 1].start]


def read(text: str, shorthand: Mapping[str, tuple[str, ...]]) -> Sentence:
    """`text` as a sentence; words of `shorthand` ("mtn") are written out ("maintenant"), drawls shortened ("merciiii" to "mercii")."""
    text = unicodedata.normalize("NFC", text[:MAX_CHARACTERS])
    if not text.isascii():
        text = _PICTURES.sub(" ", text)
    written: list[Token] = []
    for token in tokens(text)[:MAX_TOKENS]:
        word = _DRAWL.sub(r"\1\1", token.word)
        full = shorthand.get(word)
        if full is not None:
            written.extend(Token(part, token.start, token.end) for part in full)
        elif word is not token.word and word != token.word:
            written.append(Token(word, token.start, token.end))
        else:
            written.append(token)
    return Sentence(text, tuple(written), tuple(token.word for token in written))
