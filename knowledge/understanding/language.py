"""Which language a sentence is in: by its script and letters first, then by the words that only one language has."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from time import monotonic

from knowledge import letters, preparing
from knowledge.gazetteer.spelling import ordinal
from knowledge.understanding.lexicon import ALWAYS, LATIN_TOO, Language, Lexicon
from knowledge.understanding.matcher import Hit
from knowledge.understanding.sentence import Sentence

DEFAULT = "fr"

_SCRIPTS: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = (
    (letters.CYRILLIC, ("ru", "uk")),
    (letters.ARABIC, ("ar", "fa", "ps")),
)
"""Scripts other than Latin, with the languages written in them, the one to suppose first."""
_LETTERS = (
    (re.compile("[\u0450-\u045f\u0490-\u0491іїєґ]"), {"uk": 2.0}),
    (re.compile("[ыэъё]"), {"ru": 2.0}),
    (re.compile("[ټډړږښځڅڼېۍګ]"), {"ps": 4.0}),
    (re.compile("[پچژگ\u200c]"), {"fa": 2.0, "ps": 1.0}),
    (re.compile("[کی]"), {"fa": 1.0, "ps": 1.0}),
    (re.compile("[ةىأإؤ]"), {"ar": 2.0}),
    (re.compile("[كي]"), {"ar": 0.5}),
)
"""Letters that some languages of a script have and others not, with what a word that has one tells."""
_LETTER_WEIGHT = 2.0
"""For the letters that words.toml names."""
_FUNCTION_WEIGHT = 2.0
_LEXICON_WEIGHT = 1.0
_FORM_WEIGHT = 0.6
"""A word that some phrase of the lexicon has in another form."""
_ORDINARY_WEIGHT = 0.5
_ENOUGH = 2.0
"""A little word of one language alone, or two words of its lexicon."""
_CLEAR_LEAD = 1.0
"""So much more than any other language: a word of its lexicon alone among words that are shared."""
_WORDS_A_CALL = 10
"""Of so many words one at least must be of a language for it to be considered."""
_FEW_WORDS = 6
"""Up to so many words, a sentence may be made of little words that French has too."""
_SOME_LITTLE = 2
_LOOKS_APART = 0.2
"""Seconds between two looks for languages being made ready."""
_ARABIZI = re.compile(r"(?=(?:\d*[a-z]){3})[a-z]*[23579][a-z]+[23579]?[a-z]*|[a-z]{2,}[23579]")
_ARABIZI_WEIGHT = 1.5
"""Arabic sounds written as digits inside words: "nel9a", "3andi"."""


@dataclass(frozen=True, slots=True)
class Detected:
    """`language`: to answer in; `certain`: whether the words tell it; `words`: whose words the sentence is made of,
    another one when few words follow the hint ("toilettes" from a phone in Arabic)."""

    language: str
    certain: bool
    words: str
    likely: tuple[str, ...]
    """Languages that the words may be of, `words` first."""
    tied: tuple[str, ...]
    """Those that the words speak for most, `words` and others alike."""


class LanguageFinder:
    """Detects languages, and tells which words belong to which."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._languages = lexicon.languages
        other_scripts = {name for _, languages in _SCRIPTS for name in languages}
        latin = [name for name in self._languages if name not in other_scripts or name in LATIN_TOO]
        self._always = tuple(name for name in ALWAYS if name in self._languages)
        self._others = tuple(name for name in latin if name not in ALWAYS)
        self._evidence = lru_cache(maxsize=8192)(self._find_evidence)
        self._calls = lru_cache(maxsize=4096)(self._languages_called_by)
        self._little_in = lru_cache(maxsize=4096)(self._languages_with_little)
        self._are_all_there = False
        self._there: tuple[str, ...] = ()
        self._looked = float("-inf")

    def possible(self, sentence: Sentence, hint: str | None) -> tuple[str, ...]:
        """The languages that the sentence may be in or borrow from: those of its scripts, most words first."""
        words = sentence.words
        if sentence.text.isascii() or not any(script.search(sentence.text) for script, _ in _SCRIPTS):
            return self._usable(self._in_latin(words, hint))
        counts = [(sum(script.match(word) is not None for word in words), names) for script, names in _SCRIPTS]
        present = [each for each in counts if each[0]]
        latin = [word for word in words if word[0].isascii() and not word.isdigit()]
        if latin or not present:
            present.append((len(latin), self._in_latin(latin, hint)))
        present.sort(key=lambda each: -each[0])
        return self._usable(dict.fromkeys(name for _, names in present for name in names))

    def _usable(self, names: Iterable[str]) -> tuple[str, ...]:
        return tuple(name for name in names if name in self._languages) or (DEFAULT,)

    def _in_latin(self, words: Sequence[str], hint: str | None) -> tuple[str, ...]:
        """French and English, and the others of which some word is; all where nobody knows any."""
        others, calls = self._at_hand(), self._calls if self._are_all_there else self._languages_called_by
        counts = Counter(name for word in words for name in calls(word))
        called = {name for name, count in counts.items() if count * _WORDS_A_CALL >= len(words)}
        if len(words) <= _FEW_WORDS:
            called.update(self._as_little(words))
        if hint in self._others:
            called.add(hint)
        if not called and not any(self._languages[name].knows(word) for name in self._always for word in words):
            return (*self._always, *others)
        return (*self._always, *(name for name in self._others if name in called))

    def _at_hand(self) -> tuple[str, ...]:
        """The languages beside those that are always there; at a first start, those that are made ready already."""
        if self._are_all_there:
            return self._others
        if (now := monotonic()) - self._looked > _LOOKS_APART:
            self._looked, self._are_all_there = now, not preparing.is_running()
            self._there = self._others if self._are_all_there else tuple(filter(self._languages.is_ready, self._others))
        return self._there

    def _as_little(self, words: Sequence[str]) -> Iterator[str]:
        """The languages that have as many of `words` among their little ones as French and English."""
        little_in = self._little_in if self._are_all_there else self._languages_with_little
        counts = Counter(name for word in words for name in little_in(word))
        enough = max(_SOME_LITTLE, *(counts[name] for name in self._always)) if self._always else _SOME_LITTLE
        return (name for name in self._others if counts[name] >= enough)

    def _languages_with_little(self, word: str) -> tuple[str, ...]:
        always = [name for name in self._always if word in self._languages[name].words.function]
        return (*always, *(name for name in self._at_hand() if self._languages.has_word(name, word, little=True)))

    def _languages_called_by(self, word: str) -> tuple[str, ...]:
        """The languages beside those that are always there that have `word`, where those have it not."""
        if word.isdigit() or any(self._languages[name].is_familiar(word) for name in self._always):
            return ()
        called = tuple(name for name in self._at_hand() if self._languages.has_word(name, word))
        return called or (("ar",) if _looks_arabizi(word) and "ar" in self._others else ())

    def detect(
        self,
        sentence: Sentence,
        possible: Sequence[str],
        left_out: Collection[int],
        hits: Iterable[Hit],
        hint: str | None,
    ) -> Detected:
        """The language of `sentence`, one of `possible`, without the words `left_out` (names of places).

        `hint` decides where the words tell too little; without one, whose words they are, or French.
        """
        languages, default = self._written_in(sentence, possible, hint)
        scores = dict.fromkeys(languages, 0.0)
        phrases = [hit for hit in hits if hit.mask.bit_count() > 1]
        shared = _shared_phrases(phrases)
        told = [
            self._evidence(word, languages)
            for index, word in enumerate(sentence.words)
            if index not in left_out and not shared >> index & 1
        ]
        borrowing = any(len(each) == 1 and each[0][0] in LATIN_TOO and each[0][1] >= _FUNCTION_WEIGHT for each in told)
        for evidence in told:
            for language, weight in evidence:
                if not borrowing or language in LATIN_TOO or weight * len(evidence) >= _FUNCTION_WEIGHT:
                    scores[language] += weight
        if not sentence.text.isascii():
            self._add_letters(sentence, scores)
        for hit in phrases:
            if borrowing and hit.entry.language not in LATIN_TOO:
                continue
            if hit.entry.language in scores and hit.start not in left_out and _says_two_words(hit, sentence):
                scores[hit.entry.language] += _LEXICON_WEIGHT
        best = max(scores.values())
        if best <= 0:
            return Detected(default, False, default, (default,), ())
        leading = [language for language, score in scores.items() if score == best]
        found = default if default in leading else leading[0]
        second = max((score for name, score in scores.items() if name != found), default=0.0)
        clear = (
            best > _LEXICON_WEIGHT and best - second >= _CLEAR_LEAD and len(sentence.words) > 1
        )  # "k7m2qx" is a code
        certain = len(leading) == 1 and (best >= _ENOUGH or clear)
        likely = sorted((name for name, score in scores.items() if score > 0), key=lambda name: -scores[name])
        ranked = (found,) if certain else tuple(dict.fromkeys((found, *likely)))
        answered = hint if hint is not None and (languages == tuple(possible) or hint in languages) else found
        return Detected(found if certain else answered, certain, found, ranked, tuple(leading))

    def _written_in(self, sentence: Sentence, possible: Sequence[str], hint: str | None) -> tuple[tuple[str, ...], str]:
        """Of `possible` the languages of the script that no other language borrows, and the one to suppose."""
        if not sentence.text.isascii():
            for script, names in _SCRIPTS:
                if any(script.match(word) for word in sentence.words):
                    written = tuple(name for name in names if name in possible)
                    if written:
                        return written, hint if hint is not None and hint in written else written[0]
        return tuple(possible), hint or DEFAULT

    def _add_letters(self, sentence: Sentence, scores: dict[str, float]) -> None:
        """Names of places have the letters of the language that they are written in too."""
        for token in sentence.tokens:
            word = sentence.text[token.start : token.end].lower()
            if word.isascii():
                continue
            for pattern, told in _LETTERS:
                if pattern.search(word):
                    for language in scores.keys() & told.keys():
                        scores[language] += told[language]
            for language in scores:
                if not self._languages[language].words.letters.isdisjoint(word):
                    scores[language] += _LETTER_WEIGHT

    def own(self, hits: Sequence[Hit], words: Sequence[str], language: str) -> list[Hit]:
        """The hits of `language`, and those of others on words it does not have ("laverie" in an English sentence)."""
        if all(hit.entry.language == language for hit in hits):
            return list(hits)
        spoken = self._languages.get(language)
        familiar = sum(1 << i for i, word in enumerate(words) if spoken is not None and spoken.knows(word))
        return [
            hit
            for hit in hits
            if hit.entry.language == language or (not hit.mask & familiar and self._is_spelled_out(hit, words))
        ]

    def _is_spelled_out(self, hit: Hit, words: Sequence[str]) -> bool:
        """Whether every word of a hit is a whole word of its language: no stems or endings across languages."""
        has = self._languages[hit.entry.language].matcher.has
        return all(has(words[index]) for index in range(hit.start, hit.end) if hit.mask >> index & 1)

    def _find_evidence(self, word: str, languages: tuple[str, ...]) -> tuple[tuple[str, float], ...]:
        """The languages that have `word`, each with its share of the weight."""
        if word.isdigit():
            return ()
        spoken = {name: self._languages[name] for name in languages if name in self._languages}
        having = {name: weight for name, each in spoken.items() if (weight := _weight(each, word))}
        if max(having.values(), default=0.0) >= _FUNCTION_WEIGHT:
            having = {name: weight for name, weight in having.items() if weight >= _FUNCTION_WEIGHT}
        if word.isascii() and len(having) > 1:
            having = {name: weight for name, weight in having.items() if name not in LATIN_TOO}
        if having:
            return tuple((name, weight / len(having)) for name, weight in having.items())
        if "ar" in languages and _looks_arabizi(word):
            return (("ar", _ARABIZI_WEIGHT),)
        return ()


def _looks_arabizi(word: str) -> bool:
    return _ARABIZI.fullmatch(word) is not None and not ordinal(word)


def _shared_phrases(hits: Iterable[Hit]) -> int:
    """A bit for each word of phrases that several languages have alike: "restos du coeur" tells none."""
    languages: dict[int, set[str]] = defaultdict(set)
    for hit in hits:
        if hit.entry.kind == "category":
            languages[hit.mask].add(hit.entry.language)
    shared = 0
    for mask, names in languages.items():
        shared |= mask if len(names) > 1 else 0
    return shared


def _says_two_words(hit: Hit, sentence: Sentence) -> bool:
    words = sentence.words[hit.start : hit.end] if hit.mask.bit_count() > 1 else ()
    return sum(hit.mask >> hit.start + n & 1 for n, word in enumerate(words) if not word.isdigit()) > 1


def _weight(language: Language, word: str) -> float:
    """What `word` tells of a sentence being in `language`."""
    if word in language.words.function or word in language.shorthand:
        return _FUNCTION_WEIGHT if len(word) > 1 or not word.isascii() else _LEXICON_WEIGHT
    if language.means(word):
        return _LEXICON_WEIGHT
    if language.matcher.knows(word):
        return _FORM_WEIGHT
    return _ORDINARY_WEIGHT if word in language.words.ordinary else 0.0
