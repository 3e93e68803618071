"""Which language a sentence is in: by its script first, then by the words that only one language has."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from knowledge.understanding.lexicon import Lexicon
from knowledge.understanding.matcher import Hit

DEFAULT = "fr"

_CYRILLIC = re.compile("[\u0400-\u04ff]")
_ARABIC = re.compile("[\u0600-\u06ff\u0750-\u077f]")
_TELLING = (
    ("uk", re.compile("[іїєґІЇЄҐ]")),
    ("ru", re.compile("[ыэъёЫЭЪЁ]")),
    ("ps", re.compile("[ټډړږښځڅڼېۍئ]")),
    ("fa", re.compile("[پچژگکی\u200c]")),
    ("ar", re.compile("[ةىيكأإؤ]")),
)
"""Letters that only one language of a script has, in the order they are looked for."""
_SCRIPTS = ((_CYRILLIC, ("ru", "uk")), (_ARABIC, ("ar", "fa", "ps")))
_FUNCTION_WEIGHT = 2.0
_LEXICON_WEIGHT = 1.0


class Languages:
    def __init__(self, lexicon: Lexicon) -> None:
        self._function: Mapping[str, frozenset[str]] = {name: words.function for name, words in lexicon.words.items()}
        self._vocabulary = lexicon.vocabulary
        self._latin = tuple(name for name in lexicon.words if name not in ("ru", "uk", "ar", "fa", "ps"))
        self._evidence = lru_cache(maxsize=8192)(self._find_evidence)

    def detect(self, text: str, words: Iterable[str], hits: Iterable[Hit], hint: str | None) -> tuple[str, bool]:
        """The language of `text`, and whether its words tell. `words` and `hits` leave out names of places.

        `hint` decides where the words tell nothing; without one, French.
        """
        if not text.isascii():
            for script, languages in _SCRIPTS:
                if script.search(text):
                    return _by_letters(text, languages, hint)
        scores = dict.fromkeys(self._latin, 0.0)
        for word in words:
            for language, weight in self._evidence(word):
                scores[language] += weight
        for hit in hits:
            if hit.mask.bit_count() > 1 and hit.entry.language in scores:
                scores[hit.entry.language] += _LEXICON_WEIGHT
        best = max(scores.values(), default=0.0)
        if best <= 0.0:
            return hint or DEFAULT, False
        leading = [language for language, score in scores.items() if score >= best - 0.01]
        if len(leading) == 1:
            return leading[0], True
        return (hint if hint in leading else DEFAULT if DEFAULT in leading else leading[0]), False

    def own(self, hits: Sequence[Hit], words: Sequence[str], language: str) -> list[Hit]:
        """The hits of `language`, and those of others on words that it does not have ("laverie" in an English sentence)."""
        if all(hit.entry.language == language for hit in hits):
            return list(hits)
        familiar = 0
        for index, word in enumerate(words):
            if self._is_familiar(word, language):
                familiar |= 1 << index
        return [hit for hit in hits if hit.entry.language == language or not hit.mask & familiar]

    def _is_familiar(self, word: str, language: str) -> bool:
        return word in self._vocabulary.get(language, ()) or word in self._function.get(language, ())

    def _find_evidence(self, word: str) -> tuple[tuple[str, float], ...]:
        function = [language for language in self._latin if word in self._function[language]]
        if function:
            return tuple((language, _FUNCTION_WEIGHT / len(function)) for language in function)
        known = [language for language in self._latin if word in self._vocabulary[language]]
        return tuple((language, _LEXICON_WEIGHT / len(known)) for language in known)


def _by_letters(text: str, languages: tuple[str, ...], hint: str | None) -> tuple[str, bool]:
    for language, letters in _TELLING:
        if language in languages and letters.search(text):
            return language, True
    if hint in languages:
        return hint, False
    return languages[0], False
