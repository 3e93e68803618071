"""Mends words that nobody knows: a word that sounds the same first, then the nearest one by letters.

Words that the lexicon, the little words of a language or a place name explain are never touched.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Sequence
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from knowledge.understanding.lexicon import Lexicon

_DOUBLE = re.compile(r"(.)\1")

_SILENT = "estx"
"""Letters that are added to or left off the end of words without being heard, in French and in plurals."""
_CANDIDATES = 10

SHORTEST = 4
"""Letters; a shorter word has too many neighbours."""
LONG = 10
"""Letters from which two mistakes are forgiven instead of one."""


class Spelling:
    def __init__(self, lexicon: Lexicon) -> None:
        self._words = lexicon.words
        self._matcher = lexicon.matcher
        self._known = frozenset().union(
            *lexicon.vocabulary.values(),
            *(words.function | words.ordinary for words in lexicon.words.values()),
            lexicon.numbers,
        )
        self._vocabulary = lexicon.vocabulary
        self._sounds: dict[str, dict[str, str]] = {}
        self._buckets: dict[str, dict[str, list[str]]] = {}
        for language, vocabulary in lexicon.vocabulary.items():
            words = lexicon.words_of(language)
            sounds: dict[str, str] = {}
            buckets: dict[str, list[str]] = defaultdict(list)
            for word in sorted(vocabulary):
                if len(word) >= SHORTEST and not word.isdigit():
                    buckets[word[0]].append(word)
                    sounds.setdefault(sound(word, words.sounds), word)
            self._sounds[language], self._buckets[language] = sounds, buckets
        self._mend_cached = lru_cache(maxsize=8192)(self._mend)

    def knows(self, word: str) -> bool:
        """Whether `word` is right as it stands."""
        return word in self._known

    def mended(
        self, words: Sequence[str], languages: Sequence[str], explained: Collection[int]
    ) -> tuple[tuple[str, ...], list[str]]:
        """`words` with unknown ones mended, and notes on what changed.

        `languages`: where to look, the likeliest first; `explained`: indexes to leave alone.
        """
        notes: list[str] = []
        result = list(words)
        for index, word in enumerate(words):
            if index in explained or len(word) < SHORTEST or self.knows(word) or self._matcher.knows(word):
                continue
            better = next((found for each in languages if (found := self._mend_cached(word, each))), None)
            if better is not None:
                result[index] = better
                notes.append(f"{word} -> {better}")
        return tuple(result), notes

    def _mend(self, word: str, language: str) -> str | None:
        """The known word that `word` was meant to be, None where no one is near enough."""
        if any(letter.isdigit() for letter in word) or language not in self._buckets:
            return None
        words = self._words[language]
        vocabulary = self._vocabulary[language]
        single = _DOUBLE.sub(r"\1", word)
        if single != word and (single in vocabulary or single in words.function):
            return single
        for form in (word[:-1] if word[-1] in _SILENT else "", word + "s", word + "e"):
            if len(form) >= SHORTEST and form in vocabulary:
                return form
        if word[0] in words.elisions and len(word) > SHORTEST:
            rest = word[1:]
            if rest in vocabulary or (rest in words.function and len(rest) >= SHORTEST):
                return rest
        near = process.extract(
            word,
            self._buckets[language].get(word[0], []) if len(word) > SHORTEST else [],
            scorer=OSA.distance,
            score_cutoff=2 if len(word) >= LONG else 1,
            limit=_CANDIDATES,
        )
        best = min(near, key=lambda found: (found[1], found[0][-1] != word[-1], -len(found[0])), default=None)
        alike = self._sounds[language].get(sound(word, words.sounds))
        if best is not None and (best[1] == 1 or alike is None):
            return best[0]
        return alike


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
