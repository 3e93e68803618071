"""Mends words that nobody knows: a word that sounds the same first, then the nearest one by letters.

Words that the lexicon, the little words of a language or a place name explain are never touched.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from functools import cache, lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from knowledge.understanding.lexicon import Language, Lexicon

_DOUBLE = re.compile(r"(.)\1")

_CANDIDATES = 10

SHORTEST = 4
"""Letters; a shorter word has too many neighbours."""
LONG = 10
"""Letters from which two mistakes are forgiven instead of one."""


class Spelling:
    def __init__(self, lexicon: Lexicon) -> None:
        self._languages = lexicon.languages
        self._near = cache(self._near_words)
        self._mend_cached = lru_cache(maxsize=4096)(self._mend)

    def knows(self, word: str, languages: Iterable[str]) -> bool:
        """Whether `word` is right as it stands in one of `languages`."""
        return any(name in self._languages and self._languages[name].knows(word) for name in languages)

    def mended(
        self, words: Sequence[str], languages: Sequence[str], explained: Collection[int]
    ) -> tuple[tuple[str, ...], list[str]]:
        """`words` with unknown ones mended, and notes on what changed.

        `languages`: where to look, the likeliest first; `explained`: indexes to leave alone.
        """
        notes: list[str] = []
        result = list(words)
        for index, word in enumerate(words):
            if index in explained or len(word) < SHORTEST or self.knows(word, languages):
                continue
            better = next((found for each in languages if (found := self._mend_cached(word, each))), None)
            if better is not None:
                result[index] = better
                notes.append(f"{word} -> {better}")
        return tuple(result), notes

    def _near_words(self, language: str) -> _NearWords:
        return _NearWords(self._languages[language])

    def _mend(self, word: str, language: str) -> str | None:
        """The known word that `word` was meant to be, None where no one is near enough."""
        if any(letter.isdigit() for letter in word) or language not in self._languages:
            return None
        spoken = self._languages[language]
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
        near = self._near(language)
        best = near.by_letters(word)
        alike = near.by_sound(word)
        if best is not None and (best[1] == 1 or alike is None):
            return best[0]
        return alike


class _NearWords:
    """The words of a language arranged for look-ups that forgive."""

    def __init__(self, language: Language) -> None:
        self._sounds = language.words.sounds
        self._by_sound: dict[str, str] = {}
        self._by_first: dict[str, list[str]] = defaultdict(list)
        for word in sorted(set(language.matcher.vocabulary())):
            if len(word) >= SHORTEST and not word.isdigit():
                self._by_first[word[0]].append(word)
                if self._sounds:
                    self._by_sound.setdefault(sound(word, self._sounds), word)

    def by_letters(self, word: str) -> tuple[str, float] | None:
        """The nearest word and how many letters are wrong."""
        near = process.extract(
            word,
            self._by_first.get(word[0], []) if len(word) > SHORTEST else [],
            scorer=OSA.distance,
            score_cutoff=2 if len(word) >= LONG else 1,
            limit=_CANDIDATES,
        )
        best = min(near, key=lambda found: (found[1], found[0][-1] != word[-1], -len(found[0])), default=None)
        return (best[0], best[1]) if best is not None else None

    def by_sound(self, word: str) -> str | None:
        return self._by_sound.get(sound(word, self._sounds)) if self._sounds else None


def sound(word: str, sounds: Sequence[tuple[str, str]]) -> str:
    """How `word` is heard: the spellings of `sounds` replaced in order, then double letters made single.

    A written form that ends in "$" is replaced at the end of the word alone.
    """
    for written, heard in sounds:
        if written.endswith("$"):
            if word.endswith(written[:-1]) and len(word) > len(written):
                word = word[: len(word) - len(written) + 1] + heard
        else:
            word = word.replace(written, heard)
    single = [letter for index, letter in enumerate(word) if index == 0 or letter != word[index - 1]]
    return "".join(single)
