"""A sentence cut into plain words, ready to be compared with the lexicon."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from knowledge.text import Token, tokens
from knowledge.understanding.drawls import has_drawl, shortened

MAX_CHARACTERS = 4096
"""Source: Telegram Bot API, sendMessage: the longest text a message carries."""
MAX_TOKENS = 200
"""Nobody says what they need after two hundred words; bounds the cost of noise."""

_PAUSE = re.compile(r"[,;.!?:\n\u060c\u061b\u061f\u06d4]")
_PICTURES = re.compile("[\u2190-\u2bff\ufe00-\ufe0f\U0001f000-\U0001faff\U000e0000-\U000e007f\ud800-\udfff]")


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

    def pause_after(self, index: int) -> bool:
        """Whether a comma, a full stop... stands between token `index` and the next one."""
        return _PAUSE.search(self.between(index)) is not None

    def replaced(self, written: Sequence[Token]) -> Sentence:
        return Sentence(self.text, tuple(written), tuple(token.word for token in written))


def read(text: str) -> Sentence:
    """`text` as a sentence; drawls are shortened ("merciiii" to "mercii")."""
    text = unicodedata.normalize("NFC", text[:MAX_CHARACTERS])
    if not text.isascii():
        text = _PICTURES.sub(" ", text)
    written = tokens(text)[:MAX_TOKENS]
    if has_drawl(text.lower()):
        written = [Token(shortened(token.word), token.start, token.end) for token in written]
    return Sentence(text, tuple(written), tuple(token.word for token in written))


def written_out(sentence: Sentence, shorthand: Mapping[str, tuple[str, ...]]) -> Sentence:
    """`sentence` with the words of `shorthand` ("mtn") written out ("maintenant")."""
    if shorthand.keys().isdisjoint(sentence.words):
        return sentence
    written: list[Token] = []
    for token in sentence.tokens:
        full = shorthand.get(token.word)
        written.extend([token] if full is None else [Token(part, token.start, token.end) for part in full])
    return sentence.replaced(written)


def joined(sentence: Sentence, to_next: Collection[str], to_previous: Collection[str]) -> Sentence:
    """`sentence` with words that are written apart put together: "می خواهم"."""
    if not any(word in to_next or word in to_previous for word in sentence.words):
        return sentence
    written: list[Token] = []
    for token in sentence.tokens:
        last = written[-1] if written else None
        belongs = last is not None and (last.word in to_next or token.word in to_previous)
        if last is not None and belongs and sentence.text[last.end : token.start].isspace():
            written[-1] = Token(last.word + token.word, last.start, token.end)
        else:
            written.append(token)
    return sentence.replaced(written)
