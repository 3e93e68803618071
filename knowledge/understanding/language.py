"""Which language a sentence is in: by its script and letters first, then by the words that only one language has."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from knowledge.understanding.lexicon import Lexicon
from knowledge.understanding.matcher import Hit

DEFAULT = "fr"

_SCRIPTS = (
    (re.compile("[\u0400-\u04ff]"), ("ru", "uk")),
    (re.compile("[\u0600-\u06ff\u0750-\u077f]"), ("ar", "fa", "ps")),
)
"""Scripts other than Latin, with the languages written in them, the one to suppose first."""
_TELLING = (
    ("uk", re.compile("[іїєґІЇЄҐ]")),
    ("ru", re.compile("[ыэъёЫЭЪЁ]")),
    ("ps", re.compile("[ټډړږښځڅڼېۍ]")),
    ("fa", re.compile("[پچژگکی\u200c]")),
    ("ar", re.compile("[ةىيكأإؤ]")),
)
"""Letters that only one language of a script has, in the order they are looked for."""
_FUNCTION_WEIGHT = 2.0
_LEXICON_WEIGHT = 1.0
_ENOUGH = 2.0
"""A little word of one language alone, or two words of its lexicon."""


@dataclass(frozen=True, slots=True)
class Detected:
    """`language`: to answer in; `certain`: whether the words tell it; `words`: whose words the sentence is made of,
    another one when few words follow the hint ("toilettes" from a phone in Arabic)."""

    language: str
    certain: bool
    words: str


class Languages:
    """Detects languages, and tells which words belong to which."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._function = {name: words.function for name, words in lexicon.words.items()}
        self._ordinary = {name: words.ordinary for name, words in lexicon.words.items()}
        self._vocabulary = lexicon.vocabulary
        other_scripts = {name for _, languages in _SCRIPTS for name in languages}
        self._latin = tuple(name for name in lexicon.words if name not in other_scripts)
        self._evidence = lru_cache(maxsize=8192)(self._find_evidence)

    def detect(self, text: str, words: Iterable[str], hits: Iterable[Hit], hint: str | None) -> Detected:
        """The language of `text`. `words` and `hits` leave out names of places.

        `hint` decides where the words tell too little; without one, whose words they are, or French.
        """
        languages, default = self._latin, hint or DEFAULT
        if not text.isascii():
            for script, written in _SCRIPTS:
                if script.search(text):
                    told = next((n for n, letters in _TELLING if n in written and letters.search(text)), None)
                    if told is not None:
                        return Detected(told, True, told)
                    languages = written
                    default = hint if hint is not None and hint in written else written[0]
        scores = dict.fromkeys(languages, 0.0)
        for word in words:
            for language, weight in self._evidence(word, languages):
                scores[language] += weight
        for hit in hits:
            if hit.mask.bit_count() > 1 and hit.entry.language in scores:
                scores[hit.entry.language] += _LEXICON_WEIGHT
        best = max(scores.values())
        if best <= 0:
            return Detected(default, False, default)
        leading = [language for language, score in scores.items() if score == best]
        found = default if default in leading else leading[0]
        certain = len(leading) == 1 and best >= _ENOUGH
        return Detected(found if certain else hint or found, certain, found)

    def own(self, hits: Sequence[Hit], words: Sequence[str], language: str) -> list[Hit]:
        """The hits of `language`, and those of others on words it does not have ("laverie" in an English sentence)."""
        if all(hit.entry.language == language for hit in hits):
            return list(hits)
        familiar = sum(1 << index for index, word in enumerate(words) if self._is_familiar(word, language))
        return [
            hit
            for hit in hits
            if hit.entry.language == language or (not hit.mask & familiar and self._is_spelled_out(hit, words))
        ]

    def _is_spelled_out(self, hit: Hit, words: Sequence[str]) -> bool:
        """Whether every word of a hit is a whole word of its language: no stems or endings across languages."""
        vocabulary = self._vocabulary[hit.entry.language]
        return all(words[index] in vocabulary for index in range(hit.start, hit.end) if hit.mask >> index & 1)

    def _is_familiar(self, word: str, language: str) -> bool:
        return any(word in known.get(language, ()) for known in (self._vocabulary, self._function, self._ordinary))

    def _find_evidence(self, word: str, languages: tuple[str, ...]) -> tuple[tuple[str, float], ...]:
        """The languages that have `word`, each with its share of the weight."""
        having = [language for language in languages if word in self._function.get(language, ())]
        weight = _FUNCTION_WEIGHT
        if not having:
            having, weight = [language for language in languages if self._is_familiar(word, language)], _LEXICON_WEIGHT
        return tuple((language, weight / len(having)) for language in having)
