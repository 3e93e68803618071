"""Mends words that nobody knows: a word that sounds the same first, then the nearest one by letters.

Words that the lexicon, the little words of a language or a place name explain are never touched.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import lru_cache

from knowledge.understanding.lexicon import LATIN_TOO, Lexicon
from knowledge.understanding.near_words import SHORTEST

_MOST_UNKNOWN = 30
"""Words mended in one sentence; bounds the cost of noise."""
_SPELLED = 6
"""Letters from which a word in the letters of another script may be mended by them."""
_DOUBLE = re.compile(r"(.)\1")


class Spelling:
    def __init__(self, lexicon: Lexicon) -> None:
        self._languages = lexicon.languages
        self._mend_cached = lru_cache(maxsize=4096)(self._mend)

    def knows(self, word: str, languages: Sequence[str]) -> bool:
        """Whether `word` is some form of a word of `languages`."""
        return any(name in self._languages and self._languages[name].knows(word) for name in languages)

    def mended(
        self, words: Sequence[str], languages: Sequence[str], explained: Collection[int]
    ) -> tuple[tuple[str, ...], list[str]]:
        """`words` with unknown ones mended, and notes on what changed.

        `languages`: where to look, the likeliest first; `explained`: indexes to leave alone.
        """
        notes: list[str] = []
        unknown = 0
        result = list(words)
        for index, word in enumerate(words):
            if index in explained or len(word) < SHORTEST or self.knows(word, languages):
                continue
            if (unknown := unknown + 1) > _MOST_UNKNOWN:
                break
            better = next((found for each in languages if (found := self._mend_cached(word, each))), None)
            if better is not None and better != word:
                result[index] = better
                notes.append(f"{word} -> {better}")
        return tuple(result), notes

    def _mend(self, word: str, language: str) -> str | None:
        """The known word that `word` was meant to be, None where no one is near enough."""
        if language not in self._languages or (any(map(str.isdigit, word)) and language not in LATIN_TOO):
            return None
        spoken = self._languages[language]
        if stem := spoken.matcher.stem(word):
            # understood as it is; only a slip of the fingers in its end may hide a firmer word
            best = spoken.near_words.by_letters(word)
            return best[0] if best is not None and best[1] == 1 and best[0].startswith(stem) else None
        words, has = spoken.words, spoken.matcher.has
        single = _DOUBLE.sub(r"\1", word)
        if single != word and (has(single) or single in words.function):
            return single
        for form in (word[:-1] if word[-1] in words.silent else "", *(word + letter for letter in words.silent)):
            if len(form) >= SHORTEST and has(form):
                return form
        if word[0] in words.elisions and len(word) > SHORTEST:
            rest = word[1:]
            if has(rest) or (rest in words.function and len(rest) >= SHORTEST):
                return rest
        near = spoken.near_words
        alike = near.by_sound(word)
        if word.isascii() and language in LATIN_TOO and (alike is not None or len(word) < _SPELLED):
            return alike  # written as it is heard, there is no spelling to slip from
        best = near.by_letters(word)
        if best is not None and (best[1] == 1 or alike is None):
            return best[0]
        return alike
